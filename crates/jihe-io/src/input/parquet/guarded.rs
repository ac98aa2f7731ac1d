//! Parquet batches whose decoder may meet damage.
//!
//! In: a reader of batches. Out: the same batches; where the decoder panics over a damaged page, an error instead.
//! Invariant: after the first error nothing more is read.

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReader;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `parquet` does with bytes that may be damaged; it takes some of them at their word and panics where they lie.
pub(super) fn guarded<T, E: From<ArrowError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    // Nothing that the work has touched is used again after it panicked.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(E::from(damaged())))
}

/// Batches, up to the first error.
pub(super) struct Guarded {
    reader: ParquetRecordBatchReader,
    failed: bool,
}

impl Guarded {
    pub(super) fn new(reader: ParquetRecordBatchReader) -> Self {
        Self { reader, failed: false }
    }
}

impl Iterator for Guarded {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let reader = &mut self.reader;
        let next = guarded(|| reader.next().transpose()).transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

fn damaged() -> ArrowError {
    ArrowError::ParquetError("a page does not hold what it says".to_owned())
}
