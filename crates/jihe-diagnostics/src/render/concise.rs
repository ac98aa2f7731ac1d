//! One line a diagnostic.
//!
//! In: diagnostics. Out: `file:line:column: error[E0102]: message` lines, as editors and grep read them.
//! Invariant: as many lines as diagnostics.

use super::headline;
use crate::{Diagnostic, Language, Sources};

/// One line a diagnostic: place, severity, code, message.
///
/// ```
/// use jihe_diagnostics::{Diagnostic, Language, Sources, Span, Text, render_concise};
/// let mut sources = Sources::new();
/// let file = sources.add("甲.jihe", "规则 甲 {\n  当 重叠 = 1\n}");
/// let span = Span { file, start: 19, end: 25 };
/// let diagnostic = Diagnostic::error("E0102", span, Text::new("`重叠` 是保留字", "`重叠` is reserved"));
/// assert_eq!(render_concise(&[diagnostic], &sources, Language::Chinese), "甲.jihe:2:5: 错误[E0102]: `重叠` 是保留字\n");
/// ```
pub fn render_concise(diagnostics: &[Diagnostic], sources: &Sources, language: Language) -> String {
    diagnostics.iter().map(|diagnostic| line(diagnostic, sources, language)).collect()
}

fn line(diagnostic: &Diagnostic, sources: &Sources, language: Language) -> String {
    let span = diagnostic.span();
    let headline = headline(diagnostic, language);
    let Some(source) = sources.get(span.file) else { return format!("{headline}\n") };
    let place = sources.place(span.file, span.start);
    format!("{}:{}:{}: {headline}\n", source.name, place.line, place.column)
}
