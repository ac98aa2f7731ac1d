//! 退费: refund records, and an event for every negative line that is not one of them.
//!
//! In: refund records as read, negative lines and the lines they were matched to. Out: one table.
//! Invariant: quantities and amounts of events are positive; an event without visit or settlement has its line's.

use super::super::column_of;
use super::Lines;
use crate::column::{ix, small};
use jihe_model::records::{Records, Table};
use jihe_model::schema::{Kind, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// The fields an event of a negative line has, or that are filled in.
const MADE: [&str; 7] = ["refund_id", "item", "settlement", "visit", "time", "quantity", "amount"];

/// Refund records as read.
pub(super) struct Refunds<'a> {
    pub(super) schema: &'a Schema,
    pub(super) records: &'a Records,
    pub(super) kind: &'a Kind,
    pub(super) table: Option<&'a Table>,
}

impl Refunds<'_> {
    pub(super) fn events(&self, lines: &Lines<'_>, negative: &[u32], matched: &BTreeMap<u32, u32>) -> Table {
        let held = self.table.map_or(0, |table| small(table.rows));
        let known: BTreeSet<u32> =
            self.table.map(|table| table.keys.iter().copied().collect()).unwrap_or_default();
        let line_key = |row: u32| lines.table.keys[ix(row)];
        let fresh: Vec<u32> =
            negative.iter().copied().filter(|row| !known.contains(&line_key(*row))).collect();
        let mut keys: Vec<u32> = self.table.map(|table| table.keys.clone()).unwrap_or_default();
        keys.extend(fresh.iter().map(|row| line_key(*row)));
        let made = |name: &str, row: u32| -> Option<i64> {
            let original = || matched.get(&row).map(|line| i64::from(line_key(*line)));
            match name {
                "refund_id" => Some(i64::from(line_key(row))),
                "item" => original().or_else(|| lines.get("original_item", row)),
                "time" => lines.clock(row),
                "quantity" | "amount" => lines.get(name, row).and_then(i64::checked_neg),
                _ => lines.get(name, row),
            }
        };
        let mut columns: Vec<Option<Vec<Option<i64>>>> = Vec::new();
        for (at, field) in self.kind.fields.iter().enumerate() {
            let old = self.table.and_then(|table| table.columns.get(at)).and_then(Option::as_ref);
            let is_made = MADE.contains(&field.en.as_str());
            if old.is_none() && !is_made {
                columns.push(None);
                continue;
            }
            let mut all: Vec<Option<i64>> =
                (0..held).map(|row| old.and_then(|column| column.get(ix(row)))).collect();
            all.extend(fresh.iter().map(|row| if is_made { made(&field.en, *row) } else { None }));
            columns.push(Some(all));
        }
        self.fill(lines, &mut columns);
        Table {
            rows: keys.len(),
            columns: columns.into_iter().map(|column| column.map(column_of)).collect(),
            keys,
        }
    }

    /// An event without settlement has its line's; one without visit its line's, else its settlement's.
    fn fill(&self, lines: &Lines<'_>, columns: &mut [Option<Vec<Option<i64>>>]) {
        let place = |name: &str| self.kind.fields.iter().position(|field| field.en == name);
        let (Some(item), Some(visit), Some(settlement)) =
            (place("item"), place("visit"), place("settlement"))
        else {
            return;
        };
        let Some(items) = columns.get(item).cloned().flatten() else { return };
        let visits = self.visits_of_settlements();
        for (row, item) in items.into_iter().enumerate() {
            let line = item.map(|key| lines.by_key.get(key)).filter(|line| *line != crate::column::NONE);
            let of_line = |name: &str| line.and_then(|line| lines.get(name, line));
            let settled = slot(columns, settlement, row).map(|held| {
                *held = held.or_else(|| of_line("settlement"));
                *held
            });
            if let Some(held) = slot(columns, visit, row) {
                let other = || settled.flatten().and_then(|key| visits.get(&key).copied());
                *held = held.or_else(|| of_line("visit")).or_else(other);
            }
        }
    }

    fn visits_of_settlements(&self) -> BTreeMap<i64, i64> {
        let found = || {
            let id = self.schema.find_kind("settlement")?;
            let table = self.records.tables.get(&id)?;
            let visit = table.column(self.schema.kind(id)?.find_field("visit")?)?;
            let pair = |row: usize| Some((i64::from(*table.keys.get(row)?), visit.get(row)?));
            Some((0..table.rows).filter_map(pair).collect())
        };
        found().unwrap_or_default()
    }
}

fn slot(columns: &mut [Option<Vec<Option<i64>>>], at: usize, row: usize) -> Option<&mut Option<i64>> {
    columns.get_mut(at)?.as_mut()?.get_mut(row)
}
