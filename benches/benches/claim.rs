//! One claim of about 20 lines against about 500 lines of history and 100 个人 rules.
//!
//! In: people of the synthetic city, seed 1. Out: Criterion's figures, and p50 and p99 over at least 2,000 checks.
//! Invariant: one thread; a check starts from a session that holds the history only.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "Criterion's macros make undocumented functions; a bench may fail loudly"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jihe_benches::{cases, person_rules, quantiles};
use std::hint::black_box;
use std::time::Instant;

fn one_claim(criterion: &mut Criterion) {
    let ruleset = person_rules(100);
    let cases = cases(&ruleset, 1_500, 1, 60);
    let opened: Vec<_> = cases.iter().map(|case| ruleset.session(case.history.clone())).collect();
    let mut group = criterion.benchmark_group("one claim, 20 lines, 500 of history, 100 rules");
    let first = cases.first().unwrap();
    group.bench_function("read JSON", |bencher| {
        bencher.iter(|| ruleset.claims_from_json(black_box(&first.claim_text)).unwrap());
    });
    group.bench_function("open a session", |bencher| {
        bencher.iter_batched(
            || first.history.clone(),
            |history| ruleset.session(history),
            BatchSize::SmallInput,
        );
    });
    let mut next = cases.iter().zip(&opened).cycle();
    group.bench_function("check", |bencher| {
        bencher.iter_batched(
            || next.next().map(|(case, opened)| (opened.clone(), &case.claim)).unwrap(),
            |(mut session, claim)| (session.check(claim), session),
            BatchSize::SmallInput,
        );
    });
    group.finish();
    let mut times = Vec::new();
    for (case, opened) in cases.iter().zip(&opened).cycle().take(2_000 + cases.len()) {
        let mut session = opened.clone();
        let start = Instant::now();
        black_box(session.check(&case.claim));
        times.push(start.elapsed());
    }
    // The first round warms the caches of the processor.
    quantiles("check", times.split_off(cases.len()));
}

criterion_group!(benches, one_claim);
criterion_main!(benches);
