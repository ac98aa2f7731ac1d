//! Numbers, texts and columns as bytes.
//!
//! In: whole numbers, texts, columns. Out: little-endian bytes, each number no wider than the span of its column asks; and back.
//! Invariant: what is read was written by the same functions, or is refused; no length is believed before it is checked.

use super::{DamagedRows, Encoder};
use crate::records::{Column, Words};
use crate::types::Type;

/// Writes numbers: how many, the least, the width of what each is above it, and these differences.
pub(super) fn put_numbers(numbers: &[i64], out: &mut Vec<u8>) {
    let least = numbers.iter().min().copied().unwrap_or(0);
    let most = numbers.iter().max().copied().unwrap_or(0);
    let span = above(least, most);
    let width: u8 = match span {
        0 => 0,
        1..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0xffff_ffff => 4,
        _ => 8,
    };
    out.extend_from_slice(&u32::try_from(numbers.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&least.to_le_bytes());
    out.push(width);
    for number in numbers {
        let bytes = above(least, *number).to_le_bytes();
        out.extend_from_slice(bytes.get(..usize::from(width)).unwrap_or_default());
    }
}

/// How far a number is above another, in 64 bits without a sign.
fn above(least: i64, number: i64) -> u64 {
    u64::from_le_bytes(number.wrapping_sub(least).to_le_bytes())
}

/// Writes texts: where each ends, then all of them.
pub(super) fn put_text(texts: &[&str], out: &mut Vec<u8>) {
    let mut end = 0usize;
    let ends: Vec<i64> = texts
        .iter()
        .map(|text| {
            end = end.saturating_add(text.len());
            i64::try_from(end).unwrap_or(i64::MAX)
        })
        .collect();
    put_numbers(&ends, out);
    for text in texts {
        out.extend_from_slice(text.as_bytes());
    }
}

/// Writes some rows of a column: whether there is one, which rows have a value, the words.
pub(super) fn put_column(column: Option<&Column>, rows: &[usize], encoder: &mut Encoder, out: &mut Vec<u8>) {
    let Some(column) = column else {
        out.push(0);
        return;
    };
    let cells: Vec<Option<i64>> = rows.iter().map(|row| column.get(*row)).collect();
    let complete = cells.iter().all(Option::is_some);
    out.push(if complete { 1 } else { 2 });
    if !complete {
        let bits = cells
            .chunks(8)
            .map(|chunk| chunk.iter().rev().fold(0u8, |bits, cell| (bits << 1) | u8::from(cell.is_some())));
        out.extend(bits);
    }
    let is_symbol = matches!(column.words, Words::Symbols(_));
    let mut last = 0;
    let words: Vec<i64> = cells
        .into_iter()
        .map(|cell| {
            // A missing word is written as the one before: it widens nothing.
            if let Some(word) = cell {
                let symbol = u32::try_from(word).ok().filter(|_| is_symbol);
                last = symbol.map_or(word, |symbol| i64::from(encoder.number(symbol)));
            }
            last
        })
        .collect();
    put_numbers(&words, out);
}

/// Reads what was written.
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], DamagedRows> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(DamagedRows)?;
        self.bytes = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DamagedRows> {
        self.take(N)?.try_into().map_err(|_| DamagedRows)
    }

    pub(super) fn small(&mut self) -> Result<u16, DamagedRows> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn numbers(&mut self) -> Result<Vec<i64>, DamagedRows> {
        let count = usize::try_from(u32::from_le_bytes(self.array()?)).map_err(|_| DamagedRows)?;
        let least = i64::from_le_bytes(self.array()?);
        let [width] = self.array()?;
        let width = usize::from(width);
        if width == 0 {
            // As many equal numbers as the rows there are: bounded by what a file can say of its other columns.
            return Ok(vec![least; count]);
        }
        if width > 8 {
            return Err(DamagedRows);
        }
        let bytes = self.take(count.checked_mul(width).ok_or(DamagedRows)?)?;
        let number = |bytes: &[u8]| {
            let mut wide = [0u8; 8];
            for (to, from) in wide.iter_mut().zip(bytes) {
                *to = *from;
            }
            least.wrapping_add(i64::from_le_bytes(wide))
        };
        Ok(bytes.chunks_exact(width).map(number).collect())
    }

    pub(super) fn texts(&mut self) -> Result<Vec<&'b str>, DamagedRows> {
        let ends = self.numbers()?;
        let total = ends.last().map_or(Ok(0), |end| usize::try_from(*end)).map_err(|_| DamagedRows)?;
        let all = core::str::from_utf8(self.take(total)?).map_err(|_| DamagedRows)?;
        let mut start = 0usize;
        let mut texts = Vec::with_capacity(ends.len());
        for end in ends {
            let end = usize::try_from(end).map_err(|_| DamagedRows)?;
            texts.push(all.get(start..end).ok_or(DamagedRows)?);
            start = end;
        }
        Ok(texts)
    }

    pub(super) fn column(&mut self, ty: Type, rows: usize) -> Result<Option<Column>, DamagedRows> {
        let [mark] = self.array()?;
        let present = match mark {
            0 => return Ok(None),
            1 => None,
            2 => {
                let bits = self.take(rows.div_ceil(8))?;
                let bit = |row: usize| {
                    let byte = bits.get(row.div_euclid(8)).copied().unwrap_or(0);
                    byte >> row.rem_euclid(8) & 1 == 1
                };
                Some((0..rows).map(bit).collect())
            }
            _ => return Err(DamagedRows),
        };
        let numbers = self.numbers()?;
        if numbers.len() != rows {
            return Err(DamagedRows);
        }
        let words = match super::super::columns::empty_words(ty, 0) {
            Words::Bits(_) => Words::Bits(numbers.into_iter().map(|word| word != 0).collect()),
            Words::Symbols(_) => {
                Words::Symbols(numbers.into_iter().map(|word| u32::try_from(word).unwrap_or(0)).collect())
            }
            Words::Days(_) => {
                Words::Days(numbers.into_iter().map(|word| i32::try_from(word).unwrap_or(0)).collect())
            }
            Words::Wide(_) => Words::Wide(numbers),
        };
        Ok(Some(Column { words, present }))
    }
}
