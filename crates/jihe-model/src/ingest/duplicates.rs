//! Rows that share a key (contract 3).
//!
//! In: a table with keys as read. Out: the same with unique keys, and the rows rejected.
//! Invariant: which content is kept depends on the contents only: of several the smallest, compared field by field as text or number.

use core::hash::BuildHasher;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::columns::{RowKeys, TableBuilder};
use crate::records::Column;
use crate::schema::Kind;
use crate::symbols::KeyTexts;
use crate::types::Type;
use crate::value::{Symbol, Symbols};

/// What came of rows with one key.
#[derive(Debug, Default)]
pub(super) struct Settled {
    /// File, line and key of each row rejected.
    pub(super) rejected: Vec<(usize, u64, String)>,
    /// Rows kept that repeat another in full.
    pub(super) repeated: u64,
    /// Whether any rows share a key.
    pub(super) found: bool,
}

pub(super) fn settle(table: &mut TableBuilder, kind: &Kind, symbols: &mut Symbols) -> Settled {
    let mut settled = Settled::default();
    if let RowKeys::Texts(texts) = &table.keys
        && !any_twice(texts)
    {
        return settled;
    }
    table.keys.intern(|text| symbols.intern(text).0);
    let shared = shared_keys(table, symbols.len());
    if shared.is_empty() {
        return settled;
    }
    settled.found = true;
    let used = used_symbols(table, symbols.len());
    let mut keep = vec![true; table.rows];
    for (key, mut rows) in shared {
        let text = symbols.text(Symbol(key)).to_owned();
        rows.sort_by(|left, right| compare(table, kind, symbols, (*left, *right)).then(left.cmp(right)));
        let Some(first) = rows.first().copied() else { continue };
        let (same, other): (Vec<usize>, Vec<usize>) = rows
            .iter()
            .skip(1)
            .partition(|row| compare(table, kind, symbols, (first, **row)) == Ordering::Equal);
        let mut number = 1;
        for row in same {
            let (name, next) = free_name(symbols, &used, &text, number);
            number = next;
            table.keys.set(row, name);
            settled.repeated = settled.repeated.saturating_add(1);
        }
        for row in other {
            let (file, line) = table.place(row);
            settled.rejected.push((file, line, text.clone()));
            set(&mut keep, row, false);
        }
    }
    settled.rejected.sort();
    if !settled.rejected.is_empty() {
        table.retain(&keep);
    }
    settled
}

fn set<T>(items: &mut [T], at: usize, item: T) {
    if let Some(slot) = items.get_mut(at) {
        *slot = item;
    }
}

/// Whether a text may be there twice. Sorted keys are seen to be different as they stand, others by their hashes; that
/// different texts share one costs time only.
fn any_twice(texts: &KeyTexts) -> bool {
    let ascends = texts.iter().zip(texts.iter().skip(1)).all(|(before, after)| before < after);
    if ascends {
        return false;
    }
    let hasher = hashbrown::DefaultHashBuilder::default();
    let mut found: Vec<u64> = texts.iter().map(|text| hasher.hash_one(text)).collect();
    found.sort_unstable();
    found.windows(2).any(|pair| pair.first() == pair.last())
}

/// The rows of every key that more than one row has.
fn shared_keys(table: &TableBuilder, symbols: usize) -> BTreeMap<u32, Vec<usize>> {
    if table.rows == 0 {
        return BTreeMap::new();
    }
    let mut first: Vec<u32> = vec![u32::MAX; symbols];
    let mut shared: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, key) in table.keys.words().iter().enumerate() {
        let Some(slot) = usize::try_from(*key).ok().and_then(|at| first.get_mut(at)) else { continue };
        if *slot == u32::MAX {
            *slot = u32::try_from(row).unwrap_or(u32::MAX);
        } else {
            let before = usize::try_from(*slot).unwrap_or(usize::MAX);
            shared.entry(*key).or_insert_with(|| vec![before]).push(row);
        }
    }
    shared
}

/// Which symbols are keys as read.
fn used_symbols(table: &TableBuilder, symbols: usize) -> Vec<bool> {
    let mut used = vec![false; symbols];
    for key in table.keys.words() {
        if let Some(slot) = usize::try_from(*key).ok().and_then(|at| used.get_mut(at)) {
            *slot = true;
        }
    }
    used
}

/// The next `key#number` that is no key of its own, and its number.
fn free_name(symbols: &mut Symbols, used: &[bool], text: &str, last: u64) -> (u32, u64) {
    let mut number = last;
    loop {
        number = number.saturating_add(1);
        let name = symbols.intern(&format!("{text}#{number}")).0;
        let taken = usize::try_from(name).ok().and_then(|at| used.get(at)).copied().unwrap_or(false);
        if !taken {
            return (name, number);
        }
    }
}

/// Compares two rows field by field; a missing value comes first.
fn compare(table: &TableBuilder, kind: &Kind, symbols: &Symbols, (left, right): (usize, usize)) -> Ordering {
    let columns = table.columns.iter().zip(&kind.fields);
    for (column, field) in columns {
        let Some(column) = column else { continue };
        let order = compare_words(column, field.ty, symbols, (left, right));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn compare_words(column: &Column, ty: Type, symbols: &Symbols, (left, right): (usize, usize)) -> Ordering {
    let (left, right) = (column.get(left), column.get(right));
    if left == right || !ty.is_symbol() {
        return left.cmp(&right);
    }
    let text = |word: Option<i64>| {
        word.and_then(|word| u32::try_from(word).ok()).map(|word| symbols.text(Symbol(word)))
    };
    text(left).cmp(&text(right))
}
