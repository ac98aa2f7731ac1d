//! What can be wrong with the text of a declaration.
//!
//! In: the fault, with its data. Out: its code, message, labels and mending edit.
//! Invariant: every code E01xx is given out here and nowhere else, and has a page under `explain/`.

use crate::keywords::{self, Keyword};
use jihe_diagnostics::{Diagnostic, FileId, Span, Text};
use std::ops::Range;

/// A fault of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SyntaxError {
    /// The first word begins no declaration.
    NotADeclaration { found: String },
    /// A reserved word where a name should stand.
    Reserved { word: String },
    /// Something else than what may stand here.
    Unexpected { found: Found, expected: Text },
    /// Two operands side by side: reserved words written without spaces.
    RunTogether { word: String, split: String },
    /// A string without its closing mark on the line.
    UnclosedText { close: char },
    /// A round or square bracket that nothing closes.
    Unclosed { open: String, close: &'static str, at: Range<usize> },
    /// A word first on its line, where a clause should begin, that begins none.
    NotAClause { found: String },
    /// The text ends before the declaration does.
    Unfinished { expected: Text },
    /// A number that runs into something that is no unit.
    NotAUnit { word: String },
    /// Two entries of a block on one line, nothing between.
    NoSeparator,
    /// Brackets, 若 or a chain of operators beyond the limit.
    TooDeep,
    /// A file beyond the limit.
    FileTooLarge { bytes: usize },
    /// A string beyond the limit.
    TextTooLong { bytes: usize },
    /// A message whose braces do not match.
    Braces,
    /// A count, index or time of day outside its range.
    OutOfRange,
    /// A character the language does not use.
    StrangeCharacter { character: char },
}

/// A fault and its place in the file.
pub(super) type Fault = (SyntaxError, Range<usize>);

/// What stands where something else should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    End,
    Text(String),
}

impl SyntaxError {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::NotADeclaration { .. } => "E0101",
            Self::Reserved { .. } => "E0102",
            Self::Unexpected { .. } => "E0103",
            Self::UnclosedText { .. } => "E0104",
            Self::Unfinished { .. } => "E0105",
            Self::NotAUnit { .. } => "E0106",
            Self::NoSeparator => "E0107",
            Self::TooDeep => "E0108",
            Self::FileTooLarge { .. } | Self::TextTooLong { .. } => "E0109",
            Self::Braces => "E0110",
            Self::OutOfRange => "E0111",
            Self::StrangeCharacter { .. } => "E0112",
            Self::RunTogether { .. } => "E0113",
            Self::Unclosed { .. } => "E0114",
            Self::NotAClause { .. } => "E0115",
        }
    }

    /// The fault as said to people.
    pub(super) fn diagnostic(&self, file: FileId, range: Range<usize>) -> Diagnostic {
        let span = span(file, range);
        let diagnostic = Diagnostic::error(self.code(), span, self.message());
        let diagnostic = match self.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        };
        let diagnostic = if let Self::Unclosed { close, at, .. } = self {
            let here = both(format!("此前应有 `{close}`"), format!("expected `{close}` before this"));
            diagnostic
                .here(here)
                .and(self::span(file, at.clone()), both("没有闭合".into(), "never closed".into()))
        } else {
            diagnostic
        };
        match self.replacement() {
            Some(replacement) => diagnostic.fix(span, replacement),
            None => diagnostic,
        }
    }

    /// What to write instead of the text at the place of the fault.
    fn replacement(&self) -> Option<String> {
        if let Self::RunTogether { split, .. } = self {
            return Some(split.clone());
        }
        if let Self::StrangeCharacter { character } = self {
            return instead(*character).map(str::to_owned);
        }
        if let Self::NotADeclaration { found } = self {
            return nearest(found, keywords::DECLARATIONS).map(str::to_owned);
        }
        if let Self::NotAClause { found } = self {
            return nearest(found, keywords::CLAUSES).map(str::to_owned);
        }
        None
    }

    fn message(&self) -> Text {
        match self {
            Self::NotADeclaration { found } => not_a_declaration(found),
            Self::Reserved { word } => both(
                format!("`{word}` 是保留字，不能作名称"),
                format!("`{word}` is a reserved word and cannot be a name"),
            ),
            Self::Unexpected { found, expected } => unexpected(found, expected),
            Self::RunTogether { word, split } => both(
                format!("`{word}` 连写了保留字，应写作 `{split}`"),
                format!("`{word}` runs reserved words together; it should read `{split}`"),
            ),
            Self::Unclosed { open, .. } => {
                both(format!("括号 `{open}` 没有闭合"), format!("the bracket `{open}` is never closed"))
            }
            Self::NotAClause { found } => not_a_clause(found),
            Self::UnclosedText { close } => both(
                format!("文本缺少结束引号 `{close}`"),
                format!("the text lacks its closing mark `{close}`"),
            ),
            Self::Unfinished { expected } => both(
                format!("声明没有写完，此处应有{}", expected.zh),
                format!("the declaration is unfinished; expected {}", expected.en),
            ),
            Self::NotAUnit { word } => {
                both(format!("数字后的 `{word}` 不是单位"), format!("`{word}` after a number is not a unit"))
            }
            Self::NoSeparator => both(
                "同一行的两项之间缺少分号".into(),
                "two entries on one line need `;` between them".into(),
            ),
            Self::TooDeep => both("嵌套过深".into(), "nested too deeply".into()),
            Self::FileTooLarge { bytes } => both(
                format!("文件有 {bytes} 字节，超过上限 {}", crate::limits::FILE_BYTES),
                format!("the file has {bytes} bytes, more than the limit of {}", crate::limits::FILE_BYTES),
            ),
            Self::TextTooLong { bytes } => both(
                format!("文本有 {bytes} 字节，超过上限 {}", crate::limits::LITERAL_BYTES),
                format!(
                    "the text has {bytes} bytes, more than the limit of {}",
                    crate::limits::LITERAL_BYTES
                ),
            ),
            Self::Braces => both(
                "说明中的花括号不成对，或其中不是表达式".into(),
                "the braces of the message do not match, or hold no expression".into(),
            ),
            Self::OutOfRange => both("数值超出范围".into(), "the number is out of range".into()),
            Self::StrangeCharacter { character } => strange(*character),
        }
    }

    fn help(&self) -> Option<Text> {
        Some(match self {
            Self::Reserved { word } => both(
                format!("换一个名称，例如 `{word}_`、`{word}数`"),
                format!("choose another name, such as `{word}_`"),
            ),
            Self::UnclosedText { close } => both(
                format!("在行内补上 `{close}`；文本不能跨行"),
                format!("close it with `{close}` on the same line; a text does not span lines"),
            ),
            Self::NotAUnit { .. } => both(
                "单位有：元 万元 天 小时 分钟 周 月 季 年 岁 次".into(),
                "units are: yuan wan_yuan days hours minutes weeks months quarters years years_old times"
                    .into(),
            ),
            Self::NoSeparator => {
                both("在此前加 `;` 或换行".into(), "put `;` or a line break before it".into())
            }
            Self::TooDeep => both(
                format!("括号与若至多嵌套 {} 层；用设命名中间结果", crate::limits::NESTING),
                format!(
                    "brackets and `if` nest at most {} deep; name parts with `let`",
                    crate::limits::NESTING
                ),
            ),
            Self::Braces => both(
                "写 `{表达式}`；花括号本身写作 `{{` 与 `}}`".into(),
                "write `{expression}`; a brace itself is written `{{` or `}}`".into(),
            ),
            Self::NotAClause { .. } => both(
                "子句有：编号 名称 依据 环节 生效 优先于 针对 设 当 除非 性质 违规明细 违规金额 涉及 列示 说明 核查".into(),
                "clauses are: id title basis stage effective precedes for each let when unless nature offending amount \
                 involving show message verify"
                    .into(),
            ),
            Self::NotADeclaration { .. }
            | Self::Unclosed { .. }
            | Self::Unexpected { .. }
            | Self::RunTogether { .. }
            | Self::Unfinished { .. }
            | Self::FileTooLarge { .. }
            | Self::TextTooLong { .. }
            | Self::OutOfRange
            | Self::StrangeCharacter { .. } => return None,
        })
    }
}

/// A span of a file from byte positions.
pub(super) fn span(file: FileId, range: Range<usize>) -> Span {
    let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: position(range.start), end: position(range.end) }
}

fn both(zh: String, en: String) -> Text {
    Text { zh, en }
}

fn not_a_declaration(found: &str) -> Text {
    match nearest(found, keywords::DECLARATIONS) {
        Some(near) => both(
            format!("`{found}` 不是声明；相近的有 `{near}`"),
            format!("`{found}` begins no declaration; nearest: `{near}`"),
        ),
        None if found == "}" || found == "｝" => {
            both(format!("多余的 `{found}`"), format!("`{found}` closes nothing"))
        }
        None => both(
            format!(
                "`{found}` 不是声明，此处应有 规则包、参数、编码集、知识、扩展、派生、统计、规则 或 测试"
            ),
            format!(
                "`{found}` begins no declaration; expected package, parameter, codes, table, extend, derive, summary, \
                 rule or test"
            ),
        ),
    }
}

fn not_a_clause(found: &str) -> Text {
    match nearest(found, keywords::CLAUSES) {
        Some(near) => both(
            format!("`{found}` 不是子句；相近的有 `{near}`"),
            format!("`{found}` begins no clause; nearest: `{near}`"),
        ),
        None => both(format!("`{found}` 不是子句"), format!("`{found}` begins no clause")),
    }
}

/// The first of some words that differs in one substitution, insertion or removal.
fn nearest(found: &str, words: &[Keyword]) -> Option<&'static str> {
    words
        .iter()
        .flat_map(|keyword| [keyword.zh, keyword.en])
        .find(|word| *word != found && super::translate::differs_by_one(word, found))
}

fn unexpected(found: &Found, expected: &Text) -> Text {
    match found {
        Found::End => both(format!("此处应有{}", expected.zh), format!("expected {}", expected.en)),
        Found::Text(found) => both(
            format!("此处应有{}，而不是 `{found}`", expected.zh),
            format!("expected {}, found `{found}`", expected.en),
        ),
    }
}

/// What the language writes for a mark other languages use.
fn instead(character: char) -> Option<&'static str> {
    match character {
        '&' => Some("且"),
        '|' => Some("或"),
        '!' | '！' => Some("非"),
        '。' => Some("."),
        '\'' | '‘' | '’' | '「' | '」' | '”' => Some("\""),
        _ => None,
    }
}

fn strange(character: char) -> Text {
    let shown: String =
        if character.is_control() { character.escape_unicode().collect() } else { character.to_string() };
    match instead(character) {
        Some(word) => both(
            format!("规则中没有 `{shown}` 这个符号，应写 `{word}`"),
            format!("rules have no `{shown}`; write `{word}`"),
        ),
        None => both(format!("规则中没有 `{shown}` 这个符号"), format!("rules have no `{shown}`")),
    }
}
