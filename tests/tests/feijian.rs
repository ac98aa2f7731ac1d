//! A synthetic city written as the extraction list of the 2024 national inspections.
//!
//! In: a city cut down to what that list carries. Out: its findings, read from a folder and from the list.
//! Invariant: the same records give the same findings, whichever way they were laid out.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

use jihe_io::{Input, Layout, NamedBytes, ReadOptions, read_files};
use jihe_synth::MemorySink;
use jihe_tests::{city, compile, rulebook_files};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

type Line = BTreeMap<String, String>;

/// The tables of a city, row by row.
struct Tables(BTreeMap<&'static str, Vec<Line>>);

const KINDS: [&str; 8] =
    ["visit", "settlement", "item", "diagnosis", "operation", "person", "institution", "practitioner"];
/// Kinds that the list does not have: they are read from files named for them, in both layouts.
const ASIDE: [&str; 7] =
    ["enrolment", "registration", "refund", "trace", "stock", "device_registration", "charge_filing"];

fn lines(city: &MemorySink, kind: &str) -> Vec<Line> {
    let Some(table) = city.tables.get(&format!("{kind}.csv")) else { return Vec::new() };
    let row = |row: &Vec<String>| table.header.iter().cloned().zip(row.iter().cloned()).collect();
    table.rows.iter().map(row).collect()
}

fn get<'l>(line: &'l Line, field: &str) -> &'l str {
    line.get(field).map_or("", String::as_str)
}

/// What the list carries of a city: stays and outpatient visits with one settlement each.
fn carried(city: &MemorySink) -> Tables {
    let mut tables: BTreeMap<&'static str, Vec<Line>> =
        KINDS.iter().chain(&ASIDE).map(|kind| (*kind, lines(city, kind))).collect();
    let mut settled: BTreeMap<String, usize> = BTreeMap::new();
    for line in &tables["settlement"] {
        *settled.entry(get(line, "visit").to_owned()).or_default() += 1;
    }
    let once = |visit: &str| settled.get(visit) == Some(&1);
    for kind in ["settlement", "item", "diagnosis", "operation", "refund"] {
        tables.get_mut(kind).unwrap().retain(|line| once(get(line, "visit")));
    }
    tables.get_mut("visit").unwrap().retain(|line| once(get(line, "visit_id")));
    for kind in ["settlement", "item", "refund"] {
        for line in tables.get_mut(kind).unwrap() {
            let visit = get(line, "visit").to_owned();
            line.insert(if kind == "settlement" { "settlement_id" } else { "settlement" }.into(), visit);
        }
    }
    let stays: BTreeSet<String> = tables["visit"]
        .iter()
        .filter(|line| get(line, "visit_type").starts_with('2'))
        .map(|line| get(line, "visit_id").to_owned())
        .collect();
    cut_visits(&mut tables, &stays);
    cut_people(&mut tables);
    for line in tables.get_mut("settlement").unwrap() {
        let paid = get(line, "fund_amount").to_owned();
        line.insert("pool_amount".into(), paid);
        line.insert("refund_flag".into(), "0".into());
    }
    for line in tables.get_mut("item").unwrap() {
        let stay = stays.contains(get(line, "visit"));
        line.insert(if stay { "prescription" } else { "discharge_drug" }.into(), String::new());
    }
    Tables(tables)
}

fn cut_visits(tables: &mut BTreeMap<&'static str, Vec<Line>>, stays: &BTreeSet<String>) {
    let phase = |visit: &str| if stays.contains(visit) { "2" } else { "1" };
    tables.get_mut("diagnosis").unwrap().retain(|line| get(line, "phase") == phase(get(line, "visit")));
    let mut first: BTreeMap<String, (String, String)> = BTreeMap::new();
    for line in &tables["diagnosis"] {
        first
            .entry(get(line, "visit").to_owned())
            .or_insert_with(|| (get(line, "code").to_owned(), get(line, "name").to_owned()));
    }
    let mut operations: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in &tables["operation"] {
        operations.entry(get(line, "visit").to_owned()).or_default().insert(get(line, "code").to_owned());
    }
    for line in tables.get_mut("visit").unwrap() {
        let visit = get(line, "visit_id").to_owned();
        let (code, name) = first.get(&visit).cloned().unwrap_or_default();
        line.insert("main_diagnosis".into(), code);
        line.insert("main_diagnosis_name".into(), name);
        let operation = operations.get(&visit).and_then(|codes| codes.first()).cloned();
        line.insert("main_operation".into(), operation.unwrap_or_default());
        if !stays.contains(&visit) {
            for field in ["discharge_time", "discharge_department", "discharge_way"] {
                line.insert(field.into(), String::new());
            }
        } else if get(line, "discharge_way") == "3" {
            line.insert("discharge_way".into(), "2".into());
        }
    }
}

/// Only those whom bills name.
fn cut_people(tables: &mut BTreeMap<&'static str, Vec<Line>>) {
    let mut home: BTreeMap<String, String> = BTreeMap::new();
    let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
    let place: BTreeMap<String, String> = tables["visit"]
        .iter()
        .map(|line| (get(line, "visit_id").to_owned(), get(line, "institution").to_owned()))
        .collect();
    for line in &tables["visit"] {
        seen.insert(("person", get(line, "person").to_owned()));
        seen.insert(("institution", get(line, "institution").to_owned()));
    }
    let named = tables["visit"].iter().map(|line| (get(line, "practitioner"), get(line, "institution")));
    let ordered = tables["item"].iter().map(|line| {
        (get(line, "ordering_practitioner"), place.get(get(line, "visit")).map_or("", String::as_str))
    });
    for (practitioner, institution) in
        named.chain(ordered).filter(|(practitioner, _)| !practitioner.is_empty())
    {
        let home = home.entry(practitioner.to_owned()).or_insert_with(|| institution.to_owned());
        if institution < home.as_str() {
            institution.clone_into(home);
        }
        seen.insert(("practitioner", practitioner.to_owned()));
    }
    for (kind, key) in
        [("person", "person_id"), ("institution", "institution_id"), ("practitioner", "practitioner_id")]
    {
        tables.get_mut(kind).unwrap().retain(|line| seen.contains(&(kind, get(line, key).to_owned())));
    }
    for line in tables.get_mut("institution").unwrap() {
        line.insert("institution_type".into(), "1".into());
    }
    for line in tables.get_mut("practitioner").unwrap() {
        let at = home.get(get(line, "practitioner_id")).cloned().unwrap_or_default();
        line.insert("institution".into(), at);
    }
}

const CARRIED: [(&str, &str); 8] = [
    (
        "visit",
        "visit_id person institution practitioner visit_type insurance time discharge_time main_diagnosis main_diagnosis_name main_operation department discharge_department discharge_way total_amount",
    ),
    (
        "settlement",
        "settlement_id visit time total_amount fund_amount pool_amount covered_amount refund_flag",
    ),
    (
        "item",
        "item_id original_item visit settlement item_code item_name fee_type payment_class quantity unit_price amount covered_amount used_time billed_time ordered_time ordering_department ordering_practitioner prescription discharge_drug",
    ),
    ("diagnosis", "visit code name phase rank main"),
    ("operation", "visit code name start_time end_time main surgeon"),
    ("person", "person_id sex birth_date person_type"),
    ("institution", "institution_id name level institution_type"),
    ("practitioner", "practitioner_id name institution"),
];

fn file(name: &str, header: &[&str], rows: impl Iterator<Item = Vec<String>>, between: &str) -> NamedBytes {
    let mut text = header.join(between);
    text.push('\n');
    for row in rows {
        let quote = |cell: &String| {
            if between == "," && cell.contains([',', '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        writeln!(text, "{}", row.iter().map(quote).collect::<Vec<_>>().join(between)).unwrap();
    }
    NamedBytes { name: name.into(), bytes: text.into_bytes() }
}

fn aside(tables: &Tables, city: &MemorySink) -> Vec<NamedBytes> {
    let there = ASIDE.iter().filter_map(|kind| {
        let header = &city.tables.get(&format!("{kind}.csv"))?.header;
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows =
            tables.0[kind].iter().map(|line| header.iter().map(|name| get(line, name).into()).collect());
        Some(file(&format!("{kind}.csv"), &header, rows, ","))
    });
    let run = NamedBytes { name: "run.toml".into(), bytes: city.texts["run.toml"].clone().into_bytes() };
    there.chain([run]).collect()
}

fn as_folder(tables: &Tables) -> Vec<NamedBytes> {
    let files = CARRIED.iter().map(|(kind, fields)| {
        let header: Vec<&str> = fields.split(' ').collect();
        let rows =
            tables.0[kind].iter().map(|line| header.iter().map(|name| get(line, name).into()).collect());
        file(&format!("{kind}.csv"), &header, rows, ",")
    });
    files.collect()
}

/// Who is who in the tables.
struct Book<'t> {
    tables: &'t Tables,
    persons: BTreeMap<String, Line>,
    places: BTreeMap<String, Line>,
    doctors: BTreeMap<String, Line>,
    visits: BTreeMap<String, Line>,
    diagnoses: BTreeMap<String, Vec<Line>>,
    empty: Line,
}

impl<'t> Book<'t> {
    fn new(tables: &'t Tables) -> Self {
        let find = |kind: &str, key: &str| -> BTreeMap<String, Line> {
            tables.0[kind].iter().map(|line| (get(line, key).to_owned(), line.clone())).collect()
        };
        let (persons, places) = (find("person", "person_id"), find("institution", "institution_id"));
        let doctors = find("practitioner", "practitioner_id");
        let visits = find("visit", "visit_id");
        let mut diagnoses: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for line in &tables.0["diagnosis"] {
            diagnoses.entry(get(line, "visit").to_owned()).or_default().push(line.clone());
        }
        Self { tables, persons, places, doctors, visits, diagnoses, empty: Line::new() }
    }

    fn is_stay(&self, visit: &str) -> bool {
        get(self.visits.get(visit).unwrap_or(&self.empty), "visit_type").starts_with('2')
    }

    fn diagnoses(&self, visit: &str, field: &str) -> Vec<String> {
        let lines = self.diagnoses.get(visit).into_iter().flatten();
        lines.map(|line| get(line, field).into()).collect()
    }

    fn doctor(&self, key: &str) -> String {
        get(self.doctors.get(key).unwrap_or(&self.empty), "name").into()
    }

    /// A cell of a bill.
    fn bill_cell(&self, bill: &Line, column: &str) -> String {
        let visit = &self.visits[get(bill, "visit")];
        let (person, place) = (&self.persons[get(visit, "person")], &self.places[get(visit, "institution")]);
        let key = get(visit, "visit_id");
        let list = |field: &str| {
            if self.is_stay(key) { String::new() } else { self.diagnoses(key, field).join("|") }
        };
        let text = match column {
            "HOSPITAL_ID" => get(visit, "institution"),
            "HOSPITAL_NAME" => get(place, "name"),
            "HISID" => key,
            "P_LEVEL" => get(place, "level"),
            "BILL_DATE" => get(bill, "time"),
            "PATIENT_ID" => get(visit, "person"),
            "BENEFIT_TYPE" => get(visit, "insurance"),
            "BENEFIT_GROUP_ID" => get(person, "person_type"),
            "ADMISSION_DEPT_ID" => get(visit, "department"),
            "DISCHARGE_DEPT_ID" => get(visit, "discharge_department"),
            "DOCTOR_ID" => get(visit, "practitioner"),
            "DOCTOR_NAME" => return self.doctor(get(visit, "practitioner")),
            "PATIENT_GENDER" => get(person, "sex"),
            "PATIENT_BIRTHDAY" => get(person, "birth_date"),
            "CLAIM_TYPE" => get(visit, "visit_type"),
            "ADMISSION_DATE" => get(visit, "time"),
            "DISCHARGE_DATE" => get(visit, "discharge_time"),
            "DISCHARGE_STATUS" => match get(visit, "discharge_way") {
                "4" => "3",
                "5" => "4",
                same => same,
            },
            "TOTAL_AMOUNT" => get(bill, "total_amount"),
            "BMI_PAY_AMOUNT" => get(bill, "fund_amount"),
            "BMI_CONVERED_AMOUNT" => get(bill, "covered_amount"),
            "REFUND_FLAG_TYPE" => "0",
            "OUTPATIENT_DISEASE_ID" => return list("code"),
            "ADMISSION_DISEASE_NAME" => return list("name"),
            _ => "",
        };
        text.to_owned()
    }

    fn details(&self, (table, stays): (&str, bool), own_numbers: bool) -> NamedBytes {
        let department = if stays { "BILLING_DEPT_ID" } else { "DISCHARGE_DEPT_ID" };
        let mut columns: Vec<(&str, &str)> = DETAIL.to_vec();
        columns.push((department, "ordering_department"));
        if own_numbers {
            columns.extend([("FEEDETL_SN", "item_id"), ("INIT_FEEDETL_SN", "original_item")]);
        }
        let mut header: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
        header.extend(["HOSPITAL_ID", "DOCTOR_NAME"]);
        let lines = self.tables.0["item"].iter().filter(|line| self.is_stay(get(line, "visit")) == stays);
        let rows = lines.map(|line| {
            let mut row: Vec<String> = columns.iter().map(|(_, field)| get(line, field).into()).collect();
            row.push(get(&self.visits[get(line, "visit")], "institution").into());
            row.push(self.doctor(get(line, "ordering_practitioner")));
            row
        });
        file(&format!("{table}_202401.csv"), &header, rows, ",")
    }
}

const BILL: &str = "HOSPITAL_ID HOSPITAL_NAME HISID P_LEVEL BILL_DATE PATIENT_ID BENEFIT_TYPE BENEFIT_GROUP_ID ADMISSION_DEPT_ID DISCHARGE_DEPT_ID DOCTOR_ID DOCTOR_NAME PATIENT_GENDER PATIENT_BIRTHDAY CLAIM_TYPE ADMISSION_DATE DISCHARGE_DATE DISCHARGE_STATUS TOTAL_AMOUNT BMI_PAY_AMOUNT BMI_CONVERED_AMOUNT REFUND_FLAG_TYPE REFUND_HISID OUTPATIENT_DISEASE_ID ADMISSION_DISEASE_NAME";
const DETAIL: [(&str, &str); 15] = [
    ("HISID", "visit"),
    ("ITEM_ID", "item_code"),
    ("ITEM_NAME", "item_name"),
    ("P_CATEGORY", "fee_type"),
    ("P_TYPE", "payment_class"),
    ("NUM", "quantity"),
    ("UNIT_PRICE", "unit_price"),
    ("COST", "amount"),
    ("BMI_CONVERED_AMOUNT", "covered_amount"),
    ("USAGE_DATE", "used_time"),
    ("BILL_DATE", "billed_time"),
    ("BILLING_TIME", "ordered_time"),
    ("DOCTOR_ID", "ordering_practitioner"),
    ("PRESCRIPTION", "prescription"),
    ("DISCHARGE_MEDICATION", "discharge_drug"),
];

/// The tables of the list. Outpatient bills are comma separated, stays by `|@|`.
fn as_list(tables: &Tables, own_numbers: bool) -> Vec<NamedBytes> {
    let book = Book::new(tables);
    let header: Vec<&str> = BILL.split(' ').collect();
    let mut files = Vec::new();
    for (table, stays) in [("SETTLE_ZY", true), ("SETTLE_MZ", false)] {
        let bills = tables.0["settlement"].iter().filter(|line| book.is_stay(get(line, "visit")) == stays);
        let rows = bills.map(|bill| header.iter().map(|column| book.bill_cell(bill, column)).collect());
        files.push(file(&format!("{table}.txt"), &header, rows, if stays { "|@|" } else { "," }));
    }
    files.push(book.details(("SETTLE_ZY_DETAIL", true), own_numbers));
    files.push(book.details(("SETTLE_MZ_DETAIL", false), own_numbers));
    files.push(stay_diagnoses(&book));
    let columns = "HISID ICD9_CODE_MAIN ICD9_NAME_MAIN OPER_BEGIN_TIME OPER_END_TIME OPER_DR_CODE";
    let fields = ["visit", "code", "name", "start_time", "end_time", "surgeon"];
    let rows =
        tables.0["operation"].iter().map(|line| fields.iter().map(|field| get(line, field).into()).collect());
    files.push(file("手术操作信息表.csv", &columns.split(' ').collect::<Vec<_>>(), rows, ","));
    files
}

fn stay_diagnoses(book: &Book<'_>) -> NamedBytes {
    let mut header =
        vec!["HISID".to_owned(), "DISCHARGE_DISEASE_ID_MAIN".into(), "DISCHARGE_DISEASE_NAME_MAIN".into()];
    for number in 1..=15 {
        header.push(format!("DISCHARGE_DISEASE_ID_OTHER{number}"));
        header.push(format!("DISCHARGE_DISEASE_NAME_OTHER{number}"));
    }
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let stays: BTreeSet<&str> = book.tables.0["diagnosis"]
        .iter()
        .map(|line| get(line, "visit"))
        .filter(|visit| book.is_stay(visit))
        .collect();
    let rows = stays.into_iter().map(|visit| {
        let mut row = vec![visit.to_owned()];
        for (code, name) in book.diagnoses(visit, "code").into_iter().zip(book.diagnoses(visit, "name")) {
            row.extend([code, name]);
        }
        row.resize(names.len(), String::new());
        row
    });
    file("SETTLE_ZY_DIAGNOSIS.csv", &names, rows, ",")
}

fn read(files: Vec<NamedBytes>, layout: Layout) -> Input {
    let ruleset = compile(&rulebook_files());
    let input =
        read_files(ruleset.schema(), files, &ReadOptions { layout, ..ReadOptions::default() }).unwrap();
    for file in &input.files {
        assert_eq!(file.problem, None, "{}", file.file);
    }
    input
}

#[test]
fn the_extraction_list_gives_the_findings_of_a_folder() {
    let city = city(150, 7);
    let tables = carried(&city);
    let folder = read([as_folder(&tables), aside(&tables, &city)].concat(), Layout::Folder);
    let list = read([as_list(&tables, true), aside(&tables, &city)].concat(), Layout::Feijian2024);
    assert!(list.claims.rejects.is_empty(), "{:?}", list.claims.rejects.first());
    let ruleset = compile(&rulebook_files());
    let options = jihe::Options::default();
    let (folder, list_report) =
        (ruleset.audit(&folder.claims, &options), ruleset.audit(&list.claims, &options));
    assert!(folder.findings().len() > 40, "{}", folder.findings().len());
    for (left, right) in folder.findings().iter().zip(list_report.findings()) {
        assert_eq!(left, right);
    }
    assert_eq!(folder.findings().len(), list_report.findings().len());
    let checks = list.preflight.as_ref().unwrap().report(list.claims.records.run.coverage);
    let found = |check: &str, table: &str| {
        let mut lines = checks.checks.iter();
        lines.find(|line| line.check == check && line.table == table).map(|line| line.found.clone()).unwrap()
    };
    assert_eq!(found("joins", "SETTLE_ZY_DETAIL"), "0%");
    assert_eq!(found("duplicates", "SETTLE_MZ"), "0%");
    assert_eq!(found("months", "SETTLE_MZ"), "0");
}

/// Without numbers of their own lines go by what they hold; nothing else changes.
#[test]
fn lines_without_numbers_are_told_apart_by_what_they_hold() {
    let city = city(60, 3);
    let tables = carried(&city);
    let list = read(as_list(&tables, false), Layout::Feijian2024);
    let item = compile(&rulebook_files()).schema().find_kind("item").unwrap();
    assert_eq!(list.claims.records.tables[&item].rows, tables.0["item"].len());
    let again = read(as_list(&tables, false).into_iter().rev().collect(), Layout::Feijian2024);
    let key = |input: &Input, at: usize| {
        let records = &input.claims.records;
        let mut keys: Vec<&str> = records.tables[&item]
            .keys
            .iter()
            .map(|key| records.symbols.text(jihe::model::value::Symbol(*key)))
            .collect();
        keys.sort_unstable();
        keys.get(at).copied().unwrap().to_owned()
    };
    assert_eq!(key(&list, 0), key(&again, 0));
}
