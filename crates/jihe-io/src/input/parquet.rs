//! Parquet files.
//!
//! In: a file. Out: for a file of one kind whole columns, read as `jihe-arrow` reads them; for a mapped file rows as text.
//! Invariant: a Parquet file gives the records that a CSV file of the same table gives.

mod fields;
mod guarded;
mod passing;

use super::batch::Batch;
use super::bytes::Data;
use super::portion::{FilePlan, Flow, Part};
use super::rename::KindRenames;
use crate::error::Error;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use ::parquet::errors::ParquetError;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_cast::display::FormatOptions;
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType};
pub(crate) use fields::Whole;
use guarded::{Guarded, guarded};
use jihe::model::ingest::{RecordsBuilder, RenamePair};
use jihe::model::schema::KindId;
use sha2::{Digest, Sha256};
use std::io;
use std::sync::Arc;

/// Rows unpacked at a time: few enough to stay in a processor's cache.
const BATCH: usize = 1 << 15;

/// A Parquet file that has been opened.
pub(crate) struct ParquetRows {
    source: Source,
    metadata: ArrowReaderMetadata,
    columns: Arc<[String]>,
    /// The rows, once somebody reads them one by one.
    rows: Option<Guarded>,
    row: u64,
    rename: Vec<RenamePair>,
}

/// Where the bytes are; every reader opens them for itself.
#[derive(Debug, Clone)]
enum Source {
    #[cfg(feature = "fs")]
    Path(std::path::PathBuf),
    Bytes(bytes::Bytes),
}

impl ParquetRows {
    pub(crate) fn open(file: &str, data: &Data) -> Result<Self, Error> {
        let source = match data {
            #[cfg(feature = "fs")]
            Data::Path(path) => Source::Path(path.clone()),
            Data::Bytes(bytes) => Source::Bytes(bytes::Bytes::from_owner(Owner(Arc::clone(bytes)))),
        };
        let options = ArrowReaderOptions::new();
        let metadata = match &source {
            #[cfg(feature = "fs")]
            Source::Path(path) => {
                let input = std::fs::File::open(path).map_err(|error| Error::broken(file, &error))?;
                guarded(|| Ok::<_, ArrowError>(ArrowReaderMetadata::load(&input, options)?))
            }
            Source::Bytes(bytes) => {
                guarded(|| Ok::<_, ArrowError>(ArrowReaderMetadata::load(bytes, options)?))
            }
        };
        let metadata = metadata.map_err(|error| damaged(file, &error))?;
        let columns: Vec<String> =
            metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
        Ok(Self { source, metadata, columns: columns.into(), rows: None, row: 0, rename: Vec::new() })
    }

    /// SHA-256 of the file.
    pub(crate) fn hash(&self, file: &str) -> Result<String, Error> {
        self.source.hash().map_err(|error| Error::broken(file, &error))
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
        &self,
        (plan, kind): (&FilePlan<'s, '_>, KindId),
        builder: &mut RecordsBuilder<'s>,
        threads: usize,
    ) -> Result<Whole, Error> {
        fields::read(self, (plan, kind), builder, threads)
    }

    /// The same where rows go on while the file is read.
    pub(crate) fn pass_kind<'s>(
        &self,
        (plan, kind): (&FilePlan<'s, '_>, KindId),
        empty: &RecordsBuilder<'s>,
        (threads, flow): (usize, &mut Flow<'_, 's>),
    ) -> Result<Part<'s>, Error> {
        passing::read(self, (plan, kind), empty, (threads, flow))
    }

    /// Fills a batch; false when nothing was left.
    pub(crate) fn fill(&mut self, file: &str, batch: &mut Batch) -> Result<bool, Error> {
        batch.columns = Arc::clone(&self.columns);
        if self.rows.is_none() {
            let groups = (0..self.metadata.metadata().num_row_groups()).collect();
            let rows = self.source.reader(&self.metadata, (groups, ProjectionMask::all()));
            self.rows = Some(Guarded::new(rows.map_err(|error| damaged(file, &error))?));
        }
        let Some(read) = self.rows.as_mut().and_then(Iterator::next) else { return Ok(false) };
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

impl Source {
    /// Some of the rows and columns.
    fn reader(
        &self,
        metadata: &ArrowReaderMetadata,
        (groups, columns): (Vec<usize>, ProjectionMask),
    ) -> Result<ParquetRecordBatchReader, ParquetError> {
        let metadata = metadata.clone();
        match self {
            #[cfg(feature = "fs")]
            Source::Path(path) => {
                let all =
                    ParquetRecordBatchReaderBuilder::new_with_metadata(std::fs::File::open(path)?, metadata);
                all.with_row_groups(groups).with_projection(columns).with_batch_size(BATCH).build()
            }
            Source::Bytes(bytes) => {
                let all = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata);
                all.with_row_groups(groups).with_projection(columns).with_batch_size(BATCH).build()
            }
        }
    }

    fn hash(&self) -> io::Result<String> {
        let mut hasher = Sha256::new();
        match self {
            #[cfg(feature = "fs")]
            Source::Path(path) => drop(io::copy(&mut std::fs::File::open(path)?, &mut hasher)?),
            Source::Bytes(bytes) => hasher.update(bytes),
        }
        Ok(format!("{:x}", hasher.finalize()))
    }
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
