//! Parquet files.
//!
//! In: a file. Out: rows pushed to the builder, their number, the file's hash.
//! Invariant: a cell is read as the text a CSV of the same table would hold, so that both give the same records.

use super::Reader;
use crate::error::Error;
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow::array::{Array, ArrayRef, StringArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::DataType;
use arrow::util::display::FormatOptions;
use jihe::model::ingest::Cell;
use jihe::model::schema::KindId;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::path::Path;

/// Reads one file.
pub(super) fn read(reader: &mut Reader<'_>, kind: KindId, path: &Path) -> Result<(u64, String), Error> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path).map_err(|error| Error::read(path, &error))?;
    std::io::copy(&mut file, &mut hasher).map_err(|error| Error::read(path, &error))?;
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| Error::read(path, &error))?;
    let names: Vec<String> = builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let header = reader.header(kind, path, &names)?;
    let batches = builder.with_batch_size(8_192).build().map_err(|error| Error::read(path, &error))?;
    let mut rows = 0u64;
    for batch in batches {
        let batch = batch.map_err(|error| Error::read(path, &error))?;
        let columns = batch
            .columns()
            .iter()
            .map(|column| as_text(path, column))
            .collect::<Result<Vec<StringArray>, Error>>()?;
        for row in 0..batch.num_rows() {
            rows = rows.saturating_add(1);
            reader.builder.push_row(&header, rows, |column| match columns.get(column) {
                Some(texts) if !texts.is_null(row) => Cell::Text(texts.value(row)),
                Some(_) | None => Cell::Missing,
            });
        }
    }
    Ok((rows, format!("{:x}", hasher.finalize())))
}

/// Any column as the text people would write: dates ISO, decimals without exponent, floats as shortest decimals.
fn as_text(path: &Path, column: &ArrayRef) -> Result<StringArray, Error> {
    let format = FormatOptions::default()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S"))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S"));
    let options = CastOptions { safe: true, format_options: format };
    let texts =
        cast_with_options(column, &DataType::Utf8, &options).map_err(|error| Error::read(path, &error))?;
    texts.as_any().downcast_ref::<StringArray>().cloned().ok_or_else(|| Error::read(path, &"no text column"))
}
