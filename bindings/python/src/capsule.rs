//! The Arrow PyCapsule interface: tables from and to other libraries by pointer.
//!
//! In: an object with `__arrow_c_stream__` or `__arrow_c_array__`. Out: its batches; and capsules of our own batches.
//! Invariant: what a capsule holds is moved out once, so that each side releases only what it owns.

use crate::errors::error;
use arrow_array::ffi::{FFI_ArrowArray, from_ffi};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StructArray};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::ffi::CStr;

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

/// The batches of a table.
pub(crate) type Batches = Box<dyn RecordBatchReader + Send>;

/// The batches of an object; none if it has no such interface.
pub(crate) fn import(table: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<Batches>> {
    if table.hasattr("__arrow_c_stream__")? {
        let capsule = table.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
        return Ok(Some(Box::new(stream(&capsule, name)?)));
    }
    if table.hasattr("__arrow_c_array__")? {
        let pair = table.call_method0("__arrow_c_array__")?.cast_into::<PyTuple>()?;
        let schema = pair.get_item(0)?.cast_into::<PyCapsule>()?;
        let array = pair.get_item(1)?.cast_into::<PyCapsule>()?;
        let batch = batch(&schema, &array, name)?;
        let columns = batch.schema();
        return Ok(Some(Box::new(RecordBatchIterator::new([Ok(batch)], columns))));
    }
    Ok(None)
}

#[expect(unsafe_code, reason = "the C stream interface is a pointer")]
fn stream(capsule: &Bound<'_, PyCapsule>, name: &str) -> PyResult<ArrowArrayStreamReader> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: the capsule's name says what it points to (PyCapsule interface); it lives until this function returns, and
    // `from_raw` moves the stream out of it, leaving nothing to release.
    unsafe { ArrowArrayStreamReader::from_raw(pointer.as_ptr()) }.map_err(|fault| not_a_table(name, &fault))
}

#[expect(unsafe_code, reason = "the C data interface is two pointers")]
fn batch(schema: &Bound<'_, PyCapsule>, array: &Bound<'_, PyCapsule>, name: &str) -> PyResult<RecordBatch> {
    let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
    // SAFETY: the capsules' names say what they point to; both live until this function returns, the schema is only read,
    // and the array is moved out of its capsule, leaving nothing to release.
    let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) }
        .map_err(|fault| not_a_table(name, &fault))?;
    if !matches!(data.data_type(), DataType::Struct(_)) || data.null_count() > 0 {
        let fault = ArrowError::SchemaError(format!("{} is no table", data.data_type()));
        return Err(not_a_table(name, &fault));
    }
    Ok(RecordBatch::from(StructArray::from(data)))
}

fn not_a_table(name: &str, fault: &ArrowError) -> PyErr {
    error(
        "claims",
        &format!("“{name}”不是 Arrow 表：{fault}"),
        &format!("`{name}` is no Arrow table: {fault}"),
    )
}

/// A batch as a stream of one.
pub(crate) fn export_stream<'py>(
    python: Python<'py>,
    batch: &RecordBatch,
) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    PyCapsule::new_with_value(python, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// The columns of a batch.
pub(crate) fn export_schema<'py>(python: Python<'py>, schema: &SchemaRef) -> PyResult<Bound<'py, PyCapsule>> {
    let exported = FFI_ArrowSchema::try_from(schema.as_ref())
        .map_err(|fault| pyo3::exceptions::PyValueError::new_err(fault.to_string()))?;
    PyCapsule::new_with_value(python, exported, SCHEMA)
}
