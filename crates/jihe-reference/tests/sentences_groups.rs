//! Groups, summaries, tables and refunds, worked out by hand from the sentences of the reference.
//!
//! In: rule text and records. Out: what the reference says.
//! Invariant: every test names the sentence it is worked out from.
#![expect(clippy::panic, clippy::expect_used, reason = "a case that cannot be set up fails its test")]

#[path = "support/case.rs"]
mod case;

use case::{causes, money, run, told, unbounded, values};
use jihe_model::records::RunDates;

#[test]
fn sentence_18_a_record_without_key_is_undecided_and_in_no_group() {
    let data = "明细: 明细号, 就诊, 项目编码, 使用时间, 数量
        A, V1, X, 2024-01-01, 1
        B, V1, X, 2024-01-02, 2
        C, V1, -, 2024-01-02, 5
        D, V2, Y, 2024-01-02, 1";
    let text = "规则 多 { 针对 明细 按 (就诊, 项目编码) 当 合计(本组.数量) > 2 性质 可疑 说明 \"{合计(本组.数量)}\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "V1|X=hit V2|Y=pass");
    assert_eq!(causes(&outcomes), "field:item.item_code=1");
    let coverage = outcomes.coverage.values().next().expect("a rule");
    assert_eq!((coverage.seen, coverage.undecided), (3, 1));
}

#[test]
fn sentence_19_each_day_counts_the_first_and_not_the_last() {
    let data = "就诊: 就诊号, 机构, 时间, 出院时间
        V1, H, 2024-01-01, 2024-01-03
        V2, H, 2024-01-02, 2024-01-02
        V3, H, 2024-01-04, 2024-01-03
        V4, H, 2024-01-03, -";
    let text = "统计 在院 = 就诊 按 (机构, 日子 = 逐日(入院时间 至 出院时间)) { 人数 = 计数(本组) }
        规则 满床 { 针对 在院 当 人数 ≥ 2 性质 可疑 说明 \"{人数}\" }";
    let run_dates = RunDates { coverage: Some((19_723, 19_727)), ..RunDates::default() };
    let outcomes = run(text, &[], data, run_dates);
    // V1 lies on the 1st and 2nd, V2 on the 2nd, V4 from the 3rd to the end of coverage, 5 January.
    assert_eq!(
        told(&outcomes),
        "H|2024-01-01=pass H|2024-01-02=hit H|2024-01-03=pass H|2024-01-04=pass H|2024-01-05=pass"
    );
}

#[test]
fn sentence_19_a_set_valued_key_puts_a_line_into_several_groups() {
    let data = "明细: 明细号, 就诊, 项目编码, 使用时间, 数量
        A, V1, X, 2024-01-01, 1
        B, V1, Y, 2024-01-01, 1
        C, V1, Z, 2024-01-01, 1";
    let files = [("组套.csv", "套餐,部件\nT1,X\nT1,Y\nT2,Y\n")];
    let text = "知识 组套 来自 \"组套.csv\" { 套餐 : 项目编码 键; 部件 : 项目编码 键 }
        规则 分解 { 针对 明细 按 (就诊, 套餐 = 组套[部件 = 项目编码].套餐)
        当 计数(本组) ≥ 2 性质 可疑 说明 \"{套餐}\" }";
    let outcomes = run(text, &files, data, unbounded());
    assert_eq!(told(&outcomes), "V1|T1=hit V1|T2=pass");
}

#[test]
fn sentence_23_dense_summaries_have_a_row_for_every_period_between() {
    let data = "就诊: 就诊号, 机构, 时间
        V1, H, 2024-01-01
        V2, H, 2024-01-04
        V3, H, 2024-01-04
        V4, G, 2024-01-02";
    let text = "统计 日入院 = 就诊 按 (机构, 日子 = 日(入院时间)) 补零 { 人次 = 计数(本组) }
        规则 集中 { 针对 日入院
        设 平日 = 日入院 同一(机构) 此前 3 天
        当 人次 > 平均(平日.人次) 性质 可疑 列示 计数(平日), 平均(平日.人次) 说明 \"{人次}\" }";
    let run_dates = RunDates { coverage: Some((19_720, 19_730)), ..RunDates::default() };
    let outcomes = run(text, &[], data, run_dates);
    assert_eq!(
        told(&outcomes),
        "G|2024-01-02=? H|2024-01-01=? H|2024-01-02=pass H|2024-01-03=pass H|2024-01-04=hit"
    );
    assert!(
        values(&outcomes, "H|2024-01-04").ends_with("=3 平均(平日.人次)=0.333333"),
        "{}",
        values(&outcomes, "H|2024-01-04")
    );
    assert_eq!(causes(&outcomes), "empty=2");
}

#[test]
fn sentence_26_to_28_lookups_by_date_region_and_empty_keys() {
    let files = [(
        "限价.csv",
        "地区,机构级别,项目编码,上限价,生效,失效\n640000,,A,22,,2023-12-31\n640000,,A,20,2024-01-01,\n640400,2,A,18,2024-01-01,\n000000,,B,5,,\n",
    )];
    let text = "知识 限价 来自 \"限价.csv\" { 地区 键 逐级; 机构级别 键; 项目编码 键; 上限价 : 单价; 生效, 失效 : 日期 }
        规则 超价 { 针对 明细 设 限 = 限价[就诊.机构.地区, 就诊.机构.级别, 项目编码] 设 价 = 限.上限价
        当 单价 > 价 性质 违规 违规金额 (单价 - 价) × 数量 说明 \"{价}\" }";
    let data = "机构: 机构编号, 级别, 地区
        H1, 2, 640402
        H2, 3, 640400
        就诊: 就诊号, 机构, 时间
        V1, H1, 2024-02-01
        V2, H2, 2024-02-01
        明细: 明细号, 就诊, 项目编码, 使用时间, 单价, 数量, 金额
        A, V1, A, 2024-02-01, 25, 2, 50
        B, V2, A, 2024-02-01, 25, 2, 50
        C, V2, A, 2023-12-31, 25, 2, 50
        D, V1, B, 2024-02-01, 4, 1, 4
        E, V1, C, 2024-02-01, 4, 1, 4";
    let outcomes = run(text, &files, data, unbounded());
    assert_eq!(told(&outcomes), "A=hit B=hit C=hit D=pass E=?");
    assert_eq!(
        (values(&outcomes, "A"), values(&outcomes, "B"), values(&outcomes, "C")),
        ("价=18.00元".to_owned(), "价=20.00元".to_owned(), "价=22.00元".to_owned())
    );
    assert_eq!(causes(&outcomes), "row:限价=1");
    assert_eq!(money(&outcomes), ["A 14.0000: A 14.0000", "B 10.0000: B 10.0000", "C 6.0000: C 6.0000"]);
}

#[test]
fn sentence_27_a_value_is_more_specific_than_an_empty_cell_wherever_it_stands() {
    let text = "知识 限价 来自 \"限价.csv\" { 机构级别 键; 项目编码 键; 上限价 : 单价 }
        规则 超价 { 针对 明细 设 价 = 限价[就诊.机构.级别, 项目编码].上限价 当 单价 > 价 性质 违规 违规金额 1 元 说明 \"{价}\" }";
    let data = "机构: 机构编号, 级别
        H1, 2
        H2, 3
        就诊: 就诊号, 机构, 时间
        V1, H1, 2024-02-01
        V2, H2, 2024-02-01
        明细: 明细号, 就诊, 项目编码, 使用时间, 单价, 金额
        A, V1, X, 2024-02-01, 25, 50
        B, V2, X, 2024-02-01, 25, 50
        C, V1, Y, 2024-02-01, 25, 50";
    for rows in ["2,,5\n2,X,6\n,X,7\n", ",X,7\n2,X,6\n2,,5\n"] {
        let files = format!("机构级别,项目编码,上限价\n{rows}");
        let outcomes = run(text, &[("限价.csv", &files)], data, unbounded());
        // Key columns are compared from the left: (2, X) before (2, any) before (any, X).
        assert_eq!(
            (values(&outcomes, "A"), values(&outcomes, "B"), values(&outcomes, "C")),
            ("价=6.00元".to_owned(), "价=7.00元".to_owned(), "价=5.00元".to_owned())
        );
    }
}

#[test]
fn sentence_39_refunds_are_netted_by_reference_and_by_likeness() {
    let data = "明细: 明细号, 原明细, 就诊, 项目编码, 使用时间, 单价, 数量, 金额
        A, -, V, X, 2024-01-01, 10, 3, 30
        B, -, V, X, 2024-01-02, 10, 1, 10
        C, -, V, Y, 2024-01-02, 10, 1, 10
        D, -, V, Z, 2024-01-02, 10, 1, 10
        a, A, V, X, 2024-01-03, 10, -1, -10
        b, -, V, X, 2024-01-04, 10, -2, -20
        c, C, V, Y, 2024-01-05, 10, -2, -20
        d, -, V, W, 2024-01-05, 10, -1, -10
        退费: 退费号, 明细, 退费时间, 数量, 金额
        a, A, 2024-01-03, 1, 10
        R, D, 2024-01-06, 1, 10";
    let text = "规则 净 { 针对 明细 当 数量 > 0 性质 可疑 违规金额 金额 列示 数量 说明 \"净\" }";
    let outcomes = run(text, &[], data, unbounded());
    // A loses a, leaving 2; b (2 of X) fits A, not B; C is over-refunded; D is refunded in full by R; d matches nothing.
    assert_eq!(money(&outcomes), ["B 10.0000: B 10.0000"]);
    assert_eq!((outcomes.unmatched_refunds, outcomes.over_refunded), (1, 1));
    let events =
        "规则 退 { 针对 退费 当 数量 > 0 性质 可疑 列示 数量, 缺省(明细.项目编码, \"?\") 说明 \"退\" }";
    let outcomes = run(events, &[], data, unbounded());
    assert_eq!(told(&outcomes), "R=hit a=hit b=hit c=hit d=hit");
    assert_eq!(values(&outcomes, "b"), "数量=2 缺省(明细.项目编码, \"?\")=X");
}
