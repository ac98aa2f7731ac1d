//! Rows that leave a builder before they are settled, as bytes, and come back into another.
//!
//! In: rows of a [`RecordsBuilder`]; later the bytes. Out: bytes, column by column; later the same rows.
//! Invariant: rows that went out and came back, whatever the cuts, give with [`RecordsBuilder::finish`] what they would have
//! given had they stayed: files, lines, keys, words and texts are kept exactly.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{RowKeys, TableBuilder};
use super::interner::Translation;
use super::{KindCounts, RecordsBuilder, Reject};
use crate::records::{Column, Counted, Records, Words};
use crate::schema::{FieldId, KindId};
use crate::types::Type;
use crate::value::Symbol;
use words::{Reader, put_column, put_numbers, put_text};

/// Bytes that are no rows of this schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not rows of this schema")]
pub struct DamagedRows;

/// What is to be remembered from one [`RecordsBuilder::encode`] to the next, so that symbols are numbered in no time.
#[derive(Debug, Clone, Default)]
pub struct Encoder {
    /// By symbol: the round in which it was numbered, and its number there.
    numbered: Vec<(u32, u32)>,
    round: u32,
    used: Vec<u32>,
}

impl Encoder {
    fn begin(&mut self, symbols: usize) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.numbered.clear();
            self.round = 1;
        }
        self.numbered.resize(self.numbered.len().max(symbols), (0, 0));
        self.used.clear();
    }

    fn number(&mut self, symbol: u32) -> u32 {
        let next = u32::try_from(self.used.len()).unwrap_or(u32::MAX);
        let Some(slot) = usize::try_from(symbol).ok().and_then(|at| self.numbered.get_mut(at)) else {
            return 0;
        };
        if slot.0 != self.round {
            *slot = (self.round, next);
            self.used.push(symbol);
        }
        slot.1
    }
}

impl<'s> RecordsBuilder<'s> {
    /// Takes out what has been read so far. Headers resolved before stay good, and the kinds stay supplied.
    #[must_use]
    pub fn take_read(&mut self) -> RecordsBuilder<'s> {
        let mut taken = self.part();
        let kept: BTreeMap<KindId, TableBuilder> =
            self.tables.iter().map(|(kind, table)| (*kind, table.without_rows())).collect();
        taken.files.clone_from(&self.files);
        taken.tables = core::mem::replace(&mut self.tables, kept);
        taken.interner = core::mem::take(&mut self.interner);
        taken.rejects = core::mem::take(&mut self.rejects);
        taken.counts = core::mem::take(&mut self.counts);
        self.recent.clear();
        taken
    }

    /// Rows held, by kind.
    pub fn held(&self) -> impl Iterator<Item = (KindId, usize)> {
        self.tables.iter().map(|(kind, table)| (*kind, table.rows))
    }

    /// Rows read, kept and rejected so far, by kind.
    pub fn counts(&self) -> &BTreeMap<KindId, KindCounts> {
        &self.counts
    }

    /// The rows so far of the kinds that nobody needs.
    pub fn counted(&self) -> &BTreeMap<KindId, Counted> {
        &self.counted
    }

    /// Takes over rows of a kind that nobody needs, counted elsewhere.
    pub fn add_counted(&mut self, kind: KindId, more: Counted) {
        self.supply(kind);
        self.counted.entry(kind).or_default().add(more);
    }

    /// Makes words of the keys that are held as texts: rows that leave say their keys by words.
    pub fn look_up_keys(&mut self) {
        for table in self.tables.values_mut() {
            table.keys.intern(|text| self.interner.intern(text));
        }
    }

    /// Takes the rejects out.
    pub fn take_rejects(&mut self) -> Vec<Reject> {
        core::mem::take(&mut self.rejects)
    }

    /// The key of a row as read; repeated rows have the same.
    pub fn key_text(&self, kind: KindId, row: usize) -> &str {
        let key = self.tables.get(&kind).and_then(|table| table.keys.words().get(row));
        key.map_or("", |key| self.interner.text(*key))
    }

    /// The word of a cell.
    pub fn word(&self, kind: KindId, field: FieldId, row: usize) -> Option<i64> {
        self.tables.get(&kind)?.columns.get(usize::from(field.0))?.as_ref()?.get(row)
    }

    /// The text of a word of a text, code or reference.
    pub fn text_of(&self, word: i64) -> &str {
        u32::try_from(word).map_or("", |symbol| self.interner.text(symbol))
    }

    /// About how many bytes the rows take in memory.
    pub fn size(&self) -> usize {
        let tables = self.tables.values().map(TableBuilder::size).fold(0, usize::saturating_add);
        tables.saturating_add(self.interner.size())
    }

    /// Writes some rows of a kind as bytes. Without rows the columns there are are written.
    pub fn encode(&self, (kind, rows): (KindId, &[usize]), encoder: &mut Encoder, out: &mut Vec<u8>) {
        let Some(table) = self.tables.get(&kind) else { return };
        encoder.begin(self.interner.len());
        out.extend_from_slice(&kind.0.to_le_bytes());
        let places: Vec<(usize, u64)> = rows.iter().map(|row| table.place(*row)).collect();
        self.encode_places(&places, out);
        let key = |row: &usize| table.keys.words().get(*row).map_or(0, |key| i64::from(encoder.number(*key)));
        let keys: Vec<i64> = rows.iter().map(key).collect();
        put_numbers(&keys, out);
        put_numbers(&[i64::try_from(table.columns.len()).unwrap_or(0)], out);
        for column in &table.columns {
            put_column(column.as_ref(), rows, encoder, out);
        }
        let texts: Vec<&str> = encoder.used.iter().map(|symbol| self.interner.text(*symbol)).collect();
        put_text(&texts, out);
    }

    fn encode_places(&self, places: &[(usize, u64)], out: &mut Vec<u8>) {
        let mut names: Vec<&str> = Vec::new();
        let mut last = None;
        let mut numbers = Vec::with_capacity(places.len());
        for (file, _) in places {
            if last != Some(*file) {
                names.push(self.files.get(*file).map_or("", String::as_str));
                last = Some(*file);
            }
            numbers.push(i64::try_from(names.len()).unwrap_or(1).saturating_sub(1));
        }
        put_text(&names, out);
        put_numbers(&numbers, out);
        let lines: Vec<i64> =
            places.iter().map(|(_, line)| i64::try_from(*line).unwrap_or(i64::MAX)).collect();
        put_numbers(&lines, out);
    }

    /// Takes rows back from bytes, those that `keep` says (all where it says nothing of a row).
    ///
    /// ```
    /// use jihe_model::ingest::{Cell, Encoder, RecordsBuilder};
    /// let schema = jihe_model::kinds::base_schema();
    /// let visit = schema.find_kind("visit").unwrap();
    /// let mut all = RecordsBuilder::new(&schema);
    /// let header = all.header(visit, "visit.csv", &["visit_id", "person"]).unwrap();
    /// for (line, row) in (2..).zip([["V1", "P1"], ["V2", "P2"], ["V1", "P1"]]) {
    ///     all.push_row(&header, line, |column| Cell::Text(row[column]));
    /// }
    /// let mut bytes = Vec::new();
    /// all.encode((visit, &[0, 2]), &mut Encoder::default(), &mut bytes);
    /// let mut some = RecordsBuilder::new(&schema);
    /// some.decode(&bytes, &[]).unwrap();
    /// let read = some.finish();
    /// assert_eq!((read.records.tables[&visit].rows, read.counts[&visit].repeated), (2, 1));
    /// ```
    ///
    /// # Errors
    /// The bytes are not what [`RecordsBuilder::encode`] wrote for this schema; nothing is taken then.
    pub fn decode(&mut self, bytes: &[u8], keep: &[bool]) -> Result<(), DamagedRows> {
        let mut reader = Reader::new(bytes);
        let kind = KindId(reader.small()?);
        let declared = self.schema.kind(kind).ok_or(DamagedRows)?;
        let types: Vec<Type> = declared.fields.iter().map(|field| field.ty).collect();
        let names = reader.texts()?;
        let files = reader.numbers()?;
        let lines = reader.numbers()?;
        let keys = reader.numbers()?;
        let width = reader.numbers()?.first().copied().and_then(|width| usize::try_from(width).ok());
        if width != Some(types.len()) || files.len() != keys.len() || lines.len() != keys.len() {
            return Err(DamagedRows);
        }
        let rows = keys.len();
        let mut columns = Vec::with_capacity(types.len());
        for ty in &types {
            columns.push(reader.column(*ty, rows)?);
        }
        let texts = reader.texts()?;
        let part = self.part_of((kind, names.as_slice()), (&files, &lines, &keys), (columns, &texts))?;
        let symbols: Vec<u32> = texts.iter().map(|text| self.interner.intern(text)).collect();
        let mut part = part;
        if keep.contains(&false) {
            let keep: Vec<bool> = (0..rows).map(|row| keep.get(row).copied().unwrap_or(true)).collect();
            part.retain_with_places(&keep);
        }
        part.translate(&Translation::of(symbols));
        let numbers: Vec<usize> =
            names.iter().map(|name| super::draft::file_number(&mut self.files, (*name).to_owned())).collect();
        let file = |local: usize| numbers.get(local).copied().unwrap_or(usize::MAX);
        let more = u64::try_from(part.rows).unwrap_or(u64::MAX);
        let counts = self.counts.entry(kind).or_default();
        counts.read = counts.read.saturating_add(more);
        let table = self.tables.entry(kind).or_insert_with(|| TableBuilder::new(types.len(), false));
        table.append(part, &types, file);
        Ok(())
    }

    /// A table of rows whose symbols and files are numbered by themselves, checked.
    fn part_of(
        &self,
        (kind, names): (KindId, &[&str]),
        (files, lines, keys): (&[i64], &[i64], &[i64]),
        (columns, texts): (Vec<Option<Column>>, &[&str]),
    ) -> Result<TableBuilder, DamagedRows> {
        let within = |number: &i64, count: usize| usize::try_from(*number).is_ok_and(|at| at < count);
        let good = self.schema.kind(kind).is_some()
            && files.iter().all(|file| within(file, names.len()))
            && keys.iter().all(|key| within(key, texts.len()));
        if !good {
            return Err(DamagedRows);
        }
        let mut table = TableBuilder::new(columns.len(), false);
        let mut last = None;
        for (row, file) in files.iter().enumerate() {
            if last != Some(*file) {
                table.start_file_at(row, usize::try_from(*file).unwrap_or(usize::MAX));
                last = Some(*file);
            }
        }
        table.columns = columns;
        let keys = keys.iter().map(|key| u32::try_from(*key).unwrap_or(0)).collect();
        table.extend_keys(RowKeys::Symbols(keys), lines.iter().map(|line| u64::try_from(*line).unwrap_or(0)));
        Ok(table)
    }

    /// Takes over finished records, those kinds and fields that are wanted: their keys are settled and stay as they are.
    pub fn adopt(&mut self, records: &Records, wanted: &BTreeMap<KindId, BTreeSet<FieldId>>) {
        let is_wanted =
            |kind: KindId, field: FieldId| wanted.get(&kind).is_some_and(|fields| fields.contains(&field));
        let tables = || records.tables.iter().filter(|(kind, _)| wanted.contains_key(kind));
        let mut symbols = vec![u32::MAX; records.symbols.len()];
        for (kind, table) in tables() {
            let columns = (0u16..).map(FieldId).zip(&table.columns);
            let used = columns.filter(|(field, _)| is_wanted(*kind, *field));
            let words = used.filter_map(|(_, column)| symbols_of(column.as_ref()?));
            for symbol in words.flatten().chain(&table.keys) {
                let slot = usize::try_from(*symbol).ok().and_then(|at| symbols.get_mut(at));
                let mut intern = || self.interner.intern(records.symbols.text(Symbol(*symbol)));
                slot.filter(|slot| **slot == u32::MAX).into_iter().for_each(|slot| *slot = intern());
            }
        }
        // What no wanted column names stands in no row.
        symbols.iter_mut().filter(|symbol| **symbol == u32::MAX).for_each(|symbol| *symbol = 0);
        let translation = Translation::of(symbols);
        for (kind, table) in tables() {
            let Some(declared) = self.schema.kind(*kind) else { continue };
            let types: Vec<Type> = declared.fields.iter().map(|field| field.ty).collect();
            let columns = (0u16..).map(FieldId).zip(&table.columns);
            let columns = columns
                .map(|(field, column)| if is_wanted(*kind, field) { column.clone() } else { None })
                .collect();
            let mut part = TableBuilder::new(types.len(), false);
            part.columns = columns;
            part.extend_keys(RowKeys::Symbols(table.keys.clone()), std::iter::repeat_n(0, table.rows));
            part.translate(&translation);
            let ours = self.tables.entry(*kind).or_insert_with(|| TableBuilder::new(types.len(), false));
            ours.append(part, &types, |file| file);
        }
    }
}

fn symbols_of(column: &Column) -> Option<&[u32]> {
    match &column.words {
        Words::Symbols(words) => Some(words),
        Words::Bits(_) | Words::Days(_) | Words::Wide(_) => None,
    }
}
