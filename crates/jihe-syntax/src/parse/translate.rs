//! Where the grammar stopped, to what an author should read.
//!
//! In: a position, and the kinds of thing that could have stood there. Out: one [`SyntaxError`] and its place.
//! Invariant: pest's own words never reach a message.

use super::cut::Piece;
use super::errors::{Found, SyntaxError};
use super::scan::{Bracket, Scan, Token, TokenKind};
use crate::keywords::{self, Keyword};
use jihe_diagnostics::Text;
use std::ops::Range;

/// A kind of thing that may stand somewhere, most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expected {
    Expression,
    Name,
    Text,
    Date,
    Number,
    Unit,
    Mark(&'static str),
    Word(&'static str, &'static str),
    OneOf(&'static str, &'static str),
    Clause,
    Column,
    Field,
    Declaration,
    SetWord,
    Operator,
}

impl Expected {
    pub(super) fn word(keyword: Keyword) -> Self {
        Self::Word(keyword.zh, keyword.en)
    }

    fn text(self) -> Text {
        match self {
            Self::Expression => Text::new("表达式", "an expression"),
            Self::Name => Text::new("名称", "a name"),
            Self::Text => Text::new("引号中的文本", "a quoted text"),
            Self::Date => Text::new("日期（如 2024-01-01）", "a date such as 2024-01-01"),
            Self::Number => Text::new("整数", "a whole number"),
            Self::Unit => Text::new("单位", "a unit"),
            Self::Mark(mark) => Text::new(format!("`{mark}`"), format!("`{mark}`")),
            Self::Word(zh, en) => Text::new(format!("`{zh}`"), format!("`{en}`")),
            Self::OneOf(zh, en) => Text::new(zh, en),
            Self::Clause => Text::new("子句", "a clause"),
            Self::Column => Text::new("列", "a column"),
            Self::Field => Text::new("字段", "a field"),
            Self::Declaration => Text::new("声明", "a declaration"),
            Self::SetWord => Text::new("集合的限定（如 其中）", "`where`, `same(…)` or a period"),
            Self::Operator => Text::new("运算符", "an operator"),
        }
    }
}

/// Where the grammar stopped in the file, and what it would have taken.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) at: usize,
    pub(super) expected: Vec<Expected>,
}

/// The fault behind a failure of the grammar.
pub(super) fn translate(
    text: &str,
    scan: &Scan,
    piece: &Piece,
    failure: Failure,
) -> (SyntaxError, Range<usize>) {
    let tokens = scan.tokens.get(piece.tokens.clone()).unwrap_or(&[]);
    let next = tokens.iter().position(|token| token.range.end > failure.at);
    let before = match next {
        Some(index) => index.checked_sub(1).and_then(|index| tokens.get(index)),
        None => tokens.last(),
    };
    let previous = before.map_or(piece.start..piece.start, |token| token.range.clone());
    let Some(token) = next.and_then(|index| tokens.get(index)) else {
        return (SyntaxError::Unfinished { expected: listed(failure.expected) }, previous);
    };
    if piece
        .clause_breaks
        .iter()
        .any(|at| previous.end <= *at && *at < token.range.start && failure.at <= *at)
    {
        return (SyntaxError::Unexpected { found: Found::End, expected: listed(failure.expected) }, previous);
    }
    if let Some(unclosed) = unclosed(text, tokens, token, &failure) {
        return unclosed;
    }
    let range = token.range.start.max(failure.at)..token.range.end;
    let found = text.get(range.clone()).unwrap_or("");
    if let Some(error) = of_word(text, tokens, token, &failure) {
        return error;
    }
    if let TokenKind::Symbol(character) = token.kind
        && !LANGUAGE_MARKS.contains(character)
    {
        return (SyntaxError::StrangeCharacter { character }, range);
    }
    let found = Found::Text(shortened(found));
    (SyntaxError::Unexpected { found, expected: listed(failure.expected) }, range)
}

/// The marks of the language besides brackets and quotes.
const LANGUAGE_MARKS: &str = ",，、;；:：=＝.．+＋-－−×*＊÷/／<>＜＞≥≤≠%％!！";

/// A bracket still open where a clause begins or a bracket of another kind closes.
fn unclosed(
    text: &str,
    tokens: &[Token],
    token: &Token,
    failure: &Failure,
) -> Option<(SyntaxError, Range<usize>)> {
    let word = text.get(token.range.clone()).unwrap_or("");
    let ends = match token.kind {
        TokenKind::Word => token.first_on_line && keywords::is_clause_word(word),
        TokenKind::Close(_) => true,
        TokenKind::Open(_) | TokenKind::Text | TokenKind::Symbol(_) => false,
    };
    let mut open = Vec::new();
    for token in tokens.iter().take_while(|other| other.range.start < token.range.start) {
        match token.kind {
            TokenKind::Open(bracket) => open.push((bracket, token.range.clone())),
            TokenKind::Close(_) => drop(open.pop()),
            TokenKind::Word | TokenKind::Text | TokenKind::Symbol(_) => {}
        }
    }
    let (bracket, at) = open.pop()?;
    let close = match bracket {
        Bracket::Round => ")",
        Bracket::Square => "]",
        Bracket::Curly => return None,
    };
    let missing = ends && failure.expected.contains(&Expected::Mark(close));
    let open = text.get(at.clone()).unwrap_or("").to_owned();
    missing.then(|| (SyntaxError::Unclosed { open, close, at }, token.range.clone()))
}

/// The faults a word can have: reserved, run together with its neighbours, or no unit.
fn of_word(
    text: &str,
    tokens: &[Token],
    token: &Token,
    failure: &Failure,
) -> Option<(SyntaxError, Range<usize>)> {
    if token.kind != TokenKind::Word {
        return None;
    }
    let word = text.get(token.range.clone())?;
    let wants = |kind| failure.expected.contains(&kind);
    if word.starts_with(|c: char| c.is_numeric()) {
        let unit = word.trim_start_matches(|c: char| c.is_numeric());
        let start = token.range.end.checked_sub(unit.len())?;
        let telling = !unit.is_empty() && (wants(Expected::Unit) || wants(Expected::Expression));
        return telling.then(|| (SyntaxError::NotAUnit { word: unit.to_owned() }, start..token.range.end));
    }
    if keywords::is_reserved(word)
        && (wants(Expected::Name) || (wants(Expected::Expression) && is_noun(word)))
    {
        return Some((SyntaxError::Reserved { word: word.to_owned() }, token.range.clone()));
    }
    if matches!(word, "则" | "then") {
        let glued =
            tokens.iter().rev().skip_while(|other| other.range.start >= token.range.start).find(|other| {
                let word = text.get(other.range.clone()).unwrap_or("");
                word.starts_with('若') && word.len() > '若'.len_utf8()
            })?;
        let word = text.get(glued.range.clone())?.to_owned();
        let split = format!("若 {}", word.trim_start_matches('若'));
        return Some((SyntaxError::RunTogether { word, split }, glued.range.clone()));
    }
    if wants(Expected::Expression) || wants(Expected::Name) {
        return None;
    }
    let Some(split) = split(word) else {
        let lost = wants(Expected::Clause) && token.first_on_line && !keywords::is_reserved(word);
        return lost.then(|| (SyntaxError::NotAClause { found: word.to_owned() }, token.range.clone()));
    };
    Some((SyntaxError::RunTogether { word: word.to_owned(), split }, token.range.clone()))
}

/// `属于限定频次` → `属于 限定频次`, `以退费时间计` → `以 退费时间 计`.
fn split(word: &str) -> Option<String> {
    if let Some(clock) = word.strip_prefix('以').and_then(|rest| rest.strip_suffix('计'))
        && !clock.is_empty()
    {
        return Some(format!("以 {clock} 计"));
    }
    let (_, reserved, rest) = keywords::splits(word).into_iter().find(|(left, _, _)| left.is_empty())?;
    Some(format!("{reserved} {rest}"))
}

/// Reserved words that an author might take for a field's name.
fn is_noun(word: &str) -> bool {
    !keywords::is_infix_word(word)
        && !keywords::is_clause_word(word)
        && !matches!(word, "非" | "not" | "若" | "if")
}

/// What could have stood there, at most four kinds of it.
fn listed(mut expected: Vec<Expected>) -> Text {
    expected.sort();
    expected.dedup();
    let faint = [Expected::Mark("("), Expected::Mark("["), Expected::Unit];
    if expected.iter().any(|one| !faint.contains(one)) {
        expected.retain(|one| !faint.contains(one));
    }
    expected.truncate(4);
    let texts: Vec<Text> = expected.into_iter().map(Expected::text).collect();
    let zh: Vec<&str> = texts.iter().map(|text| text.zh.as_str()).collect();
    let en: Vec<&str> = texts.iter().map(|text| text.en.as_str()).collect();
    Text::new(joined(&zh, "、", " 或 "), joined(&en, ", ", " or "))
}

fn joined(parts: &[&str], comma: &str, or: &str) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{}{or}{last}", others.join(comma)),
    }
}

fn shortened(found: &str) -> String {
    const LONGEST: usize = 30;
    if found.chars().count() <= LONGEST {
        return found.to_owned();
    }
    found.chars().take(LONGEST).chain(['…']).collect()
}

/// Whether two words of two characters or more differ in one substitution, insertion or removal.
pub(super) fn differs_by_one(one: &str, other: &str) -> bool {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.len() < 2 || long.len().saturating_sub(short.len()) > 1 {
        return false;
    }
    let prefix = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let suffix = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    prefix.saturating_add(suffix) >= long.len().saturating_sub(1)
}
