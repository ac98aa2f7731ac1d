//! Values of sets that may be empty (sentence 31).
//!
//! In: 当 and what it needs. Out: W0504 where no 存在 or 计数 guards the value.
//! Invariant: a guard counts wherever it stands in 针对, 当 or a 设.

use jihe_diagnostics::Diagnostic;

use crate::errors;
use crate::typed::{AggregateFunction, Bound, Expr, ExprKind, LetId, Row, Rule, SetKind, TypedRules};
use crate::walk::{Part, walk_bound, walk_expr};

/// Fields of a neighbour in 当 without 存在.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let mut guarded: Vec<String> = Vec::new();
    let mut used: Vec<(String, jihe_diagnostics::Span)> = Vec::new();
    let mut see = |part: Part<'_>| match part {
        Part::Expr(Expr { kind: ExprKind::Aggregate(aggregate), .. })
            if aggregate.function == AggregateFunction::Exists =>
        {
            if let SetKind::Single(row) = &aggregate.set.kind {
                guarded.push(name(row, rule, rules));
            }
        }
        Part::Expr(expr) => {
            if let ExprKind::Field(row, _) | ExprKind::Derived(row, _) = &expr.kind
                && is_neighbour(row, rule, rules)
            {
                used.push((name(row, rule, rules), expr.span));
            }
        }
        Part::Set(_) | Part::Row(_) => {}
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

fn name(row: &Row, rule: &Rule, rules: &TypedRules) -> String {
    match row {
        Row::Derived(_, id) => {
            rules.derived.get(id.index()).map(|derived| derived.name.clone()).unwrap_or_default()
        }
        Row::Let(LetId(at)) => {
            let at = usize::try_from(*at).unwrap_or(usize::MAX);
            rule.lets.get(at).map(|bound| bound.name.clone()).unwrap_or_default()
        }
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
