//! Rules.
//!
//! In: nothing. Out: the nodes of a 规则 and its clauses.
//! Invariant: clauses stand in the order written, twice where they were written twice.

use jihe_diagnostics::Span;

use super::{Bind, Date, Expr, Group, Name, Str};

/// A rule with all its clauses, each absent clause empty. Several of one kind are kept and reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: Name,
    /// Its clauses as written, in order.
    pub clauses: Vec<Clause>,
}

/// A clause with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Clause {
    /// What it says.
    pub kind: ClauseKind,
    /// Where, keyword included.
    pub span: Span,
}

/// The clauses of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum ClauseKind {
    /// 编号
    Id(Str),
    /// 名称
    Title(Str),
    /// 依据
    Basis(Vec<Str>),
    /// 环节
    Stages(Vec<(Stage, Span)>),
    /// 生效
    Effective {
        /// First day.
        from: Date,
        /// Last day, if any.
        to: Option<Date>,
    },
    /// 优先于
    Precedes(Vec<Name>),
    /// 针对
    For {
        /// The subject's records.
        records: Expr,
        /// 按
        group: Option<Group>,
    },
    /// 设
    Let(Bind),
    /// 当
    When(Expr),
    /// 除非 … 因
    Unless {
        /// The condition.
        condition: Expr,
        /// 因
        reason: Str,
    },
    /// 性质
    Nature(Expr),
    /// 违规明细
    Offending(Vec<Expr>),
    /// 违规金额
    Amount(Expr),
    /// 涉及
    Involving(Vec<Expr>),
    /// 列示
    Show(Vec<Expr>),
    /// 说明
    Message(Template),
    /// 核查
    Verify(Str),
}

/// 事前, 事中 or 事后.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 事前
    Pre,
    /// 事中
    Live,
    /// 事后
    Post,
}

/// A message with expressions between braces.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// Where, marks included.
    pub span: Span,
    /// Text and expressions in order.
    pub parts: Vec<TemplatePart>,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum TemplatePart {
    /// Plain text, `{{` already read as `{`.
    Text(String),
    /// `{…}`
    Expr(Expr),
}
