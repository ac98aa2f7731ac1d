//! Whole columns at once, for readers that hold their data by column.
//!
//! In: for every field of a file a column of words, and the cells that could not be read. Out: rows of the builder.
//! Invariant: the records and rejects are those that [`RecordsBuilder::push_row`] would give for the same cells.

use std::collections::BTreeMap;

use jihe_diagnostics::Text;

use super::columns::{RowKeys, TableBuilder};
use super::header::Planned;
use super::interner::Translation;
use super::{Cell, Fault, Header, RecordsBuilder, day_of_word, is_missing};
use crate::cell::CellError;
use crate::records::{Column, Counted, Words};
use crate::schema::{FieldId, KindId};
use crate::symbols::KeyTexts;
use crate::types::Type;

/// A field of a file, and the columns it is taken from.
#[derive(Debug, Clone, Copy)]
pub struct FieldSource<'h> {
    /// Its type.
    pub ty: Type,
    /// Place and name of each column that goes by a name of the field, main names first; the first that is not empty counts.
    pub columns: &'h [(usize, String)],
}

/// The values of one field over a batch.
#[derive(Debug, Clone, Default)]
pub struct FieldColumn {
    /// A word a row.
    pub column: Column,
    /// The cells that could not be read, by row, ascending; their words do not count.
    pub faults: Vec<CellFault>,
}

/// Some rows of a file, by column.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The row of the file that is the first of the batch.
    pub first_line: u64,
    /// How many rows.
    pub rows: usize,
    /// A column for every field of [`Header::fields`], in that order.
    pub fields: Vec<FieldColumn>,
    /// The keys, where [`Header::key_source`] asks for them.
    pub keys: Option<KeyColumn>,
}

/// Keys that are held as texts, over a batch.
#[derive(Debug, Clone, Default)]
pub struct KeyColumn {
    texts: KeyTexts,
    /// Rows without a key.
    missing: Vec<usize>,
    /// Cells that could not be read, by row, ascending.
    pub faults: Vec<CellFault>,
}

impl KeyColumn {
    /// Takes the next row's key, as [`RecordsBuilder::push_row`] reads it.
    pub fn push(&mut self, text: Option<&str>) {
        let text = text.map(str::trim).filter(|text| !is_missing(text));
        if text.is_none() {
            self.missing.push(self.texts.len());
        }
        self.texts.push(text.unwrap_or(""));
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.texts.len()
    }

    /// Takes the rows of the batch that follows.
    pub fn append(&mut self, more: KeyColumn) {
        let before = self.texts.len();
        self.texts.append(more.texts);
        self.missing.extend(more.missing.into_iter().map(|row| row.saturating_add(before)));
        self.faults.extend(more.faults.into_iter().map(|fault| fault.after(before)));
    }
}

/// A cell that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// Its row in the batch, from 0.
    pub row: usize,
    /// The column at fault, as the file names it.
    pub column: String,
    /// What stood there.
    pub value: String,
    /// Why it cannot be taken.
    pub reason: Text,
}

impl CellFault {
    /// The same, so many rows further down.
    fn after(self, rows: usize) -> Self {
        CellFault { row: self.row.saturating_add(rows), ..self }
    }
}

impl Header {
    /// The fields this file holds, in the order in which [`RecordsBuilder::push_batch`] wants their columns.
    pub fn fields(&self) -> impl Iterator<Item = FieldSource<'_>> {
        self.plan.iter().map(Planned::source)
    }

    /// Where keys come from that are held as texts ([`Batch::keys`]); none where they are words of the fields.
    pub fn key_source(&self) -> Option<FieldSource<'_>> {
        self.key_text.as_ref().map(Planned::source)
    }
}

impl Planned {
    fn source(&self) -> FieldSource<'_> {
        FieldSource { ty: self.ty, columns: &self.columns }
    }
}

impl FieldColumn {
    /// No rows yet, with room for as many.
    pub fn with_capacity(ty: Type, rows: usize) -> Self {
        let mut words = super::columns::empty_words(ty, 0);
        words.reserve(rows);
        Self { column: Column { words, present: None }, faults: Vec::new() }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.column.words.len()
    }

    /// Takes the rows of the batch that follows.
    pub fn append(&mut self, more: FieldColumn) {
        let before = self.column.words.len();
        self.column.join(before, more.column);
        self.faults.extend(more.faults.into_iter().map(|fault| fault.after(before)));
    }

    /// Takes the next row's word, or none where there is no value.
    pub fn push(&mut self, word: Option<i64>) {
        let rows = self.column.words.len();
        super::columns::push_word(&mut self.column, rows, word);
    }
}

impl RecordsBuilder<'_> {
    /// The word of a text for a type, as [`RecordsBuilder::push_row`] reads it: none where the text stands for no value.
    ///
    /// # Errors
    /// When the text is not of the type.
    pub fn read_text(&mut self, ty: Type, text: &str) -> Result<Option<i64>, CellError> {
        self.read_cell(ty, Cell::Text(text))
    }

    /// The same, quicker where the text is the one after that of the row before in the table it refers to.
    ///
    /// # Errors
    /// When the text is not of the type.
    pub fn read_text_after(
        &mut self,
        ty: Type,
        text: &str,
        before: Option<i64>,
    ) -> Result<Option<i64>, CellError> {
        match before.and_then(|word| u32::try_from(word).ok()) {
            Some(before) if matches!(ty, Type::Reference(_)) && !is_missing(text.trim()) => {
                Ok(Some(i64::from(self.interner.intern_after(text.trim(), before))))
            }
            _ => self.read_text(ty, text),
        }
    }

    /// Takes a batch of rows. A row with a fault is rejected for the first of them in the order of the fields.
    ///
    /// ```
    /// use jihe_model::ingest::{Batch, FieldColumn, RecordsBuilder};
    /// use jihe_model::kinds::base_schema;
    /// let schema = base_schema();
    /// let mut builder = RecordsBuilder::new(&schema);
    /// let visit = schema.find_kind("visit").unwrap();
    /// let header = builder.header(visit, "visits", &["psn_no", "mdtrt_id"]).unwrap();
    /// let texts = [["P1", "V1"], ["P2", "V2"]];
    /// let mut fields = Vec::new();
    /// for field in header.fields() {
    ///     let mut column = FieldColumn::with_capacity(field.ty, 2);
    ///     for row in texts {
    ///         column.push(builder.read_text(field.ty, row[field.columns[0].0]).unwrap());
    ///     }
    ///     fields.push(column);
    /// }
    /// builder.push_batch(&header, Batch { first_line: 1, rows: 2, fields, keys: None });
    /// assert_eq!(builder.finish().records.tables[&visit].rows, 2);
    /// ```
    pub fn push_batch(&mut self, header: &Header, mut batch: Batch) {
        let counts = self.counts.entry(header.kind).or_default();
        counts.read = counts.read.saturating_add(count(batch.rows));
        let faults = faults(header, &mut batch);
        let keep = self.refuse_faults(header, batch.first_line, (faults, batch.rows));
        let mut texts = batch.keys.map(|keys| keys.texts);
        let mut rows = batch.rows;
        if let Some(keep) = &keep {
            rows = keep.iter().filter(|kept| **kept).count();
            batch.fields.iter_mut().for_each(|field| field.column.retain(keep));
            if let Some(texts) = &mut texts {
                texts.retain(keep);
            }
        }
        if let Some(clock) = &header.counted {
            let columns: Vec<_> =
                clock.iter().map(|of| (of.1, column(header, &batch.fields, of.0))).collect();
            let day = |row: usize| {
                let mut times = columns.iter().filter_map(|(ty, column)| Some((*ty, (*column)?.get(row)?)));
                times.next().map(|(ty, word)| day_of_word(ty, word))
            };
            let days = (0..rows).filter_map(day);
            let days = days.fold(None, |held: Option<(i64, i64)>, day| {
                Some(held.map_or((day, day), |(from, to)| (from.min(day), to.max(day))))
            });
            self.counted.entry(header.kind).or_default().add(Counted { rows, days });
            return;
        }
        let mut keys = match texts {
            Some(texts) => RowKeys::Texts(texts),
            None => RowKeys::Symbols(self.batch_keys(header, rows, &batch.fields)),
        };
        self.fit_keys(header.kind, &mut keys);
        let Some(table) = self.tables.get_mut(&header.kind) else { return };
        table.start_file(header.file);
        let fields = header.plan.iter().map(|planned| planned.field).zip(batch.fields);
        append(table, fields, rows);
        let lines = (batch.first_line..).take(batch.rows);
        match keep {
            None => table.extend_keys(keys, lines),
            Some(keep) => {
                table.extend_keys(keys, lines.zip(keep).filter_map(|(line, kept)| kept.then_some(line)));
            }
        }
    }

    /// Makes words of keys where a table has any as words.
    fn fit_keys(&mut self, kind: KindId, keys: &mut RowKeys) {
        let Some(table) = self.tables.get_mut(&kind).filter(|table| table.keys.is_texts() != keys.is_texts())
        else {
            return;
        };
        table.keys.intern(|text| self.interner.intern(text));
        keys.intern(|text| self.interner.intern(text));
    }

    /// Rejects the rows at fault, and gives those that are kept; none where all are.
    fn refuse_faults(
        &mut self,
        header: &Header,
        first_line: u64,
        (faults, rows): (BTreeMap<usize, Fault>, usize),
    ) -> Option<Vec<bool>> {
        if faults.is_empty() {
            return None;
        }
        let mut keep = vec![true; rows];
        for (row, fault) in faults {
            keep.get_mut(row).into_iter().for_each(|kept| *kept = false);
            self.reject(header, first_line.saturating_add(count(row)), fault);
        }
        Some(keep)
    }

    /// A key of one field is its text; a composite key joins its parts.
    fn batch_keys(&mut self, header: &Header, rows: usize, fields: &[FieldColumn]) -> Vec<u32> {
        let parts: Vec<(Option<&Column>, Type)> =
            header.key.iter().map(|(field, ty)| (column(header, fields, *field), *ty)).collect();
        match parts.as_slice() {
            [(Some(Column { words: Words::Symbols(words), present: None }), Type::Text)]
                if words.len() == rows =>
            {
                words.clone()
            }
            parts => (0..rows).map(|row| self.key_of(parts, row)).collect(),
        }
    }

    fn key_of(&mut self, parts: &[(Option<&Column>, Type)], row: usize) -> u32 {
        let word = |column: Option<&Column>| column.and_then(|column| column.get(row));
        if let [(column, Type::Text)] = parts
            && let Some(symbol) = word(*column).and_then(|word| u32::try_from(word).ok())
        {
            return symbol;
        }
        let parts = parts.iter().map(|(column, ty)| (word(*column), *ty));
        self.joined_key(parts)
    }
}

fn column<'f>(header: &Header, fields: &'f [FieldColumn], wanted: FieldId) -> Option<&'f Column> {
    let mut planned = header.plan.iter().zip(fields);
    planned.find(|(planned, _)| planned.field == wanted).map(|(_, field)| &field.column)
}

/// The first fault of every row that has one: a cell that could not be read, or a key that is missing.
fn faults(header: &Header, batch: &mut Batch) -> BTreeMap<usize, Fault> {
    let mut found = BTreeMap::new();
    let rows = batch.rows;
    if let (Some(planned), Some(keys)) = (&header.key_text, &mut batch.keys) {
        for fault in core::mem::take(&mut keys.faults) {
            let CellFault { row, column, value, reason } = fault;
            found.entry(row).or_insert(Fault { column: Some(column), value, reason });
        }
        for row in &keys.missing {
            found.entry(*row).or_insert_with(|| planned.missing());
        }
    }
    for (planned, field) in header.plan.iter().zip(&mut batch.fields) {
        for fault in core::mem::take(&mut field.faults) {
            let CellFault { row, column, value, reason } = fault;
            found.entry(row).or_insert(Fault { column: Some(column), value, reason });
        }
        let complete = field.column.present.is_none() && field.column.words.len() == rows;
        if !planned.required || complete {
            continue;
        }
        for row in (0..rows).filter(|row| field.column.get(*row).is_none()) {
            found.entry(row).or_insert_with(|| planned.missing());
        }
    }
    found
}

/// Adds the columns of a batch to a table; its other columns are missing in these rows.
fn append(table: &mut TableBuilder, fields: impl Iterator<Item = (FieldId, FieldColumn)>, rows: usize) {
    let before = table.rows;
    let after = before.saturating_add(rows);
    for (field, column) in fields {
        if let Some(Some(slot)) = table.columns.get_mut(usize::from(field.0)) {
            slot.extend(before, column.column);
            slot.pad(after);
        }
    }
    for slot in table.columns.iter_mut().flatten() {
        slot.pad(after);
    }
}

impl Column {
    /// Adds the rows of another column of the same field to the `rows` there are.
    pub(super) fn extend(&mut self, rows: usize, more: Column) {
        if rows == 0 && core::mem::discriminant(&self.words) == core::mem::discriminant(&more.words) {
            *self = more;
        } else {
            self.join(rows, more);
        }
    }

    /// The same, keeping the room there is.
    fn join(&mut self, rows: usize, mut more: Column) {
        let added = more.words.len();
        let there = |column: &Column, rows: usize| column.present.is_none() && column.words.len() == rows;
        if !there(self, rows) || more.present.is_some() {
            let present = self.present.get_or_insert_with(|| vec![true; rows]);
            match &mut more.present {
                Some(more) => present.append(more),
                None => present.resize(rows.saturating_add(added), true),
            }
        }
        match (&mut self.words, more.words) {
            (Words::Bits(words), Words::Bits(mut more)) => words.append(&mut more),
            (Words::Symbols(words), Words::Symbols(mut more)) => words.append(&mut more),
            (Words::Days(words), Words::Days(mut more)) => words.append(&mut more),
            (Words::Wide(words), Words::Wide(mut more)) => words.append(&mut more),
            // A reader that made words of another shape than the field's: they are not its values.
            (words, _) => {
                words.resize(rows.saturating_add(added));
                let present = self.present.get_or_insert_with(|| vec![true; rows]);
                present.truncate(rows);
                present.resize(rows.saturating_add(added), false);
            }
        }
    }

    pub(super) fn without_rows(&self) -> Self {
        let words = match &self.words {
            Words::Bits(_) => Words::Bits(Vec::new()),
            Words::Symbols(_) => Words::Symbols(Vec::new()),
            Words::Days(_) => Words::Days(Vec::new()),
            Words::Wide(_) => Words::Wide(Vec::new()),
        };
        Self { words, present: None }
    }

    /// Bytes it takes.
    pub(super) fn size(&self) -> usize {
        let width = match &self.words {
            Words::Bits(_) => 1,
            Words::Symbols(_) | Words::Days(_) => 4,
            Words::Wide(_) => 8,
        };
        let present = self.present.as_ref().map_or(0, Vec::len);
        self.words.len().saturating_mul(width).saturating_add(present)
    }

    /// Fills up with missing rows.
    pub(super) fn pad(&mut self, rows: usize) {
        let have = self.words.len();
        if have < rows {
            let present = self.present.get_or_insert_with(|| vec![true; have]);
            present.resize(rows, false);
            self.words.resize(rows);
        }
    }

    /// Makes its symbols those of another table.
    pub(super) fn translate(&mut self, translation: &Translation) {
        if let Words::Symbols(words) = &mut self.words {
            for word in words.iter_mut() {
                *word = translation.word(*word);
            }
        }
    }

    pub(super) fn retain(&mut self, keep: &[bool]) {
        super::columns::retain_words(&mut self.words, keep);
        if let Some(present) = &mut self.present {
            super::columns::retain(present, keep);
        }
    }
}

impl Column {
    /// Whether any row has a value.
    pub(super) fn has_values(&self, rows: usize) -> bool {
        rows > 0 && self.present.as_ref().is_none_or(|present| present.contains(&true))
    }
}

impl Words {
    fn len(&self) -> usize {
        match self {
            Words::Bits(words) => words.len(),
            Words::Symbols(words) => words.len(),
            Words::Days(words) => words.len(),
            Words::Wide(words) => words.len(),
        }
    }

    fn reserve(&mut self, rows: usize) {
        match self {
            Words::Bits(words) => words.reserve(rows),
            Words::Symbols(words) => words.reserve(rows),
            Words::Days(words) => words.reserve(rows),
            Words::Wide(words) => words.reserve(rows),
        }
    }

    fn resize(&mut self, rows: usize) {
        match self {
            Words::Bits(words) => words.resize(rows, false),
            Words::Symbols(words) => words.resize(rows, 0),
            Words::Days(words) => words.resize(rows, 0),
            Words::Wide(words) => words.resize(rows, 0),
        }
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
