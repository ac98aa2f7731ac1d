//! Jihe for Python: texts, tables by pointer and JSON in, Arrow and JSON text out.
//!
//! In: what `python/jihe` passes. Out: objects of this module, or `WireError` holding an error object as JSON text.
//! Invariant: converts, calls, converts; no shape is made and nothing is decided here.

mod capsule;
mod errors;
mod frame;
mod report;
mod ruleset;
mod session;
mod tables;

use errors::WireError;
use frame::Frame;
use pyo3::prelude::*;
use report::Report;
use ruleset::{Ruleset, compile, rulebook};
use session::Session;
use tables::Tables;

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
    use super::{Frame, Report, Ruleset, Session, Tables, WireError, check, compile, format, rulebook, test};

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
