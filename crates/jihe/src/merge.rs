//! Reports of the parts of a run, put together.
//!
//! In: reports over parts that hold whole persons, all told the same dates; a report of the other rules over all records.
//! Out: the report of the whole run, without its findings: those are the caller's to order.
//! Invariant: counts and amounts add up exactly; what is no count is the same in every part; each rule has one line.

use crate::audit::Report;
use crate::manifest::{Manifest, RuleStatus};
use crate::money::exact;
use crate::ruleset::Ruleset;
use crate::totals::Totals;
use jihe_model::finding::{Finding, Outcomes, RuleCoverage};
use std::collections::{BTreeMap, BTreeSet};

/// Puts reports together.
///
/// ```
/// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
///     规则包 "示例" 版本 "1"
///     规则 甲 { 编号 "X1" 针对 就诊 当 已知(参保人) 性质 可疑 说明 "甲" }
/// "#);
/// let rules = jihe::compile(&files).unwrap();
/// let mut merge = jihe::Merge::new(&rules);
/// for person in ["P1", "P2"] {
///     let claims = format!(r#"{{ "visit": [{{ "mdtrt_id": "V{person}", "psn_no": "{person}" }}] }}"#);
///     let claims = rules.claims_from_json(&claims).unwrap();
///     merge.add_persons(&rules.audit(&claims, &jihe::Options::default()));
/// }
/// let whole = merge.finish(0, None).unwrap();
/// assert_eq!(whole.manifest().totals.findings, 2);
/// assert_eq!(whole.manifest().records["visit"], 2);
/// assert_eq!(whole.manifest().rules[0].hit, 2);
/// ```
#[derive(Debug)]
pub struct Merge {
    personal: BTreeSet<String>,
    manifest: Option<Manifest>,
    coverage: BTreeMap<String, RuleCoverage>,
    findings: usize,
    totals: Totals,
}

impl Ruleset {
    /// Money of findings, each charge counted once.
    pub fn totals(&self, findings: &[Finding]) -> Totals {
        crate::totals::totals(self.typed(), findings)
    }
}

impl Totals {
    /// Adds the totals of other lines.
    pub fn add(&mut self, more: &Totals) {
        self.amount = self.amount.saturating_add(more.amount);
        for (rule, amount) in &more.by_rule {
            let held = self.by_rule.entry(rule.clone()).or_default();
            *held = held.saturating_add(*amount);
        }
    }
}

impl Merge {
    /// Nothing yet.
    pub fn new(ruleset: &Ruleset) -> Self {
        let kinds = ruleset.layout().kinds;
        Self {
            personal: kinds.into_iter().filter(|kind| kind.personal).map(|kind| kind.name).collect(),
            manifest: None,
            coverage: BTreeMap::new(),
            findings: 0,
            totals: Totals::default(),
        }
    }

    /// Adds a part that holds whole persons, and everything that belongs to none.
    pub fn add_persons(&mut self, part: &Report) {
        let more = part.manifest();
        let held = match &mut self.manifest {
            None => self.manifest.insert(Manifest { records: BTreeMap::new(), ..more.clone() }),
            Some(held) => {
                held.refunds.unmatched = held.refunds.unmatched.saturating_add(more.refunds.unmatched);
                held.refunds.exceeding = held.refunds.exceeding.saturating_add(more.refunds.exceeding);
                held
            }
        };
        for (kind, rows) in &more.records {
            let before = held.records.get(kind).copied().filter(|_| self.personal.contains(kind));
            held.records.insert(kind.clone(), before.unwrap_or(0).saturating_add(*rows));
        }
        self.add_counts(part);
        self.totals.add(part.totals());
    }

    /// Adds a run of other rules over all records: their lines stand for those of the parts, which did not run them.
    pub fn add_rules(&mut self, part: &Report) {
        for line in &part.manifest().rules {
            let held = self.manifest.as_mut().map(|manifest| &mut manifest.rules).into_iter().flatten();
            let ran = part.coverage().contains_key(&line.rule_id);
            for slot in held.filter(|slot| ran && slot.rule_id == line.rule_id) {
                slot.clone_from(line);
            }
        }
        self.add_counts(part);
        self.totals.add(part.totals());
    }

    /// Says why a rule did not run at all.
    pub fn skip(&mut self, rule_id: &str, reason: &str) {
        let held = self.manifest.as_mut().map(|manifest| &mut manifest.rules).into_iter().flatten();
        for line in held.filter(|line| line.rule_id == rule_id) {
            // A rule whose records are not there is skipped for that.
            if line.reason.as_deref() == Some("not_chosen") {
                line.reason = Some(reason.to_owned());
            }
            line.status = RuleStatus::Skipped;
        }
    }

    fn add_counts(&mut self, part: &Report) {
        self.findings = self.findings.saturating_add(part.findings().len());
        for (rule, more) in part.coverage() {
            self.coverage.entry(rule.clone()).or_default().add(more);
        }
    }

    /// The report of the whole: `rejected` rows in all. `totals` are given where a line can be charged in several parts;
    /// without them those of the parts are added. None if there was no part.
    pub fn finish(self, rejected: usize, totals: Option<Totals>) -> Option<Report> {
        let mut manifest = self.manifest?;
        let totals = totals.unwrap_or(self.totals);
        manifest.rejected = rejected;
        manifest.totals.findings = self.findings;
        manifest.totals.amount = exact(totals.amount);
        manifest.totals.by_rule =
            totals.by_rule.iter().map(|(rule, amount)| (rule.clone(), exact(*amount))).collect();
        for line in &mut manifest.rules {
            if let Some(counts) = self.coverage.get(&line.rule_id) {
                line.count(counts);
            }
        }
        let (unmatched_refunds, over_refunded) = (manifest.refunds.unmatched, manifest.refunds.exceeding);
        let outcomes =
            Outcomes { coverage: self.coverage, unmatched_refunds, over_refunded, ..Outcomes::default() };
        Some(Report::of(outcomes, totals, manifest))
    }
}
