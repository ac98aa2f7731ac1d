//! Rules with every name resolved and every expression typed: what engine and reference run.
//!
//! In: nothing. Out: the typed tree.
//! Invariant: nothing here is missing, ambiguous or ill-typed; engine and reference need no other source of meaning.
//!
//! Scopes are explicit. A [`VarId`] stands for one row of one [`Source`]: the subject of a rule, the candidate of a
//! window, the element of an aggregate. Variables are unique within their owner (rule, derived field, summary).

use jihe_model::schema::{KindId, Schema};
use jihe_model::types::{Type, YearStart};

pub use crate::builtins::Builtin;
pub use codes::{CodeSet, Literal, Pattern};
pub use expr::{Aggregate, AggregateFunction, ArithmeticOp, CompareOp, Excess, Expr, ExprKind, InTable};
pub use group::{Each, GroupKey, KeyValue, Seen, Summary, SummaryColumn, Versions};
pub use ids::{CodeSetId, DerivedId, LetId, ParameterId, RuleId, SummaryId, TableId, VarId};
pub use rule::{Cost, Let, MessagePart, NatureExpr, Rule, Scope, Stage};
pub use set::{Densest, Direction, Lookup, Neighbour, Period, Pick, Row, Set, SetKind, Which, Window};
pub use table::{Cell, Table, TableColumn};
pub use test::{Expectation, Test, TestRecord};

mod codes;
mod expr;
mod group;
mod ids;
mod rule;
mod set;
mod table;
mod test;

/// A compiled ruleset before planning.
#[derive(Debug, Clone, Default)]
pub struct TypedRules {
    /// Name, version and region of the package (the last one declared rules' version).
    pub package: Package,
    /// Built-in kinds and systems, and what packages added.
    pub schema: Schema,
    /// Parameters.
    pub parameters: Vec<Parameter>,
    /// Code sets, named and anonymous.
    pub code_sets: Vec<CodeSet>,
    /// Knowledge tables with their rows.
    pub tables: Vec<Table>,
    /// Derived fields; a field only refers to fields before it.
    pub derived: Vec<Derived>,
    /// Summaries and the groups of rules; a summary only reads summaries before it.
    pub summaries: Vec<Summary>,
    /// Rules, in the order written.
    pub rules: Vec<Rule>,
    /// Test blocks.
    pub tests: Vec<Test>,
}

/// 规则包
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its region code.
    pub region: Option<String>,
    /// The day on which a 医保年度 begins, by default that of the natural year.
    pub benefit_year: YearStart,
}

/// Where rows come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Records of a kind (net lines for 明细).
    Kind(KindId),
    /// Rows of a summary; the groups of a rule are a summary of their own.
    Summary(SummaryId),
    /// Rows of a knowledge table.
    Table(TableId),
}

/// 参数
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Values by first day, ascending; the first has no day. The value on a day is the last whose day is not later.
    pub values: Vec<(Option<i64>, Literal)>,
    /// Legal range of a value, both ends included.
    pub range: Option<(Literal, Literal)>,
}

/// 派生
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// Its name.
    pub name: String,
    /// The kind it belongs to.
    pub kind: KindId,
    /// The record it is computed for.
    pub var: VarId,
    /// What it is.
    pub value: Bound,
}

/// What a 设 or a derived field stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A value.
    Value(Expr),
    /// At most one record.
    Row(Row),
    /// A set of records.
    Set(Set),
}
