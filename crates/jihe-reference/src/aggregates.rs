//! Aggregates over one set (sentences 31–33, 35).
//!
//! In: an aggregate and its scope. Out: a value.
//! Invariant: an incomplete set gives what is still certain of it: a truth, a lower bound, or nothing.

use crate::arithmetic::{day_of, instant_of};
use crate::compare::compare;
use crate::env::Env;
use crate::eval::eval;
use crate::intervals;
use crate::rows::{RowRef, RowSet};
use crate::sets::rows;
use crate::statistics;
use crate::value::{Datum, Value, mismatch};
use jihe_check::typed::{Aggregate, AggregateFunction, CompareOp, Expr};
use jihe_model::types::Type;
use jihe_model::value::{CauseKind, Instant};

const MILLION: i128 = 1_000_000;

/// The set, the value of each element, and what the whole is reckoned in.
pub(crate) struct Elements {
    pub(crate) set: RowSet,
    pub(crate) values: Vec<Value>,
    /// The type of the values.
    pub(crate) ty: Type,
    /// The type of the result.
    pub(crate) result: Type,
}

impl Elements {
    /// All values of a complete set, or the cause: the set's own, then the first missing element's.
    pub(crate) fn complete(&self) -> Result<Vec<Datum>, CauseKind> {
        if let Some(cause) = self.set.incomplete.clone() {
            return Err(cause);
        }
        self.values.iter().cloned().map(Value::plain).collect()
    }

    pub(crate) fn words(&self) -> Result<Vec<i64>, CauseKind> {
        self.complete()?.into_iter().map(|datum| Value::Known(datum).plain_word()).collect()
    }

    /// The values that are known, and why others are not.
    fn known(&self) -> (Vec<Datum>, Option<CauseKind>) {
        let mut known = Vec::new();
        let mut cause = self.set.incomplete.clone();
        for value in &self.values {
            match value.clone().plain() {
                Ok(datum) => known.push(datum),
                Err(missing) => cause = cause.or(Some(missing)),
            }
        }
        (known, cause)
    }
}

pub(crate) fn aggregate(aggregate: &Aggregate, result: Type, env: &Env<'_>) -> Value {
    let set = rows(&aggregate.set, env);
    let of_element = |row: &RowRef| match &aggregate.value {
        Some(value) => eval(value, &env.with(aggregate.var, *row)),
        None => Value::truth(true),
    };
    let values = set.rows.iter().map(of_element).collect();
    let ty = aggregate.value.as_ref().map_or(Type::Bool, |value| value.ty);
    let elements = Elements { set, values, ty, result };
    match aggregate.function {
        AggregateFunction::Count => count(&elements),
        AggregateFunction::CountDistinct => distinct(&elements, MILLION),
        AggregateFunction::DistinctDays => distinct(&days(elements), i128::from(Instant::DAY)),
        AggregateFunction::Sum => sum(&elements),
        AggregateFunction::Exists | AggregateFunction::Any => junction(&elements, true),
        AggregateFunction::All => junction(&elements, false),
        AggregateFunction::First => end(&elements, <[Value]>::first),
        AggregateFunction::Last => end(&elements, <[Value]>::last),
        AggregateFunction::Max => extreme(&elements, true),
        AggregateFunction::Min => extreme(&elements, false),
        AggregateFunction::Rank => rank(&elements, aggregate.argument.as_ref(), env),
        AggregateFunction::Average => Value::from_result(statistics::average(&elements)),
        AggregateFunction::Median => Value::from_result(statistics::percentile(&elements, Ok(500_000))),
        AggregateFunction::Percentile => {
            let share = argument(aggregate.argument.as_ref(), env).plain_word();
            Value::from_result(statistics::percentile(&elements, share))
        }
        AggregateFunction::StandardDeviation => Value::from_result(statistics::deviation(&elements)),
        AggregateFunction::Span => Value::from_result(intervals::span_days(&elements)),
        AggregateFunction::CoveredDays => Value::from_result(intervals::covered_days(&elements, None)),
        AggregateFunction::OverlapDays => {
            let within = argument(aggregate.argument.as_ref(), env);
            Value::from_result(intervals::covered_days(&elements, Some(within)))
        }
        AggregateFunction::MaxConcurrent => Value::from_result(intervals::most_concurrent(&elements)),
    }
}

fn argument(argument: Option<&Expr>, env: &Env<'_>) -> Value {
    argument.map_or_else(|| Value::Missing(mismatch()), |argument| eval(argument, env))
}

fn wide(count: usize) -> i128 {
    i128::try_from(count).unwrap_or(i128::MAX)
}

/// A number that is certain, or certain from below.
fn from_below(amount: Option<i128>, cause: Option<CauseKind>) -> Value {
    match (Value::wide(amount), cause) {
        (Value::Known(Datum::Word(word)), Some(cause)) => Value::AtLeast(word, cause),
        (value, _) => value,
    }
}

/// A condition counts the elements for which it holds; any other value is ignored.
fn count(elements: &Elements) -> Value {
    let mut cause = elements.set.incomplete.clone();
    let mut counted = 0_usize;
    for value in &elements.values {
        match (elements.ty, value.clone().decide()) {
            (Type::Bool, Ok(false)) => {}
            (Type::Bool, Err(undecided)) => cause = cause.or(Some(undecided)),
            _ => counted = counted.saturating_add(1),
        }
    }
    from_below(wide(counted).checked_mul(MILLION), cause)
}

fn distinct(elements: &Elements, unit: i128) -> Value {
    let (mut known, cause) = elements.known();
    known.sort();
    known.dedup();
    from_below(wide(known.len()).checked_mul(unit), cause)
}

/// Times as their days.
fn days(elements: Elements) -> Elements {
    let ty = elements.ty;
    let day = |value: Value| Value::from_result(value.plain_word().map(|word| Value::word(day_of(word, ty))));
    Elements { values: elements.values.into_iter().map(day).collect(), ..elements }
}

/// Known from below if an element is missing, as long as nothing known is negative.
fn sum(elements: &Elements) -> Value {
    let (known, cause) = elements.known();
    let mut total: i128 = 0;
    let mut negative = false;
    for datum in known {
        let Datum::Word(word) = datum else { return Value::Missing(mismatch()) };
        negative |= word < 0;
        total = total.saturating_add(i128::from(word));
    }
    match cause {
        Some(cause) if negative => Value::Missing(cause),
        cause => from_below(Some(total), cause),
    }
}

/// 任一 and 存在 are decided by a true element, 全部 by a false one.
fn junction(elements: &Elements, decisive: bool) -> Value {
    let truths: Vec<Result<bool, CauseKind>> =
        elements.values.iter().map(|value| value.clone().decide()).collect();
    if truths.contains(&Ok(decisive)) {
        return Value::truth(decisive);
    }
    let cause = elements.set.incomplete.clone().or_else(|| truths.into_iter().find_map(Result::err));
    cause.map_or(Value::truth(!decisive), Value::Missing)
}

fn end(elements: &Elements, which: impl Fn(&[Value]) -> Option<&Value>) -> Value {
    if let Some(cause) = elements.set.incomplete.clone() {
        return Value::Missing(cause);
    }
    which(&elements.values).cloned().unwrap_or(Value::Missing(CauseKind::Empty))
}

/// Comparison decides, so that codes of an ordered system and ages follow their own order.
fn extreme(elements: &Elements, greatest: bool) -> Value {
    let values = match elements.complete() {
        Ok(values) => values,
        Err(cause) => return Value::Missing(cause),
    };
    let best = if greatest { values.into_iter().max() } else { values.into_iter().min() };
    best.map_or(Value::Missing(CauseKind::Empty), Value::Known)
}

/// 1 + the number of greater values.
fn rank(elements: &Elements, of: Option<&Expr>, env: &Env<'_>) -> Value {
    let values = match elements.complete() {
        Ok(values) => values,
        Err(cause) => return Value::Missing(cause),
    };
    let (own, own_type) = match argument(of, env).plain() {
        Ok(own) => (own, of.map_or(elements.ty, |of| of.ty)),
        Err(cause) => return Value::Missing(cause),
    };
    let greater = |datum: &Datum| {
        let (value, own) = (Value::Known(datum.clone()), Value::Known(own.clone()));
        let schema = env.world.schema();
        compare(schema, CompareOp::Greater, (value, elements.ty), (own, own_type)) == Value::truth(true)
    };
    let above = values.iter().filter(|datum| greater(datum)).count();
    Value::wide(wide(above).checked_add(1).and_then(|place| place.checked_mul(MILLION)))
}

/// The instant of a time with its type, for intervals.
pub(crate) fn instant(value: Value, ty: Type) -> Result<Instant, CauseKind> {
    value.plain_word().map(|word| instant_of(word, ty))
}
