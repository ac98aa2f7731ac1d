//! Whether a key has one row at a time.
//!
//! In: typed rows. Out: uniqueness, and overlapping validity as errors.
//! Invariant: keys are compared as written; an empty cell is a key of its own.

use std::collections::BTreeMap;

use jihe_diagnostics::Diagnostic;
use jihe_syntax::tree;

use crate::errors;
use crate::typed::{Cell, Literal, Table};

type Days = (i64, i64);

/// Whether no two rows of one key are valid on one day.
pub(super) fn is_unique(table: &Table, rows: &[Vec<Cell>]) -> bool {
    !table.key.is_empty() && overlaps(table, rows).is_empty()
}

/// Reports overlapping validity of a dated table (sentence 26).
pub(super) fn no_overlap(
    declared: &tree::Table,
    table: &Table,
    (rows, lines): (&[Vec<Cell>], &[usize]),
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (first, second, key) in overlaps(table, rows).into_iter().take(10) {
        let line = |row: usize| lines.get(row).copied().unwrap_or(0);
        let file = &declared.source;
        diagnostics.push(errors::tables::overlapping(
            file.span,
            &file.text,
            (line(first), line(second)),
            &key,
        ));
    }
}

/// Pairs of rows of one key whose days meet.
fn overlaps(table: &Table, rows: &[Vec<Cell>]) -> Vec<(usize, usize, String)> {
    let mut by_key: BTreeMap<String, Vec<(Days, usize)>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let key: Vec<String> =
            table.key.iter().map(|column| row.get(*column).map_or_else(String::new, shown)).collect();
        by_key.entry(key.join("|")).or_default().push((days(table, row), at));
    }
    let mut found = Vec::new();
    for (key, mut spans) in by_key {
        spans.sort_unstable();
        for pair in spans.windows(2) {
            if let [((_, first_end), first), ((second_start, _), second)] = pair
                && second_start <= first_end
            {
                found.push((*first, *second, key.clone()));
            }
        }
    }
    found
}

fn days(table: &Table, row: &[Cell]) -> Days {
    let day = |column: usize| match row.get(column) {
        Some(Cell::Value(Literal::Word(day))) => Some(*day),
        Some(Cell::Value(Literal::Text(_)) | Cell::Empty | Cell::Codes(_)) | None => None,
    };
    match table.validity {
        None => (i64::MIN, i64::MAX),
        Some((from, to)) => (day(from).unwrap_or(i64::MIN), to.and_then(day).unwrap_or(i64::MAX)),
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Value(Literal::Word(word)) => word.to_string(),
        Cell::Value(Literal::Text(text)) => text.clone(),
        Cell::Codes(codes) => format!("{:?}", codes.include),
    }
}
