//! What a construct costs for n records (sentence 43).
//!
//! In: typed windows and aggregates. Out: a [`Cost`] each.
//! Invariant: where the class is in doubt the worse one is given.

#![expect(clippy::wildcard_enum_match_arm, reason = "only the constructs named here cost more than the rest")]

use crate::typed::{
    Aggregate, AggregateFunction, Bound, Cost, Expr, ExprKind, Let, Period, Row, Set, SetKind, VarId, Window,
};
use crate::walk::{Part, walk_expr};

/// A window by itself: what its condition asks of the anchor.
pub(crate) fn of_window(window: &Window) -> Cost {
    let Some(filter) = &window.filter else { return Cost::Linear };
    let conditions = match &filter.kind {
        ExprKind::And(conditions) => conditions.as_slice(),
        _ => std::slice::from_ref(filter),
    };
    conditions.iter().map(|condition| of_condition(condition, window.var)).max().unwrap_or(Cost::Linear)
}

/// An equality with the anchor becomes a key; an inequality needs a tree; anything else looks at each pair.
fn of_condition(condition: &Expr, candidate: VarId) -> Cost {
    if !mentions_other(condition, candidate) {
        return if has_set(condition) { Cost::Tree } else { Cost::Linear };
    }
    match &condition.kind {
        ExprKind::Compare(crate::typed::CompareOp::Equal | crate::typed::CompareOp::NotEqual, ..)
        | ExprKind::InTable(_)
        | ExprKind::InCell(..)
        | ExprKind::InCodes(..) => Cost::Linear,
        ExprKind::Compare(..) => Cost::Tree,
        ExprKind::Not(inner) => of_condition(inner, candidate),
        _ => Cost::Window,
    }
}

fn mentions_other(condition: &Expr, candidate: VarId) -> bool {
    let mut bound = vec![candidate];
    let mut found = false;
    walk_expr(condition, &mut |part| match part {
        Part::Set(set) => bound.extend(bound_by(set)),
        Part::Row(Row::Var(var)) => found |= !bound.contains(var),
        Part::Row(Row::Let(_)) => found = true,
        Part::Expr(expr) => {
            if let ExprKind::Aggregate(aggregate) = &expr.kind {
                bound.push(aggregate.var);
            }
        }
        Part::Row(Row::Follow { .. } | Row::Pick(_) | Row::Derived(..)) => {}
    });
    found
}

fn bound_by(set: &Set) -> Option<VarId> {
    match &set.kind {
        SetKind::Window(window) => Some(window.var),
        SetKind::Filter { var, .. } | SetKind::Each { var, .. } | SetKind::FollowEach { var, .. } => {
            Some(*var)
        }
        SetKind::Densest(densest) => Some(densest.var),
        _ => None,
    }
}

fn has_set(condition: &Expr) -> bool {
    let mut found = false;
    walk_expr(condition, &mut |part| {
        found |= matches!(part, Part::Set(set) if matches!(set.kind, SetKind::Window(_)));
    });
    found
}

/// An aggregate over a window around each subject.
pub(crate) fn of_aggregate(aggregate: &Aggregate, lets: &[Let]) -> Cost {
    let timed = |set: &Set| matches!(&set.kind, SetKind::Window(window) if is_rolling(window));
    let inside = |set: &Set| crate::scope::any_set(set, &mut |set| timed(set));
    let rolling = |set: &Set| match &set.kind {
        SetKind::Let(id) => {
            matches!(lets.get(id.index()), Some(Let { value: Bound::Set(bound), .. }) if inside(bound))
        }
        _ => timed(set),
    };
    if !crate::scope::any_set(&aggregate.set, &mut |set| rolling(set)) {
        return Cost::Linear;
    }
    match aggregate.function {
        AggregateFunction::Median | AggregateFunction::Percentile | AggregateFunction::Rank => Cost::Tree,
        AggregateFunction::CoveredDays
        | AggregateFunction::OverlapDays
        | AggregateFunction::MaxConcurrent => Cost::Window,
        AggregateFunction::Count
        | AggregateFunction::CountDistinct
        | AggregateFunction::Sum
        | AggregateFunction::Average
        | AggregateFunction::StandardDeviation
        | AggregateFunction::Max
        | AggregateFunction::Min
        | AggregateFunction::First
        | AggregateFunction::Last
        | AggregateFunction::Exists
        | AggregateFunction::Any
        | AggregateFunction::All
        | AggregateFunction::DistinctDays
        | AggregateFunction::Span => Cost::Linear,
    }
}

fn is_rolling(window: &Window) -> bool {
    matches!(window.period, Some(Period::Rolling { .. } | Period::During { .. } | Period::Overlapping { .. }))
}
