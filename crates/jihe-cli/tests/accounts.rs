//! A folder of everything that goes wrong, audited and profiled on the command line.
//!
//! In: a data folder written by the test. Out: `coverage.json`, `rejects.csv`, `jihe profile`, the terminal.
//! Invariant: all four give the same counts, and in every kind read = kept + rejected.
#![expect(
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "tests read and write files"
)]

mod support;

use jihe_tests::Folder;
use serde_json::Value;
use std::collections::BTreeMap;
use support::run;

const RULES: &str = "规则包 \"例\" 版本 \"1\"\n规则 大额 { 编号 \"X1\" 针对 明细 当 金额 > 100 元 性质 违规 违规金额 金额 - 100 元 说明 \"单笔\" }\n规则 住院 { 编号 \"X2\" 针对 明细 当 就诊.医疗类别 = \"21\" 且 金额 > 100 元 性质 可疑 说明 \"住院\" }\n规则 退费 { 编号 \"X3\" 针对 退费 当 数量 > 0 性质 可疑 说明 \"退\" }\n";

fn folder(name: &str, files: &[(&str, &[u8])]) -> Folder {
    let folder = Folder::new(name);
    for (name, bytes) in files {
        folder.write(name, bytes);
    }
    folder
}

fn said(folder: &Folder, words: &str) -> (i32, String) {
    run(folder, &words.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>())
}

fn json(folder: &Folder, name: &str) -> Value {
    serde_json::from_str(&folder.read(name)).unwrap()
}

/// Read, kept, rejected, repeated.
type Counts = BTreeMap<String, [u64; 4]>;

fn counts(rows: &Value, kept: &str) -> Counts {
    let count = |row: &Value, name: &str| row[name].as_u64().unwrap();
    let line = |row: &Value| {
        let counts = ["read", kept, "rejected", "repeated"].map(|name| count(row, name));
        (row["kind"].as_str().unwrap().to_owned(), counts)
    };
    rows.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn all_that_comes_in_is_audited_or_rejected_and_everyone_says_so() {
    let items = "明细号,就诊,金额,数量,使用时间,原明细\n\
        L1,V1,150.00,1,2024-03-01,\nL1,V1,150.00,1,2024-03-01,\nL1,V1,151.00,1,2024-03-01,\n\
        L2,V9,200.00,1,2024/3/2,\nL3,V1,1.2E+3,1,20240303,\nL4,V1,5,1,2024年3月4日,\nL5,V1,-5,-1,2024.03.05,L4\n\
        L6,V1,-7,-1,2024-03-05,L99\nL7,V1,5,1,05/03/2024,\n,V1,5,1,2024-03-05,\nL8,V1,5,1,2024-03-05,,多\n";
    // The first line beyond ASCII says UTF-8, the next is GBK, the last is cut off.
    let visits = "mdtrt_id,psn_no,med_type\nV1,P1,21\nV7,病人,21\nV8,".as_bytes();
    let visits = [visits, b"\xb2\xa1\xc8\xcb,21\n", b"V2,P2,\"cut"].concat();
    let folder = folder(
        "all-that-comes-in",
        &[
            ("rules.jihe", RULES.as_bytes()),
            ("data/item/region=3301/a.csv", items.as_bytes()),
            (
                "data/item/就诊=V1/b.ndjson",
                "{\"明细号\":\"M1\",\"金额\":1e3}\n{\"明细号\":\"M2\",\"金额\":300}\n{\"明".as_bytes(),
            ),
            ("data/visit.csv", &visits),
            ("data/person.csv", b"psn_no\nP1\n"),
        ],
    );
    let (code, text) = said(&folder, "audit --rules rules.jihe --data data --out out");
    assert_eq!(code, 0, "{text}");
    let coverage = json(&folder, "out/coverage.json");
    let rows = counts(&coverage["rows"], "kept");
    // Of the lines the third L1 contradicts the others; L3, L7, the one without a key, L8, M1 and the last cannot be read.
    let expected = [("item", [14, 7, 7, 1]), ("person", [1, 1, 0, 0]), ("visit", [4, 2, 2, 0])];
    assert_eq!(
        rows,
        expected.map(|(kind, counts)| (kind.to_owned(), counts)).into(),
        "{}",
        folder.read("out/rejects.csv")
    );
    let mut told: BTreeMap<String, u64> = BTreeMap::new();
    for line in folder.read("out/rejects.csv").lines().skip(1) {
        *told.entry(line.split(',').next().unwrap().to_owned()).or_default() += 1;
    }
    assert_eq!(told, BTreeMap::from([("item".into(), 7), ("visit".into(), 2)]));
    assert!(text.contains("读入 19 行，稽核 10 行，拒收 9 行"), "{text}");
    for file in coverage["inputs"].as_array().unwrap() {
        let of = |name: &str| file[name].as_u64().unwrap();
        assert_eq!(of("rows"), of("accepted") + of("rejected"), "{file}");
    }
    let (code, profile) = said(&folder, "profile data --rules rules.jihe --format json");
    assert_eq!(code, 0, "{profile}");
    let profile: Value = serde_json::from_str(&profile).unwrap();
    let profiled = counts(&profile["kinds"], "rows");
    assert_eq!(rows.keys().map(|kind| (kind.clone(), profiled[kind])).collect::<Counts>(), rows);
    what_has_no_place(&coverage, &profile, &folder.read("out/findings.csv"));
}

/// Orphans are undecided, refunds without original are counted, values of folders fill fields.
fn what_has_no_place(coverage: &Value, profile: &Value, findings: &str) {
    let rule =
        |id: &str| coverage["rules"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == id).unwrap();
    assert_eq!(coverage["refunds"]["unmatched"], 1);
    // L5 and L6 are refunds; of the lines only L2 belongs to a visit that is not there.
    assert_eq!(rule("X3")["seen"], 2);
    assert_eq!((&rule("X2")["undecided"], &rule("X1")["undecided"]), (&Value::from(1), &Value::from(0)));
    let visit =
        &profile["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == "item").unwrap()["fields"];
    let visit = visit.as_array().unwrap().iter().find(|field| field["field"] == "visit").unwrap();
    assert_eq!(visit["orphans"], 1);
    assert!(findings.contains(",item,M2,P1,") && findings.contains(",item,L1#2,"), "{findings}");
}

#[test]
fn folders_of_partitions_are_drafted_and_read() {
    let bills = "流水号,ZYH,收费金额\n1,V1,150.00\n";
    let folder = folder(
        "partitions",
        &[
            ("rules.jihe", RULES.as_bytes()),
            ("data/收费明细/执行日期=2024-03-01/a.csv", bills.as_bytes()),
            ("data/收费明细/执行日期=2024-03-02/a.csv", bills.replace("\n1,", "\n2,").as_bytes()),
        ],
    );
    let (code, draft) = said(&folder, "map --suggest data");
    assert!(code == 0 && draft.contains("used_time = \"执行日期\""), "{draft}");
    folder.write("local.toml", draft);
    let (code, text) = said(&folder, "audit --rules rules.jihe --data data --mapping local.toml --out out");
    assert_eq!(code, 0, "{text}");
    assert_eq!(json(&folder, "out/coverage.json")["coverage"]["item"][1], "2024-03-02");
    assert_eq!(folder.read("out/findings.csv").lines().count(), 3, "{text}");
}

#[test]
fn a_bad_cell_that_no_rule_looks_at_rejects_its_row_unless_columns_are_left_out() {
    let items = "明细号,就诊,金额,定价上限,使用时间\nL1,V1,150,五元,2024-03-01\nL2,V1,160,5,2024-03-01\n";
    let folder = folder(
        "columns",
        &[
            // A rule on refunds would need every column that a refund takes over from its line.
            ("rules.jihe", RULES.split("规则 退费").next().unwrap().as_bytes()),
            ("data/item.csv", items.as_bytes()),
            ("data/visit.csv", b"mdtrt_id,psn_no,med_type\nV1,P1,11\n"),
        ],
    );
    let audit = |words: &str| said(&folder, &format!("audit --rules rules.jihe --data data {words}"));
    let found = |out: &str| -> Vec<String> {
        let findings = folder.read(&format!("{out}/findings.csv"));
        findings.lines().skip(1).map(|line| line.split(',').nth(6).unwrap().to_owned()).collect()
    };
    let runs = [
        "--out all",
        "--out bounded --memory 64MiB",
        "--out needed --columns needed",
        "--out both --columns needed --memory 64MiB",
    ];
    for words in runs {
        let (code, text) = audit(words);
        assert_eq!(code, 0, "{text}");
    }
    assert_eq!((found("all"), folder.read("all/rejects.csv").lines().count()), (vec!["L2".to_owned()], 2));
    for file in ["findings.csv", "coverage.json", "rejects.csv"] {
        assert_eq!(folder.read(&format!("all/{file}")), folder.read(&format!("bounded/{file}")), "{file}");
        assert_eq!(folder.read(&format!("needed/{file}")), folder.read(&format!("both/{file}")), "{file}");
    }
    assert_eq!(found("needed"), ["L1", "L2"]);
    assert_eq!(folder.read("needed/rejects.csv").lines().count(), 1);
    let (code, text) = audit("--columns needed --layout feijian2024 --out none");
    assert!(code == 2 && text.contains("--layout feijian2024"), "{code} {text}");
    assert!(!folder.path().join("none").exists());
}
