//! Periods of a window: which times lie in it, and how far it reaches (sentences 10–14).
//!
//! In: a period in the scope of the anchor. Out: [`Bounds`], which decide a candidate.
//! Invariant: day windows compare civil days, hour windows instants.

use crate::arithmetic::{is_instant, plain_day, plain_instant};
use crate::calendar::add_months;
use crate::env::Env;
use crate::eval::eval;
use crate::rows::RowRef;
use crate::value::{End, Ends};
use jihe_check::typed::{Direction, Expr, Period};
use jihe_model::types::{DurationUnit, Type};
use jihe_model::value::{CauseKind, Instant};

/// A period with its anchor settled.
#[derive(Debug, Clone)]
pub(crate) enum Bounds<'e> {
    /// Every time.
    Always,
    /// Days, both ends included; none is unbounded.
    Days { clock: &'e Expr, from: Option<i64>, to: Option<i64> },
    /// Seconds, both ends included.
    Seconds { clock: &'e Expr, from: i64, to: i64 },
    /// 期间 of instants: [from, to); none is open.
    Between { clock: &'e Expr, from: Instant, to: Option<Instant> },
    /// 重叠
    Overlap { candidate: &'e Expr, anchor: Span },
    /// 有效于
    Valid { candidate: &'e Expr, day: i64 },
}

/// An interval with its ends settled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    start: Instant,
    /// None is open.
    end: Option<Instant>,
    /// Whether an end is a date or lacks its time of day.
    by_day: bool,
}

/// Where a candidate stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Inside,
    Outside,
    /// The candidate's time is known, but not enough of it.
    Undecided(CauseKind),
    /// The candidate's clock, or the start of its interval, is missing.
    NoClock(CauseKind),
}

/// The days a period reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Complete wherever the data end.
    Anywhere,
    /// First and last day; none is unbounded.
    Days(Option<i64>, Option<i64>),
    /// From a day to the end of coverage.
    Open(i64),
}

/// What a period means for this anchor; the cause if the anchor's time is missing.
pub(crate) fn bounds<'e>(
    period: Option<&'e Period>,
    env: &Env<'_>,
) -> Result<(Bounds<'e>, Reach), CauseKind> {
    match period {
        None | Some(Period::Nearest { .. }) => Ok((Bounds::Always, Reach::Anywhere)),
        Some(Period::Rolling { direction, length, from, clock }) => {
            rolling(*direction, length.as_ref(), (from, clock), env)
        }
        Some(Period::During { interval, clock }) => during(eval(interval, env).plain_ends()?, clock),
        Some(Period::Overlapping { interval, candidate }) => {
            let anchor = span(eval(interval, env).plain_ends()?)?;
            let reach = reach(anchor.start.day(), anchor.end.map(Instant::day));
            Ok((Bounds::Overlap { candidate, anchor }, reach))
        }
        Some(Period::ValidAt { at, candidate }) => {
            let day = plain_day(eval(at, env), at.ty)?;
            Ok((Bounds::Valid { candidate, day }, Reach::Days(Some(day), Some(day))))
        }
    }
}

fn reach(from: i64, to: Option<i64>) -> Reach {
    match to {
        None => Reach::Open(from),
        Some(to) if to < from => Reach::Anywhere,
        Some(to) => Reach::Days(Some(from), Some(to)),
    }
}

fn rolling<'e>(
    direction: Direction,
    length: Option<&'e Expr>,
    (from, clock): (&'e Expr, &'e Expr),
    env: &Env<'_>,
) -> Result<(Bounds<'e>, Reach), CauseKind> {
    let anchor = plain_instant(eval(from, env), from.ty)?;
    let size = length.map(|length| eval(length, env).plain_word()).transpose()?;
    let unit = length.map(|length| length.ty);
    if let (Some(Type::Duration(DurationUnit::Hour | DurationUnit::Minute)), Some(seconds)) = (unit, size) {
        if !anchor.has_time() {
            return Err(CauseKind::TimeOfDay);
        }
        let (from, to) = seconds_of(direction, anchor.second(), seconds);
        let day = |second: i64| second.div_euclid(Instant::DAY);
        return Ok((Bounds::Seconds { clock, from, to }, Reach::Days(Some(day(from)), Some(day(to))))
            .emptied(from > to));
    }
    let day = anchor.day();
    let earlier = size.map(|size| moved(day, unit, size, -1));
    let later = size.map(|size| moved(day, unit, size, 1));
    let (from, to) = match direction {
        // A part of a day counts: d > D − 1.5 begins with D − 1, which is where rounding to −2 and adding 1 leads.
        Direction::Last => (earlier.map(|(floor, _)| floor.saturating_add(1)), Some(day)),
        Direction::Next => (Some(day), later.map(|(_, ceiling)| ceiling.saturating_sub(1))),
        Direction::Around => (earlier.map(|(_, ceiling)| ceiling), later.map(|(floor, _)| floor)),
        Direction::Before => (earlier.map(|(_, ceiling)| ceiling), Some(day.saturating_sub(1))),
        Direction::After => (Some(day.saturating_add(1)), later.map(|(floor, _)| floor)),
    };
    let empty = from.zip(to).is_some_and(|(from, to)| from > to);
    Ok((Bounds::Days { clock, from, to }, Reach::Days(from, to)).emptied(empty))
}

/// A window that holds no time at all reaches nowhere.
trait Emptied {
    fn emptied(self, empty: bool) -> Self;
}

impl Emptied for (Bounds<'_>, Reach) {
    fn emptied(self, empty: bool) -> Self {
        if empty { (self.0, Reach::Anywhere) } else { self }
    }
}

/// A day moved by a length, rounded down and rounded up to whole days.
fn moved(day: i64, unit: Option<Type>, size: i64, sign: i64) -> (i64, i64) {
    let size = size.saturating_mul(sign);
    if unit == Some(Type::Months) {
        let moved = add_months(day, size);
        return (moved, moved);
    }
    let floor = size.div_euclid(Instant::DAY);
    let part = i64::from(size.rem_euclid(Instant::DAY) != 0);
    (day.saturating_add(floor), day.saturating_add(floor).saturating_add(part))
}

fn seconds_of(direction: Direction, anchor: i64, size: i64) -> (i64, i64) {
    let (earlier, later) = (anchor.saturating_sub(size), anchor.saturating_add(size));
    match direction {
        Direction::Last => (earlier.saturating_add(1), anchor),
        Direction::Next => (anchor, later.saturating_sub(1)),
        Direction::Around => (earlier, later),
        Direction::Before => (earlier, anchor.saturating_sub(1)),
        Direction::After => (anchor.saturating_add(1), later),
    }
}

fn during(ends: Ends, clock: &Expr) -> Result<(Bounds<'_>, Reach), CauseKind> {
    let by_instant = is_instant(ends.start_type) && is_instant(ends.end_type);
    let span = span(ends)?;
    let reach = reach(span.start.day(), span.end.map(Instant::day));
    let bounds = if by_instant {
        Bounds::Between { clock, from: span.start, to: span.end }
    } else {
        Bounds::Days { clock, from: Some(span.start.day()), to: span.end.map(Instant::day) }
    };
    Ok((bounds, reach))
}

/// The ends of an interval, or the cause of the first that is missing.
fn span(ends: Ends) -> Result<Span, CauseKind> {
    let start = plain_instant(ends.start, ends.start_type)?;
    let end = match ends.end {
        End::Open(_) => None,
        End::At(value) => Some(plain_instant(value, ends.end_type)?),
    };
    let by_day = !start.has_time() || end.is_some_and(|end| !end.has_time());
    Ok(Span { start, end, by_day })
}

/// Where a candidate stands, in its own scope.
pub(crate) fn place(bounds: &Bounds<'_>, var: jihe_check::typed::VarId, row: RowRef, env: &Env<'_>) -> Place {
    let inner = env.with(var, row);
    let (Bounds::Days { clock: time, .. }
    | Bounds::Seconds { clock: time, .. }
    | Bounds::Between { clock: time, .. }
    | Bounds::Overlap { candidate: time, .. }
    | Bounds::Valid { candidate: time, .. }) = bounds
    else {
        return Place::Inside;
    };
    let value = eval(time, &inner);
    let decided = match bounds {
        Bounds::Overlap { .. } | Bounds::Valid { .. } => {
            let ends = value.plain_ends();
            let start = ends.clone().and_then(|ends| plain_instant(ends.start, ends.start_type));
            start.and_then(|start| Ok(by_interval(bounds, start, later_end(&ends?))))
        }
        Bounds::Always | Bounds::Days { .. } | Bounds::Seconds { .. } | Bounds::Between { .. } => {
            plain_instant(value, time.ty).map(|time| by_time(bounds, time))
        }
    };
    match decided {
        Ok(Ok(true)) => Place::Inside,
        Ok(Ok(false)) => Place::Outside,
        Ok(Err(cause)) => Place::Undecided(cause),
        Err(cause) => Place::NoClock(cause),
    }
}

fn by_time(bounds: &Bounds<'_>, time: Instant) -> Result<bool, CauseKind> {
    match bounds {
        Bounds::Days { from, to, .. } => {
            Ok(from.is_none_or(|from| from <= time.day()) && to.is_none_or(|to| time.day() <= to))
        }
        Bounds::Seconds { from, to, .. } => in_seconds(time, *from, *to),
        Bounds::Between { from, to, .. } => {
            Ok(from.second() <= time.second() && to.is_none_or(|to| time.second() < to.second()))
        }
        Bounds::Always | Bounds::Overlap { .. } | Bounds::Valid { .. } => Ok(true),
    }
}

/// The end of a candidate's interval: open is none.
fn later_end(ends: &Ends) -> Result<Option<Instant>, CauseKind> {
    match &ends.end {
        End::Open(_) => Ok(None),
        End::At(value) => plain_instant(value.clone(), ends.end_type).map(Some),
    }
}

/// A missing end decides what the start decides alone.
fn by_interval(
    bounds: &Bounds<'_>,
    start: Instant,
    end: Result<Option<Instant>, CauseKind>,
) -> Result<bool, CauseKind> {
    match bounds {
        Bounds::Overlap { anchor, .. } => overlap(*anchor, start, end),
        Bounds::Valid { day, .. } if start.day() > *day => Ok(false),
        Bounds::Valid { day, .. } => Ok(end?.is_none_or(|end| *day <= end.day())),
        Bounds::Always | Bounds::Days { .. } | Bounds::Seconds { .. } | Bounds::Between { .. } => Ok(true),
    }
}

/// A time without time of day is undecided if its day meets the window.
fn in_seconds(time: Instant, from: i64, to: i64) -> Result<bool, CauseKind> {
    if time.has_time() {
        return Ok(from <= time.second() && time.second() <= to);
    }
    let day = |second: i64| second.div_euclid(Instant::DAY);
    if from <= to && day(from) <= time.day() && time.day() <= day(to) {
        return Err(CauseKind::TimeOfDay);
    }
    Ok(false)
}

/// X.start < Y.end and Y.start < X.end, by day if a known end lacks a time of day. A missing end decides nothing.
fn overlap(anchor: Span, start: Instant, end: Result<Option<Instant>, CauseKind>) -> Result<bool, CauseKind> {
    let timed = |end: &Option<Instant>| end.is_none_or(Instant::has_time);
    let by_day = anchor.by_day || !start.has_time() || !end.as_ref().map_or(true, timed);
    let measure = |time: Instant| if by_day { time.day() } else { time.second() };
    let before = |start: Instant, end: Option<Instant>| end.is_none_or(|end| measure(start) < measure(end));
    if !before(start, anchor.end) {
        return Ok(false);
    }
    Ok(before(anchor.start, end?))
}
