//! What the cases covered, and where the two differed.
//!
//! In: cases. Out: a text, and what is not good enough.
//! Invariant: a construct that too few cases use, or an outcome that too few subjects have, is a failure.

use super::compare::Case;
use super::rules::Rules;
use jihe_model::finding::Outcomes;
use std::collections::BTreeMap;

const FEWEST_CASES: usize = 20;
/// In a hundred.
const LEAST_SHARE: u64 = 5;
const SHOWN: u64 = 5;

/// Counts over all cases.
#[derive(Debug, Default)]
pub(crate) struct Report {
    cases: usize,
    refused: usize,
    /// Error codes of refused rules, with one example each.
    errors: BTreeMap<String, (usize, String)>,
    constructs: BTreeMap<&'static str, usize>,
    outcomes: BTreeMap<&'static str, u64>,
    findings: usize,
    differing: Vec<(Case, String)>,
}

impl Report {
    pub(crate) fn refused(&mut self, rules: &Rules, errors: &[String]) {
        self.refused += 1;
        let error = errors.first().cloned().unwrap_or_default();
        let code = error.split('"').nth(1).unwrap_or("none").to_owned();
        let rule = rules.text.split_once("规则 随机").map_or("", |(_, rule)| rule);
        let entry = self.errors.entry(code).or_insert_with(|| (0, format!("{error}\n{rule}")));
        entry.0 += 1;
    }

    pub(crate) fn agreed(&mut self, case: &Case, outcomes: &Outcomes) {
        self.cases += 1;
        for construct in &case.rules.constructs {
            *self.constructs.entry(construct).or_insert(0) += 1;
        }
        for coverage in outcomes.coverage.values() {
            for (outcome, count) in [
                ("不适用", coverage.not_applicable),
                ("通过", coverage.pass),
                ("命中", coverage.hit),
                ("豁免", coverage.exempt),
                ("无法判定", coverage.undecided),
            ] {
                *self.outcomes.entry(outcome).or_insert(0) += count;
            }
        }
        self.findings += outcomes.findings.len();
    }

    pub(crate) fn differed(&mut self, (case, text): (Case, String)) {
        self.cases += 1;
        for construct in &case.rules.constructs {
            *self.constructs.entry(construct).or_insert(0) += 1;
        }
        self.differing.push((case, text));
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} cases, {} rules refused, {} findings, {} differ\n",
            self.cases,
            self.refused,
            self.findings,
            self.differing.len()
        );
        for (outcome, count) in &self.outcomes {
            text.push_str(&format!("{outcome} {count} ({} %)\n", self.share(*count)));
        }
        for (construct, count) in &self.constructs {
            text.push_str(&format!("{construct} {count}; "));
        }
        for (code, (count, example)) in &self.errors {
            text.push_str(&format!("\nrefused {count}× {code}: {example}"));
        }
        text
    }

    fn share(&self, count: u64) -> u64 {
        count * 100 / self.outcomes.values().sum::<u64>().max(1)
    }

    /// Everything that makes the run a failure.
    pub(crate) fn failures(&self) -> String {
        let mut text = String::new();
        for (case, difference) in self
            .differing
            .iter()
            .take(usize::try_from(super::setting("JIHE_SHOWN", SHOWN)).unwrap_or(usize::MAX))
        {
            let rule = case.rules.text.split_once("规则 随机").map_or("", |(_, rule)| rule);
            let claims = case.claims.text();
            text.push_str(&format!(
                "\n==== seed {}: {difference}\n规则 随机{rule}{claims}{:?}\n{:?}\n",
                case.seed, case.claims.run, case.rules.files
            ));
        }
        for (outcome, count) in &self.outcomes {
            if self.share(*count) < LEAST_SHARE {
                text.push_str(&format!("\ntoo few subjects are {outcome}: {count}"));
            }
        }
        for (construct, count) in &self.constructs {
            if *count < FEWEST_CASES {
                text.push_str(&format!("\ntoo few cases use {construct}: {count}"));
            }
        }
        text
    }
}
