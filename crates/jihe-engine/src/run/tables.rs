//! Knowledge tables as columns, with hash indexes made when first asked for.
//!
//! In: a typed table. Out: [`TableData`].
//! Invariant: rows keep their order in the file.

use super::texts::Growing;
use super::{Causes, Matcher};
use crate::column::{Column, ix, small};
use crate::maps::HashMap;
use jihe_check::typed::{Cell, Table, TableId};
use jihe_model::value::{Cause, Value};

/// A table.
#[derive(Debug)]
pub(crate) struct TableData {
    pub(crate) supplied: bool,
    pub(crate) rows: u32,
    /// Cells; an empty one is missing. The word of a `集` cell is its place in the run's code sets.
    pub(crate) columns: Vec<Column>,
    /// First and last day of each row.
    pub(crate) valid: Option<Vec<(i64, i64)>>,
}

/// Rows by the words of some columns.
#[derive(Debug, Default)]
pub(crate) struct TableIndex {
    exact: HashMap<Vec<i64>, Vec<u32>>,
    /// Rows with an empty or patterned cell in one of the columns: to be tried one by one.
    pub(crate) loose: Vec<u32>,
}

impl TableIndex {
    pub(crate) fn exact(&self, words: &[i64]) -> &[u32] {
        self.exact.get(words).map_or(&[], |rows| rows)
    }
}

impl TableData {
    pub(crate) fn new(
        at: u32,
        table: &Table,
        texts: &mut Growing<'_>,
        run: (&mut Vec<Matcher>, &Causes),
    ) -> Self {
        let (codes, causes) = run;
        let missing = causes.row(TableId(at));
        let rows = table.rows.as_deref().unwrap_or_default();
        let mut columns: Vec<Column> = table.columns.iter().map(|_| Column::default()).collect();
        for row in rows {
            for (place, column) in columns.iter_mut().enumerate() {
                column.push(cell(row.get(place), missing, texts, codes));
            }
        }
        let valid = table.validity.map(|(from, to)| {
            let day = |column: usize, row: usize, open: i64| match columns
                .get(column)
                .map(|column| column.get(row))
            {
                Some(Value::Known(day)) => day,
                Some(Value::AtLeast(..) | Value::Missing(_)) | None => open,
            };
            let ends = |row| (day(from, row, i64::MIN), to.map_or(i64::MAX, |to| day(to, row, i64::MAX)));
            (0..rows.len()).map(ends).collect()
        });
        TableData { supplied: table.rows.is_some(), rows: small(rows.len()), columns, valid }
    }

    pub(crate) fn valid_on(&self, row: u32, day: Option<i64>) -> bool {
        match (&self.valid, day) {
            (Some(valid), Some(day)) => {
                valid.get(ix(row)).is_some_and(|(from, to)| *from <= day && day <= *to)
            }
            _ => true,
        }
    }

    /// Rows by the words of columns; `patterned` says which columns hold patterns.
    pub(crate) fn index(&self, columns: &[usize], patterned: &[bool]) -> TableIndex {
        let mut index = TableIndex::default();
        for row in 0..self.rows {
            let words: Option<Vec<i64>> = columns
                .iter()
                .zip(patterned)
                .map(|(column, patterned)| {
                    match self.columns.get(*column).map(|column| column.get(ix(row))) {
                        Some(Value::Known(word)) if !patterned => Some(word),
                        _ => None,
                    }
                })
                .collect();
            match words {
                Some(words) => index.exact.entry(words).or_default().push(row),
                None => index.loose.push(row),
            }
        }
        index
    }
}

fn cell(cell: Option<&Cell>, missing: Cause, texts: &mut Growing<'_>, codes: &mut Vec<Matcher>) -> Value {
    match cell {
        None | Some(Cell::Empty) => Value::Missing(missing),
        Some(Cell::Value(literal)) => Value::Known(texts.word(literal)),
        Some(Cell::Codes(set)) => {
            codes.push(Matcher::new(set));
            Value::Known(i64::try_from(codes.len().saturating_sub(1)).unwrap_or(0))
        }
    }
}
