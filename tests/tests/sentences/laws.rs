//! What a test block cannot show: coverage, causes, shares, totals, replay, scope, sessions, cost.
//!
//! In: a sentence. Out: nothing, or a failed assertion.
//! Invariant: expected values are worked out by hand from the sentence, not taken from a run.

use crate::support::{Sentence, causes, counts, coverage, finding, lines};
use jihe::model::finding::Nature;
use jihe::{Claims, Options};
use jihe_check::typed::{Cost, Scope};

/// 12: a region begins the benefit year on another day.
pub(crate) fn benefit_years_of_regions(sentence: &Sentence) {
    let json = r#"{ "就诊": [
        { "就诊号": "甲1", "参保人": "甲", "医疗类别": "21", "时间": "2024-06-30" },
        { "就诊号": "甲2", "参保人": "甲", "医疗类别": "21", "时间": "2024-07-01" },
        { "就诊号": "乙1", "参保人": "乙", "医疗类别": "21", "时间": "2023-07-01" },
        { "就诊号": "乙2", "参保人": "乙", "医疗类别": "21", "时间": "2024-06-30" } ] }"#;
    let hits = |sentence: &Sentence| -> Vec<String> {
        let outcomes = sentence.audit(&sentence.records(json, Some(("2020-01-01", "2029-12-31"))));
        let found = outcomes.findings.into_iter().filter(|finding| &*finding.rule_id == "12.4");
        found.map(|finding| finding.subject_key).collect()
    };
    assert_eq!(hits(sentence), ["甲1", "甲2"]);
    let region = sentence.in_region(r#"规则包 "某地" 版本 "1" 地区 "640000" 医保年度 自 07-01"#);
    assert_eq!(hits(&region), ["乙1", "乙2"]);
}

/// 14: 9999-12-31 is read as missing.
pub(crate) fn far_end_is_missing(sentence: &Sentence) {
    let records = sentence.records(
        r#"{ "慢特病备案": [
            { "参保人": "甲", "病种": "M1", "开始日期": "2024-03-01", "终止日期": "9999-12-31" },
            { "参保人": "乙", "病种": "M1", "开始日期": "2024-03-01", "终止日期": "2099-12-31" } ] }"#,
        None,
    );
    assert_eq!(counts(&sentence.audit(&records), "14.4"), (1, 1, 0));
}

/// 15: the order of the input never matters.
pub(crate) fn input_order_is_no_order(sentence: &Sentence) {
    let visit = |key: &str, to: &str, cost: u32| {
        format!(r#"{{ "就诊号": "{key}", "参保人": "甲", "时间": "2024-03-01"{to}, "总费用": "{cost}.00" }}"#)
    };
    let mut visits = [
        visit("V1", r#", "出院时间": "2024-03-09""#, 2),
        visit("V2", r#", "出院时间": "2024-03-05""#, 1),
        visit("V10", "", 4),
        visit("V3", "", 3),
    ];
    let mut seen = Vec::new();
    for _ in 0..visits.len() {
        visits.rotate_left(1);
        let json = format!(r#"{{ "就诊": [{}] }}"#, visits.join(","));
        seen.push(sentence.audit(&sentence.records(&json, None)).findings);
    }
    assert!(seen.windows(2).all(|pair| pair.first() == pair.last()));
    // In order V2, V1, V10, V3: the one after the visit of 2 yuan is V10.
    let hits: Vec<&str> = seen
        .iter()
        .take(1)
        .flatten()
        .filter(|finding| &*finding.rule_id == "15.3")
        .map(|finding| finding.subject_key.as_str())
        .collect();
    assert_eq!(hits, ["V10"]);
}

/// 18: the missing key is the cause.
pub(crate) fn missing_key_is_the_cause(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("没有处方号的两条各自无法判定，不成组");
    assert_eq!(causes(&outcomes, "18.1"), [("field:item.prescription".to_owned(), 2)]);
    assert_eq!(coverage(&outcomes, "18.1").seen, 4);
    // A rule over the summary has nothing to say of records that make no row.
    assert_eq!(counts(&outcomes, "18.2"), (1, 1, 0));
}

/// 19: each day is a subject of its own.
pub(crate) fn days_are_subjects(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("计入不计出：只有 03-03 一天同时在院");
    assert_eq!(
        finding(&outcomes, "19.1", "H1|2024-03-03").service_date,
        Some(crate::support::day("2024-03-03"))
    );
    let outcomes = sentence.outcomes_of("3660 天可以，3661 天无法判定");
    assert_eq!(causes(&outcomes, "19.1"), [("too_many_days".to_owned(), 1)]);
    // V1 is still open: it lies on every day to the end of coverage. V2 ends before it starts.
    let json = r#"{ "就诊": [
        { "就诊号": "V1", "机构": "H1", "时间": "2024-03-01" },
        { "就诊号": "V2", "机构": "H1", "时间": "2024-03-02", "出院时间": "2024-03-01" },
        { "就诊号": "V3", "机构": "H1", "时间": "2024-03-03", "出院时间": "2024-03-04" } ] }"#;
    let outcomes = sentence.audit(&sentence.records(json, Some(("2024-03-01", "2024-03-05"))));
    assert_eq!(causes(&outcomes, "19.1"), [("contradiction:visit".to_owned(), 1)]);
    assert_eq!(counts(&outcomes, "19.1"), (1, 4, 1));
}

/// 21: the finding names the tables of which the records of the group see different rows, and only those.
pub(crate) fn several_versions_are_named(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("两种限额的一组，同一限额的一组");
    let named = |rule: &str, visit: &str| {
        let values = finding(&outcomes, rule, &format!("{visit}|A")).values.clone();
        values.into_iter().find(|(name, _)| &**name == "跨有效期").and_then(|(_, tables)| tables)
    };
    let limit = Some("日限".to_owned());
    // 15 and 16 March see 5 and 10; two days of one row see one; no row and a row are different too.
    let groups = ["一", "二", "三"];
    assert_eq!(groups.map(|visit| named("21.2", visit)), [limit.clone(), None, limit.clone()]);
    assert_eq!(groups.map(|visit| named("21.3", visit)), [limit.clone(), None, limit]);
    // A date that is written, or a record that supplies the key, leaves one view; the third has no row on its first day.
    assert_eq!((named("21.4", "一"), named("21.4", "二"), counts(&outcomes, "21.4").2), (None, None, 1));
    assert_eq!(named("21.5", "一"), Some("停用、日限".to_owned()));
    assert_eq!(named("21.5", "二"), None);
}

/// 23: no rows outside the coverage of the data.
pub(crate) fn dense_within_coverage(sentence: &Sentence) {
    let json = r#"{ "就诊": [
        { "就诊号": "V1", "机构": "H1", "时间": "2024-02-27" },
        { "就诊号": "V2", "机构": "H1", "时间": "2024-03-10" } ] }"#;
    let outcomes = sentence.audit(&sentence.records(json, Some(("2024-03-01", "2024-03-03"))));
    assert_eq!(counts(&outcomes, "23.1"), (3, 2, 0));
    let outcomes = sentence.audit(&sentence.records(json, None));
    assert_eq!(counts(&outcomes, "23.1"), (11, 2, 0));
}

/// 24: a bare member field in 说明 is the first record's.
pub(crate) fn message_prints_the_first(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("键、本组、设、键的字段");
    assert_eq!(finding(&outcomes, "24.1", "一|2024-03-01").message, "先等2项");
}

/// 32: coverage of a run, and kinds that were not supplied.
pub(crate) fn coverage_of_a_run(sentence: &Sentence) {
    let json = r#"{ "就诊": [
        { "就诊号": "V1", "参保人": "甲", "时间": "2024-03-01", "总费用": "3.00" },
        { "就诊号": "V2", "参保人": "甲", "时间": "2024-03-10", "总费用": "3.00" },
        { "就诊号": "V3", "参保人": "乙", "时间": "2024-03-31", "总费用": "3.00" } ] }"#;
    // The rows cover from 1 March on: V1 and V2 look back before it, V3 looks back to 2 March.
    let outcomes = sentence.audit(&sentence.records(json, None));
    assert_eq!(counts(&outcomes, "32.20"), (1, 1, 1));
    assert_eq!(causes(&outcomes, "32.20"), [("coverage:visit".to_owned(), 1)]);
    assert_eq!(counts(&outcomes, "32.21"), (1, 0, 2));
    assert_eq!(causes(&outcomes, "32.22"), [("kind:operation".to_owned(), 3)]);
    // Covered from 1 February on, V1 sees all of its thirty days; from 2 February on it misses one.
    let outcomes = sentence.audit(&sentence.records(json, Some(("2024-02-01", "2024-03-31"))));
    assert_eq!(counts(&outcomes, "32.20"), (1, 2, 0));
    let outcomes = sentence.audit(&sentence.records(json, Some(("2024-02-02", "2024-03-31"))));
    assert_eq!(counts(&outcomes, "32.20"), (1, 1, 1));
    // What is known from below says so.
    let blocks = sentence.outcomes_of("设 的名称带着下限");
    assert_eq!(finding(&blocks, "32.13", "一").message, "至少2");
    assert_eq!(finding(&blocks, "32.13", "二").message, "2");
    // Supplied without rows is known to be empty.
    let empty = json.replacen('{', r#"{ "手术": [], "#, 1);
    assert_eq!(counts(&sentence.audit(&sentence.records(&empty, None)), "32.22"), (0, 3, 0));
}

/// 33: counted by cause.
pub(crate) fn missing_numbers_have_causes(sentence: &Sentence) {
    for (test, rule, cause) in [
        ("除以零", "33.1", "division_by_zero"),
        ("溢出", "33.2", "overflow"),
        ("一个值没有标准差", "33.3", "too_few"),
    ] {
        assert_eq!(causes(&sentence.outcomes_of(test), rule), [(cause.to_owned(), 1)]);
    }
}

/// 34: a finding without amount, and counted.
pub(crate) fn undecided_amounts_are_counted(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("金额未定仍是命中");
    assert_eq!(finding(&outcomes, "34.4", "缺").amount, None);
    assert_eq!(lines(finding(&outcomes, "34.4", "缺")), [("缺", None)]);
    let coverage = coverage(&outcomes, "34.4");
    assert_eq!((coverage.amount, coverage.amount_undecided), (30_000, 1));
}

/// 36: which lines carry the amount when none are named.
pub(crate) fn offending_lines(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("超过明细金额的被削到主体的金额");
    assert_eq!(lines(finding(&outcomes, "36.1", "甲")), [("甲", Some(50_000))]);
    assert_eq!(coverage(&outcomes, "36.1").amount_cut, 1);
    let outcomes = sentence.outcomes_of("超过的被削到本组之和");
    assert_eq!(lines(finding(&outcomes, "36.2", "一")), [("乙", Some(60_000)), ("甲", Some(50_000))]);
    let outcomes = sentence.outcomes_of("写明的 违规明细 为准");
    assert_eq!(lines(finding(&outcomes, "36.3", "二")), [("乙", Some(90_000))]);
    let outcomes = sentence.outcomes_of("没有违规金额就没有违规明细");
    assert!(finding(&outcomes, "36.4", "一").offending.is_empty());
}

/// 37: line by line.
pub(crate) fn shares_of_lines(sentence: &Sentence) {
    let outcomes = sentence.outcomes_of("第二条跨在限额上，第三条全数超出");
    // Two of three units of 10.00 yuan: 6.6667; all of 7.00.
    assert_eq!(lines(finding(&outcomes, "37.1", "一|A")), [("乙", Some(66_667)), ("丙", Some(70_000))]);
    let outcomes = sentence.outcomes_of("缺金额：命中而金额未定");
    assert_eq!(finding(&outcomes, "37.1", "一|A").amount, None);
    let outcomes = sentence.outcomes_of("头两个不同的日子许可，其后各日超出");
    assert_eq!(lines(finding(&outcomes, "37.2", "一|A")), [("d", Some(80_000)), ("e", Some(160_000))]);
    let outcomes = sentence.outcomes_of("摊到三条，零头归末条");
    let shares = lines(finding(&outcomes, "37.3", "一"));
    assert_eq!(shares, [("a", Some(33_333)), ("b", Some(33_333)), ("c", Some(33_334))]);
    // Half of 0.0001 rounds up on the first line; the last has nothing left.
    let outcomes = sentence.outcomes_of("摊到最后不得为负");
    assert_eq!(lines(finding(&outcomes, "37.5", "一")), [("a", Some(1)), ("b", Some(0))]);
    let outcomes = sentence.outcomes_of("超过各条之和的削去");
    assert_eq!(lines(finding(&outcomes, "37.3", "一")), [("a", Some(30_000)), ("b", Some(69_999))]);
    assert_eq!(coverage(&outcomes, "37.3").amount_cut, 1);
}

/// 38: every charge once, in the name of one rule.
pub(crate) fn totals_count_once(sentence: &Sentence) {
    let json = r#"{ "就诊": [{ "就诊号": "V1", "时间": "2024-03-01" }], "明细": [
        { "明细号": "x", "就诊": "V1", "数量": 2, "金额": "10.00" },
        { "明细号": "y", "就诊": "V1", "数量": 1, "金额": "10.00" } ] }"#;
    let claims = Claims { records: sentence.records(json, None), ..Claims::default() };
    let report = sentence.ruleset.audit(&claims, &Options::default());
    assert_eq!(report.findings().len(), 7);
    // x carries 6 and 4 yuan and counts as 6 for 38.b, which stands before 38.a; y carries 6, 5 and 9 and counts as 9 for
    // 38.a, the first by id of the two gravest.
    let totals = report.totals();
    assert_eq!(totals.amount, 150_000);
    let by_rule: Vec<(&str, i128)> =
        totals.by_rule.iter().map(|(rule, amount)| (rule.as_str(), *amount)).collect();
    assert_eq!(by_rule, [("38.a", 90_000), ("38.b", 60_000)]);
}

/// 39: what cannot be netted is counted, and replay equals the batch where no refund comes late.
pub(crate) fn netting_and_replay(sentence: &Sentence) {
    let json = r#"{ "就诊": [{ "就诊号": "V1", "时间": "2024-03-01" }], "明细": [
        { "明细号": "x", "就诊": "V1", "项目编码": "A", "数量": 2, "单价": "10", "金额": "20.00", "使用时间": "2024-03-01" },
        { "明细号": "r", "就诊": "V1", "项目编码": "A", "数量": -3, "单价": "10", "金额": "-30.00", "原明细": "x", "使用时间": "2024-03-02" },
        { "明细号": "u", "就诊": "V1", "项目编码": "B", "数量": -1, "单价": "10", "金额": "-10.00", "使用时间": "2024-03-02" } ] }"#;
    let outcomes = sentence.audit(&sentence.records(json, None));
    assert_eq!((outcomes.unmatched_refunds, outcomes.over_refunded), (1, 1));
    assert_eq!(coverage(&outcomes, "39.1").seen, 0);
    replay(sentence);
}

/// Visit by visit in time order, each with its lines and the refunds made at once.
fn replay(sentence: &Sentence) {
    let visit = |at: u32| format!(r#"{{ "就诊号": "V{at}", "参保人": "甲", "时间": "2024-03-0{at}" }}"#);
    let rows = |at: u32| {
        format!(
            r#"{{ "明细号": "x{at}", "就诊": "V{at}", "项目编码": "A", "数量": 4, "单价": "10", "金额": "40.00",
                  "使用时间": "2024-03-0{at}" }},
               {{ "明细号": "r{at}", "就诊": "V{at}", "项目编码": "A", "数量": -{at}, "单价": "10", "金额": "-{at}0.00",
                  "使用时间": "2024-03-0{at}", "原明细": "x{at}" }}"#
        )
    };
    let claims = |from: u32, to: u32| {
        let visits: Vec<String> = (from..=to).map(visit).collect();
        let items: Vec<String> = (from..=to).map(rows).collect();
        let json = format!(r#"{{ "就诊": [{}], "明细": [{}] }}"#, visits.join(","), items.join(","));
        Claims { records: sentence.records(&json, Some(("2024-03-01", "2024-03-31"))), ..Claims::default() }
    };
    let mut session = sentence.ruleset.session(claims(1, 1));
    for at in 2..=4 {
        session.check(&claims(at, at));
    }
    let batch = sentence.ruleset.audit(&claims(1, 4), &Options::default());
    let folded: Vec<_> = session.findings().cloned().collect();
    assert_eq!(folded, batch.findings());
    assert!(folded.iter().any(|finding| &*finding.rule_id == "39.1" && finding.amount == Some(200_000)));
}

/// 40: no amount, in no total.
pub(crate) fn quality_has_no_amount(sentence: &Sentence) {
    let json = r#"{ "就诊": [{ "就诊号": "V1", "时间": "2024-03-01" }], "明细": [
        { "明细号": "x", "就诊": "V1", "数量": 3, "单价": "2", "金额": "7.00" } ] }"#;
    let claims = Claims { records: sentence.records(json, None), ..Claims::default() };
    sentence.audit(&claims.records);
    let report = sentence.ruleset.audit(&claims, &Options::default());
    assert_eq!(report.findings().len(), 2);
    for finding in report.findings() {
        assert_eq!((finding.nature, finding.amount), (Nature::DataQuality, None));
        assert_eq!(lines(finding), [("x", None)]);
    }
    assert_eq!((report.totals().amount, report.totals().by_rule.len()), (0, 0));
    assert!(report.coverage().values().all(|rule| rule.amount == 0 && rule.amount_undecided == 0));
}

/// 41: rules are named after what they must be.
pub(crate) fn scopes(sentence: &Sentence) {
    for rule in &sentence.ruleset.typed().rules {
        let scope = if rule.name.starts_with("个人") { Scope::Person } else { Scope::Population };
        assert_eq!(rule.scope, scope, "{}", rule.name);
    }
}

/// 42: one person's history and claims as they come.
pub(crate) fn sessions(sentence: &Sentence) {
    let visit = |key: &str, time: &str| {
        let json = format!(
            r#"{{ "就诊": [{{ "就诊号": "{key}", "参保人": "甲", "机构": "H1", "时间": "{time}" }}] }}"#
        );
        let records = sentence.records(&json, Some(("2024-01-01", "2024-03-31")));
        Claims { records, ..Claims::default() }
    };
    let mut session = sentence.ruleset.session(visit("V1", "2024-02-01"));
    assert_eq!(session.findings().count(), 0);
    let place =
        |finding: &jihe::model::finding::Finding| (finding.rule_id.to_string(), finding.subject_key.clone());
    // V2 comes seven days later: a hit of its own, and V1 gets its return visit.
    let check = session.check(&visit("V2", "2024-02-08"));
    let left: Vec<&str> = check.not_evaluated.iter().map(|rule| rule.rule_id.as_str()).collect();
    assert_eq!(left, ["42.3"]);
    let found: Vec<_> = check.findings.iter().map(|finding| place(finding)).collect();
    let expected = |rule: &str, key: &str| (rule.to_owned(), key.to_owned());
    assert_eq!(found, [expected("42.1", "V2"), expected("42.2", "V1")]);
    // V3 is far away: nothing names it, and what held still holds.
    let check = session.check(&visit("V3", "2024-03-20"));
    assert_eq!((check.findings.len(), check.withdrawn.len()), (0, 0));
    assert_eq!(session.findings().count(), 2);
    // V2 moves to where V3 sees it and V1 no longer does.
    let check = session.check(&visit("V2", "2024-02-20"));
    assert_eq!(check.withdrawn, [expected("42.2", "V1")]);
    let found: Vec<_> = check.findings.iter().map(|finding| place(finding)).collect();
    assert_eq!(found, [expected("42.1", "V2"), expected("42.1", "V3")]);
    windows_outside_history(sentence);
}

/// A window that reaches out of the history is incomplete: it can hit and cannot pass.
fn windows_outside_history(sentence: &Sentence) {
    let json = r#"{ "就诊": [
        { "就诊号": "V1", "参保人": "甲", "机构": "H1", "时间": "2024-03-01" },
        { "就诊号": "V2", "参保人": "甲", "机构": "H1", "时间": "2024-03-06" },
        { "就诊号": "V3", "参保人": "乙", "机构": "H1", "时间": "2024-03-03" } ] }"#;
    let outcomes = sentence.audit(&sentence.records(json, Some(("2024-02-20", "2024-03-10"))));
    assert_eq!(counts(&outcomes, "42.1"), (1, 0, 2));
    // V1 has a return visit. V3 is covered to the seventh day, V2 is not.
    assert_eq!(counts(&outcomes, "42.2"), (1, 1, 1));
}

/// 43: rules are named after what they must cost.
pub(crate) fn costs(sentence: &Sentence) {
    for rule in &sentence.ruleset.typed().rules {
        let cost = match rule.name.chars().next() {
            Some('甲') => Cost::Linear,
            Some('乙') => Cost::Tree,
            _ => Cost::Window,
        };
        assert_eq!(rule.cost, cost, "{}", rule.name);
    }
    let plan = sentence.ruleset.explain();
    for class in ['甲', '乙', '丙'] {
        assert!(plan.contains(class), "the plan does not name class {class}:\n{plan}");
    }
}

/// 8: a neighbour that was found is certain whatever lies beyond; one that was not may lie outside coverage.
pub(crate) fn neighbours_and_coverage(sentence: &Sentence) {
    let json = r#"{ "就诊": [
        { "就诊号": "V1", "参保人": "甲", "科室": "A03", "医疗类别": "21", "时间": "2024-03-01", "出院时间": "2024-03-02" },
        { "就诊号": "V2", "参保人": "甲", "科室": "A03", "医疗类别": "21", "时间": "2024-03-10", "出院时间": "2024-03-12" } ] }"#;
    let outcomes = sentence.audit(&sentence.records(json, None));
    assert_eq!(counts(&outcomes, "8.1"), (1, 0, 1));
    assert_eq!(causes(&outcomes, "8.1"), [("coverage:visit".to_owned(), 1)]);
}
