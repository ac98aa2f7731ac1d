//! Comparisons (sentences 10, 17, 32).
//!
//! In: two values of comparable types. Out: a condition.
//! Invariant: a value known from below decides only what every greater value would decide the same.

use super::map2;
use crate::column::Column;
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::run::TIME_OF_DAY;
use jihe_check::typed::CompareOp;
use jihe_model::calendar::{age_days, age_months, age_years};
use jihe_model::types::Type;
use jihe_model::value::{Age, AgeLimit, AgeUnit, Cause, Instant, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// The order of the words of a type.
pub(crate) struct Order<'c, 'a> {
    pub(crate) context: &'c Context<'a>,
    pub(crate) ty: Type,
}

impl Order<'_, '_> {
    pub(crate) fn compare(&self, a: i64, b: i64) -> Ordering {
        match self.ty {
            Type::Code(system)
                if self.context.run.rules.schema.system(system).is_some_and(|held| held.ordered) =>
            {
                let place = |word| self.context.run.place(system, word);
                place(a).cmp(&place(b))
            }
            Type::Text | Type::Code(_) | Type::Reference(_) | Type::CodeSet(_) => {
                self.context.run.texts.text(a).cmp(self.context.run.texts.text(b))
            }
            Type::Age => {
                let days = |word| age_days(Age(word).birth(), Age(word).at());
                days(a).cmp(&days(b))
            }
            Type::Bool
            | Type::Number
            | Type::Money
            | Type::UnitPrice
            | Type::Date
            | Type::Instant
            | Type::Duration(_)
            | Type::Months
            | Type::AgeLimit
            | Type::Interval
            | Type::Period(_) => a.cmp(&b),
        }
    }
}

impl Context<'_> {
    pub(super) fn compare(&self, how: CompareOp, a: ExprId, b: ExprId, domain: &Rc<Domain>) -> Column {
        let (left, right) = (self.type_of(a), self.type_of(b));
        let (a, b) = (self.eval(a, domain), self.eval(b, domain));
        if is_plain(how, left, right)
            && let Some(fast) = compare_plain(how, &a, &b)
        {
            return fast;
        }
        map2(&a, &b, domain.len, |a, b| self.compare_values(how, (a, left), (b, right)))
    }

    pub(crate) fn compare_values(&self, how: CompareOp, a: (Value, Type), b: (Value, Type)) -> Value {
        let ((a, left), (b, right)) = (a, b);
        let order = |a: i64, b: i64| self.order(how, (a, left), (b, right));
        let result = match (a, b) {
            (Value::Missing(cause), _)
            | (_, Value::Missing(cause))
            | (Value::AtLeast(_, cause), Value::AtLeast(..)) => Err(cause),
            (Value::Known(a), Value::Known(b)) => order(a, b).map(|order| holds(how, order)),
            (Value::AtLeast(a, cause), Value::Known(b)) => {
                order(a, b).and_then(|order| from_below(how, order).ok_or(cause))
            }
            (Value::Known(a), Value::AtLeast(b, cause)) => {
                order(a, b).and_then(|order| from_below(mirrored(how), order.reverse()).ok_or(cause))
            }
        };
        match result {
            Ok(holds) => Value::Known(i64::from(holds)),
            Err(cause) => Value::Missing(cause),
        }
    }

    fn order(&self, how: CompareOp, a: (i64, Type), b: (i64, Type)) -> Result<Ordering, Cause> {
        let ((a, left), (b, right)) = (a, b);
        match (left, right) {
            (Type::Instant, Type::Instant) => instants(Instant(a), Instant(b)),
            (Type::Instant, Type::Date) => Ok(Instant(a).day().cmp(&b)),
            (Type::Date, Type::Instant) => Ok(a.cmp(&Instant(b).day())),
            (Type::Age, Type::AgeLimit) => Ok(age(Age(a), AgeLimit(b))),
            (Type::AgeLimit, Type::Age) => Ok(age(Age(b), AgeLimit(a)).reverse()),
            (Type::AgeLimit, Type::AgeLimit) => Ok(AgeLimit(a).count().cmp(&AgeLimit(b).count())),
            (ty, _) if ty.is_symbol() && matches!(how, CompareOp::Equal | CompareOp::NotEqual) => {
                Ok(a.cmp(&b))
            }
            (Type::Code(system), _)
                if self.run.rules.schema.system(system).is_some_and(|held| held.ordered) =>
            {
                let place = |word| self.run.place(system, word).ok_or(self.run.causes.system(system));
                Ok(place(a)?.cmp(&place(b)?))
            }
            (ty, _) => Ok(Order { context: self, ty }.compare(a, b)),
        }
    }
}

fn instants(a: Instant, b: Instant) -> Result<Ordering, Cause> {
    if a.has_time() != b.has_time() && a.day() == b.day() { Err(TIME_OF_DAY) } else { Ok(a.cmp(&b)) }
}

fn age(age: Age, limit: AgeLimit) -> Ordering {
    let (birth, at) = (age.birth(), age.at());
    let completed = match limit.unit() {
        AgeUnit::Years => age_years(birth, at),
        AgeUnit::Months => age_months(birth, at),
        AgeUnit::Days => age_days(birth, at),
    };
    completed.cmp(&limit.count())
}

pub(crate) fn holds(how: CompareOp, order: Ordering) -> bool {
    match how {
        CompareOp::Equal => order == Ordering::Equal,
        CompareOp::NotEqual => order != Ordering::Equal,
        CompareOp::Less => order == Ordering::Less,
        CompareOp::LessEqual => order != Ordering::Greater,
        CompareOp::Greater => order == Ordering::Greater,
        CompareOp::GreaterEqual => order != Ordering::Less,
    }
}

/// What holds of a value whose lower bound compares so.
fn from_below(how: CompareOp, bound: Ordering) -> Option<bool> {
    let above = bound == Ordering::Greater;
    let reached = bound != Ordering::Less;
    match how {
        CompareOp::Greater | CompareOp::NotEqual => above.then_some(true),
        CompareOp::GreaterEqual => reached.then_some(true),
        CompareOp::Less => reached.then_some(false),
        CompareOp::LessEqual | CompareOp::Equal => above.then_some(false),
    }
}

fn mirrored(how: CompareOp) -> CompareOp {
    match how {
        CompareOp::Equal | CompareOp::NotEqual => how,
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEqual => CompareOp::GreaterEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEqual => CompareOp::LessEqual,
    }
}

/// Whether words of the two types compare as they are.
fn is_plain(how: CompareOp, left: Type, right: Type) -> bool {
    let numeric = |ty| {
        matches!(
            ty,
            Type::Bool
                | Type::Number
                | Type::Money
                | Type::UnitPrice
                | Type::Date
                | Type::Duration(_)
                | Type::Months
                | Type::Period(_)
        )
    };
    (numeric(left) && numeric(right))
        || (left.is_symbol() && right.is_symbol() && matches!(how, CompareOp::Equal | CompareOp::NotEqual))
}

fn compare_plain(how: CompareOp, a: &Column, b: &Column) -> Option<Column> {
    let bit = |a: &i64, b: &i64| i64::from(holds(how, a.cmp(b)));
    if let (Some(a), Some(b)) = (a.plain(), b.plain()) {
        return Some(Column::known(a.iter().zip(b).map(|(a, b)| bit(a, b)).collect()));
    }
    if let (Some(a), Some(b)) = (a.plain(), b.plain_constant()) {
        return Some(Column::known(a.iter().map(|a| bit(a, &b)).collect()));
    }
    if let (Some(a), Some(b)) = (a.plain_constant(), b.plain()) {
        return Some(Column::known(b.iter().map(|b| bit(&a, b)).collect()));
    }
    None
}
