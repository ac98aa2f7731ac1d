//! The key values of records: one, one a day, or one for each value over a set (sentence 19).
//!
//! In: a key of a summary and the records. Out: [`KeyWords`].
//! Invariant: a record has each value of a key once.

use crate::column::{Column, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::{Coverage, NO_TIME};
use crate::plan::{KeyPlan, KeyValuePlan};
use crate::run::TOO_MANY_DAYS;
use jihe_check::typed::Source;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

const MOST_DAYS: i64 = 3_660;

/// The words of a key, record by record.
pub(super) enum KeyWords {
    One(Rc<Column>),
    Many { words: Vec<i64>, ends: Vec<u32>, why: Vec<Option<Cause>> },
}

impl KeyWords {
    /// Whether surely nothing is missing.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            KeyWords::One(column) => column.state.is_none(),
            KeyWords::Many { why, .. } => why.iter().all(Option::is_none),
        }
    }

    pub(super) fn missing(&self, tuple: usize) -> Option<Cause> {
        match self {
            KeyWords::One(column) => match column.get(tuple) {
                Value::Known(_) => None,
                Value::AtLeast(_, cause) | Value::Missing(cause) => Some(cause),
            },
            KeyWords::Many { why, .. } => why[tuple],
        }
    }

    pub(super) fn each(&self, tuple: usize, visit: &mut dyn FnMut(i64)) {
        match self {
            KeyWords::One(column) => {
                if let Value::Known(word) = column.get(tuple) {
                    visit(word);
                }
            }
            KeyWords::Many { words, ends, .. } => {
                let from = tuple.checked_sub(1).map_or(0, |before| ix(ends[before]));
                words[from..ix(ends[tuple])].iter().for_each(|word| visit(*word));
            }
        }
    }
}

impl Context<'_> {
    pub(super) fn key_words(&self, key: &KeyPlan, source: Source, domain: &Rc<Domain>) -> KeyWords {
        match key.value {
            KeyValuePlan::One(value) => KeyWords::One(self.eval(value, domain)),
            KeyValuePlan::EachDay(interval) => {
                let intervals = self.eval_interval(interval, domain);
                let days = |at| self.days_of((intervals.start.get(at), intervals.end.get(at)), source);
                many((0..domain.len).map(|at| days(at).map(|(from, to)| (from..to).collect())))
            }
            KeyValuePlan::Each(set, slot, value) => {
                let sets = self.eval_set(set, domain);
                let of = self.run.plan.arena.set(set).source;
                let mut all = Vec::with_capacity(domain.len);
                self.elements(&sets, Some((slot, value)), of, domain, &mut |tuple, _, values| {
                    all.push(each_value(sets.why(tuple), values));
                });
                many(all.into_iter())
            }
        }
    }

    /// First day, and the day after the last.
    fn days_of(&self, ends: (Value, Value), source: Source) -> Result<(i64, i64), Cause> {
        let word = |value| match value {
            Value::Known(word) => Ok(word),
            Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
        };
        let first = Instant(word(ends.0)?).day();
        let end = match word(ends.1)? {
            NO_TIME => match self.coverage(source) {
                Coverage::Days(_, last) => last.saturating_add(1).max(first),
                Coverage::Always | Coverage::Never => return Err(TOO_MANY_DAYS),
            },
            end => Instant(end).day(),
        };
        if end < first {
            return Err(self.base(source).map_or(TOO_MANY_DAYS, |kind| self.run.causes.contradiction(kind)));
        }
        let end = end.max(first.saturating_add(1));
        if end.saturating_sub(first) > MOST_DAYS { Err(TOO_MANY_DAYS) } else { Ok((first, end)) }
    }
}

fn each_value(why: Option<Cause>, values: &[Value]) -> Result<Vec<i64>, Cause> {
    if let Some(cause) = why {
        return Err(cause);
    }
    let mut words = Vec::with_capacity(values.len());
    for value in values {
        match value {
            Value::Known(word) => words.push(*word),
            Value::AtLeast(_, cause) | Value::Missing(cause) => return Err(*cause),
        }
    }
    words.sort_unstable();
    words.dedup();
    Ok(words)
}

fn many(all: impl Iterator<Item = Result<Vec<i64>, Cause>>) -> KeyWords {
    let (mut words, mut ends, mut why) = (Vec::new(), Vec::new(), Vec::new());
    for one in all {
        match one {
            Ok(found) => {
                words.extend(found);
                why.push(None);
            }
            Err(cause) => why.push(Some(cause)),
        }
        ends.push(small(words.len()));
    }
    KeyWords::Many { words, ends, why }
}
