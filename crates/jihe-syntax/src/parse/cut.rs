//! Tokens to pieces, one declaration each.
//!
//! In: a file's text and tokens. Out: the pieces, in order, and what makes a piece unreadable before the grammar sees it.
//! Invariant: pieces are disjoint and hold every token. Two operands never stand side by side, so a declaration word
//! first on its line, before a name and the mark its declaration needs, begins a declaration even where a brace is missing.

use super::errors::SyntaxError;
use super::scan::{Bracket, Scan, Token, TokenKind};
use crate::keywords;
use crate::limits;
use std::ops::Range;

/// A stretch of the text that should be one declaration.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    /// Bytes of the file.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Indexes of its tokens.
    pub(super) tokens: Range<usize>,
    /// What it declares; none if its first word is no declaration word.
    pub(super) word: Option<Declares>,
    /// Where the declared name stands.
    pub(super) name: Option<Range<usize>>,
    /// Line breaks before a clause word that begins a clause, or a name that begins an entry of 派生 or 统计.
    pub(super) clause_breaks: Vec<usize>,
    /// Where the names of the entries of 派生 stand.
    pub(super) entries: Vec<Range<usize>>,
}

impl Piece {
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The declarations, by their first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declares {
    Package,
    Parameter,
    Codes,
    Table,
    Extend,
    Derive,
    Summary,
    Rule,
    Test,
}

/// Cuts a file into its declarations.
pub(super) fn cut(text: &str, scan: &Scan) -> Vec<Piece> {
    let mut cutter =
        Cutter { text, tokens: &scan.tokens, pieces: Vec::new(), depth: 0, closed: true, opened: false };
    for index in 0..scan.tokens.len() {
        cutter.take(index);
    }
    let mut pieces = cutter.pieces;
    for piece in &mut pieces {
        let tokens = scan.tokens.get(piece.tokens.clone()).unwrap_or(&[]);
        match piece.word {
            Some(Declares::Rule) => piece.clause_breaks = clause_breaks(text, tokens),
            Some(Declares::Derive | Declares::Summary) => {
                let entries = entries(tokens);
                piece.clause_breaks = entry_breaks(text, &entries);
                if piece.word == Some(Declares::Derive) {
                    piece.entries = entries.into_iter().map(|name| name.range.clone()).collect();
                }
            }
            _ => {}
        }
    }
    pieces
}

/// Why a piece cannot be given to the grammar: it is no declaration, or nested too deeply.
pub(super) fn refusal(text: &str, scan: &Scan, piece: &Piece) -> Option<(SyntaxError, Range<usize>)> {
    let tokens = scan.tokens.get(piece.tokens.clone()).unwrap_or(&[]);
    if piece.word.is_none() {
        let first = tokens.first()?;
        let found = text.get(first.range.clone()).unwrap_or("").to_owned();
        return Some((SyntaxError::NotADeclaration { found }, first.range.clone()));
    }
    too_deep(text, tokens).map(|range| (SyntaxError::TooDeep, range))
}

/// Where brackets and open 若 first stand more than the limit inside one another.
fn too_deep(text: &str, tokens: &[Token]) -> Option<Range<usize>> {
    let mut brackets = 0_usize;
    let mut conditions = 0_usize;
    for token in tokens {
        match (token.kind, text.get(token.range.clone()).unwrap_or("")) {
            (TokenKind::Open(_), _) => brackets = brackets.saturating_add(1),
            (TokenKind::Close(_), _) => brackets = brackets.saturating_sub(1),
            (TokenKind::Word, "若" | "if") => conditions = conditions.saturating_add(1),
            (TokenKind::Word, "否则" | "else") => conditions = conditions.saturating_sub(1),
            (TokenKind::Word | TokenKind::Text | TokenKind::Symbol(_), _) => {}
        }
        if brackets.saturating_add(conditions) > limits::NESTING {
            return Some(token.range.clone());
        }
    }
    None
}

/// The same for a text that is not part of a file's tokens: the inside of a message's braces.
pub(super) fn nests_too_deeply(text: &str) -> bool {
    too_deep(text, &super::scan::scan(text, jihe_diagnostics::FileId::default()).tokens).is_some()
}

struct Cutter<'a> {
    text: &'a str,
    tokens: &'a [Token],
    pieces: Vec<Piece>,
    /// Curly braces open in the current piece.
    depth: usize,
    /// Whether the current piece has had its last brace.
    closed: bool,
    /// Whether the current piece has had its first brace.
    opened: bool,
}

impl Cutter<'_> {
    fn take(&mut self, index: usize) {
        let Some(token) = self.tokens.get(index) else { return };
        let word = self.declares(index);
        if self.starts(index, word) {
            self.start(index, word);
        } else {
            // What follows a brace without beginning a piece goes on with the declaration.
            self.closed = false;
        }
        match token.kind {
            TokenKind::Open(Bracket::Curly) => {
                self.depth = self.depth.saturating_add(1);
                self.opened = true;
            }
            TokenKind::Close(Bracket::Curly) => {
                self.depth = self.depth.saturating_sub(1);
                self.closed = self.depth == 0;
            }
            TokenKind::Open(_)
            | TokenKind::Close(_)
            | TokenKind::Word
            | TokenKind::Text
            | TokenKind::Symbol(_) => {}
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.end = token.range.end;
            piece.tokens.end = index.saturating_add(1);
        }
    }

    fn start(&mut self, index: usize, word: Option<Declares>) {
        let Some(token) = self.tokens.get(index) else { return };
        let next = self.tokens.get(index.saturating_add(1));
        let name =
            next.filter(|next| word.is_some() && next.kind == TokenKind::Word).map(|next| next.range.clone());
        self.pieces.push(Piece {
            start: token.range.start,
            end: token.range.end,
            tokens: index..index,
            word,
            name,
            clause_breaks: Vec::new(),
            entries: Vec::new(),
        });
        self.depth = 0;
        self.closed = false;
        self.opened = false;
    }

    /// Whether a new piece begins at this token.
    fn starts(&self, index: usize, word: Option<Declares>) -> bool {
        let Some(token) = self.tokens.get(index) else { return false };
        let Some(current) = self.pieces.last() else { return true };
        let in_test_header =
            current.word == Some(Declares::Test) && !self.opened && word == Some(Declares::Rule);
        if in_test_header && self.pieces.last().is_some_and(|piece| piece.tokens.len() < 3) {
            return false;
        }
        if let Some(word) = word {
            let at_top = self.depth == 0;
            return (at_top && (token.first_on_line || self.closed))
                || ((at_top || token.first_on_line) && self.has_shape(index, word));
        }
        if self.depth > 0 {
            return false;
        }
        if token.kind == TokenKind::Close(Bracket::Curly) {
            return true;
        }
        (self.closed && !self.goes_on(index, current))
            || (token.first_on_line && self.looks_misspelt(index, current))
    }

    /// Whether a declaration that may hold a list of codes outside its block goes on after a closing brace.
    fn goes_on(&self, index: usize, current: &Piece) -> bool {
        let holds_codes =
            matches!(current.word, Some(Declares::Codes | Declares::Summary | Declares::Parameter));
        let infix = match self.kind(index, 0) {
            Some(TokenKind::Word) => {
                let word = self.tokens.get(index).and_then(|token| self.text.get(token.range.clone()));
                word.is_some_and(keywords::is_infix_word)
            }
            Some(TokenKind::Symbol(_) | TokenKind::Close(_)) => true,
            Some(TokenKind::Open(_) | TokenKind::Text) | None => false,
        };
        holds_codes && infix
    }

    fn declares(&self, index: usize) -> Option<Declares> {
        let token = self.tokens.get(index).filter(|token| token.kind == TokenKind::Word)?;
        declares(self.text.get(token.range.clone())?)
    }

    /// The name and the mark that only this declaration has after its word.
    fn has_shape(&self, index: usize, word: Declares) -> bool {
        let next = self.kind(index, 1);
        let after = self.kind(index, 2);
        let named = next == Some(TokenKind::Word);
        match word {
            Declares::Package | Declares::Test => next == Some(TokenKind::Text),
            Declares::Parameter | Declares::Summary => {
                named && matches!(after, Some(TokenKind::Symbol('=' | '＝')))
            }
            Declares::Codes => named && matches!(after, Some(TokenKind::Symbol(':' | '：'))),
            Declares::Table => named && self.is_word(index.saturating_add(2), &["来自", "source"]),
            Declares::Extend | Declares::Derive | Declares::Rule => {
                named && after == Some(TokenKind::Open(Bracket::Curly))
            }
        }
    }

    /// Two words side by side and a mark, after a declaration without braces: `参书 甲 = 1`.
    fn looks_misspelt(&self, index: usize, current: &Piece) -> bool {
        let braceless =
            matches!(current.word, Some(Declares::Package | Declares::Parameter | Declares::Codes) | None);
        let mark = matches!(
            self.kind(index, 2),
            Some(TokenKind::Symbol('=' | '＝' | ':' | '：') | TokenKind::Open(Bracket::Curly))
        );
        let words =
            self.kind(index, 0) == Some(TokenKind::Word) && self.kind(index, 1) == Some(TokenKind::Word);
        let dated = self.is_word(index, &["自", "since"]);
        braceless && words && mark && !dated
    }

    fn kind(&self, index: usize, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(index.saturating_add(ahead)).map(|token| token.kind)
    }

    fn is_word(&self, index: usize, words: &[&str]) -> bool {
        self.tokens
            .get(index)
            .and_then(|token| self.text.get(token.range.clone()))
            .is_some_and(|text| words.contains(&text))
    }
}

fn declares(word: &str) -> Option<Declares> {
    Some(match word {
        "规则包" | "package" => Declares::Package,
        "参数" | "parameter" => Declares::Parameter,
        "编码集" | "codes" => Declares::Codes,
        "知识" | "table" => Declares::Table,
        "扩展" | "extend" => Declares::Extend,
        "派生" | "derive" => Declares::Derive,
        "统计" | "summary" => Declares::Summary,
        "规则" | "rule" => Declares::Rule,
        "测试" | "test" => Declares::Test,
        _ => return None,
    })
}

/// The line breaks of a rule after which a clause begins. A clause word that is not reserved is a name where an
/// operator follows it, as in `且⏎ amount > 5`.
fn clause_breaks(text: &str, tokens: &[Token]) -> Vec<usize> {
    let mut breaks = Vec::new();
    for index in inside_the_block(tokens) {
        let Some(token) = tokens.get(index) else { continue };
        if token.first_on_line && begins_clause(text, token, tokens.get(index.saturating_add(1))) {
            breaks.extend(line_break_before(text, token));
        }
    }
    breaks
}

/// The names before `=` directly inside a block.
fn entries(tokens: &[Token]) -> Vec<&Token> {
    let kind = |index: usize| tokens.get(index).map(|token| token.kind);
    let is_equals = |index: usize| matches!(kind(index), Some(TokenKind::Symbol('=' | '＝')));
    let begins = |index: &usize| {
        let after = index.saturating_add(1);
        kind(*index) == Some(TokenKind::Word) && is_equals(after) && !is_equals(after.saturating_add(1))
    };
    inside_the_block(tokens).into_iter().filter(begins).filter_map(|index| tokens.get(index)).collect()
}

/// The line breaks of 派生 or 统计 after which an entry begins: `名 =`, no further in than the first entry.
fn entry_breaks(text: &str, entries: &[&Token]) -> Vec<usize> {
    let mut first_column = None;
    let mut breaks = Vec::new();
    for token in entries {
        let column = column(text, token);
        let outermost = *first_column.get_or_insert(column);
        if token.first_on_line && column <= outermost {
            breaks.extend(line_break_before(text, token));
        }
    }
    breaks
}

/// The tokens directly inside the curly braces of a declaration.
fn inside_the_block(tokens: &[Token]) -> Vec<usize> {
    let mut inside = Vec::new();
    let (mut curly, mut others) = (0_usize, 0_usize);
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open(Bracket::Curly) => curly = curly.saturating_add(1),
            TokenKind::Close(Bracket::Curly) => curly = curly.saturating_sub(1),
            TokenKind::Open(_) => others = others.saturating_add(1),
            TokenKind::Close(_) => others = others.saturating_sub(1),
            TokenKind::Word | TokenKind::Text | TokenKind::Symbol(_) => {}
        }
        if curly == 1 && others == 0 {
            inside.push(index);
        }
    }
    inside
}

fn line_break_before(text: &str, token: &Token) -> Option<usize> {
    text.get(..token.range.start).and_then(|before| before.rfind('\n'))
}

/// How many characters stand before a token on its line.
fn column(text: &str, token: &Token) -> usize {
    let before = text.get(..token.range.start).unwrap_or("");
    before.rsplit('\n').next().map_or(0, |line| line.chars().count())
}

fn begins_clause(text: &str, token: &Token, next: Option<&Token>) -> bool {
    let word = text.get(token.range.clone()).unwrap_or("");
    if !keywords::is_clause_word(word) {
        return false;
    }
    let Some(next) = next else { return true };
    match next.kind {
        TokenKind::Symbol(c) => matches!(c, '-' | '－' | '−'),
        TokenKind::Word => !keywords::is_infix_word(text.get(next.range.clone()).unwrap_or("")),
        TokenKind::Open(Bracket::Square) | TokenKind::Close(_) => false,
        TokenKind::Open(_) | TokenKind::Text => true,
    }
}
