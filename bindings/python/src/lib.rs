//! Jihe for Python: JSON text in and out of `jihe::wire`.
//!
//! In: JSON text from `python/jihe/__init__.py`. Out: JSON text, or `WireError` holding an error object as JSON text.
//! Invariant: converts, calls, converts; no shape is made and nothing is decided here.

#![expect(missing_docs, reason = "the macro that makes the exception's type gives it no documentation")]

use pyo3::prelude::*;

pyo3::create_exception!(_native, WireError, pyo3::exceptions::PyException);

/// Compiled rules.
#[pyclass(frozen, module = "jihe._native")]
struct Ruleset(jihe::Ruleset);

#[pymethods]
impl Ruleset {
    /// Audits claims; other Python threads run meanwhile.
    fn audit(&self, python: Python<'_>, claims: &str, options: &str) -> PyResult<String> {
        python.detach(|| self.0.audit_json(claims, options)).map_err(WireError::new_err)
    }

    /// What compilation had to say without refusing.
    fn warnings(&self) -> String {
        self.0.warnings_json()
    }

    /// The hash that names the rules in every coverage manifest.
    #[getter]
    fn hash(&self) -> &str {
        self.0.hash()
    }

    /// The plan in words.
    fn explain(&self, python: Python<'_>) -> String {
        python.detach(|| self.0.explain())
    }
}

/// Compiles rules.
#[pyfunction]
fn compile(python: Python<'_>, input: &str) -> PyResult<Ruleset> {
    python.detach(|| jihe::wire::compile(input)).map(Ruleset).map_err(WireError::new_err)
}

/// The diagnostics of rules.
#[pyfunction]
fn check(python: Python<'_>, input: &str) -> String {
    python.detach(|| jihe::wire::check(input))
}

/// Runs the test blocks of rules.
#[pyfunction]
fn test(python: Python<'_>, input: &str) -> String {
    python.detach(|| jihe::wire::test(input))
}

/// The canonical text of a rule file, keywords as written or all in one language.
#[pyfunction]
fn format(text: &str, language: Option<&str>) -> PyResult<String> {
    let language = match language {
        None => None,
        Some("zh") => Some(jihe::Language::Chinese),
        Some("en") => Some(jihe::Language::English),
        Some(other) => {
            let message = format!("language is \"zh\" or \"en\", not {other:?}");
            return Err(pyo3::exceptions::PyValueError::new_err(message));
        }
    };
    jihe::wire::format(text, language).map_err(WireError::new_err)
}

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::{Ruleset, WireError, check, compile, format, test};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
