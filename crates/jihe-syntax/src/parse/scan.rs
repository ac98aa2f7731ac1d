//! Text to coarse tokens: enough to find comments, strings, brackets and first words of lines.
//!
//! In: the text of a file. Out: its tokens, its comments, and the faults only a scanner sees.
//! Invariant: tokens and comments are in order, disjoint, and lie on character boundaries.

use super::errors::{SyntaxError, span};
use crate::limits;
use crate::tree::Comment;
use jihe_diagnostics::FileId;
use std::ops::Range;

/// What the scanner found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) tokens: Vec<Token>,
    pub(super) comments: Vec<Comment>,
    pub(super) errors: Vec<(SyntaxError, Range<usize>)>,
}

/// A run of the text.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
    pub(super) first_on_line: bool,
}

/// The kinds of run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Text,
    Open(Bracket),
    Close(Bracket),
    Symbol(char),
}

/// The kinds of bracket, full-width ones included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Scan {
    /// The first fault that begins inside the range.
    pub(super) fn first_error(&self, range: Range<usize>) -> Option<(SyntaxError, Range<usize>)> {
        self.errors.iter().find(|(_, at)| range.contains(&at.start)).cloned()
    }
}

/// Reads the text once, from start to end.
pub(super) fn scan(text: &str, file: FileId) -> Scan {
    let mut scan = Scan::default();
    let mut first_on_line = true;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c == '\n' {
            first_on_line = true;
            continue;
        }
        if is_blank(c) {
            continue;
        }
        let end = end_of(text, start, c);
        while chars.next_if(|(at, _)| *at < end).is_some() {}
        let range = start..end;
        if is_comment_mark(c) {
            let text = text.get(range.clone()).unwrap_or("").trim_end().to_owned();
            let end = start.saturating_add(text.len());
            if text.contains('\u{1}') {
                scan.errors.push((SyntaxError::StrangeCharacter { character: '\u{1}' }, range));
            }
            scan.comments.push(Comment { span: span(file, start..end), text });
            continue;
        }
        note_faults(text, c, &range, &mut scan.errors);
        scan.tokens.push(Token { kind: kind_of(c), range, first_on_line });
        first_on_line = false;
    }
    scan
}

fn note_faults(text: &str, c: char, range: &Range<usize>, errors: &mut Vec<(SyntaxError, Range<usize>)>) {
    let token = text.get(range.clone()).unwrap_or("");
    if let Some(close) = closing_mark(c) {
        if token.len() == c.len_utf8() || !token.ends_with(close) {
            errors.push((SyntaxError::UnclosedText { close }, range.clone()));
        } else if token.contains('\u{1}') {
            errors.push((SyntaxError::StrangeCharacter { character: '\u{1}' }, range.clone()));
        } else if token.len() > limits::LITERAL_BYTES {
            errors.push((SyntaxError::TextTooLong { bytes: token.len() }, range.clone()));
        }
    } else if c.is_control() {
        errors.push((SyntaxError::StrangeCharacter { character: c }, range.clone()));
    }
}

/// Where the token that starts here ends.
fn end_of(text: &str, start: usize, c: char) -> usize {
    let after = start.saturating_add(c.len_utf8());
    let rest = text.get(after..).unwrap_or("");
    let line = || rest.split('\n').next().unwrap_or("");
    let length = if is_comment_mark(c) {
        line().len()
    } else if let Some(close) = closing_mark(c) {
        let line = line();
        line.find(close).map_or(line.len(), |at| at.saturating_add(close.len_utf8()))
    } else if is_word(c) {
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    } else {
        0
    };
    after.saturating_add(length)
}

fn kind_of(c: char) -> TokenKind {
    match c {
        '"' | '“' => TokenKind::Text,
        '(' | '（' => TokenKind::Open(Bracket::Round),
        '[' | '［' | '【' => TokenKind::Open(Bracket::Square),
        '{' | '｛' => TokenKind::Open(Bracket::Curly),
        ')' | '）' => TokenKind::Close(Bracket::Round),
        ']' | '］' | '】' => TokenKind::Close(Bracket::Square),
        '}' | '｝' => TokenKind::Close(Bracket::Curly),
        c if is_word(c) => TokenKind::Word,
        c => TokenKind::Symbol(c),
    }
}

fn closing_mark(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '“' => Some('”'),
        _ => None,
    }
}

/// The characters the grammar skips, the line break apart.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{3000}' | '\u{FEFF}' | '\u{A0}')
}

fn is_comment_mark(c: char) -> bool {
    matches!(c, '#' | '＃')
}

/// What may stand in a name, near enough: the grammar decides.
pub(crate) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '·'
}
