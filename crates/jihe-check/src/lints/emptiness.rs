//! Values of sets that may be empty (sentence 31).
//!
//! In: 当 and what it needs. Out: W0504 where no 存在 or 计数 guards the value.
//! Invariant: a guard counts wherever it stands in 针对, 当 or a 设.

use jihe_diagnostics::{Diagnostic, Span};

use crate::errors;
use crate::typed::{
    AggregateFunction, Bound, Direction, ExprKind, LetId, Period, Row, Rule, SetKind, TypedRules,
};
use crate::walk::{Part, walk_bound, walk_expr};

/// Fields of a neighbour, and extremes of a window, in 当 without 存在 or 计数.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let mut guarded: Vec<String> = Vec::new();
    let mut used: Vec<(String, Span)> = Vec::new();
    let mut see = |part: Part<'_>| {
        let Part::Expr(expr) = part else { return };
        match &expr.kind {
            ExprKind::Aggregate(aggregate) => match (aggregate.function, &aggregate.set.kind) {
                (AggregateFunction::Exists, SetKind::Single(row)) => guarded.push(name(row, rule, rules)),
                (
                    AggregateFunction::Exists | AggregateFunction::Count | AggregateFunction::CountDistinct,
                    SetKind::Let(id),
                ) => {
                    guarded.push(let_name(*id, rule));
                }
                (function, SetKind::Let(id))
                    if is_missing_when_empty(function) && may_be_empty(*id, rule) =>
                {
                    used.push((let_name(*id, rule), expr.span));
                }
                _ => {}
            },
            ExprKind::Field(row, _) | ExprKind::Derived(row, _) if is_neighbour(row, rule, rules) => {
                used.push((name(row, rule, rules), expr.span));
            }
            _ => {}
        }
    };
    for condition in rule.filter.iter().chain([&rule.when]) {
        walk_expr(condition, &mut see);
    }
    for bound in &rule.lets {
        walk_bound(&bound.value, &mut see);
    }
    if let crate::typed::Source::Summary(id) = rule.subject
        && let Some(summary) = rules.summaries.get(id.index())
    {
        crate::walk::walk_set(&summary.records, &mut see);
    }
    let first = used.iter().find(|(name, _)| !guarded.contains(name));
    if let Some((_, span)) = first {
        found.push(errors::lints::may_be_empty(*span));
    }
}

/// 平均, 中位, 分位 and 标准差 have a warning of their own.
fn is_missing_when_empty(function: AggregateFunction) -> bool {
    matches!(
        function,
        AggregateFunction::Max | AggregateFunction::Min | AggregateFunction::First | AggregateFunction::Last
    )
}

/// A window that may leave out the subject itself.
fn may_be_empty(id: LetId, rule: &Rule) -> bool {
    let Some(Bound::Set(set)) = rule.lets.get(id.index()).map(|bound| &bound.value) else { return false };
    let SetKind::Window(window) = &set.kind else { return false };
    let excludes = matches!(
        window.period,
        Some(Period::Rolling { direction: Direction::Before | Direction::After, .. })
    );
    window.others || window.filter.is_some() || excludes || set.source != window.anchor_source
}

fn let_name(id: LetId, rule: &Rule) -> String {
    rule.lets.get(id.index()).map(|bound| bound.name.clone()).unwrap_or_default()
}

fn name(row: &Row, rule: &Rule, rules: &TypedRules) -> String {
    match row {
        Row::Derived(_, id) => {
            rules.derived.get(id.index()).map(|derived| derived.name.clone()).unwrap_or_default()
        }
        Row::Let(id) => let_name(*id, rule),
        Row::Var(_) | Row::Follow { .. } | Row::Pick(_) => String::new(),
    }
}

fn is_neighbour(row: &Row, rule: &Rule, rules: &TypedRules) -> bool {
    let picks = |bound: &Bound| {
        matches!(bound, Bound::Row(Row::Pick(pick))
            if matches!(&pick.set.kind, SetKind::Window(window) if window.neighbour.is_some()))
    };
    match row {
        Row::Derived(_, id) => rules.derived.get(id.index()).is_some_and(|derived| picks(&derived.value)),
        Row::Let(id) => rule.lets.get(id.index()).is_some_and(|bound| picks(&bound.value)),
        Row::Var(_) | Row::Follow { .. } | Row::Pick(_) => false,
    }
}
