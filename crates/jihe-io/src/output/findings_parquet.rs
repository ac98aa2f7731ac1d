//! Findings as Parquet.
//!
//! In: findings. Out: the bytes of one file; texts as strings, the day as Date32, amounts as Decimal128(18, 4).
//! Invariant: the same columns in the same order as the CSV.

use crate::error::Error;
use crate::output::findings_csv::{COLUMNS, cells};
use arrow::array::{ArrayRef, Date32Array, Decimal128Array, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::record_batch::RecordBatch;
use jihe::model::finding::Finding;
use jihe::wire::finding_line;
use parquet::arrow::ArrowWriter;
use std::path::Path;
use std::sync::Arc;

/// The findings as a Parquet file.
pub(super) fn write(findings: &[Finding]) -> Result<Vec<u8>, Error> {
    let mut texts: Vec<Vec<Option<String>>> = vec![Vec::new(); COLUMNS.len()];
    for finding in findings {
        for (column, cell) in texts.iter_mut().zip(cells(&finding_line(finding))?) {
            column.push(Some(cell).filter(|cell| !cell.is_empty()));
        }
    }
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (name, cells) in COLUMNS.into_iter().zip(texts) {
        let array: ArrayRef = match name {
            "service_date" => Arc::new(days(findings)),
            "amount" => Arc::new(amounts(findings)?),
            _ => Arc::new(StringArray::from(cells)),
        };
        let ty = match name {
            "service_date" => DataType::Date32,
            "amount" => DataType::Decimal128(18, 4),
            _ => DataType::Utf8,
        };
        fields.push(Field::new(name, ty, true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(failed)?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, None).map_err(failed)?;
    writer.write(&batch).map_err(failed)?;
    writer.close().map_err(failed)?;
    Ok(bytes)
}

fn days(findings: &[Finding]) -> Date32Array {
    findings.iter().map(|finding| finding.service_date.and_then(|day| i32::try_from(day).ok())).collect()
}

fn amounts(findings: &[Finding]) -> Result<Decimal128Array, Error> {
    let amounts: Decimal128Array = findings.iter().map(|finding| finding.amount.map(i128::from)).collect();
    amounts.with_precision_and_scale(18, 4).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::write(Path::new("findings.parquet"), &error)
}
