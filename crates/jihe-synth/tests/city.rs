//! What any city must be: the same for the same seed, whole, of the promised size, with sorted promises.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use jihe_synth::{Config, MemorySink, PROMISES, generate};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

fn city(persons: u32, seed: u64) -> MemorySink {
    let mut sink = MemorySink::default();
    generate(&Config::new(persons, seed), &mut sink);
    sink
}

fn column<'a>(sink: &'a MemorySink, table: &str, name: &str) -> Vec<&'a str> {
    let table = &sink.tables[&format!("{}.csv", table.trim_end_matches(".csv"))];
    let at = table.header.iter().position(|column| column == name).unwrap();
    table.rows.iter().map(|row| row[at].as_str()).collect()
}

#[test]
fn the_same_seed_gives_the_same_city() {
    assert!(city(120, 7) == city(120, 7));
    assert!(city(120, 7) != city(120, 8));
}

#[test]
fn every_row_has_as_many_cells_as_its_header() {
    for (name, table) in city(60, 1).tables {
        assert!(table.rows.iter().all(|row| row.len() == table.header.len()), "{name}");
    }
}

#[test]
fn every_reference_names_a_record() {
    let sink = city(200, 3);
    let references = [
        ("enrolment", "person", "person", "person_id"),
        ("registration", "person", "person", "person_id"),
        ("registration", "practitioner", "practitioner", "practitioner_id"),
        ("practitioner", "institution", "institution", "institution_id"),
        ("visit", "person", "person", "person_id"),
        ("visit", "institution", "institution", "institution_id"),
        ("visit", "practitioner", "practitioner", "practitioner_id"),
        ("diagnosis", "visit", "visit", "visit_id"),
        ("operation", "visit", "visit", "visit_id"),
        ("operation", "surgeon", "practitioner", "practitioner_id"),
        ("item", "visit", "visit", "visit_id"),
        ("item", "settlement", "settlement", "settlement_id"),
        ("item", "original_item", "item", "item_id"),
        ("item", "ordering_practitioner", "practitioner", "practitioner_id"),
        ("settlement", "visit", "visit", "visit_id"),
        ("refund", "item", "item", "item_id"),
        ("refund", "settlement", "settlement", "settlement_id"),
        ("trace", "item", "item", "item_id"),
        ("report", "item", "item", "item_id"),
        ("round", "visit", "visit", "visit_id"),
        ("stock", "institution", "institution", "institution_id"),
    ];
    for (table, field, parent, key) in references {
        let keys: BTreeSet<&str> = column(&sink, parent, key).into_iter().collect();
        for cell in column(&sink, table, field).into_iter().filter(|cell| !cell.is_empty()) {
            assert!(keys.contains(cell), "{table}.{field} = {cell}");
        }
    }
}

#[test]
fn keys_are_unique() {
    let sink = city(200, 3);
    for (table, key) in [
        ("person", "person_id"),
        ("institution", "institution_id"),
        ("practitioner", "practitioner_id"),
        ("visit", "visit_id"),
        ("item", "item_id"),
        ("settlement", "settlement_id"),
        ("report", "report_id"),
    ] {
        let cells = column(&sink, table, key);
        let distinct: BTreeSet<&str> = cells.iter().copied().collect();
        assert_eq!(cells.len(), distinct.len(), "{table}");
    }
}

#[test]
fn promises_are_sorted_and_distinct() {
    let sink = city(50, 1);
    for name in PROMISES {
        let keys: Vec<(&str, &str)> =
            column(&sink, name, "rule_id").into_iter().zip(column(&sink, name, "subject_key")).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{name}");
    }
    let truth: BTreeSet<&[String]> = sink.tables["truth.csv"].rows.iter().map(|row| &row[..2]).collect();
    assert!(sink.tables["near_miss.csv"].rows.iter().all(|row| !truth.contains(&row[..2])));
}

#[test]
fn every_rule_has_a_finding_and_a_near_miss() {
    let sink = city(50, 1);
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for rule in column(&sink, "truth", "rule_id") {
        counts.entry(rule).or_default().0 += 1;
    }
    for rule in column(&sink, "near_miss", "rule_id") {
        counts.entry(rule).or_default().1 += 1;
    }
    counts.retain(|rule, _| !rule.starts_with("G4"));
    assert!(counts.len() >= 38, "{counts:?}");
    assert!(counts.values().all(|(found, near)| *found > 0 && *near > 0), "{counts:?}");
}

#[test]
fn settlements_are_the_sums_of_their_lines() {
    let sink = city(80, 5);
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (settlement, amount) in
        column(&sink, "item", "settlement").into_iter().zip(column(&sink, "item", "amount"))
    {
        *sums.entry(settlement).or_default() += ten_thousandths(amount);
    }
    let totals = column(&sink, "settlement", "settlement_id").into_iter().zip(column(
        &sink,
        "settlement",
        "total_amount",
    ));
    for (settlement, total) in totals {
        assert_eq!(sums.get(settlement).copied().unwrap_or(0), ten_thousandths(total), "{settlement}");
    }
}

fn ten_thousandths(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

#[test]
fn a_thousand_persons_make_tens_of_thousands_of_lines_in_no_time() {
    let start = Instant::now();
    let sink = city(1_000, 1);
    let lines = sink.tables["item.csv"].rows.len();
    assert!((30_000..=60_000).contains(&lines), "{lines}");
    // Unoptimised builds are given room; an optimised one needs a fraction of a second.
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn dates_stay_within_the_coverage_that_the_run_file_states() {
    let sink = city(100, 2);
    assert!(sink.texts["run.toml"].contains("coverage = [\"2022-07-01\", \"2024-12-31\"]"));
    for (table, field) in
        [("item", "used_time"), ("visit", "time"), ("settlement", "time"), ("stock", "date")]
    {
        let cells = column(&sink, table, field);
        assert!(cells.iter().all(|cell| ("2022-07-01".."2025-01-01").contains(cell)), "{table}");
    }
}

#[test]
fn every_column_is_a_field_of_its_kind() {
    let schema = jihe_model::kinds::base_schema();
    for (name, table) in city(20, 1).tables.iter().filter(|(name, _)| !PROMISES.contains(&name.as_str())) {
        let kind = schema.find_kind(name.trim_end_matches(".csv")).and_then(|id| schema.kind(id)).unwrap();
        for column in &table.header {
            assert!(kind.fields.iter().any(|field| field.en == *column), "{name}.{column}");
        }
        for key in &kind.key {
            let field = &kind.fields[usize::from(key.0)];
            assert!(table.header.contains(&field.en), "{name} lacks its key {}", field.en);
        }
    }
}
