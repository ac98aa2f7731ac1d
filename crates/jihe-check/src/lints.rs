//! What is surely or probably not meant.
//!
//! In: typed rules. Out: errors for what can never hold, warnings for the rest.
//! Invariant: a lint looks at one rule at a time, except those in `rules`.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a lint looks for a few shapes and leaves the rest alone"
)]

mod contradictions;
mod emptiness;
mod peers;
pub(crate) mod rules;
pub(crate) mod unused;
mod versions;

use jihe_diagnostics::{Diagnostic, Sources};
use jihe_model::types::{DurationUnit, Type};
use jihe_syntax::tree::{BinaryOp, Expr as Tree, ExprKind as Node};

use crate::errors;
use crate::infer::Binary;
use crate::typed::{ArithmeticOp, Expr, ExprKind, Rule, TypedRules};

/// All lints of one rule.
pub(crate) fn rule(rule: &Rule, rules: &TypedRules) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    contradictions::check(rule, rules, &mut found);
    emptiness::check(rule, rules, &mut found);
    peers::check(rule, rules, &mut found);
    versions::check(rule, rules, &mut found);
    found
}

/// 且 and 或 side by side.
pub(crate) fn mixed_logic(binary: &Binary<'_>, sources: &Sources, diagnostics: &mut Vec<Diagnostic>) {
    if binary.op != BinaryOp::Or {
        return;
    }
    let is_and = |tree: &Tree| matches!(tree.kind, Node::Binary(_, BinaryOp::And, ..));
    for side in [binary.left, binary.right] {
        if is_and(side) {
            diagnostics.push(errors::lints::mixed_logic(
                binary.at,
                side.span,
                sources.text(side.span).trim_end(),
            ));
            return;
        }
    }
}

/// Sentence 16: the difference of two instants against 天.
pub(crate) fn instant_difference(left: &Expr, right: &Expr, diagnostics: &mut Vec<Diagnostic>) {
    for (difference, other) in [(left, right), (right, left)] {
        let is_difference = matches!(&difference.kind, ExprKind::Arithmetic(ArithmeticOp::Subtract, first, _)
            if first.ty == Type::Instant);
        if is_difference && other.ty == Type::Duration(DurationUnit::Day) {
            diagnostics.push(errors::lints::instant_with_days(difference.span));
        }
    }
}
