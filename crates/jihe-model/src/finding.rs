//! What a run says: findings, outcomes, coverage.
//!
//! In: nothing. Out: [`Finding`], [`Outcome`], [`RuleCoverage`], [`Outcomes`].
//! Invariant: amounts are exact at four decimals; findings are ordered by rule id, then subject key, bytewise.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The entry of a finding's `values` that names the dated tables of which the records of a group see different rows
/// on their own dates of service (sentence 21), joined by `、`.
pub const SEVERAL_VERSIONS: &str = "跨有效期";

/// The outcome of a rule for one subject (sentence 30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// 不适用
    NotApplicable,
    /// 通过
    Pass,
    /// 命中
    Hit,
    /// 豁免
    Exempt,
    /// 无法判定
    Undecided,
}

/// The nature of a finding, gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// 违规
    Violation,
    /// 高度可疑
    Likely,
    /// 可疑
    Suspicious,
    /// 数据质量
    DataQuality,
}

/// A record named as evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    /// English name of the kind.
    pub kind: Arc<str>,
    /// Its key.
    pub key: String,
    /// The violating amount on it, ×10⁴; only on offending lines.
    pub amount: Option<i64>,
}

/// A lead (疑点): what a rule says of one subject. What all findings of a rule say alike they share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// First 32 hex digits of the SHA-256 of contract 6.
    pub finding_id: String,
    /// 编号
    pub rule_id: Arc<str>,
    /// 名称
    pub rule_name: Arc<str>,
    /// The package version.
    pub rule_version: Arc<str>,
    /// Nature.
    pub nature: Nature,
    /// English name of the subject's kind; for a group the kind of its records, for a summary its name.
    pub subject_kind: Arc<str>,
    /// Contract 2.
    pub subject_key: String,
    /// The person, if all evidence shares one.
    pub person: Option<String>,
    /// Likewise.
    pub institution: Option<String>,
    /// Likewise.
    pub practitioner: Option<String>,
    /// Likewise.
    pub visit: Option<String>,
    /// Local day of the subject's clock, days since 1970-01-01.
    pub service_date: Option<i64>,
    /// Violating amount ×10⁴; none when undecided or when the rule has none.
    pub amount: Option<i64>,
    /// 说明
    pub message: String,
    /// 核查
    pub verify: Arc<str>,
    /// 依据
    pub basis: Arc<[String]>,
    /// Offending lines, in the total order.
    pub offending: Vec<Evidence>,
    /// Records merely involved, in the total order, without the offending ones.
    pub involved: Vec<Evidence>,
    /// 设 and 列示 values in rule order.
    pub values: Vec<(Arc<str>, Option<String>)>,
}

impl Finding {
    /// A finding of which only its charges are known: what totals look at. `amount` is ×10⁴.
    pub fn of_charges(
        rule_id: Arc<str>,
        nature: Nature,
        amount: Option<i64>,
        offending: Vec<Evidence>,
    ) -> Self {
        Self {
            finding_id: String::new(),
            rule_id,
            rule_name: Arc::default(),
            rule_version: Arc::default(),
            nature,
            subject_kind: Arc::default(),
            subject_key: String::new(),
            person: None,
            institution: None,
            practitioner: None,
            visit: None,
            service_date: None,
            amount,
            message: String::new(),
            verify: Arc::default(),
            basis: Arc::default(),
            offending,
            involved: Vec::new(),
            values: Vec::new(),
        }
    }
}

/// Counts of one rule over a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleCoverage {
    /// Subjects seen: records or groups of the subject's kind, whatever came of them.
    pub seen: u64,
    /// 不适用, 通过, 命中, 豁免, 无法判定.
    pub not_applicable: u64,
    /// 通过
    pub pass: u64,
    /// 命中
    pub hit: u64,
    /// 豁免
    pub exempt: u64,
    /// 无法判定
    pub undecided: u64,
    /// 无法判定 by cause (the text of a [`crate::value::CauseKind`]).
    pub undecided_by_cause: BTreeMap<String, u64>,
    /// 豁免 by reason.
    pub exempt_by_reason: BTreeMap<String, u64>,
    /// Sum of the amounts of its findings, ×10⁴.
    pub amount: i128,
    /// Findings without an amount though the rule has one.
    pub amount_undecided: u64,
    /// Amounts that were cut to the sum of their lines (sentence 37).
    pub amount_cut: u64,
}

impl RuleCoverage {
    /// Adds the counts of other subjects.
    pub fn add(&mut self, more: &RuleCoverage) {
        let counts = [
            (&mut self.seen, more.seen),
            (&mut self.not_applicable, more.not_applicable),
            (&mut self.pass, more.pass),
            (&mut self.hit, more.hit),
            (&mut self.exempt, more.exempt),
            (&mut self.undecided, more.undecided),
            (&mut self.amount_undecided, more.amount_undecided),
            (&mut self.amount_cut, more.amount_cut),
        ];
        for (held, more) in counts {
            *held = held.saturating_add(more);
        }
        self.amount = self.amount.saturating_add(more.amount);
        let causes = [
            (&mut self.undecided_by_cause, &more.undecided_by_cause),
            (&mut self.exempt_by_reason, &more.exempt_by_reason),
        ];
        for (held, more) in causes {
            for (cause, count) in more {
                let held = held.entry(cause.clone()).or_insert(0);
                *held = held.saturating_add(*count);
            }
        }
    }
}

/// The outcome of one subject, recorded on request (`jihe test`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SubjectOutcome {
    /// 编号
    pub rule_id: String,
    /// Contract 2.
    pub subject_key: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The subject itself, or the records behind a group: English kind and key.
    pub members: Vec<(String, String)>,
}

/// What running one or all rules gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Findings in order of rule id, then subject key.
    pub findings: Vec<Finding>,
    /// One entry a rule that ran, by rule id.
    pub coverage: BTreeMap<String, RuleCoverage>,
    /// The outcome of every subject, by rule id then subject key; empty unless asked for.
    pub subjects: Vec<SubjectOutcome>,
    /// Negative lines that refer to no line (sentence 39).
    pub unmatched_refunds: u64,
    /// Lines whose refunds exceed them (sentence 39).
    pub over_refunded: u64,
}
