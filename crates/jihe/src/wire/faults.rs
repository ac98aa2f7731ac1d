//! What went wrong, as JSON: diagnostics, errors, rejected rows, failed tests.
//!
//! In: faults of rules, claims and calls. Out: JSON with the keys of `docs/contract.md`.
//! Invariant: every fault says what and where, in Chinese and English; missing is null.

use super::output::text;
use crate::error::Error;
use crate::ruleset::Ruleset;
use crate::run_tests::TestFailure;
use jihe_diagnostics::{Diagnostic, Fix, Label, Language, Severity, Sources, Span};
use jihe_model::ingest::Reject;
use serde::Serialize;

/// What there is to say about a place in the rules.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Diagnostic"))]
pub struct DiagnosticLine<'a> {
    /// Stable code, `E0208`; its page is `explain(code)`.
    code: &'static str,
    /// How grave it is.
    #[cfg_attr(test, ts(type = "\"error\" | \"warning\" | \"advice\""))]
    severity: Severity,
    /// Chinese.
    message: &'a str,
    /// English.
    message_en: &'a str,
    /// Where; the first is the place at fault.
    labels: Vec<LabelLine<'a>>,
    /// What would help, Chinese.
    help: Option<&'a str>,
    /// What would help, English.
    help_en: Option<&'a str>,
    /// A change that mends it.
    fix: Option<FixLine<'a>>,
}

/// A place and what is said about it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Label"))]
pub struct LabelLine<'a> {
    /// Where.
    place: PlaceLine<'a>,
    /// Chinese.
    text: &'a str,
    /// English.
    text_en: &'a str,
}

/// A change of the text.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Fix"))]
pub struct FixLine<'a> {
    /// What to replace.
    place: PlaceLine<'a>,
    /// With what.
    replacement: &'a str,
}

/// A place in the rules.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Place"))]
pub struct PlaceLine<'a> {
    /// Name of the file.
    file: Option<&'a str>,
    /// First byte.
    start: u32,
    /// Byte after the last.
    end: u32,
    /// Line of the first byte, from 1.
    line: u32,
    /// Its column in characters, from 1.
    column: u32,
    /// Its column in UTF-16 units, from 0, as editors count.
    utf16: u32,
    /// Line of the end.
    end_line: u32,
    /// Column of the end in UTF-16 units.
    end_utf16: u32,
}

/// A row that could not be read.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Reject"))]
pub struct RejectLine<'a> {
    /// English kind.
    kind: &'a str,
    /// The file; for claims given as JSON the kind as it was written.
    file: &'a str,
    /// Its line or row.
    line: u64,
    /// The column at fault; null when it is the whole row.
    column: Option<&'a str>,
    /// What stood there.
    value: &'a str,
    /// Why it cannot be taken, Chinese.
    reason: &'a str,
    /// Why, English.
    reason_en: &'a str,
}

/// Why a call gave nothing.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "WireError"))]
pub struct ErrorLine<'a> {
    /// Whose fault.
    #[cfg_attr(test, ts(type = "\"rules\" | \"claims\" | \"usage\""))]
    kind: &'static str,
    /// Of the first diagnostic, else `E0001` (claims) or `E0002` (usage).
    code: &'static str,
    /// Chinese.
    message: &'a str,
    /// English.
    message_en: &'a str,
    /// If the rules are at fault, where.
    diagnostics: Vec<DiagnosticLine<'a>>,
}

/// What the test blocks of rules came to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TestReport"))]
pub struct TestsLine<'a> {
    /// Test blocks.
    tests: usize,
    /// Expectations in them.
    expectations: usize,
    /// Those not met.
    failures: Vec<FailureLine<'a>>,
}

/// An expectation that was not met.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "TestFailure"))]
pub struct FailureLine<'a> {
    /// Name of the test block.
    test: &'a str,
    /// What differed, Chinese.
    message: &'a str,
    /// What differed, English.
    message_en: &'a str,
    /// The expectation.
    place: PlaceLine<'a>,
}

#[derive(Serialize)]
struct Diagnostics<'a> {
    diagnostics: Vec<DiagnosticLine<'a>>,
}

/// `{"diagnostics": […]}`
pub(super) fn diagnostics_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    text(&Diagnostics { diagnostics: diagnostic_lines(diagnostics, sources) })
}

/// An error object: `{"kind", "code", "message", "message_en", "diagnostics"}`.
pub fn error_json(error: &Error) -> String {
    text(&ErrorLine {
        kind: error.kind().as_str(),
        code: error.code(),
        message: error.message(Language::Chinese),
        message_en: error.message(Language::English),
        diagnostics: diagnostic_lines(error.diagnostics(), error.sources()),
    })
}

pub(super) fn tests_json(ruleset: &Ruleset) -> String {
    let report = ruleset.test();
    text(&TestsLine {
        tests: report.tests,
        expectations: report.expectations,
        failures: report.failures.iter().map(|failure| failure_line(failure, ruleset.sources())).collect(),
    })
}

fn failure_line<'a>(failure: &'a TestFailure, sources: &'a Sources) -> FailureLine<'a> {
    FailureLine {
        test: &failure.test,
        message: &failure.zh,
        message_en: &failure.en,
        place: place(failure.span, sources),
    }
}

/// A rejected row in the shape of the contract.
pub fn reject_line(reject: &Reject) -> RejectLine<'_> {
    RejectLine {
        kind: &reject.kind,
        file: &reject.file,
        line: reject.line,
        column: reject.column.as_deref(),
        value: &reject.value,
        reason: &reject.reason.zh,
        reason_en: &reject.reason.en,
    }
}

fn diagnostic_lines<'a>(diagnostics: &'a [Diagnostic], sources: &'a Sources) -> Vec<DiagnosticLine<'a>> {
    let label = |label: &'a Label| LabelLine {
        place: place(label.span, sources),
        text: &label.text.zh,
        text_en: &label.text.en,
    };
    let fix = |fix: &'a Fix| FixLine { place: place(fix.span, sources), replacement: &fix.replacement };
    let line = |diagnostic: &'a Diagnostic| DiagnosticLine {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: &diagnostic.message.zh,
        message_en: &diagnostic.message.en,
        labels: diagnostic.labels.iter().map(label).collect(),
        help: diagnostic.help.as_ref().map(|help| help.zh.as_str()),
        help_en: diagnostic.help.as_ref().map(|help| help.en.as_str()),
        fix: diagnostic.fix.as_ref().map(fix),
    };
    diagnostics.iter().map(line).collect()
}

fn place(span: Span, sources: &Sources) -> PlaceLine<'_> {
    let start = sources.place(span.file, span.start);
    let end = sources.place(span.file, span.end);
    PlaceLine {
        file: sources.get(span.file).map(|source| source.name.as_str()),
        start: span.start,
        end: span.end,
        line: start.line,
        column: start.column,
        utf16: start.utf16,
        end_line: end.line,
        end_utf16: end.utf16,
    }
}
