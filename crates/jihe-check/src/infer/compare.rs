//! Comparisons, and 含.
//!
//! In: two operands. Out: a condition over operands of comparable types.
//! Invariant: every conversion is written out; what cannot be compared is reported with both ends.

use jihe_model::types::{DurationUnit, Type};
use jihe_syntax::tree::BinaryOp;

use super::values::Binary;
use super::{Infer, Scope, expr};
use crate::builtins::Builtin;
use crate::errors;
use crate::typed::{CompareOp, Expr, ExprKind};

impl Infer<'_> {
    pub(super) fn compare(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        let op = compare_op(binary.op)?;
        let (left, right) = self.pair((binary.left, binary.right), scope, None)?;
        self.typed_compare(op, (left, right), binary)
    }

    /// A comparison of two typed values.
    pub(crate) fn typed_compare(
        &mut self,
        op: CompareOp,
        (left, right): (Expr, Expr),
        binary: &Binary<'_>,
    ) -> Option<Expr> {
        let (left, right) = unify(left, right);
        if let Some(error) = self.incomparable(op, (&left, &right), binary) {
            return self.report(error);
        }
        crate::lints::instant_difference(&left, &right, &mut self.diagnostics);
        Some(expr(ExprKind::Compare(op, Box::new(left), Box::new(right)), Type::Bool, binary.span))
    }

    fn incomparable(
        &self,
        op: CompareOp,
        (left, right): (&Expr, &Expr),
        binary: &Binary<'_>,
    ) -> Option<jihe_diagnostics::Diagnostic> {
        let schema = self.schema();
        let ordered = !matches!(op, CompareOp::Equal | CompareOp::NotEqual);
        let comparable = match (left.ty, right.ty) {
            (Type::Duration(_), Type::Duration(_))
            | (Type::Age, Type::AgeLimit)
            | (Type::AgeLimit, Type::Age) => true,
            (Type::Interval | Type::CodeSet(_), _) | (_, Type::Interval | Type::CodeSet(_)) => false,
            (left, right) => left == right,
        };
        if !comparable {
            return Some(errors::types::incomparable(schema, (left, right), binary.at));
        }
        if ordered && let Type::Code(system) = left.ty {
            let is_ordered = schema.system(system).is_some_and(|system| system.ordered);
            return (!is_ordered).then(|| errors::types::unordered_codes(schema, left, binary.at));
        }
        let orderless = matches!(left.ty, Type::Bool | Type::Text | Type::Reference(_));
        (ordered && orderless).then(|| errors::types::unordered(schema, left, binary.at))
    }

    pub(super) fn contains(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        let (left, right) = self.pair((binary.left, binary.right), scope, Some(Type::Text))?;
        if left.ty != Type::Text || right.ty != Type::Text {
            return self.report(errors::types::contains_needs_texts(
                self.schema(),
                (&left, &right),
                binary.at,
            ));
        }
        let holds = expr(ExprKind::Contains(Box::new(left), Box::new(right)), Type::Bool, binary.span);
        Some(if binary.op == BinaryOp::Lacks { negated(holds) } else { holds })
    }
}

/// Writes out conversions: a date with an instant compares days.
pub(crate) fn unify(left: Expr, right: Expr) -> (Expr, Expr) {
    match (left.ty, right.ty) {
        (Type::Date, Type::Instant) => (left, day_of(right)),
        (Type::Instant, Type::Date) => (day_of(left), right),
        _ => (left, right),
    }
}

/// 非
pub(crate) fn negated(condition: Expr) -> Expr {
    let span = condition.span;
    expr(ExprKind::Not(Box::new(condition)), Type::Bool, span)
}

/// The day of an instant; a date is left alone.
pub(crate) fn day_of(value: Expr) -> Expr {
    if value.ty != Type::Instant {
        return value;
    }
    let span = value.span;
    expr(ExprKind::Call(Builtin::DayOfInstant, vec![value]), Type::Date, span)
}

/// A date as an instant without a time of day; an instant is left alone.
pub(crate) fn instant_of(value: Expr) -> Expr {
    if value.ty != Type::Date {
        return value;
    }
    let span = value.span;
    expr(ExprKind::Call(Builtin::InstantOfDay, vec![value]), Type::Instant, span)
}

/// The finer of two units.
pub(crate) fn finer(left: DurationUnit, right: DurationUnit) -> DurationUnit {
    match (left, right) {
        (DurationUnit::Minute, _) | (_, DurationUnit::Minute) => DurationUnit::Minute,
        (DurationUnit::Hour, _) | (_, DurationUnit::Hour) => DurationUnit::Hour,
        (DurationUnit::Day, DurationUnit::Day) => DurationUnit::Day,
    }
}

fn compare_op(op: BinaryOp) -> Option<CompareOp> {
    match op {
        BinaryOp::Equal => Some(CompareOp::Equal),
        BinaryOp::NotEqual => Some(CompareOp::NotEqual),
        BinaryOp::Less => Some(CompareOp::Less),
        BinaryOp::LessEqual => Some(CompareOp::LessEqual),
        BinaryOp::Greater => Some(CompareOp::Greater),
        BinaryOp::GreaterEqual => Some(CompareOp::GreaterEqual),
        BinaryOp::Or
        | BinaryOp::And
        | BinaryOp::In
        | BinaryOp::NotIn
        | BinaryOp::Contains
        | BinaryOp::Lacks
        | BinaryOp::Add
        | BinaryOp::Subtract
        | BinaryOp::Multiply
        | BinaryOp::Divide => None,
    }
}
