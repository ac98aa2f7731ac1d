//! Sums, differences, products, quotients and intervals.
//!
//! In: operands. Out: an expression whose type follows from theirs (sentence 35).
//! Invariant: money, durations and dates mix only where the result has a meaning.

use jihe_diagnostics::Span;
use jihe_model::types::{DurationUnit, Type};
use jihe_syntax::tree::{BinaryOp, Expr as Tree, ExprKind as Node};

use super::compare::{day_of, finer, instant_of};
use super::values::Binary;
use super::{Infer, Scope, expr};
use crate::errors;
use crate::typed::{ArithmeticOp, Expr, ExprKind};

impl Infer<'_> {
    pub(super) fn arithmetic(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        if let Some(date) = unpadded_date(binary) {
            return self.report(errors::types::unpadded_date(binary.span, &date));
        }
        let op = match binary.op {
            BinaryOp::Add => ArithmeticOp::Add,
            BinaryOp::Subtract => ArithmeticOp::Subtract,
            BinaryOp::Multiply => ArithmeticOp::Multiply,
            _ => ArithmeticOp::Divide,
        };
        // 元 beside a unit price is a unit price, as in a comparison.
        let (left, right) = self.pair((binary.left, binary.right), scope, None)?;
        let (left, right) = convert(op, left, right);
        let Some(ty) = result(op, left.ty, right.ty) else {
            return self.report(errors::types::arithmetic(self.schema(), (&left, &right), binary.at));
        };
        Some(expr(ExprKind::Arithmetic(op, Box::new(left), Box::new(right)), ty, binary.span))
    }

    /// 甲 至 乙
    pub(super) fn interval(&mut self, from: &Tree, to: &Tree, scope: &Scope, span: Span) -> Option<Expr> {
        let from = self.value(from, scope, None);
        let to = self.value(to, scope, None);
        let (from, to) = (self.time(from?)?, self.time(to?)?);
        let (from, to) = if from.ty == to.ty { (from, to) } else { (instant_of(from), instant_of(to)) };
        Some(expr(ExprKind::Interval(Box::new(from), Box::new(to)), Type::Interval, span))
    }

    /// A value that must be a date or an instant.
    pub(crate) fn time(&mut self, value: Expr) -> Option<Expr> {
        if matches!(value.ty, Type::Date | Type::Instant) {
            return Some(value);
        }
        if let Type::Period(_) = value.ty {
            let span = value.span;
            return Some(expr(
                ExprKind::Call(crate::builtins::Builtin::FirstDay, vec![value]),
                Type::Date,
                span,
            ));
        }
        self.report(errors::types::not_a_time(self.schema(), &value))
    }
}

/// `2024-1-1` is two subtractions, and surely not meant.
fn unpadded_date(binary: &Binary<'_>) -> Option<String> {
    let Node::Binary(first, BinaryOp::Subtract, _, second) = &binary.left.kind else { return None };
    let (Node::Number(year), Node::Number(month), Node::Number(day)) =
        (&first.kind, &second.kind, &binary.right.kind)
    else {
        return None;
    };
    let fits = binary.op == BinaryOp::Subtract && year.len() == 4 && month.len() <= 2 && day.len() <= 2;
    fits.then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

fn convert(op: ArithmeticOp, left: Expr, right: Expr) -> (Expr, Expr) {
    let hours = |ty| matches!(ty, Type::Duration(DurationUnit::Hour | DurationUnit::Minute));
    match (op, left.ty, right.ty) {
        (ArithmeticOp::Subtract, Type::Date, Type::Instant) => (left, day_of(right)),
        (ArithmeticOp::Subtract, Type::Instant, Type::Date) => (day_of(left), right),
        (ArithmeticOp::Add | ArithmeticOp::Subtract, Type::Date, other) if hours(other) => {
            (instant_of(left), right)
        }
        _ => (left, right),
    }
}

fn result(op: ArithmeticOp, left: Type, right: Type) -> Option<Type> {
    match op {
        ArithmeticOp::Add => {
            sum(left, right).or_else(|| shifted(left, right)).or_else(|| shifted(right, left))
        }
        ArithmeticOp::Subtract => {
            sum(left, right).or_else(|| shifted(left, right)).or_else(|| difference(left, right))
        }
        ArithmeticOp::Multiply => product(left, right).or_else(|| product(right, left)),
        ArithmeticOp::Divide => quotient(left, right),
    }
}

fn sum(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (Type::Number, Type::Number)
        | (Type::Money, Type::Money)
        | (Type::UnitPrice, Type::UnitPrice)
        | (Type::Months, Type::Months) => Some(left),
        (Type::Duration(first), Type::Duration(second)) => Some(Type::Duration(finer(first, second))),
        _ => None,
    }
}

/// A time moved by a length.
fn shifted(time: Type, length: Type) -> Option<Type> {
    match (time, length) {
        (Type::Date, Type::Duration(DurationUnit::Day) | Type::Months) => Some(Type::Date),
        (Type::Instant, Type::Duration(_) | Type::Months) => Some(Type::Instant),
        (Type::Period(unit), Type::Duration(_) | Type::Months) => Some(Type::Period(unit)),
        _ => None,
    }
}

fn difference(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (Type::Date, Type::Date) => Some(Type::Duration(DurationUnit::Day)),
        (Type::Instant, Type::Instant) => Some(Type::Duration(DurationUnit::Hour)),
        _ => None,
    }
}

fn product(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (Type::UnitPrice, Type::Number) => Some(Type::Money),
        (Type::Number | Type::Money | Type::Duration(_) | Type::Months, Type::Number) => Some(left),
        _ => None,
    }
}

fn quotient(left: Type, right: Type) -> Option<Type> {
    match (left, right) {
        (Type::Duration(_), Type::Duration(_)) => Some(Type::Number),
        (Type::Number | Type::Money | Type::UnitPrice | Type::Months, same) if same == left => {
            Some(Type::Number)
        }
        (Type::Money | Type::UnitPrice | Type::Duration(_), Type::Number) => Some(left),
        _ => None,
    }
}
