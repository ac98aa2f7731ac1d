//! A Parquet file of one kind, field by field.
//!
//! In: an opened file. Out: its rows in a builder, its account and hash.
//! Invariant: the records are the same for every number of threads; a file that cannot be read to its end gives none.

use super::guarded::Guarded;
use super::{ParquetRows, Source, damaged};
use crate::error::Error;
use crate::input::portion::{Account, FilePlan, no_header};
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use ::parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use arrow_array::{ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use jihe::Language;
use jihe::model::ingest::{Batch, FieldColumn, FieldSource, KeyColumn, RecordsBuilder, TextsTaken, rename};
use jihe::model::schema::KindId;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A dictionary of at most so many bytes is read once and not once a row.
const SMALL_DICTIONARY: i64 = 1 << 16;

/// What a file holds beside its records.
pub(crate) struct Whole {
    pub(crate) account: Account,
    /// SHA-256 of the file.
    pub(crate) hash: String,
}

pub(super) fn read<'s>(
    rows: &ParquetRows,
    (plan, kind): (&FilePlan<'s, '_>, KindId),
    builder: &mut RecordsBuilder<'s>,
    threads: usize,
) -> Result<Whole, Error> {
    let extra: Vec<(String, String)> =
        plan.constants.iter().filter(|(name, _)| !rows.columns.contains(name)).cloned().collect();
    let shown: Vec<String> = rows.columns.iter().chain(extra.iter().map(|(name, _)| name)).cloned().collect();
    let known = plan.schema.kind(kind).map(|declared| rename(declared, &shown, &rows.rename).columns);
    let names: Vec<&str> = known.iter().flatten().map(String::as_str).collect();
    let account = plan.account_of(kind, &names, &mut builder.part())?;
    builder.share();
    let mut reader = jihe_arrow::Reader::with(plan.schema, builder.part());
    let kind_name = plan.schema.kind(kind).map_or("", |kind| kind.en.as_str());
    let mut fields: Vec<Field> =
        rows.metadata.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.extend(extra.iter().map(|(name, _)| Field::new(name, DataType::Utf8, true)));
    let columns = Arc::new(ArrowSchema::new(fields));
    let pairs = rows.rename.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
    let renamed = jihe_arrow::Rename { pairs, lenient: true };
    let table = reader.open((kind_name, &plan.file), &columns, &renamed).map_err(|error| failed(&error))?;
    let file = File {
        source: &rows.source,
        columns: &rows.columns,
        table: &table,
        name: &plan.file,
        extra: &extra,
        metadata: hinted(rows, &table),
    };
    let jobs = file.jobs();
    let done = file.run(&jobs, builder, threads)?;
    let header =
        builder.header(kind, &plan.file, &names).map_err(|error| no_header(&plan.file, &names, &error))?;
    let (hash, count) = file.put_together(done, (builder, &header), threads);
    Ok(Whole { account: Account { rows: count, ..account }, hash })
}

/// Something a thread can do by itself.
#[derive(Debug, Clone, Copy)]
enum Job {
    Hash,
    /// A field of a row group, by its place among the fields read.
    Field(usize, usize),
    Keys(usize),
}

/// What came of it.
enum Done {
    Hash(String),
    Field(FieldColumn),
    Keys(KeyColumn),
}

/// The jobs a thread did, and the texts it found.
type Share<'s> = (Vec<(usize, Job, Done)>, RecordsBuilder<'s>);

struct File<'f> {
    source: &'f Source,
    columns: &'f [String],
    table: &'f jihe_arrow::Table,
    name: &'f str,
    extra: &'f [(String, String)],
    metadata: ArrowReaderMetadata,
}

impl File<'_> {
    /// What there is to do, the longest first.
    fn jobs(&self) -> Vec<Job> {
        let groups = 0..self.groups().num_row_groups();
        let keys = self.table.header().key_source().map(|_| groups.clone().map(Job::Keys));
        let fields = (0..self.table.header().fields().count())
            .flat_map(|field| groups.clone().map(move |group| Job::Field(group, field)));
        std::iter::once(Job::Hash).chain(keys.into_iter().flatten()).chain(fields).collect()
    }

    fn groups(&self) -> &ParquetMetaData {
        self.metadata.metadata()
    }

    fn rows_of(&self, group: usize) -> usize {
        usize::try_from(self.groups().row_groups().get(group).map_or(0, RowGroupMetaData::num_rows))
            .unwrap_or(0)
    }

    /// Shares the jobs among threads.
    fn run<'s>(
        &self,
        jobs: &[Job],
        builder: &RecordsBuilder<'s>,
        threads: usize,
    ) -> Result<Vec<Share<'s>>, Error> {
        let next = AtomicUsize::new(0);
        #[cfg(feature = "threads")]
        if threads > 1 {
            let parts: Vec<RecordsBuilder<'s>> = (0..threads).map(|_| builder.part()).collect();
            return std::thread::scope(|scope| {
                let work = |part| scope.spawn(|| self.work(jobs, &next, part));
                let workers: Vec<_> = parts.into_iter().map(work).collect();
                workers.into_iter().map(joined).collect()
            });
        }
        let _ = threads;
        Ok(vec![self.work(jobs, &next, builder.part())?])
    }

    /// Takes jobs until none is left.
    fn work<'s>(
        &self,
        jobs: &[Job],
        next: &AtomicUsize,
        mut builder: RecordsBuilder<'s>,
    ) -> Result<Share<'s>, Error> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return Ok((done, builder)) };
            let came = self.job(*job, &mut builder);
            if came.is_err() {
                // Nobody need begin what nobody will use.
                next.store(jobs.len(), Ordering::Relaxed);
            }
            done.push((at, *job, came?));
        }
    }

    fn job(&self, job: Job, builder: &mut RecordsBuilder<'_>) -> Result<Done, Error> {
        let header = self.table.header();
        match job {
            Job::Hash => self.source.hash().map(Done::Hash).map_err(|error| Error::broken(self.name, &error)),
            Job::Field(group, at) => match header.fields().nth(at) {
                Some(source) => self.field(group, &source, builder).map(Done::Field),
                None => Ok(Done::Field(FieldColumn::default())),
            },
            Job::Keys(group) => match header.key_source() {
                Some(source) => self.keys(group, &source).map(Done::Keys),
                None => Ok(Done::Keys(KeyColumn::default())),
            },
        }
    }

    fn field(
        &self,
        group: usize,
        source: &FieldSource<'_>,
        builder: &mut RecordsBuilder<'_>,
    ) -> Result<FieldColumn, Error> {
        // The column of the first row group becomes that of the table.
        let room = if group == 0 { self.all_rows() } else { self.rows_of(group) };
        let mut read = FieldColumn::with_capacity(source.ty, room);
        self.batches(group, source, |batch| {
            self.table.read_field(builder, source, (|at| self.array(&batch, (source, at)), &mut read))
        })?;
        self.whole_group(group, read.rows()).map(|()| read)
    }

    fn keys(&self, group: usize, source: &FieldSource<'_>) -> Result<KeyColumn, Error> {
        let mut read = KeyColumn::default();
        self.batches(group, source, |batch| {
            self.table.read_keys(source, (|at| self.array(&batch, (source, at)), &mut read))
        })?;
        self.whole_group(group, read.rows()).map(|()| read)
    }

    /// Refuses a column with more or fewer rows than its row group says: its values would come beside those of other rows.
    fn whole_group(&self, group: usize, rows: usize) -> Result<(), Error> {
        let wanted = self.rows_of(group);
        let said = format!("row group {group} has {wanted} rows, a column of it {rows}");
        if rows == wanted { Ok(()) } else { Err(damaged(self.name, &said)) }
    }

    fn all_rows(&self) -> usize {
        (0..self.groups().num_row_groups()).map(|group| self.rows_of(group)).fold(0, usize::saturating_add)
    }

    /// Reads the columns of a field, a batch at a time.
    fn batches(
        &self,
        group: usize,
        source: &FieldSource<'_>,
        mut take: impl FnMut(RecordBatch) -> Result<(), jihe_arrow::Error>,
    ) -> Result<(), Error> {
        let wanted = self.of_file(source);
        let mask = ProjectionMask::roots(self.groups().file_metadata().schema_descr(), wanted);
        let batches = self.source.reader(&self.metadata, (vec![group], mask));
        for batch in Guarded::new(batches.map_err(|error| damaged(self.name, &error))?) {
            let batch = batch.map_err(|error| damaged(self.name, &error))?;
            take(batch).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// The columns of a field that are in the file, in its order.
    fn of_file(&self, source: &FieldSource<'_>) -> Vec<usize> {
        let columns = source.columns.iter().map(|(at, _)| *at);
        let mut columns: Vec<usize> = columns.filter(|at| *at < self.columns.len()).collect();
        columns.sort_unstable();
        columns
    }

    /// A column of the table by its place; the values of folders come after those of the file.
    fn array(&self, batch: &RecordBatch, (source, at): (&FieldSource<'_>, usize)) -> Option<ArrayRef> {
        if let Some(extra) = at.checked_sub(self.columns.len()) {
            let (_, value) = self.extra.get(extra)?;
            return Some(Arc::new(StringArray::from(vec![value.as_str(); batch.num_rows()])));
        }
        let place = self.of_file(source).into_iter().position(|held| held == at)?;
        batch.columns().get(place).cloned()
    }

    /// Puts the fields of every row group one below the other, in the order of the file; gives the hash and how many rows.
    fn put_together(
        &self,
        shares: Vec<Share<'_>>,
        (builder, header): (&mut RecordsBuilder<'_>, &jihe::model::ingest::Header),
        threads: usize,
    ) -> (String, u64) {
        let (mut taken, mut all) = (Vec::new(), Vec::new());
        for (share, (done, part)) in shares.into_iter().enumerate() {
            taken.push(builder.take_texts(part));
            all.extend(done.into_iter().map(|(at, job, done)| (at, share, job, done)));
        }
        all.sort_unstable_by_key(|(at, ..)| *at);
        let (mut hash, mut keys) = (String::new(), Vec::new());
        let mut fields: Vec<Vec<(usize, FieldColumn)>> = vec![Vec::new(); header.fields().count()];
        for (_, share, job, done) in all {
            let of_field = if let Job::Field(_, at) = job { fields.get_mut(at) } else { None };
            match (of_field, done) {
                (Some(groups), Done::Field(field)) => groups.push((share, field)),
                (_, Done::Keys(more)) => keys.push(more),
                (_, Done::Hash(found)) => hash = found,
                (None, Done::Field(_)) => {}
            }
        }
        let rows = self.all_rows();
        let batch = side_by_side((fields, keys), &taken, threads);
        if rows > 0 {
            builder.push_batch(header, Batch { first_line: 1, rows, ..batch });
        }
        (hash, u64::try_from(rows).unwrap_or(u64::MAX))
    }
}

/// Fields and keys of all row groups as one batch, its fields shared among threads.
fn side_by_side(
    (fields, keys): (Vec<Vec<(usize, FieldColumn)>>, Vec<KeyColumn>),
    taken: &[TextsTaken],
    threads: usize,
) -> Batch {
    let whole = |groups: Vec<(usize, FieldColumn)>| {
        let settled = groups.into_iter().map(|(share, mut field)| {
            taken.get(share).into_iter().for_each(|taken| taken.apply(&mut field));
            field
        });
        one_below_the_other(settled, FieldColumn::append)
    };
    let all_keys = || (!keys.is_empty()).then(|| one_below_the_other(keys.into_iter(), KeyColumn::append));
    #[cfg(feature = "threads")]
    if threads > 1 {
        let share = fields.len().div_ceil(threads).max(1);
        return std::thread::scope(|scope| {
            let (mut rest, mut workers) = (fields, Vec::new());
            while !rest.is_empty() {
                let after = rest.split_off(share.min(rest.len()));
                let mine = core::mem::replace(&mut rest, after);
                workers.push(scope.spawn(move || mine.into_iter().map(whole).collect::<Vec<_>>()));
            }
            let keys = all_keys();
            Batch { fields: workers.into_iter().flat_map(joined).collect(), keys, ..Batch::default() }
        });
    }
    let _ = threads;
    Batch { fields: fields.into_iter().map(whole).collect(), keys: all_keys(), ..Batch::default() }
}

/// The first, and what follows put behind it.
fn one_below_the_other<T: Default>(mut parts: impl Iterator<Item = T>, append: impl Fn(&mut T, T)) -> T {
    let mut whole = parts.next().unwrap_or_default();
    parts.for_each(|more| append(&mut whole, more));
    whole
}

/// What a thread made; its panic goes on.
#[cfg(feature = "threads")]
fn joined<T>(worker: std::thread::ScopedJoinHandle<'_, T>) -> T {
    worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Asks for texts of small dictionaries as dictionaries, so that each is looked up once a batch.
fn hinted(rows: &ParquetRows, table: &jihe_arrow::Table) -> ArrowReaderMetadata {
    let known = &rows.metadata;
    let wanted: Vec<usize> =
        table.header().fields().flat_map(|source| source.columns.iter().map(|(at, _)| *at)).collect();
    let descriptor = known.metadata().file_metadata().schema_descr();
    let is_flat = descriptor.num_columns() == rows.columns.len();
    let fields = known.schema().fields().iter().enumerate().map(|(at, field)| {
        let is_text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8);
        if is_flat && is_text && wanted.contains(&at) && has_small_dictionary(known.metadata(), at) {
            let values = Box::new(field.data_type().clone());
            field.as_ref().clone().with_data_type(DataType::Dictionary(Box::new(DataType::Int32), values))
        } else {
            field.as_ref().clone()
        }
    });
    let schema = ArrowSchema::new(fields.collect::<Vec<Field>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    ArrowReaderMetadata::try_new(Arc::clone(known.metadata()), options).unwrap_or_else(|_| known.clone())
}

fn has_small_dictionary(metadata: &ParquetMetaData, column: usize) -> bool {
    metadata.row_groups().iter().all(|group| {
        let Some(chunk) = group.columns().get(column) else { return false };
        let size = chunk.dictionary_page_offset().map(|start| chunk.data_page_offset().saturating_sub(start));
        size.is_some_and(|size| (0..=SMALL_DICTIONARY).contains(&size))
    })
}

pub(super) fn failed(error: &jihe_arrow::Error) -> Error {
    let (zh, en) = (error.message(Language::Chinese), error.message(Language::English));
    if error.is_usage() { Error::usage(zh, en) } else { Error::unreadable(zh, en) }
}
