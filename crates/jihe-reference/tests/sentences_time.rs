//! Windows, neighbours and ages, worked out by hand from the sentences of the reference.
//!
//! In: rule text and records. Out: what the reference says.
//! Invariant: every test names the sentence it is worked out from.
#![expect(clippy::panic, clippy::expect_used, reason = "a case that cannot be set up fails its test")]

#[path = "support/case.rs"]
#[expect(dead_code, reason = "these tests look at no amounts")]
mod case;

use case::{causes, run, told, unbounded, values};
use jihe_model::records::RunDates;

const LINES: &str = "明细: 明细号, 通用名, 使用时间
    L07, 药, 2024-03-07
    L08, 药, 2024-03-08
    L09, 药, 2024-03-09
    L10, 药, 2024-03-10
    L11, 药, 2024-03-11
    L12, 药, 2024-03-12
    L13, 药, 2024-03-13";

fn counts(lets: &str, data: &str, run_dates: RunDates) -> jihe_model::finding::Outcomes {
    let text = format!("规则 窗口 {{\n 针对 明细\n {lets}\n 当 是 = 是\n 性质 可疑\n 说明 \"窗口\" }}");
    run(&text, &[], data, run_dates)
}

#[test]
fn sentence_11_each_direction_has_its_ends() {
    let lets = "设 最近几 = 计数(明细 同一(通用名) 最近 2 天)
        设 随后几 = 计数(明细 同一(通用名) 随后 2 天)
        设 前后几 = 计数(明细 同一(通用名) 前后 2 天)
        设 此前几 = 计数(明细 同一(通用名) 此前 2 天)
        设 此后几 = 计数(明细 同一(通用名) 此后 2 天)
        设 从前 = 计数(明细 同一(通用名) 此前)
        设 今后 = 计数(明细 同一(通用名) 此后)
        设 他条 = 计数(其他 明细 同一(通用名) 最近 2 天)";
    let outcomes = counts(lets, LINES, unbounded());
    assert_eq!(values(&outcomes, "L10"), "最近几=2 随后几=2 前后几=5 此前几=2 此后几=2 从前=3 今后=3 他条=1");
}

#[test]
fn sentence_11_ends_show_which_days_belong() {
    let lets = "设 早 = 最小(日((明细 同一(通用名) 最近 3 天).使用时间))
        设 晚 = 最大(日((明细 同一(通用名) 随后 3 天).使用时间))";
    let outcomes = counts(lets, LINES, unbounded());
    assert_eq!(values(&outcomes, "L10"), "早=2024-03-08 晚=2024-03-12");
}

#[test]
fn sentence_12_months_keep_the_day_clipped() {
    let data = "明细: 明细号, 通用名, 使用时间
        A, 药, 2024-02-28
        B, 药, 2024-02-29
        C, 药, 2024-03-01
        D, 药, 2024-03-31";
    let outcomes = counts("设 几 = 计数(明细 同一(通用名) 最近 1 月)", data, unbounded());
    // 31 March less a month is 29 February, which is not after itself.
    assert_eq!(values(&outcomes, "D"), "几=2");
}

#[test]
fn sentence_10_hour_windows_compare_instants_and_need_a_time_of_day() {
    let data = "明细: 明细号, 通用名, 使用时间
        A, 药, 2024-03-10 08:00
        B, 药, 2024-03-10 09:00
        C, 药, 2024-03-10 10:00
        D, 药, 2024-03-10
        E, 药, 2024-03-12 10:00";
    let outcomes = counts("设 几 = 计数(明细 同一(通用名) 最近 1 小时)", data, unbounded());
    // 08:00 is not within the last hour of 09:00; D has no time of day, and its day touches the window.
    assert_eq!(values(&outcomes, "B"), "几=至少1");
    assert_eq!(values(&outcomes, "E"), "几=1");
    assert_eq!(values(&outcomes, "D"), "几=至少0");
}

#[test]
fn sentence_32_a_window_beyond_coverage_is_known_from_below() {
    let text = "规则 多次 { 针对 明细 当 计数(明细 同一(通用名) 最近 3 天) > 1 性质 可疑 说明 \"多次\" }";
    let outcomes = run(text, &[], LINES, RunDates::default());
    // Coverage begins on the 7th. L07 sees one and cannot rule out more; L08 already has two.
    assert_eq!(told(&outcomes), "L07=? L08=hit L09=hit L10=hit L11=hit L12=hit L13=hit");
    assert_eq!(causes(&outcomes), "coverage:item=1");
    let following = "规则 多次 { 针对 明细 当 计数(明细 同一(通用名) 随后 2 天) < 2 性质 可疑 说明 \"少\" }";
    let outcomes = run(following, &[], LINES, RunDates::default());
    assert_eq!(told(&outcomes), "L07=pass L08=pass L09=pass L10=pass L11=pass L12=pass L13=?");
}

#[test]
fn sentence_8_neighbours_are_chosen_after_the_condition_in_the_total_order() {
    let data = "就诊: 就诊号, 参保人, 时间, 医疗类别
        V1, P, 2024-01-01, 21
        V2, P, 2024-01-05, 11
        V3, P, 2024-01-09, 21
        V4, Q, 2024-01-09, 21
        V5, P, 2024-01-09, 21";
    let text = "规则 上次 { 针对 就诊
        设 上 = 上一 就诊 同一(参保人) 其中 医疗类别 = \"21\"
        设 号 = 缺省(上.就诊号, \"无\")
        当 是 = 是 性质 可疑 说明 \"上\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(values(&outcomes, "V1"), "号=无");
    assert_eq!(values(&outcomes, "V3"), "号=V1");
    assert_eq!(values(&outcomes, "V5"), "号=V3");
    assert_eq!(values(&outcomes, "V4"), "号=无");
}

#[test]
fn sentence_32_a_neighbour_found_is_certain_and_none_found_is_not() {
    let data = "就诊: 就诊号, 参保人, 时间, 医疗类别
        V1, P, 2024-01-01, 21
        V2, P, 2024-01-05, -
        V3, P, 2024-01-07, 21
        V4, P, 2024-01-09, 21";
    let text = "规则 上次 { 针对 就诊
        设 上 = 上一 就诊 同一(参保人) 其中 医疗类别 = \"21\"
        当 存在(上) 性质 可疑 说明 \"上\" }";
    let outcomes = run(text, &[], data, RunDates::default());
    // V3: V2 lies between and may be one. V4: V3 is nearest and sure. V1: the data end there.
    assert_eq!(told(&outcomes), "V1=? V2=hit V3=? V4=hit");
    assert_eq!(causes(&outcomes), "coverage:visit=1 field:visit.visit_type=1");
}

#[test]
fn sentence_13_during_and_overlapping() {
    let data = "就诊: 就诊号, 参保人, 时间, 出院时间
        S, P, 2024-01-05, 2024-01-10
        A, P, 2024-01-01, 2024-01-05
        B, P, 2024-01-10, 2024-01-12
        C, P, 2024-01-07, 2024-01-07
        D, P, 2024-01-09, -
        E, P, 2024-01-05, 2024-01-05";
    let text = "规则 同时 { 针对 就诊
        设 重 = 计数(其他 就诊 同一(参保人) 重叠 入院时间 至 出院时间)
        设 内 = 计数(其他 就诊 同一(参保人) 期间 日(入院时间) 至 日(出院时间))
        当 是 = 是 性质 可疑 说明 \"重\" }";
    let outcomes = run(text, &[], data, unbounded());
    // A and B touch; C lies strictly inside; D is still open; E begins and ends on the first day.
    assert_eq!(values(&outcomes, "S"), "重=2 内=4");
}

#[test]
fn sentence_14_valid_at_with_an_open_end() {
    let data = "参保: 参保人, 险种, 开始日期, 终止日期
        P, 310, 2023-01-01, 2023-12-31
        P, 390, 2024-01-01, 9999-12-31
        就诊: 就诊号, 参保人, 时间
        V1, P, 2023-12-31
        V2, P, 2024-01-01
        V3, P, 2022-12-31";
    let text = "规则 未参保 { 针对 就诊 设 几 = 计数(参保 同一(参保人) 有效于 时间) 当 是 = 是 性质 可疑 说明 \"几\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(
        (values(&outcomes, "V1"), values(&outcomes, "V2"), values(&outcomes, "V3")),
        ("几=1".to_owned(), "几=1".to_owned(), "几=0".to_owned())
    );
}

#[test]
fn sentence_15_ties_are_broken_by_the_end_and_the_key() {
    let data = "就诊: 就诊号, 参保人, 时间, 出院时间
        A, P, 2024-01-05, -
        B, P, 2024-01-05, 2024-01-09
        C, P, 2024-01-05, 2024-01-07
        D, P, 2024-01-05, 2024-01-09";
    let text = "规则 序 { 针对 就诊
        设 同人 = 就诊 同一(参保人)
        列示 首(同人.就诊号), 末(同人.就诊号), 最大者(同人.出院时间).就诊号
        当 是 = 是 性质 可疑 说明 \"序\" }";
    let text = text.replace(", 最大者(同人.出院时间).就诊号", "");
    let outcomes = run(&text, &[], data, unbounded());
    assert!(
        values(&outcomes, "A").ends_with("首(同人.就诊号)=C 末(同人.就诊号)=A"),
        "{}",
        values(&outcomes, "A")
    );
}

#[test]
fn sentence_17_ages_on_and_around_leap_days() {
    let data = "参保人: 人员编号, 出生日期
        P, 2008-02-29
        就诊: 就诊号, 参保人, 时间
        V1, P, 2026-02-28
        V2, P, 2026-03-01";
    let text = "规则 未成年 { 针对 就诊 当 年龄 < 18 岁 性质 可疑 说明 \"{年龄}\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "V1=hit V2=pass");
}

#[test]
fn contract_19_a_window_may_end_at_the_subject() {
    let data = "明细: 明细号, 通用名, 使用时间, 供药天数
        A, 药, 2024-03-01, 20
        B, 药, 2024-03-01, 15";
    let text = "规则 超量 { 针对 明细
        设 累计 = 合计((明细 同一(通用名) 最近 30 天 至 本条).供药天数)
        当 累计 > 30 天 性质 可疑 说明 \"{累计}\" }";
    let outcomes = run(text, &[], data, unbounded());
    assert_eq!(told(&outcomes), "A=pass B=hit");
}

#[test]
fn the_last_so_many_records_include_the_subject() {
    let text = "规则 近三 { 针对 明细 设 近 = 明细 同一(通用名) 最近 3 次
        当 计数(近) = 3 性质 可疑 列示 首(近.明细号) 说明 \"近\" }";
    let outcomes = run(text, &[], LINES, unbounded());
    assert_eq!(told(&outcomes), "L07=pass L08=pass L09=hit L10=hit L11=hit L12=hit L13=hit");
    assert_eq!(values(&outcomes, "L10"), "首(近.明细号)=L08");
}
