//! Tables of record batches, read into claims.
//!
//! In: for each table its kind, its columns and its batches. Out: [`jihe::Claims`], and the columns that were left out.
//! Invariant: the claims depend on the rows, not on how they are cut into batches or shared among threads.

use crate::error::{Error, perhaps};
use crate::read::{self, Named};
use crate::texts::china_offset;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use jihe::Claims;
use jihe_model::ingest::{
    self, Batch, FieldColumn, FieldSource, Header, HeaderError, KeyColumn, RecordsBuilder, RenamePair,
    rename_misfit,
};
use jihe_model::nearest::nearest;
use jihe_model::schema::{Kind, KindId, Schema};
use std::fmt::Write as _;
use std::sync::Arc;

/// Rows a thread takes at a time.
const PORTION: usize = 1 << 16;

/// Columns under other names: the table's name and the field it holds.
#[derive(Debug, Clone, Default)]
pub struct Rename<'a> {
    /// Pairs of column and field, the field under any of its names.
    pub pairs: Vec<(&'a str, &'a str)>,
    /// Whether pairs that do not fit this table are left to others, rather than refused.
    pub lenient: bool,
}

/// A column no field goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IgnoredColumn {
    /// The table, as the caller names it.
    pub table: String,
    /// The column.
    pub column: String,
    /// Fields with a similar name, nearest first: the column may be misspelt.
    pub nearest: Vec<String>,
}

/// A table whose columns are known.
#[derive(Debug)]
pub struct Table {
    kind: KindId,
    name: String,
    /// The columns as fields go by, renamed where the caller says so.
    columns: Vec<String>,
    /// The columns as the table has them.
    shown: Vec<String>,
    header: Header,
    next_row: u64,
    /// Columns renamed, as the table has them.
    pub renamed: Vec<String>,
}

/// Reads tables one after the other.
///
/// ```
/// use arrow_array::{RecordBatch, StringArray};
/// use arrow_schema::{DataType, Field, Schema};
/// use std::sync::Arc;
/// let schema = jihe_model::kinds::base_schema();
/// let columns = Schema::new(vec![Field::new("就诊号", DataType::Utf8, true), Field::new("病人", DataType::Utf8, true)]);
/// let cells = [vec!["V1", "V2"], vec!["P1", "P1"]].map(|cells| Arc::new(StringArray::from(cells)) as _);
/// let batch = RecordBatch::try_new(Arc::new(columns), cells.to_vec()).unwrap();
/// let mut reader = jihe_arrow::Reader::new(&schema);
/// let rename = jihe_arrow::Rename { pairs: vec![("病人", "参保人")], lenient: false };
/// let mut table = reader.open(("visit", "就诊表"), &batch.schema(), &rename).unwrap();
/// reader.read(&mut table, &[batch], 1).unwrap();
/// let claims = reader.finish();
/// assert_eq!(claims.records.tables[&schema.find_kind("visit").unwrap()].rows, 2);
/// ```
#[derive(Debug)]
pub struct Reader<'s> {
    schema: &'s Schema,
    builder: RecordsBuilder<'s>,
    ignored: Vec<IgnoredColumn>,
    validates: bool,
}

impl<'s> Reader<'s> {
    /// Nothing read yet.
    pub fn new(schema: &'s Schema) -> Self {
        Self::with(schema, RecordsBuilder::new(schema))
    }

    /// Goes on with a builder of this schema.
    pub fn with(schema: &'s Schema, builder: RecordsBuilder<'s>) -> Self {
        Self { schema, builder, ignored: Vec::new(), validates: false }
    }

    /// Looks through every batch before it reads it: for batches that came over the C data interface, whose maker may have
    /// broken the rules of the format.
    #[must_use]
    pub fn validating(mut self) -> Self {
        self.validates = true;
        self
    }

    /// Columns that no field goes by; they are left out.
    pub fn ignored(&self) -> &[IgnoredColumn] {
        &self.ignored
    }

    /// What was read so far.
    pub fn builder_mut(&mut self) -> &mut RecordsBuilder<'s> {
        &mut self.builder
    }

    /// What was read, to be gone on with elsewhere.
    pub fn into_builder(self) -> RecordsBuilder<'s> {
        self.builder
    }

    /// Begins a table: the kind under any of its names, and the name that errors and rejects call the table by.
    ///
    /// # Errors
    /// The kind is unknown; no column holds its key; a column of a field is of a type that holds no single values, or in
    /// a time zone other than China's; `rename` names a column or field that is not there.
    pub fn open(
        &mut self,
        (kind, name): (&str, &str),
        columns: &SchemaRef,
        rename: &Rename<'_>,
    ) -> Result<Table, Error> {
        let id = self.schema.find_kind(kind).ok_or_else(|| unknown_kind(self.schema, kind))?;
        let declared = self.schema.kind(id).ok_or_else(|| unknown_kind(self.schema, kind))?;
        let shown: Vec<String> = columns.fields().iter().map(|field| field.name().clone()).collect();
        let (names, renamed) = renamed(declared, name, &shown, rename)?;
        let header = header(&mut self.builder, (id, name), &names)
            .map_err(|error| no_header((kind, name), &shown, &error))?;
        for (at, _) in header.columns_read() {
            if let Some(field) = columns.fields().get(at) {
                readable(name, field.name(), field.data_type())?;
            }
        }
        let ignored = header.unknown.iter().map(|column| IgnoredColumn {
            table: name.to_owned(),
            column: column.name.clone(),
            nearest: column.nearest.clone(),
        });
        self.ignored.extend(ignored);
        Ok(Table { kind: id, name: name.to_owned(), columns: names, shown, header, next_row: 1, renamed })
    }

    /// Reads batches of a table, on as many threads as the caller allows; rows are counted from 1.
    ///
    /// # Errors
    /// A column of a field cannot be read at all. Rows with bad values are rejected one by one.
    pub fn read(&mut self, table: &mut Table, batches: &[RecordBatch], threads: usize) -> Result<(), Error> {
        if self.validates {
            table.validate(batches, threads)?;
        }
        let portions = portions(batches);
        let share = portions.len().div_ceil(threads.max(1)).max(1);
        let mut shares = portions.chunks(share);
        let rows_of = |share: &[RecordBatch]| share.iter().map(rows).fold(0, u64::saturating_add);
        let first = shares.next().unwrap_or_default();
        let mut start = table.next_row;
        let mut others = Vec::new();
        let mut next = start.saturating_add(rows_of(first));
        for share in shares {
            others.push((next, share));
            next = next.saturating_add(rows_of(share));
        }
        table.next_row = next;
        if others.is_empty() {
            return first.iter().try_for_each(|batch| push(&mut self.builder, table, &mut start, batch));
        }
        let table = &*table;
        self.builder.share();
        let mut parts: Vec<(RecordsBuilder<'s>, u64, &[RecordBatch])> =
            others.into_iter().map(|(start, share)| (self.builder.part(), start, share)).collect();
        let own = &mut self.builder;
        let read: Result<(), Error> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                parts.iter_mut().map(|part| scope.spawn(|| read_part(table, part))).collect();
            let mut read = first.iter().try_for_each(|batch| push(own, table, &mut start, batch));
            for worker in workers {
                let done = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                read = read.and(done);
            }
            read
        });
        read?;
        for (part, ..) in parts {
            self.builder.append(part);
        }
        Ok(())
    }

    /// Numbers repeated rows, rejects contradicting ones, and hands over what was read.
    pub fn finish(self) -> Claims {
        let read = self.builder.finish();
        Claims { records: read.records, rejects: read.rejects }
    }
}

/// Claims of tables given whole: the kind of each, under any of its names, and its batches.
///
/// # Errors
/// Those of [`Reader::open`] and [`Reader::read`].
pub fn claims_from_batches(schema: &Schema, tables: &[(&str, &[RecordBatch])]) -> Result<Claims, Error> {
    let mut reader = Reader::new(schema);
    for (kind, batches) in tables {
        let Some(first) = batches.first() else {
            let id = schema.find_kind(kind).ok_or_else(|| unknown_kind(schema, kind))?;
            reader.builder.supply(id);
            continue;
        };
        let mut table = reader.open((kind, kind), &first.schema(), &Rename::default())?;
        reader.read(&mut table, batches, 1)?;
    }
    Ok(reader.finish())
}

fn read_part(
    table: &Table,
    (builder, start, batches): &mut (RecordsBuilder<'_>, u64, &[RecordBatch]),
) -> Result<(), Error> {
    let header = header(builder, (table.kind, &table.name), &table.columns)
        .map_err(|error| no_header((&table.name, &table.name), &table.shown, &error))?;
    batches.iter().try_for_each(|batch| push_with(builder, (table, &header), start, batch))
}

fn push(
    builder: &mut RecordsBuilder<'_>,
    table: &Table,
    start: &mut u64,
    batch: &RecordBatch,
) -> Result<(), Error> {
    push_with(builder, (table, &table.header), start, batch)
}

fn push_with(
    builder: &mut RecordsBuilder<'_>,
    (table, header): (&Table, &Header),
    start: &mut u64,
    batch: &RecordBatch,
) -> Result<(), Error> {
    let array = |at: usize| batch.columns().get(at).cloned();
    let mut fields = Vec::new();
    for source in header.fields() {
        let columns = table.columns_of(&source, array)?;
        let read = read::field(builder, &source, &named(&columns));
        fields.push(read.ok_or_else(|| table.other_columns(&source))?);
    }
    let mut keys = None;
    if let Some(source) = header.key_source() {
        let columns = table.columns_of(&source, array)?;
        let held = keys.get_or_insert_with(KeyColumn::default);
        read::keys(held, &named(&columns)).ok_or_else(|| table.other_columns(&source))?;
    }
    builder.push_batch(header, Batch { first_line: *start, rows: batch.num_rows(), fields, keys });
    *start = start.saturating_add(rows(batch));
    Ok(())
}

fn named<'c>(columns: &'c [(&'c str, ArrayRef)]) -> Vec<Named<'c>> {
    columns.iter().map(|(name, array)| Named { name, array }).collect()
}

impl Table {
    /// How the columns of the table are understood.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Reads some rows of one field onto those before; `array` gives a column by its place in the table.
    ///
    /// # Errors
    /// A column is not there, or is of another type than the table was opened with.
    pub fn read_field(
        &self,
        builder: &mut RecordsBuilder<'_>,
        source: &FieldSource<'_>,
        (array, into): (impl Fn(usize) -> Option<ArrayRef>, &mut FieldColumn),
    ) -> Result<(), Error> {
        let columns = self.columns_of(source, array)?;
        let read = read::field(builder, source, &named(&columns));
        into.append(read.ok_or_else(|| self.other_columns(source))?);
        Ok(())
    }

    /// The same for keys that are held as texts.
    ///
    /// # Errors
    /// As [`Table::read_field`].
    pub fn read_keys(
        &self,
        source: &FieldSource<'_>,
        (array, into): (impl Fn(usize) -> Option<ArrayRef>, &mut KeyColumn),
    ) -> Result<(), Error> {
        let columns = self.columns_of(source, array)?;
        read::keys(into, &named(&columns)).ok_or_else(|| self.other_columns(source))
    }

    /// Looks through the columns that will be read, each as a whole: a look through a portion of a column goes through all
    /// of its texts.
    fn validate(&self, batches: &[RecordBatch], threads: usize) -> Result<(), Error> {
        let places: Vec<usize> = self.header.columns_read().map(|(at, _)| at).collect();
        let of_batch = |batch: &'_ RecordBatch| -> Vec<(usize, ArrayRef)> {
            places.iter().filter_map(|at| Some((*at, Arc::clone(batch.columns().get(*at)?)))).collect()
        };
        let columns: Vec<(usize, ArrayRef)> = batches.iter().flat_map(of_batch).collect();
        let share = columns.len().div_ceil(threads.max(1)).max(1);
        if columns.len() <= share {
            return self.validate_columns(&columns);
        }
        std::thread::scope(|scope| {
            let look = |share| scope.spawn(move || self.validate_columns(share));
            let workers: Vec<_> = columns.chunks(share).map(look).collect();
            let done = workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            done.fold(Ok(()), Result::and)
        })
    }

    fn validate_columns(&self, columns: &[(usize, ArrayRef)]) -> Result<(), Error> {
        columns.iter().try_for_each(|(at, array)| {
            let name = self.shown.get(*at).map_or("", String::as_str);
            array.to_data().validate_full().map_err(|error| malformed(&self.name, name, &error))
        })
    }

    /// The columns a field is taken from, with the names they have in the table.
    fn columns_of(
        &self,
        source: &FieldSource<'_>,
        array: impl Fn(usize) -> Option<ArrayRef>,
    ) -> Result<Vec<(&str, ArrayRef)>, Error> {
        let mut columns = Vec::with_capacity(source.columns.len());
        for (at, _) in source.columns {
            let name = self.shown.get(*at).map_or("", String::as_str);
            let array = array(*at).ok_or_else(|| other_columns(&self.name, name))?;
            early_in_zone(&self.name, name, &array)?;
            columns.push((name, array));
        }
        Ok(columns)
    }

    fn other_columns(&self, source: &FieldSource<'_>) -> Error {
        let name = source.columns.first().and_then(|(at, _)| self.shown.get(*at));
        other_columns(&self.name, name.map_or("", String::as_str))
    }
}

/// Batches cut so that threads can share them and columns stay in a processor's cache.
fn portions(batches: &[RecordBatch]) -> Vec<RecordBatch> {
    let cut = |batch: &RecordBatch| -> Vec<RecordBatch> {
        let rows = batch.num_rows();
        let starts = (0..rows).step_by(PORTION);
        starts.map(|start| batch.slice(start, PORTION.min(rows.saturating_sub(start)))).collect()
    };
    batches.iter().flat_map(cut).collect()
}

fn rows(batch: &RecordBatch) -> u64 {
    u64::try_from(batch.num_rows()).unwrap_or(u64::MAX)
}

fn header(
    builder: &mut RecordsBuilder<'_>,
    (kind, name): (KindId, &str),
    columns: &[String],
) -> Result<Header, HeaderError> {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    builder.header(kind, name, &columns)
}

/// The columns by the fields they hold, and which were renamed. A renamed column stands in for one that has the name already.
fn renamed(
    kind: &Kind,
    table: &str,
    shown: &[String],
    rename: &Rename<'_>,
) -> Result<(Vec<String>, Vec<String>), Error> {
    let pairs: Vec<RenamePair> =
        rename.pairs.iter().map(|(column, field)| ((*column).to_owned(), (*field).to_owned())).collect();
    let renamed = ingest::rename(kind, shown, &pairs);
    let misfit = (0..pairs.len()).find(|place| !renamed.fitting.contains(place));
    if let Some((column, field)) = misfit.and_then(|place| rename.pairs.get(place))
        && !rename.lenient
    {
        let text = rename_misfit(kind, table, shown, (column, field));
        return Err(Error::usage(text.zh, text.en));
    }
    let done = renamed.fitting.iter().filter_map(|place| rename.pairs.get(*place));
    Ok((renamed.columns, done.map(|(column, _)| (*column).to_owned()).collect()))
}

fn unknown_kind(schema: &Schema, kind: &str) -> Error {
    let names = schema.kinds.iter().flat_map(|known| [known.zh.as_str(), known.en.as_str()]);
    let (zh, en) = perhaps(&nearest(kind, names));
    Error::claims(format!("未知的记录种类“{kind}”{zh}"), format!("unknown kind `{kind}`{en}"))
}

fn no_header((kind, table): (&str, &str), shown: &[String], error: &HeaderError) -> Error {
    match error {
        HeaderError::UnknownKind => Error::claims(
            format!("未知的记录种类“{kind}”（表 {table}）"),
            format!("unknown kind `{kind}` (table {table})"),
        ),
        HeaderError::NoKey(zh, en) => {
            let near = nearest(en, shown.iter().map(String::as_str));
            let (perhaps_zh, perhaps_en) = perhaps(&near);
            let columns = listed(shown);
            Error::claims(
                format!(
                    "表 {table} 没有主键列“{zh}”（{en}）{perhaps_zh}；现有列：{columns}。列名不同时用 rename 对应"
                ),
                format!(
                    "table {table} has no column for the key `{en}` ({zh}){perhaps_en}; its columns: {columns}. Use rename where names differ"
                ),
            )
        }
    }
}

/// At most a dozen names.
fn listed(names: &[String]) -> String {
    let mut text = names.iter().take(12).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        let _ = write!(text, ", … ({})", names.len());
    }
    text
}

/// Refuses a column whose type holds no single values, or whose moments belong to no known civil time.
fn readable(table: &str, column: &str, ty: &DataType) -> Result<(), Error> {
    match ty {
        DataType::Timestamp(_, Some(zone)) if china_offset(zone).is_none() => Err(Error::claims(
            format!(
                "表 {table} 的列“{column}”带时区 {zone}，定不出是哪一天；请先换成不带时区的当地时间（pandas：.dt.tz_convert(\"Asia/Shanghai\").dt.tz_localize(None)）"
            ),
            format!(
                "column `{column}` of table {table} is in time zone {zone}, which leaves the day open; make it local time without a zone first (pandas: .dt.tz_convert(\"Asia/Shanghai\").dt.tz_localize(None))"
            ),
        )),
        ty if holds_single_values(ty) => Ok(()),
        ty => Err(Error::claims(
            format!("表 {table} 的列“{column}”类型为 {ty}，读不成字段；请转换为文字、数、日期或时间"),
            format!(
                "column `{column}` of table {table} has type {ty}, which holds no field; make it text, a number, a date or a time"
            ),
        )),
    }
}

fn holds_single_values(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, values) => holds_single_values(values),
        DataType::Null
        | DataType::Boolean
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..) => true,
        ty => ty.is_numeric(),
    }
}

/// China kept summer time until 1991: a named zone says nothing certain before.
fn early_in_zone(table: &str, column: &str, array: &ArrayRef) -> Result<(), Error> {
    let DataType::Timestamp(_, Some(zone)) = array.data_type() else { return Ok(()) };
    if zone.as_ref() == "+08:00" {
        return Ok(());
    }
    let Some(text) = crate::texts::texts(array.as_ref()) else { return Ok(()) };
    let early = (0..array.len()).filter_map(&text).any(|text| text.as_ref() < "1992");
    if !early {
        return Ok(());
    }
    Err(Error::claims(
        format!(
            "表 {table} 的列“{column}”带时区 {zone} 且有 1992 年以前的时间（当时有夏令时）；请先换成不带时区的当地时间"
        ),
        format!(
            "column `{column}` of table {table} is in time zone {zone} and holds moments before 1992, when China had summer time; make it local time without a zone first"
        ),
    ))
}

fn malformed(table: &str, column: &str, error: &ArrowError) -> Error {
    Error::claims(
        format!("表 {table} 的列“{column}”不合 Arrow 格式：{error}"),
        format!("column `{column}` of table {table} is malformed Arrow data: {error}"),
    )
}

fn other_columns(table: &str, column: &str) -> Error {
    Error::claims(
        format!("表 {table} 的列“{column}”在各批数据中不一致"),
        format!("column `{column}` of table {table} is not the same in every batch"),
    )
}
