//! Reading what the rules look at gives what reading everything gives.
//!
//! In: cities and small folders. Out: the same findings, manifest and rejects either way.
//! Invariant: rows that share a key are compared in full, however little of them the rules look at.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jihe::{Options, Report, RuleFiles, Ruleset};
use jihe_io::{Input, ReadOptions};
use jihe_synth::{Config, Variant};
use jihe_tests::{Folder, city_of, city_on_disk, compile, rulebook_files};
use std::path::Path;

const FEW: &str = r#"
    规则包 "少" 版本 "1"
    规则 多家 { 编号 "N1" 针对 就诊 设 窗口 = 就诊 同一(参保人) 最近 30 天 当 去重计数(窗口.机构) ≥ 3 涉及 窗口 性质 可疑 说明 "多家" }
    规则 大额 { 编号 "N2" 针对 明细 其中 费用类别 = "09" 当 数量 ≥ 2 违规金额 金额 性质 可疑 说明 "大额" }
"#;

fn few() -> Ruleset {
    compile(&RuleFiles::new().rule("few.jihe", FEW))
}

fn read(ruleset: &Ruleset, folder: &Path, (needed, threads): (bool, usize)) -> Input {
    let mut options = ReadOptions { threads, ..ReadOptions::default() };
    if needed {
        options.needs = ruleset.needs();
    }
    Input::read_with(ruleset.schema(), folder, &options).unwrap()
}

fn audit(ruleset: &Ruleset, input: &Input) -> (Report, [String; 2]) {
    let report = ruleset.audit(&input.claims, &Options { threads: 2 });
    let texts = [
        jihe::wire::findings_json(report.findings()),
        serde_json::to_string_pretty(report.manifest()).unwrap(),
    ];
    (report, texts)
}

#[test]
fn a_city_gives_the_same_findings_and_manifest() {
    let city = city_of(&Config { persons: 600, seed: 5, variant: Variant::Planted });
    let folder = city_on_disk(&city, "needs-city");
    for ruleset in [compile(&rulebook_files()), few()] {
        let (_, whole) = audit(&ruleset, &read(&ruleset, folder.path(), (false, 2)));
        for threads in [1, 3] {
            let input = read(&ruleset, folder.path(), (true, threads));
            let (report, needed) = audit(&ruleset, &input);
            assert!(!report.findings().is_empty());
            assert_eq!(needed[0], whole[0], "findings, {threads} threads");
            assert_eq!(needed[1], whole[1], "manifest, {threads} threads");
        }
    }
}

/// A folder of visits and lines.
fn folder(name: &str, items: &str) -> Folder {
    let folder = Folder::new(&format!("needs-{name}"));
    folder.write("visit.csv", "就诊号,参保人,机构,时间\nV1,P1,H1,2024-03-01\n");
    let head = "明细号,就诊,费用类别,数量,金额,备注,日用量";
    folder.write("item.csv", format!("{head}\n{items}"));
    folder.write("report.csv", "报告号,report_time\nK1,2025-03-01\nK2,2024-01-05\n");
    folder
}

#[test]
fn rows_that_share_a_key_are_compared_in_full() {
    let ruleset = few();
    let items =
        "L1,V1,09,2,10,a,1\nL2,V1,09,2,10,b,1\nL1,V1,09,2,10,a,1\nL2,V1,09,2,10,c,1\nL0,V1,09,3,5,,\n";
    let folder = folder("twice", items);
    let (whole, needed) =
        (read(&ruleset, folder.path(), (false, 1)), read(&ruleset, folder.path(), (true, 1)));
    assert_eq!(
        needed.claims.rejects, whole.claims.rejects,
        "L2 contradicts itself in a field that no rule reads"
    );
    assert_eq!(whole.claims.rejects.len(), 1);
    assert_eq!(needed.counts, whole.counts);
    assert_eq!(audit(&ruleset, &needed).1, audit(&ruleset, &whole).1);
}

#[test]
fn a_kind_that_no_rule_reads_is_counted_and_dated() {
    let ruleset = few();
    let folder = folder("counted", "L1,V1,09,2,10,a,viele\n");
    let (whole, needed) =
        (read(&ruleset, folder.path(), (false, 1)), read(&ruleset, folder.path(), (true, 2)));
    let schema = ruleset.schema();
    let report = schema.find_kind("report").unwrap();
    let counted = needed.claims.records.counted[&report];
    assert_eq!((counted.rows, needed.claims.records.tables[&report].rows), (2, 0));
    let manifest = |input: &Input| audit(&ruleset, input).0.manifest().clone();
    assert_eq!(manifest(&needed).as_of.as_deref(), Some("2025-03-01"));
    assert_eq!(manifest(&needed).coverage, manifest(&whole).coverage);
    assert_eq!(manifest(&needed).records["report"], 2);
    assert_eq!(whole.claims.rejects.len(), 1, "日用量 is no number");
    assert!(needed.claims.rejects.is_empty(), "but no rule looks at it");
}

#[test]
fn a_refund_still_finds_its_line() {
    let ruleset = few();
    let folder = folder("refund", "L9,V1,09,3,30,,\nL1,V1,09,2,10,,\n");
    folder.write("refund.csv", "退费号,明细,数量,金额\nR1,L9,2,20\n");
    let (whole, needed) =
        (read(&ruleset, folder.path(), (false, 1)), read(&ruleset, folder.path(), (true, 1)));
    assert_eq!(audit(&ruleset, &whole).0.findings().len(), 1, "one of three is left of L9");
    assert_eq!(audit(&ruleset, &needed).1, audit(&ruleset, &whole).1);
}

/// Contract 12a: whose a line is its visit tells; a settlement is read only where a rule looks at it.
#[test]
fn a_settlement_is_not_read_to_learn_whose_a_line_is() {
    let folder = Folder::new("needs-settled");
    folder.write("visit.csv", "就诊号,参保人,机构,时间\nV1,P1,H1,2024-03-01\n");
    folder.write("settlement.csv", "结算号,就诊,结算时间\nS1,V1,2024-03-02\n");
    // The visit of L2 is not there, but that of its settlement is.
    folder.write("item.csv", "明细号,就诊,结算,费用类别,数量,金额\nL1,V1,S1,09,2,10\nL2,V9,S1,09,2,10\n");
    let asks = |rules: &str| {
        compile(&RuleFiles::new().rule("asks.jihe", format!("规则包 \"问\" 版本 \"1\"\n{rules}")))
    };
    let large = "规则 大额 { 编号 \"N1\" 针对 明细 当 数量 ≥ 2 性质 可疑 说明 \"大额\" }";
    let settled = "规则 已结 { 编号 \"N2\" 针对 明细 当 已知(结算.结算时间) 性质 可疑 说明 \"已结\" }";
    for (rules, person_of_the_second) in
        [(large.to_owned(), None), (format!("{large}\n{settled}"), Some("P1"))]
    {
        let ruleset = asks(&rules);
        let people = |needed: bool| -> Vec<Option<String>> {
            let (report, _) = audit(&ruleset, &read(&ruleset, folder.path(), (needed, 1)));
            let found = report.findings().iter().filter(|finding| &*finding.rule_id == "N1");
            found.map(|finding| finding.person.clone()).collect()
        };
        let first = Some("P1".to_owned());
        assert_eq!(people(false), [first.clone(), first.clone()], "reading everything");
        assert_eq!(people(true), [first, person_of_the_second.map(str::to_owned)], "{rules}");
    }
}
