//! The nodes of a rule file, as written.
//!
//! In: nothing. Out: the types that `parse` makes, `format` prints and `jihe-check` reads.
//! Invariant: `Missing` may stand here and nowhere later; every node has the span it was read from.

use jihe_diagnostics::{FileId, Language, Span};

pub use declare::{
    Bind, CodePattern, CodeTerm, Codes, CodesBody, Column, Derive, Extend, Group, Key, MonthDay, Package,
    Parameter, Summary, Table,
};
pub use expression::{BinaryOp, Date, Expr, ExprKind, Unit};
pub use rule::{Clause, ClauseKind, Rule, Stage, Template, TemplatePart};
pub use set::{Calendar, IntervalPeriod, IntervalWord, Rolling, RollingWord, SetExpr, SetPrefix, SetSuffix};
pub use test::{Expect, Outcome, Test, TestEntry, TestRecord};

mod declare;
mod expression;
mod rule;
mod set;
mod test;

/// One file: its declarations in order, and its comments.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SyntaxTree {
    /// The file read.
    pub file: FileId,
    /// What it declares, in order. A declaration that could not be read is left out, with a diagnostic.
    pub items: Vec<Item>,
    /// Every comment with its place, `#` included, in order.
    pub comments: Vec<Comment>,
    /// The names that the declarations left out would have declared, so that no one reports them as unknown.
    pub broken: Vec<Name>,
}

/// A comment, from its `#` to the end of the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// Where.
    pub span: Span,
    /// The text, `#` included.
    pub text: String,
}

/// A word an author chose: a name of a field, parameter, rule …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// A string literal, without its marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Str {
    /// The text between the marks.
    pub text: String,
    /// Where, marks included.
    pub span: Span,
}

/// A declaration.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is declared.
    pub kind: ItemKind,
    /// Where.
    pub span: Span,
    /// The spelling of its first keyword.
    pub language: Language,
}

/// What can be declared.
#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    /// 规则包
    Package(Package),
    /// 参数
    Parameter(Parameter),
    /// 编码集
    Codes(Codes),
    /// 知识
    Table(Table),
    /// 扩展
    Extend(Extend),
    /// 派生
    Derive(Derive),
    /// 统计
    Summary(Summary),
    /// 规则
    Rule(Box<Rule>),
    /// 测试
    Test(Test),
}
