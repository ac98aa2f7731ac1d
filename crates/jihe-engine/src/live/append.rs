//! Puts a claim's rows after those of the history.
//!
//! In: a claim's tables in the session's symbols. Out: longer records and frame, or nothing done.
//! Invariant: nothing is changed unless the claim only adds rows: no row is replaced, no refund comes, no reference that
//! led nowhere leads somewhere now, no kind or field is met for the first time.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use crate::frame::{Frame, push, times};
use crate::maps::HashSet;
use crate::run::Texts;
use jihe_model::records::{Records, Table};
use jihe_model::schema::{Kind, KindId, Schema};
use jihe_model::types::Type;
use std::collections::BTreeMap;

/// Keys that records refer to and that are not there.
pub(super) type Awaited = HashSet<(KindId, u32)>;

/// The rows of a claim that are new, by kind; none if the claim does more than add rows.
pub(super) fn new_rows(
    schema: &Schema,
    claim: &BTreeMap<KindId, Table>,
    held: (&Records, &Frame<'_>, &Awaited),
) -> Option<BTreeMap<KindId, Vec<usize>>> {
    let (records, frame, awaited) = held;
    let mut found = BTreeMap::new();
    for (id, table) in claim {
        let (kind, old) = (schema.kind(*id)?, records.tables.get(id)?);
        if table.rows == 0 {
            continue;
        }
        let more = |at: usize| table.columns.get(at).is_some_and(Option::is_some);
        let had = |at: usize| old.columns.get(at).is_some_and(Option::is_some);
        if kind.en == "refund"
            || has_refunds(kind, table)
            || (0..table.columns.len()).any(|at| more(at) && !had(at))
        {
            return None;
        }
        let mut rows = Vec::with_capacity(table.rows);
        for (row, key) in table.keys.iter().enumerate() {
            let known = frame.find(*id, *key);
            let origin = known.and_then(|known| Some(frame.kind(*id)?.origin(known)));
            match origin {
                None if awaited.contains(&(*id, *key)) => return None,
                None => rows.push(row),
                Some(origin) if same(old, origin, (table, row)) => {}
                Some(_) => return None,
            }
        }
        found.insert(*id, rows);
    }
    Some(found)
}

/// Whether a table of lines has one that takes back another.
fn has_refunds(kind: &Kind, table: &Table) -> bool {
    if kind.en != "item" {
        return false;
    }
    let quantity = kind.find_field("quantity").and_then(|field| table.column(field));
    quantity.is_some_and(|column| (0..table.rows).any(|row| column.get(row).is_some_and(|held| held < 0)))
}

fn same(old: &Table, origin: usize, new: (&Table, usize)) -> bool {
    let width = old.columns.len().max(new.0.columns.len());
    let get = |table: &Table, at: usize, row: usize| {
        table.columns.get(at).and_then(Option::as_ref).and_then(|column| column.get(row))
    };
    (0..width).all(|at| get(old, at, origin) == get(new.0, at, new.1))
}

/// Puts rows of a claim at the end of the records' tables, in the total order among themselves.
pub(super) fn extend(
    schema: &Schema,
    records: &mut Records,
    claim: &BTreeMap<KindId, Table>,
    of: (BTreeMap<KindId, Vec<usize>>, Texts<'_>),
) {
    let (rows, texts) = of;
    for (id, mut rows) in rows {
        let (Some(kind), Some(table), Some(new)) =
            (schema.kind(id), records.tables.get_mut(&id), claim.get(&id))
        else {
            continue;
        };
        let key = |row: usize| new.keys.get(row).copied().unwrap_or(u32::MAX);
        rows.sort_by_cached_key(|row| (times(new, kind, *row), texts.of(key(*row)).to_owned()));
        for row in rows {
            table.keys.push(key(row));
            table.rows = table.rows.saturating_add(1);
            put(table, new, row);
        }
    }
}

/// Puts the fields of a row at the end of the columns that are there.
fn put(table: &mut Table, new: &Table, row: usize) {
    for (at, column) in table.columns.iter_mut().enumerate() {
        let Some(column) = column else { continue };
        let held = new.columns.get(at).and_then(Option::as_ref);
        push(column, held.and_then(|held| held.get(row)));
    }
}

/// Notes the references of rows from one on that lead nowhere.
pub(super) fn await_missing(schema: &Schema, frame: &Frame<'_>, firsts: &[u32], awaited: &mut Awaited) {
    for (id, kind) in (0u16..).map(KindId).zip(&schema.kinds) {
        let Some(table) = frame.kind(id) else { continue };
        let first = firsts.get(usize::from(id.0)).copied().unwrap_or(0);
        for (field, held) in (0u16..).map(jihe_model::schema::FieldId).zip(&kind.fields) {
            let (Type::Reference(to), Some(column)) = (held.ty, table.column(field)) else { continue };
            let base = schema.kind(to).and_then(|kind| kind.raw_of).unwrap_or(to);
            let keys = (first..table.len()).filter_map(|row| column.get(table.origin(row)));
            let missing = keys.filter_map(crate::run::symbol).filter(|key| frame.find(base, *key).is_none());
            awaited.extend(missing.map(|key| (base, key)));
        }
    }
}

/// A table with its symbols in the session's numbers.
pub(super) fn translate(table: &Table, symbol: &mut dyn FnMut(u32) -> u32) -> Table {
    use jihe_model::records::{Column, Words};
    let mut column = |column: &Column| {
        let is_there =
            |row: usize| column.present.as_ref().is_none_or(|all| all.get(row).copied() == Some(true));
        let words = match &column.words {
            Words::Symbols(old) => {
                let word = |(row, word): (usize, &u32)| if is_there(row) { symbol(*word) } else { 0 };
                Words::Symbols(old.iter().enumerate().map(word).collect())
            }
            other => other.clone(),
        };
        Column { words, present: column.present.clone() }
    };
    Table {
        rows: table.rows,
        columns: table.columns.iter().map(|old| old.as_ref().map(&mut column)).collect(),
        keys: table.keys.iter().map(|key| symbol(*key)).collect(),
    }
}

/// The rows of the old table whose keys are not in the new one, then the new one's.
pub(super) fn stack(old: &Table, new: &Table) -> Table {
    let replaced: HashSet<u32> = new.keys.iter().copied().collect();
    let stays = |row: &usize| old.keys.get(*row).is_none_or(|key| !replaced.contains(key));
    let kept: Vec<usize> = (0..old.rows).filter(stays).collect();
    let rows: Vec<(&Table, usize)> =
        kept.iter().map(|row| (old, *row)).chain((0..new.rows).map(|row| (new, row))).collect();
    let width = old.columns.len().max(new.columns.len());
    let columns = (0..width).map(|at| stacked(&rows, (old, new), at)).collect();
    let keys = rows.iter().filter_map(|(table, row)| table.keys.get(*row).copied()).collect();
    Table { rows: rows.len(), columns, keys }
}

fn stacked(rows: &[(&Table, usize)], of: (&Table, &Table), at: usize) -> Option<jihe_model::records::Column> {
    use jihe_model::records::{Column, Words};
    let column = |table: &'_ Table| table.columns.get(at).and_then(Option::as_ref).cloned();
    let (old, new) = (column(of.0), column(of.1));
    let sample = old.filter(|_| of.0.rows > 0).or(new).or_else(|| column(of.0))?;
    let words = match sample.words {
        Words::Bits(_) => Words::Bits(Vec::new()),
        Words::Symbols(_) => Words::Symbols(Vec::new()),
        Words::Days(_) => Words::Days(Vec::new()),
        Words::Wide(_) => Words::Wide(Vec::new()),
    };
    let mut column = Column { words, present: None };
    for (table, row) in rows {
        push(&mut column, table.columns.get(at).and_then(Option::as_ref).and_then(|held| held.get(*row)));
    }
    Some(column)
}

/// How many rows of every kind.
pub(super) fn lengths(frame: &Frame<'_>) -> Vec<u32> {
    frame.kinds.iter().map(crate::frame::KindTable::len).collect()
}

/// Whether any row was added.
pub(super) fn is_empty(rows: &BTreeMap<KindId, Vec<usize>>) -> bool {
    rows.values().all(Vec::is_empty)
}

/// The symbols of new diagnosis codes.
pub(super) fn codes(
    schema: &Schema,
    system: jihe_model::schema::SystemId,
    claim: &BTreeMap<KindId, Table>,
) -> Vec<u32> {
    let mut found = Vec::new();
    for (id, table) in claim {
        let Some(kind) = schema.kind(*id) else { continue };
        for (field, column) in kind.fields.iter().zip(&table.columns) {
            let Some(column) = column.as_ref().filter(|_| field.ty == Type::Code(system)) else { continue };
            found.extend((0..table.rows).filter_map(|row| column.get(row)).filter_map(crate::run::symbol));
        }
    }
    found
}
