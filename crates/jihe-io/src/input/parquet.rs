//! Parquet files.
//!
//! In: a file. Out: for a file of one kind whole columns, read as `jihe-arrow` reads them; for a mapped file rows as text.
//! Invariant: a Parquet file gives the records that a CSV file of the same table gives.

mod guarded;

use super::batch::Batch;
use super::bytes::Data;
use super::portion::{FilePlan, Flow, Part};
use super::rename::KindRenames;
use crate::error::Error;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use ::parquet::file::reader::ChunkReader;
use arrow::array::{Array, ArrayRef, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Schema as ArrowSchema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use arrow::util::display::FormatOptions;
use guarded::{Guarded, guarded};
use jihe::Language;
use jihe::model::ingest::{RecordsBuilder, RenamePair, rename};
use jihe::model::schema::KindId;
use sha2::{Digest, Sha256};
use std::io;
use std::sync::Arc;

/// Rows of a Parquet file.
pub(crate) struct ParquetRows {
    reader: Guarded,
    columns: Arc<[String]>,
    hash: String,
    row: u64,
    rename: Vec<RenamePair>,
}

impl ParquetRows {
    pub(crate) fn open(file: &str, data: &Data) -> Result<Self, Error> {
        let mut hasher = Sha256::new();
        let broken = |error: io::Error| Error::broken(file, &error);
        match data {
            #[cfg(feature = "fs")]
            Data::Path(path) => {
                let mut input = std::fs::File::open(path).map_err(broken)?;
                io::copy(&mut input, &mut hasher).map_err(broken)?;
                Self::from_chunks(file, input, hasher)
            }
            Data::Bytes(_) => {
                let whole = data.whole().map_err(broken)?;
                hasher.update(whole.as_slice());
                Self::from_chunks(file, bytes::Bytes::from_owner(Owner(whole)), hasher)
            }
        }
    }

    fn from_chunks<R: ChunkReader + 'static>(file: &str, input: R, hasher: Sha256) -> Result<Self, Error> {
        let opened = guarded(|| -> Result<_, ArrowError> {
            let builder = ParquetRecordBatchReaderBuilder::try_new(input)?;
            let columns: Vec<String> =
                builder.schema().fields().iter().map(|field| field.name().clone()).collect();
            Ok((columns, builder.with_batch_size(1 << 15).build()?))
        });
        let (columns, reader) = opened.map_err(|error| damaged(file, &error))?;
        Ok(Self {
            reader: Guarded::new(reader),
            columns: columns.into(),
            hash: format!("{:x}", hasher.finalize()),
            row: 0,
            rename: Vec::new(),
        })
    }

    /// SHA-256 of the file.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
    }

    /// With columns under other names.
    pub(super) fn renaming(mut self, renames: &mut KindRenames<'_>) -> Self {
        if renames.apply(&self.columns).is_some() {
            self.rename.clone_from(&renames.pairs);
        }
        self
    }

    /// Reads the whole file as records of a kind, column by column.
    pub(crate) fn read_kind<'s>(
        self,
        (plan, kind): (&FilePlan<'s, '_>, KindId),
        empty: &RecordsBuilder<'s>,
        (threads, flow): (usize, &mut Flow<'_, 's>),
    ) -> Result<Part<'s>, Error> {
        let file = plan.file.as_str();
        let names: Vec<String> = self.columns.to_vec();
        let extra =
            plan.constants.iter().filter(|(name, _)| !names.contains(name)).cloned().collect::<Vec<_>>();
        let names: Vec<&str> =
            names.iter().chain(extra.iter().map(|(name, _)| name)).map(String::as_str).collect();
        let renamed = plan.schema.kind(kind).map(|declared| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            rename(declared, &names, &self.rename).columns
        });
        let known: Vec<&str> = renamed.iter().flatten().map(String::as_str).collect();
        let account = plan.account_of(kind, &known, &mut empty.part())?;
        let failed = |error: &jihe_arrow::Error| {
            let (zh, en) = (error.message(Language::Chinese), error.message(Language::English));
            if error.is_usage() { Error::usage(zh, en) } else { Error::unreadable(zh, en) }
        };
        let kind_name = plan.schema.kind(kind).map_or("", |kind| kind.en.as_str());
        let mut reader = jihe_arrow::Reader::with(plan.schema, empty.part());
        let columns = Arc::new(with_constants(&RecordBatch::new_empty(self.reader.schema()), &extra, file)?);
        let pairs = self.rename.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
        let rename = jihe_arrow::Rename { pairs, lenient: true };
        let mut table =
            reader.open((kind_name, file), &columns.schema(), &rename).map_err(|error| failed(&error))?;
        let mut rows = 0u64;
        let mut take = |batches: Vec<RecordBatch>| -> Result<(), Error> {
            let more = batches.iter().map(RecordBatch::num_rows).fold(0, usize::saturating_add);
            rows = rows.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
            reader.read(&mut table, &batches, threads).map_err(|error| failed(&error))?;
            flow.pass(reader.builder_mut())
        };
        let batches = self.reader.map(|read| match read {
            Ok(batch) => with_constants(&batch, &extra, file),
            Err(error) => Err(damaged(file, &error)),
        });
        in_portions(batches, threads, &mut take)?;
        let mut part = Part::new(reader.into_builder());
        part.account = super::portion::Account { rows, ..account };
        Ok(part)
    }

    /// Fills a batch; false when nothing was left.
    pub(crate) fn fill(&mut self, file: &str, batch: &mut Batch) -> Result<bool, Error> {
        batch.columns = Arc::clone(&self.columns);
        let Some(read) = self.reader.next() else { return Ok(false) };
        let read = read.map_err(|error| damaged(file, &error))?;
        let columns =
            read.columns().iter().map(|column| as_text(file, column)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..read.num_rows() {
            self.row = self.row.saturating_add(1);
            batch.begin(self.row);
            let text = |texts: &StringArray| texts.is_valid(row).then(|| texts.value(row).to_owned());
            for texts in &columns {
                batch.cell(text(texts).unwrap_or_default().as_bytes());
            }
        }
        Ok(true)
    }
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

/// A batch with the values its folders carry.
fn with_constants(batch: &RecordBatch, extra: &[(String, String)], file: &str) -> Result<RecordBatch, Error> {
    if extra.is_empty() {
        return Ok(batch.clone());
    }
    let mut fields: Vec<Field> = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    let mut columns = batch.columns().to_vec();
    for (name, value) in extra {
        fields.push(Field::new(name, DataType::Utf8, true));
        columns.push(Arc::new(StringArray::from(vec![value.as_str(); batch.num_rows()])));
    }
    let made = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), columns);
    made.map_err(|error: ArrowError| Error::named(file, &error))
}

struct Owner(Arc<Vec<u8>>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn damaged(file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::file(
        file,
        &format!("不是完整的 Parquet 文件，可能被截断或损坏（{error}）"),
        &format!("no whole Parquet file; it may be cut off or damaged ({error})"),
    )
}

/// Any column as the text people would write: dates ISO, decimals without exponent, floats as shortest decimals.
fn as_text(file: &str, column: &ArrayRef) -> Result<StringArray, Error> {
    let format = FormatOptions::default()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S"))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S"));
    let options = CastOptions { safe: true, format_options: format };
    let texts =
        cast_with_options(column, &DataType::Utf8, &options).map_err(|error| Error::named(file, &error))?;
    texts.as_any().downcast_ref::<StringArray>().cloned().ok_or_else(|| Error::named(file, &"no text column"))
}
