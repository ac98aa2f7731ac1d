//! What a run found, and the records to draw it with.
//!
//! In: a report and its claims. Out: frames, and JSON text by page.
//! Invariant: pages and frames are of one report, in the order of the contract.

use crate::errors::{WireError, of_table};
use crate::frame::Frame;
use jihe::model::value::Symbol;
use jihe_arrow::{coverage_batch, findings_batch, rejects_batch};
use pyo3::prelude::*;

/// A report with the claims it is about.
#[pyclass(frozen, module = "jihe._native")]
pub(crate) struct Report {
    pub(crate) ruleset: jihe::Ruleset,
    pub(crate) claims: jihe::Claims,
    pub(crate) report: jihe::Report,
}

#[pymethods]
impl Report {
    fn findings(&self, python: Python<'_>) -> PyResult<Frame> {
        python.detach(|| findings_batch(self.report.findings())).map(Frame).map_err(|fault| of_table(&fault))
    }

    fn coverage(&self, python: Python<'_>) -> PyResult<Frame> {
        python.detach(|| coverage_batch(self.report.manifest())).map(Frame).map_err(|fault| of_table(&fault))
    }

    fn rejects(&self, python: Python<'_>) -> PyResult<Frame> {
        python.detach(|| rejects_batch(&self.claims.rejects)).map(Frame).map_err(|fault| of_table(&fault))
    }

    fn findings_count(&self) -> usize {
        self.report.findings().len()
    }

    fn rejects_count(&self) -> usize {
        self.claims.rejects.len()
    }

    /// Findings from place `offset` on, at most `limit`.
    fn findings_page(&self, python: Python<'_>, offset: usize, limit: usize) -> String {
        python.detach(|| self.report.findings_page_json(offset, limit))
    }

    /// Rejected rows from place `offset` on, at most `limit`.
    fn rejects_page(&self, python: Python<'_>, offset: usize, limit: usize) -> String {
        python.detach(|| self.claims.rejects_page_json(offset, limit))
    }

    /// The place of a finding.
    fn position(&self, finding_id: &str) -> Option<usize> {
        self.report.findings().iter().position(|finding| finding.finding_id == finding_id)
    }

    /// The number of findings and the coverage manifest.
    fn summary(&self) -> String {
        self.report.summary_json()
    }

    /// The whole report.
    fn json(&self, python: Python<'_>) -> String {
        python.detach(|| jihe::wire::report_json(&self.report, &self.claims.rejects))
    }

    /// The keys of all records of a kind, in the order read.
    fn keys(&self, kind: &str) -> Vec<&str> {
        let schema = self.ruleset.schema();
        let id = schema.find_kind(kind);
        let origin = id.and_then(|id| schema.kind(id)).and_then(|kind| kind.raw_of).or(id);
        let table = origin.and_then(|id| self.claims.records.tables.get(&id));
        let text = |key: &u32| self.claims.records.symbols.text(Symbol(*key));
        table.map(|table| table.keys.iter().map(text).collect()).unwrap_or_default()
    }

    /// Records of a kind by key.
    fn records(&self, python: Python<'_>, kind: &str, keys: &str) -> PyResult<String> {
        let found = python.detach(|| self.ruleset.records_json(&self.claims.records, kind, keys));
        found.map_err(WireError::new_err)
    }
}
