//! What one table holds, as far as the checks need it.
//!
//! In: rows. Out: counts and sums that can be put together in any order.
//! Invariant: sums are exact, in ten-thousandths of a yuan.

use crate::input::{Row, Sheet};
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
    /// Columns of the list that may be left out, and are.
    pub(crate) left_out: BTreeSet<String>,
    /// Rows without a value, by required column.
    pub(crate) empty: BTreeMap<String, u64>,
    /// Refunds without a value, by column that refunds must fill.
    pub(crate) empty_refunds: BTreeMap<String, u64>,
    /// Rows of each id.
    pub(crate) ids: BTreeMap<String, u32>,
    /// Rows without an id.
    pub(crate) unnamed: u64,
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
    refunds: Vec<(String, usize)>,
    id: Place,
    sum: Place,
    date: Place,
    refund: Place,
}

/// Where a column is.
#[derive(Clone, Copy)]
enum Place {
    /// The table is not to have it.
    Unknown,
    /// It is to have it, and does not: every row lacks the value.
    Absent,
    At(usize),
}

impl Place {
    /// The value in a row, empty where it lacks one; none where there is none to have.
    fn text<'r>(self, row: &Row<'r>) -> Option<&'r str> {
        match self {
            Place::Unknown => None,
            Place::Absent => Some(""),
            Place::At(at) => Some(text(row, at)),
        }
    }
}

impl Tally {
    /// Takes some rows.
    pub(crate) fn take(&mut self, note: &TableNote, sheet: &Sheet<'_>) {
        let place =
            |name: &str| sheet.names.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
        let found = |name: &Option<String>| match name {
            None => Place::Unknown,
            Some(name) => place(name).map_or(Place::Absent, Place::At),
        };
        let there = |names: &[String]| -> Vec<(String, usize)> {
            names.iter().filter_map(|name| Some((name.clone(), place(name)?))).collect()
        };
        let places = Places {
            required: there(&note.required),
            refunds: there(&note.refunds),
            id: found(&note.id),
            sum: found(&note.sum),
            date: found(&note.date),
            refund: found(&note.refund),
        };
        for name in note.columns.iter().filter(|name| place(name).is_none()) {
            let needed = note.required.contains(name) || note.present.contains(name);
            let names = if needed { &mut self.absent } else { &mut self.left_out };
            names.insert(name.clone());
        }
        for row in sheet.rows() {
            self.row(&places, &row);
        }
    }

    fn row(&mut self, places: &Places, row: &Row<'_>) {
        add(&mut self.rows, 1);
        count_empty(&mut self.empty, &places.required, row);
        let is_refund = places.refund.text(row).is_some_and(|text| matches!(text, "1" | "是" | "退费"));
        if is_refund {
            count_empty(&mut self.empty_refunds, &places.refunds, row);
        }
        match places.id.text(row) {
            None => {}
            Some("") => add(&mut self.unnamed, 1),
            Some(id) => match self.ids.get_mut(id) {
                Some(count) => *count = count.saturating_add(1),
                None => drop(self.ids.insert(id.to_owned(), 1)),
            },
        }
        match places.sum.text(row).map(|text| parse(text, 4)) {
            None => {}
            Some(Ok(amount)) => {
                self.sum = self.sum.saturating_add(i128::from(amount));
                add(&mut self.negative, u64::from(amount < 0 && !is_refund));
            }
            Some(Err(_)) => add(&mut self.unsummed, 1),
        }
        match places.date.text(row).map(parse_instant) {
            None => {}
            Some(Some(moment)) => add(self.days.entry(moment.day()).or_insert(0), 1),
            Some(None) => add(&mut self.dateless, 1),
        }
    }

    /// Takes over what was counted elsewhere.
    pub(crate) fn append(&mut self, more: Tally) {
        add(&mut self.rows, more.rows);
        self.absent.extend(more.absent);
        self.left_out.extend(more.left_out);
        for (ours, theirs) in [(&mut self.empty, more.empty), (&mut self.empty_refunds, more.empty_refunds)] {
            for (name, count) in theirs {
                add(ours.entry(name).or_insert(0), count);
            }
        }
        add(&mut self.unnamed, more.unnamed);
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

/// Counts the columns without a value in a row.
fn count_empty(empty: &mut BTreeMap<String, u64>, columns: &[(String, usize)], row: &Row<'_>) {
    for (name, _) in columns.iter().filter(|(_, at)| text(row, *at).is_empty()) {
        match empty.get_mut(name) {
            Some(count) => add(count, 1),
            None => drop(empty.insert(name.clone(), 1)),
        }
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
