//! A Parquet file of one kind, a few batches at a time, for rows that go on while the file is read.
//!
//! In: an opened file, where rows go. Out: the rows that are left, and the account of the file.
//! Invariant: no more than a few batches are held at once; rows come in the order of the file.

use super::fields::failed;
use super::guarded::Guarded;
use super::{ParquetRows, damaged};
use crate::error::Error;
use crate::input::portion::{Account, FilePlan, Flow, Part};
use ::parquet::arrow::ProjectionMask;
use arrow_array::{ArrayRef, NullArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema as ArrowSchema};
use jihe::model::ingest::RecordsBuilder;
use jihe::model::schema::KindId;
use std::sync::Arc;

pub(super) fn read<'s>(
    file: &ParquetRows,
    (plan, kind): (&FilePlan<'s, '_>, KindId),
    empty: &RecordsBuilder<'s>,
    (threads, flow): (usize, &mut Flow<'_, 's>),
) -> Result<Part<'s>, Error> {
    let name = plan.file.as_str();
    let is_new = |(column, _): &&(String, String)| !file.columns.contains(column);
    let extra: Vec<(String, String)> = plan.constants.iter().filter(is_new).cloned().collect();
    let shown: Vec<String> = file.columns.iter().chain(extra.iter().map(|(name, _)| name)).cloned().collect();
    let known = plan
        .schema
        .kind(kind)
        .map(|declared| jihe::model::ingest::rename(declared, &shown, &file.rename).columns);
    let names: Vec<&str> = known.iter().flatten().map(String::as_str).collect();
    let account = plan.account_of(kind, &names, &mut empty.part())?;
    let kind_name = plan.schema.kind(kind).map_or("", |kind| kind.en.as_str());
    let mut reader = jihe_arrow::Reader::with(plan.schema, empty.part());
    let read_as = Arc::clone(file.metadata.schema());
    let count = file.columns.len();
    let mut shape = Shape { file: name, count, places: (0..count).collect(), extra: &extra };
    let columns = shape.widened(&RecordBatch::new_empty(read_as))?;
    let pairs = file.rename.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
    let rename = jihe_arrow::Rename { pairs, lenient: true };
    let mut table =
        reader.open((kind_name, name), &columns.schema(), &rename).map_err(|error| failed(&error))?;
    shape.places = table.header().columns_read().map(|(at, _)| at).filter(|at| *at < count).collect();
    shape.places.sort_unstable();
    shape.places.dedup();
    let mut rows = 0u64;
    let mut take = |batches: Vec<RecordBatch>| -> Result<(), Error> {
        let more = batches.iter().map(RecordBatch::num_rows).fold(0, usize::saturating_add);
        rows = rows.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        reader.read(&mut table, &batches, threads).map_err(|error| failed(&error))?;
        flow.pass(reader.builder_mut())
    };
    let groups = (0..file.metadata.metadata().num_row_groups()).collect();
    let described = file.metadata.metadata().file_metadata().schema_descr();
    let mask = ProjectionMask::roots(described, shape.places.iter().copied());
    let batches = file.source.reader(&file.metadata, (groups, mask));
    let batches = Guarded::new(batches.map_err(|error| damaged(name, &error))?).map(|read| match read {
        Ok(batch) => shape.widened(&batch),
        Err(error) => Err(damaged(name, &error)),
    });
    in_portions(batches, threads, &mut take)?;
    let mut part = Part::new(reader.into_builder());
    part.account = Account { rows, ..account };
    Ok(part)
}

/// A few batches at a time; with several threads the next are unpacked while these are read.
fn in_portions(
    batches: impl Iterator<Item = Result<RecordBatch, Error>> + Send,
    threads: usize,
    take: &mut dyn FnMut(Vec<RecordBatch>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut batches = batches;
    let size = threads.max(1);
    #[cfg(feature = "threads")]
    if threads > 1 {
        return std::thread::scope(|scope| {
            let (sender, ready) = std::sync::mpsc::sync_channel(1);
            scope.spawn(move || send_all(&mut batches, size, &sender));
            ready.into_iter().try_for_each(|portion| take(portion?))
        });
    }
    while let Some(portion) = portion(&mut batches, size) {
        take(portion?)?;
    }
    Ok(())
}

/// Sends portions until there are none, or nobody listens any more for an error that was met.
#[cfg(feature = "threads")]
fn send_all(
    batches: &mut impl Iterator<Item = Result<RecordBatch, Error>>,
    size: usize,
    sender: &std::sync::mpsc::SyncSender<Result<Vec<RecordBatch>, Error>>,
) {
    while let Some(portion) = portion(batches, size) {
        if sender.send(portion).is_err() {
            return;
        }
    }
}

fn portion(
    batches: &mut impl Iterator<Item = Result<RecordBatch, Error>>,
    size: usize,
) -> Option<Result<Vec<RecordBatch>, Error>> {
    let portion: Result<Vec<RecordBatch>, Error> = batches.take(size).collect();
    match portion {
        Ok(portion) if portion.is_empty() => None,
        portion => Some(portion),
    }
}

/// How the columns of a file are put together with those of its folders.
struct Shape<'f> {
    file: &'f str,
    /// How many columns the file has.
    count: usize,
    /// The places of those that are read, ascending.
    places: Vec<usize>,
    /// Names and values that its folders carry.
    extra: &'f [(String, String)],
}

impl Shape<'_> {
    /// A batch with every column at its place, without values where it was not read.
    fn widened(&self, batch: &RecordBatch) -> Result<RecordBatch, Error> {
        let schema = batch.schema();
        let rows = batch.num_rows();
        let held = |at: usize| {
            let place = self.places.binary_search(&at).ok()?;
            Some((schema.fields().get(place)?.as_ref().clone(), Arc::clone(batch.columns().get(place)?)))
        };
        let empty: ArrayRef = Arc::new(NullArray::new(rows));
        let unread = || (Field::new("", DataType::Null, true), Arc::clone(&empty));
        let of_file = (0..self.count).map(|at| held(at).unwrap_or_else(unread));
        let of_folders = self.extra.iter().map(|(name, value)| {
            let values: ArrayRef = Arc::new(StringArray::from(vec![value.as_str(); rows]));
            (Field::new(name, DataType::Utf8, true), values)
        });
        let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = of_file.chain(of_folders).unzip();
        let made = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns);
        made.map_err(|error: ArrowError| Error::named(self.file, &error))
    }
}
