//! CSV, TSV, and text whose cells are set apart by `|@|`.
//!
//! In: decoded bytes. Out: batches of rows under the names of the first row.
//! Invariant: a row longer than the bound, with more cells than names, cut off at the end of the file, or with a quotation
//! mark that is not closed is marked, not taken.

mod quotes;

use super::batch::{Batch, RowFault};
use super::bytes::BoxedRead;
use super::lines::Lines;
use crate::error::Error;
use csv_core::ReadRecordResult;
use quotes::Quotes;
use std::io::{self, BufRead};
use std::sync::Arc;

/// What several bytes set cells apart in audit extracts whose text holds commas.
const BARRED: &str = "|@|";

/// Rows of delimited text.
pub(crate) enum Delimited {
    /// Quoted as in RFC 4180.
    Csv(Box<Csv>),
    /// Not quoted; cells end at `|@|`, rows at line ends.
    Barred { lines: Lines<BoxedRead>, columns: Arc<[String]>, limit: usize },
}

impl Delimited {
    /// Reads the names of the columns.
    pub(crate) fn open(file: &str, mut input: BoxedRead, separator: u8, limit: usize) -> Result<Self, Error> {
        let start = input.fill_buf().map_err(|error| Error::broken(file, &error))?;
        let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        if first.windows(BARRED.len()).any(|window| window == BARRED.as_bytes()) {
            return Self::open_barred(file, input, limit);
        }
        let separator = if separator == b',' && is_tabbed(first) { b'\t' } else { separator };
        let mut csv = Csv::new(input, separator, limit);
        let row = csv.next().map_err(|error| Error::broken(file, &error))?;
        if !row {
            return Err(empty(file));
        }
        if csv.too_long {
            return Err(endless_names(file, limit));
        }
        if let Some(fault) = csv.quoting_fault() {
            return Err(Error::file(file, &fault.zh, &fault.en));
        }
        let names = csv.cells().map(|cell| column_name(file, cell)).collect::<Result<Vec<_>, _>>()?;
        csv.columns = names.into();
        Ok(Self::Csv(Box::new(csv)))
    }

    fn open_barred(file: &str, input: BoxedRead, limit: usize) -> Result<Self, Error> {
        let mut lines = Lines::new(input, limit);
        let first = lines.next().map_err(|error| Error::broken(file, &error))?.ok_or_else(|| empty(file))?;
        if first.too_long {
            return Err(endless_names(file, limit));
        }
        if first.bytes.contains(&b'\r') {
            return Err(Error::file(
                file,
                "行尾只有 CR（旧 Mac 格式），请改为 LF 或 CRLF",
                "lines end in CR alone (old Mac); save it with LF or CRLF",
            ));
        }
        let names = split(first.bytes).map(|cell| column_name(file, cell)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::Barred { lines, columns: names.into(), limit })
    }

    /// Fills a batch; false when nothing was left.
    pub(crate) fn fill(&mut self, batch: &mut Batch) -> io::Result<bool> {
        match self {
            Delimited::Csv(csv) => csv.fill(batch),
            Delimited::Barred { lines, columns, limit } => {
                batch.columns = Arc::clone(columns);
                while !batch.is_full() && barred_row(lines, *limit, batch)? {}
                Ok(batch.len() > 0)
            }
        }
    }
}

/// Adds the next row; false at the end.
fn barred_row(lines: &mut Lines<BoxedRead>, limit: usize, batch: &mut Batch) -> io::Result<bool> {
    let Some(line) = lines.next()? else { return Ok(false) };
    if line.bytes.is_empty() {
        return Ok(true);
    }
    batch.begin(line.number);
    if line.too_long {
        batch.fault(RowFault::too_long(line.bytes, limit));
        return Ok(true);
    }
    let mut cells = 0usize;
    for cell in split(line.bytes) {
        batch.cell(cell);
        cells = cells.saturating_add(1);
    }
    if let Some(fault) = misfit(cells, batch.columns.len(), !line.ended, line.bytes) {
        batch.fault(fault);
    }
    Ok(true)
}

/// A file named `.txt` or `.csv` whose cells are set apart by tabs.
fn is_tabbed(first: &[u8]) -> bool {
    first.contains(&b'\t') && !first.contains(&b',')
}

fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let end = line.windows(BARRED.len()).position(|window| window == BARRED.as_bytes());
        let (cell, after) = match end {
            Some(at) => (line.get(..at)?, line.get(at.saturating_add(BARRED.len())..)),
            None => (line, None),
        };
        rest = after;
        Some(cell)
    })
}

/// Why a row of so many cells cannot stand under so many names.
fn misfit(cells: usize, names: usize, cut_off: bool, start: &[u8]) -> Option<RowFault> {
    if cells > names {
        return Some(RowFault::new(
            start,
            format!("有 {cells} 个单元格，而列名只有 {names} 个；含分隔符的文字应加引号"),
            format!("{cells} cells under {names} column names; text that holds the separator must be quoted"),
        ));
    }
    (cut_off && cells < names).then(|| {
        RowFault::new(
            start,
            format!("文件在此行中断：只有 {cells} 个单元格，应有 {names} 个"),
            format!("the file is cut off in this row: {cells} of {names} cells"),
        )
    })
}

fn empty(file: &str) -> Error {
    Error::file(file, "是空文件，没有列名", "is empty: no column names")
}

fn endless_names(file: &str, limit: usize) -> Error {
    Error::file(
        file,
        &format!("列名一行超过 {limit} 字节：不是表，或行尾丢失"),
        &format!("the row of column names is longer than {limit} bytes: no table, or its line ends are lost"),
    )
}

fn column_name(file: &str, cell: &[u8]) -> Result<String, Error> {
    let name = std::str::from_utf8(cell).map(|name| name.trim_start_matches('\u{feff}').trim().to_owned());
    name.map_err(|_| {
        Error::file(
            file,
            "列名混用了 UTF-8 与 GB18030 两种编码（第 1 行）",
            "the column names (line 1) mix UTF-8 and GB18030",
        )
    })
}

/// A CSV reader that holds one row of bounded length.
pub(crate) struct Csv {
    input: BoxedRead,
    core: csv_core::Reader,
    limit: usize,
    columns: Arc<[String]>,
    /// The cells of the row read last, one after the other, and where each ends.
    text: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    cells: usize,
    /// The line on which the row read last begins, the line breaks before it that were counted, and whether the last of
    /// them is a CR that an LF may complete.
    line: u64,
    breaks: u64,
    after_cr: bool,
    /// Line breaks inside the row read last.
    spanned: u64,
    quotes: Quotes,
    too_long: bool,
    last: u8,
    /// Whether the row read last stands at the end of the file without a line end.
    cut_off: bool,
}

impl Csv {
    fn new(input: BoxedRead, separator: u8, limit: usize) -> Self {
        Self {
            input,
            core: csv_core::ReaderBuilder::new().delimiter(separator).build(),
            limit,
            columns: Arc::new([]),
            text: vec![0; 4_096],
            ends: vec![0; 128],
            written: 0,
            cells: 0,
            line: 1,
            breaks: 0,
            after_cr: false,
            spanned: 0,
            quotes: Quotes::new(separator),
            too_long: false,
            last: b'\n',
            cut_off: false,
        }
    }

    fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.cells).unwrap_or_default();
        let starts = std::iter::once(&0).chain(ends);
        starts.zip(ends).map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    fn fill(&mut self, batch: &mut Batch) -> io::Result<bool> {
        batch.columns = Arc::clone(&self.columns);
        while !batch.is_full() && self.next()? {
            batch.begin(self.line);
            if self.too_long {
                let start = self.text.get(..self.written.min(200)).unwrap_or_default();
                batch.fault(RowFault::too_long(start, self.limit));
                continue;
            }
            if let Some(fault) = self.quoting_fault() {
                batch.fault(fault);
                continue;
            }
            let names = self.columns.len();
            self.cells().for_each(|cell| batch.cell(cell));
            // Spreadsheets end rows with commas that stand for nothing.
            let last = self.cells().enumerate().filter(|(at, cell)| *at >= names && !cell.is_empty()).last();
            let extra = last.map_or(0, |(at, _)| at.saturating_add(1));
            let cells = extra.max(self.cells.min(names));
            let start = self.text.get(..self.written.min(200)).unwrap_or_default();
            if let Some(fault) = misfit(cells, names, self.cut_off, start) {
                batch.fault(fault);
            }
        }
        Ok(batch.len() > 0)
    }

    /// Why the quotation marks of the row read last cannot be what was meant: rows after it may be inside one of its cells.
    fn quoting_fault(&self) -> Option<RowFault> {
        let lines = self.spanned;
        let start = self.text.get(..self.written.min(200)).unwrap_or_default();
        if self.quotes.is_open() {
            return Some(RowFault::new(
                start,
                format!("引号没有收尾：文件在此中断，或漏了一个引号（其后 {lines} 次换行都在这一格里）"),
                format!(
                    "a quotation mark is not closed: the file is cut off here or a mark is missing ({lines} line breaks are inside the cell)"
                ),
            ));
        }
        (lines > 0 && self.quotes.text_after()).then(|| {
            RowFault::new(
                start,
                format!("收尾的引号之后还有文字，且这一行跨了 {lines} 次换行：可能漏了一个引号，吞并了其后的行"),
                format!("text follows a closing quotation mark in a row with {lines} line breaks: a mark may be missing, and rows swallowed"),
            )
        })
    }

    /// Passes over line ends before a row, counting them: CR, LF, or both as one.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.input.fill_buf()?;
            let ends = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            for byte in bytes.iter().take(ends) {
                let completes = *byte == b'\n' && self.after_cr;
                self.breaks = self.breaks.saturating_add(u64::from(!completes));
                self.after_cr = *byte == b'\r';
            }
            if ends == 0 {
                return Ok(());
            }
            self.input.consume(ends);
        }
    }

    /// Counts the line breaks of the row just read: those inside it, and the one that ended it.
    fn count_breaks(&mut self, lines_before: u64, at_end: bool) {
        let seen = self.core.line().saturating_sub(lines_before);
        let ended = !at_end;
        self.spanned = seen.saturating_sub(u64::from(ended && self.last == b'\n'));
        self.breaks = self.breaks.saturating_add(self.spanned).saturating_add(u64::from(ended));
        self.after_cr = ended && self.last == b'\r';
    }

    /// Reads the next row; false at the end.
    fn next(&mut self) -> io::Result<bool> {
        (self.written, self.cells, self.too_long) = (0, 0, false);
        self.quotes.begin();
        self.skip_line_ends()?;
        self.line = self.breaks.saturating_add(1);
        let lines_before = self.core.line();
        loop {
            let input = self.input.fill_buf()?;
            let at_end = input.is_empty();
            let (result, read, written, cells) = self.core.read_record(
                input,
                self.text.get_mut(self.written..).unwrap_or_default(),
                self.ends.get_mut(self.cells..).unwrap_or_default(),
            );
            let used = input.get(..read).unwrap_or_default();
            self.quotes.pass(used);
            self.last = used.last().copied().unwrap_or(self.last);
            self.input.consume(read);
            self.written = self.written.saturating_add(written);
            self.cells = self.cells.saturating_add(cells);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.grow_text(),
                ReadRecordResult::OutputEndsFull => self.grow_ends(),
                ReadRecordResult::End => return Ok(false),
                ReadRecordResult::Record => {
                    self.cut_off = at_end && self.last != b'\n' && self.last != b'\r';
                    self.count_breaks(lines_before, at_end);
                    return Ok(true);
                }
            }
        }
    }

    /// Makes room, or drops what is held of a row that is too long.
    fn grow_text(&mut self) {
        if self.text.len() < self.limit {
            let room = self.text.len().saturating_mul(2).min(self.limit);
            self.text.resize(room, 0);
        } else {
            (self.too_long, self.written, self.cells) = (true, 0, 0);
        }
    }

    fn grow_ends(&mut self) {
        if self.ends.len() < (1 << 16) {
            let room = self.ends.len().saturating_mul(2);
            self.ends.resize(room, 0);
        } else {
            (self.too_long, self.written, self.cells) = (true, 0, 0);
        }
    }
}
