//! Summaries and the groups of rules (sentences 18–23).
//!
//! In: a summary of the plan and a bucket. Out: [`SummaryData`].
//! Invariant: rows are in the total order; members of a row are in that of their source; a record whose key is missing is
//! in no row.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

mod dense;
mod keys;

use crate::column::{NONE, ix, small};
use crate::context::{Context, Filtered};
use crate::domain::Domain;
use crate::frame::NO_TIME;
use crate::plan::SummaryPlan;
use hashbrown::HashMap;
use jihe_check::typed::{Source, SummaryId};
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{Cause, Instant, Value};
use std::borrow::Cow;
use std::rc::Rc;

/// The rows of a summary.
#[derive(Debug)]
pub(crate) struct SummaryData {
    pub(crate) len: u32,
    /// The words of each key, row by row.
    pub(crate) keys: Vec<Vec<i64>>,
    /// Contract 2.
    pub(crate) texts: Vec<String>,
    pub(crate) members: Rc<[u32]>,
    spans: Vec<(u32, u32)>,
    /// Sentence 20, as instants.
    pub(crate) clock: Vec<i64>,
    pub(crate) service: Vec<i64>,
    /// Records that could not be grouped, and why.
    pub(crate) undecided: Vec<(u32, Cause)>,
}

impl SummaryData {
    /// Rows without members, as a host supplies them.
    pub(crate) fn given(keys: Vec<Vec<i64>>, texts: Vec<String>, clock: Vec<i64>) -> Self {
        SummaryData {
            len: small(texts.len()),
            keys,
            members: Rc::from(Vec::new()),
            spans: vec![(0, 0); texts.len()],
            texts,
            service: clock.clone(),
            clock,
            undecided: Vec::new(),
        }
    }

    pub(crate) fn members_of(&self, row: u32) -> (u32, u32) {
        self.spans.get(ix(row)).copied().unwrap_or((0, 0))
    }

    pub(crate) fn member_rows(&self, row: u32) -> &[u32] {
        let (from, to) = self.members_of(row);
        self.members.get(ix(from)..ix(to)).unwrap_or_default()
    }
}

/// A row before sorting.
pub(super) struct Draft {
    pub(super) keys: Vec<i64>,
    pub(super) members: Vec<u32>,
}

pub(crate) fn group(context: &Context<'_>, id: SummaryId) -> SummaryData {
    let Some(plan) = context.run.plan.summaries.get(id.index()) else {
        return finish(context, Vec::new(), Vec::new(), None);
    };
    let filtered = context.filtered(plan.source, plan.filter);
    let mut undecided = filtered.undecided.clone();
    let entries = entries(context, plan, &filtered.domain, &mut undecided);
    let mut drafts = collect(context, plan, &entries);
    if plan.dense {
        dense::fill(context, plan, &mut drafts);
    }
    finish(context, drafts, undecided, Some(plan))
}

/// The groups of some rows that the filter holds of.
pub(crate) fn group_rows(context: &Context<'_>, plan: &SummaryPlan, domain: &Rc<Domain>) -> SummaryData {
    let mut undecided = Vec::new();
    let entries = entries(context, plan, domain, &mut undecided);
    let drafts = collect(context, plan, &entries);
    finish(context, drafts, undecided, Some(plan))
}

/// Records with their group, as a chain of keys.
struct Entries {
    rows: Vec<u32>,
    groups: Vec<u32>,
    /// For every key: the group before it and the word that led to each group.
    steps: Vec<Vec<(u32, i64)>>,
}

fn entries(
    context: &Context<'_>,
    plan: &SummaryPlan,
    domain: &Rc<Domain>,
    undecided: &mut Vec<(u32, Cause)>,
) -> Entries {
    let all = domain.slot(0);
    let keys: Vec<keys::KeyWords> =
        plan.keys.iter().map(|key| context.key_words(key, plan.source, domain)).collect();
    let mut whole = vec![true; domain.len];
    for (tuple, whole) in whole.iter_mut().enumerate() {
        if let Some(cause) = keys.iter().find_map(|key| key.missing(tuple)) {
            undecided.push((all[tuple], cause));
            *whole = false;
        }
    }
    let mut tuples: Vec<u32> = (0..small(domain.len)).filter(|tuple| whole[ix(*tuple)]).collect();
    let mut groups = vec![0u32; tuples.len()];
    let mut steps = Vec::new();
    for key in &keys {
        let mut numbers: HashMap<(u32, i64), u32> = HashMap::new();
        let mut chain = Vec::new();
        let (mut next_tuples, mut next_groups) =
            (Vec::with_capacity(tuples.len()), Vec::with_capacity(tuples.len()));
        for (tuple, group) in tuples.iter().zip(&groups) {
            key.each(ix(*tuple), &mut |word| {
                let fresh = small(chain.len());
                let number = *numbers.entry((*group, word)).or_insert(fresh);
                if number == fresh {
                    chain.push((*group, word));
                }
                next_tuples.push(*tuple);
                next_groups.push(number);
            });
        }
        (tuples, groups) = (next_tuples, next_groups);
        steps.push(chain);
    }
    Entries { rows: tuples.iter().map(|tuple| all[ix(*tuple)]).collect(), groups, steps }
}

fn collect(context: &Context<'_>, plan: &SummaryPlan, entries: &Entries) -> Vec<Draft> {
    let count = entries.steps.last().map_or(usize::from(!entries.rows.is_empty()), Vec::len);
    let mut drafts: Vec<Draft> = (0..small(count))
        .map(|group| {
            let mut keys = Vec::with_capacity(entries.steps.len());
            let mut at = group;
            for step in entries.steps.iter().rev() {
                let (before, word) = step[ix(at)];
                keys.push(word);
                at = before;
            }
            keys.reverse();
            Draft { keys, members: Vec::new() }
        })
        .collect();
    for (row, group) in entries.rows.iter().zip(&entries.groups) {
        drafts[ix(*group)].members.push(*row);
    }
    let ranks = context.ranks(plan.source);
    for draft in &mut drafts {
        draft.members.sort_by_key(|row| Context::rank(ranks, *row));
    }
    drafts
}

fn finish(
    context: &Context<'_>,
    drafts: Vec<Draft>,
    undecided: Vec<(u32, Cause)>,
    plan: Option<&SummaryPlan>,
) -> SummaryData {
    let mut rows: Vec<(i64, String, i64, Draft)> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(plan) = plan else { continue };
        let start =
            plan.calendar.and_then(|key| Some(period_start(plan.keys.get(key)?.ty, *draft.keys.get(key)?)));
        let last = draft.members.last().map(|row| service(context, plan.source, *row));
        let clock = start.unwrap_or_else(|| last.unwrap_or(NO_TIME));
        let parts =
            draft.keys.iter().zip(&plan.keys).map(|(word, key)| context.run.texts.key_text(*word, key.ty));
        let text = parts.collect::<Vec<String>>().join("|");
        rows.push((clock, text, last.unwrap_or(clock), draft));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let mut data = SummaryData {
        len: small(rows.len()),
        keys: vec![Vec::with_capacity(rows.len()); plan.map_or(0, |plan| plan.keys.len())],
        texts: Vec::with_capacity(rows.len()),
        members: Rc::from(Vec::new()),
        spans: Vec::with_capacity(rows.len()),
        clock: Vec::with_capacity(rows.len()),
        service: Vec::with_capacity(rows.len()),
        undecided,
    };
    let mut members: Vec<u32> = Vec::new();
    for (clock, text, service, draft) in rows {
        for (column, word) in data.keys.iter_mut().zip(draft.keys) {
            column.push(word);
        }
        let from = small(members.len());
        members.extend(draft.members);
        data.spans.push((from, small(members.len())));
        data.texts.push(text);
        data.clock.push(clock);
        data.service.push(service);
    }
    data.members = Rc::from(members);
    data
}

/// The instant a row was served at: a record's clock, a group's last member's.
fn service(context: &Context<'_>, source: Source, row: u32) -> i64 {
    match source {
        Source::Summary(id) => context.summary(id).service.get(ix(row)).copied().unwrap_or(NO_TIME),
        Source::Kind(_) | Source::Table(_) => context.clock_of(source, row),
    }
}

pub(crate) fn period_start(ty: Type, word: i64) -> i64 {
    if matches!(ty, Type::Period(PeriodUnit::Hour) | Type::Instant) { word } else { Instant::of_day(word).0 }
}

impl Context<'_> {
    /// The visible rows of a source by a condition.
    pub(crate) fn filtered(&self, source: Source, filter: Option<crate::ir::ExprId>) -> Rc<Filtered> {
        if let Some(held) = self.filtered.borrow().get(&(source, filter)) {
            return Rc::clone(held);
        }
        let full = self.full(source);
        let (from, _) = self.range(source);
        let answers = filter.map(|filter| self.eval(filter, &full));
        let (mut picks, mut refused, mut undecided) = (Vec::with_capacity(full.len), 0u64, Vec::new());
        for at in 0..small(full.len) {
            let row = from.saturating_add(at);
            if self.is_hidden(source, row) {
                continue;
            }
            match answers.as_ref().map_or(Value::Known(1), |answers| answers.get(ix(at))) {
                Value::Known(0) => refused = refused.saturating_add(1),
                Value::Known(_) => picks.push(at),
                Value::AtLeast(_, cause) | Value::Missing(cause) => undecided.push((row, cause)),
            }
        }
        let domain = if picks.len() == full.len { full } else { Domain::select(&full, picks) };
        let filtered = Rc::new(Filtered { domain, refused, undecided });
        self.filtered.borrow_mut().insert((source, filter), Rc::clone(&filtered));
        filtered
    }

    /// The key of a row as text: a record's key, a summary row's keys joined.
    pub(crate) fn key_text(&self, source: Source, row: u32) -> String {
        self.key_of(source, row).into_owned()
    }

    /// The same, borrowed where there is such a text.
    pub(crate) fn key_of(&self, source: Source, row: u32) -> Cow<'_, str> {
        match source {
            Source::Kind(kind) => self.kind(kind).map_or(Cow::Borrowed(""), |table| {
                let key = table.key(row);
                Cow::Borrowed(if key == NONE { "" } else { self.run.texts.text(i64::from(key)) })
            }),
            Source::Summary(id) => {
                Cow::Owned(self.summary(id).texts.get(ix(row)).cloned().unwrap_or_default())
            }
            Source::Table(_) => Cow::Borrowed(""),
        }
    }
}
