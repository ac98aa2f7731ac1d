//! Test blocks.
//!
//! In: nothing. Out: the nodes of a 测试.
//! Invariant: records and expectations stand in the order written.

use jihe_diagnostics::Span;

use super::{Expr, Name, Str};

/// `测试 "名" 规则 超量购药 { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Its name.
    pub name: Str,
    /// The rule tested.
    pub rule: Name,
    /// Records, expectations and settings, in order.
    pub entries: Vec<TestEntry>,
}

/// An entry of a test.
#[derive(Debug, Clone, PartialEq)]
pub enum TestEntry {
    /// A record, or a range of records.
    Record(TestRecord),
    /// 期望
    Expect(Expect),
}

/// `就诊 平日[1..90] { 机构 院; 时间 2024-01-01 + 序 * 1 天 }`
#[derive(Debug, Clone, PartialEq)]
pub struct TestRecord {
    /// The kind.
    pub kind: Name,
    /// Its label in the test.
    pub label: Name,
    /// The range of 序, both ends included.
    pub range: Option<(i64, i64)>,
    /// The fields.
    pub fields: Vec<(Name, Expr)>,
    /// Where.
    pub span: Span,
}

/// `期望 一 命中 违规金额 4 元 性质 可疑` or `期望 命中 1 次`
#[derive(Debug, Clone, PartialEq)]
pub struct Expect {
    /// The label, with its index if it is of a range; none for a count.
    pub subject: Option<(Name, Option<i64>)>,
    /// The outcome.
    pub outcome: Outcome,
    /// `1 次`
    pub count: Option<i64>,
    /// 违规金额
    pub amount: Option<Expr>,
    /// 性质
    pub nature: Option<Name>,
    /// Where.
    pub span: Span,
}

/// 命中, 通过, 不适用, 豁免, 无法判定
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 命中
    Hit,
    /// 通过
    Pass,
    /// 不适用
    NotApplicable,
    /// 豁免
    Exempt,
    /// 无法判定
    Undecided,
}
