//! The national extraction list: its checks at their limits, what it requires, refunds; values that folders carry.
//!
//! In: tables made by each test; the list itself where this machine has it. Out: records, checks.
//! Invariant: a check that lacks what it needs never passes.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

#[path = "support/records.rs"]
mod records;

use jihe_io::{CheckLine, CheckResult, Input, Layout, NamedBytes, ReadOptions};
use records::{dump, file, read};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

fn listed(files: Vec<NamedBytes>) -> Input {
    read(files, &ReadOptions { layout: Layout::Feijian2024, ..ReadOptions::default() })
}

fn mapped(mapping: &str, files: Vec<NamedBytes>) -> Input {
    read(files, &ReadOptions { mapping: Some(mapping.to_owned()), ..ReadOptions::default() })
}

/// The line of a check, as of January 2024.
fn check(input: &Input, check: &str, table: &str) -> Option<CheckLine> {
    let report = input.preflight.as_ref().unwrap().report(Some((19_723, 19_753)));
    report.checks.into_iter().find(|line| line.check == check && line.table == table)
}

fn result(input: &Input, name: &str, table: &str) -> CheckResult {
    check(input, name, table).unwrap().result
}

/// The tables of the layout: name, columns, required, present, refunds.
fn layout() -> Vec<BTreeMap<String, toml::Value>> {
    let text: toml::Table = include_str!("../src/layouts/feijian2024.toml").parse().unwrap();
    let tables = text["table"].as_array().unwrap().iter();
    tables.map(|table| table.as_table().unwrap().clone().into_iter().collect()).collect()
}

fn names(table: &BTreeMap<String, toml::Value>, key: &str) -> BTreeSet<String> {
    let list = table.get(key).and_then(toml::Value::as_array).cloned().unwrap_or_default();
    list.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn columns_and_required_ones_are_those_of_the_national_list() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let home = std::env::var_os("JIHE_SHARED").map_or(home, Into::into);
    let Ok(text) = std::fs::read_to_string(home.join("domain/interface_fields.csv")) else {
        eprintln!("skipped: no interface_fields.csv in {}", home.display());
        return;
    };
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut national: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for row in rows.records().map(Result::unwrap).filter(|row| row[0].starts_with("飞检2024")) {
        let (columns, required) = national.entry(row[2].to_owned()).or_default();
        columns.insert(row[3].to_owned());
        if &row[8] == "Y" {
            required.insert(row[3].to_owned());
        }
    }
    let ours: BTreeMap<_, _> = layout()
        .iter()
        .map(|table| {
            let required = names(table, "required").union(&names(table, "present")).cloned().collect();
            (table["name"].as_str().unwrap().to_owned(), (names(table, "columns"), required))
        })
        .collect();
    assert_eq!(ours, national);
}

fn value(column: &str) -> &'static str {
    let is_time = ["DATE", "TIME", "BIRTHDAY"].iter().any(|part| column.contains(part));
    match column {
        _ if is_time => "2024-01-02",
        // The same operation cannot be the main one and another.
        "ICD9_CODE_OTHER" => "2",
        _ => "1",
    }
}

#[test]
fn columns_that_the_list_does_not_require_may_be_left_out() {
    for table in layout() {
        let name = table["name"].as_str().unwrap();
        let needed: Vec<String> =
            names(&table, "required").union(&names(&table, "present")).cloned().collect();
        let row: Vec<&str> = needed.iter().map(|column| value(column)).collect();
        let text = format!("{}\n{}\n", needed.join(","), row.join(","));
        let input = listed(vec![file(&format!("{name}.csv"), text)]);
        assert_eq!(input.files[0].problem, None, "{name}");
        assert_eq!(
            (input.files[0].rows, input.files[0].rejected),
            (1, 0),
            "{name}: {:?}",
            input.claims.rejects
        );
        assert_eq!(result(&input, "required", name), CheckResult::Pass, "{name}");
        let left: BTreeSet<String> =
            names(&table, "columns").into_iter().filter(|column| !needed.contains(column)).collect();
        let told = check(&input, "left_out", name);
        assert_eq!(told.is_some(), !left.is_empty(), "{name}");
        let told = told.map(|line| line.text_en).unwrap_or_default();
        assert!(left.iter().all(|column| told.contains(column.as_str())), "{name}: {told}");
    }
    // With no more than its key a bill is read, and the check says what it lacks.
    let input = listed(vec![file("SETTLE_ZY.csv", "HISID\nB1\n")]);
    assert_eq!(dump(&input, "visit"), ["visit_id=B1"]);
    assert_eq!(result(&input, "required", "SETTLE_ZY"), CheckResult::Fail);
    // Without it none can be.
    let input = listed(vec![file("SETTLE_ZY.csv", "PATIENT_ID,HIS_ID\nP1,B1\n")]);
    let problem = input.files[0].problem_en.as_deref().unwrap();
    assert!(problem.contains("`HISID`") && problem.contains("HIS_ID"), "{problem}");
}

#[test]
fn what_is_not_there_never_passes() {
    let input = listed(vec![file("SETTLE_MZ.csv", "HISID\nB1\n"), file("SETTLE_MZ_DETAIL.csv", "COST\n1\n")]);
    for (name, table) in [
        ("required", "SETTLE_MZ"),
        ("negative", "SETTLE_MZ"),
        ("period", "SETTLE_MZ"),
        ("months", "SETTLE_MZ"),
        ("totals", "SETTLE_MZ_DETAIL"),
        ("records", "SETTLE_MZ_DETAIL"),
        ("joins", "SETTLE_MZ_DETAIL"),
        ("tables", "SETTLE_ZY"),
    ] {
        assert_eq!(result(&input, name, table), CheckResult::Fail, "{name} {table}");
    }
    let report = input.preflight.as_ref().unwrap().report(None);
    let unchecked = |name: &str| {
        report.checks.iter().any(|line| line.check == name && line.result == CheckResult::NotChecked)
    };
    assert!(!report.passed && unchecked("period") && unchecked("months"));
    let input = listed(vec![file("SETTLE_ZY_DETAIL.csv", "HISID,COST\nB1,1\n")]);
    assert_eq!(result(&input, "joins", "SETTLE_ZY_DETAIL"), CheckResult::NotChecked);
}

#[test]
fn refunds_name_the_bill_they_take_back() {
    let bills = "HISID,BILL_DATE,PATIENT_ID,ADMISSION_DATE,TOTAL_AMOUNT,REFUND_FLAG_TYPE,REFUND_HISID\nB1,2024-01-02,P1,2024-01-02,5.00,0,\nB2,2024-01-03,P1,2024-01-02,-5.00,1,B1\nB3,2024-01-03,P1,2024-01-03,-2.00,1,\nB4,2024-01-04,P1,2024-01-04,-1.00,0,\n";
    let lines =
        "HISID,ITEM_ID,NUM,COST,REFUND_FLAG_TYPE,REFUND_HISID\nB1,X,1,5.00,否,\nB2,X,-1,-5.00,是,B1\n";
    let input = listed(vec![file("SETTLE_MZ.csv", bills), file("SETTLE_MZ_DETAIL.csv", lines)]);
    let required = check(&input, "required", "SETTLE_MZ").unwrap();
    assert!(required.text.contains("REFUND_HISID（1 行退费为空）"), "{required:?}");
    assert!(!check(&input, "required", "SETTLE_MZ_DETAIL").unwrap().text.contains("REFUND_HISID"));
    // Only the bill that is no refund must not be negative.
    assert_eq!(check(&input, "negative", "SETTLE_MZ").unwrap().found, "1");
    let visits: Vec<String> = dump(&input, "visit");
    assert!(visits.len() == 2 && visits[0].starts_with("visit_id=B1"), "{visits:?}");
    let refund = dump(&input, "item").into_iter().find(|line| line.contains("settlement=B2")).unwrap();
    assert!(refund.contains("visit=B1"), "{refund}");
    let settled: Vec<String> = dump(&input, "settlement");
    assert!(settled[1].contains("visit=B1") && settled[1].contains("refund_flag=1"), "{settled:?}");
}

/// 1,000 bills of one yuan, every one with a line; then some are made wrong.
fn thousand(change: impl Fn(&mut Vec<String>, &mut Vec<(String, i64)>)) -> Input {
    let mut bills: Vec<String> = (0..1_000).map(|number| format!("B{number}")).collect();
    let mut lines: Vec<(String, i64)> = bills.iter().map(|bill| (bill.clone(), 100)).collect();
    change(&mut bills, &mut lines);
    let mut master = String::from("HISID,BILL_DATE,TOTAL_AMOUNT\n");
    let mut detail = String::from("HISID,ITEM_ID,NUM,COST\n");
    for bill in &bills {
        writeln!(master, "{bill},2024-01-02,1.00").unwrap();
    }
    for (at, (bill, fen)) in lines.iter().enumerate() {
        writeln!(detail, "{bill},X{at},1,{}.{:02}", fen / 100, fen % 100).unwrap();
    }
    listed(vec![file("SETTLE_ZY.csv", master), file("SETTLE_ZY_DETAIL.csv", detail)])
}

#[test]
fn shares_are_held_to_the_limits_of_the_list() {
    let bad = |count: usize, name: &str, table: &str| {
        let input = thousand(|bills, lines| match name {
            "totals" => lines[0].1 += i64::try_from(count).unwrap(),
            "duplicates" => bills.extend((0..count).map(|number| format!("B{number}"))),
            "records" => drop(lines.drain(..count)),
            _ => (0..count).for_each(|at| lines[at].0 = format!("C{at}")),
        });
        result(&input, name, table)
    };
    for (name, table, most) in [
        ("totals", "SETTLE_ZY_DETAIL", 500),
        ("duplicates", "SETTLE_ZY", 1),
        ("records", "SETTLE_ZY_DETAIL", 1),
        ("joins", "SETTLE_ZY_DETAIL", 1),
    ] {
        assert_eq!(bad(0, name, table), CheckResult::Pass, "{name}");
        assert_eq!(bad(most, name, table), CheckResult::Pass, "{name} at its limit");
        assert_eq!(bad(most + 1, name, table), CheckResult::Fail, "{name} beyond its limit");
    }
}

#[test]
fn either_separator_and_several_values_a_cell() {
    let rows = [
        ["HISID", "OUTPATIENT_DISEASE_ID", "ADMISSION_DISEASE_NAME", "DOCTOR_NAME"],
        ["B1", "E11|I10|", "糖尿病|高血压", "甲"],
        ["B2", "J06", "感冒", ""],
        ["B3", "", "", "乙"],
    ];
    let text = |between: &str| rows.map(|row| row.join(between)).join("\n") + "\n";
    let [comma, barred] = [text(","), text("|@|")].map(|text| listed(vec![file("门诊结算主单.txt", text)]));
    let expected = [
        "visit=B1 code=E11 name=糖尿病 phase=1 rank=1 main=1",
        "visit=B1 code=I10 name=高血压 phase=1 rank=2 main=0",
        "visit=B2 code=J06 name=感冒 phase=1 rank=1 main=1",
    ];
    for input in [&comma, &barred] {
        assert_eq!(dump(input, "diagnosis"), expected, "{:?}", input.claims.rejects);
    }
    assert_eq!(dump(&comma, "visit"), dump(&barred, "visit"));
    let operations = "HISID,ICD9_CODE_MAIN,ICD9_CODE_OTHER,ICD9_NAME_OTHER\nB1,A,B|C,乙|丙\n";
    let input = listed(vec![file("MDCS_FUND_SETL_LIST_OPRN_D.csv", operations)]);
    let operations = dump(&input, "operation");
    assert_eq!(operations.len(), 3, "{operations:?}");
    assert!(operations[2].contains("code=C name=丙 main=0"), "{operations:?}");
}

const LOCAL: &str = r#"
version = 1
[[file]]
name = "zyfy"
kind = "item"
only = { zt = ["1"] }
[file.fields]
item_id = { join = ["region", "LSH"] }
visit = "ZYH"
item_code = { column = "BM", lookup = "bz", keep = true }
note = "region"
[lookup.bz]
file = "dz"
key = "BM"
value = "gb"
"#;

#[test]
fn values_of_folders_fill_fields_of_mapped_files() {
    let input = mapped(
        LOCAL,
        vec![
            file("dz/gb=G1/a.csv", "BM\nB1\n"),
            file("zyfy/region=3301/zt=1/a.csv", "LSH,ZYH,BM\n1,Z1,B1\n2,Z1,B2\n"),
            file("zyfy/region=3302/zt=0/a.csv", "LSH,ZYH,BM\n1,Z2,B1\n"),
            file(
                "zyfy/region=3302/zt=1/a.ndjson",
                "{\"LSH\":\"1\",\"ZYH\":\"Z2\"}\n{\"BM\":\"B1\",\"LSH\":\"2\",\"ZYH\":\"Z2\"}\n",
            ),
            // A column of the file stands before one of its folder.
            file("zyfy/region=3303/zt=1/a.csv", "LSH,ZYH,BM,region\n1,Z3,B1,9999\n"),
        ],
    );
    assert_eq!(
        dump(&input, "item"),
        [
            "item_id=3301-1 visit=Z1 item_code=G1 note=3301",
            "item_id=3301-2 visit=Z1 item_code=B2 note=3301",
            "item_id=3302-1 visit=Z2 note=3302",
            "item_id=3302-2 visit=Z2 item_code=G1 note=3302",
            "item_id=9999-1 visit=Z3 item_code=G1 note=9999",
        ],
        "{:?} {:?}",
        input.files,
        input.claims.rejects
    );
    let region = input.files[1].columns.iter().find(|column| column.header == "region").unwrap();
    assert_eq!(region.field.as_deref(), Some("item.item_id, item.note"));
    // The national list too, and its checks.
    let input = listed(vec![file("SETTLE_MZ/HOSPITAL_ID=H1/BILL_DATE=2024-01-02/a.csv", "HISID\nB1\n")]);
    assert_eq!(dump(&input, "visit"), ["visit_id=B1 institution=H1"]);
    assert_eq!(result(&input, "period", "SETTLE_MZ"), CheckResult::Pass);
}

/// A cell that decides whether a row counts, and cannot be read, rejects the row: it is never passed over.
#[test]
fn a_row_whose_meaning_cannot_be_read_is_rejected() {
    let mut bytes = "LSH,ZYH,BM,zt,region\n1,Z1,甲,1,R\n2,Z1,B2,".as_bytes().to_vec();
    bytes.extend(b"\xff\xff,R\n3,Z1,B3,0,R\n");
    let input = mapped(LOCAL, vec![file("zyfy.csv", bytes)]);
    assert_eq!(dump(&input, "item").len(), 1);
    assert_eq!((input.files[0].rows, input.files[0].rejected), (3, 1));
    assert_eq!(input.claims.rejects[0].line, 3);
    let mut bytes =
        "HISID,PATIENT_ID,OUTPATIENT_DISEASE_ID,REFUND_FLAG_TYPE\nB1,甲,E11,0\nB2,P2,".as_bytes().to_vec();
    bytes.extend(b"\xff,0\n");
    let input = listed(vec![file("SETTLE_MZ.csv", bytes)]);
    assert_eq!((dump(&input, "diagnosis").len(), input.files[0].rejected), (1, 1));
}
