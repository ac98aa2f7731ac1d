//! Conditions that can never hold.
//!
//! In: the conditions of a rule. Out: E0431, with both ends of the contradiction.
//! Invariant: only conditions that must hold together are compared.

use jihe_diagnostics::Diagnostic;

use crate::errors;
use crate::same::same_expr;
use crate::typed::{CompareOp, Expr, ExprKind, Literal, Rule, TypedRules};
use crate::walk::{Part, walk_rule};

/// Every conjunction of a rule, and the subject's condition together with 当.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let mut conjunctions: Vec<Vec<Expr>> = Vec::new();
    walk_rule(rule, &mut |part| {
        if let Part::Expr(Expr { kind: ExprKind::And(operands), .. }) = part {
            conjunctions.push(operands.clone());
        }
    });
    let together: Vec<Expr> = rule.filter.iter().chain([&rule.when]).flat_map(conjuncts).collect();
    conjunctions.push(together);
    for conjunction in &conjunctions {
        if let Some((first, second)) = contradiction(conjunction, rules) {
            let error = errors::structure::never_true(first, second);
            if !found.contains(&error) {
                found.push(error);
            }
        }
    }
}

fn conjuncts(condition: &Expr) -> Vec<Expr> {
    match &condition.kind {
        ExprKind::And(operands) => operands.iter().flat_map(conjuncts).collect(),
        _ => vec![condition.clone()],
    }
}

/// What a condition says of one expression.
#[derive(Debug, Clone)]
struct Bounds<'a> {
    of: &'a Expr,
    low: (i64, bool),
    high: (i64, bool),
    span: jihe_diagnostics::Span,
    /// The text it must equal, for codes.
    is: Option<&'a str>,
}

fn contradiction(
    conjunction: &[Expr],
    rules: &TypedRules,
) -> Option<(jihe_diagnostics::Span, jihe_diagnostics::Span)> {
    let bounds: Vec<Bounds<'_>> = conjunction.iter().filter_map(bounds).collect();
    for (at, second) in bounds.iter().enumerate() {
        if is_empty(second) {
            return Some((second.span, second.span));
        }
        for first in bounds.iter().take(at) {
            if same_expr(first.of, second.of) && disjoint(first, second) {
                return Some((first.span, second.span));
            }
        }
    }
    outside_code_set(conjunction, &bounds, rules)
}

fn bounds(condition: &Expr) -> Option<Bounds<'_>> {
    let ExprKind::Compare(op, left, right) = &condition.kind else { return None };
    let (of, literal, op) = match (&left.kind, &right.kind) {
        (_, ExprKind::Literal(literal)) => (left.as_ref(), literal, *op),
        (ExprKind::Literal(literal), _) => (right.as_ref(), literal, mirrored(*op)),
        _ => return None,
    };
    // An age bound has its unit in its word, so that words of different units do not compare.
    if left.ty != right.ty && !matches!(left.ty, jihe_model::types::Type::Duration(_)) {
        return None;
    }
    let open = Bounds { of, low: (i64::MIN, true), high: (i64::MAX, true), span: condition.span, is: None };
    match literal {
        Literal::Text(text) => (op == CompareOp::Equal).then_some(Bounds { is: Some(text), ..open }),
        Literal::Word(word) => match op {
            CompareOp::Equal => Some(Bounds { low: (*word, true), high: (*word, true), ..open }),
            CompareOp::Less => Some(Bounds { high: (*word, false), ..open }),
            CompareOp::LessEqual => Some(Bounds { high: (*word, true), ..open }),
            CompareOp::Greater => Some(Bounds { low: (*word, false), ..open }),
            CompareOp::GreaterEqual => Some(Bounds { low: (*word, true), ..open }),
            CompareOp::NotEqual => None,
        },
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEqual => CompareOp::GreaterEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEqual => CompareOp::LessEqual,
        same @ (CompareOp::Equal | CompareOp::NotEqual) => same,
    }
}

fn is_empty(bounds: &Bounds<'_>) -> bool {
    above(bounds.low, bounds.high)
}

fn disjoint(first: &Bounds<'_>, second: &Bounds<'_>) -> bool {
    match (first.is, second.is) {
        (Some(first), Some(second)) => first != second,
        _ => above(first.low, second.high) || above(second.low, first.high),
    }
}

/// Whether nothing lies between a lower and an upper end.
fn above(low: (i64, bool), high: (i64, bool)) -> bool {
    low.0 > high.0 || (low.0 == high.0 && !(low.1 && high.1))
}

/// `x = "甲" 且 x 属于 { "乙" }`
fn outside_code_set(
    conjunction: &[Expr],
    bounds: &[Bounds<'_>],
    rules: &TypedRules,
) -> Option<(jihe_diagnostics::Span, jihe_diagnostics::Span)> {
    for condition in conjunction {
        let (member, wanted) = match &condition.kind {
            ExprKind::Not(inner) => (inner.as_ref(), false),
            _ => (condition, true),
        };
        let ExprKind::InCodes(of, set) = &member.kind else { continue };
        let codes = rules.code_sets.get(set.index())?;
        for bound in bounds {
            let Some(code) = bound.is else { continue };
            if same_expr(bound.of, of) && codes.contains(code) != wanted {
                return Some((bound.span, condition.span));
            }
        }
    }
    None
}
