//! Where the rows of a city go.
//!
//! In: rows, one at a time, of several files. Out: whatever the [`Sink`] makes of them.
//! Invariant: all rows of one file have the same header, and a row has as many cells as its header.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

/// Receives the rows of a city as they are made, so that nothing need be held.
pub trait Sink {
    /// A row of a CSV file such as `item.csv`; an empty cell is a missing value.
    fn row(&mut self, file: &'static str, header: &'static [&'static str], row: &Row);

    /// A whole file that is not a table.
    fn text(&mut self, file: &'static str, text: &str);
}

/// The cells of a row, in one reusable buffer.
#[derive(Debug, Clone, Default)]
pub struct Row {
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Forgets the cells.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// Adds a cell.
    pub(crate) fn push(&mut self, cell: impl fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{cell}");
        self.ends.push(self.text.len());
    }

    /// Adds a cell that may be missing.
    pub(crate) fn push_option(&mut self, cell: Option<impl fmt::Display>) {
        match cell {
            Some(cell) => self.push(cell),
            None => self.ends.push(self.text.len()),
        }
    }

    /// The cells in the order of the header.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or(""))
    }
}

/// A table held in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Column names.
    pub header: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
}

/// Holds everything, for tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemorySink {
    /// Tables by file name, such as `item.csv`.
    pub tables: BTreeMap<String, Table>,
    /// Other files by name.
    pub texts: BTreeMap<String, String>,
}

impl Sink for MemorySink {
    fn row(&mut self, file: &'static str, header: &'static [&'static str], row: &Row) {
        let table = self.tables.entry(file.to_owned()).or_default();
        if table.header.is_empty() {
            table.header = header.iter().map(|name| (*name).to_owned()).collect();
        }
        table.rows.push(row.cells().map(str::to_owned).collect());
    }

    fn text(&mut self, file: &'static str, text: &str) {
        self.texts.insert(file.to_owned(), text.to_owned());
    }
}

impl MemorySink {
    /// A table as CSV, quoted where RFC 4180 wants it.
    pub fn csv(&self, file: &str) -> String {
        let mut text = String::new();
        let Some(table) = self.tables.get(file) else { return text };
        for row in std::iter::once(&table.header).chain(&table.rows) {
            let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }
}

/// A cell as CSV writes it.
pub fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
