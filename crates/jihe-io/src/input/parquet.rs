//! Parquet files.
//!
//! In: a file. Out: batches of rows as the text a CSV of the same table would hold.
//! Invariant: a Parquet file gives the records that a CSV file of the same table gives.

use super::batch::Batch;
use super::bytes::Data;
use crate::error::Error;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::file::reader::ChunkReader;
use arrow::array::{Array, ArrayRef, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::DataType;
use arrow::util::display::FormatOptions;
use sha2::{Digest, Sha256};
use std::io;
use std::sync::Arc;

/// Rows of a Parquet file.
pub(crate) struct ParquetRows {
    reader: ParquetRecordBatchReader,
    columns: Arc<[String]>,
    hash: String,
    row: u64,
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
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(input).map_err(|error| damaged(file, &error))?;
        let columns: Vec<String> =
            builder.schema().fields().iter().map(|field| field.name().clone()).collect();
        let reader = builder.with_batch_size(8_192).build().map_err(|error| damaged(file, &error))?;
        Ok(Self { reader, columns: columns.into(), hash: format!("{:x}", hasher.finalize()), row: 0 })
    }

    /// SHA-256 of the file.
    pub(crate) fn hash(&self) -> &str {
        &self.hash
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
            for texts in &columns {
                batch.cell(if texts.is_null(row) { b"" } else { texts.value(row).as_bytes() });
            }
        }
        Ok(true)
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
