//! How long it takes to compile: the shipped rulebook, and 1,000 rules.
//!
//! In: the shipped rulebook; 1,000 rules over lines; the shipped 个人 rules and their copies, 1,000 together. Out: Criterion's figures.
//! Invariant: compiling is parsing, checking and planning, tables included.
#![expect(
    clippy::unwrap_used,
    missing_docs,
    reason = "Criterion's macros make undocumented functions; a bench may fail loudly"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use jihe_benches::{copied_files, rules_of_lines};
use jihe_tests::rulebook_files;
use std::hint::black_box;

fn compiling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    group.sample_size(20);
    for (name, files) in [
        ("shipped rulebook", rulebook_files()),
        ("1,000 rules of one line each", rules_of_lines(1_000)),
        ("1,000 rules, shipped and copies", copied_files(1_000)),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| jihe::compile(black_box(&files)).unwrap()));
    }
    group.finish();
}

criterion_group!(benches, compiling);
criterion_main!(benches);
