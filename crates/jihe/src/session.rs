//! Real time: one person's history, and claims checked against it as they arrive.
//!
//! In: history once, then claims one by one. Out: a [`Check`] a claim: what it finds and what it withdraws.
//! Invariant: folding the checks of all claims of a person in time order gives the batch's findings (contract 22).

mod merge;

use crate::audit::{Claims, Options};
use crate::ruleset::Ruleset;
use jihe_check::typed::{RuleId, Scope};
use jihe_model::finding::{Evidence, Finding};
use jihe_model::ingest::Reject;
use jihe_model::records::Records;
use merge::merge;
use std::collections::{BTreeMap, BTreeSet};

/// A finding's place in a fold: rule id and subject key.
type Place = (String, String);

/// One person's records, ready for claims.
#[derive(Debug, Clone)]
pub struct Session {
    ruleset: Ruleset,
    records: Records,
    findings: BTreeMap<Place, Finding>,
    rules: Vec<RuleId>,
    rejects: Vec<Reject>,
}

/// What one claim changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Findings that are new, changed, or name a record of this claim; by rule id, then subject key.
    pub findings: Vec<Finding>,
    /// Rule id and subject key of findings that no longer hold.
    pub withdrawn: Vec<(String, String)>,
    /// Ids of 群体 rules, which one person's records cannot decide (sentence 42): 未评估.
    pub not_evaluated: Vec<String>,
}

impl Session {
    /// Loads a person's history. Its run dates say which days it covers: a window that reaches outside is undecided.
    ///
    /// ```
    /// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
    ///     规则包 "示例" 版本 "1"
    ///     规则 当日重复 {
    ///       编号 "X2"
    ///       针对 明细
    ///       设   同日 = 其他 明细 同一(就诊.参保人, 项目编码) 当日
    ///       当   存在(同日)
    ///       性质 可疑 涉及 同日 说明 "同日另有{计数(同日)}笔相同项目"
    ///     }
    /// "#);
    /// let ruleset = jihe::compile(&files).unwrap();
    /// let history = ruleset.claims_from_json(r#"{ "visit": [], "item": [] }"#).unwrap();
    /// let mut session = jihe::Session::open(&ruleset, history);
    /// let claim = |visit: &str, line: &str| ruleset.claims_from_json(&format!(
    ///     r#"{{ "visit": [{{ "mdtrt_id": "{visit}", "psn_no": "P1", "time": "2024-03-01" }}],
    ///          "item": [{{ "feedetl_sn": "{line}", "visit": "{visit}", "used_time": "2024-03-01", "med_list_codg": "A" }}] }}"#
    /// )).unwrap();
    /// assert!(session.check(&claim("V1", "L1")).findings.is_empty());
    /// // The second line makes both lines findings: the earlier evaluation of L1 is superseded.
    /// assert_eq!(session.check(&claim("V2", "L2")).findings.len(), 2);
    /// ```
    pub fn open(ruleset: &Ruleset, history: Claims) -> Self {
        let rules: Vec<RuleId> = (0u32..)
            .map(RuleId)
            .zip(&ruleset.typed().rules)
            .filter(|(_, rule)| rule.scope == Scope::Person)
            .map(|(id, _)| id)
            .collect();
        let mut session = Self {
            ruleset: ruleset.clone(),
            records: history.records,
            findings: BTreeMap::new(),
            rules,
            rejects: history.rejects,
        };
        session.findings = session.evaluate();
        session
    }

    /// Adds a claim to the history and says what it changes. A record with a known key replaces the known one.
    pub fn check(&mut self, claim: &Claims) -> Check {
        let current = keys(&self.ruleset, &claim.records);
        self.records = merge(&self.records, &claim.records);
        let before = std::mem::take(&mut self.findings);
        let after = self.evaluate();
        let told = |(place, finding): (&Place, &Finding)| {
            let news = before.get(place) != Some(finding);
            (news || names(finding, &current)).then(|| finding.clone())
        };
        let check = Check {
            findings: after.iter().filter_map(told).collect(),
            withdrawn: before.keys().filter(|place| !after.contains_key(*place)).cloned().collect(),
            not_evaluated: self.not_evaluated(),
        };
        self.findings = after;
        check
    }

    /// Everything that holds now, by rule id, then subject key: the fold of all checks so far.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.values()
    }

    /// Rows of the history that could not be read.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    pub(crate) fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }

    fn evaluate(&self) -> BTreeMap<Place, Finding> {
        let engine_options = jihe_engine::Options {
            threads: Options::default().threads,
            only: Some(self.rules.clone()),
            ..jihe_engine::Options::default()
        };
        let outcomes = jihe_engine::audit_planned(
            self.ruleset.typed(),
            self.ruleset.plan(),
            &self.records,
            &engine_options,
        );
        let placed = |finding: Finding| ((finding.rule_id.clone(), finding.subject_key.clone()), finding);
        outcomes.findings.into_iter().map(placed).collect()
    }

    fn not_evaluated(&self) -> Vec<String> {
        let population = self.ruleset.typed().rules.iter().filter(|rule| rule.scope == Scope::Population);
        let mut ids: Vec<String> = population.map(|rule| rule.id.clone()).collect();
        ids.sort();
        ids
    }
}

/// English kind and key of every record of a claim.
fn keys(ruleset: &Ruleset, records: &Records) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (kind, table) in &records.tables {
        let name = ruleset.schema().kind(*kind).map_or("", |kind| kind.en.as_str());
        for key in &table.keys {
            found.insert((name.to_owned(), records.symbols.text(jihe_model::value::Symbol(*key)).to_owned()));
        }
    }
    found
}

fn names(finding: &Finding, current: &BTreeSet<(String, String)>) -> bool {
    let holds = |line: &Evidence| current.contains(&(line.kind.clone(), line.key.clone()));
    current.contains(&(finding.subject_kind.clone(), finding.subject_key.clone()))
        || finding.offending.iter().any(holds)
        || finding.involved.iter().any(holds)
}
