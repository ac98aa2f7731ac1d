//! Windows: `其他 KIND 同一(…) PERIOD 其中 …`.
//!
//! In: a window node. Out: for every tuple the candidates in it.
//! Invariant: a window is a run of the index where nothing is left to ask, so it costs no list; otherwise candidates are
//! asked pair by pair, in portions.

mod asked;

use super::bounds::{Bounds, Question, Range, time_of};
use super::index::{Index, IndexKey, Run, TimeKey};
use crate::column::{Column, NONE, Segments, cause_of, code, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::NO_TIME;
use crate::ir::{Arena, ExprId, ExprOp, RowOp, Slot, WindowOp};
use jihe_check::typed::{Direction, Neighbour, Source};
use jihe_model::value::{Cause, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// A window under evaluation.
pub(super) struct Work<'w, 'a> {
    pub(super) context: &'w Context<'a>,
    pub(super) window: &'w WindowOp,
    pub(super) source: Source,
    pub(super) domain: &'w Rc<Domain>,
    pub(super) index: Rc<Index>,
    pub(super) anchors: Rc<crate::column::RowColumn>,
    groups: Vec<u32>,
    /// Code of the cause for a tuple without key, time or clock.
    why: Vec<u16>,
    bounds: Option<Bounds>,
    pub(super) counts: Option<(Direction, Rc<Column>)>,
    pub(super) ranks: Option<&'a [u32]>,
    from: u32,
    /// Whether candidates are sorted by the order that places them.
    sorted: bool,
    /// Whether rows of the source have a clock at all.
    clocked: bool,
}

/// What is known of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    In,
    Out,
    /// Nobody can say whether it belongs.
    Doubtful(Doubt),
}

/// Why a candidate may or may not belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) cause: Cause,
    /// Whether it is for want of a time, which counts after all other doubts.
    pub(super) untimed: bool,
    /// Whether it has a place in the total order.
    pub(super) placed: bool,
}

/// The cause among doubts: of a condition before of a time, the first in order.
pub(super) fn worst(doubts: impl Iterator<Item = Doubt>) -> Option<Cause> {
    let mut found: Option<Doubt> = None;
    for doubt in doubts {
        if found.is_none_or(|held| held.untimed && !doubt.untimed) {
            found = Some(doubt);
        }
    }
    found.map(|doubt| doubt.cause)
}

/// The index a window looks into; a window on the default clock shares that of neighbours.
pub(crate) fn index_key(arena: &Arena, window: &WindowOp, source: Source, clocked: bool) -> IndexKey {
    let ordered = window.neighbour.is_some() || window.until_anchor;
    let time = window.period.as_ref().map(time_of).or(ordered.then_some(TimeKey::Order));
    let plain = |time: TimeKey| match time {
        TimeKey::Clock(clock) if matches!(arena.expr(clock).op, ExprOp::Clock(..)) => TimeKey::Order,
        other => other,
    };
    let time = time.map(plain).filter(|time| clocked || *time != TimeKey::Order);
    let keys = window.keys.iter().map(|key| key.0).collect();
    IndexKey { source, keys, fixed: window.fixed, time }
}

impl Context<'_> {
    pub(super) fn window(&self, window: &WindowOp, source: Source, domain: &Rc<Domain>) -> Segments {
        if let Some(cause) = self.unsupplied(source) {
            return Segments::empty(domain.len, Some(cause));
        }
        let clocked = self.is_clocked(source);
        let key = index_key(&self.run.plan.arena, window, source, clocked);
        let time = key.time;
        let index = self.index(key);
        let bounds = window.period.as_ref().map(|period| self.bounds(period, source, &index, domain));
        let (groups, why) = self.window_groups(window, source, &index, domain);
        let mut work = Work {
            context: self,
            window,
            source,
            domain,
            anchors: self.rows_for(window.anchor, domain),
            groups,
            why,
            counts: self.counts(window.period.as_ref(), domain),
            bounds,
            ranks: self.ranks(source),
            from: self.range(source).0,
            sorted: index.in_order && !matches!(time, Some(TimeKey::Clock(_) | TimeKey::Start(_))),
            clocked,
            index,
        };
        work.need_clocks();
        if work.is_plain() { work.plain() } else { work.asked() }
    }

    /// Whether the kind whose records a source is made of has a clock.
    pub(super) fn is_clocked(&self, source: Source) -> bool {
        let kind = self.base(source).and_then(|kind| self.run.rules.schema.kind(kind));
        kind.is_some_and(|kind| !kind.clock.is_empty())
    }

    fn window_groups(
        &self,
        window: &WindowOp,
        source: Source,
        index: &Index,
        domain: &Rc<Domain>,
    ) -> (Vec<u32>, Vec<u16>) {
        let mut why = vec![0; domain.len];
        if let Some(slot) = self.own_keys(window, source) {
            let rows = domain.slot(slot);
            let groups: Vec<u32> = rows.iter().map(|row| index.group_of(*row)).collect();
            if !groups.contains(&NONE) {
                return (groups, why);
            }
        }
        let keys: Vec<Rc<Column>> = window.keys.iter().map(|key| self.eval(key.1, domain)).collect();
        let mut groups = Vec::with_capacity(domain.len);
        for (tuple, why) in why.iter_mut().enumerate() {
            let missing = keys.iter().find_map(|key| match key.get(tuple) {
                Value::Known(_) => None,
                Value::AtLeast(_, cause) | Value::Missing(cause) => Some(cause),
            });
            *why = missing.map_or(0, code);
            groups.push(if missing.is_some() {
                NONE
            } else {
                index.find(keys.iter().map(|key| word(key.get(tuple))))
            });
        }
        (groups, why)
    }

    /// Whether the anchor is a row of the same source, asked for the same keys.
    fn own_keys(&self, window: &WindowOp, source: Source) -> Option<Slot> {
        let RowOp::Var(slot) = self.run.plan.arena.row(window.anchor).op else { return None };
        if window.anchor_source != source || window.keys.is_empty() {
            return None;
        }
        let same = |(candidate, anchor): &(ExprId, ExprId)| {
            self.run.plan.arena.of_element(*anchor, slot) == Some(*candidate)
                && matches!(self.run.plan.arena.expr(*anchor).op, ref op if !matches!(op, ExprOp::Word(_)))
        };
        window.keys.iter().all(same).then_some(slot)
    }

    /// How a row stands to the anchor in the total order.
    pub(super) fn order_of(
        &self,
        row: (Source, u32),
        anchor: (Source, u32),
        ranks: Option<&[u32]>,
    ) -> Ordering {
        if row.0 == anchor.0 {
            return Context::rank(ranks, row.1).cmp(&Context::rank(ranks, anchor.1));
        }
        let key = |(source, row): (Source, u32)| (self.clock_of(source, row), self.end_of(source, row));
        key(row)
            .cmp(&key(anchor))
            .then_with(|| self.key_text(row.0, row.1).cmp(&self.key_text(anchor.0, anchor.1)))
    }

    pub(crate) fn end_of(&self, source: Source, row: u32) -> i64 {
        match source {
            Source::Kind(kind) => self.kind(kind).map_or(NO_TIME, |table| table.end_of(row)),
            Source::Summary(_) | Source::Table(_) => NO_TIME,
        }
    }
}

fn word(value: Value) -> i64 {
    match value {
        Value::Known(word) => word,
        Value::AtLeast(..) | Value::Missing(_) => 0,
    }
}

impl Work<'_, '_> {
    /// A neighbour, 最近 N 次 and 至 本条 need the anchor's place in the order.
    fn need_clocks(&mut self) {
        let window = self.window;
        if !self.needs_place() {
            return;
        }
        let clocked = self.context.is_clocked(window.anchor_source);
        let absent = self.context.no_clock(window.anchor_source);
        for tuple in 0..self.domain.len {
            if self.why[tuple] != 0 {
                continue;
            }
            let clock = self.anchor(tuple).map(|row| self.context.clock_of(window.anchor_source, row));
            self.why[tuple] = match clock {
                Ok(NO_TIME) if clocked => code(absent),
                Ok(_) => 0,
                Err(cause) => code(cause),
            };
        }
    }

    /// Whether candidates are chosen by their place in the total order.
    fn needs_place(&self) -> bool {
        self.window.neighbour.is_some() || self.window.until_anchor || self.counts.is_some()
    }

    /// Whether a candidate has no place in the order though one is asked for.
    fn is_unplaced(&self, row: u32) -> bool {
        self.clocked && self.needs_place() && self.context.clock_of(self.source, row) == NO_TIME
    }

    pub(super) fn anchor(&self, tuple: usize) -> Result<u32, Cause> {
        match self.anchors.get(tuple) {
            crate::column::Found::Row(row) => Ok(row),
            crate::column::Found::Nothing(cause) | crate::column::Found::Undecided(cause) => Err(cause),
            crate::column::Found::Dangling => Err(self.context.dangling(self.window.anchor_source)),
        }
    }

    pub(super) fn range(&self, tuple: usize) -> Option<Range> {
        self.bounds.as_ref().map(|bounds| bounds.ranges[tuple])
    }

    /// Why a tuple's window cannot be placed at all.
    pub(super) fn nowhere(&self, tuple: usize) -> Option<Cause> {
        let why = match self.why[tuple] {
            0 => self.range(tuple).map_or(0, |range| range.why),
            why => why,
        };
        (why != 0).then(|| cause_of(why))
    }

    /// The places of candidates with a time within the window, and those without a time.
    pub(super) fn places(&self, tuple: usize) -> ((u32, u32), (u32, u32)) {
        let group = self.groups[tuple];
        if group == NONE {
            return ((0, 0), (0, 0));
        }
        let run: Run = self.index.run(group);
        let (mut from, mut to) = (run.from, run.known);
        if let Some(range) = self.range(tuple) {
            from = self.index.lower(run, range.from);
            to = if range.to == NO_TIME { run.known } else { self.index.lower(run, range.to) };
        }
        if self.sorted {
            (from, to) = self.cut(tuple, from, to.max(from));
        }
        ((from, to.max(from)), (run.known, run.to))
    }

    /// Cuts places at the anchor, for 至 本条, neighbours and 最近 N 次.
    fn cut(&self, tuple: usize, from: u32, to: u32) -> (u32, u32) {
        let Some((until, inclusive)) = self.cut_side() else { return (from, to) };
        let Ok(anchor) = self.anchor(tuple) else { return (from, from) };
        let rows = &self.index.rows[ix(from)..ix(to)];
        let before = |row: &u32| {
            let order = self.order(*row, anchor);
            order == Ordering::Less || (order == Ordering::Equal && (until == inclusive))
        };
        let place = from.saturating_add(small(rows.partition_point(before)));
        if until { (from, place) } else { (place, to) }
    }

    /// Which side of the anchor counts: up to it or from it on, and whether it counts itself.
    fn cut_side(&self) -> Option<(bool, bool)> {
        match (self.window.neighbour, &self.counts) {
            (Some(Neighbour::Previous), _) => Some((true, false)),
            (Some(Neighbour::Following), _) => Some((false, false)),
            (None, Some((Direction::Next | Direction::After, _))) => Some((false, true)),
            (None, Some((Direction::Last | Direction::Around | Direction::Before, _))) => Some((true, true)),
            (None, None) => self.window.until_anchor.then_some((true, true)),
        }
    }

    pub(super) fn order(&self, row: u32, anchor: u32) -> Ordering {
        self.context.order_of((self.source, row), (self.window.anchor_source, anchor), self.ranks)
    }

    /// Whether a row is on the side of the anchor that counts.
    fn on_side(&self, row: u32, tuple: usize) -> bool {
        let Some((until, inclusive)) = self.cut_side() else { return true };
        let Ok(anchor) = self.anchor(tuple) else { return false };
        match self.order(row, anchor) {
            Ordering::Equal => inclusive,
            Ordering::Less => until,
            Ordering::Greater => !until,
        }
    }

    /// The anchor itself, where it must be left out.
    pub(super) fn left_out(&self, tuple: usize) -> u32 {
        let own = self.window.others && self.window.anchor_source == self.source;
        if own { self.anchor(tuple).unwrap_or(NONE) } else { NONE }
    }

    fn is_plain(&self) -> bool {
        let question = self.bounds.as_ref().is_none_or(|bounds| matches!(bounds.question, Question::Nothing));
        let placed = self.sorted || !self.needs_place();
        question && placed && self.window.open.is_none() && self.index.maybe.is_none() && self.index.in_order
    }

    /// Why a set is incomplete: its reach, else a doubtful candidate.
    fn incomplete(&self, tuple: usize, doubtful: Option<Cause>) -> Option<Cause> {
        let reach = self.range(tuple).filter(|_| self.counts.is_none()).map(|range| range.reach);
        let covered = reach.is_none_or(|(from, to)| self.context.coverage(self.source).holds(from, to));
        if covered { doubtful } else { Some(self.context.uncovered(self.source)) }
    }

    /// The first candidate without a time, unless it is the anchor and must be left out.
    fn first_unplaced(&self, places: (u32, u32), tuple: usize) -> Option<Cause> {
        let out = self.left_out(tuple);
        let rows = &self.index.rows[ix(places.0)..ix(places.1)];
        rows.iter().find(|row| **row != out).map(|row| self.index.why_timeless(*row))
    }

    /// Runs of the index are the windows.
    fn plain(&self) -> Segments {
        let mut spans = Vec::with_capacity(self.domain.len);
        let mut skips = self.window.others.then(|| Vec::with_capacity(self.domain.len));
        let mut why = Vec::with_capacity(self.domain.len);
        for tuple in 0..self.domain.len {
            if let Some(cause) = self.nowhere(tuple) {
                spans.push((0, 0));
                why.push(code(cause));
                if let Some(skips) = &mut skips {
                    skips.push(NONE);
                }
                continue;
            }
            let (timed, untimed) = self.places(tuple);
            let unplaced = self.first_unplaced(untimed, tuple);
            let out = self.left_out(tuple);
            let skip = if out == NONE { NONE } else { self.index.place_of(out) };
            let (span, cause) = if self.window.neighbour.is_some() {
                self.plain_neighbour(tuple, timed, (skip, unplaced))
            } else if self.counts.is_some() {
                self.plain_nearest(tuple, timed, (skip, unplaced))
            } else {
                (timed, self.incomplete(tuple, unplaced))
            };
            spans.push(span);
            why.push(cause.map_or(0, code));
            if let Some(skips) = &mut skips {
                skips.push(skip);
            }
        }
        let incomplete = why.iter().any(|why| *why != 0).then_some(why);
        Segments { backing: Rc::clone(&self.index.rows), spans, skip: skips, incomplete }
    }
}

/// The doubts among candidates, in their order.
pub(super) fn doubts(candidates: &[(u32, Standing)]) -> impl Iterator<Item = Doubt> + '_ {
    candidates.iter().filter_map(|(_, standing)| match standing {
        Standing::Doubtful(doubt) => Some(*doubt),
        Standing::In | Standing::Out => None,
    })
}
