//! Cases as proptest makes, shrinks and remembers them.
//!
//! In: proptest's runner. Out: [`Case`]s; a failing one is made smaller part by part.
//! Invariant: a case is a function of the runner's seed; every smaller case is the failing one less something.

use super::claims::Claims;
use super::compare::{Case, Cut};
use super::random::Random;
use super::registers_claims::is_key;
use super::spelling::Spelling;
use super::{case, claims, rules};
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Records tried with each package.
const CLAIMS_EACH: usize = 2;

/// Random packages with random records.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cases;

impl Strategy for Cases {
    type Tree = Shrinking;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut random = Random::of(runner);
        let (package, schema) = rules::rules(&mut random);
        let claims = (0..CLAIMS_EACH).map(|_| claims::claims(&mut random, &schema)).collect();
        let cut = Cut::random(&mut random);
        Ok(Shrinking { failing: Case { package, claims, cut }, trial: None, smaller: None })
    }
}

/// A case on its way to the smallest that still fails.
#[derive(Debug, Clone)]
pub(crate) struct Shrinking {
    failing: Case,
    trial: Option<Case>,
    /// What may be tried next, last first; made when first asked for.
    smaller: Option<Vec<Case>>,
}

impl ValueTree for Shrinking {
    type Value = Case;

    fn current(&self) -> Case {
        self.trial.as_ref().unwrap_or(&self.failing).clone()
    }

    fn simplify(&mut self) -> bool {
        if let Some(trial) = self.trial.take() {
            self.failing = trial;
        }
        self.smaller = None;
        self.complicate()
    }

    fn complicate(&mut self) -> bool {
        let failing = &self.failing;
        self.trial = self.smaller.get_or_insert_with(|| smaller(failing)).pop();
        self.trial.is_some()
    }
}

/// Every way to leave something out, the largest parts last.
fn smaller(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for (number, claims) in case.claims.iter().enumerate() {
        for claims in parts(claims) {
            let mut fewer = case.clone();
            fewer.claims[number] = claims;
            found.push(fewer);
        }
    }
    for (number, (rule, tags)) in case.package.rules.iter().enumerate() {
        let lines: Vec<&str> = rule.lines().collect();
        for place in 1..lines.len().saturating_sub(1) {
            let mut fewer = case.clone();
            let text = [&lines[..place], &lines[place + 1..]].concat().join("\n") + "\n";
            fewer.package.rules[number] = (text, tags.clone());
            if case::rules(&fewer.package.text(), &fewer.package.files).is_ok() {
                found.push(fewer);
            }
        }
    }
    for number in 0..case.package.rules.len() {
        let mut fewer = case.clone();
        fewer.package.rules.remove(number);
        if !fewer.package.rules.is_empty() {
            found.push(fewer);
        }
    }
    if case.package.spelling != Spelling::Chinese {
        let mut plain = case.clone();
        plain.package.spelling = Spelling::Chinese;
        found.push(plain);
    }
    for number in 0..case.claims.len() {
        let mut fewer = case.clone();
        fewer.claims.remove(number);
        if !fewer.claims.is_empty() {
            found.push(fewer);
        }
    }
    found
}

/// Every way to leave out one block's rows, one row, or one column.
fn parts(claims: &Claims) -> Vec<Claims> {
    let mut parts = Vec::new();
    for (block, rows) in claims.blocks.iter().enumerate() {
        for column in 1..rows.columns.len() {
            if is_key(rows.kind, rows.columns[column]) {
                continue;
            }
            let mut fewer = claims.clone();
            fewer.blocks[block].columns.remove(column);
            for row in &mut fewer.blocks[block].rows {
                row.remove(column);
            }
            parts.push(fewer);
        }
        for row in 0..rows.rows.len() {
            let mut fewer = claims.clone();
            fewer.blocks[block].rows.remove(row);
            parts.push(fewer);
        }
        let mut fewer = claims.clone();
        if rows.rows.is_empty() {
            fewer.blocks.remove(block);
        } else {
            fewer.blocks[block].rows.clear();
        }
        parts.push(fewer);
    }
    parts
}
