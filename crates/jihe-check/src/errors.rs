//! What the checker says.
//!
//! In: what is wrong, with its places. Out: diagnostics in Chinese and English.
//! Invariant: `E02xx` are names, `E03xx` types, `E04xx` structure and tables, `W05xx` warnings; one function a message.

pub(crate) mod aggregates;
pub(crate) mod lints;
pub(crate) mod lookups;
pub(crate) mod names;
pub(crate) mod structure;
pub(crate) mod tables;
pub(crate) mod tests;
pub(crate) mod types;

use jihe_diagnostics::{Diagnostic, Language, Span, Text};
use jihe_model::schema::Schema;
use jihe_model::types::Type;

use crate::typed::Expr;

/// A text in both languages.
pub(crate) fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text::new(zh, en)
}

/// A type, in both languages.
pub(crate) fn said(schema: &Schema, ty: Type) -> (String, String) {
    let name = |language| jihe_model::names::type_name(schema, ty, language);
    (name(Language::Chinese), name(Language::English))
}

/// At most three names near the one written.
pub(crate) fn near<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    jihe_model::nearest::nearest(wanted, known)
}

/// Names in backticks, in a list.
pub(crate) fn quoted(names: &[&str], mark: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(mark)
}

/// An error with its help.
pub(crate) fn error(
    code: &'static str,
    span: Span,
    (zh, en): (&str, &str),
    (help_zh, help_en): (&str, &str),
) -> Diagnostic {
    Diagnostic::error(code, span, text(zh, en)).help(text(help_zh, help_en))
}

/// Says of a value what its type is.
pub(crate) fn labelled(diagnostic: Diagnostic, schema: &Schema, value: &Expr) -> Diagnostic {
    let (zh, en) = said(schema, value.ty);
    diagnostic.and(value.span, text(zh, en))
}
