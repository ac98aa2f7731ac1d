//! The command line as its users meet it: exits, files, messages (contract 9–14).
//!
//! In: rule and data folders written by each test. Out: exit codes and the bytes of files.
//! Invariant: every test has a folder of its own below the system's temporary folder.
#![expect(clippy::tests_outside_test_module, clippy::unwrap_used, reason = "tests read and write files")]

mod support;

use jihe_tests::Folder;
use std::fs;
use std::path::Path;
use std::process::Output;
use support::ran;

const RULES: &str = "规则包 \"例\" 版本 \"1\"\n参数 上限 = 100 元 范围 1 元 至 1000 元\n规则 大额 { 编号 \"X1\" 依据 \"甲\", \"乙\" 针对 明细 当 金额 > 上限 性质 违规 违规金额 金额 - 上限 说明 \"单笔{金额}\" }\n";
const VISITS: &str = "mdtrt_id,psn_no,time\nV1,P1,2024-03-01\n";
const ITEMS: &str = "feedetl_sn,就诊,fee_ocur_time,cnt,pric,金额\nL1,V1,2024-03-01,1,150,150.00\nL2,V1,2024-03-01,1,90,90.00\nL3,V1,2024-03-01,一,90,90.00\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("cli-{name}"));
    folder.write("rules.jihe", RULES);
    folder.write("data/visit.csv", VISITS);
    folder.write("data/明细.csv", ITEMS);
    folder
}

fn audit(folder: &Folder, more: &[&str]) -> Output {
    ran(folder, &[&["audit", "--rules", "rules.jihe", "--data", "data", "--out", "out"], more].concat())
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_audit_writes_findings_coverage_and_rejects() {
    let folder = folder("audit");
    let output = audit(&folder, &[]);
    assert_eq!(code(&output), 0, "{}", text(&output));
    let findings = folder.read("out/findings.csv");
    let mut lines = findings.lines();
    assert_eq!(
        lines.next().unwrap(),
        "finding_id,rule_id,rule_name,rule_version,nature,subject_kind,subject_key,person,institution,practitioner,visit,service_date,amount,message,verify,basis,offending,involved,values"
    );
    let row = lines.next().unwrap();
    assert!(
        row.contains(",X1,大额,1,violation,item,L1,P1,,,V1,2024-03-01,50.0000,单笔150.00元,,甲；乙,"),
        "{row}"
    );
    assert_eq!(lines.next(), None);
    let rejects = folder.read("out/rejects.csv");
    assert!(rejects.contains("明细.csv,4,cnt,一,不是数"), "{rejects}");
    let coverage: serde_json::Value = serde_json::from_str(&folder.read("out/coverage.json")).unwrap();
    assert_eq!(coverage["version"], 1);
    assert_eq!(coverage["rules"][0]["hit"], 1);
    assert_eq!(coverage["rules"][0]["seen"], 2);
    assert_eq!(coverage["totals"]["amount"], "50.0000");
    assert_eq!(coverage["inputs"][1]["rows"], 3);
    assert_eq!(coverage["rejected"], 1);
}

#[test]
fn the_other_formats_hold_the_same() {
    let folder = folder("formats");
    assert_eq!(code(&audit(&folder, &["--format", "json"])), 0);
    let findings: serde_json::Value = serde_json::from_str(&folder.read("out/findings.json")).unwrap();
    assert_eq!(findings[0]["amount"], "50.0000");
    assert_eq!(findings[0]["offending"][0]["key"], "L1");
    assert_eq!(code(&audit(&folder, &["--format", "parquet"])), 0);
    assert!(!folder.path().join("out/findings.json").exists(), "a run replaces the one before");
    assert!(fs::read(folder.path().join("out/findings.parquet")).unwrap().starts_with(b"PAR1"));
    assert_eq!(code(&audit(&folder, &["--csv-bom"])), 0);
    assert!(folder.read("out/findings.csv").starts_with("\u{feff}finding_id"));
}

#[test]
fn a_parquet_file_of_another_table_is_refused_by_name() {
    let folder = folder("parquet-in");
    assert_eq!(code(&audit(&folder, &["--format", "parquet"])), 0);
    fs::create_dir_all(folder.path().join("data/settlement")).unwrap();
    fs::copy(folder.path().join("out/findings.parquet"), folder.path().join("data/settlement/part.parquet"))
        .unwrap();
    let output = audit(&folder, &[]);
    assert_eq!(code(&output), 2, "{}", text(&output));
    assert!(text(&output).contains("settlement/part.parquet"), "{}", text(&output));
}

#[test]
fn fail_on_and_its_levels() {
    let folder = folder("fail-on");
    assert_eq!(code(&audit(&folder, &["--fail-on", "违规"])), 1);
    assert_eq!(code(&audit(&folder, &["--fail-on", "suspicious"])), 1);
    assert_eq!(code(&audit(&folder, &["--fail-on", "数据质量"])), 0);
    assert_eq!(code(&audit(&folder, &["--fail-on", "严重"])), 2);
}

#[test]
fn parameters_are_overridden_within_their_range() {
    let folder = folder("params");
    folder.write("params.jihe", "规则包 \"本地\" 版本 \"1\"\n参数 上限 = 80 元\n");
    assert_eq!(code(&audit(&folder, &["--params", "params.jihe"])), 0);
    assert_eq!(folder.read("out/findings.csv").lines().count(), 3);
    for wrong in ["参数 上限 = 5000 元", "参数 没有 = 1 元", "参数 上限 = 3 天"] {
        folder.write("params.jihe", format!("规则包 \"本地\" 版本 \"1\"\n{wrong}\n"));
        let output = audit(&folder, &["--params", "params.jihe"]);
        assert_eq!(code(&output), 2, "{wrong}: {}", text(&output));
    }
}

#[test]
fn wrong_usage_and_unreadable_files() {
    let folder = folder("usage");
    assert_eq!(code(&ran(&folder, &["audit"])), 2);
    assert_eq!(code(&ran(&folder, &["check", "absent.jihe"])), 3);
    assert_eq!(
        code(&ran(&folder, &["audit", "--rules", "rules.jihe", "--data", "absent", "--out", "out"])),
        3
    );
    assert_eq!(code(&audit(&folder, &["--as-of", "2024-13-01"])), 2);
    assert_eq!(code(&audit(&folder, &["--coverage", "2024-01-01"])), 2);
    fs::create_dir_all(folder.path().join("empty")).unwrap();
    assert_eq!(
        code(&ran(&folder, &["audit", "--rules", "rules.jihe", "--data", "empty", "--out", "out"])),
        3
    );
    folder.write("broken.jihe", "规则 坏 { 针对 明细 当 金 > 1 元 性质 可疑 }");
    let output = ran(&folder, &["check", "broken.jihe"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("broken.jihe:1:"), "{}", text(&output));
    assert_eq!(code(&ran(&folder, &["check", "rules.jihe"])), 0);
}

#[test]
fn a_folder_of_something_else_is_never_replaced() {
    let folder = folder("guard");
    fs::create_dir_all(folder.path().join("out")).unwrap();
    folder.write("out/letter.txt", "keep me");
    let output = audit(&folder, &[]);
    assert_eq!(code(&output), 2);
    assert_eq!(folder.read("out/letter.txt"), "keep me");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !Path::new(name).to_string_lossy().starts_with(".out")), "{left:?}");
}

#[test]
fn one_kind_under_two_names_is_an_error() {
    let folder = folder("twice");
    folder.write("data/item.csv", ITEMS);
    let output = audit(&folder, &[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output).contains("item.csv"), "{}", text(&output));
}

#[test]
fn rules_whose_kind_is_missing_are_skipped_by_name() {
    let folder = folder("skipped");
    fs::remove_file(folder.path().join("data/明细.csv")).unwrap();
    assert_eq!(code(&audit(&folder, &[])), 0);
    let coverage: serde_json::Value = serde_json::from_str(&folder.read("out/coverage.json")).unwrap();
    assert_eq!(coverage["rules"][0]["status"], "skipped");
    assert_eq!(coverage["rules"][0]["reason"], "kind:item");
}

#[test]
fn tests_and_formatting() {
    let folder = folder("tests");
    let passing = format!(
        "{RULES}测试 \"一笔\" 规则 大额 {{\n  就诊 门 {{ 时间 2024-03-01 }}\n  明细 一 {{ 就诊 门; 金额 150 元 }}\n  期望 一 命中 违规金额 50 元\n}}\n"
    );
    folder.write("rules.jihe", &passing);
    assert_eq!(
        code(&ran(&folder, &["test", "rules.jihe"])),
        0,
        "{}",
        text(&ran(&folder, &["test", "rules.jihe"]))
    );
    folder.write("rules.jihe", passing.replace("违规金额 50 元\n}", "违规金额 51 元\n}"));
    let output = ran(&folder, &["test", "rules.jihe", "--messages", "en"]);
    assert_eq!(code(&output), 1);
    assert!(text(&output).contains("expected amount 51.0000, got 50.0000"), "{}", text(&output));
    assert_eq!(code(&ran(&folder, &["fmt", "--check", "rules.jihe"])), 1);
    assert_eq!(code(&ran(&folder, &["fmt", "rules.jihe"])), 0);
    assert_eq!(code(&ran(&folder, &["fmt", "--check", "rules.jihe"])), 0);
    assert_eq!(code(&ran(&folder, &["fmt", "--lang", "en", "rules.jihe"])), 0);
    assert!(folder.read("rules.jihe").contains("for each"));
    assert_eq!(code(&ran(&folder, &["check", "rules.jihe"])), 0);
}
