//! Summaries, and the groups of rules.
//!
//! In: nothing. Out: the typed form of a 统计 and of 按.
//! Invariant: at most one key is the clock of a row.

use jihe_model::types::Type;

use super::{Expr, Scope, Set, TableId, VarId};

/// 统计, or the groups of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Its name; for the groups of a rule the rule's name.
    pub name: String,
    /// The records grouped. Always [`SetKind::All`](super::SetKind::All) or a filter over it, of a kind or of a summary.
    pub records: Set,
    /// The record whose keys are computed.
    pub var: VarId,
    /// The keys.
    pub keys: Vec<GroupKey>,
    /// The one calendar key, if there is exactly one: the clock of a row is the start of that period.
    pub calendar: Option<usize>,
    /// 补零
    pub dense: bool,
    /// The row whose columns are computed.
    pub row: VarId,
    /// The columns; a column may refer to columns before it.
    pub columns: Vec<SummaryColumn>,
    /// 个人 if keyed by a person or visit.
    pub scope: Scope,
    /// Dated tables that its columns read on the date of service of a row (sentence 21).
    pub versions: Vec<Versions>,
}

/// A key of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupKey {
    /// Its name: as given, or the last name of its path.
    pub name: String,
    /// Its type; for a set-valued key, of one element.
    pub ty: Type,
    /// What it is.
    pub value: KeyValue,
}

/// How a record gets its values of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyValue {
    /// One value.
    One(Expr),
    /// 逐日(interval): every day from the first, without the last, at least one.
    EachDay(Expr),
    /// One value for each distinct `value` over the rows of a set (a non-unique lookup).
    Each(Box<Each>),
}

/// The values of an expression over a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Each {
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value.
    pub value: Expr,
}

/// A column of a summary.
#[derive(Debug, Clone, PartialEq)]
pub struct SummaryColumn {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Expr,
}

/// A dated table read on the date of service of a group, and what each member would see on its own date.
///
/// Where two members would see different rows, a finding about the group says 跨有效期 (sentence 21).
#[derive(Debug, Clone, PartialEq)]
pub struct Versions {
    /// The table.
    pub table: TableId,
    /// The row of the group: the rule's subject, or the row of the summary.
    pub group: VarId,
    /// The records behind the group, over `group`.
    pub members: Set,
    /// One of them.
    pub var: VarId,
    /// What that one would see, over `group` and `var`.
    pub seen: Seen,
}

/// What a record sees of a table on its date.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// The rows of a lookup; always [`SetKind::Lookup`](super::SetKind::Lookup).
    Rows(Set),
    /// Whether values are listed; always [`ExprKind::InTable`](super::ExprKind::InTable).
    Listed(Expr),
}
