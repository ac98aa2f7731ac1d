//! The library as JSON text: what the bindings call.
//!
//! In: JSON text. Out: JSON text, findings and diagnostics in the shapes of `docs/contract.md`.
//! Invariant: a binding converts, calls, converts; every shape is made here and nowhere else.

mod dates;
mod faults;
mod output;
mod pages;
mod parts;
mod session;
#[cfg(test)]
mod typescript;

pub use faults::{
    DiagnosticLine, ErrorLine, FailureLine, FixLine, LabelLine, PlaceLine, RejectLine, TestsLine, error_json,
    reject_line,
};
pub use output::{
    FindingLine, InvolvedLine, OffendingLine, ReportLine, finding_line, findings_json, report_json,
};
pub use pages::{ColumnLine, FileLine, RuleTextLine, SummaryLine, files_json, usage_json};
pub use session::{CheckLine, NotEvaluatedLine, WithdrawnLine};

use crate::error::{Error, ErrorKind};
use crate::files::RuleFiles;
use crate::ruleset::Ruleset;
use crate::{Language, Options};
use faults::{diagnostics_json, tests_json};
use serde::Deserialize;

/// What `compile`, `check` and `test` take.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    files: Vec<NamedText>,
    #[serde(default)]
    tables: Vec<NamedText>,
    #[serde(default)]
    params: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedText {
    name: String,
    text: String,
}

/// What `audit_json` takes beside the claims.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AuditOptions {
    threads: Option<usize>,
    as_of: Option<String>,
    coverage: Option<dates::Coverage>,
}

/// Compiles `{"files": [{"name", "text"}], "tables": [{"name", "text"}], "params": text}`.
///
/// # Errors
/// An error object as JSON text: `{"kind", "code", "message", "message_en", "diagnostics"}`.
pub fn compile(json: &str) -> Result<Ruleset, String> {
    files(json).and_then(|files| crate::compile(&files)).map_err(|error| error_json(&error))
}

/// The diagnostics of the same input, `{"diagnostics": […]}`; an error object if the input itself is malformed.
pub fn check(json: &str) -> String {
    match files(json) {
        Ok(files) => {
            let (_, diagnostics, sources) = crate::check(&files);
            diagnostics_json(&diagnostics, &sources)
        }
        Err(error) => error_json(&error),
    }
}

/// Compiles and runs the test blocks: `{"tests", "expectations", "failures": […]}`, or an error object.
pub fn test(json: &str) -> String {
    match compile(json) {
        Ok(ruleset) => tests_json(&ruleset),
        Err(error) => error,
    }
}

/// The canonical text of a rule file.
///
/// # Errors
/// An error object as JSON text.
pub fn format(text: &str, language: Option<Language>) -> Result<String, String> {
    crate::format("rules.jihe", text, language).map_err(|error| error_json(&error))
}

impl Ruleset {
    /// Audits claims given as JSON (contract 15): `{"version": 1, "findings", "coverage", "rejects"}`.
    /// `options` is empty or `{"threads", "as_of", "coverage": [from, to]}`; coverage
    /// may also be given by kind, `{kind: [from, to]}`.
    ///
    /// # Errors
    /// An error object as JSON text.
    pub fn audit_json(&self, claims: &str, options: &str) -> Result<String, String> {
        let run = || -> Result<String, Error> {
            let options: AuditOptions = read_options(options)?;
            let mut claims = self.claims_from_json(claims)?;
            claims.records.run = options.run(self.schema())?;
            let report = self.audit(&claims, &Options { threads: options.threads.unwrap_or(1).max(1) });
            Ok(report_json(&report, &claims.rejects))
        };
        run().map_err(|error| error_json(&error))
    }

    /// The warnings of compilation: `{"diagnostics": […]}`.
    pub fn warnings_json(&self) -> String {
        diagnostics_json(self.warnings(), self.sources())
    }
}

impl AuditOptions {
    fn run(&self, schema: &jihe_model::schema::Schema) -> Result<jihe_model::records::RunDates, Error> {
        dates::run_dates(schema, self.as_of.as_ref(), self.coverage.as_ref())
    }
}

fn files(json: &str) -> Result<RuleFiles, Error> {
    let input: Input = read(json)?;
    let mut files = RuleFiles::new();
    for file in input.files {
        files = files.rule(file.name, file.text);
    }
    for table in input.tables {
        files = files.table(table.name, table.text);
    }
    Ok(match input.params {
        Some(params) => files.params("params.jihe", params),
        None => files,
    })
}

/// Options, none where the text is empty.
fn read_options<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Error> {
    read(if json.trim().is_empty() { "{}" } else { json })
}

fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        Error::plain(
            ErrorKind::Usage,
            format!("参数 JSON 有误：{error}"),
            format!("malformed argument JSON: {error}"),
        )
    })
}
