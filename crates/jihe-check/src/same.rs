//! Whether two expressions surely mean the same.
//!
//! In: two typed expressions. Out: yes, or not surely.
//! Invariant: places in the text do not matter; sets and aggregates are never taken to be the same.

use crate::typed::{Expr, ExprKind, Row};

/// Whether two expressions have one value.
pub(crate) fn same_expr(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Literal(first), ExprKind::Literal(second)) => first == second && left.ty == right.ty,
        (ExprKind::Parameter(first), ExprKind::Parameter(second)) => first == second,
        (ExprKind::AsOf, ExprKind::AsOf) => true,
        (ExprKind::Field(row, field), ExprKind::Field(other, same)) => field == same && same_row(row, other),
        (ExprKind::Clock(row), ExprKind::Clock(other))
        | (ExprKind::Reference(row), ExprKind::Reference(other)) => same_row(row, other),
        (ExprKind::Derived(row, id), ExprKind::Derived(other, same)) => id == same && same_row(row, other),
        (ExprKind::Key(row, at), ExprKind::Key(other, same))
        | (ExprKind::Column(row, at), ExprKind::Column(other, same))
        | (ExprKind::Cell(row, at), ExprKind::Cell(other, same)) => at == same && same_row(row, other),
        (ExprKind::Let(first), ExprKind::Let(second)) => first == second,
        (ExprKind::Negate(first), ExprKind::Negate(second)) => same_expr(first, second),
        (ExprKind::Arithmetic(op, a, b), ExprKind::Arithmetic(same, c, d)) => {
            op == same && same_expr(a, c) && same_expr(b, d)
        }
        (ExprKind::Call(function, operands), ExprKind::Call(same, others)) => {
            function == same
                && operands.len() == others.len()
                && operands.iter().zip(others).all(|(left, right)| same_expr(left, right))
        }
        _ => false,
    }
}

/// Whether two rows are one.
pub(crate) fn same_row(left: &Row, right: &Row) -> bool {
    match (left, right) {
        (Row::Var(first), Row::Var(second)) => first == second,
        (Row::Let(first), Row::Let(second)) => first == second,
        (Row::Follow { reference, .. }, Row::Follow { reference: other, .. }) => same_expr(reference, other),
        (Row::Derived(row, id), Row::Derived(other, same)) => id == same && same_row(row, other),
        _ => false,
    }
}
