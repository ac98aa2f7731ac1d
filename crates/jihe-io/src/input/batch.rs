//! Some rows of a file as text, cell by cell.
//!
//! In: cells pushed by a reader. Out: rows to take apart, with the line each began on.
//! Invariant: cells are slices of one buffer; bytes that are no UTF-8 stay what they are until a cell is asked for.

use jihe::model::ingest::Cell;
use std::sync::Arc;

/// Rows of one file.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Names of the columns.
    pub(crate) columns: Arc<[String]>,
    text: Vec<u8>,
    /// Where each cell ends.
    ends: Vec<usize>,
    rows: Vec<BatchRow>,
}

/// One row.
#[derive(Debug)]
struct BatchRow {
    line: u64,
    start: usize,
    first: usize,
    cells: usize,
    fault: Option<Box<RowFault>>,
}

/// Why a row could not even be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowFault {
    pub(crate) value: String,
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl RowFault {
    pub(crate) fn new(value: &[u8], zh: impl Into<String>, en: impl Into<String>) -> Self {
        let shown: String = String::from_utf8_lossy(value).chars().take(80).collect();
        Self { value: shown, zh: zh.into(), en: en.into() }
    }

    /// A row longer than is taken.
    pub(crate) fn too_long(start: &[u8], limit: usize) -> Self {
        Self::new(
            start,
            format!("一行超过 {limit} 字节，已跳过；可能是引号没有收尾"),
            format!("a row of more than {limit} bytes was skipped; a quotation mark may not be closed"),
        )
    }
}

impl Batch {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Forgets the rows, to be filled anew.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.rows.clear();
    }

    /// Whether it is time to hand it over.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= 16_384 || self.text.len() >= (4 << 20)
    }

    /// Begins a row.
    pub(crate) fn begin(&mut self, line: u64) {
        let row = BatchRow { line, start: self.text.len(), first: self.ends.len(), cells: 0, fault: None };
        self.rows.push(row);
    }

    /// Adds a cell to the row begun last.
    pub(crate) fn cell(&mut self, bytes: &[u8]) {
        self.text.extend_from_slice(bytes);
        self.ends.push(self.text.len());
        if let Some(row) = self.rows.last_mut() {
            row.cells = row.cells.saturating_add(1);
        }
    }

    /// Marks the row begun last as not to be taken.
    pub(crate) fn fault(&mut self, fault: RowFault) {
        if let Some(row) = self.rows.last_mut() {
            row.fault = Some(Box::new(fault));
        }
    }

    /// The rows, with the text checked once for all of them.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows_with(&[])
    }

    /// The rows, each followed by the same values.
    fn rows_with<'a>(&'a self, constants: &'a [&'a str]) -> impl Iterator<Item = Row<'a>> {
        let text = std::str::from_utf8(&self.text).ok();
        self.rows.iter().map(move |row| Row { batch: self, text, at: row, constants })
    }
}

/// A batch with the columns that its folders carry after its own.
pub(crate) struct Sheet<'a> {
    pub(crate) names: Vec<&'a str>,
    batch: &'a Batch,
    constants: Vec<&'a str>,
}

impl<'a> Sheet<'a> {
    /// A column of the file itself stands before one of its folders.
    pub(crate) fn new(batch: &'a Batch, folders: &'a [(String, String)]) -> Self {
        let carried = || folders.iter().filter(|(name, _)| !batch.columns.contains(name));
        let names = batch.columns.iter().chain(carried().map(|(name, _)| name)).map(String::as_str).collect();
        Self { names, batch, constants: carried().map(|(_, value)| value.as_str()).collect() }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.batch.rows_with(&self.constants)
    }
}

/// A row of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    batch: &'a Batch,
    text: Option<&'a str>,
    at: &'a BatchRow,
    /// The values of the columns after those of the batch.
    constants: &'a [&'a str],
}

impl<'a> Row<'a> {
    pub(crate) fn line(&self) -> u64 {
        self.at.line
    }

    pub(crate) fn fault(&self) -> Option<&'a RowFault> {
        self.at.fault.as_deref()
    }

    /// A cell; missing beyond the end of the row.
    pub(crate) fn cell(&self, column: usize) -> Cell<'a> {
        if let Some(at) = column.checked_sub(self.batch.columns.len()) {
            return self.constants.get(at).map_or(Cell::Missing, |text| Cell::Text(text));
        }
        if column >= self.at.cells {
            return Cell::Missing;
        }
        let at = self.at.first.saturating_add(column);
        let start = match column {
            0 => self.at.start,
            _ => self.batch.ends.get(at.saturating_sub(1)).copied().unwrap_or(0),
        };
        let end = self.batch.ends.get(at).copied().unwrap_or(start);
        if let Some(text) = self.text {
            return text.get(start..end).map_or(Cell::Unreadable, Cell::Text);
        }
        let bytes = self.batch.text.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).map_or(Cell::Unreadable, Cell::Text)
    }
}
