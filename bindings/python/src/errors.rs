//! Errors as JSON text.
//!
//! In: an error of any of the libraries. Out: `WireError` with an error object (`docs/contract.md` 10) as its text.
//! Invariant: kind, message and message_en are always there.

use jihe::Language;
use pyo3::PyErr;
use serde_json::json;

pyo3::create_exception!(_native, WireError, pyo3::exceptions::PyException);

/// An error object with a text in both languages.
pub(crate) fn error(kind: &str, zh: &str, en: &str) -> PyErr {
    let code = match kind {
        "claims" => Some("E0001"),
        "usage" => Some("E0002"),
        "files" => Some("E0003"),
        _ => None,
    };
    let object = json!({ "kind": kind, "code": code, "message": zh, "message_en": en, "diagnostics": [] });
    WireError::new_err(object.to_string())
}

pub(crate) fn of_table(fault: &jihe_arrow::Error) -> PyErr {
    let kind = if fault.is_usage() { "usage" } else { "claims" };
    error(kind, fault.message(Language::Chinese), fault.message(Language::English))
}

pub(crate) fn of_file(fault: &jihe_io::Error) -> PyErr {
    let kind = if fault.is_usage() { "usage" } else { "files" };
    error(kind, fault.message(Language::Chinese), fault.message(Language::English))
}

pub(crate) fn of_rows(fault: &jihe::model::ingest::ClaimError) -> PyErr {
    let text = fault.text();
    error("claims", &text.zh, &text.en)
}
