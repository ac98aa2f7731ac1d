//! Statistics of peers without a minimum count (sentence 33).
//!
//! In: a rule. Out: W0502.
//! Invariant: any comparison with 计数 in 当 or 针对 counts as a minimum.

use jihe_diagnostics::{Diagnostic, Span};

use crate::errors;
use crate::typed::{AggregateFunction, Expr, ExprKind, LetId, Rule, SetKind, TypedRules};
use crate::walk::{Part, walk_expr};

/// 平均, 中位, 标准差 and 分位 of a 设 that is a window, without 计数 of it.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let _ = rules;
    let mut counted: Vec<LetId> = Vec::new();
    let mut measured: Vec<(LetId, Span)> = Vec::new();
    walk_expr(&rule.when, &mut |part| {
        let Part::Expr(Expr { kind: ExprKind::Aggregate(aggregate), span, .. }) = part else { return };
        let SetKind::Let(id) = aggregate.set.kind else { return };
        match aggregate.function {
            AggregateFunction::Count | AggregateFunction::CountDistinct => counted.push(id),
            AggregateFunction::Average
            | AggregateFunction::Median
            | AggregateFunction::Percentile
            | AggregateFunction::StandardDeviation => measured.push((id, *span)),
            AggregateFunction::Sum
            | AggregateFunction::Max
            | AggregateFunction::Min
            | AggregateFunction::Rank
            | AggregateFunction::First
            | AggregateFunction::Last
            | AggregateFunction::Exists
            | AggregateFunction::Any
            | AggregateFunction::All
            | AggregateFunction::DistinctDays
            | AggregateFunction::Span
            | AggregateFunction::CoveredDays
            | AggregateFunction::OverlapDays
            | AggregateFunction::MaxConcurrent => {}
        }
    });
    if let Some((_, span)) = measured.iter().find(|(id, _)| !counted.contains(id)) {
        found.push(errors::lints::no_minimum_count(*span));
    }
}
