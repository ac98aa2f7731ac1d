//! Windows: candidates by key, period and condition (sentences 6–15, 32).
//!
//! In: a window and the scope of its anchor. Out: the set of its members.
//! Invariant: every row of the source is looked at, one after another.

use crate::compare::same;
use crate::env::Env;
use crate::eval::eval;
use crate::periods::{Bounds, Place, Reach, bounds, place};
use crate::rows::{Doubt, Order, Rank, RowRef, RowSet, RowState};
use crate::sets::{not_supplied, row_state};
use crate::value::Datum;
use crate::world::{Coverage, World};
use jihe_check::typed::{Direction, Expr, Neighbour, Period, Source, Window};
use jihe_model::types::Type;
use jihe_model::value::CauseKind;

/// A window with its anchor settled.
struct Anchored<'e> {
    window: &'e Window,
    row: Option<RowRef>,
    /// Where the anchor stands, if the window asks for places in the total order.
    order: Option<Order>,
    keys: Vec<(Datum, Type)>,
    bounds: Bounds<'e>,
}

/// A candidate that surely or possibly belongs.
struct Candidate {
    row: RowRef,
    order: Order,
    doubt: Option<Doubt>,
    /// Whether it has a place in the total order.
    placed: bool,
}

pub(crate) fn window(window: &Window, source: Source, env: &Env<'_>) -> RowSet {
    if let Some(cause) = not_supplied(source, env.world) {
        return RowSet::unknown(cause);
    }
    let (anchored, reach) = match anchor(window, env) {
        Ok(anchored) => anchored,
        Err(cause) => return RowSet::unknown(cause),
    };
    let rows = env.world.all(source).into_iter();
    let candidates: Vec<Candidate> = rows.filter_map(|row| candidate(&anchored, row, env)).collect();
    let uncovered = |reach| uncovered(reach, source, env.world);
    if let Some(neighbour) = window.neighbour {
        let reach = unbounded_by_default(reach, window, neighbour);
        return nearest_neighbour(neighbour, &anchored, candidates, uncovered(reach));
    }
    if let Some(Period::Nearest { direction, count }) = &window.period {
        let count = match eval(count, env).plain_word() {
            Ok(word) => usize::try_from(word.div_euclid(1_000_000)).unwrap_or(0),
            Err(cause) => return RowSet::unknown(cause),
        };
        let beyond = uncovered(Reach::Days(None, None));
        return nearest(*direction, count, (&anchored, candidates), beyond);
    }
    let rows = candidates.iter().filter(|candidate| candidate.doubt.is_none()).map(|candidate| candidate.row);
    RowSet { rows: rows.collect(), incomplete: cause(uncovered(reach), &candidates) }
}

/// Coverage, then conditions, then clocks; among equals the first in the total order.
fn cause<'c>(
    uncovered: Option<Doubt>,
    candidates: impl IntoIterator<Item = &'c Candidate>,
) -> Option<CauseKind> {
    let doubts: Vec<Doubt> = uncovered
        .into_iter()
        .chain(candidates.into_iter().filter_map(|candidate| candidate.doubt.clone()))
        .collect();
    doubts.into_iter().min_by_key(|doubt| doubt.rank).map(|doubt| doubt.cause)
}

/// The anchor's keys in order, then its place, then its period.
fn anchor<'e>(window: &'e Window, env: &Env<'_>) -> Result<(Anchored<'e>, Reach), CauseKind> {
    let mut keys = Vec::new();
    for (_, key) in &window.keys {
        keys.push((eval(key, env).plain()?, key.ty));
    }
    let order = if needs_place(window) { Some(anchor_order(window, env)?) } else { None };
    let (bounds, reach) = bounds(window.period.as_ref(), env)?;
    let row = match row_state(&window.anchor, env) {
        RowState::Row(row) => Some(row),
        RowState::None(_) | RowState::Undecided(_) | RowState::Dangling(..) => None,
    };
    Ok((Anchored { window, row, order, keys, bounds }, reach))
}

fn needs_place(window: &Window) -> bool {
    let counted = matches!(window.period, Some(Period::Nearest { .. }));
    window.neighbour.is_some() || window.until_anchor || counted
}

fn anchor_order(window: &Window, env: &Env<'_>) -> Result<Order, CauseKind> {
    match row_state(&window.anchor, env) {
        RowState::Row(row) => {
            let order = env.world.order(row);
            match missing_clock(row, &order, env.world) {
                Some(cause) => Err(cause),
                None => Ok(order),
            }
        }
        RowState::None(cause) | RowState::Undecided(cause) => Err(cause),
        RowState::Dangling(kind, _) => Err(env.world.clock_cause(kind)),
    }
}

/// Why a row has no place in the total order; rows of kinds without clock stand by their keys.
fn missing_clock(row: RowRef, order: &Order, world: &World<'_>) -> Option<CauseKind> {
    if order.has_clock() {
        return None;
    }
    let kind = match row {
        RowRef::Record(kind, _) => kind,
        RowRef::Summary(id, _) => world.base_kind(Source::Summary(id))?,
        RowRef::Table(..) => return None,
    };
    let clocked = world.kind(kind).is_some_and(|kind| !kind.clock.is_empty());
    clocked.then(|| world.clock_cause(kind))
}

/// A row as a candidate; none if it surely does not belong.
fn candidate(anchored: &Anchored<'_>, row: RowRef, env: &Env<'_>) -> Option<Candidate> {
    let window = anchored.window;
    let inner = env.with(window.var, row);
    if window.others && anchored.row == Some(row) {
        return None;
    }
    for ((key, _), (expected, ty)) in window.keys.iter().zip(&anchored.keys) {
        let found = eval(key, &inner).plain().ok()?;
        if !same(env.world.schema(), (&found, key.ty), (expected, *ty)) {
            return None;
        }
    }
    let order = env.world.order(row);
    let unplaced = if needs_place(window) { missing_clock(row, &order, env.world) } else { None };
    let mut doubt = match place(&anchored.bounds, window.var, row, env) {
        Place::Outside => return None,
        Place::Inside => unplaced.clone().map(|cause| Doubt::new(Rank::Clock, cause)),
        Place::Undecided(cause) => Some(Doubt::new(Rank::Condition, cause)),
        Place::NoClock(cause) => Some(Doubt::new(Rank::Clock, cause)),
    };
    if window.until_anchor
        && unplaced.is_none()
        && anchored.order.as_ref().is_some_and(|anchor| order > *anchor)
    {
        return None;
    }
    match condition(window.filter.as_ref(), &inner) {
        Ok(true) => {}
        Ok(false) => return None,
        Err(cause) => doubt = doubt.or(Some(Doubt::new(Rank::Condition, cause))),
    }
    Some(Candidate { row, order, doubt, placed: unplaced.is_none() })
}

fn condition(filter: Option<&Expr>, env: &Env<'_>) -> Result<bool, CauseKind> {
    filter.map_or(Ok(true), |filter| eval(filter, env).decide())
}

/// The doubt of a reach that is not inside coverage.
fn uncovered(reach: Reach, source: Source, world: &World<'_>) -> Option<Doubt> {
    let kind = world.base_kind(source)?;
    let coverage = world.kinds.get(&kind).map_or(Coverage::Nothing, |rows| rows.coverage);
    let inside = match (coverage, reach) {
        (Coverage::Unbounded, _) | (_, Reach::Anywhere) => true,
        (Coverage::Days(first, _), Reach::Open(from)) => first <= from,
        (Coverage::Days(first, last), Reach::Days(from, to)) => {
            from.is_some_and(|from| first <= from) && to.is_some_and(|to| to <= last)
        }
        (Coverage::Nothing, Reach::Open(_) | Reach::Days(..)) => false,
    };
    (!inside).then(|| Doubt::new(Rank::Coverage, CauseKind::Coverage(world.kind_name(kind))))
}

/// A neighbour without a period may be any time away.
fn unbounded_by_default(reach: Reach, window: &Window, neighbour: Neighbour) -> Reach {
    match (&window.period, neighbour) {
        (None, Neighbour::Previous | Neighbour::Following) => Reach::Days(None, None),
        (Some(_), _) => reach,
    }
}

/// The nearest sure candidate before or after the anchor, if nothing doubtful lies between.
fn nearest_neighbour(
    neighbour: Neighbour,
    anchored: &Anchored<'_>,
    candidates: Vec<Candidate>,
    uncovered: Option<Doubt>,
) -> RowSet {
    let Some(anchor) = &anchored.order else { return RowSet::default() };
    let on_this_side = |candidate: &Candidate| match neighbour {
        Neighbour::Previous => candidate.order < *anchor,
        Neighbour::Following => candidate.order > *anchor,
    };
    let side: Vec<Candidate> =
        candidates.into_iter().filter(|candidate| !candidate.placed || on_this_side(candidate)).collect();
    let sure = side.iter().filter(|candidate| candidate.doubt.is_none());
    let found = match neighbour {
        Neighbour::Previous => sure.max_by(|left, right| left.order.cmp(&right.order)),
        Neighbour::Following => sure.min_by(|left, right| left.order.cmp(&right.order)),
    };
    let Some(found) = found else {
        return RowSet { rows: Vec::new(), incomplete: cause(uncovered, &side) };
    };
    let between = |candidate: &&Candidate| {
        let nearer = match neighbour {
            Neighbour::Previous => candidate.order > found.order,
            Neighbour::Following => candidate.order < found.order,
        };
        !candidate.placed || nearer
    };
    match cause(None, side.iter().filter(between)) {
        Some(cause) => RowSet::unknown(cause),
        None => RowSet::of(vec![found.row]),
    }
}

/// The nearest so many rows up to and including the anchor.
fn nearest(
    direction: Direction,
    count: usize,
    (anchored, candidates): (&Anchored<'_>, Vec<Candidate>),
    beyond: Option<Doubt>,
) -> RowSet {
    let Some(anchor) = &anchored.order else { return RowSet::default() };
    let backwards = matches!(direction, Direction::Last | Direction::Before);
    let (placed, unplaced): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| candidate.placed);
    let mut walk: Vec<Candidate> = placed
        .into_iter()
        .filter(|candidate| if backwards { candidate.order <= *anchor } else { candidate.order >= *anchor })
        .collect();
    walk.sort_by(|left, right| left.order.cmp(&right.order));
    if backwards {
        walk.reverse();
    }
    let mut set = RowSet::default();
    let (mut met, mut sure) = (0_usize, 0_usize);
    let mut first_doubt: Option<CauseKind> = None;
    for candidate in unplaced.into_iter().chain(walk) {
        if sure >= count {
            break;
        }
        met = met.saturating_add(1);
        if let Some(doubt) = candidate.doubt {
            first_doubt.get_or_insert(doubt.cause);
            continue;
        }
        sure = sure.saturating_add(1);
        if met <= count {
            set.rows.push(candidate.row);
        }
    }
    let beyond = if sure < count { beyond.map(|doubt| doubt.cause) } else { None };
    set.incomplete = beyond.or(first_doubt);
    // Walked backwards, the rows stand in the wrong order.
    if backwards {
        set.rows.reverse();
    }
    set
}
