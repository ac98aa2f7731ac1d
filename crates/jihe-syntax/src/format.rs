//! Tree to canonical text.
//!
//! In: a [`SyntaxTree`], the sources it was read from, and a language to write keywords in. Out: the text of the file.
//! Invariant: idempotent; what it writes reads back as the same tree but for spans, the order of clauses and joined 其中.

mod comments;
mod expression;
mod item;
mod rule;
mod set;
mod width;

use crate::keywords::{self, Class, Keyword};
use crate::tree::{Item, SyntaxTree};
use comments::Placed;
use jihe_diagnostics::{Language, Sources};
use std::ops::Range;

/// Writes a file in canonical form: clauses in the order of the reference, half-width punctuation, comments kept.
/// With a language, keywords, functions and units are written in it; without one, each declaration keeps its own.
/// Text that could not be read is kept as it is.
///
/// ```
/// use jihe_diagnostics::Language;
/// let mut sources = jihe_diagnostics::Sources::new();
/// let file = sources.add("甲.jihe", "参数 上限＝３０天  自 2024年1月1日=28天 # 新规");
/// let (tree, _) = jihe_syntax::parse(&sources, file);
/// let chinese = "参数 上限 = 30 天\n  自 2024-01-01 = 28 天  # 新规\n";
/// assert_eq!(jihe_syntax::format(&tree, &sources, None), chinese);
/// let english = "parameter 上限 = 30 days\n  since 2024-01-01 = 28 days  # 新规\n";
/// assert_eq!(jihe_syntax::format(&tree, &sources, Some(Language::English)), english);
/// ```
pub fn format(tree: &SyntaxTree, sources: &Sources, language: Option<Language>) -> String {
    let source = sources.get(tree.file).map_or("", |source| source.text.as_str());
    let mut elements: Vec<Element> =
        tree.items.iter().map(|item| formatted(item, tree, source, language)).collect();
    elements.extend(unread(tree, source));
    elements.sort_by_key(|element| element.range.start);
    let covered: Vec<Range<usize>> = elements.iter().map(|element| element.range.clone()).collect();
    for comment in comments::outside(tree, source, &covered) {
        if let Some(element) = elements.iter_mut().find(|element| comment.trails(&element.range, source)) {
            element.text.push_str("  ");
            element.text.push_str(&comment.text);
            element.range.end = comment.range.end;
        } else {
            elements.push(Element { range: comment.range, text: comment.text });
        }
    }
    elements.sort_by_key(|element| element.range.start);
    joined(&elements, source)
}

/// Something at the top level: a declaration, a comment line, or text nobody could read.
struct Element {
    range: Range<usize>,
    text: String,
}

fn formatted(item: &Item, tree: &SyntaxTree, source: &str, language: Option<Language>) -> Element {
    let range = range(item.span);
    let printer = Printer {
        language: language.unwrap_or(item.language),
        converts: language.is_some(),
        comments: comments::inside(tree, &range),
        source,
    };
    Element { text: printer.item(item).join("\n"), range }
}

/// The stretches between declarations that hold more than blanks and comments.
fn unread(tree: &SyntaxTree, source: &str) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut done = 0_usize;
    let ends =
        tree.items.iter().map(|item| range(item.span)).chain(std::iter::once(source.len()..source.len()));
    for item in ends {
        let gap = done..item.start;
        let stands = comments::without(tree, source, &gap);
        if let (Some(first), Some(last)) = (stands.first(), stands.last()) {
            let range = first.start..last.end;
            elements.push(Element { text: source.get(range.clone()).unwrap_or("").to_owned(), range });
        }
        done = item.end;
    }
    elements
}

/// Elements on lines of their own; a blank line stays where the author left one.
fn joined(elements: &[Element], source: &str) -> String {
    let mut text = String::new();
    let mut before: Option<&Element> = None;
    for element in elements {
        if let Some(before) = before {
            let between = source.get(before.range.end..element.range.start).unwrap_or("");
            text.push_str(if between.matches('\n').count() > 1 { "\n\n" } else { "\n" });
        }
        text.push_str(&element.text);
        before = Some(element);
    }
    if before.is_some() {
        text.push('\n');
    }
    text
}

fn range(span: jihe_diagnostics::Span) -> Range<usize> {
    let position = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    position(span.start)..position(span.end)
}

/// Writes one declaration.
struct Printer<'a> {
    language: Language,
    /// Whether function names and natures are spelled in the language too.
    converts: bool,
    /// The comments inside the declaration.
    comments: Vec<Placed>,
    source: &'a str,
}

impl Printer<'_> {
    fn word(&self, keyword: Keyword) -> &'static str {
        keyword.spelled(self.language)
    }

    /// A name that is a word of one class, in the language asked for; any other name as it is.
    fn known<'n>(&self, name: &'n str, class: Class) -> &'n str
    where
        'static: 'n,
    {
        if !self.converts {
            return name;
        }
        keywords::find(name, class).map_or(name, |keyword| keyword.spelled(self.language))
    }
}

/// A text between marks that it does not contain.
fn quoted(text: &str) -> String {
    if text.contains('"') { format!("“{text}”") } else { format!("\"{text}\"") }
}
