//! Rows into records, a portion at a time.
//!
//! In: rows of a file as batches, and what the file holds. Out: a [`Part`]: the records of the whole file, and its account.
//! Invariant: the part is the same for every number of threads; a file that breaks off gives no part.

#[cfg(feature = "threads")]
mod passing;
#[cfg(feature = "threads")]
mod several;

use super::account::ColumnRead;
use super::batch::{Batch, Row, Sheet};
use crate::error::Error;
use crate::mapping::{Bound, FileMap, Lookups, Mention, Merged, Value};
use crate::preflight::Tally;
use jihe::model::ingest::{Cell, Header, HeaderError, RecordsBuilder};
use jihe::model::schema::{FieldId, KindId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// A source of batches.
pub(crate) trait Rows {
    /// Fills an empty batch; false when nothing was left.
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error>;
}

/// What the rows of a file are.
#[derive(Debug, Clone)]
pub(crate) enum Content<'m> {
    /// Records of a kind, under the names of its fields.
    Kind(KindId),
    /// What a mapping says.
    Mapped(FileMap<'m>, &'m Lookups),
}

/// What a file holds.
#[derive(Debug, Clone)]
pub(crate) struct FilePlan<'s, 'm> {
    pub(crate) schema: &'s Schema,
    /// The name it goes by in rejects.
    pub(crate) file: String,
    pub(crate) content: Content<'m>,
    /// Columns that are the same in every row: the values of its folders.
    pub(crate) constants: Vec<(String, String)>,
}

/// What takes rows before their file is at an end.
pub(crate) type Sink<'f, 's> = dyn FnMut(RecordsBuilder<'s>) -> Result<(), Error> + 'f;

/// Where rows go: they stay until the file is read, or go on in portions.
pub(crate) struct Flow<'f, 's> {
    portion: usize,
    sink: Option<&'f mut Sink<'f, 's>>,
}

impl<'f, 's> Flow<'f, 's> {
    /// Rows stay.
    pub(crate) fn keep() -> Self {
        Self { portion: usize::MAX, sink: None }
    }

    /// Rows go on, about so many at a time.
    #[cfg(feature = "spill")]
    pub(crate) fn into_portions(portion: usize, sink: &'f mut Sink<'f, 's>) -> Self {
        Self { portion, sink: Some(sink) }
    }

    /// Whether rows stay.
    pub(crate) fn keeps(&self) -> bool {
        self.sink.is_none()
    }

    /// Lets the rows go on if there are enough of them.
    pub(crate) fn pass(&mut self, builder: &mut RecordsBuilder<'s>) -> Result<(), Error> {
        let Some(sink) = &mut self.sink else { return Ok(()) };
        let held = builder.held().map(|(_, rows)| rows).fold(0, usize::saturating_add);
        if held < self.portion { Ok(()) } else { sink(builder.take_read()) }
    }

    /// The last rows of a file: they go on, or to the others that were kept.
    pub(crate) fn end(
        &mut self,
        last: RecordsBuilder<'s>,
        kept: &mut RecordsBuilder<'s>,
    ) -> Result<(), Error> {
        if let Some(sink) = &mut self.sink {
            return sink(last);
        }
        kept.append(last);
        Ok(())
    }
}

/// Rows read apart from the others.
#[derive(Debug)]
pub(crate) struct Part<'s> {
    pub(crate) builder: RecordsBuilder<'s>,
    pub(crate) account: Account,
    pub(crate) merged: Merged,
    pub(crate) lookups: Lookups,
    pub(crate) tally: Tally,
}

/// What is to be told of a file's rows and columns.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<ColumnRead>,
    /// Columns left out, with what they may have meant.
    pub(crate) ignored: Vec<String>,
}

impl Account {
    fn append(&mut self, more: Account) {
        self.rows = self.rows.saturating_add(more.rows);
        // JSON lines may bring further names as they go.
        if more.columns.len() >= self.columns.len() {
            self.columns = more.columns;
            self.ignored = more.ignored;
        }
    }
}

impl<'s> Part<'s> {
    pub(crate) fn new(builder: RecordsBuilder<'s>) -> Self {
        Self {
            builder,
            account: Account::default(),
            merged: Merged::default(),
            lookups: Lookups::new(),
            tally: Tally::default(),
        }
    }

    /// Puts together what two threads have read of a file.
    #[cfg(feature = "threads")]
    fn append(&mut self, more: Part<'s>) {
        self.builder.append(more.builder);
        self.account.append(more.account);
        self.merged.append(more.merged);
        self.tally.append(more.tally);
        append_lookups(&mut self.lookups, more.lookups);
    }
}

/// Values to look up, put together; of several under one key the smallest stands.
pub(crate) fn append_lookups(ours: &mut Lookups, more: Lookups) {
    for (name, pairs) in more {
        let table = ours.entry(name).or_default();
        for (key, value) in pairs {
            look_up(table, key, value);
        }
    }
}

fn look_up(table: &mut BTreeMap<String, String>, key: String, value: String) {
    match table.get_mut(&key) {
        None => drop(table.insert(key, value)),
        Some(known) if *known > value => *known = value,
        Some(_) => {}
    }
}

impl<'s> FilePlan<'s, '_> {
    /// Takes the rows of a batch.
    fn take(&self, part: &mut Part<'s>, batch: &Batch) -> Result<(), Error> {
        let rows = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let account = match &self.content {
            Content::Kind(kind) => self.take_kind(*kind, part, batch)?,
            Content::Mapped(map, lookups) => self.take_mapped((map, lookups), part, batch)?,
        };
        part.account.append(Account { rows, ..account });
        Ok(())
    }

    /// The columns of a batch, those that folders carry last.
    fn constants(&self, batch: &Batch) -> Vec<&(String, String)> {
        self.constants.iter().filter(|(name, _)| !batch.columns.contains(name)).collect()
    }

    fn take_kind(&self, kind: KindId, part: &mut Part<'s>, batch: &Batch) -> Result<Account, Error> {
        let constants = self.constants(batch);
        let folders = constants.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = batch.columns.iter().map(String::as_str).chain(folders).collect();
        let header = part.builder.header(kind, &self.file, &names);
        let header = header.map_err(|error| no_header(&self.file, &names, &error))?;
        let width = batch.columns.len();
        for row in batch.rows() {
            if row.fault().is_some() {
                refuse(&mut part.builder, &header, &row);
                continue;
            }
            let constant = |column: usize| column.checked_sub(width).and_then(|at| constants.get(at));
            let cell = |column: usize| {
                constant(column).map_or_else(|| row.cell(column), |(_, value)| Cell::Text(value))
            };
            part.builder.push_row(&header, row.line(), cell);
        }
        Ok(self.account(kind, &header, &names))
    }

    /// Takes the rows of a batch as a mapping says: each may give several records of several kinds.
    fn take_mapped(
        &self,
        (map, lookups): (&FileMap<'_>, &Lookups),
        part: &mut Part<'s>,
        batch: &Batch,
    ) -> Result<Account, Error> {
        let sheet = Sheet::new(batch, &self.constants);
        let names = sheet.names.as_slice();
        let mut records: Vec<(Bound, Header)> = Vec::new();
        for record in &map.records {
            for bound in Bound::new(&self.file, record, names)? {
                let header = self.bound_header(&bound, part)?;
                records.push((bound, header));
            }
        }
        feed_lookups(map, &mut part.lookups, &sheet);
        if let Some(note) = map.table {
            part.tally.take(note, &sheet);
        }
        for row in sheet.rows() {
            if row.fault().is_none() {
                self.take_row(&records, part, (&row, lookups));
            } else if let Some((_, header)) = records.first() {
                refuse(&mut part.builder, header, &row);
            }
        }
        Ok(self.mapped_account(map, &records, names))
    }

    fn bound_header(&self, bound: &Bound, part: &mut Part<'s>) -> Result<Header, Error> {
        let kind = self.schema.kind(bound.kind);
        let name =
            |field: usize| kind.and_then(|kind| kind.fields.get(field)).map_or("", |field| field.en.as_str());
        let names: Vec<&str> = bound.fields.iter().map(|(field, _)| name(usize::from(field.0))).collect();
        part.builder
            .header(bound.kind, &self.file, &names)
            .map_err(|error| no_header(&self.file, &[], &error))
    }

    fn take_row(
        &self,
        records: &[(Bound, Header)],
        part: &mut Part<'s>,
        (row, lookups): (&Row<'_>, &Lookups),
    ) {
        for record in records {
            for number in 0..record.0.count(row) {
                let values = record.0.values(row, number, lookups).unwrap_or_default();
                self.take_record(record, part, (row.line(), values));
            }
        }
    }

    fn take_record(
        &self,
        (bound, header): &(Bound, Header),
        part: &mut Part<'s>,
        (line, values): (u64, Vec<Value<'_>>),
    ) {
        if values.is_empty() {
            return;
        }
        if !bound.one_per_key {
            let cell = |column: usize| values.get(column).map_or(Cell::Missing, Value::cell);
            part.builder.push_row(header, line, cell);
            return;
        }
        let values: Vec<_> = bound.fields.iter().map(|(field, _)| *field).zip(values).collect();
        let from = Mention { schema: self.schema, kind: bound.kind, file: &self.file, line };
        if let Err(value) = part.merged.take(&from, &values) {
            let reason =
                ("值不合字段的类型，或不是本文件编码的文字", "not of the type of its field, or no text");
            part.builder.refuse_row(header, (line, &value), reason);
        }
    }

    /// The account of the columns of a file of one kind, or why it cannot be one.
    #[cfg(feature = "parquet")]
    pub(crate) fn account_of(
        &self,
        kind: KindId,
        names: &[&str],
        scratch: &mut RecordsBuilder<'s>,
    ) -> Result<Account, Error> {
        let header = scratch.header(kind, &self.file, names);
        let header = header.map_err(|error| no_header(&self.file, names, &error))?;
        Ok(self.account(kind, &header, names))
    }

    fn account(&self, kind: KindId, header: &Header, names: &[&str]) -> Account {
        let kind = self.schema.kind(kind);
        let field = |column: usize| {
            let (_, field) = header.columns().find(|(at, _)| *at == column)?;
            kind?.fields.get(usize::from(field.0)).map(|field| field.en.clone())
        };
        let columns = names
            .iter()
            .enumerate()
            .map(|(at, name)| ColumnRead { header: (*name).to_owned(), field: field(at) })
            .collect();
        let ignored = header.unknown.iter().map(|column| match column.nearest.first() {
            Some(nearest) => format!("{}: {} (≈ {nearest})", self.file, column.name),
            None => format!("{}: {}", self.file, column.name),
        });
        Account { rows: 0, columns, ignored: ignored.collect() }
    }

    /// `item.amount`
    fn field_name(&self, kind: KindId, field: FieldId) -> Option<String> {
        let kind = self.schema.kind(kind)?;
        kind.fields.get(usize::from(field.0)).map(|field| format!("{}.{}", kind.en, field.en))
    }

    fn mapped_account(&self, map: &FileMap<'_>, records: &[(Bound, Header)], names: &[&str]) -> Account {
        let mut columns: Vec<ColumnRead> = Vec::new();
        let mut ignored = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let mut fields: Vec<String> = Vec::new();
            for (bound, _) in records {
                let used = bound.used().filter(|(place, _)| *place == at);
                fields.extend(used.filter_map(|(_, field)| self.field_name(bound.kind, field)));
            }
            let mut seen = BTreeSet::new();
            fields.retain(|field| seen.insert(field.clone()));
            let is = |known: &String| known.eq_ignore_ascii_case(name.trim());
            let known = map.table.is_some_and(|table| table.columns.iter().any(is))
                || map.lookups.iter().any(|lookup| is(&lookup.key) || is(&lookup.value));
            if fields.is_empty() && !known {
                ignored.push(format!("{}: {name}", self.file));
            }
            let field = (!fields.is_empty()).then(|| fields.join(", "));
            columns.push(ColumnRead { header: (*name).to_owned(), field });
        }
        Account { rows: 0, columns, ignored }
    }
}

fn feed_lookups(map: &FileMap<'_>, lookups: &mut Lookups, sheet: &Sheet<'_>) {
    let place = |name: &str| sheet.names.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    for lookup in &map.lookups {
        let (Some(key), Some(value)) = (place(&lookup.key), place(&lookup.value)) else { continue };
        let table = lookups.entry(lookup.name.clone()).or_default();
        let texts = |row: Row<'_>| match (row.cell(key), row.cell(value)) {
            (Cell::Text(key), Cell::Text(value)) => Some((key.trim().to_owned(), value.trim().to_owned())),
            (Cell::Text(_) | Cell::Missing | Cell::Word(_) | Cell::Unreadable, _) => None,
        };
        for (key, value) in sheet.rows().filter_map(texts).filter(|(_, value)| !value.is_empty()) {
            look_up(table, key, value);
        }
    }
}

fn refuse(builder: &mut RecordsBuilder<'_>, header: &Header, row: &Row<'_>) {
    if let Some(fault) = row.fault() {
        builder.refuse_row(header, (row.line(), &fault.value), (&fault.zh, &fault.en));
    }
}

pub(super) fn no_header(file: &str, columns: &[&str], error: &HeaderError) -> Error {
    match error {
        HeaderError::UnknownKind => {
            Error::usage(format!("{file}：未知的记录种类"), format!("{file}: unknown kind of record"))
        }
        HeaderError::NoKey(zh, en) => Error::usage(
            format!("{file}：没有主键列“{zh}”（{en}）{}", listed("；现有列：", columns)),
            format!("{file}: no column for the key `{en}` ({zh}){}", listed("; its columns: ", columns)),
        ),
    }
}

/// At most a dozen names; nothing where none are known.
fn listed(before: &str, columns: &[&str]) -> String {
    let shown = columns.iter().take(12).copied().collect::<Vec<_>>().join(", ");
    match columns.len() {
        0 => String::new(),
        count if count > 12 => format!("{before}{shown}, … ({count})"),
        _ => format!("{before}{shown}"),
    }
}

/// Reads a whole file.
pub(crate) fn read<'s>(
    plan: &FilePlan<'s, '_>,
    rows: &mut dyn Rows,
    empty: &RecordsBuilder<'s>,
    (threads, flow): (usize, &mut Flow<'_, 's>),
) -> Result<Part<'s>, Error> {
    #[cfg(feature = "threads")]
    if threads > 1 && flow.keeps() {
        return several::read(plan, rows, empty, threads);
    }
    #[cfg(feature = "threads")]
    if threads > 1 {
        return passing::read(plan, rows, empty, (threads, flow));
    }
    let _ = threads;
    let mut part = Part::new(empty.part());
    let mut batch = Batch::default();
    loop {
        batch.clear();
        let more = rows.fill(&mut batch)?;
        if more || part.account.rows == 0 {
            plan.take(&mut part, &batch)?;
            flow.pass(&mut part.builder)?;
        }
        if !more {
            return Ok(part);
        }
    }
}
