//! Columns under construction.
//!
//! In: rows of words. Out: a [`Table`].
//! Invariant: every active column has one word a row; a column activated late is missing in the rows before.

use crate::records::{Column, Table, Words};
use crate::schema::FieldId;
use crate::types::Type;

/// A table under construction.
#[derive(Debug, Clone, Default)]
pub(super) struct TableBuilder {
    pub(super) rows: usize,
    pub(super) columns: Vec<Option<Column>>,
    pub(super) keys: Vec<u32>,
    lines: Vec<u64>,
    /// The file of the rows from a row on.
    files: Vec<(usize, usize)>,
}

impl TableBuilder {
    pub(super) fn new(width: usize) -> Self {
        Self { columns: vec![None; width], ..Self::default() }
    }

    pub(super) fn start_file(&mut self, file: usize) {
        self.files.push((self.rows, file));
    }

    /// The same for rows that come later.
    pub(super) fn start_file_at(&mut self, row: usize, file: usize) {
        self.files.push((row, file));
    }

    /// The same columns and file, no rows.
    pub(super) fn without_rows(&self) -> Self {
        let column = |column: &Option<Column>| column.as_ref().map(Column::without_rows);
        let files = self.files.last().map(|(_, file)| (0, *file)).into_iter().collect();
        Self { columns: self.columns.iter().map(column).collect(), files, ..Self::default() }
    }

    /// Bytes the rows take.
    pub(super) fn size(&self) -> usize {
        let columns = self.columns.iter().flatten().map(Column::size).fold(0, usize::saturating_add);
        columns.saturating_add(self.rows.saturating_mul(12))
    }

    /// Drops the rows that are not kept; the others know where they came from.
    pub(super) fn retain_with_places(&mut self, keep: &[bool]) {
        let places: Vec<(usize, u64)> = (0..self.rows).map(|row| self.place(row)).collect();
        let kept = places.into_iter().zip(keep).filter(|(_, kept)| **kept).map(|(place, _)| place);
        let places: Vec<(usize, u64)> = kept.collect();
        self.retain(keep);
        for (row, (file, line)) in places.into_iter().enumerate() {
            if self.files.last().map(|(_, last)| *last) != Some(file) {
                self.files.push((row, file));
            }
            self.lines.push(line);
        }
    }

    /// Gives a field a column if it has none yet.
    pub(super) fn activate(&mut self, field: FieldId, ty: Type) {
        let rows = self.rows;
        if let Some(slot @ None) = self.columns.get_mut(usize::from(field.0)) {
            let present = (rows > 0).then(|| vec![false; rows]);
            *slot = Some(Column { words: empty_words(ty, rows), present });
        }
    }

    /// Takes a row with its key and the file and line it came from.
    pub(super) fn push(&mut self, row: &[Option<i64>], key: u32, (file, line): (usize, u64)) {
        if self.files.last().map(|(_, last)| *last) != Some(file) {
            self.start_file(file);
        }
        let rows = self.rows;
        for (column, word) in self.columns.iter_mut().zip(row) {
            if let Some(column) = column {
                push_word(column, rows, *word);
            }
        }
        self.keys.push(key);
        self.lines.push(line);
        self.rows = rows.saturating_add(1);
    }

    /// Takes the keys and lines of rows whose columns are already there.
    pub(super) fn extend_keys(&mut self, mut keys: Vec<u32>, mut lines: Vec<u64>) {
        self.rows = self.rows.saturating_add(keys.len());
        self.keys.append(&mut keys);
        self.lines.append(&mut lines);
    }

    /// Takes the rows of another table of the same kind; `file` and `symbol` translate its numbers into ours.
    pub(super) fn append(
        &mut self,
        part: TableBuilder,
        types: &[Type],
        (file, symbol): (impl Fn(usize) -> usize, impl Fn(u32) -> u32),
    ) {
        let before = self.rows;
        let after = before.saturating_add(part.rows);
        for ((field, theirs), ty) in (0u16..).map(FieldId).zip(part.columns).zip(types) {
            let Some(mut theirs) = theirs else { continue };
            self.activate(field, *ty);
            translate(&mut theirs.words, &symbol);
            if let Some(Some(ours)) = self.columns.get_mut(usize::from(field.0)) {
                ours.extend(before, theirs);
            }
        }
        self.columns.iter_mut().flatten().for_each(|ours| ours.pad(after));
        self.keys.extend(part.keys.iter().map(|key| symbol(*key)));
        self.lines.extend(part.lines);
        self.files.extend(part.files.iter().map(|(row, at)| (before.saturating_add(*row), file(*at))));
        self.rows = after;
    }

    /// The file and line a row came from.
    pub(super) fn place(&self, row: usize) -> (usize, u64) {
        let segment = self.files.partition_point(|(start, _)| *start <= row);
        let file =
            segment.checked_sub(1).and_then(|at| self.files.get(at)).map_or(usize::MAX, |(_, file)| *file);
        (file, self.lines.get(row).copied().unwrap_or(0))
    }

    /// Drops the rows that are not kept.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        for column in self.columns.iter_mut().flatten() {
            retain_words(&mut column.words, keep);
            if let Some(present) = &mut column.present {
                retain(present, keep);
            }
        }
        retain(&mut self.keys, keep);
        self.lines.clear();
        self.files.clear();
        self.rows = self.keys.len();
    }

    pub(super) fn finish(self) -> Table {
        let mut columns = self.columns;
        for column in columns.iter_mut().flatten() {
            if column.present.as_ref().is_some_and(|present| present.iter().all(|there| *there)) {
                column.present = None;
            }
        }
        Table { rows: self.rows, columns, keys: self.keys }
    }
}

pub(super) fn empty_words(ty: Type, rows: usize) -> Words {
    match ty {
        Type::Bool => Words::Bits(vec![false; rows]),
        Type::Date => Words::Days(vec![0; rows]),
        Type::Text | Type::Code(_) | Type::Reference(_) | Type::CodeSet(_) => Words::Symbols(vec![0; rows]),
        Type::Number
        | Type::Money
        | Type::UnitPrice
        | Type::Instant
        | Type::Duration(_)
        | Type::Months
        | Type::Age
        | Type::AgeLimit
        | Type::Interval
        | Type::Period(_) => Words::Wide(vec![0; rows]),
    }
}

/// Presence is only written down from the first missing word on.
pub(super) fn push_word(column: &mut Column, rows: usize, word: Option<i64>) {
    match (&mut column.present, word) {
        (Some(present), _) => present.push(word.is_some()),
        (None, Some(_)) => {}
        (None, None) => {
            let mut present = vec![true; rows];
            present.push(false);
            column.present = Some(present);
        }
    }
    let word = word.unwrap_or(0);
    match &mut column.words {
        Words::Bits(words) => words.push(word != 0),
        Words::Symbols(words) => words.push(u32::try_from(word).unwrap_or(0)),
        Words::Days(words) => words.push(i32::try_from(word).unwrap_or(0)),
        Words::Wide(words) => words.push(word),
    }
}

fn translate(words: &mut Words, symbol: &impl Fn(u32) -> u32) {
    if let Words::Symbols(words) = words {
        for word in words {
            *word = symbol(*word);
        }
    }
}

pub(super) fn retain_words(words: &mut Words, keep: &[bool]) {
    match words {
        Words::Bits(words) => retain(words, keep),
        Words::Symbols(words) => retain(words, keep),
        Words::Days(words) => retain(words, keep),
        Words::Wide(words) => retain(words, keep),
    }
}

pub(super) fn retain<T>(items: &mut Vec<T>, keep: &[bool]) {
    let mut kept = keep.iter();
    items.retain(|_| kept.next().copied().unwrap_or(false));
}
