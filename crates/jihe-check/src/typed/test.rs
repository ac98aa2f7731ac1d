//! Test blocks, ready to run.
//!
//! In: nothing. Out: the typed form of a 测试.
//! Invariant: every value is a constant of its field's type.

use jihe_diagnostics::Span;
use jihe_model::finding::Nature;
use jihe_model::schema::{FieldId, KindId};

use super::{Literal, RuleId};

/// 测试
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The rule tested.
    pub rule: RuleId,
    /// The records, ranges expanded, in order.
    pub records: Vec<TestRecord>,
    /// What must come of it.
    pub expectations: Vec<Expectation>,
    /// Where.
    pub span: Span,
}

/// A record of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRecord {
    /// Its kind.
    pub kind: KindId,
    /// Its label, `平日[3]` for one of a range; also its key, unless the key field is given.
    pub label: String,
    /// Its fields.
    pub fields: Vec<(FieldId, Literal)>,
}

/// 期望
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// A record by kind and label: the subject, or any member of the group that is the subject. None for a count.
    pub subject: Option<(KindId, String)>,
    /// The outcome.
    pub outcome: jihe_model::finding::Outcome,
    /// How many subjects have it.
    pub count: Option<u64>,
    /// The amount, ×10⁴.
    pub amount: Option<i64>,
    /// The nature.
    pub nature: Option<Nature>,
    /// Where.
    pub span: Span,
}
