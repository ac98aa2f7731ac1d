//! Compiled rules.
//!
//! In: rule texts as JSON, tables, options. Out: reports, sessions, JSON text about the rules.
//! Invariant: other Python threads run while rules are compiled or run.

use crate::errors::{WireError, error};
use crate::report::Report;
use crate::session::Session;
use crate::tables::Tables;
use jihe::model::records::RunDates;
use jihe::{Claims, Options, Portion, Watch};
use pyo3::prelude::*;
use std::sync::Arc;

/// How to run: options as JSON text, threads, ids of the rules to run, and a function of portions done and their number.
#[derive(FromPyObject)]
struct Run(String, usize, Option<Vec<String>>, Option<Py<PyAny>>);

/// Compiled rules.
#[pyclass(frozen, module = "jihe._native")]
pub(crate) struct Ruleset(pub(crate) jihe::Ruleset);

#[pymethods]
impl Ruleset {
    /// Audits JSON claims to JSON text.
    fn audit_json(&self, python: Python<'_>, claims: &str, options: &str) -> PyResult<String> {
        python.detach(|| self.0.audit_json(claims, options)).map_err(WireError::new_err)
    }

    /// Audits what was read; `run` is options as JSON text, threads, rule ids or none, and whom to tell or none.
    fn audit(&self, python: Python<'_>, tables: &Tables, run: Run) -> PyResult<Report> {
        let Run(options, threads, only, watch) = run;
        let claims = self.dated(tables.finish(python)?, &options)?;
        let report = python.detach(|| {
            let portion = Portion { only, watch: watch.map(teller) };
            let options = Options { threads: threads.max(1) };
            self.0.audit_portion(&claims, &options, portion)
        });
        let report = report.map_err(|fault| {
            let (zh, en) = (fault.message(jihe::Language::Chinese), fault.message(jihe::Language::English));
            error(fault.kind().as_str(), zh, en)
        })?;
        Ok(Report { ruleset: self.0.clone(), claims, report })
    }

    /// Opens a session over JSON claims.
    fn session_json(&self, python: Python<'_>, history: &str, options: &str) -> PyResult<Session> {
        let opened = python.detach(|| self.0.session_json(history, options));
        opened.map(Session::new).map_err(WireError::new_err)
    }

    /// Opens a session over what was read.
    fn session(&self, python: Python<'_>, tables: &Tables, options: &str) -> PyResult<Session> {
        let claims = tables.finish(python)?;
        let opened = python.detach(|| self.0.session_of_json(claims, options));
        opened.map(Session::new).map_err(WireError::new_err)
    }

    /// Rows of summaries over what was read, as JSON text; `names` are those of the summaries.
    fn snapshot(
        rules: &Bound<'_, Self>,
        tables: &Tables,
        options: &str,
        names: Vec<String>,
    ) -> PyResult<String> {
        let (python, rules) = (rules.py(), rules.get());
        let claims = rules.dated(tables.finish(python)?, options)?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        python.detach(|| rules.0.snapshot_json(&claims, &names)).map_err(WireError::new_err)
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

    /// The name of the package.
    #[getter]
    fn name(&self) -> &str {
        &self.0.typed().package.name
    }

    /// The version of the package.
    #[getter]
    fn version(&self) -> &str {
        &self.0.typed().package.version
    }

    /// Every rule with its text.
    fn rules_json(&self) -> String {
        self.0.rules_json()
    }

    /// What a host must fetch.
    fn requirements_json(&self) -> String {
        self.0.requirements_json()
    }

    /// How records and rules fall into parts.
    fn layout_json(&self) -> String {
        self.0.layout_json()
    }

    /// Money of findings, each charge counted once.
    fn totals_json(&self, python: Python<'_>, findings: &str) -> PyResult<String> {
        python.detach(|| self.0.totals_json(findings)).map_err(WireError::new_err)
    }

    /// The plan in words.
    fn explain(&self, python: Python<'_>) -> String {
        python.detach(|| self.0.explain())
    }
}

impl Ruleset {
    /// Claims with the days that options give; those that they do not give are left as a folder tells them.
    fn dated(&self, mut claims: Claims, options: &str) -> PyResult<Claims> {
        let given = self.0.run_dates_json(options).map_err(WireError::new_err)?;
        let told = claims.records.run;
        let (as_of, coverage) = (given.as_of.or(told.as_of), given.coverage.or(told.coverage));
        claims.records.run = RunDates { as_of, coverage, ..given };
        Ok(claims)
    }
}

/// Tells Python how far a run is. What Python raises there stops nothing.
fn teller(watch: Py<PyAny>) -> Watch {
    Watch(Arc::new(move |done, total| {
        Python::attach(|python| {
            if let Err(raised) = watch.call1(python, (done, total)) {
                raised.write_unraisable(python, None);
            }
        });
    }))
}

/// Compiles rules.
#[pyfunction]
pub(crate) fn compile(python: Python<'_>, input: &str) -> PyResult<Ruleset> {
    python.detach(|| jihe::wire::compile(input)).map(Ruleset).map_err(WireError::new_err)
}

/// File name and text.
type NamedText = (&'static str, &'static str);

/// The shipped rules, as the texts that `compile` takes: file name and text of rules, then of tables.
#[pyfunction]
pub(crate) fn rulebook() -> (Vec<NamedText>, Vec<NamedText>) {
    (jihe_rulebook::files().to_vec(), jihe_rulebook::tables().to_vec())
}
