//! Diagnostics as SARIF 2.1.0, which code-review sites read.
//!
//! In: diagnostics. Out: one SARIF log.
//! Invariant: columns count characters (`unicodeCodePoints`), from 1; codes are listed once, in order.

use super::is_placed;
use crate::{Diagnostic, Label, Language, Severity, Sources, Span};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// One SARIF log with a single run.
pub fn render_sarif(diagnostics: &[Diagnostic], sources: &Sources, language: Language) -> String {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Vec<Value> = codes.into_iter().map(|code| json!({ "id": code })).collect();
    let results: Vec<Value> =
        diagnostics.iter().map(|diagnostic| result(diagnostic, sources, language)).collect();
    let log = json!({
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "jihe", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn result(diagnostic: &Diagnostic, sources: &Sources, language: Language) -> Value {
    let mut message = diagnostic.message.get(language).to_owned();
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{}", help.get(language));
    }
    let mut placed = diagnostic.labels.iter().filter(|label| is_placed(label.span, sources));
    let first: Vec<Value> =
        placed.next().map(|label| location(label, sources, language)).into_iter().collect();
    let related: Vec<Value> = placed.map(|label| location(label, sources, language)).collect();
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level(diagnostic.severity),
        "message": { "text": message },
        "locations": first,
    });
    if let Some(object) = result.as_object_mut() {
        if !related.is_empty() {
            object.insert("relatedLocations".to_owned(), Value::Array(related));
        }
        if let Some(fix) = &diagnostic.fix {
            let replacement = json!({ "deletedRegion": region(fix.span, sources), "insertedContent": { "text": fix.replacement } });
            let change =
                json!({ "artifactLocation": artifact(fix.span, sources), "replacements": [replacement] });
            object.insert("fixes".to_owned(), json!([{ "artifactChanges": [change] }]));
        }
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn location(label: &Label, sources: &Sources, language: Language) -> Value {
    let physical =
        json!({ "artifactLocation": artifact(label.span, sources), "region": region(label.span, sources) });
    let text = label.text.get(language);
    if text.is_empty() {
        return json!({ "physicalLocation": physical });
    }
    json!({ "physicalLocation": physical, "message": { "text": text } })
}

fn artifact(span: Span, sources: &Sources) -> Value {
    json!({ "uri": sources.get(span.file).map_or("", |source| source.name.as_str()) })
}

fn region(span: Span, sources: &Sources) -> Value {
    let (start, end) = (sources.place(span.file, span.start), sources.place(span.file, span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}
