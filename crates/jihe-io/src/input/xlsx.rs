//! Excel workbooks.
//!
//! In: the bytes of a workbook. Out: its sheets, each as rows of text under the names of its first row.
//! Invariant: a number of more digits than Excel keeps is marked as unreadable, never taken as rounded.

use super::batch::{Batch, RowFault};
use crate::error::Error;
use calamine::{Data, Range, Reader, Xlsx};
use std::io::Cursor;
use std::sync::Arc;

/// The bytes of a workbook.
pub(crate) struct Workbook {
    book: Xlsx<Cursor<Vec<u8>>>,
}

/// Rows of a sheet.
pub(crate) struct SheetRows {
    range: Range<Data>,
    columns: Arc<[String]>,
    next: usize,
}

impl Workbook {
    pub(crate) fn open(file: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let book = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(file, &error))?;
        Ok(Self { book })
    }

    /// The names of the sheets, in their order.
    pub(crate) fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// The rows of a sheet.
    pub(crate) fn rows(&mut self, file: &str, sheet: &str) -> Result<SheetRows, Error> {
        let range = self.book.worksheet_range(sheet).map_err(|error| damaged(file, &error))?;
        let first = range.rows().next().ok_or_else(|| {
            Error::file(file, "工作表是空的，没有列名", "the sheet is empty: no column names")
        })?;
        let names: Vec<String> =
            first.iter().map(|cell| text(cell).unwrap_or_default().trim().to_owned()).collect();
        Ok(SheetRows { range, columns: names.into(), next: 1 })
    }
}

impl SheetRows {
    /// Fills a batch; false when nothing was left.
    pub(crate) fn fill(&mut self, batch: &mut Batch) -> bool {
        batch.columns = Arc::clone(&self.columns);
        let above = self.range.start().map_or(0, |(row, _)| row);
        let height = self.range.height();
        while !batch.is_full() && self.next < height {
            let at = self.next;
            self.next = at.saturating_add(1);
            let Some(cells) = self.range.rows().nth(at) else { break };
            if cells.iter().all(|cell| matches!(cell, Data::Empty)) {
                continue;
            }
            let line =
                u64::try_from(at).unwrap_or(u64::MAX).saturating_add(u64::from(above)).saturating_add(1);
            batch.begin(line);
            push(batch, cells, &self.columns);
        }
        batch.len() > 0
    }
}

/// Adds the cells of a row; it is marked for the first that cannot be read.
fn push(batch: &mut Batch, cells: &[Data], names: &[String]) {
    let mut fault = None;
    for (cell, name) in cells.iter().zip(names) {
        let read = text(cell);
        batch.cell(read.as_deref().unwrap_or_default().as_bytes());
        if let (Err((zh, en)), None) = (read, &fault) {
            let (zh, en) = (format!("“{name}”：{zh}"), format!("`{name}`: {en}"));
            fault = Some(RowFault::new(cell.to_string().as_bytes(), zh, en));
        }
    }
    if let Some(fault) = fault {
        batch.fault(fault);
    }
}

/// The text of a cell as people see it.
fn text(cell: &Data) -> Result<String, (&'static str, &'static str)> {
    match cell {
        Data::Empty => Ok(String::new()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Ok(text.clone()),
        Data::Bool(yes) => Ok(if *yes { "1" } else { "0" }.to_owned()),
        Data::Int(number) => Ok(number.to_string()),
        Data::Float(number) => float(*number),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            Ok(match (hour, minute, second) {
                (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
                _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
            })
        }
        Data::Error(_) => Err(("单元格是公式错误", "the cell holds a formula error")),
    }
}

/// Excel keeps 15 digits; a longer number has been rounded by it.
fn float(number: f64) -> Result<String, (&'static str, &'static str)> {
    if !number.is_finite() || number.abs() >= 1e15 {
        return Err((
            "数字超过 Excel 能保留的 15 位，可能已丢失数位；请把该列设为文本格式后重新导出",
            "a number of more than the 15 digits Excel keeps; make the column text and export again",
        ));
    }
    Ok(plain(&format!("{number:.14e}")))
}

/// `-1.25000e2` → `-125`: fifteen digits, which is what Excel itself shows of a sum such as 0.1 + 0.2.
fn plain(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let whole = usize::try_from(exponent.saturating_add(1)).unwrap_or(0);
    let zeros = usize::try_from(exponent.saturating_add(1).saturating_neg()).unwrap_or(0);
    if digits.is_empty() {
        return "0".to_owned();
    }
    match digits.split_at_checked(whole) {
        None | Some((_, "")) => format!("{sign}{digits}{}", "0".repeat(whole.saturating_sub(digits.len()))),
        Some(("", rest)) => format!("{sign}0.{}{rest}", "0".repeat(zeros)),
        Some((head, rest)) => format!("{sign}{head}.{rest}"),
    }
}

fn damaged(file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::file(
        file,
        &format!("不是完整的 xlsx 工作簿（{error}）"),
        &format!("no whole xlsx workbook ({error})"),
    )
}

#[cfg(test)]
mod tests {
    use super::float;

    #[test]
    fn numbers_are_written_as_excel_shows_them() {
        let cases = [
            (0.0, "0"),
            (150.0, "150"),
            (-12.5, "-12.5"),
            (0.000_25, "0.00025"),
            (0.1 + 0.2, "0.3"),
            (123_456_789_012_345.0, "123456789012345"),
        ];
        for (number, text) in cases {
            assert_eq!(float(number).as_deref(), Ok(text));
        }
        assert!(float(4.403_061_980_010_1e17).is_err());
    }
}
