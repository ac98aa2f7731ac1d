//! Replaying every claim of a city through sessions gives exactly the batch's findings (contract 22).
//!
//! In: a synthetic city, person by person, visit by visit in time order. Out: equality of the folded checks with the batch.
//! Invariant: 个人 rules only; later refunds and rules that look ahead are outside the law and left out by name.
#![expect(
    clippy::indexing_slicing,
    clippy::similar_names,
    clippy::too_many_arguments,
    clippy::too_many_lines,
    reason = "a test may fail loudly"
)]

use jihe::model::finding::Finding;
use jihe::model::records::{Column, Records, Table, Words};
use jihe::model::schema::{KindId, Schema};
use jihe::model::types::Type;
use jihe::{Claims, Options};
use jihe_tests::{city, city_on_disk, compile, read, rulebook_files};
use std::collections::BTreeMap;

/// The rows of a table, as another table.
fn pick(table: &Table, rows: &[usize]) -> Table {
    let column = |column: &Column| {
        let words = match &column.words {
            Words::Bits(words) => Words::Bits(rows.iter().map(|row| words[*row]).collect()),
            Words::Symbols(words) => Words::Symbols(rows.iter().map(|row| words[*row]).collect()),
            Words::Days(words) => Words::Days(rows.iter().map(|row| words[*row]).collect()),
            Words::Wide(words) => Words::Wide(rows.iter().map(|row| words[*row]).collect()),
        };
        let present = column.present.as_ref().map(|present| rows.iter().map(|row| present[*row]).collect());
        Column { words, present }
    };
    Table {
        rows: rows.len(),
        columns: table.columns.iter().map(|old| old.as_ref().map(column)).collect(),
        keys: rows.iter().map(|row| table.keys[*row]).collect(),
    }
}

/// The symbol of a row's reference to a kind, if it has one.
fn reference(schema: &Schema, records: &Records, kind: KindId, to: &str, row: usize) -> Option<i64> {
    let parent = schema.find_kind(to)?;
    let at = schema.kind(kind)?.fields.iter().position(|field| field.ty == Type::Reference(parent))?;
    records.tables[&kind].columns[at].as_ref()?.get(row)
}

/// Which visit each row belongs to, by symbol: directly, or through its item or settlement.
fn visit_of(schema: &Schema, records: &Records, kind: KindId, row: usize) -> Option<i64> {
    let visit = schema.find_kind("visit")?;
    if kind == visit {
        return Some(i64::from(records.tables[&kind].keys[row]));
    }
    reference(schema, records, kind, "visit", row).or_else(|| {
        let item = schema.find_kind("item")?;
        let key = reference(schema, records, kind, "item", row)?;
        let at = records.tables.get(&item)?.keys.iter().position(|known| i64::from(*known) == key)?;
        reference(schema, records, item, "visit", at)
    })
}

#[test]
fn replayed_claims_fold_to_the_batch() {
    let ruleset = compile(&rulebook_files());
    let city = city(150, 11);
    let folder = city_on_disk(&city, "replay");
    let input = read(&ruleset, folder.path());
    let schema = ruleset.schema();
    let records = &input.claims.records;
    let batch = ruleset.audit(&input.claims, &Options::default());

    let visit = schema.find_kind("visit").unwrap();
    let mut persons: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for row in 0..records.tables[&visit].rows {
        let clock = schema.kind(visit).unwrap().clock[0];
        let time =
            records.tables[&visit].column(clock).and_then(|column| column.get(row)).unwrap_or(i64::MAX);
        if let Some(person) = reference(schema, records, visit, "person", row) {
            persons.entry(person).or_default().push((time, i64::from(records.tables[&visit].keys[row])));
        }
    }
    let mut rows_of_visit: BTreeMap<i64, BTreeMap<KindId, Vec<usize>>> = BTreeMap::new();
    let mut rows_of_person: BTreeMap<i64, BTreeMap<KindId, Vec<usize>>> = BTreeMap::new();
    let mut everyone: BTreeMap<KindId, Vec<usize>> = BTreeMap::new();
    let person_kind = schema.find_kind("person").unwrap();
    for (kind, table) in &records.tables {
        for row in 0..table.rows {
            if let Some(visit) = visit_of(schema, records, *kind, row) {
                rows_of_visit.entry(visit).or_default().entry(*kind).or_default().push(row);
            } else if *kind == person_kind {
                rows_of_person
                    .entry(i64::from(table.keys[row]))
                    .or_default()
                    .entry(*kind)
                    .or_default()
                    .push(row);
            } else if let Some(person) = reference(schema, records, *kind, "person", row) {
                rows_of_person.entry(person).or_default().entry(*kind).or_default().push(row);
            } else {
                everyone.entry(*kind).or_default().push(row);
            }
        }
    }
    let claims = |rows: &[&BTreeMap<KindId, Vec<usize>>]| {
        let mut tables = BTreeMap::new();
        for (kind, table) in &records.tables {
            let picked: Vec<usize> =
                rows.iter().flat_map(|rows| rows.get(kind).into_iter().flatten().copied()).collect();
            tables.insert(*kind, pick(table, &picked));
        }
        Claims {
            records: Records {
                symbols: records.symbols.clone(),
                tables,
                run: records.run.clone(),
                ..Records::default()
            },
            rejects: Vec::new(),
        }
    };
    let empty = BTreeMap::new();
    let mut folded: BTreeMap<(String, String), Finding> = BTreeMap::new();
    for person in rows_of_person.keys() {
        persons.entry(*person).or_default();
    }
    // Everyone with a finding, and some of those without.
    let name = |person: i64| records.symbols.text(jihe::model::value::Symbol(u32::try_from(person).unwrap()));
    let involved: Vec<&str> =
        batch.findings().iter().filter_map(|finding| finding.person.as_deref()).collect();
    let mut quiet = 0;
    for (person, mut visits) in persons {
        if !involved.contains(&name(person)) {
            quiet += 1;
            if quiet > 40 {
                continue;
            }
        }
        visits.sort_unstable();
        let own = rows_of_person.get(&person).unwrap_or(&empty);
        let mut session = ruleset.session(claims(&[&everyone, own]));
        // What registrations and enrolments alone show stands before the first claim.
        for finding in session.findings() {
            folded.insert((finding.rule_id.to_string(), finding.subject_key.clone()), finding.clone());
        }
        for (_, visit) in visits {
            let check = session.check(&claims(&[rows_of_visit.get(&visit).unwrap_or(&empty)]));
            for place in check.withdrawn {
                folded.remove(&place);
            }
            for finding in check.findings {
                folded.insert((finding.rule_id.to_string(), finding.subject_key.clone()), (*finding).clone());
            }
        }
    }
    let person_rules: Vec<&str> =
        ruleset.scopes().filter(|(_, scope)| *scope == "person").map(|(rule, _)| rule).collect();
    let expected: Vec<&Finding> =
        batch.findings().iter().filter(|finding| person_rules.contains(&&*finding.rule_id)).collect();
    let found: Vec<&Finding> = folded.values().collect();
    assert!(expected.len() >= 10, "only {} findings to replay", expected.len());
    let differs = |one: &[&Finding], other: &[&Finding]| -> Vec<String> {
        one.iter().filter(|finding| !other.contains(finding)).map(|finding| format!("{finding:?}")).collect()
    };
    let (missed, extra) = (differs(&expected, &found), differs(&found, &expected));
    assert!(missed.is_empty() && extra.is_empty(), "missed {missed:#?}\nextra {extra:#?}");
}
