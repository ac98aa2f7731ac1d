//! Which old records a rule must be asked about again after records were added.
//!
//! In: the ways of a rule, and where the new rows of every kind begin. Out: old rows, sorted.
//! Invariant: a row that is left out has the outcome and the finding it had.

use super::reads::{Reads, RuleReads, Way, WaysId};
use super::{Rows, new_rows};
use crate::column::{Column, Found, NONE, ix};
use crate::context::Context;
use crate::eval::moment;
use crate::frame::{Coverage, NO_TIME};
use crate::ir::{ExprId, PeriodOp, RowId, RowOp, SetId, SetOp, Slot, WindowOp};
use crate::live::locality::Locality;
use hashbrown::{HashMap, HashSet};
use jihe_check::typed::{Direction, Neighbour, Source};
use jihe_model::schema::KindId;
use jihe_model::types::Type;
use jihe_model::value::{Instant, Value};
use std::rc::Rc;

/// A claim being added.
pub(super) struct Delta<'d, 'a> {
    pub(super) context: &'d Context<'a>,
    pub(super) reads: &'d Reads,
    pub(super) locality: &'d Locality,
    /// The first new row of every kind.
    pub(super) firsts: &'d [u32],
    /// The coverage of every kind before.
    pub(super) coverage: &'d [Coverage],
    /// Whether 截止日 moved.
    pub(super) moved: bool,
    bodies: HashMap<(WaysId, Source), Rows>,
    windows: HashMap<(SetId, Source), Rows>,
}

/// The last day an anchor's window reaches, by row; none if it has no bound.
type Reach = Option<Box<dyn Fn(u32) -> i64>>;

impl<'d, 'a> Delta<'d, 'a> {
    pub(super) fn new(
        context: &'d Context<'a>,
        of: (&'d Reads, &'d Locality),
        before: (&'d [u32], &'d [Coverage]),
        moved: bool,
    ) -> Self {
        Delta {
            context,
            reads: of.0,
            locality: of.1,
            firsts: before.0,
            coverage: before.1,
            moved,
            bodies: HashMap::new(),
            windows: HashMap::new(),
        }
    }

    /// The old subjects of a rule that must be asked again.
    pub(super) fn subjects(&mut self, rule: &RuleReads, source: Source) -> Rows {
        if self.moved && rule.moving {
            return Rows::All;
        }
        let changed = (0u16..).map(KindId).zip(&rule.kinds).any(|(kind, read)| *read && self.grew(kind));
        if !changed {
            return Rows::None;
        }
        self.dirty(&rule.ways, source)
    }

    /// New rows of a kind: from one up to another.
    pub(super) fn added(&self, kind: KindId) -> (u32, u32) {
        let from = self.firsts.get(usize::from(kind.0)).copied().unwrap_or(0);
        let to = self.context.kind(kind).map_or(0, crate::frame::KindTable::len);
        (from.min(to), to)
    }

    fn grew(&self, kind: KindId) -> bool {
        let (from, to) = self.added(kind);
        from < to
    }

    fn dirty(&mut self, ways: &[Way], source: Source) -> Rows {
        let mut found = Rows::None;
        for way in ways {
            found = found.and(self.way(way, source));
            if found == Rows::All {
                break;
            }
        }
        found
    }

    fn way(&mut self, way: &Way, source: Source) -> Rows {
        match way {
            Way::Everything => Rows::All,
            Way::Window(set, slot) => {
                if let Some(known) = self.windows.get(&(*set, source)) {
                    return known.clone();
                }
                let rows = self.opened(*set, *slot, source);
                self.windows.insert((*set, source), rows.clone());
                rows
            }
            Way::Through(row, to, id) => {
                let there = self.body(*id, *to);
                self.through(*row, &there, source)
            }
            Way::Members(set, id) => {
                let members = self.body(*id, self.context.run.plan.arena.set(*set).source);
                self.reached(*set, &members, source)
            }
        }
    }

    fn body(&mut self, id: WaysId, source: Source) -> Rows {
        if let Some(known) = self.bodies.get(&(id, source)) {
            return known.clone();
        }
        let reads = self.reads;
        let rows = reads.bodies.get(id).map_or(Rows::All, |ways| self.dirty(ways, source));
        self.bodies.insert((id, source), rows.clone());
        rows
    }

    /// Old rows of a source that lead to rows of a set of rows.
    fn through(&self, row: RowId, there: &Rows, source: Source) -> Rows {
        let arena = &self.context.run.plan.arena;
        match there {
            Rows::None => Rows::None,
            _ if arena.row_traits(row).slots != 1 || !self.locality.row(row) => Rows::All,
            Rows::All => Rows::All,
            Rows::Some(_) => {
                let rows = self.context.eval_row(row, &self.context.full(source));
                let leads = |at: &u32| matches!(rows.get(ix(*at)), Found::Row(to) if there.holds(to));
                Rows::of((0..self.old(source)).filter(leads).collect())
            }
        }
    }

    /// How many old rows a source has.
    fn old(&self, source: Source) -> u32 {
        match source {
            Source::Kind(kind) => self.added(kind).0,
            Source::Summary(_) | Source::Table(_) => 0,
        }
    }

    /// Old anchors whose window new rows, or new coverage, can have changed.
    fn opened(&self, set: SetId, slot: Slot, source: Source) -> Rows {
        let node = self.context.run.plan.arena.set(set);
        let (SetOp::Window(window), Source::Kind(kind)) = (&node.op, node.source) else { return Rows::All };
        let (from, to) = self.added(kind);
        if from == to {
            return Rows::None;
        }
        let found = self.matching(window, (node.source, new_rows(from, to), true), (source, slot));
        found.and(self.uncovered(window, kind, (source, slot)))
    }

    /// Old anchors whose window reaches beyond what was covered before.
    fn uncovered(&self, window: &WindowOp, kind: KindId, anchor: (Source, Slot)) -> Rows {
        let now = self.context.coverage(Source::Kind(kind));
        let before = self.coverage.get(usize::from(kind.0)).copied().unwrap_or(now);
        let placed = window.period.is_some() || window.neighbour.is_some();
        if now == before || !placed {
            return Rows::None;
        }
        match (before, now) {
            (Coverage::Days(first, last), Coverage::Days(from, _)) if first == from => {
                let Some(reach) = self.reach(window, anchor) else { return Rows::All };
                Rows::of((0..self.old(anchor.0)).filter(|row| reach(*row) > last).collect())
            }
            _ => Rows::All,
        }
    }

    /// Old anchors whose set may hold one of some old rows.
    fn reached(&mut self, set: SetId, rows: &Rows, source: Source) -> Rows {
        let context = self.context;
        let node = context.run.plan.arena.set(set);
        let rows = match rows {
            Rows::None => return Rows::None,
            Rows::All => return Rows::All,
            Rows::Some(rows) => rows,
        };
        let slots = context.run.plan.arena.set_traits(set).slots;
        match &node.op {
            SetOp::Window(window) => {
                let Some(slot) = super::reads::one_slot(slots) else { return Rows::All };
                let fixed = window.keys.iter().all(|key| self.locality.expr(key.0));
                if !fixed {
                    return Rows::All;
                }
                self.matching(window, (node.source, Rc::from(rows.as_slice()), false), (source, slot))
            }
            SetOp::Filter(inner, ..) => self.reached(*inner, &Rows::Some(rows.clone()), source),
            SetOp::Densest(of) => self.reached(of.set, &Rows::Some(rows.clone()), source),
            SetOp::Except(a, b) => {
                let rows = Rows::Some(rows.clone());
                self.reached(*a, &rows, source).and(self.reached(*b, &rows, source))
            }
            SetOp::Single(row) => self.through(*row, &Rows::Some(rows.clone()), source),
            SetOp::Each(of, _, inner) => {
                let elements = context.run.plan.arena.set(*of).source;
                let inside = self.reached(*inner, &Rows::Some(rows.clone()), elements);
                self.reached(*of, &inside, source)
            }
            SetOp::At(row, body) => {
                let there = context.run.plan.arena.row(*row).source;
                let found = self.reached(*body, &Rows::Some(rows.clone()), there);
                self.through(*row, &found, source)
            }
            SetOp::Lookup(..) => Rows::None,
            SetOp::All | SetOp::Members(_) | SetOp::FollowEach(..) => Rows::All,
        }
    }

    /// Old anchors of the same keys as some candidates, whose window reaches as far.
    fn matching(
        &self,
        window: &WindowOp,
        candidates: (Source, Rc<[u32]>, bool),
        anchor: (Source, Slot),
    ) -> Rows {
        let (from, rows, new) = candidates;
        let Some(rows) = self.kept(window, (from, &rows, new)) else { return Rows::None };
        let Some(first) = self.first_day(window, from, &rows) else { return Rows::All };
        let reach = self.reach(window, anchor);
        let late = |row: u32| reach.as_ref().is_none_or(|reach| reach(row) >= first);
        let Some(held) = self.same_keys(window, (from, &rows), anchor) else { return Rows::All };
        Rows::of((0..self.old(anchor.0)).filter(|row| held(*row) && late(*row)).collect())
    }

    /// The candidates that are not surely left out; none if there are none.
    fn kept(&self, window: &WindowOp, of: (Source, &Rc<[u32]>, bool)) -> Option<Rc<[u32]>> {
        let (source, rows, new) = of;
        let Some(fixed) = window.fixed.filter(|fixed| new && self.locality.expr(*fixed)) else {
            return (!rows.is_empty()).then(|| Rc::clone(rows));
        };
        let answers = self.context.eval(fixed, &self.context.rows_domain(source, Rc::clone(rows)));
        let holds = |(at, row): (usize, &u32)| (answers.get(at) != Value::Known(0)).then_some(*row);
        let kept: Rc<[u32]> = rows.iter().enumerate().filter_map(holds).collect();
        (!kept.is_empty()).then_some(kept)
    }

    /// The first day of candidates by the time the window goes by; the first of all if one has none. None if that
    /// time may change.
    fn first_day(&self, window: &WindowOp, source: Source, rows: &Rc<[u32]>) -> Option<i64> {
        let clock = match &window.period {
            Some(PeriodOp::Rolling { clock, .. } | PeriodOp::During { clock, .. }) => Some(*clock),
            _ => None,
        };
        let Some(clock) = clock else {
            let clocks = rows.iter().map(|row| self.context.clock_of(source, *row));
            let day = |clock: i64| if clock == NO_TIME { i64::MIN } else { Instant(clock).day() };
            return Some(clocks.map(day).min().unwrap_or(i64::MIN));
        };
        if !self.locality.expr(clock) {
            return None;
        }
        let ty = self.context.type_of(clock);
        let times = self.context.eval(clock, &self.context.rows_domain(source, Rc::clone(rows)));
        let day = |at: usize| match times.get(at) {
            Value::Known(word) => moment(word, ty).day(),
            Value::AtLeast(..) | Value::Missing(_) => i64::MIN,
        };
        Some((0..rows.len()).map(day).min().unwrap_or(i64::MIN))
    }

    /// Whether an old anchor has the keys of one of the candidates; none if that cannot be told.
    fn same_keys(
        &self,
        window: &WindowOp,
        candidates: (Source, &Rc<[u32]>),
        anchor: (Source, Slot),
    ) -> Option<Box<dyn Fn(u32) -> bool>> {
        let (context, arena) = (self.context, &self.context.run.plan.arena);
        if window.keys.is_empty() {
            return Some(Box::new(|_| true));
        }
        let own: Option<Vec<ExprId>> =
            window.keys.iter().map(|key| arena.of_element(key.1, anchor.1)).collect();
        let own = own?;
        let keys: Vec<ExprId> = window.keys.iter().map(|key| key.0).collect();
        if anchor.0 == candidates.0 && own == keys {
            let grouping = context.grouping(anchor.0, &keys);
            let held: HashSet<u32> = candidates.1.iter().map(|row| grouping.group_of[ix(*row)]).collect();
            return Some(Box::new(move |row| {
                let group = grouping.group_of[ix(row)];
                group != NONE && held.contains(&group)
            }));
        }
        let there = context.rows_domain(candidates.0, Rc::clone(candidates.1));
        let columns: Vec<Rc<Column>> = keys.iter().map(|key| context.eval(*key, &there)).collect();
        let words = |columns: &[Rc<Column>], at: usize| -> Option<Vec<i64>> {
            columns.iter().map(|column| known(column.get(at))).collect()
        };
        let held: HashSet<Vec<i64>> = (0..there.len).filter_map(|at| words(&columns, at)).collect();
        let firsts: HashSet<i64> = held.iter().filter_map(|words| words.first().copied()).collect();
        let full = context.full(anchor.0);
        let own: Vec<Rc<Column>> = own.iter().map(|key| context.eval(*key, &full)).collect();
        Some(Box::new(move |row| {
            let first = own.first().and_then(|column| known(column.get(ix(row))));
            first.is_some_and(|first| firsts.contains(&first))
                && (own.len() == 1 || words(&own, ix(row)).is_some_and(|words| held.contains(&words)))
        }))
    }

    /// How far the window of each anchor reaches ahead.
    fn reach(&self, window: &WindowOp, anchor: (Source, Slot)) -> Reach {
        let context = self.context;
        match &window.period {
            Some(PeriodOp::Rolling { direction, length, from, .. }) => {
                self.rolling_reach(*direction, (*length, *from), anchor)
            }
            Some(PeriodOp::During { interval, .. }) => {
                let own = context.run.plan.arena.of_element(*interval, anchor.1)?;
                let intervals = context.eval_interval(own, &context.full(anchor.0));
                let end = move |row: u32| known(intervals.end.get(ix(row))).filter(|end| *end != NO_TIME);
                Some(Box::new(move |row| end(row).map_or(i64::MAX, |end| Instant(end).day())))
            }
            Some(
                PeriodOp::Overlapping { .. }
                | PeriodOp::ValidAt { .. }
                | PeriodOp::Nearest { direction: Direction::Next | Direction::After, .. },
            ) => None,
            Some(PeriodOp::Nearest { .. }) => self.own_day(window, anchor),
            None if window.until_anchor || window.neighbour == Some(Neighbour::Previous) => {
                self.own_day(window, anchor)
            }
            None => None,
        }
    }

    /// From a day, so far ahead.
    fn rolling_reach(
        &self,
        direction: Direction,
        of: (Option<ExprId>, ExprId),
        anchor: (Source, Slot),
    ) -> Reach {
        let (context, arena) = (self.context, &self.context.run.plan.arena);
        let full = context.full(anchor.0);
        let own = |expr: ExprId| arena.of_element(expr, anchor.1);
        let lengths = match of.0 {
            _ if matches!(direction, Direction::Last | Direction::Before) => None,
            Some(length) => Some((context.eval(own(length)?, &full), context.type_of(length))),
            None => return None,
        };
        let (times, ty) = (context.eval(own(of.1)?, &full), context.type_of(of.1));
        Some(Box::new(move |row| {
            let Some(day) = known(times.get(ix(row))).map(|word| moment(word, ty).day()) else {
                return i64::MAX;
            };
            let Some((lengths, ty)) = &lengths else { return day };
            known(lengths.get(ix(row))).map_or(i64::MAX, |word| day.saturating_add(days(word, *ty)))
        }))
    }

    /// The anchor's own day.
    fn own_day(&self, window: &WindowOp, anchor: (Source, Slot)) -> Reach {
        let (Source::Kind(kind), RowOp::Var(slot)) =
            (anchor.0, &self.context.run.plan.arena.row(window.anchor).op)
        else {
            return None;
        };
        if *slot != anchor.1 {
            return None;
        }
        let clocks: Vec<i64> = self.context.kind(kind)?.clock.clone();
        Some(Box::new(move |row| match clocks.get(ix(row)) {
            Some(clock) if *clock != NO_TIME => Instant(*clock).day(),
            _ => i64::MAX,
        }))
    }
}

fn known(value: Value) -> Option<i64> {
    match value {
        Value::Known(word) => Some(word),
        Value::AtLeast(..) | Value::Missing(_) => None,
    }
}

/// A length in whole days, rather too long.
fn days(word: i64, ty: Type) -> i64 {
    if ty == Type::Months {
        return word.saturating_mul(31).saturating_add(1);
    }
    word.div_euclid(Instant::DAY).saturating_add(1)
}
