//! A table of results, for any library that takes Arrow.
//!
//! In: a batch. Out: capsules of it.
//! Invariant: exporting never changes or copies the batch.

use crate::capsule;
use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// One batch.
#[pyclass(frozen, module = "jihe._native")]
pub(crate) struct Frame(pub(crate) RecordBatch);

#[pymethods]
impl Frame {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        python: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The interface lets a producer give its own types whatever was asked for.
        drop(requested_schema);
        capsule::export_stream(python, &self.0)
    }

    fn __arrow_c_schema__<'py>(&self, python: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::export_schema(python, &self.0.schema())
    }

    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.schema().fields().iter().map(|field| field.name().clone()).collect()
    }
}
