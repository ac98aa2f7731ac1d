//! Turns rows of text or typed cells into [`Records`].
//!
//! In: headers and rows, in any order, from any number of files. Out: [`Ingested`]: records, rejects and counts.
//! Invariant: the records depend on the rows, not on their order; a row is kept whole, or rejected with its place and reason.

mod apart;
mod columnar;
mod columns;
mod draft;
mod duplicates;
mod finish;
mod header;
mod inherit;
mod interner;
mod json;
mod needs;
mod rename;
mod rows;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use hashbrown::HashMap;

pub use apart::{DamagedRows, Encoder};
pub use columnar::{Batch, CellFault, FieldColumn, FieldSource, KeyColumn};
pub use draft::{Draft, TextsTaken};
pub use header::{Header, HeaderError, UnknownColumn};
pub use jihe_diagnostics::Text;
pub(crate) use json::refuse_unknown_fields;
pub use json::{ClaimError, claims_from_json, claims_from_json_text, find_kind};
pub use needs::{NeededKind, Needs};
pub use rename::{RenamePair, Renamed, rename, rename_misfit};

use crate::records::{Counted, Records};
use crate::schema::{CodeSystem, FieldId, KindId, Schema, SystemId};
use crate::types::Type;
use crate::value::Instant;
use columns::{RowKey, TableBuilder};
use interner::Interner;

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
    /// Kinds that were read in part ([`Needs`]) and in which rows share a key: whether they are equal in full only all of
    /// their fields can say, so the kind is to be read again ([`Needs::and_whole`]). Empty where everything was read.
    pub read_again: Vec<KindId>,
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
    interner: Interner,
    tables: BTreeMap<KindId, TableBuilder>,
    files: Vec<String>,
    rejects: Vec<Reject>,
    counts: BTreeMap<KindId, KindCounts>,
    counted: BTreeMap<KindId, Counted>,
    needs: Arc<Needs>,
    names: Arc<CodeNames>,
    row: Vec<Option<i64>>,
    key: String,
    /// By field, the word of the row before: sorted files repeat themselves.
    recent: Vec<u32>,
}

impl<'s> RecordsBuilder<'s> {
    /// Empty: no kind is supplied yet.
    pub fn new(schema: &'s Schema) -> Self {
        Self {
            schema,
            interner: Interner::default(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            rejects: Vec::new(),
            counts: BTreeMap::new(),
            counted: BTreeMap::new(),
            needs: Arc::default(),
            names: Arc::new(schema.systems.iter().map(|_| OnceLock::new()).collect()),
            row: Vec::new(),
            key: String::new(),
            recent: Vec::new(),
        }
    }

    /// Reads only what is needed; to be said before the first file.
    ///
    /// ```
    /// use jihe_model::ingest::{Cell, NeededKind, Needs, RecordsBuilder};
    /// use jihe_model::kinds::base_schema;
    /// let schema = base_schema();
    /// let [visit, stock] = ["visit", "stock"].map(|kind| schema.find_kind(kind).unwrap());
    /// let time = schema.kind(visit).unwrap().find_field("time").unwrap();
    /// let needed = NeededKind { fields: [time].into(), keys_shown: true };
    /// let mut builder = RecordsBuilder::new(&schema).reading(Needs::only([(visit, needed)].into()));
    /// let header = builder.header(visit, "visit.csv", &["visit_id", "person", "time"]).unwrap();
    /// let row = ["V1", "P1", "2024-03-01"];
    /// assert!(builder.push_row(&header, 2, |column| Cell::Text(row[column])));
    /// let columns = ["institution", "item_code", "stock_type", "date", "lot", "document"];
    /// let header = builder.header(stock, "stock.csv", &columns).unwrap();
    /// let row = ["H1", "C1", "入库", "2024-03-01", "", "D1"];
    /// assert!(builder.push_row(&header, 2, |column| Cell::Text(row[column])));
    /// let records = builder.finish().records;
    /// assert!(records.tables[&visit].column(time).is_some());
    /// assert_eq!(records.tables[&visit].columns.iter().flatten().count(), 1);
    /// assert_eq!(records.counted[&stock].rows, 1);
    /// ```
    #[must_use]
    pub fn reading(self, needs: Needs) -> Self {
        Self { needs: Arc::new(needs), ..self }
    }

    /// Says that a kind is supplied, if only with no rows. A view such as 原始明细 is supplied as its origin.
    pub fn supply(&mut self, kind: KindId) {
        if let Some(declared) = self.schema.kind(kind) {
            let origin = declared.raw_of.unwrap_or(kind);
            let width = declared.fields.len();
            let needs = &self.needs;
            let table = || TableBuilder::new(width, needs.keys_as_texts(origin, declared));
            self.tables.entry(origin).or_insert_with(table);
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
        let header = header::resolve(self.schema, kind, (number, &self.needs), columns)?;
        self.supply(header.kind);
        if !last {
            self.files.push(file.to_owned());
        }
        if let Some(table) = self.tables.get_mut(&header.kind).filter(|_| header.counted.is_none()) {
            table.start_file(header.file);
            for planned in &header.plan {
                table.activate(planned.field, planned.ty);
            }
        }
        Ok(header)
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
            set(&mut self.row, *key, Some(i64::from(self.interner.intern(label))));
        }
        for (field, cell) in values {
            let Some(of) = declared.fields.get(usize::from(field.0)) else { continue };
            let word = self.read_cell(of.ty, *cell).ok().flatten();
            set(&mut self.row, *field, word);
        }
        let key = self.interner.intern(label);
        let counts = self.counts.entry(kind).or_default();
        counts.read = counts.read.saturating_add(1);
        if let Some(table) = self.tables.get_mut(&kind) {
            for (at, field) in (0u16..).zip(&declared.fields) {
                table.activate(FieldId(at), field.ty);
            }
            table.keys.intern(|text| self.interner.intern(text));
            table.push(&self.row, RowKey::Symbol(key), (usize::MAX, 0));
        }
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

impl RecordsBuilder<'_> {
    /// The code that a name stands for.
    fn code_of(&self, system: SystemId, name: &str) -> Option<&str> {
        let names = self.names.get(usize::from(system.0))?;
        names
            .get_or_init(|| self.schema.system(system).map(code_names).unwrap_or_default())
            .get(name)
            .map(String::as_str)
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

/// The day of a word of a clock.
fn day_of_word(ty: Type, word: i64) -> i64 {
    if ty == Type::Date { word } else { Instant(word).day() }
}

/// Codes by name, system by system; made when a cell first asks for one.
type CodeNames = Vec<OnceLock<HashMap<String, String>>>;

/// The code of each name that belongs to one code only and is no code itself.
fn code_names(system: &CodeSystem) -> HashMap<String, String> {
    let is_code = |name: &String| system.values.iter().any(|(code, _)| code == name);
    let ambiguous = |code: &String, name: &String| {
        system.values.iter().any(|(other, same)| same == name && other != code)
    };
    let clear = system.values.iter().filter(|(code, name)| !is_code(name) && !ambiguous(code, name));
    clear.map(|(code, name)| (name.clone(), code.clone())).collect()
}

#[cfg(test)]
mod tests;
