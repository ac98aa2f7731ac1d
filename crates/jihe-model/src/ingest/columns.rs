//! Columns under construction.
//!
//! In: rows of words. Out: a [`Table`].
//! Invariant: every active column has one word a row; a column activated late is missing in the rows before.

use super::interner::Translation;
use crate::records::{Column, Table, Words};
use crate::schema::FieldId;
use crate::symbols::KeyTexts;
use crate::types::Type;

/// A table under construction.
#[derive(Debug, Clone, Default)]
pub(super) struct TableBuilder {
    pub(super) rows: usize,
    pub(super) columns: Vec<Option<Column>>,
    pub(super) keys: RowKeys,
    /// The line of the row from which on lines follow each other.
    lines: Vec<(usize, u64)>,
    /// The file of the rows from a row on.
    files: Vec<(usize, usize)>,
}

/// The keys of rows.
#[derive(Debug, Clone)]
pub(super) enum RowKeys {
    Symbols(Vec<u32>),
    /// Keys that nothing refers to.
    Texts(KeyTexts),
}

/// The key of a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum RowKey<'k> {
    Symbol(u32),
    Text(&'k str),
}

impl Default for RowKeys {
    fn default() -> Self {
        RowKeys::Symbols(Vec::new())
    }
}

impl RowKeys {
    pub(super) fn empty(as_texts: bool) -> Self {
        if as_texts { RowKeys::Texts(KeyTexts::default()) } else { RowKeys::default() }
    }

    pub(super) fn is_texts(&self) -> bool {
        matches!(self, RowKeys::Texts(_))
    }

    /// Makes words of texts.
    pub(super) fn intern(&mut self, word: impl FnMut(&str) -> u32) {
        if let RowKeys::Texts(texts) = self {
            *self = RowKeys::Symbols(texts.iter().map(word).collect());
        }
    }

    /// The words; none where keys are texts.
    pub(super) fn words(&self) -> &[u32] {
        match self {
            RowKeys::Symbols(words) => words,
            RowKeys::Texts(_) => &[],
        }
    }

    pub(super) fn set(&mut self, row: usize, word: u32) {
        if let RowKeys::Symbols(words) = self
            && let Some(slot) = words.get_mut(row)
        {
            *slot = word;
        }
    }
}

impl TableBuilder {
    pub(super) fn new(width: usize, keys_as_texts: bool) -> Self {
        Self { columns: vec![None; width], keys: RowKeys::empty(keys_as_texts), ..Self::default() }
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
        let keys = RowKeys::empty(self.keys.is_texts());
        Self { columns: self.columns.iter().map(column).collect(), keys, files, ..Self::default() }
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
            self.push_line(row, line);
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
    pub(super) fn push(&mut self, row: &[Option<i64>], key: RowKey<'_>, (file, line): (usize, u64)) {
        if self.files.last().map(|(_, last)| *last) != Some(file) {
            self.start_file(file);
        }
        let rows = self.rows;
        for (column, word) in self.columns.iter_mut().zip(row) {
            if let Some(column) = column {
                push_word(column, rows, *word);
            }
        }
        match (&mut self.keys, key) {
            (RowKeys::Symbols(keys), RowKey::Symbol(key)) => keys.push(key),
            (RowKeys::Texts(keys), RowKey::Text(key)) => keys.push(key),
            // A header gives keys of the form its table has.
            (RowKeys::Symbols(keys), RowKey::Text(_)) => keys.push(0),
            (RowKeys::Texts(keys), RowKey::Symbol(_)) => keys.push(""),
        }
        self.push_line(rows, line);
        self.rows = rows.saturating_add(1);
    }

    fn push_line(&mut self, row: usize, line: u64) {
        let follows = self.lines.last().is_some_and(|(start, first)| {
            let more = u64::try_from(row.saturating_sub(*start)).unwrap_or(u64::MAX);
            first.saturating_add(more) == line
        });
        if !follows {
            self.lines.push((row, line));
        }
    }

    /// Takes the keys and lines of rows whose columns are already there.
    pub(super) fn extend_keys(&mut self, keys: RowKeys, lines: impl Iterator<Item = u64>) {
        let before = self.rows;
        for (row, line) in (before..).zip(lines) {
            self.push_line(row, line);
            self.rows = row.saturating_add(1);
        }
        self.append_keys(keys);
    }

    fn append_keys(&mut self, keys: RowKeys) {
        match (&mut self.keys, keys) {
            (RowKeys::Symbols(ours), RowKeys::Symbols(theirs)) if ours.is_empty() => *ours = theirs,
            (RowKeys::Symbols(ours), RowKeys::Symbols(mut theirs)) => ours.append(&mut theirs),
            (RowKeys::Texts(ours), RowKeys::Texts(theirs)) => ours.append(theirs),
            // Callers bring keys of the form that is here.
            (RowKeys::Symbols(_), RowKeys::Texts(_)) | (RowKeys::Texts(_), RowKeys::Symbols(_)) => {}
        }
    }

    /// Takes the rows of another table of the same kind, with the same words and form of keys; `file` makes its numbers of
    /// files ours.
    pub(super) fn append(&mut self, part: TableBuilder, types: &[Type], file: impl Fn(usize) -> usize) {
        let before = self.rows;
        let after = before.saturating_add(part.rows);
        for ((field, theirs), ty) in (0u16..).map(FieldId).zip(part.columns).zip(types) {
            let Some(theirs) = theirs else { continue };
            self.activate(field, *ty);
            if let Some(Some(ours)) = self.columns.get_mut(usize::from(field.0)) {
                ours.extend(before, theirs);
            }
        }
        self.columns.iter_mut().flatten().for_each(|ours| ours.pad(after));
        self.append_keys(part.keys);
        self.lines.extend(part.lines.iter().map(|(row, line)| (before.saturating_add(*row), *line)));
        self.files.extend(part.files.iter().map(|(row, at)| (before.saturating_add(*row), file(*at))));
        self.rows = after;
    }

    /// Makes its words those of another table.
    pub(super) fn translate(&mut self, translation: &Translation) {
        for column in self.columns.iter_mut().flatten() {
            column.translate(translation);
        }
        if let RowKeys::Symbols(keys) = &mut self.keys {
            for key in keys.iter_mut() {
                *key = translation.word(*key);
            }
        }
    }

    /// The file and line a row came from.
    pub(super) fn place(&self, row: usize) -> (usize, u64) {
        let segment = self.files.partition_point(|(start, _)| *start <= row);
        let file =
            segment.checked_sub(1).and_then(|at| self.files.get(at)).map_or(usize::MAX, |(_, file)| *file);
        let run = self.lines.partition_point(|(start, _)| *start <= row);
        let line = run.checked_sub(1).and_then(|at| self.lines.get(at)).map_or(0, |(start, first)| {
            first.saturating_add(u64::try_from(row.saturating_sub(*start)).unwrap_or(0))
        });
        (file, line)
    }

    /// Drops the rows that are not kept.
    pub(super) fn retain(&mut self, keep: &[bool]) {
        self.columns.iter_mut().flatten().for_each(|column| column.retain(keep));
        match &mut self.keys {
            RowKeys::Symbols(keys) => retain(keys, keep),
            RowKeys::Texts(keys) => keys.retain(keep),
        }
        self.lines.clear();
        self.files.clear();
        self.rows = keep.iter().filter(|kept| **kept).count();
    }

    /// The table; `key` gives the first symbol of texts that it takes over.
    pub(super) fn finish(self, apart: impl FnOnce(KeyTexts) -> u32) -> Table {
        let mut columns = self.columns;
        for column in columns.iter_mut().flatten() {
            if column.present.as_ref().is_some_and(|present| present.iter().all(|there| *there)) {
                column.present = None;
            }
        }
        let keys = match self.keys {
            RowKeys::Symbols(keys) => keys,
            RowKeys::Texts(texts) => {
                let rows = texts.len();
                (apart(texts)..).take(rows).collect()
            }
        };
        Table { rows: self.rows, columns, keys }
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
