//! Which old anchors have a window that may hold some candidates: the same keys, and a reach as far as these.
//!
//! In: a window, candidates, and the source of the anchors. Out: old rows, sorted.
//! Invariant: windows that differ in their length backwards only, or in what they ask of a candidate, share the answer.

use super::Rows;
use super::dirty::Delta;
use crate::column::{Column, NONE, ix};
use crate::eval::moment;
use crate::frame::NO_TIME;
use crate::ir::{ExprId, PeriodOp, RowOp, Slot, WindowOp};
use crate::maps::{HashMap, HashSet};
use jihe_check::typed::{Direction, Neighbour, Source};
use jihe_model::types::Type;
use jihe_model::value::{Instant, Value};
use std::rc::Rc;

/// How far the windows of a source's rows reach ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Far {
    /// Without bound.
    Always,
    /// To the day of the anchor's clock.
    OwnDay,
    /// To the day of a time.
    Day(ExprId),
    /// From the day of a time so far ahead.
    Ahead(ExprId, ExprId),
    /// To the end of an interval.
    End(ExprId),
}

/// Candidates and anchors that are to have the same keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct KeysOf {
    anchor: (Source, Vec<ExprId>),
    candidates: (Source, Vec<ExprId>, Rc<[u32]>),
}

/// What was looked for: of the same keys, and of these those that reach as far as a day.
#[derive(Debug, Default)]
pub(super) struct Matched {
    keys: HashMap<KeysOf, Rc<[u32]>>,
    reaching: HashMap<(KeysOf, Far, i64), Rows>,
}

/// The last day an anchor's window reaches, by row; none if it has no bound.
pub(super) type Reach = Option<Box<dyn Fn(u32) -> i64>>;

impl Delta<'_, '_> {
    /// Old anchors of the same keys as some candidates, whose window reaches as far.
    pub(super) fn matching(
        &self,
        window: &WindowOp,
        candidates: (Source, Rc<[u32]>, bool),
        anchor: (Source, Slot),
    ) -> Rows {
        let (from, rows, new) = candidates;
        let arena = &self.context.run.plan.arena;
        let Some(rows) = self.kept(window, (from, &rows, new)) else { return Rows::None };
        let Some(first) = self.first_day(window, from, &rows) else { return Rows::All };
        let own = window.keys.iter().map(|key| arena.of_element(key.1, anchor.1)).collect();
        let Some(own) = own else { return Rows::All };
        let keys = window.keys.iter().map(|key| key.0).collect();
        let of = KeysOf { anchor: (anchor.0, own), candidates: (from, keys, rows) };
        let far = self.far(window, anchor);
        let asked = (of, far, first);
        if let Some(known) = self.matched.borrow().reaching.get(&asked) {
            return known.clone();
        }
        let held = self.same_keys(&asked.0);
        let found = match self.reach(far, anchor.0) {
            Some(reach) => Rows::sorted(held.iter().copied().filter(|row| reach(*row) >= first).collect()),
            None => Rows::sorted(held.to_vec()),
        };
        self.matched.borrow_mut().reaching.insert(asked, found.clone());
        found
    }

    /// The candidates that are not surely left out; none if there are none.
    fn kept(&self, window: &WindowOp, of: (Source, &Rc<[u32]>, bool)) -> Option<Rc<[u32]>> {
        let (source, rows, new) = of;
        let Some(fixed) = window.fixed.filter(|fixed| new && self.locality.expr(*fixed)) else {
            return (!rows.is_empty()).then(|| Rc::clone(rows));
        };
        if matches!(source, Source::Kind(kind) if !self.may_hold(kind, fixed)) {
            return None;
        }
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

    /// The old anchors that have the keys of one of the candidates.
    fn same_keys(&self, of: &KeysOf) -> Rc<[u32]> {
        if let Some(known) = self.matched.borrow().keys.get(of) {
            return Rc::clone(known);
        }
        let found: Rc<[u32]> = match (&of.anchor, &of.candidates) {
            ((source, own), _) if own.is_empty() => (0..self.old(*source)).collect(),
            ((source, own), (from, keys, rows)) if source == from && own == keys => {
                self.same_group(*source, (own, rows))
            }
            _ => self.same_words(of),
        };
        self.matched.borrow_mut().keys.insert(of.clone(), Rc::clone(&found));
        found
    }

    /// The old rows in the groups of some rows of the same source.
    fn same_group(&self, source: Source, of: (&[ExprId], &[u32])) -> Rc<[u32]> {
        let grouping = self.context.grouping(source, of.0);
        let group = |row: u32| grouping.group_of.get(ix(row)).copied().unwrap_or(NONE);
        let held: Vec<u32> = of.1.iter().map(|row| group(*row)).filter(|group| *group != NONE).collect();
        let mut wanted = vec![false; held.iter().max().map_or(0, |last| ix(*last).saturating_add(1))];
        for group in held {
            wanted[ix(group)] = true;
        }
        (0..self.old(source)).filter(|row| super::bit(&wanted, group(*row))).collect()
    }

    /// The old rows whose keys have the words of one of the candidates.
    fn same_words(&self, of: &KeysOf) -> Rc<[u32]> {
        let (context, (from, keys, rows)) = (self.context, &of.candidates);
        let there = context.rows_domain(*from, Rc::clone(rows));
        let columns: Vec<Rc<Column>> = keys.iter().map(|key| context.eval(*key, &there)).collect();
        let words = |columns: &[Rc<Column>], at: usize| -> Option<Vec<i64>> {
            columns.iter().map(|column| known(column.get(at))).collect()
        };
        let held: HashSet<Vec<i64>> = (0..there.len).filter_map(|at| words(&columns, at)).collect();
        let firsts: HashSet<i64> = held.iter().filter_map(|words| words.first().copied()).collect();
        let full = context.full(of.anchor.0);
        let own: Vec<Rc<Column>> = of.anchor.1.iter().map(|key| context.eval(*key, &full)).collect();
        let holds = |row: &u32| {
            let first = own.first().and_then(|column| known(column.get(ix(*row))));
            first.is_some_and(|first| firsts.contains(&first))
                && (own.len() == 1 || words(&own, ix(*row)).is_some_and(|words| held.contains(&words)))
        };
        (0..self.old(of.anchor.0)).filter(holds).collect()
    }

    /// How far the window of each anchor reaches ahead.
    pub(super) fn far(&self, window: &WindowOp, anchor: (Source, Slot)) -> Far {
        let own = |expr: ExprId| self.context.run.plan.arena.of_element(expr, anchor.1);
        match &window.period {
            Some(PeriodOp::Rolling { direction: Direction::Last | Direction::Before, from, .. }) => {
                own(*from).map_or(Far::Always, Far::Day)
            }
            Some(PeriodOp::Rolling { length: Some(length), from, .. }) => {
                own(*from).zip(own(*length)).map_or(Far::Always, |(from, length)| Far::Ahead(from, length))
            }
            Some(PeriodOp::During { interval, .. }) => own(*interval).map_or(Far::Always, Far::End),
            Some(
                PeriodOp::Rolling { .. }
                | PeriodOp::Overlapping { .. }
                | PeriodOp::ValidAt { .. }
                | PeriodOp::Nearest { direction: Direction::Next | Direction::After, .. },
            ) => Far::Always,
            Some(PeriodOp::Nearest { .. }) => self.own_day(window, anchor),
            None if window.until_anchor || window.neighbour == Some(Neighbour::Previous) => {
                self.own_day(window, anchor)
            }
            None => Far::Always,
        }
    }

    /// The anchor's own day, if the anchor is the row whose windows these are.
    fn own_day(&self, window: &WindowOp, anchor: (Source, Slot)) -> Far {
        match (anchor.0, &self.context.run.plan.arena.row(window.anchor).op) {
            (Source::Kind(_), RowOp::Var(slot)) if *slot == anchor.1 => Far::OwnDay,
            _ => Far::Always,
        }
    }

    /// The day to which the windows of a source's rows reach; of a row that does not say so, the last of all.
    pub(super) fn reach(&self, far: Far, source: Source) -> Reach {
        let (context, full) = (self.context, self.context.full(source));
        let day_of = |time: ExprId| {
            let (times, ty) = (context.eval(time, &full), context.type_of(time));
            move |row: u32| known(times.get(ix(row))).map(|word| moment(word, ty).day())
        };
        match far {
            Far::Always => None,
            Far::OwnDay => {
                let Source::Kind(kind) = source else { return None };
                let clocks: Vec<i64> = context.kind(kind)?.clock.clone();
                Some(Box::new(move |row| match clocks.get(ix(row)) {
                    Some(clock) if *clock != NO_TIME => Instant(*clock).day(),
                    _ => i64::MAX,
                }))
            }
            Far::Day(time) => {
                let day = day_of(time);
                Some(Box::new(move |row| day(row).unwrap_or(i64::MAX)))
            }
            Far::Ahead(time, length) => {
                let (day, lengths) = (day_of(time), context.eval(length, &full));
                let ty = context.type_of(length);
                let last =
                    move |row: u32| Some(day(row)?.saturating_add(days(known(lengths.get(ix(row)))?, ty)));
                Some(Box::new(move |row| last(row).unwrap_or(i64::MAX)))
            }
            Far::End(interval) => {
                let intervals = context.eval_interval(interval, &full);
                let end = move |row: u32| known(intervals.end.get(ix(row))).filter(|end| *end != NO_TIME);
                Some(Box::new(move |row| end(row).map_or(i64::MAX, |end| Instant(end).day())))
            }
        }
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
