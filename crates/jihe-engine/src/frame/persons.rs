//! Says whose each record is, so that whole persons stand side by side.
//!
//! In: tables as read. Out: a person number for every row of the kinds that belong to persons.
//! Invariant: rows that refer to each other have the same number; 0 is for rows of nobody.

use super::{KeyRows, KindTable};
use crate::column::{NONE, ix, small};
use crate::maps::HashMap;
use crate::portions::made;
use jihe_model::records::Column;
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use jihe_model::types::Type;

/// The numbers.
#[derive(Debug)]
pub(super) struct People {
    /// One more than the last number.
    pub(super) count: u32,
    /// For each kind the number of each row; none for kinds that belong to nobody.
    pub(super) of_rows: Vec<Option<Vec<u32>>>,
}

pub(super) fn assign(schema: &Schema, tables: &[KindTable<'_>], symbols: usize, threads: usize) -> People {
    let mut work = Work {
        schema,
        tables,
        symbols,
        threads,
        numbers: HashMap::default(),
        ghosts: HashMap::default(),
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
    let of_rows = core::mem::take(&mut work.rows);
    work.without_gaps(of_rows)
}

struct Work<'t, 'a> {
    schema: &'t Schema,
    tables: &'t [KindTable<'a>],
    symbols: usize,
    threads: usize,
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
        if let Some(numbers) = kind.raw_of.and_then(|origin| self.of_origin(kind, (id, origin))) {
            self.rows[at] = Some(numbers);
            self.busy[at] = false;
            return;
        }
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

    /// The numbers of the records of which these are a view, where none refers to another of them: a view follows that
    /// reference, the records themselves do not.
    fn of_origin(&mut self, kind: &Kind, (id, origin): (KindId, KindId)) -> Option<Vec<u32>> {
        let table = &self.tables[usize::from(id.0)];
        let refers = (0u16..).map(FieldId).zip(&kind.fields).any(|(field, held)| {
            let column = table.column(field).filter(|_| held.ty == Type::Reference(origin));
            column.is_some_and(|column| (0..table.len()).any(|row| column.get(table.origin(row)).is_some()))
        });
        if refers || self.tables[usize::from(origin.0)].len() != table.len() {
            return None;
        }
        self.kind(origin);
        self.rows[usize::from(origin.0)].clone()
    }

    fn follow(&mut self, id: KindId, field: FieldId, to: KindId, numbers: &mut [u32]) {
        self.kind(to);
        let tables = self.tables;
        let table = &tables[usize::from(id.0)];
        let Some(column) = table.column(field) else { return };
        let is_person = self.schema.kind(to).is_some_and(|kind| kind.en == "person");
        let known = if is_person { Vec::new() } else { self.known(to, (table, column)) };
        for row in 0..table.len() {
            let found = known.get(ix(row)).copied().filter(|number| *number != NONE);
            let number = if let Some(number) = found {
                number
            } else {
                let Some(key) = column.get(table.origin(row)) else { continue };
                if is_person { self.number(key) } else { self.ghost(to, key) }
            };
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

    /// The numbers of the records that rows refer to, where they are there.
    fn known(&mut self, to: KindId, (table, column): (&KindTable<'_>, &Column)) -> Vec<u32> {
        self.index_keys(to);
        let at = usize::from(to.0);
        let (Some(rows), Some(numbers)) = (&self.keys[at], &self.rows[at]) else {
            return vec![NONE; ix(table.len())];
        };
        made(self.threads, ix(table.len()), |row| {
            let target = column.get(table.origin(small(row))).map_or(NONE, |key| rows.get(key));
            numbers.get(ix(target)).copied().unwrap_or(NONE)
        })
    }

    /// The number that all share who refer to a record that is not there.
    fn ghost(&mut self, kind: KindId, key: i64) -> u32 {
        let next = small(self.parent.len());
        let ghost = *self.ghosts.entry((kind, key)).or_insert(next);
        if ghost == next {
            self.parent.push(next);
        }
        ghost
    }

    fn index_keys(&mut self, kind: KindId) {
        let at = usize::from(kind.0);
        let (table, symbols) = (&self.tables[at], self.symbols);
        self.keys[at].get_or_insert_with(|| {
            let keys: Vec<u32> = (0..table.len()).map(|row| table.key(row)).collect();
            KeyRows::build(keys.into_iter(), symbols)
        });
    }

    /// The number of a record, by its key; none if there is no such record.
    fn number_of(&mut self, kind: KindId, key: i64) -> u32 {
        self.index_keys(kind);
        let at = usize::from(kind.0);
        let row = self.keys[at].as_ref().map_or(NONE, |rows| rows.get(key));
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

    /// Numbers the groups of numbers that belong together anew, in the order in which rows have them.
    fn without_gaps(&mut self, mut of_rows: Vec<Option<Vec<u32>>>) -> People {
        let mut fresh = vec![NONE; self.parent.len()];
        fresh[ix(self.root(0))] = 0;
        let mut count = 1u32;
        for number in of_rows.iter_mut().flatten().flatten() {
            let root = ix(self.root(*number));
            if fresh[root] == NONE {
                fresh[root] = count;
                count += 1;
            }
            *number = fresh[root];
        }
        People { count, of_rows }
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
