//! Findings as Parquet.
//!
//! In: findings, one after the other. Out: one file, a batch of rows at a time; texts as strings, the day as Date32,
//! amounts as Decimal128(18, 4).
//! Invariant: the same columns in the same order as the CSV, and the same bytes whatever the size of a batch.

use crate::error::Error;
use crate::output::findings_csv::{COLUMNS, cells};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Date32Array, Decimal128Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use jihe::model::finding::Finding;
use jihe::wire::finding_line;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::borrow::Borrow;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows of a row group: what the writer holds in memory.
const ROW_GROUP: usize = 1 << 16;

/// Findings taken at a time; row groups are made of whole portions.
const PORTION: usize = 1 << 13;

/// Writes findings as a Parquet file. With the feature `threads` the next portion is put into columns while the last is
/// packed.
pub(super) fn write<F: Borrow<Finding>>(
    mut findings: impl Iterator<Item = Result<F, Error>>,
    out: &mut (dyn Write + Send),
) -> Result<(), Error> {
    let schema = Arc::new(Schema::new(COLUMNS.map(|name| Field::new(name, type_of(name), true)).to_vec()));
    let properties = WriterProperties::builder().set_max_row_group_size(ROW_GROUP).build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(failed)?;
    let mut texts: Vec<StringBuilder> = COLUMNS.iter().map(|_| StringBuilder::new()).collect();
    let next = || -> Option<Result<RecordBatch, Error>> {
        let portion = match findings.by_ref().take(PORTION).collect::<Result<Vec<F>, Error>>() {
            Ok(portion) if portion.is_empty() => return None,
            Ok(portion) => portion,
            Err(error) => return Some(Err(error)),
        };
        let portion: Vec<&Finding> = portion.iter().map(Borrow::borrow).collect();
        let arrays = arrays(&portion, &mut texts);
        Some(arrays.and_then(|arrays| RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(failed)))
    };
    pack(std::iter::from_fn(next), &mut writer)?;
    writer.close().map_err(failed)?;
    Ok(())
}

/// Packs batches while the next is made.
#[cfg(feature = "threads")]
fn pack<W: Write + Send>(
    mut batches: impl Iterator<Item = Result<RecordBatch, Error>>,
    writer: &mut ArrowWriter<W>,
) -> Result<(), Error> {
    std::thread::scope(|scope| {
        let (made, waiting) = std::sync::mpsc::sync_channel::<RecordBatch>(1);
        let packer =
            scope.spawn(move || waiting.iter().try_for_each(|batch| writer.write(&batch).map_err(failed)));
        // A packer that met an error listens no more; its error is told below.
        let sent = batches.try_for_each(|batch| batch.map(|batch| drop(made.send(batch))));
        drop(made);
        let outcome = packer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        sent.and(outcome)
    })
}

/// Packs batches one after the other.
#[cfg(not(feature = "threads"))]
fn pack<W: Write + Send>(
    mut batches: impl Iterator<Item = Result<RecordBatch, Error>>,
    writer: &mut ArrowWriter<W>,
) -> Result<(), Error> {
    batches.try_for_each(|batch| writer.write(&batch?).map_err(failed))
}

fn type_of(name: &str) -> DataType {
    match name {
        "service_date" => DataType::Date32,
        "amount" => DataType::Decimal128(18, 4),
        _ => DataType::Utf8,
    }
}

/// The columns of some findings.
fn arrays(findings: &[&Finding], texts: &mut [StringBuilder]) -> Result<Vec<ArrayRef>, Error> {
    let mut scratch = Vec::new();
    for finding in findings {
        cells(&finding_line(finding), &mut scratch, &mut |at, cell| {
            if let Some(column) = texts.get_mut(at) {
                column.append_option(Some(cell).filter(|cell| !cell.is_empty()));
            }
            Ok(())
        })?;
    }
    let column = |(name, texts): (&&str, &mut StringBuilder)| -> Result<ArrayRef, Error> {
        let texts = texts.finish();
        Ok(match *name {
            "service_date" => Arc::new(days(findings)),
            "amount" => Arc::new(amounts(findings)?),
            _ => Arc::new(texts),
        })
    };
    COLUMNS.iter().zip(texts).map(column).collect()
}

fn days(findings: &[&Finding]) -> Date32Array {
    findings.iter().map(|finding| finding.service_date.and_then(|day| i32::try_from(day).ok())).collect()
}

fn amounts(findings: &[&Finding]) -> Result<Decimal128Array, Error> {
    let amounts: Decimal128Array = findings.iter().map(|finding| finding.amount.map(i128::from)).collect();
    amounts.with_precision_and_scale(18, 4).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::write(Path::new("findings.parquet"), &error)
}
