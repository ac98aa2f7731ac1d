//! Real time: one person's records, and claims checked against them.
//!
//! In: claims. Out: checks as JSON text.
//! Invariant: a session is used by one thread at a time; others wait without holding up Python.

use crate::errors::WireError;
use crate::tables::Tables;
use pyo3::prelude::*;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A session.
#[pyclass(frozen, module = "jihe._native")]
pub(crate) struct Session(Mutex<jihe::Session>);

impl Session {
    pub(crate) fn new(session: jihe::Session) -> Self {
        Self(Mutex::new(session))
    }

    fn lock(&self) -> MutexGuard<'_, jihe::Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Session {
    /// Checks JSON claims.
    fn check_json(&self, python: Python<'_>, claim: &str) -> PyResult<String> {
        python.detach(|| self.lock().check_json(claim)).map_err(WireError::new_err)
    }

    /// Checks what was read.
    fn check(&self, python: Python<'_>, tables: &Tables) -> PyResult<String> {
        let claims = tables.finish(python)?;
        Ok(python.detach(|| self.lock().check_claims_json(&claims)))
    }

    /// Everything that holds now.
    fn findings_json(&self, python: Python<'_>) -> String {
        python.detach(|| self.lock().findings_json())
    }

    /// Rows of the history that could not be read.
    fn rejects_json(&self, python: Python<'_>) -> String {
        python.detach(|| self.lock().rejects_json())
    }
}
