//! 最密: the largest subset whose values lie within a width; of several the earliest.
//!
//! In: a set, a value, a width. Out: the subset.
//! Invariant: a single element always qualifies.

use crate::column::{Segments, SegmentsBuilder};
use crate::context::Context;
use crate::domain::Domain;
use crate::eval::{moment, present};
use crate::ir::DensestOp;
use crate::run::TIME_OF_DAY;
use jihe_check::typed::Source;
use jihe_model::calendar::add_months;
use jihe_model::types::{DurationUnit, Type};
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// What "within" means.
#[derive(Debug, Clone, Copy)]
enum Width {
    /// Of words as they are: money, numbers.
    Words(i64),
    Days(i64),
    Seconds(i64),
    Months(i64),
    /// A share of the least value, at 1e-6.
    Share(i64),
}

impl Context<'_> {
    pub(super) fn densest(&self, of: &DensestOp, source: Source, domain: &Rc<Domain>) -> Segments {
        let inner = self.eval_set(of.set, domain);
        let widths = self.eval(of.width, domain);
        let (value_type, width_type) = (self.type_of(of.value), self.type_of(of.width));
        let time = matches!(value_type, Type::Date | Type::Instant | Type::Period(_));
        let ranks = self.ranks(source);
        let mut sets = SegmentsBuilder::default();
        self.elements(&inner, Some((of.slot, of.value)), source, domain, &mut |tuple, rows, values| {
            let width = match present(widths.get(tuple)) {
                Ok(word) => width(word, width_type, of.relative, time),
                Err(Value::Missing(cause)) => return sets.close(inner.why(tuple).or(Some(cause))),
                Err(_) => return sets.close(inner.why(tuple)),
            };
            let mut missing: Option<Cause> = None;
            let mut measured: Vec<(i64, u32)> = Vec::new();
            for (row, value) in rows.iter().zip(values) {
                match measure(*value, value_type, width, time) {
                    Ok(word) => measured.push((word, *row)),
                    Err(cause) => missing = missing.or(Some(cause)),
                }
            }
            let mut chosen = largest(measured, width);
            chosen.sort_by_key(|row| Context::rank(ranks, *row));
            for row in chosen {
                sets.member(row);
            }
            sets.close(inner.why(tuple).or(missing));
        });
        sets.done()
    }
}

fn width(word: i64, ty: Type, relative: bool, time: bool) -> Width {
    match ty {
        _ if relative => Width::Share(word),
        Type::Duration(DurationUnit::Hour | DurationUnit::Minute) if time => Width::Seconds(word),
        Type::Duration(_) if time => Width::Days(word.div_euclid(Instant::DAY)),
        Type::Months => Width::Months(word),
        _ => Width::Words(word),
    }
}

/// A value in the unit the width is in.
fn measure(value: Value, ty: Type, width: Width, time: bool) -> Result<i64, Cause> {
    let word = match value {
        Value::Known(word) => word,
        Value::AtLeast(_, cause) | Value::Missing(cause) => return Err(cause),
    };
    if !time {
        return Ok(word);
    }
    let at = moment(word, ty);
    match width {
        Width::Seconds(_) if !at.has_time() => Err(TIME_OF_DAY),
        Width::Seconds(_) => Ok(at.second()),
        Width::Days(_) | Width::Months(_) => Ok(at.day()),
        Width::Words(_) | Width::Share(_) => Ok(word),
    }
}

fn largest(mut measured: Vec<(i64, u32)>, width: Width) -> Vec<u32> {
    measured.sort_unstable();
    let (mut best, mut best_size, mut to) = (0, 0, 0);
    for from in 0..measured.len() {
        to = to.max(from.saturating_add(1));
        while to < measured.len() && within(measured[from].0, measured[to].0, width) {
            to = to.saturating_add(1);
        }
        let size = to.saturating_sub(from);
        if size > best_size {
            (best, best_size) = (from, size);
        }
    }
    measured[best..best.saturating_add(best_size)].iter().map(|(_, row)| *row).collect()
}

fn within(least: i64, greatest: i64, width: Width) -> bool {
    let spread = i128::from(greatest).saturating_sub(i128::from(least));
    match width {
        Width::Words(width) | Width::Days(width) | Width::Seconds(width) => spread <= i128::from(width),
        Width::Months(months) => greatest <= add_months(least, months),
        Width::Share(share) => {
            spread.saturating_mul(1_000_000) <= i128::from(share).saturating_mul(i128::from(least)).max(0)
        }
    }
}
