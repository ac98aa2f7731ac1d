//! Says whose each record is, so that whole persons stand side by side.
//!
//! In: tables as read. Out: a person number for every row of the kinds that belong to persons.
//! Invariant: rows that refer to each other have the same number; 0 is for rows of nobody.

use super::{KeyRows, KindTable};
use crate::column::{NONE, ix, small};
use hashbrown::HashMap;
use jihe_model::schema::{FieldId, KindId, Schema};
use jihe_model::types::Type;

/// The numbers.
#[derive(Debug)]
pub(super) struct People {
    /// One more than the last number.
    pub(super) count: u32,
    /// For each kind the number of each row; none for kinds that belong to nobody.
    pub(super) of_rows: Vec<Option<Vec<u32>>>,
}

pub(super) fn assign(schema: &Schema, tables: &[KindTable<'_>], symbols: usize) -> People {
    let mut work = Work {
        schema,
        tables,
        symbols,
        numbers: HashMap::new(),
        ghosts: HashMap::new(),
        parent: vec![0],
        rows: vec![None; tables.len()],
        busy: vec![false; tables.len()],
        keys: (0..tables.len()).map(|_| None).collect(),
    };
    for at in (0u16..).take(tables.len()) {
        work.kind(KindId(at));
    }
    for at in (0u16..).take(tables.len()) {
        work.self_references(KindId(at));
    }
    let mut dense: HashMap<u32, u32> = HashMap::new();
    dense.insert(work.root(0), 0);
    let mut of_rows = core::mem::take(&mut work.rows);
    for number in of_rows.iter_mut().flatten().flatten() {
        let root = work.root(*number);
        let next = small(dense.len());
        *number = *dense.entry(root).or_insert(next);
    }
    People { count: small(dense.len()), of_rows }
}

struct Work<'t, 'a> {
    schema: &'t Schema,
    tables: &'t [KindTable<'a>],
    symbols: usize,
    /// Person number by the symbol of the person's key.
    numbers: HashMap<u32, u32>,
    /// Numbers of records that are referred to but not there.
    ghosts: HashMap<(KindId, i64), u32>,
    parent: Vec<u32>,
    rows: Vec<Option<Vec<u32>>>,
    busy: Vec<bool>,
    keys: Vec<Option<KeyRows>>,
}

impl Work<'_, '_> {
    /// Whether records of a kind belong to persons: they refer to one, but not through a place or a professional.
    fn personal(&self, kind: KindId, depth: u8) -> bool {
        let Some(held) = self.schema.kind(kind) else { return false };
        if held.en == "person" {
            return true;
        }
        if depth == 0 || held.impersonal {
            return false;
        }
        held.fields.iter().any(|field| match field.ty {
            Type::Reference(to) => to != kind && self.personal(to, depth.saturating_sub(1)),
            _ => false,
        })
    }

    fn kind(&mut self, id: KindId) {
        let at = usize::from(id.0);
        if self.rows[at].is_some() || self.busy[at] || !self.personal(id, 6) {
            return;
        }
        self.busy[at] = true;
        let (schema, tables) = (self.schema, self.tables);
        let Some(kind) = schema.kind(id) else { return };
        let table = &tables[at];
        let mut numbers = vec![NONE; ix(table.len())];
        if kind.en == "person" {
            for row in 0..table.len() {
                numbers[ix(row)] = self.number(i64::from(table.key(row)));
            }
        }
        for direct in [true, false] {
            for (field, held) in (0u16..).map(FieldId).zip(&kind.fields) {
                let Type::Reference(to) = held.ty else { continue };
                let is_person = schema.kind(to).is_some_and(|kind| kind.en == "person");
                if to != id && is_person == direct && self.personal(to, 5) {
                    self.follow(id, field, to, &mut numbers);
                }
            }
        }
        for number in &mut numbers {
            if *number == NONE {
                *number = 0;
            }
        }
        self.rows[at] = Some(numbers);
        self.busy[at] = false;
    }

    fn follow(&mut self, id: KindId, field: FieldId, to: KindId, numbers: &mut [u32]) {
        self.kind(to);
        let tables = self.tables;
        let table = &tables[usize::from(id.0)];
        let Some(column) = table.column(field) else { return };
        let is_person = self.schema.kind(to).is_some_and(|kind| kind.en == "person");
        for row in 0..table.len() {
            let Some(key) = column.get(table.origin(row)) else { continue };
            let number = if is_person { self.number(key) } else { self.number_or_ghost(to, key) };
            if number == NONE {
                continue;
            }
            let held = &mut numbers[ix(row)];
            if *held == NONE {
                *held = number;
            } else if *held != number {
                let held = *held;
                self.unite(held, number);
            }
        }
    }

    /// The number of a person's key.
    fn number(&mut self, key: i64) -> u32 {
        let Ok(key) = u32::try_from(key) else { return NONE };
        let next = small(self.parent.len());
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.parent.push(next);
        }
        number
    }

    /// The number of a record, by its key; of a record that is not there, one that all who refer to it share.
    fn number_or_ghost(&mut self, kind: KindId, key: i64) -> u32 {
        let number = self.number_of(kind, key);
        if number != NONE {
            return number;
        }
        let next = small(self.parent.len());
        let ghost = *self.ghosts.entry((kind, key)).or_insert(next);
        if ghost == next {
            self.parent.push(next);
        }
        ghost
    }

    /// The number of a record, by its key; none if there is no such record.
    fn number_of(&mut self, kind: KindId, key: i64) -> u32 {
        let at = usize::from(kind.0);
        let (tables, symbols) = (self.tables, self.symbols);
        let rows = self.keys[at].get_or_insert_with(|| {
            let table = &tables[at];
            let keys: Vec<u32> = (0..table.len()).map(|row| table.key(row)).collect();
            KeyRows::build(keys.into_iter(), symbols)
        });
        let row = rows.get(key);
        if row == NONE {
            return NONE;
        }
        self.rows[at].as_ref().map_or(NONE, |numbers| numbers[ix(row)])
    }

    /// A line and the line it reverses belong together, whatever their own parents say.
    fn self_references(&mut self, id: KindId) {
        let at = usize::from(id.0);
        let (schema, tables) = (self.schema, self.tables);
        let (Some(kind), Some(numbers)) = (schema.kind(id), self.rows[at].clone()) else { return };
        let target = kind.raw_of.unwrap_or(id);
        for (field, held) in (0u16..).map(FieldId).zip(&kind.fields) {
            if held.ty != Type::Reference(target) {
                continue;
            }
            let Some(column) = tables[at].column(field) else { continue };
            for row in 0..tables[at].len() {
                let Some(key) = column.get(tables[at].origin(row)) else { continue };
                let other = self.number_of(target, key);
                if other != NONE && other != numbers[ix(row)] {
                    self.unite(numbers[ix(row)], other);
                }
            }
        }
    }

    fn root(&mut self, number: u32) -> u32 {
        let mut at = number;
        while self.parent[ix(at)] != at {
            let up = self.parent[ix(self.parent[ix(at)])];
            self.parent[ix(at)] = up;
            at = up;
        }
        at
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[ix(a.max(b))] = a.min(b);
    }
}
