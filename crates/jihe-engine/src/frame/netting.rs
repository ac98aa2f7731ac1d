//! Nets refunds out of fee lines (sentence 39).
//!
//! In: the lines and refunds as read. Out: net quantities and amounts, which lines leave 明细, and refunds as events.
//! Invariant: a refund counts once, whether it came as a negative line, as a refund record or as both; the order of the
//! input does not matter, because unmatched refunds are matched in the total order.

use super::{KeyRows, KindTable, column_of, instant_of};
use crate::column::{NONE, ix, small};
use jihe_model::records::{Column, Records, Table, Words};
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use jihe_model::value::Symbol;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What netting found.
#[derive(Debug, Default)]
pub(super) struct Netted {
    item: Option<KindId>,
    hidden: Vec<bool>,
    overlay: Vec<(FieldId, Column)>,
    refunds: Option<Table>,
    pub(super) unmatched: u64,
    pub(super) over: u64,
}

impl Netted {
    /// Puts the result into the tables of 明细 and 退费.
    pub(super) fn apply(&self, schema: &Schema, tables: &mut [KindTable<'_>]) {
        let Some(item) = self.item else { return };
        if let Some(table) = tables.get_mut(usize::from(item.0)) {
            if self.hidden.iter().any(|hidden| *hidden) {
                table.hidden = Some(self.hidden.clone());
            }
            table.overlay.clone_from(&self.overlay);
        }
        if let (Some(refunds), Some(id)) = (&self.refunds, schema.find_kind("refund"))
            && let Some(table) = tables.get_mut(usize::from(id.0))
        {
            table.supplied = true;
            table.origin = (0..small(refunds.rows)).collect();
            table.table = Some(Cow::Owned(refunds.clone()));
        }
    }
}

/// The lines, by field.
struct Lines<'a> {
    table: &'a Table,
    kind: &'a Kind,
    records: &'a Records,
    by_key: KeyRows,
}

impl<'a> Lines<'a> {
    fn get(&self, name: &str, row: u32) -> Option<i64> {
        let field = self.kind.find_field(name)?;
        self.table.column(field)?.get(ix(row))
    }

    fn clock(&self, row: u32) -> Option<i64> {
        self.kind.clock.iter().find_map(|field| {
            let ty = self.kind.fields.get(usize::from(field.0))?.ty;
            Some(instant_of(ty, self.table.column(*field)?.get(ix(row))?))
        })
    }

    /// Place in the total order.
    fn order(&self, row: u32) -> (i64, &'a str) {
        (self.clock(row).unwrap_or(i64::MAX), self.records.symbols.text(Symbol(self.table.keys[ix(row)])))
    }
}

/// What is taken off a line.
#[derive(Debug, Clone, Copy, Default)]
struct Taken {
    quantity: i64,
    amount: i64,
}

pub(super) fn net(schema: &Schema, records: &Records) -> Netted {
    let Some(id) = schema.find_kind("item") else { return Netted::default() };
    let (Some(table), Some(kind)) = (records.tables.get(&id), schema.kind(id)) else { return Netted::default() };
    let refund_id = schema.find_kind("refund");
    let refund_kind = refund_id.and_then(|id| schema.kind(id));
    let refund_table = refund_id.and_then(|id| records.tables.get(&id));
    let quantity = kind.find_field("quantity").and_then(|field| table.column(field));
    let negative: Vec<u32> = match quantity {
        Some(column) => {
            (0..small(table.rows)).filter(|row| column.get(ix(*row)).is_some_and(|held| held < 0)).collect()
        }
        None => Vec::new(),
    };
    let has_refunds = refund_table.is_some_and(|table| table.rows > 0);
    if negative.is_empty() && !has_refunds {
        let refunds = refund_table.is_none().then(|| refund_kind.map(empty_refunds)).flatten();
        return Netted { item: Some(id), refunds, ..Netted::default() };
    }
    let by_key = KeyRows::build(table.keys.iter().copied(), records.symbols.len());
    let lines = Lines { table, kind, records, by_key };
    let mut work = Work { taken: BTreeMap::new(), matched: BTreeMap::new(), unmatched: 0, lines: &lines };
    let twice = refund_kind.zip(refund_table).map(|(kind, table)| work.refund_rows(kind, table, &negative));
    work.negative_rows(&negative, &twice.unwrap_or_default());
    work.finish(id, &negative, refund_kind.map(|kind| (kind, refund_table)))
}

struct Work<'l, 'a> {
    taken: BTreeMap<u32, Taken>,
    /// The line each negative line refers to.
    matched: BTreeMap<u32, u32>,
    unmatched: u64,
    lines: &'l Lines<'a>,
}

impl Work<'_, '_> {
    fn take(&mut self, line: u32, quantity: i64, amount: i64) {
        let taken = self.taken.entry(line).or_default();
        taken.quantity = taken.quantity.saturating_add(quantity);
        taken.amount = taken.amount.saturating_add(amount);
    }

    /// Nets refund records; returns the negative lines that are also refund records, with the line those refer to.
    fn refund_rows(&mut self, kind: &Kind, table: &Table, negative: &[u32]) -> BTreeMap<u32, Option<u32>> {
        let get = |name: &str, row: u32| {
            kind.find_field(name).and_then(|field| table.column(field)).and_then(|column| column.get(ix(row)))
        };
        let is_negative: std::collections::BTreeSet<u32> = negative.iter().copied().collect();
        let mut twice = BTreeMap::new();
        for row in 0..small(table.rows) {
            let item = get("item", row).map_or(NONE, |key| self.lines.by_key.get(key));
            let line = (item != NONE && !is_negative.contains(&item)).then_some(item);
            let same = table.keys.get(ix(row)).map_or(NONE, |key| self.lines.by_key.get(i64::from(*key)));
            if is_negative.contains(&same) {
                twice.insert(same, line);
            } else if let Some(line) = line {
                let quantity = get("quantity", row).unwrap_or(0);
                self.take(line, quantity, get("amount", row).unwrap_or(0));
            }
        }
        twice
    }

    fn negative_rows(&mut self, negative: &[u32], twice: &BTreeMap<u32, Option<u32>>) {
        let lines = self.lines;
        let mut loose = Vec::new();
        for row in negative {
            let refers = lines.get("original_item", *row);
            let original = refers.map_or(NONE, |key| lines.by_key.get(key));
            let original = if original == NONE { twice.get(row).copied().flatten() } else { Some(original) };
            let sound = original.filter(|line| lines.get("quantity", *line).is_none_or(|held| held >= 0));
            match sound {
                Some(line) => self.settle(*row, line),
                None if refers.is_some() => self.unmatched = self.unmatched.saturating_add(1),
                None => loose.push(*row),
            }
        }
        loose.sort_unstable_by(|a, b| lines.order(*a).cmp(&lines.order(*b)));
        self.match_loose(&loose);
    }

    fn settle(&mut self, row: u32, line: u32) {
        let quantity = self.lines.get("quantity", row).unwrap_or(0).saturating_neg();
        let amount = self.lines.get("amount", row).unwrap_or(0).saturating_neg();
        self.matched.insert(row, line);
        self.take(line, quantity, amount);
    }

    /// A refund without reference goes to the latest earlier line of the same visit, item and price.
    fn match_loose(&mut self, loose: &[u32]) {
        if loose.is_empty() {
            return;
        }
        let lines = self.lines;
        let like = |row: u32| {
            Some((lines.get("visit", row)?, lines.get("item_code", row)?, lines.get("unit_price", row)?))
        };
        let wanted: std::collections::BTreeSet<_> = loose.iter().filter_map(|row| like(*row)).collect();
        let mut candidates: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for row in 0..small(lines.table.rows) {
            let Some(held) = like(row).filter(|held| wanted.contains(held)) else { continue };
            if lines.get("quantity", row).is_some_and(|quantity| quantity > 0) {
                candidates.entry(held).or_default().push(row);
            }
        }
        for rows in candidates.values_mut() {
            rows.sort_unstable_by(|a, b| lines.order(*a).cmp(&lines.order(*b)));
        }
        for row in loose {
            let wanted = lines.get("quantity", *row).unwrap_or(0).saturating_neg();
            let fits = |line: &&u32| {
                let left = lines.get("quantity", **line).unwrap_or(0);
                let taken = self.taken.get(*line).map_or(0, |taken| taken.quantity);
                left.saturating_sub(taken) >= wanted && lines.order(**line) < lines.order(*row)
            };
            let held = like(*row).and_then(|held| candidates.get(&held));
            match held.and_then(|rows| rows.iter().rev().find(fits)).copied() {
                Some(line) => self.settle(*row, line),
                None => self.unmatched = self.unmatched.saturating_add(1),
            }
        }
    }

    fn finish(self, item: KindId, negative: &[u32], refunds: Option<(&Kind, Option<&Table>)>) -> Netted {
        let lines = self.lines;
        let mut hidden = vec![false; lines.table.rows];
        for row in negative {
            hidden[ix(*row)] = true;
        }
        let mut over = 0u64;
        let whole = |name: &str| -> Option<(FieldId, Vec<Option<i64>>)> {
            let field = lines.kind.find_field(name)?;
            let column = lines.table.column(field)?;
            Some((field, (0..lines.table.rows).map(|row| column.get(row)).collect()))
        };
        let (mut quantity, mut amount) = (whole("quantity"), whole("amount"));
        for (line, taken) in &self.taken {
            if let Some(Some(held)) = amount.as_mut().map(|(_, all)| &mut all[ix(*line)]) {
                *held = held.saturating_sub(taken.amount);
            }
            if let Some(Some(held)) = quantity.as_mut().map(|(_, all)| &mut all[ix(*line)]) {
                *held = held.saturating_sub(taken.quantity);
                hidden[ix(*line)] |= *held <= 0;
                over = over.saturating_add(u64::from(*held < 0));
            }
        }
        let overlay = quantity.into_iter().chain(amount).map(|(field, all)| (field, column_of(all))).collect();
        let refunds = refunds.map(|(kind, table)| self.events(negative, kind, table));
        Netted { item: Some(item), hidden, overlay, refunds, unmatched: self.unmatched, over }
    }

    /// Refund records and, for every other negative line, an event.
    fn events(&self, negative: &[u32], kind: &Kind, table: Option<&Table>) -> Table {
        let lines = self.lines;
        let held = table.map_or(0, |table| table.rows);
        let known: std::collections::BTreeSet<u32> =
            table.map(|table| table.keys.iter().copied().collect()).unwrap_or_default();
        let fresh: Vec<u32> =
            negative.iter().copied().filter(|row| !known.contains(&lines.table.keys[ix(*row)])).collect();
        let mut keys: Vec<u32> = table.map(|table| table.keys.clone()).unwrap_or_default();
        keys.extend(fresh.iter().map(|row| lines.table.keys[ix(*row)]));
        let value = |name: &str, row: u32| -> Option<i64> {
            match name {
                "refund_id" => Some(i64::from(lines.table.keys[ix(row)])),
                "item" => self.matched.get(&row).map(|line| i64::from(lines.table.keys[ix(*line)])),
                "time" => lines.clock(row),
                "quantity" | "amount" => lines.get(name, row).map(i64::saturating_neg),
                _ => lines.get(name, row),
            }
        };
        let columns = kind
            .fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let name = field.en.as_str();
                let old = table.and_then(|table| table.columns.get(at)).and_then(Option::as_ref);
                let made = matches!(name, "refund_id" | "item" | "settlement" | "visit" | "time" | "quantity" | "amount");
                if fresh.is_empty() || (!made && old.is_none()) {
                    return old.cloned();
                }
                let mut all: Vec<Option<i64>> = (0..held).map(|row| old.and_then(|column| column.get(row))).collect();
                all.extend(fresh.iter().map(|row| if made { value(name, *row) } else { None }));
                Some(column_of(all))
            })
            .collect();
        Table { rows: keys.len(), columns, keys }
    }
}

fn empty_refunds(kind: &Kind) -> Table {
    let columns = kind.fields.iter().map(|_| Some(Column { words: Words::Wide(Vec::new()), present: None })).collect();
    Table { rows: 0, columns, keys: Vec::new() }
}
