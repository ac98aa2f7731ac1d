//! Nets refunds out of fee lines (sentence 39).
//!
//! In: the lines and refunds as read. Out: net quantities and amounts, which lines leave 明细, and refunds as events.
//! Invariant: a refund counts once, whether it came as a negative line, as a refund record or as both; the order of the
//! input does not matter, because unmatched refunds are matched in the total order.

mod events;

use super::{KeyRows, KindTable, column_of, instant_of};
use crate::column::{NONE, ix, small};
use crate::mutants::{Mutant, active};
use crate::run::Texts;
use jihe_model::records::{Column, Records, Table, Words};
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

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
            if !active(Mutant::Netting) {
                table.overlay.clone_from(&self.overlay);
            }
        }
        if let (Some(refunds), Some(id)) = (&self.refunds, schema.find_kind("refund"))
            && let Some(table) = tables.get_mut(usize::from(id.0))
        {
            table.supplied = true;
            table.order_mut().origin = (0..small(refunds.rows)).collect();
            table.table = Some(Cow::Owned(refunds.clone()));
        }
    }
}

/// The lines, by field.
struct Lines<'a> {
    table: &'a Table,
    kind: &'a Kind,
    texts: Texts<'a>,
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
        (self.clock(row).unwrap_or(i64::MAX), self.texts.of(self.table.keys[ix(row)]))
    }
}

/// What is taken off a line; a part that is missing makes the net part missing.
#[derive(Debug, Clone, Copy)]
struct Taken {
    quantity: Option<i64>,
    amount: Option<i64>,
}

pub(super) fn net(schema: &Schema, records: &Records, texts: Texts<'_>) -> Netted {
    let Some(id) = schema.find_kind("item") else { return Netted::default() };
    let Some(kind) = schema.kind(id) else { return Netted::default() };
    let refund_id = schema.find_kind("refund");
    let refund_kind = refund_id.and_then(|id| schema.kind(id));
    let refund_table = refund_id.and_then(|id| records.tables.get(&id));
    let none = Table::default();
    let table = match (records.tables.get(&id), refund_table) {
        (Some(table), _) => table,
        (None, Some(_)) => &none,
        (None, None) => return Netted::default(),
    };
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
    let by_key = KeyRows::build(table.keys.iter().copied(), texts.len());
    let lines = Lines { table, kind, texts, by_key };
    let is_negative = negative.iter().copied().collect();
    let mut work =
        Work { taken: BTreeMap::new(), matched: BTreeMap::new(), unmatched: 0, lines: &lines, is_negative };
    if let (Some(kind), Some(table)) = (refund_kind, refund_table) {
        work.refund_rows(kind, table);
    }
    work.negative_rows(&negative);
    let refunds = refund_kind.map(|kind| events::Refunds { schema, records, kind, table: refund_table });
    work.finish(id, &negative, refunds)
}

struct Work<'l, 'a> {
    taken: BTreeMap<u32, Taken>,
    /// The line each negative line refers to.
    matched: BTreeMap<u32, u32>,
    unmatched: u64,
    lines: &'l Lines<'a>,
    is_negative: BTreeSet<u32>,
}

fn less(held: Option<i64>, part: Option<i64>) -> Option<i64> {
    held?.checked_add(part?)
}

impl Work<'_, '_> {
    fn take(&mut self, line: u32, part: Taken) {
        let held = self.taken.entry(line).or_insert(Taken { quantity: Some(0), amount: Some(0) });
        held.quantity = less(held.quantity, part.quantity);
        held.amount = less(held.amount, part.amount);
    }

    /// The line a reference leads to, unless that is a refund itself.
    fn line(&self, key: Option<i64>) -> Option<u32> {
        let row = key.map_or(NONE, |key| self.lines.by_key.get(key));
        (row != NONE && !self.is_negative.contains(&row)).then_some(row)
    }

    /// Nets refund records, unless the same refund is a negative line already.
    fn refund_rows(&mut self, kind: &Kind, table: &Table) {
        let get = |name: &str, row: u32| {
            kind.find_field(name).and_then(|field| table.column(field)).and_then(|column| column.get(ix(row)))
        };
        for row in 0..small(table.rows) {
            let same = table.keys.get(ix(row)).map_or(NONE, |key| self.lines.by_key.get(i64::from(*key)));
            if self.is_negative.contains(&same) {
                continue;
            }
            if let Some(line) = self.line(get("item", row)) {
                self.take(line, Taken { quantity: get("quantity", row), amount: get("amount", row) });
            }
        }
    }

    fn negative_rows(&mut self, negative: &[u32]) {
        let lines = self.lines;
        let mut loose = Vec::new();
        for row in negative {
            let refers = lines.get("original_item", *row);
            match (refers, self.line(refers)) {
                (_, Some(line)) => self.settle(*row, line),
                (Some(_), None) => self.unmatched = self.unmatched.saturating_add(1),
                (None, None) => loose.push(*row),
            }
        }
        loose.sort_unstable_by(|a, b| lines.order(*a).cmp(&lines.order(*b)));
        self.match_loose(&loose);
    }

    fn settle(&mut self, row: u32, line: u32) {
        let part = |name| self.lines.get(name, row).and_then(i64::checked_neg);
        let part = Taken { quantity: part("quantity"), amount: part("amount") };
        self.matched.insert(row, line);
        self.take(line, part);
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
        let kinds: BTreeSet<_> = loose.iter().filter_map(|row| like(*row)).collect();
        let mut candidates: BTreeMap<_, Vec<u32>> = BTreeMap::new();
        for row in 0..small(lines.table.rows) {
            let Some(held) = like(row).filter(|held| kinds.contains(held)) else { continue };
            if lines.get("quantity", row).is_some_and(|quantity| quantity > 0) {
                candidates.entry(held).or_default().push(row);
            }
        }
        for rows in candidates.values_mut() {
            rows.sort_unstable_by(|a, b| lines.order(*a).cmp(&lines.order(*b)));
        }
        for row in loose {
            let asked = lines.get("quantity", *row).unwrap_or(0).saturating_neg();
            let fits = |line: &&u32| {
                let left = lines.get("quantity", **line).unwrap_or(0);
                let taken = self.taken.get(*line).map_or(Some(0), |taken| taken.quantity);
                taken.is_some_and(|taken| left.saturating_sub(taken) >= asked)
                    && lines.order(**line) < lines.order(*row)
            };
            let held = like(*row).and_then(|held| candidates.get(&held));
            match held.and_then(|rows| rows.iter().rev().find(fits)).copied() {
                Some(original) => self.settle(*row, original),
                None => self.unmatched = self.unmatched.saturating_add(1),
            }
        }
    }

    fn finish(self, item: KindId, negative: &[u32], refunds: Option<events::Refunds<'_>>) -> Netted {
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
        let net = |held: &mut Option<i64>, part: Option<i64>| {
            *held = held.zip(part).and_then(|(held, part)| held.checked_sub(part));
            *held
        };
        for (line, taken) in &self.taken {
            if let Some((_, all)) = &mut amount {
                net(&mut all[ix(*line)], taken.amount);
            }
            if let Some((_, all)) = &mut quantity
                && let Some(left) = net(&mut all[ix(*line)], taken.quantity)
            {
                hidden[ix(*line)] = left <= 0;
                over = over.saturating_add(u64::from(left < 0));
            }
        }
        let overlay =
            quantity.into_iter().chain(amount).map(|(field, all)| (field, column_of(all))).collect();
        let refunds = refunds.map(|refunds| refunds.events(lines, negative, &self.matched));
        Netted { item: Some(item), hidden, overlay, refunds, unmatched: self.unmatched, over }
    }
}

fn empty_refunds(kind: &Kind) -> Table {
    let columns =
        kind.fields.iter().map(|_| Some(Column { words: Words::Wide(Vec::new()), present: None })).collect();
    Table { rows: 0, columns, keys: Vec::new() }
}
