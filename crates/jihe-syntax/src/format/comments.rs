//! Where comments go.
//!
//! In: the comments of a file and what stands around them. Out: each comment with the line it belongs to.
//! Invariant: no comment is lost or doubled; one that stood behind something on its line stays behind it.

use super::range;
use crate::tree::SyntaxTree;
use std::ops::Range;

/// A comment as it will be written.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Placed {
    /// Whether it stands behind this range on the same line.
    pub(super) fn trails(&self, before: &Range<usize>, source: &str) -> bool {
        source.get(before.end..self.range.start).is_some_and(|between| {
            let between = between.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
            !between.contains('\n')
                && between.chars().all(|c| matches!(c, ';' | '；' | ',' | '，' | '、' | '}' | '｝' | ' '))
        })
    }

    /// Whether it stands behind an opening brace on the same line.
    fn opens(&self, source: &str) -> bool {
        let before = source.get(..self.range.start).unwrap_or("");
        let line = before.trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        line.ends_with(['{', '｛'])
    }
}

/// A line of a block before its comments: a clause, column, derived field or test entry.
pub(super) struct Unit {
    pub(super) range: Range<usize>,
    pub(super) lines: Vec<String>,
    pub(super) leading: Vec<String>,
    pub(super) trailing: Option<String>,
}

impl Unit {
    pub(super) fn new(range: Range<usize>, lines: Vec<String>) -> Self {
        Self { range, lines, leading: Vec::new(), trailing: None }
    }

    /// Its lines with its comments, not yet indented.
    pub(super) fn written(self) -> Vec<String> {
        let mut lines = self.leading;
        lines.extend(self.lines);
        if let (Some(trailing), Some(last)) = (self.trailing, lines.last_mut()) {
            last.push_str("  ");
            last.push_str(&trailing);
        }
        lines
    }
}

/// The comments of a block that belong to none of its units.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Behind the opening brace.
    pub(super) opening: Option<String>,
    /// After the last unit.
    pub(super) closing: Vec<String>,
}

/// Gives each comment of a block to a unit. Units are in the author's order.
pub(super) fn distribute(comments: &[Placed], units: &mut [Unit], source: &str) -> Others {
    let mut others = Others::default();
    for comment in comments {
        let next = units.iter().position(|unit| unit.range.end > comment.range.start);
        let before = match next {
            Some(index) => index.checked_sub(1),
            None => units.len().checked_sub(1),
        };
        if let Some(unit) = before.and_then(|index| units.get_mut(index))
            && comment.trails(&unit.range, source)
            && unit.trailing.is_none()
        {
            unit.trailing = Some(comment.text.clone());
        } else if before.is_none() && others.opening.is_none() && comment.opens(source) {
            others.opening = Some(comment.text.clone());
        } else if let Some(unit) = next.and_then(|index| units.get_mut(index)) {
            unit.leading.push(comment.text.clone());
        } else {
            others.closing.push(comment.text.clone());
        }
    }
    others
}

fn all(tree: &SyntaxTree) -> impl Iterator<Item = Placed> {
    tree.comments.iter().map(|comment| {
        let text = match comment.text.strip_prefix('＃') {
            Some(rest) => format!("#{rest}"),
            None => comment.text.clone(),
        };
        Placed { range: range(comment.span), text }
    })
}

/// The comments inside a declaration.
pub(super) fn inside(tree: &SyntaxTree, item: &Range<usize>) -> Vec<Placed> {
    all(tree).filter(|comment| item.contains(&comment.range.start)).collect()
}

/// The comments outside all these ranges.
pub(super) fn outside(tree: &SyntaxTree, source: &str, covered: &[Range<usize>]) -> Vec<Placed> {
    all(tree)
        .filter(|comment| comment.range.end <= source.len())
        .filter(|comment| !covered.iter().any(|range| range.contains(&comment.range.start)))
        .collect()
}

/// The stretches of a gap that are neither blank nor comment.
pub(super) fn without(tree: &SyntaxTree, source: &str, gap: &Range<usize>) -> Vec<Range<usize>> {
    let mut stretches = Vec::new();
    let mut done = gap.start;
    let inside = all(tree).filter(|comment| gap.contains(&comment.range.start)).map(|comment| comment.range);
    for comment in inside.chain(std::iter::once(gap.end..gap.end)) {
        let text = source.get(done..comment.start).unwrap_or("");
        let blank = |c: char| c.is_whitespace() || c == '\u{FEFF}';
        let before = text.len().saturating_sub(text.trim_start_matches(blank).len());
        let kept = text.trim_matches(blank).len();
        if kept > 0 {
            let start = done.saturating_add(before);
            stretches.push(start..start.saturating_add(kept));
        }
        done = comment.end;
    }
    stretches
}
