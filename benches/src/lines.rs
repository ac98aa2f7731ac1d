//! Fee lines by the hundred thousand, made without files.
//!
//! In: how many persons, visits and lines. Out: claims.
//! Invariant: the same shape gives the same claims; a visit is one day, a person's visits follow each other day by day.

use jihe::model::records::{Column, Records, Table, Words};
use jihe::model::schema::{KindId, Schema};
use jihe::model::value::{Instant, Symbols};
use jihe::{Claims, Ruleset};

/// How much.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Persons.
    pub persons: u32,
    /// Visits of each.
    pub visits: u32,
    /// Lines of each visit.
    pub lines: u32,
    /// Different item codes.
    pub codes: u32,
}

impl Shape {
    /// Lines in all.
    pub fn total(self) -> u64 {
        u64::from(self.persons) * u64::from(self.visits) * u64::from(self.lines)
    }
}

/// 2022-01-01.
const FIRST_DAY: i64 = 18_993;

/// A table under construction.
struct Draft<'s> {
    kind: KindId,
    table: Table,
    schema: &'s Schema,
}

impl<'s> Draft<'s> {
    fn new(schema: &'s Schema, name: &str) -> Self {
        let kind = schema.find_kind(name).expect("a kind");
        let width = schema.kind(kind).expect("a kind").fields.len();
        Draft { kind, table: Table { rows: 0, columns: vec![None; width], keys: Vec::new() }, schema }
    }

    fn put(&mut self, field: &str, words: Words) {
        let field = self.schema.kind(self.kind).and_then(|kind| kind.find_field(field)).expect("a field");
        self.table.columns[usize::from(field.0)] = Some(Column { words, present: None });
    }
}

/// Visits and lines of a shape.
pub fn claims(ruleset: &Ruleset, shape: Shape) -> Claims {
    let schema = ruleset.schema();
    let mut symbols = Symbols::new();
    let mut texts = |prefix: &str, count: u32| -> Vec<u32> {
        (0..count).map(|number| symbols.intern(&format!("{prefix}{number:05}")).0).collect()
    };
    let (persons, codes) = (texts("P", shape.persons), texts("I", shape.codes));
    let institutions = texts("H", 20);
    let visit_keys = texts("V", shape.persons * shape.visits);
    let line_keys = texts("F", shape.persons * shape.visits * shape.lines);
    let visits = shape.persons * shape.visits;
    let at = |number: u32| usize::try_from(number).expect("small");
    let day = |visit: u32| FIRST_DAY + i64::from(visit % shape.visits) % 1_000;
    let of = |all: &[u32], pick: &dyn Fn(u32) -> u32, count: u32| -> Words {
        Words::Symbols((0..count).map(|number| all[at(pick(number))]).collect())
    };
    let mut visit = Draft::new(schema, "visit");
    visit.table.rows = at(visits);
    visit.table.keys.clone_from(&visit_keys);
    visit.put("visit_id", Words::Symbols(visit_keys.clone()));
    visit.put("person", of(&persons, &|number| number / shape.visits, visits));
    visit.put("institution", of(&institutions, &|number| number % 20, visits));
    visit.put("time", Words::Wide((0..visits).map(|number| Instant::of_day(day(number)).0).collect()));
    let lines = visits * shape.lines;
    let mut item = Draft::new(schema, "item");
    item.table.rows = at(lines);
    item.table.keys.clone_from(&line_keys);
    item.put("item_id", Words::Symbols(line_keys));
    item.put("visit", of(&visit_keys, &|number| number / shape.lines, lines));
    item.put("item_code", of(&codes, &|number| number.wrapping_mul(2_654_435_761) % shape.codes, lines));
    let wide = |word: &dyn Fn(u32) -> i64| Words::Wide((0..lines).map(word).collect());
    item.put("quantity", wide(&|number| i64::from(number % 9 + 1) * 1_000_000));
    item.put("unit_price", wide(&|number| i64::from(number % 50 + 1) * 1_000_000));
    item.put("amount", wide(&|number| i64::from((number % 9 + 1) * (number % 50 + 1)) * 10_000));
    item.put(
        "used_time",
        wide(&|number| {
            Instant::of_second(day(number / shape.lines) * Instant::DAY + i64::from(number % 40_000)).0
        }),
    );
    let tables = [(visit.kind, visit.table), (item.kind, item.table)].into_iter().collect();
    Claims { records: Records { symbols, tables, ..Records::default() }, rejects: Vec::new() }
}
