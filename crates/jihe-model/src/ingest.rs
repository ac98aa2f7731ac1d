//! Turns rows of text or typed cells into [`Records`].
//!
//! In: headers and rows, in any order, from any number of files. Out: [`Ingested`]: records, rejects and counts.
//! Invariant: the records depend on the rows, not on their order; a row is kept whole, or rejected with its place and reason.

mod apart;
mod columnar;
mod columns;
mod draft;
mod duplicates;
mod header;
mod inherit;
mod json;
mod rename;

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

pub use apart::{DamagedRows, Encoder};
pub use columnar::{Batch, CellFault, FieldColumn, FieldSource};
pub use draft::Draft;
pub use header::{Header, HeaderError, UnknownColumn};
pub use jihe_diagnostics::Text;
pub(crate) use json::refuse_unknown_fields;
pub use json::{ClaimError, claims_from_json};
pub use rename::{RenamePair, Renamed, rename, rename_misfit};

use crate::calendar::NO_END;
use crate::cell::{CellError, parse_word};
use crate::display::push_key_text;
use crate::records::{Records, RunDates};
use crate::schema::{FieldId, KindId, Schema, SystemId};
use crate::types::Type;
use crate::value::{Instant, Symbol, Symbols};
use columns::TableBuilder;
use header::Planned;

/// One cell as a reader has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell<'a> {
    /// No value.
    Missing,
    /// A text, still to be read by the field's type. Empty, `NULL` and `\N` are missing.
    Text(&'a str),
    /// The word of the field's type ([`crate::value::Value`]); not for symbol types.
    Word(i64),
    /// Bytes that are no UTF-8: the row is rejected.
    Unreadable,
}

/// A row that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// English name of the kind.
    pub kind: String,
    /// The file, as the reader named it.
    pub file: String,
    /// Its line or row number, as the reader counts.
    pub line: u64,
    /// The column at fault, as the file names it; none when it is the whole row.
    pub column: Option<String>,
    /// What stood there.
    pub value: String,
    /// Why it cannot be taken.
    pub reason: Text,
}

/// What became of the rows of a kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// Rows read.
    pub read: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows kept that repeat another row in full (numbered `#2`, `#3`).
    pub repeated: u64,
}

/// What reading gives.
#[derive(Debug, Clone, Default)]
pub struct Ingested {
    /// The records.
    pub records: Records,
    /// The rows not taken: as they came, then those found out at the end.
    pub rejects: Vec<Reject>,
    /// Counts by kind.
    pub counts: BTreeMap<KindId, KindCounts>,
}

/// Collects rows kind by kind.
///
/// ```
/// use jihe_model::ingest::{Cell, RecordsBuilder};
/// use jihe_model::kinds::base_schema;
/// let schema = base_schema();
/// let mut builder = RecordsBuilder::new(&schema);
/// let visit = schema.find_kind("visit").unwrap();
/// let header = builder.header(visit, "visit.csv", &["就诊号", "psn_no", "time"]).unwrap();
/// let row = ["V1", "P1", "2024-03-01 08:30"];
/// assert!(builder.push_row(&header, 2, |column| Cell::Text(row[column])));
/// let read = builder.finish();
/// assert_eq!(read.records.tables[&visit].rows, 1);
/// assert!(read.rejects.is_empty());
/// ```
#[derive(Debug)]
pub struct RecordsBuilder<'s> {
    schema: &'s Schema,
    symbols: Symbols,
    tables: BTreeMap<KindId, TableBuilder>,
    files: Vec<String>,
    rejects: Vec<Reject>,
    counts: BTreeMap<KindId, KindCounts>,
    names: Arc<CodeNames>,
    row: Vec<Option<i64>>,
    key: String,
    /// By field, the symbol of the row before: sorted files repeat themselves.
    recent: Vec<Symbol>,
}

impl<'s> RecordsBuilder<'s> {
    /// Empty: no kind is supplied yet.
    pub fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            symbols: Symbols::new(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            rejects: Vec::new(),
            counts: BTreeMap::new(),
            names: Arc::new(code_names(schema)),
            row: Vec::new(),
            key: String::new(),
            recent: Vec::new(),
        }
    }

    /// Says that a kind is supplied, if only with no rows. A view such as 原始明细 is supplied as its origin.
    pub fn supply(&mut self, kind: KindId) {
        if let Some(declared) = self.schema.kind(kind) {
            let origin = declared.raw_of.unwrap_or(kind);
            let width = declared.fields.len();
            self.tables.entry(origin).or_insert_with(|| TableBuilder::new(width));
            self.counts.entry(origin).or_default();
        }
    }

    /// Says that every kind is supplied, as in a test block.
    pub fn supply_all(&mut self) {
        for kind in (0u16..).map(KindId).take(self.schema.kinds.len()) {
            self.supply(kind);
        }
    }

    /// Resolves the columns of a file under any of their names, and supplies the kind.
    ///
    /// # Errors
    /// When the kind is unknown, or no column holds the first field of its key.
    pub fn header(&mut self, kind: KindId, file: &str, columns: &[&str]) -> Result<Header, HeaderError> {
        let last = self.files.last().is_some_and(|last| last == file);
        let number = self.files.len().saturating_sub(usize::from(last));
        let header = header::resolve(self.schema, kind, number, columns)?;
        self.supply(header.kind);
        if !last {
            self.files.push(file.to_owned());
        }
        if let Some(table) = self.tables.get_mut(&header.kind) {
            table.start_file(header.file);
            for planned in &header.plan {
                table.activate(planned.field, planned.ty);
            }
        }
        Ok(header)
    }

    /// Takes a row, or rejects it with its reason; whether it was taken so far.
    pub fn push_row<'a>(&mut self, header: &Header, line: u64, cell: impl Fn(usize) -> Cell<'a>) -> bool {
        let counts = self.counts.entry(header.kind).or_default();
        counts.read = counts.read.saturating_add(1);
        match self.read_row(header, cell) {
            Ok(()) => {
                let key = self.read_key(header);
                if let Some(table) = self.tables.get_mut(&header.kind) {
                    table.push(&self.row, key, (header.file, line));
                }
                true
            }
            Err(fault) => {
                self.reject(header, line, fault);
                false
            }
        }
    }

    /// Rejects a row that the reader itself could not take apart.
    ///
    /// `reason` is Chinese and English.
    pub fn refuse_row(&mut self, header: &Header, (line, value): (u64, &str), reason: (&str, &str)) {
        let counts = self.counts.entry(header.kind).or_default();
        counts.read = counts.read.saturating_add(1);
        let reason = Text::new(reason.0, reason.1);
        self.reject(header, line, Fault { column: None, value: value.to_owned(), reason });
    }

    /// Takes a record written in a rule file: its label is its key.
    ///
    /// Values are words of their fields' types, or texts for symbol types.
    pub fn push_literals(&mut self, kind: KindId, label: &str, values: &[(FieldId, Cell<'_>)]) {
        let Some(declared) = self.schema.kind(kind) else { return };
        let kind = declared.raw_of.unwrap_or(kind);
        self.supply(kind);
        self.row.clear();
        self.row.resize(declared.fields.len(), None);
        if let [key] = declared.key.as_slice() {
            set(&mut self.row, *key, Some(i64::from(self.symbols.intern(label).0)));
        }
        for (field, cell) in values {
            let Some(of) = declared.fields.get(usize::from(field.0)) else { continue };
            let word = self.read_cell(of.ty, *cell).ok().flatten();
            set(&mut self.row, *field, word);
        }
        let key = self.symbols.intern(label).0;
        let counts = self.counts.entry(kind).or_default();
        counts.read = counts.read.saturating_add(1);
        if let Some(table) = self.tables.get_mut(&kind) {
            for (at, field) in (0u16..).zip(&declared.fields) {
                table.activate(FieldId(at), field.ty);
            }
            table.push(&self.row, key, (usize::MAX, 0));
        }
    }

    /// Numbers repeated rows, rejects contradicting ones, and hands over what was read.
    pub fn finish(mut self) -> Ingested {
        let mut tables = BTreeMap::new();
        for (kind, mut table) in core::mem::take(&mut self.tables) {
            let Some(declared) = self.schema.kind(kind) else { continue };
            let settled = duplicates::settle(&mut table, declared, &mut self.symbols);
            let counts = self.counts.entry(kind).or_default();
            counts.repeated = settled.repeated;
            for (file, line, key) in settled.rejected {
                counts.rejected = counts.rejected.saturating_add(1);
                self.rejects.push(Reject {
                    kind: declared.en.clone(),
                    file: self.files.get(file).cloned().unwrap_or_default(),
                    line,
                    column: None,
                    value: key,
                    reason: Text::new("主键重复而内容不同", "same key as another row, but other content"),
                });
            }
            counts.kept = u64::try_from(table.rows).unwrap_or(u64::MAX);
            tables.insert(kind, table.finish());
        }
        let mut records = Records { symbols: self.symbols, tables, run: RunDates::default() };
        inherit::fill(self.schema, &mut records);
        Ingested { records, rejects: self.rejects, counts: self.counts }
    }

    fn reject(&mut self, header: &Header, line: u64, fault: Fault) {
        let counts = self.counts.entry(header.kind).or_default();
        counts.rejected = counts.rejected.saturating_add(1);
        self.rejects.push(Reject {
            kind: self.schema.kind(header.kind).map(|kind| kind.en.clone()).unwrap_or_default(),
            file: self.files.get(header.file).cloned().unwrap_or_default(),
            line,
            column: fault.column,
            value: fault.value,
            reason: fault.reason,
        });
    }

    /// Reads all cells into `self.row`.
    fn read_row<'a>(&mut self, header: &Header, cell: impl Fn(usize) -> Cell<'a>) -> Result<(), Fault> {
        self.row.clear();
        self.row.resize(header.width, None);
        for planned in &header.plan {
            let (at, found) = planned.first_value(&cell);
            if let Some(symbol) = self.repeated(planned, found) {
                set(&mut self.row, planned.field, Some(symbol));
                continue;
            }
            let word = self.read_cell(planned.ty, found).map_err(|error| Fault {
                column: planned.columns.get(at).map(|(_, name)| name.clone()),
                value: cell_text(found),
                reason: error.text(),
            })?;
            if word.is_none() && planned.required {
                return Err(Fault {
                    column: planned.columns.first().map(|(_, name)| name.clone()),
                    value: String::new(),
                    reason: Text::new("缺少主键", "the key is missing"),
                });
            }
            self.remember(planned, word);
            set(&mut self.row, planned.field, word);
        }
        Ok(())
    }

    /// The symbol of the row before, if the text is the same.
    fn repeated(&self, planned: &Planned, cell: Cell<'_>) -> Option<i64> {
        let Cell::Text(text) = cell else { return None };
        let symbol = self.recent.get(usize::from(planned.field.0)).filter(|_| planned.ty.is_symbol())?;
        (!text.is_empty() && self.symbols.text(*symbol) == text).then_some(i64::from(symbol.0))
    }

    fn remember(&mut self, planned: &Planned, word: Option<i64>) {
        let symbol = word.filter(|_| planned.ty.is_symbol()).and_then(|word| u32::try_from(word).ok());
        let at = usize::from(planned.field.0);
        if let Some(symbol) = symbol {
            if self.recent.len() <= at {
                self.recent.resize(at.saturating_add(1), Symbol(u32::MAX));
            }
            set(&mut self.recent, planned.field, Symbol(symbol));
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
        self.key.clear();
        for (at, (field, ty)) in header.key.iter().enumerate() {
            if at > 0 {
                self.key.push('|');
            }
            if let Some(word) = word(&self.row, *field) {
                push_key_text(&mut self.key, word, *ty, &self.symbols);
            }
        }
        self.symbols.intern(&self.key).0
    }

    fn read_cell(&mut self, ty: Type, cell: Cell<'_>) -> Result<Option<i64>, CellError> {
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
            && let Some(code) = self.names.get(&system).and_then(|names| names.get(text))
        {
            return i64::from(self.symbols.intern(code).0);
        }
        i64::from(self.symbols.intern(text).0)
    }
}

/// Why a row cannot be taken, before its place is known.
#[derive(Debug)]
struct Fault {
    column: Option<String>,
    value: String,
    reason: Text,
}

fn set<T>(items: &mut [T], field: FieldId, item: T) {
    if let Some(slot) = items.get_mut(usize::from(field.0)) {
        *slot = item;
    }
}

fn is_missing(text: &str) -> bool {
    matches!(text, "" | "NULL" | "null" | "\\N")
}

fn cell_text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Missing | Cell::Unreadable => String::new(),
        Cell::Text(text) => text.to_owned(),
        Cell::Word(word) => word.to_string(),
    }
}

/// Codes by name, system by system.
type CodeNames = BTreeMap<SystemId, HashMap<String, String>>;

/// The code of each name that belongs to one code only and is no code itself.
fn code_names(schema: &Schema) -> CodeNames {
    let mut all = BTreeMap::new();
    for (at, system) in (0u16..).zip(&schema.systems) {
        let mut names: HashMap<String, String> = HashMap::new();
        for (code, name) in &system.values {
            let is_code = system.values.iter().any(|(other, _)| other == name);
            let ambiguous = system.values.iter().any(|(other, same)| same == name && other != code);
            if !is_code && !ambiguous {
                names.insert(name.clone(), code.clone());
            }
        }
        all.insert(SystemId(at), names);
    }
    all
}

#[cfg(test)]
mod tests;
