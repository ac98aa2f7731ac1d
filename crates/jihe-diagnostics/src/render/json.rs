//! Diagnostics as JSON.
//!
//! In: diagnostics. Out: one array, a diagnostic a line.
//! Invariant: lines and columns count from 1, columns in characters; `start` and `end` are bytes of the file.

use super::is_placed;
use crate::{Diagnostic, Fix, Label, Language, Severity, Sources, Span};
use serde::Serialize;

/// One array, a diagnostic a line, with messages in one language.
pub fn render_json(diagnostics: &[Diagnostic], sources: &Sources, language: Language) -> String {
    let lines: Vec<String> = diagnostics
        .iter()
        .filter_map(|diagnostic| serde_json::to_string(&record(diagnostic, sources, language)).ok())
        .collect();
    if lines.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", lines.join(",\n"))
}

#[derive(Serialize)]
struct Record<'a> {
    code: &'a str,
    severity: Severity,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    labels: Vec<LabelRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixRecord<'a>>,
}

#[derive(Serialize)]
struct LabelRecord<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    text: &'a str,
}

#[derive(Serialize)]
struct FixRecord<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct Range<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    start: u32,
    end: u32,
}

fn record<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources, language: Language) -> Record<'a> {
    let labels = diagnostic.labels.iter().filter(|label| is_placed(label.span, sources));
    Record {
        code: diagnostic.code,
        severity: diagnostic.severity,
        message: diagnostic.message.get(language),
        help: diagnostic.help.as_ref().map(|help| help.get(language)),
        labels: labels.map(|label| label_record(label, sources, language)).collect(),
        fix: diagnostic.fix.as_ref().map(|fix| fix_record(fix, sources)),
    }
}

fn label_record<'a>(label: &'a Label, sources: &'a Sources, language: Language) -> LabelRecord<'a> {
    LabelRecord { range: range(label.span, sources), text: label.text.get(language) }
}

fn fix_record<'a>(fix: &'a Fix, sources: &'a Sources) -> FixRecord<'a> {
    FixRecord { range: range(fix.span, sources), replacement: &fix.replacement }
}

fn range(span: Span, sources: &Sources) -> Range<'_> {
    let (start, end) = (sources.place(span.file, span.start), sources.place(span.file, span.end));
    Range {
        file: sources.get(span.file).map_or("", |source| source.name.as_str()),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        start: span.start,
        end: span.end,
    }
}
