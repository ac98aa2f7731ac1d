//! Rules.
//!
//! In: nothing. Out: the typed form of a 规则.
//! Invariant: a 设 refers to earlier ones only.

use jihe_diagnostics::Span;
use jihe_model::finding::Nature;

use super::{Bound, Expr, RuleId, Set, Source, VarId, Versions};

/// Whether a rule needs one person's records only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Scope {
    /// 个人
    #[default]
    Person,
    /// 群体
    Population,
}

/// Cost classes of sentence 43.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Cost {
    /// 甲: O(n log n)
    #[default]
    Linear,
    /// 乙: O(n log² n)
    Tree,
    /// 丙: O(n·w)
    Window,
}

/// 环节
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 事前
    Pre,
    /// 事中
    Live,
    /// 事后
    Post,
}

/// 规则
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its name in the text.
    pub name: String,
    /// 编号, by default the name.
    pub id: String,
    /// 名称, by default the name.
    pub title: String,
    /// The version of its package.
    pub version: String,
    /// 依据
    pub basis: Vec<String>,
    /// 环节, by default 事后 only.
    pub stages: Vec<Stage>,
    /// 生效: first and last day.
    pub effective: (Option<i64>, Option<i64>),
    /// 优先于
    pub precedes: Vec<RuleId>,
    /// The subject's source: records of a kind, rows of a summary, or the rule's own groups.
    pub subject: Source,
    /// The subject.
    pub var: VarId,
    /// 针对 … 其中. For own groups it is inside the summary's records and this is none.
    pub filter: Option<Expr>,
    /// Whether the subject is a group of this rule (按).
    pub grouped: bool,
    /// 设, each referring to earlier ones only.
    pub lets: Vec<Let>,
    /// 当
    pub when: Expr,
    /// 除非 … 因
    pub exemptions: Vec<(Expr, String)>,
    /// 性质
    pub nature: NatureExpr,
    /// 违规明细; when empty the default of sentence 36 applies.
    pub offending: Vec<Set>,
    /// 违规金额: money, or an attribution ([`ExprKind::Excess`](super::ExprKind::Excess), [`ExprKind::ExcessDays`](super::ExprKind::ExcessDays)) possibly inside 若.
    pub amount: Option<Expr>,
    /// 涉及
    pub involved: Vec<Set>,
    /// 列示: the text as written, and the value.
    pub show: Vec<(String, Expr)>,
    /// 说明
    pub message: Vec<MessagePart>,
    /// 核查
    pub verify: String,
    /// Dated tables read on the date of service of the subject, where that is a group (sentence 21).
    pub versions: Vec<Versions>,
    /// 个人 or 群体.
    pub scope: Scope,
    /// Whether a 群体 rule reads of others only rows of summaries, which a host can supply (sentence 41).
    pub by_snapshot: bool,
    /// The worst cost class of its constructs.
    pub cost: Cost,
    /// Where it stands.
    pub span: Span,
}

/// 设
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: String,
    /// What it stands for.
    pub value: Bound,
}

/// 性质
#[derive(Debug, Clone, PartialEq)]
pub enum NatureExpr {
    /// One nature.
    Is(Nature),
    /// 若 … 则 … 否则; undecided takes the mildest branch.
    If(Expr, Box<NatureExpr>, Box<NatureExpr>),
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum MessagePart {
    /// Plain text.
    Text(String),
    /// A value, printed by its type.
    Expr(Expr),
}
