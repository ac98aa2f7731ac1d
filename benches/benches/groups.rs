//! Groups and summaries: of persons, and of everybody.
//!
//! In: 5,000 persons, 100,000 lines. Out: Criterion's figures, lines a second.
//! Invariant: the records are made before the clock starts; one thread.
#![expect(missing_docs, reason = "Criterion's macros make undocumented functions")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jihe::Options;
use jihe_benches::{Shape, claims, rules};

fn groups(criterion: &mut Criterion) {
    let shape = Shape { persons: 5_000, visits: 4, lines: 5, codes: 500 };
    let mut group = criterion.benchmark_group(format!("groups, {} lines", shape.total()));
    group.sample_size(10).throughput(Throughput::Elements(shape.total()));
    for (name, text) in [
        (
            "by visit and code",
            r#"规则 组 { 编号 "1" 针对 明细 按 (就诊, 项目编码) 当 合计(本组.数量) > 17 性质 可疑 说明 "{合计(本组.数量)}" }"#,
        ),
        (
            "by institution and month",
            r#"统计 院月 = 明细 按 (就诊.机构, 月份 = 月(使用时间)) { 费用 = 合计(本组.金额) }
规则 院 { 编号 "1" 针对 院月 设 上月 = 院月 同一(机构) 此前 1 月 当 费用 > 5 × 合计(上月.费用) 性质 可疑 说明 "{费用}" }"#,
        ),
    ] {
        let ruleset = rules(text);
        let claims = claims(&ruleset, shape);
        group
            .bench_function(name, |bencher| bencher.iter(|| ruleset.audit(&claims, &Options { threads: 1 })));
    }
    group.finish();
}

criterion_group!(benches, groups);
criterion_main!(benches);
