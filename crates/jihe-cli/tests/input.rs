//! Input on the command line: layouts, mappings, drafts, profiles.
//!
//! In: data folders written by each test. Out: exits, files, messages.
//! Invariant: every test has a folder of its own below the system's temporary folder.
#![expect(clippy::tests_outside_test_module, clippy::unwrap_used, reason = "tests read and write files")]

mod support;

use jihe_tests::Folder;
use std::fs;
use support::run;

const RULES: &str = "规则包 \"例\" 版本 \"1\"\n规则 大额 { 编号 \"X1\" 针对 明细 当 金额 > 100 元 性质 违规 违规金额 金额 - 100 元 说明 \"单笔{金额}\" }\n";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("input-{name}"));
    folder.write("rules.jihe", RULES);
    folder
}

fn audit(folder: &Folder, more: &[&str]) -> (i32, String) {
    run(folder, &[&["audit", "--rules", "rules.jihe", "--data", "data", "--out", "out"], more].concat())
}

#[test]
fn a_draft_is_taken_as_it_stands() {
    let folder = folder("draft");
    folder.write(
        "data/住院收费.csv",
        "费用流水号,就诊流水号,收费金额,收费时间\n1,V1,150.00,2024-01-01\n2,V1,1,2024-01-01\n",
    );
    let (code, draft) = run(&folder, &["map", "--suggest", "data"]);
    assert_eq!(code, 0, "{draft}");
    folder.write("local.toml", &draft);
    let (code, text) = audit(&folder, &["--mapping", "local.toml"]);
    assert_eq!(code, 0, "{text}");
    assert_eq!(folder.read("out/findings.csv").lines().count(), 2);
    folder.write("local.toml", draft.replace("kind = \"item\"", "kind = \"itm\""));
    let (code, text) = audit(&folder, &["--mapping", "local.toml"]);
    assert!(code == 2 && text.contains("item"), "{code} {text}");
    assert_eq!(run(&folder, &["map"]).0, 2);
    assert_eq!(run(&folder, &["map", "--suggest", "absent"]).0, 3);
}

#[test]
fn an_extract_is_checked_before_it_is_audited() {
    let folder = folder("feijian");
    folder.write("data/SETTLE_MZ.csv", "HISID,HOSPITAL_ID,PATIENT_ID,BILL_DATE,ADMISSION_DATE,TOTAL_AMOUNT\nB1,H1,P1,2024-01-01,2024-01-01,200\n");
    folder.write(
        "data/SETTLE_MZ_DETAIL/1.csv",
        "HISID,ITEM_ID,NUM,UNIT_PRICE,COST,USAGE_DATE\nB1,X,1,150,150,2024-01-01\n",
    );
    let (code, text) = audit(&folder, &["--layout", "feijian2024"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("前置校验") && text.contains("25.00%"), "{text}");
    let checks: serde_json::Value = serde_json::from_str(&folder.read("out/preflight.json")).unwrap();
    assert_eq!(checks["passed"], false);
    assert_eq!(folder.read("out/findings.csv").lines().count(), 2);
    assert_eq!(audit(&folder, &["--layout", "feijian2030"]).0, 2);
}

#[test]
fn a_profile_as_text_and_as_json() {
    let folder = folder("profile");
    folder.write("data/item.csv", "feedetl_sn,就诊\nL1,V1\nL2,\n");
    let (code, text) = run(&folder, &["profile", "data", "--rules", "rules.jihe"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("明细（item）：读入 2 行") && text.contains("没有值的字段：金额"), "{text}");
    let (code, text) = run(&folder, &["profile", "data", "--rules", "rules.jihe", "--format", "json"]);
    let profile: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &profile["version"]), (0, &serde_json::json!(1)));
    let (_, text) = run(&folder, &["profile", "data", "--rules", "rules.jihe", "--messages", "en"]);
    assert!(text.contains("without any value: amount"), "{text}");
}

#[test]
fn a_damaged_file_ends_the_run_by_name() {
    let folder = folder("damaged");
    folder.write("data/item.csv.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]);
    let (code, text) = audit(&folder, &[]);
    assert!(code == 3 && text.contains("item.csv.gz") && text.contains("损坏"), "{code} {text}");
    fs::remove_file(folder.path().join("data/item.csv.gz")).unwrap();
    folder.write("data/item.parquet", b"PAR1 cut off");
    let (code, text) = audit(&folder, &["--threads", "2"]);
    assert!(code == 3 && text.contains("item.parquet"), "{code} {text}");
}
