//! Rows become records, or are rejected with a reason.
//!
//! In: small files. Out: nothing.
//! Invariant: input order does not matter.

use super::*;
use crate::calendar::day_of;
use crate::kinds::{Claims, Item, Visit, base_schema};
use crate::value::Symbol;

type Row<'a> = &'a [&'a str];

fn read(schema: &Schema, kind: &str, columns: Row<'_>, rows: &[Row<'_>]) -> Ingested {
    let mut builder = RecordsBuilder::new(schema);
    let kind = schema.find_kind(kind).unwrap();
    let header = builder.header(kind, "file.csv", columns).unwrap();
    for (line, row) in (2u64..).zip(rows) {
        builder.push_row(&header, line, |column| Cell::Text(row.get(column).copied().unwrap_or("")));
    }
    builder.finish()
}

fn keys(read: &Ingested, schema: &Schema, kind: &str) -> Vec<String> {
    let table = &read.records.tables[&schema.find_kind(kind).unwrap()];
    table.keys.iter().map(|key| read.records.symbols.text(Symbol(*key)).to_owned()).collect()
}

fn word(read: &Ingested, schema: &Schema, place: (&str, &str), row: usize) -> Option<i64> {
    let kind = schema.find_kind(place.0).unwrap();
    let field = schema.kind(kind).unwrap().find_field(place.1).unwrap();
    read.records.tables[&kind].column(field)?.get(row)
}

#[test]
fn headers_resolve_under_any_name() {
    let schema = base_schema();
    let mut builder = RecordsBuilder::new(&schema);
    let item = schema.find_kind("明细").unwrap();
    let header =
        builder.header(item, "x", &["\u{feff}feedetl_sn", " 数量 ", "AMOUNT", "psn_no", "qantity"]).unwrap();
    let unknown: Vec<&str> = header.unknown.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(unknown, ["psn_no", "qantity"]);
    assert_eq!(header.unknown[1].nearest, ["quantity"]);
    let error = builder.header(item, "x", &["数量"]).unwrap_err();
    assert_eq!(error, HeaderError::NoKey("明细号".into(), "item_id".into()));
}

#[test]
fn a_field_takes_its_first_filled_column() {
    let schema = base_schema();
    let columns = ["used_days", "明细号", "prd_days"];
    let read = read(&schema, "item", &columns, &[&["7", "a", ""], &["7", "b", "14"]]);
    assert_eq!(word(&read, &schema, ("item", "供药天数"), 0), Some(7 * 86_400));
    assert_eq!(word(&read, &schema, ("item", "供药天数"), 1), Some(14 * 86_400));
}

#[test]
fn cells_by_type() {
    let schema = base_schema();
    let columns = ["就诊号", "性别", "时间", "出院时间", "总费用", "互联网", "医疗类别"];
    let read = read(
        &schema,
        "visit",
        &columns,
        &[&["V1", "", "2024-03-01 08:30", "9999-12-31", "12.5", "是", "门诊慢特病"]],
    );
    assert_eq!(word(&read, &schema, ("visit", "出院时间"), 0), None);
    assert_eq!(word(&read, &schema, ("visit", "总费用"), 0), Some(125_000));
    assert_eq!(word(&read, &schema, ("visit", "互联网"), 0), Some(1));
    let second = day_of(2024, 3, 1).unwrap() * 86_400 + 30_600;
    assert_eq!(word(&read, &schema, ("visit", "时间"), 0), Some(Instant::of_second(second).0));
    let code = word(&read, &schema, ("visit", "医疗类别"), 0).unwrap();
    assert_eq!(read.records.symbols.text(Symbol(u32::try_from(code).unwrap())), "14");
}

#[test]
fn bad_cells_reject_the_row_with_place_and_reason() {
    let schema = base_schema();
    let read = read(&schema, "item", &["明细号", "金额"], &[&["a", "1e3"], &["", "1"], &["b", "2"]]);
    assert_eq!(keys(&read, &schema, "item"), ["b"]);
    let first = &read.rejects[0];
    assert_eq!((first.file.as_str(), first.line, first.column.as_deref()), ("file.csv", 2, Some("金额")));
    assert_eq!(first.value, "1e3");
    assert!(!first.reason.zh.is_empty() && !first.reason.en.is_empty());
    assert_eq!(read.rejects[1].column.as_deref(), Some("明细号"));
    let counts = read.counts[&schema.find_kind("item").unwrap()];
    assert_eq!(counts, KindCounts { read: 3, kept: 1, rejected: 2, repeated: 0 });
}

#[test]
fn repeated_rows_are_numbered_and_contradicting_ones_rejected_in_any_order() {
    let schema = base_schema();
    let rows: [Row<'_>; 5] = [&["a", "2"], &["a", "1"], &["a", "1"], &["b", "5"], &["a", "1"]];
    let mut reversed = rows;
    reversed.reverse();
    for rows in [rows, reversed] {
        let read = read(&schema, "item", &["明细号", "金额"], &rows);
        let mut keys = keys(&read, &schema, "item");
        keys.sort();
        assert_eq!(keys, ["a", "a#2", "a#3", "b"]);
        assert_eq!(read.rejects.len(), 1);
        assert_eq!(read.counts[&schema.find_kind("item").unwrap()].repeated, 2);
        let total: i64 = (0..4).map(|row| word(&read, &schema, ("item", "金额"), row).unwrap()).sum();
        assert_eq!(total, 80_000);
    }
}

#[test]
fn a_number_that_is_a_key_of_its_own_is_passed_over() {
    let schema = base_schema();
    let read = read(&schema, "item", &["明细号"], &[&["a"], &["a"], &["a#2"]]);
    let mut keys = keys(&read, &schema, "item");
    keys.sort();
    assert_eq!(keys, ["a", "a#2", "a#3"]);
}

#[test]
fn composite_keys_are_escaped_and_may_have_empty_parts() {
    let schema = base_schema();
    let columns = ["就诊号", "编码", "诊断排序号"];
    let read = read(
        &schema,
        "diagnosis",
        &["就诊", columns[1], columns[2]],
        &[&["V|1", "I10", "1"], &["V2", "E11", ""]],
    );
    assert_eq!(keys(&read, &schema, "diagnosis"), [r"V\|1|I10||1", "V2|E11||"]);
}

#[test]
fn files_of_one_kind_may_have_other_columns() {
    let schema = base_schema();
    let item = schema.find_kind("item").unwrap();
    let mut builder = RecordsBuilder::new(&schema);
    let first = builder.header(item, "one.csv", &["明细号"]).unwrap();
    builder.push_row(&first, 2, |_| Cell::Text("a"));
    let second = builder.header(item, "two.csv", &["明细号", "数量"]).unwrap();
    builder.push_row(&second, 2, |column| if column == 0 { Cell::Text("b") } else { Cell::Word(3_000_000) });
    builder.push_row(&second, 3, |column| if column == 0 { Cell::Text("a") } else { Cell::Word(3_000_000) });
    let read = builder.finish();
    assert_eq!(word(&read, &schema, ("item", "数量"), 0), None);
    assert_eq!(word(&read, &schema, ("item", "数量"), 1), Some(3_000_000));
    assert_eq!((read.rejects[0].file.as_str(), read.rejects[0].line), ("two.csv", 3));
    assert!(read.records.tables[&item].columns.iter().flatten().count() == 2);
}

#[test]
fn raw_items_are_items() {
    let schema = base_schema();
    let read = read(&schema, "原始明细", &["明细号"], &[&["a"]]);
    assert_eq!(keys(&read, &schema, "item"), ["a"]);
}

#[test]
fn a_refund_takes_its_visit_from_its_line() {
    let schema = base_schema();
    let claims = serde_json::json!({
        "item": [{ "item_id": "1", "visit": "V1" }],
        "refund": [{ "refund_id": "r", "item": "1" }, { "refund_id": "s", "item": "1", "visit": "V9" }, { "refund_id": "t" }],
    });
    let (records, rejects) = claims_from_json(&schema, &claims).unwrap();
    assert!(rejects.is_empty());
    let read = Ingested { records, ..Ingested::default() };
    let visit = |row| {
        let symbol = u32::try_from(word(&read, &schema, ("refund", "visit"), row)?).unwrap();
        Some(read.records.symbols.text(Symbol(symbol)).to_owned())
    };
    assert_eq!([visit(0), visit(1), visit(2)], [Some("V1".into()), Some("V9".into()), None]);
}

#[test]
fn json_names_what_it_does_not_know() {
    let schema = base_schema();
    let error = claims_from_json(&schema, &serde_json::json!({ "itme": [] })).unwrap_err();
    assert_eq!(error.to_string(), "unknown kind `itme`; did you mean `item`");
    let error =
        claims_from_json(&schema, &serde_json::json!({ "item": [{ "item_id": "1" }, { "供药天": 1 }] }))
            .unwrap_err();
    assert_eq!(error.text().zh, "item[1]：未知的字段“供药天”，是否指“供药天数”");
    for shape in
        [serde_json::json!([]), serde_json::json!({ "item": {} }), serde_json::json!({ "item": [1] })]
    {
        assert!(matches!(claims_from_json(&schema, &shape), Err(ClaimError::Shape(_))));
    }
    let twice = serde_json::json!({ "item": [], "明细": [] });
    assert!(matches!(claims_from_json(&schema, &twice), Err(ClaimError::KindTwice(_))));
}

#[test]
fn json_text_says_where_it_is_no_claims() {
    let schema = base_schema();
    let refused = |text: &str| claims_from_json_text(&schema, text).unwrap_err().to_string();
    let row = r#"{ "item_id": "1" }"#;
    let shape = |place: &str| format!("{place}: expected an object with an array of objects a kind");
    assert_eq!(refused("[]"), shape("$"));
    assert_eq!(refused(r#"{ "item": 1 }"#), shape("item"));
    assert_eq!(refused(&format!(r#"{{ "visit": [], "明细": [{row}, null] }}"#)), shape("明细[1]"));
    let twice = r#"{ "item": [{ "item_id": "1" }, { "item_id": "2", "amount": 1, "amount": 2 }] }"#;
    assert_eq!(refused(twice), "item[1]: `amount` is given twice");
    let kinds = format!(r#"{{ "item": [{row}], "item": [{row}] }}"#);
    assert_eq!(refused(&kinds), "`item` is given twice, perhaps under its Chinese and its English name");
    for broken in ["", r#"{ "item": ["#, r#"{ "item": [] } ["#, r#"{ "item": [{ "item_id": 1, }] }"#] {
        assert!(refused(broken).starts_with("not valid JSON: "), "{broken}");
    }
}

#[test]
fn json_text_is_read_as_its_value_is() {
    let schema = base_schema();
    let text = r#"{ "item": [
        { "item_id": "1\u0041", "amount": 0.10, "quantity": -3, "by_analogy": true, "note": null },
        { "amount": 1 },
        { "note": "引\"号", "item_id": 7, "amount": 18446744073709551615 },
        { "item_id": "3", "amount": 123456789012.3456 },
        { "item_id": "4", "amount": { "a": [1] } }
    ], "visit": [] }"#;
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    let (records, rejects) = claims_from_json_text(&schema, text).unwrap();
    let (same, alike) = claims_from_json(&schema, &value).unwrap();
    assert_eq!(format!("{rejects:?}"), format!("{alike:?}"));
    assert_eq!(rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
    let read = |records| Ingested { records, ..Ingested::default() };
    let (records, same) = (read(records), read(same));
    assert_eq!(keys(&records, &schema, "item"), ["1A"]);
    for field in ["amount", "quantity", "by_analogy", "note"] {
        let of = |read| word(read, &schema, ("item", field), 0);
        assert_eq!(of(&records), of(&same), "{field}");
    }
}

#[test]
fn json_rows_with_bad_values_are_rejected() {
    let schema = base_schema();
    let claims = serde_json::json!({ "item": [
        { "item_id": "1", "amount": [1] },
        { "amount": 1 },
        { "item_id": "3", "amount": 123_456_789_012.345_6 },
        { "item_id": 4, "amount": 0.1, "by_analogy": true, "note": null },
    ] });
    let (records, rejects) = claims_from_json(&schema, &claims).unwrap();
    assert_eq!(rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(records.tables[&schema.find_kind("item").unwrap()].rows, 1);
}

#[test]
fn structs_are_claims() {
    let schema = base_schema();
    let claims = Claims {
        visit: Some(vec![Visit { visit_id: Some("V1".into()), ..Visit::default() }]),
        item: Some(vec![Item { item_id: Some("1".into()), visit: Some("V1".into()), ..Item::default() }]),
        round: Some(Vec::new()),
        ..Claims::default()
    };
    let (records, _) = claims_from_json(&schema, &serde_json::to_value(&claims).unwrap()).unwrap();
    assert_eq!(records.tables.len(), 3);
}

#[test]
fn literals_are_keyed_by_their_label() {
    let schema = base_schema();
    let mut builder = RecordsBuilder::new(&schema);
    builder.supply_all();
    let (visit, round) = (schema.find_kind("visit").unwrap(), schema.find_kind("round").unwrap());
    let time = schema.kind(visit).unwrap().find_field("入院时间").unwrap();
    let of = schema.kind(round).unwrap().find_field("就诊").unwrap();
    builder.push_literals(visit, "门诊1", &[(time, Cell::Word(Instant::of_day(3).0))]);
    builder.push_literals(round, "夜查", &[(of, Cell::Text("门诊1"))]);
    let read = builder.finish();
    assert_eq!(keys(&read, &schema, "visit"), ["门诊1"]);
    assert_eq!(keys(&read, &schema, "round"), ["夜查"]);
    assert_eq!(word(&read, &schema, ("round", "就诊"), 0), word(&read, &schema, ("visit", "就诊号"), 0));
    assert_eq!(read.records.tables.len(), 19);
}
