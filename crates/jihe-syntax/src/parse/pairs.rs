//! Pest's pairs to nodes.
//!
//! In: one piece of a file. Out: its [`Item`], or the first fault in it.
//! Invariant: `Rule::` occurs only in this file and its folder; every span is in bytes of the file and ends at a token.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a grammar has many rules, and each place wants a few of them"
)]

mod clause;
mod declare;
mod expected;
mod expression;
mod set;
mod test;

use super::cut::Piece;
use super::errors::{Fault, SyntaxError, span};
use super::scan::Scan;
use super::translate::{self, Failure};
use crate::tree::{Comment, Item, Name, Str};
use jihe_diagnostics::{FileId, Span};
use jihe_grammar::{JiheParser, Rule};
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};
use std::ops::Range;

type Node<'i> = pest::iterators::Pair<'i, Rule>;

/// The file a piece was cut from.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) scan: &'a Scan,
}

/// Reads one declaration.
pub(super) fn declaration(context: &Context<'_>, piece: &Piece) -> Result<Item, Fault> {
    let text = with_clause_breaks(context.text.get(piece.range()).unwrap_or(""), piece);
    let mut pairs = JiheParser::parse(Rule::only_declaration, &text).map_err(|error| {
        translate::translate(context.text, context.scan, piece, failure(&error, piece.start))
    })?;
    let mut builder = Builder { context, base: piece.start, fault: None };
    let node = pairs.next().and_then(|all| parts(all).next());
    let item = node.and_then(|node| builder.item(node));
    match (builder.fault, item) {
        (None, Some(item)) => Ok(item),
        (Some(fault), _) => Err(fault),
        (None, None) => Err((SyntaxError::NotADeclaration { found: String::new() }, piece.range())),
    }
}

/// Each line break before a clause becomes U+0001, so that no position shifts.
fn with_clause_breaks(text: &str, piece: &Piece) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut done = 0_usize;
    for at in &piece.clause_breaks {
        let at = at.saturating_sub(piece.start);
        broken.push_str(text.get(done..at).unwrap_or(""));
        broken.push('\u{1}');
        done = at.saturating_add(1);
    }
    broken.push_str(text.get(done..).unwrap_or(""));
    broken
}

/// Pest's error as position and expectations.
fn failure(error: &pest::error::Error<Rule>, base: usize) -> Failure {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => {
            positives.iter().copied().filter_map(expected::expected).collect()
        }
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    Failure { at: base.saturating_add(at), expected }
}

/// Builds nodes from pairs; keeps the first fault that the grammar cannot see.
struct Builder<'a> {
    context: &'a Context<'a>,
    /// Where in the file the text given to pest begins.
    base: usize,
    fault: Option<Fault>,
}

/// The children that carry meaning: no brackets, commas and the like.
fn parts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.into_inner().filter(|child| {
        !matches!(
            child.as_rule(),
            Rule::lp
                | Rule::rp
                | Rule::lb
                | Rule::rb
                | Rule::lk
                | Rule::rk
                | Rule::comma
                | Rule::colon
                | Rule::assign
                | Rule::EOI
        )
    })
}

impl Builder<'_> {
    fn fail(&mut self, error: SyntaxError, range: Range<usize>) {
        if self.fault.is_none() {
            self.fault = Some((error, range));
        }
    }

    /// The bytes of the file a node covers, without the blanks and comments pest leaves at its end.
    fn range(&self, node: &Node<'_>) -> Range<usize> {
        let covered = node.as_span();
        let start = self.base.saturating_add(covered.start());
        let mut end = self.base.saturating_add(covered.end());
        loop {
            let text = self.context.text.get(start..end).unwrap_or("");
            let trimmed = text.trim_end_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
            end = start.saturating_add(trimmed.len());
            match self.comment_at(end).filter(|comment| *comment >= start) {
                Some(comment) => end = comment,
                None => return start..end,
            }
        }
    }

    /// The start of the comment that reaches this byte.
    fn comment_at(&self, end: usize) -> Option<usize> {
        let position = u32::try_from(end).ok()?;
        let comments: &[Comment] = &self.context.scan.comments;
        let index = comments.partition_point(|comment| comment.span.start < position);
        let comment = comments.get(index.checked_sub(1)?)?;
        (comment.span.end >= position).then_some(usize::try_from(comment.span.start).ok()?)
    }

    fn span(&self, node: &Node<'_>) -> Span {
        span(self.context.file, self.range(node))
    }

    fn name(&self, node: &Node<'_>) -> Name {
        Name { text: node.as_str().to_owned(), span: self.span(node) }
    }

    fn string(&self, node: &Node<'_>) -> Str {
        Str { text: unquoted(node.as_str()).to_owned(), span: self.span(node) }
    }

    /// A whole number; a fault if it does not fit.
    fn integer(&mut self, node: &Node<'_>) -> i64 {
        let value = ascii_digits(node.as_str()).parse();
        if value.is_err() {
            let range = self.range(node);
            self.fail(SyntaxError::OutOfRange, range);
        }
        value.unwrap_or(0)
    }

    /// Whether two entries need a separator and have none: they stand on one line.
    fn separated(&mut self, before: &Range<usize>, entry: &Range<usize>) {
        let between = self.context.text.get(before.end..entry.start).unwrap_or("");
        if !between.contains('\n') {
            self.fail(SyntaxError::NoSeparator, entry.clone());
        }
    }
}

/// A string literal without its marks.
fn unquoted(text: &str) -> &str {
    let mut chars = text.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}

/// Full-width digits and points as ASCII.
fn ascii_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '０'..='９' => u32::from(c)
                .checked_sub(u32::from('０'))
                .and_then(|digit| char::from_digit(digit, 10))
                .unwrap_or(c),
            '．' => '.',
            '－' | '−' => '-',
            c => c,
        })
        .collect()
}
