//! What a host must fetch for a ruleset: kinds, fields, how far back, which tables and code sets.
//!
//! In: typed rules. Out: [`Requirements`].
//! Invariant: a record that no rule can reach is never asked for; a reach that cannot be bounded is said to be unbounded.

mod walk;

use jihe_check::typed::TypedRules;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What to fetch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Requirements {
    /// By English kind name.
    pub kinds: BTreeMap<String, KindRequirement>,
    /// Knowledge tables the rules look into.
    pub tables: BTreeSet<String>,
    /// Named code sets the rules test against.
    pub code_sets: BTreeSet<String>,
}

/// What to fetch of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KindRequirement {
    /// English names of the fields that rules read.
    pub fields: BTreeSet<String>,
    /// How far before a subject rules look.
    pub look_back: Reach,
    /// How far after a subject rules look.
    pub look_ahead: Reach,
}

/// How far a rule looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// The claim itself only.
    #[default]
    Claim,
    /// So many days.
    Days(u32),
    /// All there is.
    Unbounded,
}

pub(crate) fn requirements(rules: &TypedRules) -> Requirements {
    requirements_of(rules, &|_| true)
}

/// The same for some of the rules.
pub(crate) fn requirements_of(
    rules: &TypedRules,
    wanted: &dyn Fn(&jihe_check::typed::Rule) -> bool,
) -> Requirements {
    walk::Walk::new(rules).run(wanted)
}

/// What all rules read, and the kinds whose records they compare.
pub(crate) fn whole(rules: &TypedRules) -> (Requirements, BTreeSet<jihe_model::schema::KindId>) {
    walk::Walk::new(rules).whole()
}

/// How far a rule's own windows reach, by English kind name; windows of derived fields and summaries apart.
pub(crate) fn reach_of(
    rules: &TypedRules,
    rule: &jihe_check::typed::Rule,
) -> BTreeMap<String, crate::parts::KindReach> {
    let kinds = walk::Walk::new(rules).only(rule).kinds.into_iter();
    kinds
        .map(|(name, found)| {
            (name, crate::parts::KindReach { look_back: found.look_back, look_ahead: found.look_ahead })
        })
        .collect()
}

/// Names of the summaries a rule reads.
pub(crate) fn summaries(rules: &TypedRules, rule_id: &str) -> Vec<String> {
    let rule = rules.rules.iter().find(|rule| rule.id == rule_id);
    rule.map(|rule| walk::Walk::new(rules).summaries(rule)).unwrap_or_default()
}
