//! Every line against every other of its visit: a million pairs.
//!
//! In: 1,000 visits of 33 lines, 1,056,000 pairs. Out: Criterion's figures, lines a second.
//! Invariant: the records are made before the clock starts; one thread.
#![expect(missing_docs, reason = "Criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jihe::Options;
use jihe_benches::{Shape, claims, rules};

fn pairs(criterion: &mut Criterion) {
    let shape = Shape { persons: 1_000, visits: 1, lines: 33, codes: 500 };
    let mut group = criterion.benchmark_group(format!("1,056,000 pairs, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    let text = r#"规则 对 { 编号 "1" 针对 明细 设 他 = 其他 明细 同一(就诊) 其中 项目编码 ≠ 本条.项目编码 且 金额 > 100 × 本条.金额 当 计数(他) > 20 性质 可疑 说明 "{计数(他)}" }"#;
    let (ruleset, claims) = (rules(text), claims(&rules(text), shape));
    group.bench_function("dearer and of another code", |bencher| {
        bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 }));
    });
    group.finish();
}

criterion_group!(benches, pairs);
criterion_main!(benches);
