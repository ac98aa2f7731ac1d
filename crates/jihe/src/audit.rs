//! One run: claims in, a report out.
//!
//! In: a [`Ruleset`], [`Claims`], [`Options`]. Out: a [`Report`].
//! Invariant: equal inputs give equal reports, whatever the threads.

use crate::error::{Error, ErrorKind};
use crate::manifest::{Manifest, manifest};
use crate::ruleset::Ruleset;
use crate::totals::{Totals, totals};
use jihe_check::typed::{RuleId, TypedRules};
pub use jihe_engine::Watch;
use jihe_model::finding::{Finding, Outcomes};
use jihe_model::ingest::Reject;
use jihe_model::records::Records;
use jihe_model::schema::Schema;

/// Claim records, ready to audit, and the rows that could not be read.
#[derive(Debug, Clone, Default)]
pub struct Claims {
    /// What was read.
    pub records: Records,
    /// What could not be read, and why.
    pub rejects: Vec<Reject>,
}

impl Claims {
    pub(crate) fn from_json(schema: &Schema, text: &str) -> Result<Self, Error> {
        let (records, rejects) =
            jihe_model::ingest::claims_from_json_text(schema, text).map_err(|error| {
                let text = error.text();
                Error::plain(ErrorKind::Claims, text.zh, text.en)
            })?;
        Ok(Self { records, rejects })
    }
}

/// How to run. The result never depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Threads; 1 where the feature `threads` is off.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: 1 }
    }
}

/// What a run found, and what it looked at.
#[derive(Debug, Clone)]
pub struct Report {
    outcomes: Outcomes,
    totals: Totals,
    manifest: Manifest,
}

impl Report {
    pub(crate) fn of(outcomes: Outcomes, totals: Totals, manifest: Manifest) -> Self {
        Self { outcomes, totals, manifest }
    }

    /// Findings by rule id, then subject key, bytewise.
    pub fn findings(&self) -> &[Finding] {
        &self.outcomes.findings
    }

    /// Counts and amounts of every rule that ran, by rule id.
    pub fn coverage(&self) -> &std::collections::BTreeMap<String, jihe_model::finding::RuleCoverage> {
        &self.outcomes.coverage
    }

    /// Money, each charge counted once.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What ran on what, with which outcomes.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

/// Which rules to run, and whom to tell how far the run is.
#[derive(Debug, Clone, Default)]
pub struct Portion {
    /// Ids of the rules to run; by default all. The others are `skipped` in the manifest, with reason `not_chosen`.
    pub only: Option<Vec<String>>,
    /// Is told how many portions of the work are done, and of how many.
    pub watch: Option<Watch>,
}

/// Portions of persons of a run that somebody watches, so that there is something to tell.
const WATCHED_PORTIONS: usize = 24;

pub(crate) fn audit(ruleset: &Ruleset, claims: &Claims, options: &Options) -> Report {
    run(ruleset, claims, (options, None, None))
}

pub(crate) fn audit_portion(
    ruleset: &Ruleset,
    claims: &Claims,
    options: &Options,
    portion: Portion,
) -> Result<Report, Error> {
    let only = portion.only.map(|ids| chosen(ruleset.typed(), &ids)).transpose()?;
    Ok(run(ruleset, claims, (options, only, portion.watch)))
}

fn run(
    ruleset: &Ruleset,
    claims: &Claims,
    (options, only, watch): (&Options, Option<Vec<RuleId>>, Option<Watch>),
) -> Report {
    let engine_options = jihe_engine::Options {
        threads: options.threads,
        buckets: watch.as_ref().map(|_| WATCHED_PORTIONS),
        only,
        watch,
        ..jihe_engine::Options::default()
    };
    let (outcomes, dates) =
        jihe_engine::audit_dated(ruleset.typed(), ruleset.plan(), &claims.records, &engine_options);
    let totals = totals(ruleset.typed(), &outcomes.findings);
    let manifest = manifest(ruleset, claims, (&outcomes, &dates), &totals);
    Report { outcomes, totals, manifest }
}

fn chosen(typed: &TypedRules, ids: &[String]) -> Result<Vec<RuleId>, Error> {
    let find = |id: &String| {
        let mut rules = (0u32..).map(RuleId).zip(&typed.rules);
        rules.find(|(_, rule)| rule.id == *id).map(|(at, _)| at).ok_or_else(|| unknown_rule(typed, id))
    };
    ids.iter().map(find).collect()
}

fn unknown_rule(typed: &TypedRules, id: &str) -> Error {
    let near = jihe_model::nearest::nearest(id, typed.rules.iter().map(|rule| rule.id.as_str()));
    let (mut zh, mut en) = (format!("没有编号为 `{id}` 的规则"), format!("no rule has the id `{id}`"));
    if !near.is_empty() {
        zh = format!("{zh}，是否为 {}", near.join("、"));
        en = format!("{en}; perhaps {}", near.join(", "));
    }
    Error::plain(ErrorKind::Usage, zh, en)
}
