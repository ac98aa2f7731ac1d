//! Rules over single lines: conditions, a parameter, an amount; and a thousand rules of one item code each.
//!
//! In: 5,000 persons, 100,000 lines. Out: Criterion's figures, lines a second.
//! Invariant: the records are made before the clock starts; one thread.
#![expect(missing_docs, reason = "Criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jihe::Options;
use jihe_benches::{Shape, claims, rules, rules_of_lines};

fn lines(criterion: &mut Criterion) {
    let shape = Shape { persons: 5_000, visits: 4, lines: 5, codes: 500 };
    let mut group = criterion.benchmark_group(format!("line rules, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    for (name, text) in [
        ("one rule", r#"规则 数量 { 编号 "1" 针对 明细 当 数量 > 8 性质 可疑 违规金额 金额 说明 "{数量}" }"#),
        (
            "four rules",
            r#"参数 上限 = 7
规则 一 { 编号 "1" 针对 明细 当 数量 > 8 性质 可疑 违规金额 金额 说明 "{数量}" }
规则 二 { 编号 "2" 针对 明细 其中 单价 > 40 元 当 数量 > 上限 性质 可疑 违规金额 金额 ÷ 2 说明 "{数量}" }
规则 三 { 编号 "3" 针对 明细 当 金额 - 单价 × 数量 > 1 元 性质 数据质量 说明 "{金额}" }
规则 四 { 编号 "4" 针对 明细 当 日(使用时间) ≠ 日(就诊.时间) 性质 可疑 说明 "{使用时间}" }"#,
        ),
    ] {
        let ruleset = rules(text);
        let claims = claims(&ruleset, shape);
        group
            .bench_function(name, |bencher| bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 })));
    }
    group.finish();
}

/// A rule whose code is not there should cost nearly nothing.
fn items(criterion: &mut Criterion) {
    let ruleset = jihe_tests::compile(&rules_of_lines(1_000));
    for codes in [10, 1_000] {
        let shape = Shape { persons: 5_000, visits: 4, lines: 5, codes };
        let claims = claims(&ruleset, shape);
        let mut group = criterion.benchmark_group(format!("item rules, {} lines", shape.total()));
        group.sample_size(10).throughput(Throughput::Elements(shape.total()));
        group.bench_function(format!("1,000 rules, {codes} of the codes occur"), |bencher| {
            bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 }));
        });
        group.finish();
    }
}

criterion_group!(benches, lines, items);
criterion_main!(benches);
