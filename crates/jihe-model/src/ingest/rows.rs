//! Rows one by one.
//!
//! In: the cells of a row. Out: a row of its kind's table, or a reject.
//! Invariant: a row is kept whole, or rejected for the first of its faults in the order of the fields.

use jihe_diagnostics::Text;

use super::columns::RowKey;
use super::header::Planned;
use super::{Cell, Fault, Header, RecordsBuilder, cell_text, day_of_word, is_missing, set};
use crate::calendar::NO_END;
use crate::cell::{CellError, parse_word};
use crate::display::{push_escaped, push_key_text};
use crate::records::Counted;
use crate::schema::FieldId;
use crate::symbols::Symbols;
use crate::types::Type;
use crate::value::Instant;

impl RecordsBuilder<'_> {
    /// Takes a row, or rejects it with its reason; whether it was taken so far.
    pub fn push_row<'a>(&mut self, header: &Header, line: u64, cell: impl Fn(usize) -> Cell<'a>) -> bool {
        let counts = self.counts.entry(header.kind).or_default();
        counts.read = counts.read.saturating_add(1);
        match self.read_row(header, cell) {
            Ok(()) => {
                self.keep_row(header, line);
                true
            }
            Err(fault) => {
                self.reject(header, line, fault);
                false
            }
        }
    }

    /// Puts the row just read into its table, or counts it.
    fn keep_row(&mut self, header: &Header, line: u64) {
        if let Some(clock) = &header.counted {
            let word = |field: &FieldId| self.row.get(usize::from(field.0)).copied().flatten();
            let day = clock.iter().find_map(|(field, ty)| Some(day_of_word(*ty, word(field)?)));
            let days = day.map(|day| (day, day));
            self.counted.entry(header.kind).or_default().add(Counted { rows: 1, days });
            return;
        }
        let as_text = header.key_text.is_some();
        let holds_texts = self.tables.get(&header.kind).is_some_and(|table| table.keys.is_texts());
        if as_text && holds_texts {
            if let Some(table) = self.tables.get_mut(&header.kind) {
                table.push(&self.row, RowKey::Text(&self.key), (header.file, line));
            }
            return;
        }
        let key = if as_text { self.interner.intern(&self.key) } else { self.read_key(header) };
        if let Some(table) = self.tables.get_mut(&header.kind) {
            table.keys.intern(|text| self.interner.intern(text));
            table.push(&self.row, RowKey::Symbol(key), (header.file, line));
        }
    }

    /// Reads all cells into `self.row`, and a key that is held as a text into `self.key`.
    fn read_row<'a>(&mut self, header: &Header, cell: impl Fn(usize) -> Cell<'a>) -> Result<(), Fault> {
        self.row.clear();
        self.row.resize(header.width, None);
        if let Some(planned) = &header.key_text {
            self.read_key_text(planned, &cell)?;
        }
        for planned in &header.plan {
            let (at, found) = planned.first_value(&cell);
            if let Some(symbol) = self.repeated(planned, found) {
                set(&mut self.row, planned.field, Some(symbol));
                continue;
            }
            let word = self.read_next(planned, found).map_err(|error| planned.fault(at, (found, error)))?;
            if word.is_none() && planned.required {
                return Err(planned.missing());
            }
            self.remember(planned, word);
            set(&mut self.row, planned.field, word);
        }
        Ok(())
    }

    fn read_key_text<'a>(
        &mut self,
        planned: &Planned,
        cell: impl Fn(usize) -> Cell<'a>,
    ) -> Result<(), Fault> {
        let (at, found) = planned.first_value(&cell);
        match found {
            Cell::Missing => Err(planned.missing()),
            Cell::Text(text) if is_missing(text.trim()) => Err(planned.missing()),
            Cell::Unreadable => Err(planned.fault(at, (found, CellError::NotText))),
            Cell::Word(_) => Err(planned.fault(at, (found, CellError::NoCell))),
            Cell::Text(text) => {
                self.key.clear();
                self.key.push_str(text.trim());
                Ok(())
            }
        }
    }

    /// The word of a cell of a field, of which the row before may tell where to find it.
    fn read_next(&mut self, planned: &Planned, cell: Cell<'_>) -> Result<Option<i64>, CellError> {
        let before = self.recent.get(usize::from(planned.field.0)).copied();
        match cell {
            Cell::Text(text) => self.read_text_after(planned.ty, text, before.map(i64::from)),
            Cell::Missing | Cell::Word(_) | Cell::Unreadable => self.read_cell(planned.ty, cell),
        }
    }

    /// The word of the row before, if the text is the same.
    fn repeated(&self, planned: &Planned, cell: Cell<'_>) -> Option<i64> {
        let Cell::Text(text) = cell else { return None };
        let word = self.recent.get(usize::from(planned.field.0)).filter(|_| planned.ty.is_symbol())?;
        (!text.is_empty() && self.interner.text(*word) == text).then_some(i64::from(*word))
    }

    fn remember(&mut self, planned: &Planned, word: Option<i64>) {
        let word = word.filter(|_| planned.ty.is_symbol()).and_then(|word| u32::try_from(word).ok());
        let at = usize::from(planned.field.0);
        if let Some(word) = word {
            if self.recent.len() <= at {
                self.recent.resize(at.saturating_add(1), u32::MAX);
            }
            set(&mut self.recent, planned.field, word);
        }
    }

    /// A key of one field is its text; a composite key joins its parts (contract 2).
    fn read_key(&mut self, header: &Header) -> u32 {
        let word = |row: &[Option<i64>], field: FieldId| row.get(usize::from(field.0)).copied().flatten();
        if let [(field, Type::Text)] = header.key.as_slice()
            && let Some(symbol) = word(&self.row, *field).and_then(|word| u32::try_from(word).ok())
        {
            return symbol;
        }
        let row = core::mem::take(&mut self.row);
        let key = self.joined_key(header.key.iter().map(|(field, ty)| (word(&row, *field), *ty)));
        self.row = row;
        key
    }

    /// The word of a key put together from the words of its fields.
    pub(super) fn joined_key(&mut self, parts: impl Iterator<Item = (Option<i64>, Type)>) -> u32 {
        let none = Symbols::new();
        self.key.clear();
        for (at, (word, ty)) in parts.enumerate() {
            if at > 0 {
                self.key.push('|');
            }
            match word {
                Some(word) if ty.is_symbol() => {
                    let text = u32::try_from(word).map_or("", |word| self.interner.text(word));
                    push_escaped(&mut self.key, text);
                }
                Some(word) => push_key_text(&mut self.key, word, ty, &none),
                None => {}
            }
        }
        self.interner.intern(&self.key)
    }

    pub(super) fn read_cell(&mut self, ty: Type, cell: Cell<'_>) -> Result<Option<i64>, CellError> {
        let text = match cell {
            Cell::Missing => return Ok(None),
            Cell::Word(word) => return if ty.is_symbol() { Err(CellError::NoCell) } else { Ok(Some(word)) },
            Cell::Unreadable => return Err(CellError::NotText),
            Cell::Text(text) => text.trim(),
        };
        if is_missing(text) {
            return Ok(None);
        }
        if ty.is_symbol() {
            return Ok(Some(self.read_symbol(ty, text)));
        }
        let word = parse_word(ty, text)?;
        let endless =
            (ty == Type::Date && word >= NO_END) || (ty == Type::Instant && Instant(word).day() >= NO_END);
        Ok(if endless { None } else { Some(word) })
    }

    /// A code may be given by its Chinese name. Names start beyond ASCII, so plain codes are not looked up.
    fn read_symbol(&mut self, ty: Type, text: &str) -> i64 {
        if let Type::Code(system) = ty
            && !text.is_ascii()
            && let Some(code) = self.code_of(system, text).map(str::to_owned)
        {
            return i64::from(self.interner.intern(&code));
        }
        i64::from(self.interner.intern(text))
    }
}

impl Planned {
    fn fault(&self, at: usize, (cell, error): (Cell<'_>, CellError)) -> Fault {
        Fault {
            column: self.columns.get(at).map(|(_, name)| name.clone()),
            value: cell_text(cell),
            reason: error.text(),
        }
    }

    /// A row without its key.
    pub(super) fn missing(&self) -> Fault {
        Fault {
            column: self.columns.first().map(|(_, name)| name.clone()),
            value: String::new(),
            reason: Text::new("缺少主键", "the key is missing"),
        }
    }
}
