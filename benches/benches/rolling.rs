//! Sums and distinct values over rolling windows.
//!
//! In: 1,000 persons of 100 lines. Out: Criterion's figures, lines a second.
//! Invariant: the records are made before the clock starts; one thread.
#![expect(missing_docs, reason = "Criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jihe::Options;
use jihe_benches::{Shape, claims, rules};

fn sums(criterion: &mut Criterion) {
    let shape = Shape { persons: 1_000, visits: 50, lines: 2, codes: 10 };
    let mut group = criterion.benchmark_group(format!("rolling sums, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    for (name, text) in [
        (
            "30 days by person and code",
            r#"规则 和 { 编号 "1" 针对 明细 设 窗 = 明细 同一(就诊.参保人, 项目编码) 最近 30 天 至 本条 当 合计(窗.数量) > 60 性质 可疑 说明 "{合计(窗.数量)}" }"#,
        ),
        (
            "30 days by person",
            r#"规则 和 { 编号 "1" 针对 明细 设 窗 = 明细 同一(就诊.参保人) 最近 30 天 当 合计(窗.金额) > 100000 元 性质 可疑 说明 "{合计(窗.金额)}" }"#,
        ),
    ] {
        let ruleset = rules(text);
        let claims = claims(&ruleset, shape);
        group
            .bench_function(name, |bencher| bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 })));
    }
    group.finish();
}

fn distinct(criterion: &mut Criterion) {
    let shape = Shape { persons: 1_000, visits: 50, lines: 2, codes: 50 };
    let mut group = criterion.benchmark_group(format!("rolling distinct values, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    for (name, text) in [
        (
            "codes in 30 days by person",
            r#"规则 异 { 编号 "1" 针对 明细 设 窗 = 明细 同一(就诊.参保人) 最近 30 天 当 去重计数(窗.项目编码) > 45 性质 可疑 说明 "{去重计数(窗.项目编码)}" }"#,
        ),
        (
            "days in 30 days by person",
            r#"规则 日 { 编号 "1" 针对 就诊 设 窗 = 就诊 同一(参保人) 最近 30 天 当 天数(窗.时间) > 29 天 性质 可疑 说明 "{天数(窗.时间)}" }"#,
        ),
    ] {
        let ruleset = rules(text);
        let claims = claims(&ruleset, shape);
        group
            .bench_function(name, |bencher| bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 })));
    }
    group.finish();
}

criterion_group!(benches, sums, distinct);
criterion_main!(benches);
