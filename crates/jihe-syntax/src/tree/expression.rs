//! Expressions.
//!
//! In: nothing. Out: [`Expr`] and what it is made of.
//! Invariant: parentheses and units stand as written.

use jihe_diagnostics::Span;

use super::{CodePattern, Key, Name, SetExpr};

/// A calendar day as written; validity is checked later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
    /// Where.
    pub span: Span,
}

/// An expression or a set of records; which, the checker decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// Nothing where an expression should stand.
    Missing,
    /// `30`, `0.5`, digits already ASCII.
    Number(String),
    /// `2%`
    Percent(String),
    /// `30 天`, `2 万元`
    Quantity(String, Unit),
    /// `2024-01-01`
    Date(Date),
    /// `2024-01-01 08:30` or with seconds, in test records
    Instant(Date, u32),
    /// `"文本"`
    Text(String),
    /// 是, 否
    Bool(bool),
    /// A name.
    Name(String),
    /// 本条
    This,
    /// 本组
    Group,
    /// `甲.乙`
    Dot(Box<Expr>, Name),
    /// `表[键, 名 = 键 于 日期]`
    Index {
        /// The table.
        base: Box<Expr>,
        /// The keys.
        keys: Vec<Key>,
        /// 于
        as_of: Option<Box<Expr>>,
    },
    /// `函数(甲, 乙)`
    Call(Name, Vec<Expr>),
    /// `(甲, 乙)`, two or more
    Tuple(Vec<Expr>),
    /// `(甲)`, kept for the formatter
    Paren(Box<Expr>),
    /// `{ "A*", "B01" 至 "B09" }`
    CodeList(Vec<CodePattern>),
    /// unary minus
    Negate(Box<Expr>),
    /// 非
    Not(Box<Expr>),
    /// Two operands.
    Binary(Box<Expr>, BinaryOp, Span, Box<Expr>),
    /// `a ≤ x ≤ b` and longer: operands, and the operators between them
    Chain(Vec<Expr>, Vec<(BinaryOp, Span)>),
    /// `甲 至 乙`
    Range(Box<Expr>, Box<Expr>),
    /// 若 则 否则
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A set of records: a base with prefixes and suffixes.
    Set(Box<SetExpr>),
}

/// Operators with two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    /// 或
    Or,
    /// 且
    And,
    /// `=`
    Equal,
    /// `≠`
    NotEqual,
    /// `<`
    Less,
    /// `≤`
    LessEqual,
    /// `>`
    Greater,
    /// `≥`
    GreaterEqual,
    /// 属于
    In,
    /// 不属于
    NotIn,
    /// 含
    Contains,
    /// 不含
    Lacks,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `×`
    Multiply,
    /// `÷`
    Divide,
}

/// Units of literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// 元
    Yuan,
    /// 万元
    WanYuan,
    /// 天
    Day,
    /// 小时
    Hour,
    /// 分钟
    Minute,
    /// 周
    Week,
    /// 月, 个月, 月龄
    Month,
    /// 季
    Quarter,
    /// 年
    Year,
    /// 岁, 周岁
    YearOfAge,
    /// 次, 条
    Times,
}
