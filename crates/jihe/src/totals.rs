//! Money, each charge counted once (sentence 38).
//!
//! In: findings and the precedence of rules. Out: [`Totals`].
//! Invariant: a line contributes the largest amount any finding puts on it, in the name of one rule; 数据质量 never counts.

use hashbrown::HashMap;
use jihe_check::typed::{RuleId, TypedRules};
use jihe_model::finding::{Finding, Nature};
use std::collections::{BTreeMap, BTreeSet};

/// Amounts ×10⁴ over a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Every charge counted once.
    pub amount: i128,
    /// The part counted in the name of each rule, by rule id.
    pub by_rule: BTreeMap<String, i128>,
}

/// One claim on a line: how much, by which finding, and where the claim before is.
struct Stake<'a> {
    amount: i64,
    finding: &'a Finding,
    before: Option<usize>,
}

pub(crate) fn totals(rules: &TypedRules, findings: &[Finding]) -> Totals {
    let precedence = precedence(rules);
    // Where the last claim on each line is; sums do not depend on the order of lines.
    let most = findings.iter().map(|finding| finding.offending.len()).fold(0, usize::saturating_add);
    let mut lines: HashMap<(&str, &str), usize> = HashMap::with_capacity(most);
    let mut stakes: Vec<Stake<'_>> = Vec::with_capacity(most);
    let mut totals = Totals::default();
    for finding in findings.iter().filter(|finding| finding.nature != Nature::DataQuality) {
        let mut on_lines: i64 = 0;
        for line in &finding.offending {
            let Some(amount) = line.amount else { continue };
            on_lines = on_lines.saturating_add(amount);
            let before = lines.insert((&line.kind, &line.key), stakes.len());
            stakes.push(Stake { amount, finding, before });
        }
        let unattributed = finding.amount.unwrap_or(0).saturating_sub(on_lines).max(0);
        count(&mut totals, &finding.rule_id, unattributed);
    }
    for last in lines.into_values() {
        let of_line = || std::iter::successors(stakes.get(last), |stake| stakes.get(stake.before?));
        let amount = of_line().map(|stake| stake.amount).max().unwrap_or(0);
        let preceded = |stake: &&Stake<'_>| {
            let by =
                |other: &Stake<'_>| precedence.contains(&(&*other.finding.rule_id, &*stake.finding.rule_id));
            !precedence.is_empty() && of_line().any(by)
        };
        let standing = of_line().filter(|stake| !preceded(stake));
        if let Some(first) = standing.min_by_key(|stake| (stake.finding.nature, &stake.finding.rule_id)) {
            count(&mut totals, &first.finding.rule_id, amount);
        }
    }
    totals
}

fn count(totals: &mut Totals, rule_id: &str, amount: i64) {
    if amount > 0 {
        let amount = i128::from(amount);
        totals.amount = totals.amount.saturating_add(amount);
        match totals.by_rule.get_mut(rule_id) {
            Some(held) => *held = held.saturating_add(amount),
            None => {
                totals.by_rule.insert(rule_id.to_owned(), amount);
            }
        }
    }
}

/// All pairs (first, second) of rule ids, 优先于 followed through.
fn precedence(rules: &TypedRules) -> BTreeSet<(&str, &str)> {
    let mut pairs = BTreeSet::new();
    for rule in &rules.rules {
        let mut waiting: Vec<RuleId> = rule.precedes.clone();
        let mut seen = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            let Some(other) = rules.rules.get(next.index()).filter(|_| seen.insert(next)) else { continue };
            pairs.insert((rule.id.as_str(), other.id.as_str()));
            waiting.extend(other.precedes.iter().copied());
        }
    }
    pairs
}
