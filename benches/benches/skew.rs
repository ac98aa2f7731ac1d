//! One person with 200,000 lines.
//!
//! In: One person, 1,000 days of 200 lines. Out: Criterion's figures, lines a second.
//! Invariant: the records are made before the clock starts; one thread.
#![expect(missing_docs, reason = "Criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jihe::Options;
use jihe_benches::{Shape, claims, rules};

fn skew(criterion: &mut Criterion) {
    let shape = Shape { persons: 1, visits: 1_000, lines: 200, codes: 500 };
    let mut group = criterion.benchmark_group(format!("one person, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    for (name, text) in [
        (
            "30 days by code",
            r#"规则 和 { 编号 "1" 针对 明细 设 窗 = 明细 同一(就诊.参保人, 项目编码) 最近 30 天 至 本条 当 合计(窗.数量) > 200 性质 可疑 说明 "{合计(窗.数量)}" }"#,
        ),
        (
            "30 days, distinct codes",
            r#"规则 异 { 编号 "1" 针对 明细 设 窗 = 明细 同一(就诊.参保人) 最近 30 天 当 去重计数(窗.项目编码) > 499 性质 可疑 说明 "多" }"#,
        ),
        (
            "the same day and code",
            r#"规则 同 { 编号 "1" 针对 明细 设 他 = 其他 明细 同一(就诊, 项目编码) 当日 当 计数(他) > 4 性质 可疑 说明 "{计数(他)}" }"#,
        ),
    ] {
        let ruleset = rules(text);
        let claims = claims(&ruleset, shape);
        group
            .bench_function(name, |bencher| bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 })));
    }
    group.finish();
}

criterion_group!(benches, skew);
criterion_main!(benches);
