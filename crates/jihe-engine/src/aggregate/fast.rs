//! Counting, existence and sums without lists.
//!
//! In: an aggregate whose element value is the element's alone. Out: a column, or none if the general way must be taken.
//! Invariant: gives what the general way gives.

use super::{at_least, number};
use crate::column::{Column, Segments, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::AggregateOp;
use crate::run::OVERFLOW;
use jihe_check::typed::AggregateFunction;
use jihe_model::types::Type;
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

impl Context<'_> {
    pub(super) fn fast_aggregate(&self, of: &AggregateOp, domain: &Rc<Domain>) -> Option<Column> {
        match (of.function, of.value) {
            (AggregateFunction::Count | AggregateFunction::CountDistinct, None) => {
                let sets = self.eval_set(of.set, domain);
                let count = |at| at_least(number(sets.count(at)), sets.why(at));
                Some(Column::collect((0..domain.len).map(count)))
            }
            (AggregateFunction::Exists | AggregateFunction::Any, None) => {
                let sets = self.eval_set(of.set, domain);
                let exists = |at| match (sets.count(at), sets.why(at)) {
                    (0, Some(cause)) => Value::Missing(cause),
                    (count, _) => Value::Known(i64::from(count > 0)),
                };
                Some(Column::collect((0..domain.len).map(exists)))
            }
            (AggregateFunction::Sum, Some(value)) => {
                let body = self.run.plan.arena.of_element(value, of.slot)?;
                let sets = self.eval_set(of.set, domain);
                let source = self.run.plan.arena.set(of.set).source;
                let elements = self.element_column(&sets, body, source);
                if elements.rows.is_some() {
                    return None;
                }
                let words = elements.column.plain()?;
                Some(sums(&sets, words, elements.from))
            }
            (AggregateFunction::Any | AggregateFunction::Exists, Some(value)) => {
                let body = self.run.plan.arena.of_element(value, of.slot)?;
                let sets = self.eval_set(of.set, domain);
                let source = self.run.plan.arena.set(of.set).source;
                let elements = self.element_column(&sets, body, source);
                if elements.rows.is_some() || self.type_of(value) != Type::Bool {
                    return None;
                }
                let words = elements.column.plain()?;
                let any = |at| {
                    let found = sets.members(at).any(|row| words[ix(row - elements.from)] != 0);
                    match (found, sets.why(at)) {
                        (false, Some(cause)) => Value::Missing(cause),
                        (found, _) => Value::Known(i64::from(found)),
                    }
                };
                Some(Column::collect((0..domain.len).map(any)))
            }
            _ => None,
        }
    }
}

/// Sums of known words, by running totals where sets overlap much, else set by set.
fn sums(sets: &Segments, words: &[i64], from: u32) -> Column {
    let total: usize = (0..sets.len()).map(|at| sets.count(at)).sum();
    if total > sets.backing.len().saturating_mul(4) {
        return running_sums(sets, words, from);
    }
    let word = |row: u32| words[ix(row - from)];
    Column::collect((0..sets.len()).map(|at| {
        let (mut total, mut negative) = (0i128, false);
        for row in sets.members(at) {
            let word = word(row);
            total += i128::from(word);
            negative |= word < 0;
        }
        close(total, negative, sets.why(at))
    }))
}

fn running_sums(sets: &Segments, words: &[i64], from: u32) -> Column {
    let (mut totals, mut negatives) = (vec![0i128], vec![0u32]);
    for row in sets.backing.iter() {
        // Rows of another bucket are never in a span.
        let word = row.checked_sub(from).and_then(|at| words.get(ix(at))).copied().unwrap_or(0);
        totals.push(totals.last().copied().unwrap_or(0) + i128::from(word));
        negatives.push(negatives.last().copied().unwrap_or(0) + u32::from(word < 0));
    }
    Column::collect((0..sets.len()).map(|at| {
        let (first, last) = sets.spans[at];
        let (first, last) = (ix(first), ix(last.max(first)));
        let mut total = totals[last] - totals[first];
        let mut negative = negatives[last] - negatives[first];
        let skipped =
            sets.skip.as_ref().map(|skip| ix(skip[at])).filter(|skip| first <= *skip && *skip < last);
        if let Some(skip) = skipped {
            let word = words[ix(sets.backing[skip] - from)];
            total -= i128::from(word);
            negative -= u32::from(word < 0);
        }
        close(total, negative > 0, sets.why(at))
    }))
}

fn close(total: i128, negative: bool, why: Option<Cause>) -> Value {
    match (i64::try_from(total), why) {
        (_, Some(cause)) if negative => Value::Missing(cause),
        (Ok(total), why) => at_least(total, why),
        (Err(_), _) => Value::Missing(OVERFLOW),
    }
}
