//! What the cases covered.
//!
//! In: cases. Out: a text, and what is not good enough.
//! Invariant: a construct that too few cases use, or an outcome that too few subjects have, is a failure.

use super::compare::Case;
use super::constructs::{used, wanted};
use jihe_model::finding::{Finding, Outcomes, SEVERAL_VERSIONS};
use std::collections::BTreeMap;

const FEWEST_CASES: usize = 20;
/// In a hundred.
const LEAST_SHARE: u64 = 5;
/// Packages in a hundred that the checker may refuse.
const MOST_REFUSED: usize = 35;

/// Counts over all cases.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) packages: usize,
    cases: usize,
    refused: usize,
    /// Rules whose sessions were compared with the batch.
    replayed: usize,
    /// Error codes of refused rules, with one example each.
    errors: BTreeMap<String, (usize, String)>,
    constructs: BTreeMap<String, usize>,
    outcomes: BTreeMap<&'static str, u64>,
    findings: usize,
    /// Findings about groups that saw several versions of a table.
    several_versions: usize,
}

impl Report {
    pub(crate) fn refused(&mut self, case: &Case, code: &str, error: &str) {
        self.refused += 1;
        let entry = self
            .errors
            .entry(code.to_owned())
            .or_insert_with(|| (0, format!("{error}\n{}", case.package.text())));
        entry.0 += 1;
    }

    pub(crate) fn accepted(&mut self, case: &Case) {
        self.packages += 1;
        for construct in used(&case.package) {
            *self.constructs.entry(construct).or_insert(0) += 1;
        }
    }

    pub(crate) fn agreed(&mut self, outcomes: &Outcomes) {
        self.cases += 1;
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
        let several = |finding: &&Finding| finding.values.iter().any(|(name, _)| &**name == SEVERAL_VERSIONS);
        self.several_versions += outcomes.findings.iter().filter(several).count();
    }

    pub(crate) fn replayed(&mut self, rules: usize) {
        self.replayed += rules;
    }

    /// Adds the counts of another run.
    pub(crate) fn add(&mut self, other: Self) {
        self.packages += other.packages;
        self.cases += other.cases;
        self.refused += other.refused;
        self.replayed += other.replayed;
        self.findings += other.findings;
        self.several_versions += other.several_versions;
        for (construct, count) in other.constructs {
            *self.constructs.entry(construct).or_insert(0) += count;
        }
        for (outcome, count) in other.outcomes {
            *self.outcomes.entry(outcome).or_insert(0) += count;
        }
        for (code, (count, example)) in other.errors {
            self.errors.entry(code).or_insert((0, example)).0 += count;
        }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!(
            "{} cases of {} packages, {} packages refused, {} findings, {} rules replayed\n",
            self.cases, self.packages, self.refused, self.findings, self.replayed
        );
        for (outcome, count) in &self.outcomes {
            text.push_str(&format!("{outcome} {count} ({} %)\n", self.share(*count)));
        }
        for (construct, count) in &self.constructs {
            text.push_str(&format!("{construct} {count}; "));
        }
        for (code, (count, example)) in &self.errors {
            let example = if super::setting("JIHE_REFUSED", 0) > 0 { example.as_str() } else { "" };
            text.push_str(&format!("\nrefused {count}× {code} {example}"));
        }
        text
    }

    fn share(&self, count: u64) -> u64 {
        count * 100 / self.outcomes.values().sum::<u64>().max(1)
    }

    /// Everything that makes the run a failure.
    pub(crate) fn failures(&self) -> String {
        let mut text = String::new();
        for (outcome, count) in &self.outcomes {
            if self.share(*count) < LEAST_SHARE {
                text.push_str(&format!("\ntoo few subjects are {outcome}: {count}"));
            }
        }
        let wanted = wanted();
        for construct in self.constructs.keys().filter(|construct| !wanted.contains(*construct)) {
            text.push_str(&format!("\nthe table of constructs lacks {construct}"));
        }
        for construct in wanted {
            let count = self.constructs.get(&construct).copied().unwrap_or(0);
            if count < FEWEST_CASES {
                text.push_str(&format!("\ntoo few packages use {construct}: {count}"));
            }
        }
        if self.several_versions < FEWEST_CASES {
            text.push_str(&format!("\ntoo few findings are 跨有效期: {}", self.several_versions));
        }
        if self.refused * 100 > (self.packages + self.refused) * MOST_REFUSED {
            text.push_str(&format!("\ntoo many packages are refused: {}", self.refused));
        }
        text
    }
}
