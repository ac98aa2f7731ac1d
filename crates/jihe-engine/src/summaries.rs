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
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, and counts of them"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

mod dense;
mod filtered;
mod keys;
mod numbers;
mod order;

use crate::column::{NONE, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::NO_TIME;
use crate::plan::SummaryPlan;
use crate::run::Texts;
use jihe_check::typed::{Source, SummaryId};
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{Cause, Instant};
use numbers::Numbers;
use std::borrow::Cow;
use std::rc::Rc;

/// The rows of a summary.
#[derive(Debug)]
pub(crate) struct SummaryData {
    pub(crate) len: u32,
    /// The words of each key, row by row.
    pub(crate) keys: Vec<Vec<i64>>,
    types: Vec<Type>,
    /// The keys as texts, where a host supplied them.
    given: Option<Vec<String>>,
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
            types: Vec::new(),
            members: Rc::from(Vec::new()),
            spans: vec![(0, 0); texts.len()],
            given: Some(texts),
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

    /// The keys of a row as one text (contract 2); made when asked for, since most rows are never named.
    pub(crate) fn text(&self, texts: Texts<'_>, row: u32) -> String {
        if let Some(given) = &self.given {
            return given.get(ix(row)).cloned().unwrap_or_default();
        }
        let words = self.keys.iter().filter_map(|column| column.get(ix(row)).copied());
        order::text(words, &self.types, texts)
    }

    /// The texts of all rows.
    pub(crate) fn texts(&self, texts: Texts<'_>) -> Vec<String> {
        (0..self.len).map(|row| self.text(texts, row)).collect()
    }
}

/// Groups before sorting: their keys by column, and their members one group after the other.
struct Groups {
    keys: Vec<Vec<i64>>,
    /// Where the members of each group start, and the end of the last.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Groups {
    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn members_of(&self, group: usize) -> &[u32] {
        &self.members[ix(self.starts[group])..ix(self.starts[group + 1])]
    }

    /// A group without members.
    fn push_empty(&mut self, words: Vec<i64>) {
        for (column, word) in self.keys.iter_mut().zip(words) {
            column.push(word);
        }
        self.starts.push(small(self.members.len()));
    }
}

pub(crate) fn group(context: &Context<'_>, id: SummaryId) -> SummaryData {
    let Some(plan) = context.run.plan.summaries.get(id.index()) else {
        return SummaryData::given(Vec::new(), Vec::new(), Vec::new());
    };
    let filtered = context.filtered(plan.source, plan.filter);
    let mut undecided = filtered.undecided.to_vec();
    let mut groups = grouped(context, plan, &filtered.domain, &mut undecided);
    if plan.dense {
        dense::fill(context, plan, &mut groups);
    }
    finish(context, &groups, undecided, plan)
}

/// The groups of some rows that the filter holds of.
pub(crate) fn group_rows(context: &Context<'_>, plan: &SummaryPlan, domain: &Rc<Domain>) -> SummaryData {
    let mut undecided = Vec::new();
    let groups = grouped(context, plan, domain, &mut undecided);
    finish(context, &groups, undecided, plan)
}

fn grouped(
    context: &Context<'_>,
    plan: &SummaryPlan,
    domain: &Rc<Domain>,
    undecided: &mut Vec<(u32, Cause)>,
) -> Groups {
    let keys: Vec<keys::KeyWords> =
        plan.keys.iter().map(|key| context.key_words(key, plan.source, domain)).collect();
    let all = domain.slot(0);
    let missing = |tuple: u32| keys.iter().find_map(|key| key.missing(ix(tuple)));
    let mut tuples = Vec::with_capacity(domain.len);
    if keys.iter().all(keys::KeyWords::is_whole) {
        tuples.extend(0..small(domain.len));
    } else {
        for tuple in 0..small(domain.len) {
            match missing(tuple) {
                Some(cause) => undecided.push((all[ix(tuple)], cause)),
                None => tuples.push(tuple),
            }
        }
    }
    let mut numbers = Numbers::new(tuples);
    for key in &keys {
        numbers.add(key);
    }
    let mut groups = numbers.groups(&all);
    if let Some(ranks) = context.ranks(plan.source) {
        for group in 0..groups.len() {
            let (from, to) = (ix(groups.starts[group]), ix(groups.starts[group + 1]));
            groups.members[from..to].sort_by_key(|row| Context::rank(Some(ranks), *row));
        }
    }
    groups
}

/// Sorts the groups: by their clock, then by their keys as texts.
fn finish(
    context: &Context<'_>,
    groups: &Groups,
    undecided: Vec<(u32, Cause)>,
    plan: &SummaryPlan,
) -> SummaryData {
    let calendar = plan.calendar.and_then(|key| Some((groups.keys.get(key)?, plan.keys.get(key)?.ty)));
    let served = services(context, plan.source);
    let mut times = Vec::with_capacity(groups.len());
    let mut order = Vec::with_capacity(groups.len());
    for group in 0..groups.len() {
        let start = calendar.map(|(words, ty)| period_start(ty, words[group]));
        let last = groups.members_of(group).last().map(|row| served(*row));
        let clock = start.unwrap_or_else(|| last.unwrap_or(NO_TIME));
        times.push((clock, last.unwrap_or(clock)));
        order.push((clock, small(group)));
    }
    let types: Vec<Type> = plan.keys.iter().map(|key| key.ty).collect();
    order::sort(&mut order, &groups.keys, &types, context.run.texts);
    let mut members = Vec::with_capacity(groups.members.len());
    let mut spans = Vec::with_capacity(order.len());
    for (_, group) in &order {
        let from = small(members.len());
        members.extend_from_slice(groups.members_of(ix(*group)));
        spans.push((from, small(members.len())));
    }
    let sorted = |column: &Vec<i64>| order.iter().map(|(_, group)| column[ix(*group)]).collect();
    SummaryData {
        len: small(order.len()),
        keys: groups.keys.iter().map(sorted).collect(),
        types,
        given: None,
        members: Rc::from(members),
        spans,
        clock: order.iter().map(|(clock, _)| *clock).collect(),
        service: order.iter().map(|(_, group)| times[ix(*group)].1).collect(),
        undecided,
    }
}

/// The instant a row was served at: a record's clock, a group's last member's.
fn services<'c>(context: &'c Context<'_>, source: Source) -> impl Fn(u32) -> i64 + 'c {
    let (clocks, data) = match source {
        Source::Kind(kind) => (context.kind(kind).map(|table| table.clock.as_slice()), None),
        Source::Summary(id) => (None, Some(context.summary(id))),
        Source::Table(_) => (None, None),
    };
    move |row| {
        let held = clocks.or_else(|| data.as_ref().map(|data| data.service.as_slice()));
        held.and_then(|held| held.get(ix(row))).copied().unwrap_or(NO_TIME)
    }
}

pub(crate) fn period_start(ty: Type, word: i64) -> i64 {
    if matches!(ty, Type::Period(PeriodUnit::Hour) | Type::Instant) { word } else { Instant::of_day(word).0 }
}

impl Context<'_> {
    /// The key of a row as text: a record's key, a summary row's keys joined.
    pub(crate) fn key_text(&self, source: Source, row: u32) -> String {
        self.key_of(source, row).into_owned()
    }

    /// The same, borrowed where it is held.
    pub(crate) fn key_of(&self, source: Source, row: u32) -> Cow<'_, str> {
        match source {
            Source::Kind(kind) => {
                let key = self.kind(kind).map_or(NONE, |table| table.key(row));
                if key == NONE { Cow::Borrowed("") } else { Cow::Borrowed(self.run.texts.of(key)) }
            }
            Source::Summary(id) => Cow::Owned(self.summary(id).text(self.run.texts, row)),
            Source::Table(_) => Cow::Borrowed(""),
        }
    }
}
