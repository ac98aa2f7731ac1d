//! Where a window reaches, tuple by tuple (sentences 10–13).
//!
//! In: a period in the anchor's scope. Out: [`Bounds`]: a range of candidate times, the days it needs covered, and what
//! must still be asked of a pair.
//! Invariant: a range holds every candidate that may belong; if no question is left, it holds nothing else.

use super::index::{Index, TimeKey};
use crate::column::{Column, code, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::{Intervals, moment};
use crate::frame::NO_TIME;
use crate::ir::{ExprId, PeriodOp};
use crate::mutants::{Mutant, active};
use crate::run::TIME_OF_DAY;
use jihe_check::typed::{Direction, Source};
use jihe_model::calendar::add_months;
use jihe_model::types::{DurationUnit, PeriodUnit, Type};
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// Day before all days, and after.
pub(super) const FIRST: i64 = i64::MIN / 4;
pub(super) const LAST: i64 = i64::MAX / 4;

/// The window of one tuple.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    /// Candidate times, as instants: from, up to but without.
    pub(super) from: i64,
    pub(super) to: i64,
    /// First and last day it reaches.
    pub(super) reach: (i64, i64),
    /// Code of the cause if the anchor has no time.
    pub(super) why: u16,
}

/// What must be asked of a pair.
#[derive(Debug)]
pub(super) enum Question {
    Nothing,
    /// The seconds between which it lies; a candidate without time of day is undecided.
    Seconds(Vec<(i64, i64)>),
    /// Whether the two intervals overlap.
    Overlap(Rc<Intervals>, Rc<Intervals>),
    /// Whether the candidate's interval holds the day.
    Holds(Vec<i64>, Rc<Intervals>),
}

/// The windows of all tuples.
#[derive(Debug)]
pub(super) struct Bounds {
    pub(super) ranges: Vec<Range>,
    pub(super) question: Question,
}

/// The time candidates are sorted by for a period.
pub(super) fn time_of(period: &PeriodOp) -> TimeKey {
    match period {
        PeriodOp::Rolling { clock, .. } | PeriodOp::During { clock, .. } => TimeKey::Clock(*clock),
        PeriodOp::Nearest { .. } => TimeKey::Order,
        PeriodOp::Overlapping { candidate, .. } | PeriodOp::ValidAt { candidate, .. } => {
            TimeKey::Start(*candidate)
        }
    }
}

const NOTHING: Range = Range { from: 0, to: 0, reach: (0, -1), why: 0 };

fn unknown(cause: Cause) -> Range {
    Range { why: code(cause), ..NOTHING }
}

/// A range of whole days, both included.
fn days(from: i64, to: i64) -> Range {
    let start = if from <= FIRST { i64::MIN } else { Instant::of_day(from).0 };
    let end = if to >= LAST { NO_TIME } else { Instant::of_day(to.saturating_add(1)).0 };
    Range { from: start, to: end, reach: (from, to), why: 0 }
}

impl Context<'_> {
    pub(super) fn bounds(
        &self,
        period: &PeriodOp,
        source: Source,
        index: &Index,
        domain: &Rc<Domain>,
    ) -> Bounds {
        match period {
            PeriodOp::Rolling { direction, length, from, .. } => {
                self.rolling(*direction, *length, *from, (index, domain))
            }
            PeriodOp::Nearest { .. } => {
                Bounds { ranges: vec![days(FIRST, LAST); domain.len], question: Question::Nothing }
            }
            PeriodOp::During { interval, .. } => self.during(*interval, source, domain),
            PeriodOp::Overlapping { interval, candidate } => {
                self.overlapping(*interval, *candidate, source, domain)
            }
            PeriodOp::ValidAt { at, candidate } => self.valid_at(*at, *candidate, source, domain),
        }
    }

    fn rolling(
        &self,
        direction: Direction,
        length: Option<ExprId>,
        from: ExprId,
        at: (&Index, &Rc<Domain>),
    ) -> Bounds {
        let (index, domain) = at;
        let anchor_type = self.type_of(from);
        let anchors = self.eval(from, domain);
        let length_type = length.map(|length| self.type_of(length));
        let lengths = length.map(|length| self.eval(length, domain));
        let by_second =
            matches!(length_type, Some(Type::Duration(DurationUnit::Hour | DurationUnit::Minute)));
        let mut seconds = Vec::new();
        let mut ranges = Vec::with_capacity(domain.len);
        for tuple in 0..domain.len {
            let anchor = known(anchors.get(tuple));
            let length = lengths.as_ref().map(|lengths| known(lengths.get(tuple))).transpose();
            let (range, span) = match (anchor, length) {
                (Err(cause), _) | (_, Err(cause)) => (unknown(cause), (0, -1)),
                (Ok(anchor), Ok(length)) if by_second => {
                    second_range(direction, moment(anchor, anchor_type), length.unwrap_or(0), index.timeless)
                }
                (Ok(anchor), Ok(length)) => {
                    let day = day_of(anchor, anchor_type);
                    let months = length_type == Some(Type::Months);
                    (day_range(direction, day, length, months), (0, -1))
                }
            };
            ranges.push(range);
            seconds.push(span);
        }
        let question =
            if by_second && index.timeless { Question::Seconds(seconds) } else { Question::Nothing };
        Bounds { ranges, question }
    }

    fn during(&self, interval: ExprId, source: Source, domain: &Rc<Domain>) -> Bounds {
        let intervals = self.eval_interval(interval, domain);
        let last = self.coverage(source).last().min(LAST);
        let by_day = intervals.dates.0 || intervals.dates.1;
        let range = |tuple: usize| {
            let (start, end) = match (known(intervals.start.get(tuple)), known(intervals.end.get(tuple))) {
                (Err(cause), _) | (_, Err(cause)) => return unknown(cause),
                (Ok(start), Ok(end)) => (Instant(start), end),
            };
            let open = end == NO_TIME;
            let end_day = if open { last } else { Instant(end).day() };
            if by_day {
                let range = days(start.day(), if open { LAST } else { end_day });
                return Range { reach: (start.day(), end_day), ..range };
            }
            let to = if open { NO_TIME } else { Instant(end).second().saturating_mul(2) };
            Range { from: start.second().saturating_mul(2), to, reach: (start.day(), end_day), why: 0 }
        };
        Bounds { ranges: (0..domain.len).map(range).collect(), question: Question::Nothing }
    }

    fn overlapping(
        &self,
        interval: ExprId,
        candidate: ExprId,
        source: Source,
        domain: &Rc<Domain>,
    ) -> Bounds {
        let intervals = self.eval_interval(interval, domain);
        let last = self.coverage(source).last().min(LAST);
        let range = |tuple: usize| match (known(intervals.start.get(tuple)), known(intervals.end.get(tuple)))
        {
            (Err(cause), _) | (_, Err(cause)) => unknown(cause),
            (Ok(start), Ok(end)) => {
                let open = end == NO_TIME;
                let end_day = if open { last } else { Instant(end).day() };
                let before = days(FIRST, if open { LAST } else { end_day });
                Range { reach: (Instant(start).day(), end_day), ..before }
            }
        };
        let ranges = (0..domain.len).map(range).collect();
        let candidates = self.eval_interval(candidate, &self.full(source));
        Bounds { ranges, question: Question::Overlap(intervals, candidates) }
    }

    fn valid_at(&self, at: ExprId, candidate: ExprId, source: Source, domain: &Rc<Domain>) -> Bounds {
        let ty = self.type_of(at);
        let values = self.eval(at, domain);
        let mut wanted = Vec::with_capacity(domain.len);
        let mut ranges = Vec::with_capacity(domain.len);
        for tuple in 0..domain.len {
            match known(values.get(tuple)) {
                Ok(word) => {
                    let day = day_of(word, ty);
                    wanted.push(day);
                    ranges.push(Range { reach: (day, day), ..days(FIRST, day) });
                }
                Err(cause) => {
                    wanted.push(0);
                    ranges.push(unknown(cause));
                }
            }
        }
        let candidates = self.eval_interval(candidate, &self.full(source));
        Bounds { ranges, question: Question::Holds(wanted, candidates) }
    }

    /// How many, for 最近 N 次.
    pub(super) fn counts(
        &self,
        period: Option<&PeriodOp>,
        domain: &Rc<Domain>,
    ) -> Option<(Direction, Rc<Column>)> {
        match period {
            Some(PeriodOp::Nearest { direction, count }) => Some((*direction, self.eval(*count, domain))),
            Some(
                PeriodOp::Rolling { .. }
                | PeriodOp::During { .. }
                | PeriodOp::Overlapping { .. }
                | PeriodOp::ValidAt { .. },
            )
            | None => None,
        }
    }
}

impl Question {
    /// Whether the pair belongs: yes, no, or why it cannot be said.
    pub(super) fn ask(&self, tuple: usize, candidate: (usize, i64)) -> Result<bool, Cause> {
        let (at, time) = candidate;
        match self {
            Question::Nothing => Ok(true),
            Question::Seconds(spans) => {
                let (from, to) = spans[tuple];
                let time = Instant(time);
                if time.has_time() {
                    Ok(from <= time.second() && time.second() <= to)
                } else {
                    let day = |second: i64| second.div_euclid(Instant::DAY);
                    if day(from) <= time.day() && time.day() <= day(to) {
                        Err(TIME_OF_DAY)
                    } else {
                        Ok(false)
                    }
                }
            }
            Question::Overlap(ours, theirs) => overlap((ours, tuple), (theirs, at)),
            Question::Holds(days, theirs) => {
                let day = days[tuple];
                let start = known(theirs.start.get(at))?;
                if Instant(start).day() > day {
                    return Ok(false);
                }
                let end = known(theirs.end.get(at))?;
                Ok(end == NO_TIME || day <= Instant(end).day())
            }
        }
    }
}

fn overlap(ours: (&Intervals, usize), theirs: (&Intervals, usize)) -> Result<bool, Cause> {
    let ((ours, tuple), (theirs, at)) = (ours, theirs);
    let (our_start, our_end) = (known(ours.start.get(tuple))?, known(ours.end.get(tuple))?);
    let their_start = known(theirs.start.get(at))?;
    let their_end = known(theirs.end.get(at));
    let exact = ours.exact(our_start, true)
        && ours.exact(our_end, false)
        && theirs.exact(their_start, true)
        && their_end.map_or(true, |end| theirs.exact(end, false));
    let before = |start: i64, end: i64| {
        end == NO_TIME
            || if exact {
                Instant(start).second() < Instant(end).second()
            } else {
                Instant(start).day() < Instant(end).day()
            }
    };
    if !before(their_start, our_end) {
        return Ok(false);
    }
    Ok(before(our_start, their_end?))
}

fn known(value: Value) -> Result<i64, Cause> {
    match value {
        Value::Known(word) => Ok(word),
        Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
    }
}

fn day_of(word: i64, ty: Type) -> i64 {
    match ty {
        Type::Instant | Type::Period(PeriodUnit::Hour) => Instant(word).day(),
        _ => word,
    }
}

fn day_range(direction: Direction, day: i64, length: Option<i64>, months: bool) -> Range {
    let Some(length) = length else {
        return match direction {
            Direction::Before | Direction::Last => {
                days(FIRST, day.saturating_sub(i64::from(direction == Direction::Before)))
            }
            Direction::After | Direction::Next => {
                days(day.saturating_add(i64::from(direction == Direction::After)), LAST)
            }
            Direction::Around => days(FIRST, LAST),
        };
    };
    let moved = |sign: i64| {
        if months {
            add_months(day, length.saturating_mul(sign))
        } else {
            day.saturating_add(length.div_euclid(Instant::DAY).saturating_mul(sign))
        }
    };
    let range = match direction {
        Direction::Last => (moved(-1).saturating_add(i64::from(!active(Mutant::WindowEnd))), day),
        Direction::Next => (day, moved(1).saturating_sub(1)),
        Direction::Around => (moved(-1), moved(1)),
        Direction::Before => (moved(-1), day.saturating_sub(1)),
        Direction::After => (day.saturating_add(1), moved(1)),
    };
    days(range.0, range.1)
}

fn second_range(direction: Direction, anchor: Instant, length: i64, timeless: bool) -> (Range, (i64, i64)) {
    if !anchor.has_time() {
        return (unknown(TIME_OF_DAY), (0, -1));
    }
    let at = anchor.second();
    let (back, ahead) = (at.saturating_sub(length), at.saturating_add(length));
    let (from, to) = match direction {
        Direction::Last => (back.saturating_add(1), at),
        Direction::Next => (at, ahead.saturating_sub(1)),
        Direction::Around => (back, ahead),
        Direction::Before => (back, at.saturating_sub(1)),
        Direction::After => (at.saturating_add(1), ahead),
    };
    if from > to {
        return (NOTHING, (0, -1));
    }
    let day = |second: i64| second.div_euclid(Instant::DAY);
    let whole = days(day(from), day(to));
    if timeless {
        return (whole, (from, to));
    }
    let exact = Range {
        from: from.saturating_mul(2),
        to: to.saturating_add(1).saturating_mul(2),
        reach: (day(from), day(to)),
        why: 0,
    };
    (exact, (from, to))
}

/// A place in a full domain.
pub(super) fn place_in(row: u32, from: u32) -> usize {
    ix(row.saturating_sub(from))
}
