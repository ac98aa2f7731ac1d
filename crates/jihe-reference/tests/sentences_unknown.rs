//! Kleene's tables, lower bounds, money and excess, worked out by hand from the sentences of the reference.
//!
//! In: rule text and records. Out: what the reference says.
//! Invariant: every test names the sentence it is worked out from.
#![expect(clippy::panic, clippy::expect_used, reason = "a case that cannot be set up fails its test")]

#[path = "support/case.rs"]
mod case;

use case::{causes, money, run, told, unbounded, values};
use jihe_model::records::RunDates;

#[test]
fn sentence_29_kleene_tables() {
    // 计划再入院 and 异地 run through true, false and missing.
    let data = "就诊: 就诊号, 时间, 计划再入院, 异地
        TT, 2024-01-01, 1, 1
        TF, 2024-01-01, 1, 0
        TU, 2024-01-01, 1, -
        FT, 2024-01-01, 0, 1
        FF, 2024-01-01, 0, 0
        FU, 2024-01-01, 0, -
        UT, 2024-01-01, -, 1
        UF, 2024-01-01, -, 0
        UU, 2024-01-01, -, -";
    let text = "规则 且式 { 针对 就诊 当 计划再入院 且 异地 性质 可疑 说明 \"且\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "FF=pass FT=pass FU=pass TF=pass TT=hit TU=? UF=pass UT=? UU=?");
    let text = "规则 或式 { 针对 就诊 当 计划再入院 或 异地 性质 可疑 说明 \"或\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "FF=pass FT=hit FU=? TF=hit TT=hit TU=hit UF=? UT=hit UU=?");
    let text = "规则 非式 { 针对 就诊 当 非 异地 性质 可疑 说明 \"非\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "FF=hit FT=pass FU=? TF=hit TT=pass TU=? UF=hit UT=pass UU=?");
}

#[test]
fn sentence_30_outcomes_in_their_order() {
    let data = "就诊: 就诊号, 时间, 计划再入院, 异地, 互联网
        A, 2024-01-01, 0, 1, 1
        B, 2024-01-01, -, 1, 1
        C, 2024-01-01, 1, 0, 1
        D, 2024-01-01, 1, 1, 1
        E, 2024-01-01, 1, 1, -
        F, 2024-01-01, 1, 1, 0
        G, 2024-01-01, 1, -, 1
        H, 2024-01-01, 1, -, 0";
    let text = "规则 序 { 针对 就诊 其中 计划再入院 当 异地 除非 互联网 因 \"网\" 性质 可疑 说明 \"序\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "A=n/a B=? C=pass D=exempt E=? F=hit G=exempt H=?");
    let coverage = outcomes.coverage.values().next().expect("a rule");
    assert_eq!(coverage.exempt_by_reason.get("网"), Some(&2));
}

#[test]
fn sentence_25_validity_by_the_date_of_service() {
    let data = "就诊: 就诊号, 时间
        A, 2023-12-31
        B, 2024-01-01
        C, 2024-06-30
        D, 2024-07-01
        E, -";
    let text = "规则 期 { 生效 2024-01-01 至 2024-06-30 针对 就诊 当 是 = 是 性质 可疑 说明 \"期\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "A=n/a B=hit C=hit D=n/a E=?");
    assert_eq!(causes(&outcomes), "field:visit.time=1");
}

#[test]
fn sentence_32_values_known_from_below_decide_what_they_can() {
    let data = "明细: 明细号, 通用名, 使用时间, 供药天数
        A, 药, 2024-03-10, 20
        B, 药, 2024-03-11, -";
    let test = |condition: &str| {
        let text = format!(
            "规则 知下限 {{ 针对 明细 其中 明细号 = \"B\" 设 累计 = 合计((明细 同一(通用名)).供药天数) 当 {condition} 性质 可疑 说明 \"下\" }}"
        );
        let outcomes = run(&text, &[], data, unbounded());
        told(&outcomes).replace("A=n/a B=", "")
    };
    assert_eq!(test("累计 > 19 天"), "hit");
    assert_eq!(test("累计 > 20 天"), "?");
    assert_eq!(test("累计 ≥ 20 天"), "hit");
    assert_eq!(test("累计 < 20 天"), "pass");
    assert_eq!(test("累计 < 21 天"), "?");
    assert_eq!(test("累计 ≤ 19 天"), "pass");
    assert_eq!(test("累计 ≤ 20 天"), "?");
    assert_eq!(test("累计 = 19 天"), "pass");
    assert_eq!(test("累计 = 20 天"), "?");
    assert_eq!(test("累计 ≠ 19 天"), "hit");
    assert_eq!(test("19 天 < 累计"), "hit");
    assert_eq!(test("累计 + 1 天 > 1 天"), "?");
}

#[test]
fn sentence_31_empty_sets() {
    let data = "就诊: 就诊号, 时间
        V, 2024-01-01
        明细: 明细号, 就诊, 使用时间, 数量, 金额";
    let text = "规则 空 { 针对 就诊 设 合 = 合计(就诊.明细.金额) 设 数目 = 计数(就诊.明细)
        设 均 = 平均(就诊.明细.金额) 设 全 = 全部(就诊.明细.数量 > 1) 设 任 = 任一(就诊.明细.数量 > 1)
        当 是 = 是 性质 可疑 说明 \"空{均}\" }";
    let outcomes = run(text, &[], data, RunDates::default());
    assert_eq!(values(&outcomes, "V"), "合=0.00元 数目=0 均=- 全=是 任=否");
}

#[test]
fn sentence_35_one_rounding_half_up_for_each_operation() {
    let data = "明细: 明细号, 使用时间, 数量, 单价, 金额
        A, 2024-01-01, 3, 0.333335, 1
        B, 2024-01-01, 0, 1, 1";
    let text = "规则 算 { 针对 明细 设 乘 = 单价 × 数量 设 比 = 金额 ÷ 3 设 率 = 金额 ÷ (金额 + 金额 + 金额) 设 除零 = 1 ÷ 数量
        当 是 = 是 性质 可疑 说明 \"{乘}\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(values(&outcomes, "A"), "乘=1.00元 比=0.33元 率=0.333333 除零=0.333333");
    assert_eq!(values(&outcomes, "B"), "乘=0.00元 比=0.33元 率=0.333333 除零=-");
}

#[test]
fn sentence_35_statistics_are_exact() {
    let data = "明细: 明细号, 就诊, 使用时间, 数量
        A, V, 2024-01-01, 2
        B, V, 2024-01-02, 4
        C, V, 2024-01-03, 4
        D, V, 2024-01-04, 5
        E, V, 2024-01-05, 9";
    let text = "规则 统 { 针对 明细 按 (就诊) 设 均 = 平均(本组.数量) 设 中 = 中位(本组.数量) 设 差 = 标准差(本组.数量)
        设 九 = 分位(本组.数量, 90%) 设 四 = 分位(本组.数量, 40%) 设 名 = 名次(4, 本组.数量)
        当 是 = 是 性质 可疑 说明 \"统\" }";
    let outcomes = run(text, &[], data, unbounded());
    // Mean 24/5; squares about it 7.84+0.64+0.64+0.04+17.64 = 26.8; 26.8/4 = 6.7; √6.7 = 2.588435821…
    assert_eq!(values(&outcomes, "V"), "均=4.8 中=4 差=2.588436 九=9 四=4 名=3");
}

#[test]
fn sentence_37_excess_line_by_line() {
    let data = "明细: 明细号, 就诊, 使用时间, 数量, 金额
        A, V, 2024-01-01, 2, 10
        B, V, 2024-01-02, 3, 10
        C, V, 2024-01-03, 1, 7";
    let text = "规则 超 { 针对 明细 按 (就诊) 当 合计(本组.数量) > 3 性质 违规 违规金额 超出部分(本组.数量, 3) 说明 \"超\" }";
    let outcomes = run(text, &[], data, unbounded());
    // A takes two of three, B one; two thirds of B and all of C are over.
    assert_eq!(money(&outcomes), ["V 13.6667: B 6.6667 C 7.0000"]);
    let text = "规则 超 { 针对 明细 按 (就诊) 当 天数(本组.使用时间) > 1 天 性质 违规 违规金额 超出天数部分(本组.使用时间, 1 天) 说明 \"超\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(money(&outcomes), ["V 17.0000: B 10.0000 C 7.0000"]);
}

#[test]
fn sentence_37_other_amounts_are_spread_and_cut() {
    let data = "明细: 明细号, 就诊, 使用时间, 数量, 金额
        A, V, 2024-01-01, 1, 10
        B, V, 2024-01-02, 1, 10
        C, V, 2024-01-03, 1, 10";
    let text = "规则 摊 { 针对 明细 按 (就诊) 当 是 = 是 性质 违规 违规金额 10 元 说明 \"摊\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(money(&outcomes), ["V 10.0000: A 3.3333 B 3.3333 C 3.3334"]);
    let text = "规则 摊 { 针对 明细 按 (就诊) 当 是 = 是 性质 违规 违规金额 100 元 说明 \"摊\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(money(&outcomes), ["V 30.0000: A 10.0000 B 10.0000 C 10.0000"]);
    assert_eq!(outcomes.coverage.values().map(|coverage| coverage.amount_cut).sum::<u64>(), 1);
}

#[test]
fn sentence_34_undecided_natures_and_amounts() {
    let data = "明细: 明细号, 就诊, 使用时间, 数量, 金额
        A, V, 2024-01-01, 1, -";
    let text = "规则 轻 { 针对 明细 当 数量 > 0 性质 若 金额 > 5 元 则 违规 否则 可疑 违规金额 金额 说明 \"{金额}\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(outcomes.findings[0].nature, jihe_model::finding::Nature::Suspicious);
    assert_eq!(money(&outcomes), ["A -: A -"]);
    assert_eq!(outcomes.coverage.values().map(|coverage| coverage.amount_undecided).sum::<u64>(), 1);
}
