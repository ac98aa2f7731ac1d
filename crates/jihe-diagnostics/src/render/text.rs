//! Diagnostics as people read them in a terminal.
//!
//! In: diagnostics. Out: message, source lines with the places underlined, help and fix. No colour.
//! Invariant: an underline begins and ends under its text also where characters are two columns wide.

use super::{headline, is_placed};
use crate::{Diagnostic, FileId, Label, Language, Sources, Span};
use unicode_width::UnicodeWidthChar;

/// Messages with the source lines they are about.
///
/// ```
/// use jihe_diagnostics::{Diagnostic, Language, Sources, Span, Text, render_text};
/// let mut sources = Sources::new();
/// let file = sources.add("甲.jihe", "规则 甲 {\n  设 重叠 = 1\n}");
/// let span = Span { file, start: 19, end: 25 };
/// let diagnostic = Diagnostic::error("E0102", span, Text::new("`重叠` 是保留字", "`重叠` is reserved"));
/// assert_eq!(
///     render_text(&[diagnostic], &sources, Language::English),
///     "\
/// error[E0102]: `重叠` is reserved
///   ┌ 甲.jihe:2:5
/// 2 │   设 重叠 = 1
///   │      ^^^^
/// "
/// );
/// ```
pub fn render_text(diagnostics: &[Diagnostic], sources: &Sources, language: Language) -> String {
    let blocks: Vec<String> =
        diagnostics.iter().map(|diagnostic| render_one(diagnostic, sources, language)).collect();
    blocks.join("\n")
}

fn render_one(diagnostic: &Diagnostic, sources: &Sources, language: Language) -> String {
    let labels = placed(diagnostic, sources);
    let last_line = labels.iter().map(|label| label.last_line).max().unwrap_or(0);
    let margin = last_line.to_string().len();
    let mut lines = vec![headline(diagnostic, language)];
    let mut before: Option<(FileId, u32)> = None;
    for label in &labels {
        if before.is_none_or(|(file, _)| file != label.span.file) {
            lines.push(format!("{:margin$} ┌ {}", "", label.place(sources)));
            before = None;
        }
        if before.is_none_or(|(_, line)| line != label.line) {
            if before.is_some_and(|(_, line)| line.saturating_add(1) < label.line) {
                lines.push(format!("{:margin$} ┆", ""));
            }
            lines.push(format!("{:margin$} │ {}", label.line, expanded(label.source)).trim_end().to_owned());
        }
        lines.push(format!("{:margin$} │ {}", "", label.underline(language)).trim_end().to_owned());
        before = Some((label.span.file, label.line));
    }
    lines.extend(remarks(diagnostic, language, margin));
    lines.push(String::new());
    lines.join("\n")
}

/// Help and fix.
fn remarks(diagnostic: &Diagnostic, language: Language, margin: usize) -> Vec<String> {
    let (help, fix) = match language {
        Language::Chinese => ("帮助", "改为"),
        Language::English => ("help", "fix"),
    };
    let help =
        diagnostic.help.as_ref().map(|text| format!("{:margin$} = {help}: {}", "", text.get(language)));
    let fix = diagnostic.fix.as_ref().map(|edit| format!("{:margin$} = {fix}: `{}`", "", edit.replacement));
    help.into_iter().chain(fix).collect()
}

/// A label with the line it stands on.
struct Placed<'a> {
    label: &'a Label,
    span: Span,
    /// The place of the fault, not of what it conflicts with.
    first: bool,
    line: u32,
    last_line: u32,
    /// The text of the line.
    source: &'a str,
    /// Display columns before the label, and under it.
    before: usize,
    under: usize,
}

/// The labels by file (the fault's file first) and then by line; on one line, from left to right.
fn placed<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Placed<'a>> {
    let fault_file = diagnostic.span().file;
    let mut placed: Vec<Placed<'_>> = diagnostic
        .labels
        .iter()
        .enumerate()
        .filter(|(_, label)| is_placed(label.span, sources))
        .map(|(index, label)| place(label, sources, index == 0))
        .collect();
    placed.sort_by_key(|label| {
        (label.span.file != fault_file, label.span.file, label.line, label.before, !label.first)
    });
    placed
}

fn place<'a>(label: &'a Label, sources: &'a Sources, first: bool) -> Placed<'a> {
    let span = label.span;
    let text = sources.get(span.file).map_or("", |source| source.text.as_str());
    let position = |byte: u32| usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let (start, end) = (position(span.start), position(span.end));
    let line_start =
        text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at.saturating_add(1));
    let rest = text.get(line_start..).unwrap_or("");
    let source = rest.split('\n').next().unwrap_or("").trim_end_matches('\r');
    let line_end = line_start.saturating_add(source.len());
    let width_of = |from: usize, to: usize| text.get(from..to).map_or(0, width);
    let start_place = sources.place(span.file, span.start);
    let last_line = sources.place(span.file, span.end).line;
    Placed {
        label,
        span,
        first,
        line: start_place.line,
        last_line,
        source,
        before: width_of(line_start, start),
        under: width_of(start, end.min(line_end)).max(1),
    }
}

impl Placed<'_> {
    /// `rules/c1.jihe:7:5`
    fn place(&self, sources: &Sources) -> String {
        let name = sources.get(self.span.file).map_or("", |source| source.name.as_str());
        let place = sources.place(self.span.file, self.span.start);
        format!("{name}:{}:{}", place.line, place.column)
    }

    fn underline(&self, language: Language) -> String {
        let mark = if self.first { "^" } else { "-" };
        let text = self.label.text.get(language);
        let more = match (self.last_line > self.line, language) {
            (false, _) => String::new(),
            (true, Language::Chinese) => format!("…至第{}行 ", self.last_line),
            (true, Language::English) => format!("…to line {} ", self.last_line),
        };
        format!("{}{} {more}{text}", " ".repeat(self.before), mark.repeat(self.under))
    }
}

const TAB: usize = 4;

/// Tabs as spaces and control characters as one column, so that what is counted is what is shown.
fn expanded(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '\t' => " ".repeat(TAB),
            c if c.width().is_none() => "\u{FFFD}".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

/// Display columns.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { TAB } else { c.width().unwrap_or(1) }).fold(0, usize::saturating_add)
}
