//! Diagnostics to text, for people and for machines.
//!
//! In: diagnostics, the sources they point into, a language. Out: a string, without colour.
//! Invariant: one file a format; none of them knows what a diagnostic is about.

mod concise;
mod json;
mod sarif;
mod text;

pub use concise::render_concise;
pub use json::render_json;
pub use sarif::render_sarif;
pub use text::render_text;

use crate::{Diagnostic, Language, Severity, Span};

/// The word for how grave a diagnostic is.
fn severity_word(severity: Severity, language: Language) -> &'static str {
    match (severity, language) {
        (Severity::Error, Language::Chinese) => "错误",
        (Severity::Warning, Language::Chinese) => "警告",
        (Severity::Advice, Language::Chinese) => "建议",
        (Severity::Error, Language::English) => "error",
        (Severity::Warning, Language::English) => "warning",
        (Severity::Advice, Language::English) => "advice",
    }
}

/// `错误[E0102]: …`, the line that stands alone.
fn headline(diagnostic: &Diagnostic, language: Language) -> String {
    let severity = severity_word(diagnostic.severity, language);
    format!("{severity}[{}]: {}", diagnostic.code, diagnostic.message.get(language))
}

/// Whether a label says where it is at all.
fn is_placed(span: Span, sources: &crate::Sources) -> bool {
    sources.get(span.file).is_some()
}
