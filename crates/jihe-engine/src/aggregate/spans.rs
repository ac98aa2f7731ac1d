//! Aggregates over intervals: 覆盖天数, 重叠天数, 最大并发.
//!
//! In: a set and an interval of its element. Out: days, or a count.
//! Invariant: days are those of [start, end); an interval that ends before it starts has none.

use super::number;
use crate::column::Column;
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::Intervals;
use crate::frame::NO_TIME;
use crate::ir::AggregateOp;
use crate::run::EMPTY;
use jihe_check::typed::AggregateFunction;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

type Span = (i64, i64);

impl Context<'_> {
    pub(super) fn interval_aggregate(&self, of: &AggregateOp, domain: &Rc<Domain>) -> Column {
        let sets = self.eval_set(of.set, domain);
        let source = self.run.plan.arena.set(of.set).source;
        let Some(value) = of.value else { return Column::constant(Value::Missing(EMPTY)) };
        let argument = of.argument.map(|argument| self.eval_interval(argument, domain));
        let mut column = Column::default();
        let mut close = |tuple: usize, spans: Result<Vec<Span>, Cause>| {
            let argument = argument.as_ref().map(|argument| span_of(argument, tuple, of.function));
            let result = match (sets.why(tuple), spans) {
                (Some(cause), _) | (None, Err(cause)) => Err(cause),
                (None, Ok(spans)) => reduce(of.function, spans, argument),
            };
            column.push(result.map_or_else(Value::Missing, Value::Known));
        };
        if let Some(body) = self.run.plan.arena.of_element(value, of.slot) {
            let (from, to) = self.range(source);
            let foreign = (0..sets.len()).any(|tuple| sets.members(tuple).any(|row| row < from || row >= to));
            if !foreign {
                let all = self.eval_interval(body, &self.full(source));
                for tuple in 0..domain.len {
                    let place = |row: u32| usize::try_from(row.saturating_sub(from)).unwrap_or(0);
                    close(
                        tuple,
                        sets.members(tuple).map(|row| span_of(&all, place(row), of.function)).collect(),
                    );
                }
                return column;
            }
        }
        self.in_pairs(&sets, of.slot, domain, &mut |pairs, first, ends| {
            let all = self.eval_interval(value, pairs);
            let mut from = 0;
            for (at, to) in ends.iter().enumerate() {
                close(
                    first.saturating_add(at),
                    (from..*to).map(|pair| span_of(&all, pair, of.function)).collect(),
                );
                from = *to;
            }
        });
        column
    }
}

/// An interval; for days an open end has no last day to count.
fn span_of(intervals: &Intervals, at: usize, function: AggregateFunction) -> Result<Span, Cause> {
    let word = |value| match value {
        Value::Known(word) => Ok(word),
        Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
    };
    let (start, end) = (word(intervals.start.get(at))?, word(intervals.end.get(at))?);
    if end == NO_TIME && function != AggregateFunction::MaxConcurrent {
        return Err(intervals.open.unwrap_or(EMPTY));
    }
    Ok((start, end))
}

fn reduce(
    function: AggregateFunction,
    spans: Vec<Span>,
    argument: Option<Result<Span, Cause>>,
) -> Result<i64, Cause> {
    if function == AggregateFunction::MaxConcurrent {
        return Ok(number(concurrent(&spans)));
    }
    let mut days = Vec::with_capacity(spans.len());
    for span in spans {
        days.push(day_span(span));
    }
    let within = match argument {
        Some(argument) => Some(day_span(argument?)),
        None => None,
    };
    Ok(union(days, within).saturating_mul(Instant::DAY))
}

fn day_span(span: Span) -> Span {
    (Instant(span.0).day(), Instant(span.1).day())
}

fn union(mut days: Vec<Span>, within: Option<Span>) -> i64 {
    if let Some((first, last)) = within {
        for (from, to) in &mut days {
            (*from, *to) = ((*from).max(first), (*to).min(last));
        }
    }
    days.retain(|(from, to)| from < to);
    days.sort_unstable();
    let (mut total, mut reached) = (0i64, i64::MIN);
    for (from, to) in days {
        let from = from.max(reached);
        total = total.saturating_add(to.saturating_sub(from).max(0));
        reached = reached.max(to);
    }
    total
}

/// Most intervals open at once; one that ends when another starts is not open with it.
fn concurrent(spans: &[Span]) -> usize {
    let second = |word: i64| if word == NO_TIME { i64::MAX } else { Instant(word).second() };
    let mut steps: Vec<(i64, i64)> = Vec::new();
    for (from, to) in spans {
        let (from, to) = (second(*from), second(*to));
        if from < to {
            steps.push((from, 1));
            steps.push((to, -1));
        }
    }
    steps.sort_unstable();
    let (mut open, mut most) = (0i64, 0i64);
    for (_, step) in steps {
        open = open.saturating_add(step);
        most = most.max(open);
    }
    usize::try_from(most).unwrap_or(0)
}
