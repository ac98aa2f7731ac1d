//! Aggregates over sets (sentences 7, 31, 32, 35).
//!
//! In: an aggregate node and a domain. Out: a column.
//! Invariant: what is missing in a set or an element is never read as zero; a count or a sum of it is known from below.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, counts of them, and sums in 128 bits"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

mod exact;
mod fast;
mod spans;

use crate::column::Column;
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::compare::Order;
use crate::eval::present;
use crate::ir::AggregateOp;
use crate::run::{EMPTY, OVERFLOW, TOO_FEW};
use jihe_check::typed::{AggregateFunction, Source};
use jihe_model::types::Type;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// One, as a number.
const ONE: i64 = 1_000_000;

/// The elements of one set.
struct Elements<'e> {
    rows: &'e [u32],
    values: &'e [Value],
    /// Why the set is incomplete.
    why: Option<Cause>,
    argument: Option<Value>,
}

impl Context<'_> {
    pub(crate) fn aggregate(&self, of: &AggregateOp, ty: Type, domain: &Rc<Domain>) -> Column {
        if matches!(
            of.function,
            AggregateFunction::CoveredDays
                | AggregateFunction::OverlapDays
                | AggregateFunction::MaxConcurrent
        ) {
            return self.interval_aggregate(of, domain);
        }
        if let Some(fast) = self.fast_aggregate(of, domain) {
            return fast;
        }
        let sets = self.eval_set(of.set, domain);
        let source = self.run.plan.arena.set(of.set).source;
        let argument = of.argument.map(|argument| self.eval(argument, domain));
        let reducer = Reducer {
            context: self,
            function: of.function,
            ty,
            value_type: of.value.map_or(ty, |value| self.type_of(value)),
            argument_type: of.argument.map_or(ty, |argument| self.type_of(argument)),
            source,
        };
        let mut column = Column::default();
        let value = of.value.map(|value| (of.slot, value));
        self.elements(&sets, value, source, domain, &mut |tuple, rows, values| {
            let argument = argument.as_ref().map(|argument| argument.get(tuple));
            column.push(reducer.reduce(&Elements { rows, values, why: sets.why(tuple), argument }));
        });
        column
    }
}

struct Reducer<'c, 'a> {
    context: &'c Context<'a>,
    function: AggregateFunction,
    ty: Type,
    value_type: Type,
    argument_type: Type,
    source: Source,
}

/// A value known from below if anything is missing.
fn at_least(word: i64, why: Option<Cause>) -> Value {
    why.map_or(Value::Known(word), |cause| Value::AtLeast(word, cause))
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(ONE)
}

/// The words of all elements, or why one of them is missing.
fn words(values: &[Value]) -> Result<Vec<i64>, Cause> {
    values
        .iter()
        .map(|value| match value {
            Value::Known(word) => Ok(*word),
            Value::AtLeast(_, cause) | Value::Missing(cause) => Err(*cause),
        })
        .collect()
}

fn outcome(result: Result<i64, Cause>) -> Value {
    result.map_or_else(Value::Missing, Value::Known)
}

impl Reducer<'_, '_> {
    fn reduce(&self, of: &Elements<'_>) -> Value {
        match self.function {
            AggregateFunction::Count => self.count(of),
            AggregateFunction::CountDistinct => count_distinct(of),
            AggregateFunction::DistinctDays => self.distinct_days(of),
            AggregateFunction::Sum => sum(of),
            AggregateFunction::Exists | AggregateFunction::Any => any(of),
            AggregateFunction::All => all(of),
            AggregateFunction::First => edge(of, of.values.first()),
            AggregateFunction::Last => edge(of, of.values.last()),
            AggregateFunction::Average
            | AggregateFunction::Median
            | AggregateFunction::Percentile
            | AggregateFunction::StandardDeviation
            | AggregateFunction::Max
            | AggregateFunction::Min
            | AggregateFunction::Rank
            | AggregateFunction::Span => outcome(self.whole(of)),
            // These read intervals and never come here.
            AggregateFunction::CoveredDays
            | AggregateFunction::OverlapDays
            | AggregateFunction::MaxConcurrent => Value::Missing(EMPTY),
        }
    }

    fn count(&self, of: &Elements<'_>) -> Value {
        if self.value_type != Type::Bool || of.values.is_empty() {
            return at_least(number(of.rows.len()), of.why);
        }
        let mut why = of.why;
        let mut count = 0;
        for value in of.values {
            match present(*value) {
                Ok(word) => count += usize::from(word != 0),
                Err(Value::Missing(cause)) => why = why.or(Some(cause)),
                Err(_) => {}
            }
        }
        at_least(number(count), why)
    }

    fn distinct_days(&self, of: &Elements<'_>) -> Value {
        let day = |word| if self.value_type == Type::Instant { Instant(word).day() } else { word };
        let clocks: Vec<Value>;
        let values = if of.values.is_empty() {
            let absent = self.context.no_clock(self.source);
            let clock = |row: &u32| match self.context.clock_of(self.source, *row) {
                crate::frame::NO_TIME => Value::Missing(absent),
                clock => Value::Known(Instant(clock).day()),
            };
            clocks = of.rows.iter().map(clock).collect();
            &clocks
        } else {
            of.values
        };
        let (count, why) = distinct(values, of.why, day);
        at_least(i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(Instant::DAY), why)
    }

    /// Aggregates that need every element.
    fn whole(&self, of: &Elements<'_>) -> Result<i64, Cause> {
        if let Some(cause) = of.why {
            return Err(cause);
        }
        let mut all = words(of.values)?;
        let argument = match of.argument {
            Some(value) => Some(present(value).map_err(cause_in)?),
            None => None,
        };
        let order = Order { context: self.context, ty: self.value_type };
        match self.function {
            AggregateFunction::Rank => Ok(self.rank(&all, argument.unwrap_or(0))),
            AggregateFunction::Span if all.is_empty() => Ok(0),
            AggregateFunction::StandardDeviation if all.len() < 2 => Err(TOO_FEW),
            _ if all.is_empty() => Err(EMPTY),
            AggregateFunction::Average => exact::average(&all).ok_or(OVERFLOW),
            AggregateFunction::StandardDeviation => exact::deviation(&all, self.value_type, self.ty),
            AggregateFunction::Max => all.into_iter().max_by(|a, b| order.compare(*a, *b)).ok_or(EMPTY),
            AggregateFunction::Min => all.into_iter().min_by(|a, b| order.compare(*a, *b)).ok_or(EMPTY),
            AggregateFunction::Span => Ok(self.span(&all)),
            AggregateFunction::Median | AggregateFunction::Percentile => {
                let share = if self.function == AggregateFunction::Median {
                    ONE / 2
                } else {
                    argument.unwrap_or(ONE)
                };
                all.sort_by(|a, b| order.compare(*a, *b));
                Ok(all[exact::nearest_rank(all.len(), share)])
            }
            _ => Err(EMPTY),
        }
    }

    fn rank(&self, all: &[i64], argument: i64) -> i64 {
        let greater = |word: &&i64| {
            let held = (Value::Known(**word), self.value_type);
            let asked = (Value::Known(argument), self.argument_type);
            self.context.compare_values(jihe_check::typed::CompareOp::Greater, held, asked) == Value::Known(1)
        };
        number(all.iter().filter(greater).count().saturating_add(1))
    }

    /// First to last day, both counted.
    fn span(&self, all: &[i64]) -> i64 {
        let day = |word: &i64| if self.value_type == Type::Instant { Instant(*word).day() } else { *word };
        let (first, last) = (all.iter().map(day).min().unwrap_or(0), all.iter().map(day).max().unwrap_or(0));
        last.saturating_sub(first).saturating_add(1).saturating_mul(Instant::DAY)
    }
}

fn count_distinct(of: &Elements<'_>) -> Value {
    if of.values.is_empty() {
        return at_least(number(of.rows.len()), of.why);
    }
    let (count, why) = distinct(of.values, of.why, |word| word);
    at_least(number(count), why)
}

fn any(of: &Elements<'_>) -> Value {
    let mut why = of.why;
    if of.values.is_empty() && !of.rows.is_empty() {
        return Value::Known(1);
    }
    for value in of.values {
        match present(*value) {
            Ok(0) => {}
            Ok(_) => return Value::Known(1),
            Err(Value::Missing(cause)) => why = why.or(Some(cause)),
            Err(_) => {}
        }
    }
    why.map_or(Value::Known(0), Value::Missing)
}

fn all(of: &Elements<'_>) -> Value {
    let mut why = of.why;
    for value in of.values {
        match present(*value) {
            Ok(0) => return Value::Known(0),
            Err(Value::Missing(cause)) => why = why.or(Some(cause)),
            Ok(_) | Err(_) => {}
        }
    }
    why.map_or(Value::Known(1), Value::Missing)
}

fn cause_in(value: Value) -> Cause {
    match value {
        Value::Missing(cause) | Value::AtLeast(_, cause) => cause,
        Value::Known(_) => EMPTY,
    }
}

/// The value of the first or last element, if it is certain which that is.
fn edge(of: &Elements<'_>, value: Option<&Value>) -> Value {
    match (of.why, value) {
        (Some(cause), _) => Value::Missing(cause),
        (None, Some(value)) => *value,
        (None, None) => Value::Missing(EMPTY),
    }
}

fn distinct(values: &[Value], why: Option<Cause>, of: impl Fn(i64) -> i64) -> (usize, Option<Cause>) {
    let mut why = why;
    let mut seen = Vec::with_capacity(values.len());
    for value in values {
        match present(*value) {
            Ok(word) => seen.push(of(word)),
            Err(Value::Missing(cause)) => why = why.or(Some(cause)),
            Err(_) => {}
        }
    }
    seen.sort_unstable();
    seen.dedup();
    (seen.len(), why)
}

fn sum(of: &Elements<'_>) -> Value {
    let (mut total, mut why, mut negative) = (0i128, of.why, false);
    for value in of.values {
        match present(*value) {
            Ok(word) => {
                total = total.saturating_add(i128::from(word));
                negative |= word < 0;
            }
            Err(Value::Missing(cause)) => why = why.or(Some(cause)),
            Err(_) => {}
        }
    }
    match (i64::try_from(total), why) {
        (_, Some(cause)) if negative => Value::Missing(cause),
        (Ok(total), why) => at_least(total, why),
        (Err(_), _) => Value::Missing(OVERFLOW),
    }
}
