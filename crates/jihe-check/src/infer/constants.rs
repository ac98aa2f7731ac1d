//! Constant arithmetic of test records.
//!
//! In: literals, 序 and arithmetic between them. Out: the word of a type.
//! Invariant: nothing is guessed: an expression that is not constant, or not of the type, has no word.

use jihe_model::calendar;
use jihe_model::decimal::{div_scaled, mul_scaled};
use jihe_model::types::Type;
use jihe_model::value::Instant;
use jihe_syntax::tree::{BinaryOp, Expr as Tree, ExprKind as Node, Unit};

use crate::literals;

/// What constants may refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Constants {
    /// 序
    pub(super) index: Option<i64>,
}

type Typed = (Type, i64);

impl Constants {
    /// The word of an expression for a type.
    pub(super) fn of(self, tree: &Tree, ty: Type) -> Option<i64> {
        if let (Node::Quantity(text, Unit::Yuan), Type::UnitPrice) = (&tree.kind, ty) {
            return literals::decimal(text, 6);
        }
        let (found, word) = self.typed(tree)?;
        match (found, ty) {
            (Type::Date, Type::Instant) => Some(Instant::of_day(word).0),
            (Type::Duration(_), Type::Duration(_)) => Some(word),
            (Type::Money, Type::UnitPrice) => word.checked_mul(100),
            (found, ty) if found == ty => Some(word),
            _ => None,
        }
    }

    /// A whole number.
    pub(super) fn whole(self, tree: &Tree) -> Option<i64> {
        let word = self.of(tree, Type::Number)?;
        (word.rem_euclid(1_000_000) == 0).then(|| word.div_euclid(1_000_000))
    }

    fn typed(self, tree: &Tree) -> Option<Typed> {
        match &tree.kind {
            Node::Number(text) => Some((Type::Number, literals::decimal(text, 6)?)),
            Node::Percent(text) => Some((Type::Number, literals::decimal(text, 4)?)),
            Node::Quantity(text, unit) => literals::quantity(text, *unit, false),
            Node::Date(date) => Some((Type::Date, literals::day(*date)?)),
            Node::Instant(date, second) => Some((Type::Instant, literals::instant(*date, *second)?)),
            Node::Bool(value) => Some((Type::Bool, i64::from(*value))),
            Node::Name(name) if matches!(name.as_str(), "序" | "i") => {
                Some((Type::Number, self.index?.checked_mul(1_000_000)?))
            }
            Node::Paren(inner) => self.typed(inner),
            Node::Negate(inner) => {
                let (ty, word) = self.typed(inner)?;
                Some((ty, word.checked_neg()?))
            }
            Node::Binary(left, op, _, right) => {
                let (left, right) = (self.typed(left)?, self.typed(right)?);
                match op {
                    BinaryOp::Add => sum(left, right),
                    BinaryOp::Subtract => sum(left, (right.0, right.1.checked_neg()?)),
                    BinaryOp::Multiply => product(left, right),
                    BinaryOp::Divide => quotient(left, right),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

fn sum((ty, left): Typed, (by, right): Typed) -> Option<Typed> {
    let word = match (ty, by) {
        (Type::Date, Type::Duration(_)) if right.rem_euclid(86_400) == 0 => {
            left.checked_add(right.div_euclid(86_400))?
        }
        (Type::Date, Type::Duration(_)) => {
            return sum((Type::Instant, Instant::of_day(left).0), (by, right));
        }
        (Type::Instant, Type::Duration(_)) => {
            let instant = Instant(left);
            let second = instant.second().checked_add(right)?;
            let keeps_day_only = !instant.has_time() && right.rem_euclid(86_400) == 0;
            if keeps_day_only {
                Instant::of_day(second.div_euclid(86_400)).0
            } else {
                Instant::of_second(second).0
            }
        }
        (Type::Date, Type::Months) => calendar::add_months(left, right),
        (left_type, right_type) if super::calls::alike(left_type, right_type) => left.checked_add(right)?,
        _ => return None,
    };
    let moved_into_day = ty == Type::Date && matches!(by, Type::Duration(_)) && right.rem_euclid(86_400) != 0;
    Some((if moved_into_day { Type::Instant } else { ty }, word))
}

fn product((left_type, left): Typed, (right_type, right): Typed) -> Option<Typed> {
    let (ty, word, factor) = match (left_type, right_type) {
        (Type::Number, ty) => (ty, right, left),
        (ty, Type::Number) => (ty, left, right),
        _ => return None,
    };
    let scale = ty.scale().unwrap_or(0);
    Some((ty, mul_scaled(word, scale, factor, 6, scale)?))
}

fn quotient((ty, left): Typed, (by, right): Typed) -> Option<Typed> {
    let scale = ty.scale().unwrap_or(0);
    match by {
        Type::Number => Some((ty, div_scaled(left, scale, right, 6, scale)?)),
        _ => None,
    }
}

/// The type and, if it has one, the legal range of a parameter as declared.
pub(crate) fn constant_range(parameter: &jihe_syntax::tree::Parameter) -> Option<(Type, Option<(i64, i64)>)> {
    let constants = Constants { index: None };
    let ty = match &parameter.value.kind {
        Node::Text(_) => Type::Text,
        _ => constants.typed(&parameter.value)?.0,
    };
    let range = match parameter.range.as_ref().map(|range| &range.kind) {
        Some(Node::Range(low, high)) => constants.typed(low).zip(constants.typed(high)),
        _ => None,
    };
    Some((ty, range.map(|((_, low), (_, high))| (low, high))))
}
