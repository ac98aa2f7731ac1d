//! What the tests of this crate share.
//!
//! In: rule text. Out: typed rules, and diagnostics as lines.
//! Invariant: parsing and checking are done as the library does them.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::allow_attributes, reason = "an expectation would fail in the binary that uses all of it")]

use jihe_check::typed::TypedRules;
use jihe_check::{Files, Input};
use jihe_diagnostics::{Diagnostic, Severity, Sources};

/// Parses and checks one text.
pub(crate) fn checked(text: &str, files: &Files) -> (Option<TypedRules>, Vec<Diagnostic>, Sources) {
    checked_with(text, None, files)
}

/// Parses and checks a text with a parameter file.
pub(crate) fn checked_with(
    text: &str,
    parameters: Option<&str>,
    files: &Files,
) -> (Option<TypedRules>, Vec<Diagnostic>, Sources) {
    let mut sources = Sources::new();
    let id = sources.add("case.jihe", text);
    let second = parameters.map(|text| sources.add("params.jihe", text));
    let (tree, mut diagnostics) = jihe_syntax::parse(&sources, id);
    let overrides = second.map(|id| {
        let (tree, mut found) = jihe_syntax::parse(&sources, id);
        diagnostics.append(&mut found);
        tree
    });
    let schema = jihe_model::kinds::base_schema();
    let trees = [tree];
    let input = Input { trees: &trees, overrides: overrides.as_ref(), schema: &schema, files };
    let (typed, mut found) = jihe_check::check(&input, &sources);
    diagnostics.append(&mut found);
    (typed, diagnostics, sources)
}

/// A diagnostic on one line: code, places, message, help.
pub(crate) fn shown(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "advice",
    };
    let places: Vec<String> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let place = sources.place(label.span.file, label.span.start);
            let name = sources.get(label.span.file).map_or("", |source| source.name.as_str());
            let file = if name == "case.jihe" { String::new() } else { format!("{name}:") };
            format!("{file}{}:{}", place.line, place.column)
        })
        .collect();
    let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!(" | {}", help.zh));
    let fix = diagnostic.fix.as_ref().map_or_else(String::new, |fix| format!(" | → {}", fix.replacement));
    format!("{kind} {} {} {}{help}{fix}", diagnostic.code, places.join(" "), diagnostic.message.zh)
}
