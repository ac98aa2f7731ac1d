//! What one table holds, as far as the checks need it.
//!
//! In: rows. Out: counts and sums that can be put together in any order.
//! Invariant: sums are exact, in ten-thousandths of a yuan.

use crate::input::{Batch, Row};
use crate::mapping::TableNote;
use jihe::model::calendar::parse_instant;
use jihe::model::decimal::parse;
use jihe::model::ingest::Cell;
use std::collections::{BTreeMap, BTreeSet};

/// Counts and sums of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) rows: u64,
    /// Required columns that the table does not have.
    pub(crate) absent: BTreeSet<String>,
    /// Rows without a value, by required column.
    pub(crate) empty: BTreeMap<String, u64>,
    /// Rows of each id.
    pub(crate) ids: BTreeMap<String, u32>,
    pub(crate) sum: i128,
    /// Rows whose amount is no number.
    pub(crate) unsummed: u64,
    /// Negative amounts in rows that are no refunds.
    pub(crate) negative: u64,
    /// Rows of each settlement day.
    pub(crate) days: BTreeMap<i64, u64>,
    pub(crate) dateless: u64,
}

/// The columns of a table that are looked at.
struct Places {
    required: Vec<(String, usize)>,
    id: Option<usize>,
    sum: Option<usize>,
    date: Option<usize>,
    refund: Option<usize>,
}

impl Tally {
    /// Takes the rows of a batch.
    pub(crate) fn take(&mut self, note: &TableNote, batch: &Batch) {
        let place =
            |name: &str| batch.columns.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let found = |name: &Option<String>| name.as_deref().and_then(place);
        let mut places = Places {
            required: Vec::new(),
            id: found(&note.id),
            sum: found(&note.sum),
            date: found(&note.date),
            refund: found(&note.refund),
        };
        for name in &note.required {
            match place(name) {
                Some(at) => places.required.push((name.clone(), at)),
                None => drop(self.absent.insert(name.clone())),
            }
        }
        for row in batch.rows() {
            self.row(&places, &row);
        }
    }

    fn row(&mut self, places: &Places, row: &Row<'_>) {
        add(&mut self.rows, 1);
        for (name, at) in &places.required {
            if text(row, *at).is_empty() {
                match self.empty.get_mut(name) {
                    Some(count) => add(count, 1),
                    None => drop(self.empty.insert(name.clone(), 1)),
                }
            }
        }
        let id = places.id.map(|at| text(row, at)).filter(|id| !id.is_empty());
        if let Some(id) = id {
            match self.ids.get_mut(id) {
                Some(count) => *count = count.saturating_add(1),
                None => drop(self.ids.insert(id.to_owned(), 1)),
            }
        }
        if let Some(at) = places.sum {
            let is_refund = places.refund.is_some_and(|at| matches!(text(row, at), "1" | "是" | "退费"));
            match parse(text(row, at), 4) {
                Ok(amount) => {
                    self.sum = self.sum.saturating_add(i128::from(amount));
                    add(&mut self.negative, u64::from(amount < 0 && !is_refund));
                }
                Err(_) => add(&mut self.unsummed, 1),
            }
        }
        if let Some(at) = places.date {
            match parse_instant(text(row, at)) {
                Some(moment) => add(self.days.entry(moment.day()).or_insert(0), 1),
                None => add(&mut self.dateless, 1),
            }
        }
    }

    /// Takes over what was counted elsewhere.
    pub(crate) fn append(&mut self, more: Tally) {
        add(&mut self.rows, more.rows);
        self.absent.extend(more.absent);
        for (name, count) in more.empty {
            add(self.empty.entry(name).or_insert(0), count);
        }
        for (id, count) in more.ids {
            let held = self.ids.entry(id).or_insert(0);
            *held = held.saturating_add(count);
        }
        self.sum = self.sum.saturating_add(more.sum);
        add(&mut self.unsummed, more.unsummed);
        add(&mut self.negative, more.negative);
        for (day, count) in more.days {
            add(self.days.entry(day).or_insert(0), count);
        }
        add(&mut self.dateless, more.dateless);
    }
}

fn text<'r>(row: &Row<'r>, at: usize) -> &'r str {
    match row.cell(at) {
        Cell::Text(text) => text.trim(),
        Cell::Missing | Cell::Word(_) | Cell::Unreadable => "",
    }
}

fn add(held: &mut u64, more: u64) {
    *held = held.saturating_add(more);
}
