//! Runs a rule over a bucket: outcomes counted for all subjects, findings made for hits (sentences 25, 30, 34).
//!
//! In: a rule of the plan and a context. Out: [`Tally`].
//! Invariant: every subject seen has exactly one outcome.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

pub(crate) mod amounts;
pub(crate) mod evidence;
pub(crate) mod findings;
mod versions;

use crate::column::{ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::plan::RulePlan;
use jihe_check::typed::{Rule, Source};
use jihe_model::finding::{Finding, Outcome, RuleCoverage, SubjectOutcome};
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

/// What a rule gives over a bucket.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) coverage: RuleCoverage,
    pub(crate) findings: Vec<Finding>,
    /// Keys of subjects whose finding is what it was before the claim, in a session.
    pub(crate) unchanged: Vec<String>,
    pub(crate) subjects: Vec<SubjectOutcome>,
}

/// A rule at work.
pub(crate) struct Work<'w, 'a> {
    /// The number of the rule.
    pub(crate) at: usize,
    pub(crate) context: &'w Context<'a>,
    pub(crate) rule: &'a Rule,
    pub(crate) plan: &'a RulePlan,
    pub(crate) tally: Tally,
    /// How many subjects are undecided for each cause, by its number.
    causes: Vec<u64>,
    subjects: bool,
}

impl Context<'_> {
    /// Runs one rule; `subjects` asks for the outcome of each subject.
    pub(crate) fn run_rule(&self, at: usize, subjects: bool) -> Tally {
        let (Some(rule), Some(plan)) = (self.run.rules.rules.get(at), self.run.plan.rules.get(at)) else {
            return Tally::default();
        };
        let mut work =
            Work { at, context: self, rule, plan, tally: Tally::default(), causes: Vec::new(), subjects };
        let applicable = work.applicable();
        let hits = work.judge(&applicable);
        work.findings(&hits);
        for (cause, count) in
            (0u16..).map(Cause).zip(core::mem::take(&mut work.causes)).filter(|held| held.1 > 0)
        {
            let text = self.run.causes.text(cause);
            let held = work.tally.coverage.undecided_by_cause.entry(text).or_insert(0);
            *held = held.saturating_add(count);
        }
        work.tally
    }
}

impl Context<'_> {
    /// Runs one rule over some visible subjects: its findings, without counting outcomes.
    pub(crate) fn run_rule_over(&self, at: usize, subjects: &Rc<Domain>) -> Tally {
        let (Some(rule), Some(plan)) = (self.run.rules.rules.get(at), self.run.plan.rules.get(at)) else {
            return Tally::default();
        };
        let tally = Tally::default();
        let mut work = Work { at, context: self, rule, plan, tally, causes: Vec::new(), subjects: false };
        let filter = plan.filter.map(|filter| self.eval(filter, subjects));
        if filter.is_none() && rule.effective == (None, None) {
            let hits = work.judge(subjects);
            work.findings(&hits);
            return work.tally;
        }
        let rows = subjects.slot(0);
        let applies = |(at, row): (u32, &u32)| {
            let answer = filter.as_ref().map_or(Value::Known(1), |filter| filter.get(ix(at)));
            let holds = matches!(answer, Value::Known(held) if held != 0);
            (holds && work.in_force(*row) == Ok(true)).then_some(at)
        };
        let picks: Vec<u32> = (0u32..).zip(rows.iter()).filter_map(applies).collect();
        if picks.is_empty() {
            return work.tally;
        }
        let hits = work.judge(&Domain::select(subjects, picks));
        work.findings(&hits);
        work.tally
    }
}

impl Work<'_, '_> {
    fn source(&self) -> Source {
        self.plan.subject
    }

    fn count(&mut self, row: u32, outcome: Outcome) {
        self.count_many(1, outcome);
        if self.subjects {
            let source = self.source();
            self.tally.subjects.push(SubjectOutcome {
                rule_id: self.rule.id.clone(),
                subject_key: self.context.key_text(source, row),
                outcome,
                members: self.context.records_of(source, row),
            });
        }
    }

    /// Counts subjects that nobody wants listed.
    fn count_many(&mut self, many: usize, outcome: Outcome) {
        let many = u64::try_from(many).unwrap_or(u64::MAX);
        let coverage = &mut self.tally.coverage;
        coverage.seen = coverage.seen.saturating_add(many);
        let counter = match outcome {
            Outcome::NotApplicable => &mut coverage.not_applicable,
            Outcome::Pass => &mut coverage.pass,
            Outcome::Hit => &mut coverage.hit,
            Outcome::Exempt => &mut coverage.exempt,
            Outcome::Undecided => &mut coverage.undecided,
        };
        *counter = counter.saturating_add(many);
    }

    fn undecided(&mut self, row: u32, cause: Cause) {
        self.count(row, Outcome::Undecided);
        self.because(cause);
    }

    fn because(&mut self, cause: Cause) {
        let at = usize::from(cause.0);
        if at >= self.causes.len() {
            self.causes.resize(at.saturating_add(1), 0);
        }
        self.causes[at] = self.causes[at].saturating_add(1);
    }

    /// The subjects the rule applies to; all others are counted.
    fn applicable(&mut self) -> Rc<Domain> {
        let source = self.source();
        let filtered = self.context.filtered(source, self.plan.filter);
        self.refused(&filtered);
        for (row, cause) in filtered.undecided.iter() {
            match self.in_force(*row) {
                Ok(false) => self.count(*row, Outcome::NotApplicable),
                Ok(true) => self.undecided(*row, *cause),
                Err(cause) => self.undecided(*row, cause),
            }
        }
        self.ungrouped();
        if self.rule.effective == (None, None) {
            return Rc::clone(&filtered.domain);
        }
        let rows = filtered.domain.slot(0);
        let mut picks = Vec::with_capacity(rows.len());
        for (at, row) in (0u32..).zip(rows.iter()) {
            match self.in_force(*row) {
                Ok(true) => picks.push(at),
                Ok(false) => self.count(*row, Outcome::NotApplicable),
                Err(cause) => self.undecided(*row, cause),
            }
        }
        Domain::select(&filtered.domain, picks)
    }

    fn refused(&mut self, filtered: &crate::context::Filtered) {
        if !self.subjects {
            let coverage = &mut self.tally.coverage;
            coverage.seen = coverage.seen.saturating_add(filtered.refused);
            coverage.not_applicable = coverage.not_applicable.saturating_add(filtered.refused);
            return;
        }
        let taken = filtered.domain.slot(0);
        let mut held: Vec<u32> =
            taken.iter().copied().chain(filtered.undecided.iter().map(|held| held.0)).collect();
        held.sort_unstable();
        for row in self.context.visible(self.source()) {
            if held.binary_search(&row).is_err() {
                self.count(row, Outcome::NotApplicable);
            }
        }
    }

    /// Records that could not be put into the rule's own groups.
    fn ungrouped(&mut self) {
        let (true, Source::Summary(id)) = (self.rule.grouped, self.source()) else { return };
        let data = self.context.summary(id);
        for (_, cause) in &data.undecided {
            let coverage = &mut self.tally.coverage;
            coverage.seen = coverage.seen.saturating_add(1);
            coverage.undecided = coverage.undecided.saturating_add(1);
            self.because(*cause);
        }
    }

    /// Sentence 25.
    fn in_force(&self, row: u32) -> Result<bool, Cause> {
        let (from, to) = self.rule.effective;
        if from.is_none() && to.is_none() {
            return Ok(true);
        }
        match self.context.service_of(self.source(), row) {
            Value::Known(day) => Ok(from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)),
            Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
        }
    }

    /// Sentence 30: the hits.
    fn judge(&mut self, domain: &Rc<Domain>) -> Rc<Domain> {
        let when = self.context.eval(self.plan.when, domain);
        let rows = domain.slot(0);
        let (mut open, mut unsure) = (Vec::new(), Vec::new());
        let mut passed = 0usize;
        for (at, row) in (0u32..).zip(rows.iter()) {
            match when.get(ix(at)) {
                Value::Known(0) if self.subjects => self.count(*row, Outcome::Pass),
                Value::Known(0) => passed = passed.saturating_add(1),
                Value::Known(_) => {
                    open.push(at);
                    unsure.push(None);
                }
                Value::AtLeast(_, cause) | Value::Missing(cause) => {
                    open.push(at);
                    unsure.push(Some(cause));
                }
            }
        }
        self.count_many(passed, Outcome::Pass);
        let open = Domain::select(domain, open);
        if open.len == 0 {
            return open;
        }
        let rows = open.slot(0);
        let exempt = self.exemptions(&open, &mut unsure);
        let mut hits = Vec::new();
        for (at, row) in (0..small(open.len)).zip(rows.iter()) {
            match (exempt[ix(at)], unsure[ix(at)]) {
                (Some(reason), _) => {
                    self.count(*row, Outcome::Exempt);
                    let reason =
                        self.rule.exemptions.get(reason).map(|held| held.1.clone()).unwrap_or_default();
                    let held = self.tally.coverage.exempt_by_reason.entry(reason).or_insert(0);
                    *held = held.saturating_add(1);
                }
                (None, Some(cause)) => self.undecided(*row, cause),
                (None, None) => {
                    self.count(*row, Outcome::Hit);
                    hits.push(at);
                }
            }
        }
        Domain::select(&open, hits)
    }

    /// For each open subject the first exemption that holds.
    fn exemptions(&self, open: &Rc<Domain>, unsure: &mut [Option<Cause>]) -> Vec<Option<usize>> {
        let mut exempt = vec![None; open.len];
        for (number, condition) in self.plan.exemptions.iter().enumerate() {
            if open.len == 0 {
                break;
            }
            let answers = self.context.eval(*condition, open);
            for (at, held) in exempt.iter_mut().enumerate() {
                match answers.get(at) {
                    _ if held.is_some() => {}
                    Value::Known(word) => *held = (word != 0).then_some(number),
                    Value::AtLeast(_, cause) | Value::Missing(cause) => {
                        unsure[at] = unsure[at].or(Some(cause));
                    }
                }
            }
        }
        exempt
    }
}
