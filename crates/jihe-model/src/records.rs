//! Claim records in memory: one table a kind, one column a field.
//!
//! In: rows from a reader, checked by [`crate::ingest`]. Out: [`Records`], what engine and reference run over.
//! Invariant: every column of a table has as many entries as the table has rows; keys are unique within a kind.

use crate::value::Symbols;
use std::collections::BTreeMap;

use crate::schema::{FieldId, KindId};

/// All records of a run, as read: nothing is netted yet.
#[derive(Debug, Clone, Default)]
pub struct Records {
    /// The texts of all symbol columns.
    pub symbols: Symbols,
    /// One table for each kind that was supplied, even if empty. A kind without a table was not supplied.
    pub tables: BTreeMap<KindId, Table>,
    /// The run's dates (contract 11).
    pub run: RunDates,
    /// The kinds whose rows were counted rather than read, because nobody needs them ([`crate::ingest::Needs`]). Their tables
    /// have no rows.
    pub counted: BTreeMap<KindId, Counted>,
}

/// Rows of a kind that were not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub rows: usize,
    /// First and last day of their clock, as days since 1970-01-01; none where no row has one, or nobody asked.
    pub days: Option<(i64, i64)>,
}

impl Counted {
    /// Takes in rows and the days of some of them.
    pub fn add(&mut self, more: Counted) {
        self.rows = self.rows.saturating_add(more.rows);
        self.days = match (self.days, more.days) {
            (Some((from, to)), Some((first, last))) => Some((from.min(first), to.max(last))),
            (held, found) => held.or(found),
        };
    }
}

/// Coverage and as-of day of a run; days since 1970-01-01, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunDates {
    /// 截止日; without it the latest clock of any record.
    pub as_of: Option<i64>,
    /// The coverage of every kind supplied; without it each kind's own first to last clock.
    pub coverage: Option<(i64, i64)>,
    /// The coverage of single kinds, by the kind whose rows are read; it goes before `coverage`. Part of a population
    /// audited by itself (a partition of a cluster) needs it to mean what the whole means.
    pub kinds: BTreeMap<KindId, (i64, i64)>,
    /// No bounds at all (test blocks).
    pub unbounded: bool,
}

/// The rows of one kind.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// How many rows.
    pub rows: usize,
    /// A column for each field of the kind, in the order of [`crate::schema::Kind::fields`]; none where it was not supplied.
    pub columns: Vec<Option<Column>>,
    /// The key of each row as text ([`Symbols`] of the run), unique: identical full rows are numbered `#2`, `#3` (contract 3).
    pub keys: Vec<u32>,
}

/// The values of one field. What a word means is the field's type's business ([`crate::value::Value`]).
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// One word a row; any word where the value is missing.
    pub words: Words,
    /// Whether each row has a value; none when all have.
    pub present: Option<Vec<bool>>,
}

/// The words of a column, no wider than they need be.
#[derive(Debug, Clone)]
pub enum Words {
    /// Booleans: 0 or 1.
    Bits(Vec<bool>),
    /// Symbols.
    Symbols(Vec<u32>),
    /// Dates, as days.
    Days(Vec<i32>),
    /// Everything else.
    Wide(Vec<i64>),
}

impl Default for Words {
    fn default() -> Self {
        Words::Wide(Vec::new())
    }
}

impl Records {
    /// How many rows of a kind there are, read or counted; none if it was not supplied.
    pub fn rows(&self, kind: KindId) -> Option<usize> {
        let counted = self.counted.get(&kind).map_or(0, |counted| counted.rows);
        self.tables.get(&kind).map(|table| table.rows.saturating_add(counted))
    }

    /// Makes every key one that is looked up, also where a reading held them as texts only because nothing refers to them:
    /// for records that others will be added to.
    pub fn index_keys(&mut self) {
        if !self.symbols.has_apart() {
            return;
        }
        for key in self.tables.values_mut().flat_map(|table| &mut table.keys) {
            *key = self.symbols.look_up(*key);
        }
    }
}

impl Column {
    /// The word of a row; none where missing or out of range.
    pub fn get(&self, row: usize) -> Option<i64> {
        if let Some(present) = &self.present
            && !present.get(row).copied().unwrap_or(false)
        {
            return None;
        }
        match &self.words {
            Words::Bits(words) => words.get(row).map(|word| i64::from(*word)),
            Words::Symbols(words) => words.get(row).map(|word| i64::from(*word)),
            Words::Days(words) => words.get(row).map(|word| i64::from(*word)),
            Words::Wide(words) => words.get(row).copied(),
        }
    }
}

impl Table {
    /// The column of a field, if supplied.
    pub fn column(&self, field: FieldId) -> Option<&Column> {
        self.columns.get(usize::from(field.0)).and_then(Option::as_ref)
    }
}
