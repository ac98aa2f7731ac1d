//! One claim and the history before it.
//!
//! In: a synthetic city. Out: cases of about 20 lines with about 500 lines of history.
//! Invariant: a history is whole visits before the claim's, of several people of the city taken for one.

use jihe::{Claims, Ruleset};
use jihe_tests::city;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Rows by kind.
type Rows = BTreeMap<String, Vec<Map<String, Value>>>;

/// A claim and the history before it.
#[derive(Debug)]
pub struct Case {
    /// At least 500 lines, whole visits, registrations and enrolments.
    pub history: Claims,
    /// One visit with 15 to 25 lines.
    pub claim: Claims,
    /// The same claim as JSON.
    pub claim_text: String,
    /// Lines of each.
    pub lines: (usize, usize),
}

fn rows(table: &jihe_synth::Table) -> Vec<Map<String, Value>> {
    let row = |cells: &Vec<String>| {
        let named = table.header.iter().zip(cells).filter(|(_, cell)| !cell.is_empty());
        named.map(|(name, cell)| (name.clone(), Value::String(cell.clone()))).collect()
    };
    table.rows.iter().map(row).collect()
}

fn text<'a>(row: &'a Map<String, Value>, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or("")
}

/// A city's rows by person; visits in time order.
struct People {
    visits: BTreeMap<String, Vec<Map<String, Value>>>,
    of_visit: BTreeMap<String, Rows>,
    of_person: BTreeMap<String, Rows>,
}

fn people(persons: u32, seed: u64) -> People {
    let city = city(persons, seed);
    let mut all: Rows = city
        .tables
        .iter()
        .map(|(file, table)| (file.trim_end_matches(".csv").to_owned(), rows(table)))
        .collect();
    let mut people =
        People { visits: BTreeMap::new(), of_visit: BTreeMap::new(), of_person: BTreeMap::new() };
    let of_item: BTreeMap<String, String> = all["item"]
        .iter()
        .map(|row| (text(row, "item_id").to_owned(), text(row, "visit").to_owned()))
        .collect();
    for row in all.remove("visit").expect("visits") {
        people.visits.entry(text(&row, "person").to_owned()).or_default().push(row);
    }
    for visits in people.visits.values_mut() {
        visits.sort_by(|a, b| text(a, "time").cmp(text(b, "time")));
    }
    for kind in ["person", "enrolment", "registration"] {
        for row in all.remove(kind).expect("a kind of the city") {
            let person = text(&row, if kind == "person" { "person_id" } else { "person" }).to_owned();
            people.of_person.entry(person).or_default().entry(kind.to_owned()).or_default().push(row);
        }
    }
    for kind in ["item", "settlement", "diagnosis", "trace", "report", "operation", "refund"] {
        for row in all.remove(kind).unwrap_or_default() {
            let visit = match text(&row, "visit") {
                "" => of_item.get(text(&row, "item")).cloned().unwrap_or_default(),
                visit => visit.to_owned(),
            };
            people.of_visit.entry(visit).or_default().entry(kind.to_owned()).or_default().push(row);
        }
    }
    people
}

/// Cases from a city of so many persons, `together` of whom count as one.
pub fn cases(ruleset: &Ruleset, persons: u32, seed: u64, together: usize) -> Vec<Case> {
    let people = people(persons, seed);
    let names: Vec<&String> = people.visits.keys().collect();
    let mut cases = Vec::new();
    for group in names.chunks(together) {
        let mut visits: Vec<&Map<String, Value>> =
            group.iter().flat_map(|person| &people.visits[person.as_str()]).collect();
        visits.sort_by(|a, b| {
            (text(a, "time"), text(a, "visit_id")).cmp(&(text(b, "time"), text(b, "visit_id")))
        });
        let lines = |visit: &Map<String, Value>| {
            let rows = people.of_visit.get(text(visit, "visit_id"));
            rows.and_then(|rows| rows.get("item")).map_or(0, Vec::len)
        };
        for (at, visit) in visits.iter().enumerate() {
            if !(15..=25).contains(&lines(visit)) {
                continue;
            }
            let (mut from, mut held) = (at, 0);
            while from > 0 && held < 500 {
                from -= 1;
                held += lines(visits[from]);
            }
            if held >= 500 {
                let base = text(visit, "person");
                cases.push(case(ruleset, &people, (&visits[from..at], visit, base), (held, lines(visit))));
            }
        }
    }
    cases
}

fn case(
    ruleset: &Ruleset,
    people: &People,
    of: (&[&Map<String, Value>], &Map<String, Value>, &str),
    lines: (usize, usize),
) -> Case {
    let (before, visit, person) = of;
    let mut history: Rows = people.of_person.get(person).cloned().unwrap_or_default();
    for kind in
        ["visit", "item", "settlement", "diagnosis", "trace", "report", "operation", "refund", "round"]
    {
        history.entry(kind.to_owned()).or_default();
    }
    let institutions: BTreeSet<&str> = before.iter().map(|visit| text(visit, "institution")).collect();
    history.insert(
        "institution".to_owned(),
        institutions
            .iter()
            .map(|key| Map::from_iter([("institution_id".to_owned(), Value::from(*key))]))
            .collect(),
    );
    for visit in before {
        add(&mut history, people, visit, person);
    }
    let mut claim = Rows::new();
    add(&mut claim, people, visit, person);
    let json = |rows: &Rows| serde_json::to_string(rows).expect("JSON");
    let claim_text = json(&claim);
    let read = |text: &str| ruleset.claims_from_json(text).expect("claims");
    let mut history = read(&json(&history));
    history.records.run.coverage = Some((19_174, 20_088));
    Case { history, claim: read(&claim_text), claim_text, lines }
}

fn add(rows: &mut Rows, people: &People, visit: &Map<String, Value>, person: &str) {
    let mut own = visit.clone();
    own.insert("person".to_owned(), Value::from(person));
    rows.entry("visit".to_owned()).or_default().push(own);
    if let Some(of_visit) = people.of_visit.get(text(visit, "visit_id")) {
        for (kind, more) in of_visit {
            rows.entry(kind.clone()).or_default().extend(more.iter().cloned());
        }
    }
}
