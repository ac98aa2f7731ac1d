//! The text of a message to its parts.
//!
//! In: what stands between a message's marks. Out: plain text, and where its braces are.
//! Invariant: `{{` is `{`, `}}` is `}`, a lone `}` is itself, and a lone `{` that is never closed is a fault.

use std::ops::Range;

/// A piece of a message before its expressions are read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Text(String),
    /// Between a pair of braces, as a byte range of the text.
    Braces(Range<usize>),
}

/// Splits the text at its braces; on a fault, the byte where the unmatched brace stands.
pub(super) fn segments(text: &str) -> Result<Vec<Segment>, usize> {
    let mut segments = Vec::new();
    let mut plain = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '{' | '}') && chars.next_if(|(_, next)| *next == c).is_some() {
            plain.push(c);
        } else if c == '{' {
            let start = at.saturating_add(1);
            let end =
                text.get(start..).and_then(|rest| rest.find('}')).map(|found| start.saturating_add(found));
            let end = end.ok_or(at)?;
            while chars.next_if(|(next, _)| *next <= end).is_some() {}
            if !plain.is_empty() {
                segments.push(Segment::Text(std::mem::take(&mut plain)));
            }
            segments.push(Segment::Braces(start..end));
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() {
        segments.push(Segment::Text(plain));
    }
    Ok(segments)
}
