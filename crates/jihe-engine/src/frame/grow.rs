//! A frame that stays between runs, and grows.
//!
//! In: the tables of a frame, rows that were added to its records. Out: the same tables, longer.
//! Invariant: rows are only put after those that are there; whether all are still in the total order is noted.

use super::{Coverage, Frame, KeyRows, KindTable, NO_TIME, coverage, instant_of, latest};
use crate::column::{NONE, ix, small};
use crate::run::Texts;
use jihe_model::records::{Column, Records, Table, Words};
use jihe_model::schema::{Kind, KindId, Schema};
use std::borrow::Cow;
use std::sync::OnceLock;

impl KindTable<'_> {
    /// The table without the records it was made of.
    fn detached(self) -> KindTable<'static> {
        KindTable {
            supplied: self.supplied,
            table: match self.table {
                Some(Cow::Owned(table)) => Some(Cow::Owned(table)),
                Some(Cow::Borrowed(_)) | None => None,
            },
            overlay: self.overlay,
            order: self.order,
            hidden: self.hidden,
            coverage: self.coverage,
            ranks: self.ranks,
            by_key: self.by_key,
        }
    }

    /// Makes ready to grow: keys in a table that can, and whether the rows are in the total order.
    fn loosen(&mut self, texts: Texts<'_>) {
        let keys: Vec<(u32, u32)> = (0..self.len()).map(|row| (self.key(row), row)).collect();
        self.by_key = OnceLock::from(KeyRows::Sparse(keys.into_iter().collect()));
        let in_order = (1..self.len()).all(|row| self.place(row - 1, texts) <= self.place(row, texts));
        self.order_mut().in_order = in_order;
        self.ranks = OnceLock::new();
    }

    fn place<'t>(&self, row: u32, texts: Texts<'t>) -> (i64, i64, &'t str) {
        (self.clock[ix(row)], self.end_of(row), texts.of(self.key(row)))
    }
}

/// The tables of a frame, without the records.
pub(crate) fn detach(frame: Frame<'_>) -> Vec<KindTable<'static>> {
    frame.kinds.into_iter().map(KindTable::detached).collect()
}

/// A frame of tables kept and the records they were made of.
pub(crate) fn attach<'a>(
    tables: Vec<KindTable<'static>>,
    schema: &Schema,
    records: &'a Records,
    as_of: Option<i64>,
) -> Frame<'a> {
    let kinds = (0u16..).map(KindId).zip(&schema.kinds).zip(tables);
    let kinds = kinds.map(|((id, kind), table)| {
        let mut table: KindTable<'a> = table;
        if table.table.is_none() {
            table.table = records.tables.get(&kind.raw_of.unwrap_or(id)).map(Cow::Borrowed);
        }
        table
    });
    Frame { kinds: kinds.collect(), as_of, persons: 0, unmatched_refunds: 0, over_refunded: 0 }
}

impl<'a> Frame<'a> {
    /// A frame that can grow.
    pub(crate) fn growing(schema: &Schema, records: &'a Records, texts: Texts<'_>) -> Self {
        let mut frame = Frame::build(schema, records, texts, 1);
        frame.kinds.iter_mut().for_each(|table| table.loosen(texts));
        frame
    }

    /// Takes rows that were put at the end of a table of the records, each after the one before in the total order.
    pub(crate) fn grow(&mut self, id: KindId, kind: &Kind, texts: Texts<'_>) {
        let Some(table) = self.kinds.get_mut(usize::from(id.0)) else { return };
        let Some(rows) = table.table.as_ref().map(|held| small(held.rows)) else { return };
        let before = table.len();
        for origin in small(table.origin.len())..rows {
            let times = table.table.as_ref().map(|held| times(held, kind, ix(origin)));
            let (clock, end) = times.unwrap_or((NO_TIME, NO_TIME));
            let order = table.order_mut();
            order.origin.push(origin);
            order.clock.push(clock);
            if kind.interval.is_some() {
                order.end.push(end);
            }
            if let Some(hidden) = &mut table.hidden {
                hidden.push(false);
            }
            for (field, column) in &mut table.overlay {
                let raw = table.table.as_ref().and_then(|held| held.column(*field));
                push(column, raw.and_then(|raw| raw.get(ix(origin))));
            }
        }
        let keys: Vec<(u32, u32)> = (before..table.len()).map(|row| (table.key(row), row)).collect();
        if let Some(KeyRows::Sparse(rows)) = table.by_key.get_mut() {
            rows.extend(keys);
        }
        let joins = before == 0
            || before == table.len()
            || table.place(before - 1, texts) <= table.place(before, texts);
        table.order_mut().in_order &= joins;
        table.ranks = OnceLock::new();
    }

    /// Coverage and 截止日 after growing.
    pub(crate) fn settle(&mut self, schema: &Schema, records: &Records) {
        for (table, (id, kind)) in self.kinds.iter_mut().zip((0u16..).map(KindId).zip(&schema.kinds)) {
            table.coverage = coverage(table, (id, kind), records);
        }
        self.as_of = records.run.as_of.or_else(|| latest(&self.kinds, records));
    }

    pub(crate) fn coverages(&self) -> Vec<Coverage> {
        self.kinds.iter().map(|table| table.coverage).collect()
    }

    /// The row of a key, if there is one.
    pub(crate) fn find(&self, kind: KindId, key: u32) -> Option<u32> {
        let table = self.kind(kind)?;
        let row = table.row_of_key(i64::from(key), 0);
        (row != NONE).then_some(row)
    }
}

/// Clock and end of a row as read.
pub(crate) fn times(table: &Table, kind: &Kind, row: usize) -> (i64, i64) {
    let time = |field: &jihe_model::schema::FieldId| {
        let ty = kind.fields.get(usize::from(field.0))?.ty;
        Some(instant_of(ty, table.column(*field)?.get(row)?))
    };
    let clock = kind.clock.iter().find_map(time).unwrap_or(NO_TIME);
    (clock, kind.interval.and_then(|(_, last)| time(&last)).unwrap_or(NO_TIME))
}

/// Puts a value at the end of a column.
pub(crate) fn push(column: &mut Column, value: Option<i64>) {
    let len = match &column.words {
        Words::Bits(words) => words.len(),
        Words::Symbols(words) => words.len(),
        Words::Days(words) => words.len(),
        Words::Wide(words) => words.len(),
    };
    if value.is_none() && column.present.is_none() {
        column.present = Some(vec![true; len]);
    }
    if let Some(present) = &mut column.present {
        present.push(value.is_some());
    }
    let word = value.unwrap_or(0);
    match &mut column.words {
        Words::Bits(words) => words.push(word != 0),
        Words::Symbols(words) => words.push(u32::try_from(word).unwrap_or(NONE)),
        Words::Days(words) => words.push(i32::try_from(word).unwrap_or(i32::MAX)),
        Words::Wide(words) => words.push(word),
    }
}
