//! Runs all rules over all records.
//!
//! In: typed rules, records, options. Out: [`Outcomes`].
//! Invariant: the result is the same for every number of threads, buckets and pairs held at once, with and without
//! indexes, and for every order of the input.

use crate::column::ix;
use crate::context::{Context, Persons};
use crate::frame::{Coverage, Frame};
use crate::plan::{Plan, plan};
use crate::rules::Tally;
use crate::run::{Constants, Run, Texts};
use jihe_check::typed::{RuleId, TypedRules};
use jihe_model::finding::{Finding, Outcomes};
use jihe_model::records::{Records, RunDates};
use jihe_model::schema::{KindId, Schema};
use jihe_model::value::Symbols;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How to run; nothing here changes the result, except what is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many threads; more than one needs the feature `threads`.
    pub threads: usize,
    /// Into how many runs of whole persons to cut the records; by default as memory and threads suggest.
    pub buckets: Option<usize>,
    /// About how many pairs of a record and a candidate to hold at once.
    pub chunk: usize,
    /// From how many conditions on one code on the rows are indexed by it.
    pub index_from: usize,
    /// Whether to list the outcome of every subject.
    pub subjects: bool,
    /// Which rules to run; by default all.
    pub only: Option<Vec<RuleId>>,
    /// Whom to tell how far the run is.
    pub watch: Option<Watch>,
}

/// Is told after every portion of work how many are done, and of how many; from any thread of the run.
#[derive(Clone)]
pub struct Watch(pub Arc<dyn Fn(usize, usize) + Send + Sync>);

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Watch")
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threads: 1,
            buckets: None,
            chunk: 1 << 20,
            index_from: 3,
            subjects: false,
            only: None,
            watch: None,
        }
    }
}

/// The dates a run goes by (contract 11).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EffectiveDates {
    /// 截止日.
    pub as_of: Option<i64>,
    /// First and last covered day of every kind supplied, by English name; none without a clock, rows or bounds.
    pub coverage: BTreeMap<String, Option<(i64, i64)>>,
}

/// Rows of a bucket that fit a processor's caches and a small machine's memory.
const ROWS_A_BUCKET: usize = 100_000;

/// One portion of work.
enum Task {
    /// Rules that need one person at a time, over some persons.
    Persons(u32, u32),
    /// Rules that need everybody.
    Everybody(Vec<usize>),
}

/// Runs rules over records.
pub fn audit(rules: &TypedRules, records: &Records, options: &Options) -> Outcomes {
    let plan = plan(rules);
    audit_planned(rules, &plan, records, options)
}

/// Runs rules over records by a plan of these rules made before.
pub fn audit_planned(rules: &TypedRules, plan: &Plan, records: &Records, options: &Options) -> Outcomes {
    audit_dated(rules, plan, records, options).0
}

/// The same, with the dates the run went by.
pub fn audit_dated(
    rules: &TypedRules,
    plan: &Plan,
    records: &Records,
    options: &Options,
) -> (Outcomes, EffectiveDates) {
    let constants = Constants::after(rules, plan, records);
    let texts = Texts { base: &records.symbols, extra: &constants.symbols };
    let frame = Frame::build(&rules.schema, records, texts, options.threads);
    let run = Run::new((rules, plan, &constants), frame, texts, options.chunk.max(1));
    let run = run.indexing(options.index_from);
    let wanted = |at: &usize| match &options.only {
        Some(only) => only.iter().any(|id| id.index() == *at),
        None => true,
    };
    let chosen: Vec<usize> = (0..rules.rules.len()).filter(wanted).collect();
    let is_personal = |at: &usize| plan.rules.get(*at).is_some_and(|rule| rule.by_person);
    let (personal, common): (Vec<usize>, Vec<usize>) = chosen.into_iter().partition(is_personal);
    let mut tasks = Vec::new();
    if !common.is_empty() {
        let share = common.len().div_ceil(options.threads.max(1)).max(1);
        tasks.extend(common.chunks(share).map(|rules| Task::Everybody(rules.to_vec())));
    }
    if !personal.is_empty() {
        let buckets = buckets(&run, options);
        tasks.extend(buckets.into_iter().map(|(from, to)| Task::Persons(from, to)));
    }
    let done = run_tasks(&run, &tasks, &personal, options);
    let dates = dates_of(&rules.schema, &run.frame);
    (merge(&run, done, personal.into_iter().chain(common)), dates)
}

fn dates_of(schema: &Schema, frame: &Frame<'_>) -> EffectiveDates {
    let mut dates = EffectiveDates { as_of: frame.as_of, coverage: BTreeMap::new() };
    for (kind, table) in schema.kinds.iter().zip(&frame.kinds) {
        if table.supplied && kind.raw_of.is_none() {
            let days = match table.coverage {
                Coverage::Days(from, to) => Some((from, to)),
                Coverage::Always | Coverage::Never => None,
            };
            dates.coverage.insert(kind.en.clone(), days);
        }
    }
    dates
}

/// The same, as what the parts of these records have to be told: days of every kind that has any, of lines as read
/// (原始明细) apart.
pub fn dates_by_kind(rules: &TypedRules, records: &Records) -> RunDates {
    let none = Symbols::new();
    let frame = Frame::build(&rules.schema, records, Texts { base: &records.symbols, extra: &none }, 1);
    let mut dates = RunDates { as_of: frame.as_of, ..RunDates::default() };
    for (at, table) in (0u16..).zip(&frame.kinds) {
        if let Coverage::Days(from, to) = table.coverage {
            dates.kinds.insert(KindId(at), (from, to));
        }
    }
    dates
}

fn buckets(run: &Run<'_>, options: &Options) -> Vec<(u32, u32)> {
    let rows: usize = run.frame.kinds.iter().map(|table| ix(table.len())).sum();
    let least = if options.threads > 1 { options.threads.saturating_mul(4) } else { 1 };
    run.frame.buckets(options.buckets.unwrap_or_else(|| least.max(rows.div_ceil(ROWS_A_BUCKET))))
}

type Done = Vec<(usize, Tally)>;

fn run_task(run: &Run<'_>, task: &Task, personal: &[usize], subjects: bool) -> Done {
    match task {
        Task::Persons(from, to) => {
            let context = Context::new(run, Persons::Some(*from, *to));
            personal.iter().map(|rule| (*rule, context.run_rule(*rule, subjects))).collect()
        }
        Task::Everybody(rules) => {
            let context = Context::new(run, Persons::All);
            let one = |rule: &usize| {
                let tally = context.run_rule(*rule, subjects);
                context.trim();
                (*rule, tally)
            };
            rules.iter().map(one).collect()
        }
    }
}

#[cfg(not(feature = "threads"))]
fn run_tasks(run: &Run<'_>, tasks: &[Task], personal: &[usize], options: &Options) -> Done {
    work(run, tasks, (personal, options), &Counters::default())
}

#[cfg(feature = "threads")]
fn run_tasks(run: &Run<'_>, tasks: &[Task], personal: &[usize], options: &Options) -> Done {
    let counters = Counters::default();
    let wanted = (personal, options);
    if options.threads <= 1 {
        return work(run, tasks, wanted, &counters);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..options.threads).map(|_| scope.spawn(|| work(run, tasks, wanted, &counters))).collect();
        // A thread that panicked would have lost results; the panic goes on to the caller.
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    })
}

/// How many tasks were taken, and how many are done.
#[derive(Default)]
struct Counters {
    taken: AtomicUsize,
    done: AtomicUsize,
}

/// Takes tasks until none is left.
fn work(
    run: &Run<'_>,
    tasks: &[Task],
    (personal, options): (&[usize], &Options),
    counters: &Counters,
) -> Done {
    let mut done = Vec::new();
    while let Some(task) = tasks.get(counters.taken.fetch_add(1, Ordering::Relaxed)) {
        done.extend(run_task(run, task, personal, options.subjects));
        let count = counters.done.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if let Some(watch) = &options.watch {
            (watch.0)(count, tasks.len());
        }
    }
    done
}

fn merge(run: &Run<'_>, done: Done, ran: impl Iterator<Item = usize>) -> Outcomes {
    let mut outcomes = Outcomes {
        unmatched_refunds: run.frame.unmatched_refunds,
        over_refunded: run.frame.over_refunded,
        ..Outcomes::default()
    };
    for rule in ran.filter_map(|at| run.rules.rules.get(at)) {
        outcomes.coverage.entry(rule.id.clone()).or_default();
    }
    let mut found: BTreeMap<&str, Vec<Vec<Finding>>> = BTreeMap::new();
    for (at, tally) in done {
        let Some(rule) = run.rules.rules.get(at) else { continue };
        outcomes.coverage.entry(rule.id.clone()).or_default().add(&tally.coverage);
        if !tally.findings.is_empty() {
            found.entry(&rule.id).or_default().push(tally.findings);
        }
        outcomes.subjects.extend(tally.subjects);
    }
    let count = found.values().flatten().map(Vec::len).sum();
    outcomes.findings.reserve_exact(count);
    for portions in found.into_values() {
        outcomes.findings.extend(in_order(portions));
    }
    outcomes.subjects.sort();
    outcomes
}

/// The findings of one rule by subject key, then id: their places are sorted, and each is moved once.
fn in_order(portions: Vec<Vec<Finding>>) -> impl Iterator<Item = Finding> {
    let mut keyed = Vec::with_capacity(portions.iter().map(Vec::len).sum());
    for (portion, findings) in portions.iter().enumerate() {
        keyed.extend(
            findings.iter().enumerate().map(|(at, finding)| {
                (finding.subject_key.as_str(), finding.finding_id.as_str(), portion, at)
            }),
        );
    }
    keyed.sort_unstable();
    let order: Vec<(usize, usize)> = keyed.into_iter().map(|(.., portion, at)| (portion, at)).collect();
    // A finding that may be there takes no more room than one that is, so these are not copied.
    let held = portions.into_iter().map(|findings| findings.into_iter().map(Some).collect());
    let mut held: Vec<Vec<Option<Finding>>> = held.collect();
    order.into_iter().filter_map(move |(portion, at)| held.get_mut(portion)?.get_mut(at)?.take())
}
