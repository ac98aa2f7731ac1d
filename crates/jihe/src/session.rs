//! Real time: one person's history, and claims checked against it as they arrive.
//!
//! In: history once, then claims one by one. Out: a [`Check`] a claim: what it finds and what it withdraws.
//! Invariant: folding the checks of all claims of a person in time order gives the batch's findings (contract 22).

use crate::audit::Claims;
use crate::error::{Error, ErrorKind};
use crate::ruleset::Ruleset;
use crate::snapshot::Snapshot;
use jihe_check::typed::{Rule, RuleId, Scope};
use jihe_engine::{Changed, Person};
use jihe_model::finding::Finding;
use jihe_model::ingest::Reject;
use jihe_model::records::{Records, Table};
use jihe_model::schema::KindId;
use jihe_model::value::Symbols;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The findings of a rule by subject key.
type OfRule = BTreeMap<String, Arc<Finding>>;

/// English kinds of the records that findings name.
type KindsNamed = BTreeSet<Arc<str>>;

/// One person's records, ready for claims.
#[derive(Debug, Clone)]
pub struct Session {
    ruleset: Ruleset,
    person: Person,
    /// By number of the rule.
    findings: Vec<OfRule>,
    /// Of the findings there are, and perhaps of some there were.
    kinds_named: KindsNamed,
    not_evaluated: Vec<NotEvaluated>,
    rejects: Vec<Reject>,
}

/// What one claim changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// Findings that are new, changed, or name a record of this claim; by rule id, then subject key. The session holds
    /// them too.
    pub findings: Vec<Arc<Finding>>,
    /// Rule id and subject key of findings that no longer hold.
    pub withdrawn: Vec<(String, String)>,
    /// 群体 rules, which one person's records cannot decide (sentence 42): 未评估.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// A rule that a session does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluated {
    /// 编号
    pub rule_id: String,
    /// The summaries it reads; for a rule with 按 its own groups, under the rule's name.
    pub needs: Vec<String>,
    /// Whether it runs in a session that has a snapshot of what it needs (sentence 41).
    pub by_snapshot: bool,
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
        Self::begin(ruleset, history, Person::new(runnable(ruleset, &[])), &[])
    }

    /// Loads a person's history, and rows of population summaries: a 群体 rule that reads of others only such rows runs
    /// too.
    ///
    /// # Errors
    /// Kind `Claims` for a key or column that is not of its type.
    pub fn open_with(ruleset: &Ruleset, history: Claims, snapshot: &Snapshot) -> Result<Self, Error> {
        let names: Vec<&str> = snapshot.names().collect();
        let mut person = Person::new(runnable(ruleset, &names));
        for rows in &snapshot.summaries {
            person.supply(ruleset.engine(), rows).map_err(|bad| {
                let row = bad.row.saturating_add(1);
                Error::plain(
                    ErrorKind::Claims,
                    format!("快照：统计 `{}` 第 {row} 行的 `{}` 不能读：`{}`", rows.name, bad.name, bad.text),
                    format!(
                        "snapshot: `{}` in row {row} of `{}` cannot be read: `{}`",
                        bad.name, rows.name, bad.text
                    ),
                )
            })?;
        }
        Ok(Self::begin(ruleset, history, person, &names))
    }

    fn begin(ruleset: &Ruleset, mut history: Claims, mut person: Person, snapshot: &[&str]) -> Self {
        history.records.index_keys();
        let mut findings = vec![OfRule::new(); ruleset.typed().rules.len()];
        let mut kinds_named = KindsNamed::new();
        for changed in person.open(ruleset.engine(), &history.records) {
            for finding in &changed.findings {
                put_kinds(finding, &mut kinds_named);
            }
            if let Some(held) = findings.get_mut(changed.rule.index()) {
                held.extend(
                    changed
                        .findings
                        .into_iter()
                        .map(|finding| (finding.subject_key.clone(), Arc::new(finding))),
                );
            }
        }
        let not_evaluated = not_evaluated(ruleset, snapshot);
        Self {
            ruleset: ruleset.clone(),
            person,
            findings,
            kinds_named,
            not_evaluated,
            rejects: history.rejects,
        }
    }

    /// Adds a claim to the history and says what it changes. A record with a known key replaces the known one.
    ///
    /// A claim that only adds records costs what its own records and those near them cost; one that replaces records,
    /// takes back charges, or brings a kind or field not seen before makes everything be computed anew.
    pub fn check(&mut self, claim: &Claims) -> Check {
        let mut check = Check { not_evaluated: self.not_evaluated.clone(), ..Check::default() };
        let added = self.person.add(self.ruleset.engine(), &claim.records);
        for changed in added.changed {
            self.fold(changed, &mut check);
        }
        if !added.repeated.is_empty() {
            self.tell_named(&claim.records, &added.repeated, &mut check);
        }
        check.findings.sort_by(|a, b| place(a).cmp(&place(b)));
        check.withdrawn.sort();
        check
    }

    /// Puts what a rule finds now in the place of what it found of the same subjects; tells what is new or changed.
    fn fold(&mut self, changed: Changed, check: &mut Check) {
        let Some(rule) = self.ruleset.typed().rules.get(changed.rule.index()) else { return };
        let Some(held) = self.findings.get_mut(changed.rule.index()) else { return };
        let mut now = changed.findings;
        for finding in &now {
            put_kinds(finding, &mut self.kinds_named);
        }
        now.sort_by(|a, b| a.subject_key.cmp(&b.subject_key));
        let finds = |subject: &String| now.binary_search_by(|one| one.subject_key.cmp(subject)).is_ok();
        let unchanged: BTreeSet<String> = changed.unchanged.into_iter().collect();
        let stays = |subject: &String| unchanged.contains(subject) || finds(subject);
        let asked = changed.subjects.unwrap_or_else(|| held.keys().cloned().collect());
        for subject in asked {
            if !stays(&subject) && held.remove(&subject).is_some() {
                check.withdrawn.push((rule.id.clone(), subject));
            }
        }
        for finding in now {
            if held.get(&finding.subject_key).is_some_and(|known| **known == finding) {
                continue;
            }
            let finding = Arc::new(finding);
            check.findings.push(Arc::clone(&finding));
            held.insert(finding.subject_key.clone(), finding);
        }
    }

    /// Tells the findings that name a record of a claim, whether they changed or not.
    fn tell_named(&self, claim: &Records, repeated: &[KindId], check: &mut Check) {
        let told: BTreeSet<(Arc<str>, String)> =
            check.findings.iter().map(|held| (held.rule_id.clone(), held.subject_key.clone())).collect();
        let is_new = |held: &&Arc<Finding>| !told.contains(&(held.rule_id.clone(), held.subject_key.clone()));
        let schema = self.ruleset.schema();
        let named = self.findings.iter().flat_map(BTreeMap::values);
        let tables = |kind: &KindId| Some((schema.kind(*kind)?.en.as_str(), claim.tables.get(kind)?));
        let tables: Vec<(&str, &Table)> =
            repeated.iter().filter_map(tables).filter(|table| self.kinds_named.contains(table.0)).collect();
        if tables.is_empty() {
            return;
        }
        let named = named.filter(|finding| names(finding, &claim.symbols, &tables)).filter(is_new);
        check.findings.extend(named.cloned());
    }

    /// Everything that holds now, by rule id, then subject key: the fold of all checks so far.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let mut rules: Vec<(&Rule, &OfRule)> =
            self.ruleset.typed().rules.iter().zip(&self.findings).collect();
        rules.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        rules.into_iter().flat_map(|(_, found)| found.values().map(Arc::as_ref))
    }

    /// Rows of the history that could not be read.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    pub(crate) fn ruleset(&self) -> &Ruleset {
        &self.ruleset
    }
}

fn rules(ruleset: &Ruleset) -> impl Iterator<Item = (RuleId, &Rule)> {
    (0u32..).map(RuleId).zip(&ruleset.typed().rules)
}

/// Names of the summaries a 群体 rule needs, if a snapshot of them suffices.
fn needs(ruleset: &Ruleset, rule: RuleId) -> Option<Vec<String>> {
    let typed = ruleset.typed();
    let needs = jihe_engine::snapshot_needs(typed, ruleset.plan(), rule)?;
    let name =
        |id: jihe_check::typed::SummaryId| typed.summaries.get(id.index()).map(|held| held.name.clone());
    Some(needs.into_iter().filter_map(name).collect())
}

/// 个人 rules, and 群体 rules whose summaries are in the snapshot.
fn runnable(ruleset: &Ruleset, snapshot: &[&str]) -> Vec<RuleId> {
    let runs = |(id, rule): &(RuleId, &Rule)| {
        rule.scope == Scope::Person
            || needs(ruleset, *id)
                .is_some_and(|needs| needs.iter().all(|name| snapshot.contains(&name.as_str())))
    };
    rules(ruleset).filter(runs).map(|(id, _)| id).collect()
}

fn not_evaluated(ruleset: &Ruleset, snapshot: &[&str]) -> Vec<NotEvaluated> {
    let runs = runnable(ruleset, snapshot);
    let told = |(id, rule): (RuleId, &Rule)| {
        let sufficient = needs(ruleset, id);
        let by_snapshot = sufficient.is_some();
        let needs = sufficient.unwrap_or_else(|| crate::requirements::summaries(ruleset.typed(), &rule.id));
        NotEvaluated { rule_id: rule.id.clone(), needs, by_snapshot }
    };
    let mut all: Vec<NotEvaluated> = rules(ruleset).filter(|(id, _)| !runs.contains(id)).map(told).collect();
    all.sort_by(|a, b| a.rule_id.cmp(&b.rule_id));
    all
}

/// Adds the kinds a finding names.
fn put_kinds(finding: &Finding, kinds: &mut KindsNamed) {
    let evidence = finding.offending.iter().chain(&finding.involved).map(|line| &line.kind);
    for kind in evidence.chain([&finding.subject_kind]) {
        if !kinds.contains(kind) {
            kinds.insert(Arc::clone(kind));
        }
    }
}

/// By what findings are ordered.
fn place(finding: &Finding) -> (&str, &str) {
    (&finding.rule_id, &finding.subject_key)
}

/// Whether a finding names a record of some tables of a claim, which go by their English kinds.
fn names(finding: &Finding, symbols: &Symbols, tables: &[(&str, &Table)]) -> bool {
    let holds = |kind: &str, key: &str| {
        let table = tables.iter().find(|held| held.0 == kind);
        table.is_some_and(|(_, table)| symbols.find(key).is_some_and(|key| table.keys.contains(&key.0)))
    };
    holds(&finding.subject_kind, &finding.subject_key)
        || finding.offending.iter().chain(&finding.involved).any(|line| holds(&line.kind, &line.key))
}
