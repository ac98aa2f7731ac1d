//! Other layouts: mapping files, drafts of them, the national extraction list, and what has no place in an audit.
//!
//! In: bytes made by each test. Out: records, rejects, drafts, checks.
//! Invariant: what goes in is taken or rejected, and the counts say so.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

use jihe_io::{CheckResult, Input, Layout, NamedBytes, ReadOptions, Sample, read_files, suggest};
use jihe_model::display::push_key_text;
use jihe_model::kinds::base_schema;
use proptest::prelude::*;
use std::fmt::Write;

fn file(name: &str, bytes: impl AsRef<[u8]>) -> NamedBytes {
    NamedBytes { name: name.into(), bytes: bytes.as_ref().to_vec() }
}

fn read(files: Vec<NamedBytes>, options: &ReadOptions) -> Input {
    let schema = base_schema();
    let input = read_files(&schema, files, options).unwrap();
    for counts in input.counts.values() {
        assert_eq!(counts.read, counts.kept + counts.rejected, "{counts:?}");
    }
    input
}

fn mapped(mapping: &str, files: Vec<NamedBytes>) -> Input {
    read(files, &ReadOptions { mapping: Some(mapping.to_owned()), ..ReadOptions::default() })
}

fn dump(input: &Input, kind: &str) -> Vec<String> {
    let schema = base_schema();
    let id = schema.find_kind(kind).unwrap();
    let records = &input.claims.records;
    let Some(table) = records.tables.get(&id) else { return Vec::new() };
    let mut lines: Vec<String> = (0..table.rows)
        .map(|row| {
            let fields = table.columns.iter().zip(&schema.kind(id).unwrap().fields);
            let mut line = String::new();
            for (column, field) in fields {
                if let Some(word) = column.as_ref().and_then(|column| column.get(row)) {
                    write!(line, " {}=", field.en).unwrap();
                    push_key_text(&mut line, word, field.ty, &records.symbols);
                }
            }
            line.trim_start().to_owned()
        })
        .collect();
    lines.sort();
    lines
}

const MAPPING: &str = r#"
version = 1

[[file]]
name = ["zyfy*", "住院费用"]
kind = "明细"
only = { ZT = ["正常", "退费"] }
[file.fields]
item_id = { join = ["YYDM", "LSH"] }
"就诊" = "ZYH"
"金额" = { column = "JE" }
quantity = { column = "SL", times = "ZHB" }
fee_type = { column = "LB", map = { "药" = "09" }, else = "14" }
item_code = { column = ["GJBM", "BM"] }

[[file]]
name = "zyfy*"
kind = "visit"
one_per_key = true
[file.fields]
visit_id = "ZYH"
institution = "YYDM"
visit_type = { value = "21" }
main_diagnosis = { column = "ZYH", lookup = "主诊断" }

[lookup."主诊断"]
file = "zd"
key = "ZYH"
value = "ZD"
"#;

#[test]
fn a_mapping_says_which_column_is_which_field() {
    let rows = "YYDM,LSH,ZYH,JE,SL,ZHB,LB,GJBM,BM,ZT\nH1,1,Z1,12.50,2,10,药,,B1,正常\nH1,2,Z1,-12.50,-2,10,床,G2,B2,退费\nH1,3,Z2,1,1,1,床,,,作废\n";
    let input = mapped(MAPPING, vec![file("zyfy2024.csv", rows), file("zd.csv", "ZYH,ZD\nZ1,E11\n")]);
    assert!(input.claims.rejects.is_empty(), "{:?}", input.claims.rejects);
    assert_eq!(
        dump(&input, "item"),
        [
            "item_id=H1-1 visit=Z1 item_code=B1 fee_type=09 quantity=20 amount=12.5",
            "item_id=H1-2 visit=Z1 item_code=G2 fee_type=14 quantity=-20 amount=-12.5"
        ]
    );
    assert_eq!(
        dump(&input, "visit"),
        [
            "visit_id=Z1 institution=H1 visit_type=21 main_diagnosis=E11",
            "visit_id=Z2 institution=H1 visit_type=21"
        ]
    );
    let account = input.files.iter().find(|file| file.file == "zyfy2024.csv").unwrap();
    assert_eq!((account.kind.as_deref(), account.rows, account.accepted), (Some("visit+item"), 3, 3));
    assert_eq!(account.columns[0].field.as_deref(), Some("item.item_id, visit.institution"));
}

#[test]
fn a_mapping_that_means_nothing_says_what_was_meant() {
    let schema = base_schema();
    let cases = [
        ("[[file]]\nname=\"a\"\nkind=\"visits\"\n", "visit"),
        (
            "[[file]]\nname=\"a\"\nkind=\"visit\"\n[file.fields]\nvisit_id=\"A\"\ndischarge_tim=\"B\"\n",
            "discharge_time",
        ),
        ("[[file]]\nname=\"a\"\nkind=\"visit\"\nfeilds={}\n", "fields"),
        ("[[file]]\nname=\"a\"\nkind=\"visit\"\n[file.fields]\ntime=\"A\"\n", "visit_id"),
        ("[[file]]\nname=\"a\"\nkind=\"visit\"\n[file.fields]\nvisit_id={colum=\"A\"}\n", "column"),
        (
            "[[file]]\nname=\"a\"\nkind=\"visit\"\n[file.fields]\nvisit_id={lookup=\"x\",column=\"A\"}\n",
            "lookup",
        ),
        ("version = 1\n", "[[file]]"),
        ("file = ", "TOML"),
    ];
    for (text, wanted) in cases {
        let options = ReadOptions { mapping: Some(text.to_owned()), ..ReadOptions::default() };
        let error = read_files(&schema, Vec::new(), &options).unwrap_err();
        let english = error.message(jihe::Language::English).to_owned();
        assert!(english.contains(wanted) && error.is_usage(), "{text}: {english}");
    }
    let absent = mapped(MAPPING, vec![file("zyfy.csv", "YYDM,LSH,ZYH,JEE\n")]);
    let problem = absent.files[0].problem_en.as_deref().unwrap();
    assert!(problem.contains("no column") && problem.contains("zyfy.csv"), "{problem}");
}

#[test]
fn a_draft_is_a_mapping() {
    let schema = base_schema();
    let sample = |file: &str, columns: &str, rows: &[&str]| Sample {
        file: file.into(),
        columns: columns.split(',').map(str::to_owned).collect(),
        rows: rows.iter().map(|row| row.split(',').map(str::to_owned).collect()).collect(),
    };
    let samples = [
        sample(
            "门诊收费",
            "费用流水号,就诊流水号,项目编码,收费金额,数量,收费时间,经办人",
            &["1,V1,A,12.5,1,2024-01-01,x", "2,V1,B,8,1,2024-01-02,x"],
        ),
        sample("病人\"信息", "患者编号,性别,CSRQ", &["P1,男,1960-01-01"]),
        sample("说明", "a,b", &["1,2"]),
    ];
    let draft = suggest(&schema, &samples).unwrap();
    assert!(draft.contains("item_id = \"费用流水号\"") && draft.contains("amount = \"收费金额\""), "{draft}");
    assert!(draft.contains("birth_date = \"CSRQ\"") && draft.contains("# 说明"), "{draft}");
    assert!(draft.contains("not used: 经办人"), "{draft}");
    let rows = "费用流水号,就诊流水号,项目编码,收费金额,数量,收费时间,经办人\n1,V1,A,12.5,1,2024-01-01,x\n";
    let input = mapped(&draft, vec![file("门诊收费.csv", rows)]);
    assert_eq!(dump(&input, "item").len(), 1, "{draft}\n{:?}", input.files);
    assert!(suggest(&schema, &samples[2..]).is_err());
}

const BILLS: &str = "HOSPITAL_ID,HOSPITAL_NAME,HISID,BILL_DATE,PATIENT_ID,PATIENT_GENDER,PATIENT_BIRTHDAY,CLAIM_TYPE,ADMISSION_DATE,OUTPATIENT_DISEASE_ID,ADMISSION_DISEASE_NAME,TOTAL_AMOUNT,REFUND_FLAG_TYPE,REFUND_HISID\nH1,甲,B1,2024-01-05,P1,男,1960-01-01,门慢,2024-01-05,E11|I10,糖尿病|高血压,100.00,0,\nH1,甲,B2,2024-03-05,P1,男,1960-01-01,普通门诊,2024-03-05,J06,感冒,50.00,0,\nH1,甲,B3,2024-03-06,P1,男,1960-01-01,普通门诊,2024-03-06,J06,感冒,-50.00,1,B2\nH1,甲,B2,2024-03-05,P1,男,1960-01-01,普通门诊,2024-03-05,J06,感冒,50.00,0,\n";
const LINES: &str = "HISID|@|ITEM_ID|@|ITEM_NAME|@|NUM|@|UNIT_PRICE|@|COST|@|USAGE_DATE|@|REFUND_FLAG_TYPE|@|REFUND_HISID\nB1|@|X1|@|药,一|@|1|@|100|@|100.00|@|2024-01-05|@|0|@|\nB2|@|X2|@|药二|@|1|@|50|@|50.00|@|2024-03-05|@|0|@|\nB3|@|X2|@|药二|@|-1|@|50|@|-50.00|@|2024-03-06|@|1|@|B2\nB9|@|X2|@|药二|@|1|@|50|@|50.00|@|2024-03-06|@|0|@|\n";

#[test]
fn the_extraction_list_and_its_checks() {
    let options = ReadOptions { layout: Layout::Feijian2024, ..ReadOptions::default() };
    let input = read(vec![file("SETTLE_MZ.csv", BILLS), file("settle_mz_detail.txt", LINES)], &options);
    assert_eq!(
        dump(&input, "diagnosis")[..2],
        [
            "visit=B1 code=E11 name=糖尿病 phase=1 rank=1 main=1",
            "visit=B1 code=I10 name=高血压 phase=1 rank=2 main=0"
        ]
    );
    assert_eq!(dump(&input, "person"), ["person_id=P1 sex=1 birth_date=1960-01-01"]);
    let visits = dump(&input, "visit");
    assert!(visits[0].contains("visit_type=14") && visits[0].contains("main_diagnosis=E11"), "{visits:?}");
    // A refund is no visit of its own; its lines belong to what it takes back.
    assert!(!visits.iter().any(|visit| visit.starts_with("visit_id=B3")), "{visits:?}");
    let refund = dump(&input, "item").into_iter().find(|line| line.contains("settlement=B3")).unwrap();
    assert!(refund.contains(" visit=B2 ") && refund.contains("quantity=-1"), "{refund}");
    let report = input.preflight.unwrap().report(Some((19_723, 19_813)));
    let result = |check: &str, table: &str| {
        report
            .checks
            .iter()
            .find(|line| line.check == check && line.table == table)
            .map(|line| (line.result, line.found.clone()))
            .unwrap()
    };
    assert!(!report.passed);
    assert_eq!(result("totals", "SETTLE_MZ_DETAIL"), (CheckResult::Pass, "0%".into()));
    assert_eq!(result("duplicates", "SETTLE_MZ"), (CheckResult::Fail, "25.00%".into()));
    assert_eq!(result("joins", "SETTLE_MZ_DETAIL"), (CheckResult::Fail, "25.00%".into()));
    assert_eq!(result("months", "SETTLE_MZ"), (CheckResult::Fail, "1".into()));
    assert_eq!(result("period", "SETTLE_MZ"), (CheckResult::Pass, "0".into()));
    assert_eq!(result("negative", "SETTLE_MZ"), (CheckResult::Pass, "0".into()));
    assert_eq!(result("required", "SETTLE_MZ").0, CheckResult::Fail);
    assert_eq!(result("tables", "SETTLE_ZY").0, CheckResult::Fail);
}

#[test]
fn numbers_and_dates_as_people_write_them() {
    let days = ["2024-03-01", "2024/3/1", "20240301", "2024年3月1日", "2024.03.01"];
    let rows =
        days.iter().enumerate().fold(String::new(), |rows, (at, day)| rows + &format!("V{at},{day}\n"));
    let input = read(vec![file("visit.csv", format!("mdtrt_id,time\n{rows}"))], &ReadOptions::default());
    assert!(
        dump(&input, "visit").iter().all(|line| line.ends_with("time=2024-03-01")),
        "{:?}",
        dump(&input, "visit")
    );
    for (value, why) in
        [("1.2E+5", "科学计数法"), ("4.40306E+17", "科学计数法"), ("1,200", "不是数"), ("0.00001", "小数位")]
    {
        let text = format!("feedetl_sn,amount\nL1,\"{value}\"\nL2,1\n");
        let input = read(vec![file("item.csv", text)], &ReadOptions::default());
        assert_eq!(dump(&input, "item").len(), 1);
        assert!(input.claims.rejects[0].reason.zh.contains(why), "{value}: {:?}", input.claims.rejects);
    }
    for value in ["45352", "03/01/2024", "2024-13-01", "2024-02-30"] {
        let input =
            read(vec![file("visit.csv", format!("mdtrt_id,time\nV1,{value}\n"))], &ReadOptions::default());
        assert_eq!((dump(&input, "visit").len(), input.claims.rejects.len()), (0, 1), "{value}");
    }
}

#[test]
fn keys_given_twice() {
    let text = "feedetl_sn,amount\nL1,5\nL1,5\nL1,6\nL2,1\n";
    let input = read(vec![file("item.csv", text)], &ReadOptions::default());
    let item = base_schema().find_kind("item").unwrap();
    let counts = input.counts[&item];
    assert_eq!((counts.read, counts.kept, counts.rejected, counts.repeated), (4, 3, 1, 1));
    assert!(input.claims.rejects[0].reason.zh.contains("主键重复"));
    assert_eq!((input.files[0].accepted, input.files[0].rejected), (3, 1));
}

#[test]
fn a_profile_says_what_there_is_and_what_is_lacking() {
    let schema = base_schema();
    let files = vec![
        file("visit.csv", "mdtrt_id,psn_no,time\nV1,P1,2024-01-01\nV2,P2,2024-02-01\nV3,,\n"),
        file("person.csv", "psn_no\nP1\n"),
    ];
    let input = read(files, &ReadOptions::default());
    let rules = jihe::RuleFiles::new().rule(
        "a.jihe",
        "规则 甲 { 编号 \"X1\" 针对 就诊 当 参保人.出生日期 > 2000-01-01 且 医疗类别 = \"21\" 性质 可疑 说明 \"甲\" }\n规则 乙 { 编号 \"X2\" 针对 明细 当 金额 > 1 元 性质 可疑 说明 \"乙\" }",
    );
    let ruleset = jihe::compile(&rules).map_err(|error| error.render(jihe::Language::Chinese)).unwrap();
    let profile = jihe_io::profile(&schema, &input, &ruleset.requirements());
    let kind = |name: &str| profile.kinds.iter().find(|kind| kind.kind == name).unwrap();
    let field = |name: &str| kind("visit").fields.iter().find(|field| field.field == name).unwrap();
    assert_eq!((kind("visit").rows, field("person").filled, field("person").orphans), (3, 2, Some(1)));
    assert_eq!(
        (field("time").min.as_deref(), field("time").max.as_deref()),
        (Some("2024-01-01"), Some("2024-02-01"))
    );
    assert!(kind("visit").missing.contains(&"visit_type".to_owned()), "{:?}", kind("visit").missing);
    assert!(!kind("item").supplied && kind("item").needed);
    assert!(kind("person").missing.contains(&"birth_date".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the bytes are: nothing panics, and what is read is kept or rejected.
    #[test]
    fn counts_always_add_up(
        name in prop::sample::select(vec!["item.csv", "item.tsv", "item.ndjson", "item.txt", "item.csv.gz", "item.parquet", "item.xlsx", "SETTLE_ZY.csv"]),
        lines in prop::collection::vec("[L0-9]{0,3}[,\t|@\"]{0,2}[-0-9.eE一，\"{}:]{0,8}", 0..20),
        tail in prop::collection::vec(any::<u8>(), 0..40),
        threads in 1usize..3,
    ) {
        let mut bytes = b"feedetl_sn,amount\n".to_vec();
        bytes.extend(lines.join("\n").into_bytes());
        bytes.extend(tail);
        let schema = base_schema();
        for layout in [Layout::Folder, Layout::Feijian2024] {
            let options = ReadOptions { layout, threads, longest_row: 200, ..ReadOptions::default() };
            let input = read_files(&schema, vec![file(name, &bytes)], &options).unwrap();
            for counts in input.counts.values() {
                prop_assert_eq!(counts.read, counts.kept + counts.rejected);
            }
            for file in &input.files {
                prop_assert_eq!(file.rows, file.accepted + file.rejected);
            }
        }
    }
}
