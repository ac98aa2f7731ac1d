//! Expressions of one value.
//!
//! In: nothing. Out: [`Expr`] and what it is made of.
//! Invariant: every operand's type is settled; conversions are explicit.

use jihe_diagnostics::Span;
use jihe_model::schema::FieldId;
use jihe_model::types::Type;

use super::{Builtin, CodeSetId, DerivedId, LetId, Literal, ParameterId, Row, Set, TableId, VarId};

/// An expression of one value.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// The type of the value.
    pub ty: Type,
    /// Where it stands.
    pub span: Span,
}

/// What an expression computes. Every operand's type is settled; conversions are explicit.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A parameter, as of the date of service of the owner's subject (of the record, in a derived field).
    Parameter(ParameterId),
    /// 截止日
    AsOf,
    /// A stored field.
    Field(Row, FieldId),
    /// The clock of a record of a kind, as an instant.
    Clock(Row),
    /// A derived field holding a value.
    Derived(Row, DerivedId),
    /// A key of a summary row.
    Key(Row, usize),
    /// A column of a summary row.
    Column(Row, usize),
    /// A cell of a table row.
    Cell(Row, usize),
    /// The key of a record, as a reference.
    Reference(Row),
    /// An earlier 设 holding a value.
    Let(LetId),
    /// 非
    Not(Box<Expr>),
    /// 且: false as soon as one is false.
    And(Vec<Expr>),
    /// 或
    Or(Vec<Expr>),
    /// A comparison of two values of comparable types (equal types; durations in any fixed unit; a date with an
    /// instant compares days; an age with an age limit).
    Compare(CompareOp, Box<Expr>, Box<Expr>),
    /// Arithmetic; the pair of types and the result type settle the meaning (sentence 35).
    Arithmetic(ArithmeticOp, Box<Expr>, Box<Expr>),
    /// Unary minus.
    Negate(Box<Expr>),
    /// 若 则 否则: an undecided condition makes the value missing.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A code belongs to a code set.
    InCodes(Box<Expr>, CodeSetId),
    /// A code belongs to the patterns of a cell (type `CodeSet`).
    InCell(Box<Expr>, Box<Expr>),
    /// A tuple equals the named columns of some row valid on the date; `columns` in the order of `values`.
    InTable(Box<InTable>),
    /// A text holds another.
    Contains(Box<Expr>, Box<Expr>),
    /// 已知(x)
    IsKnown(Box<Expr>),
    /// 缺省(x, y)
    Default(Box<Expr>, Box<Expr>),
    /// A scalar function, with its record in [`crate::builtins`].
    Call(Builtin, Vec<Expr>),
    /// 甲 至 乙; the end may be missing (open).
    Interval(Box<Expr>, Box<Expr>),
    /// An aggregate.
    Aggregate(Box<Aggregate>),
    /// 超出部分: type money. Attributes line by line (sentence 37).
    Excess(Box<Excess>),
    /// 超出天数部分: type money. The lines on days after the first `limit` distinct days.
    ExcessDays(Box<Excess>),
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
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
}

/// Arithmetic operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArithmeticOp {
    /// `+`: number+number, money+money, price+price, duration+duration, date/instant+duration, date/instant+months, period+duration/months
    Add,
    /// `-`: the inverses; date−date and 日−日 are days; instant−instant an exact duration
    Subtract,
    /// `×`: number×anything, price×number is money
    Multiply,
    /// `÷`: same÷same is a number, anything÷number
    Divide,
}

/// `(甲, 乙) 属于 表` and `甲 属于 表.列`.
#[derive(Debug, Clone, PartialEq)]
pub struct InTable {
    /// The table.
    pub table: TableId,
    /// The values.
    pub values: Vec<Expr>,
    /// Their columns. A value against a `集` column matches by pattern; an empty key cell matches anything.
    pub columns: Vec<usize>,
    /// The day whose rows count: date of service of the record that supplies the first value; type date or instant.
    pub as_of: Option<Expr>,
}

/// An aggregate over one set.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    /// Which.
    pub function: AggregateFunction,
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value or condition of an element; none for 计数(集), 存在(集).
    pub value: Option<Expr>,
    /// The second argument: 分位's share, 名次's value, 重叠天数's interval.
    pub argument: Option<Expr>,
}

/// The aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AggregateFunction {
    /// 计数
    Count,
    /// 去重计数
    CountDistinct,
    /// 合计
    Sum,
    /// 平均
    Average,
    /// 中位: nearest rank at 50 %
    Median,
    /// 分位: nearest rank
    Percentile,
    /// 标准差: sample deviation, 6 decimals
    StandardDeviation,
    /// 最大
    Max,
    /// 最小
    Min,
    /// 名次: 1 + the number of greater values
    Rank,
    /// 首(集.字段)
    First,
    /// 末(集.字段)
    Last,
    /// 存在
    Exists,
    /// 任一
    Any,
    /// 全部
    All,
    /// 天数: distinct days, as a duration in days
    DistinctDays,
    /// 跨度: first to last day, both counted, in days
    Span,
    /// 覆盖天数: days of the union of intervals [start, end)
    CoveredDays,
    /// 重叠天数: days of the union that lie in the interval given
    OverlapDays,
    /// 最大并发: most intervals open at once
    MaxConcurrent,
}

/// 超出部分(本组.数量, 限) and 超出天数部分(本组.使用时间, 限).
#[derive(Debug, Clone, PartialEq)]
pub struct Excess {
    /// The lines; always of kind 明细.
    pub set: Set,
    /// Their element.
    pub var: VarId,
    /// The quantity (number or duration) or the time of a line.
    pub value: Expr,
    /// The allowance.
    pub limit: Expr,
}
