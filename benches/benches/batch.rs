//! How long it takes to audit a city of 100,000 lines with all shipped rules.
//!
//! In: the shipped rulebook, a synthetic city of 2,500 persons, seed 1. Out: Criterion's figures (`cargo bench -p jihe-benches`).
//! Invariant: every bench runs all shipped rules and counts findings, so that nothing easier is measured.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "Criterion's macros make undocumented functions; a bench may fail loudly"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use jihe::{Options, Ruleset};
use jihe_io::Input;
use jihe_tests::{city, city_on_disk, compile, read, rulebook_files};

fn many_lines(ruleset: &Ruleset) -> Input {
    let folder = city_on_disk(&city(2_500, 1), "bench");
    read(ruleset, folder.path())
}

fn batch(criterion: &mut Criterion) {
    let ruleset = compile(&rulebook_files());
    let input = many_lines(&ruleset);
    let item = ruleset.schema().find_kind("item").unwrap();
    let rows = input.claims.records.tables[&item].rows;
    let mut group = criterion.benchmark_group(format!("batch of {rows} lines, all shipped rules"));
    group.sample_size(10).throughput(Throughput::Elements(u64::try_from(rows).unwrap()));
    for threads in [1, 2] {
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter_batched(
                || (),
                |()| ruleset.audit(&input.claims, &Options { threads }),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, batch);
criterion_main!(benches);
