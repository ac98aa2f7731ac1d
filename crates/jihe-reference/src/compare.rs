//! Comparisons (sentences 17, 29, 32).
//!
//! In: two values with their types. Out: true, false or undecided.
//! Invariant: a value known from below decides only what every greater value would decide alike.

use crate::arithmetic::{day_of, is_instant, is_time};
use crate::calendar::completed;
use crate::value::{Datum, Value, mismatch};
use jihe_check::typed::CompareOp;
use jihe_model::schema::{Schema, SystemId};
use jihe_model::types::Type;
use jihe_model::value::{Age, AgeLimit, AgeUnit, CauseKind, Instant};
use std::cmp::Ordering;

pub(crate) fn compare(schema: &Schema, op: CompareOp, left: (Value, Type), right: (Value, Type)) -> Value {
    match (left.0, right.0) {
        (Value::Known(first), Value::Known(second)) => {
            match order(schema, op, (&first, left.1), (&second, right.1)) {
                Ok(ordering) => Value::truth(holds(op, ordering)),
                Err(cause) => Value::Missing(cause),
            }
        }
        (Value::AtLeast(bound, cause), Value::Known(Datum::Word(word))) => at_least(op, bound, word, cause),
        (Value::Known(Datum::Word(word)), Value::AtLeast(bound, cause)) => {
            at_least(mirrored(op), bound, word, cause)
        }
        (first, second) => Value::Missing(undecided(first, second)),
    }
}

/// A value known from below is not missing here: the side that is missing says why nothing can be decided.
fn undecided(left: Value, right: Value) -> CauseKind {
    if let Value::Missing(cause) = left {
        return cause;
    }
    if let Value::Missing(cause) = right {
        return cause;
    }
    left.plain().and(right.plain()).err().unwrap_or_else(mismatch)
}

/// Whether two plain values are the same value; used for keys and tables.
pub(crate) fn same(schema: &Schema, left: (&Datum, Type), right: (&Datum, Type)) -> bool {
    order(schema, CompareOp::Equal, left, right) == Ok(Ordering::Equal)
}

fn holds(op: CompareOp, ordering: Ordering) -> bool {
    match op {
        CompareOp::Equal => ordering.is_eq(),
        CompareOp::NotEqual => ordering.is_ne(),
        CompareOp::Less => ordering.is_lt(),
        CompareOp::LessEqual => ordering.is_le(),
        CompareOp::Greater => ordering.is_gt(),
        CompareOp::GreaterEqual => ordering.is_ge(),
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Equal => CompareOp::Equal,
        CompareOp::NotEqual => CompareOp::NotEqual,
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessEqual => CompareOp::GreaterEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterEqual => CompareOp::LessEqual,
    }
}

/// `x op word` where x is at least `bound`.
fn at_least(op: CompareOp, bound: i64, word: i64, cause: CauseKind) -> Value {
    let decided = match op {
        CompareOp::Greater | CompareOp::NotEqual => (bound > word).then_some(true),
        CompareOp::GreaterEqual => (bound >= word).then_some(true),
        CompareOp::Less => (bound >= word).then_some(false),
        CompareOp::LessEqual | CompareOp::Equal => (bound > word).then_some(false),
    };
    decided.map_or(Value::Missing(cause), Value::truth)
}

fn order(
    schema: &Schema,
    op: CompareOp,
    left: (&Datum, Type),
    right: (&Datum, Type),
) -> Result<Ordering, CauseKind> {
    match (left.0, right.0) {
        (Datum::Text(first), Datum::Text(second)) => {
            let equality = matches!(op, CompareOp::Equal | CompareOp::NotEqual);
            if let (Type::Code(system), false) = (left.1, equality) {
                return code_order(schema, system, first, second);
            }
            Ok(first.as_bytes().cmp(second.as_bytes()))
        }
        (Datum::Word(first), Datum::Word(second)) => word_order((*first, left.1), (*second, right.1)),
        _ => Err(mismatch()),
    }
}

/// Codes of an ordered system compare by the listed order.
fn code_order(schema: &Schema, system: SystemId, left: &str, right: &str) -> Result<Ordering, CauseKind> {
    let Some(listed) = schema.system(system).filter(|system| system.ordered) else {
        return Ok(left.as_bytes().cmp(right.as_bytes()));
    };
    let place = |code: &str| {
        let found = listed.values.iter().position(|(value, _)| value == code);
        found.ok_or_else(|| CauseKind::Contradiction(listed.en.clone()))
    };
    Ok(place(left)?.cmp(&place(right)?))
}

fn word_order(left: (i64, Type), right: (i64, Type)) -> Result<Ordering, CauseKind> {
    match (left.1, right.1) {
        (Type::Age, Type::AgeLimit) => Ok(age_against(Age(left.0), AgeLimit(right.0))),
        (Type::AgeLimit, Type::Age) => Ok(age_against(Age(right.0), AgeLimit(left.0)).reverse()),
        (Type::Age, Type::Age) => {
            let lived = |word| completed(Age(word), AgeUnit::Days);
            Ok(lived(left.0).cmp(&lived(right.0)))
        }
        (Type::AgeLimit, Type::AgeLimit) => limit_order(AgeLimit(left.0), AgeLimit(right.0)),
        (first, second) if is_instant(first) && is_instant(second) => {
            instant_order(Instant(left.0), Instant(right.0))
        }
        (first, second) if is_time(first) && is_time(second) => {
            Ok(day_of(left.0, first).cmp(&day_of(right.0, second)))
        }
        _ => Ok(left.0.cmp(&right.0)),
    }
}

fn age_against(age: Age, limit: AgeLimit) -> Ordering {
    completed(age, limit.unit()).cmp(&limit.count())
}

fn limit_order(left: AgeLimit, right: AgeLimit) -> Result<Ordering, CauseKind> {
    let months = |limit: AgeLimit| match limit.unit() {
        AgeUnit::Years => Some(limit.count().saturating_mul(12)),
        AgeUnit::Months => Some(limit.count()),
        AgeUnit::Days => None,
    };
    match (months(left), months(right)) {
        (Some(first), Some(second)) => Ok(first.cmp(&second)),
        (None, None) => Ok(left.count().cmp(&right.count())),
        _ => Err(mismatch()),
    }
}

/// Two instants of one day of which one lacks a time of day cannot be told apart.
fn instant_order(left: Instant, right: Instant) -> Result<Ordering, CauseKind> {
    if left.day() == right.day() && left.has_time() != right.has_time() {
        return Err(CauseKind::TimeOfDay);
    }
    Ok(left.cmp(&right))
}
