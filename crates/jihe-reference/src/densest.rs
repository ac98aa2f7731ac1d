//! 最密: the largest subset whose values lie within a width.
//!
//! In: a set, the value of an element, a width. Out: the subset.
//! Invariant: of several largest subsets the one with the least values is taken; one element always qualifies.

use crate::arithmetic::{instant_of, is_time};
use crate::calendar::add_months;
use crate::env::Env;
use crate::eval::eval;
use crate::rows::{RowRef, RowSet};
use crate::sets::rows;
use crate::value::Value;
use jihe_check::typed::Densest;
use jihe_model::types::{DurationUnit, Type};
use jihe_model::value::{CauseKind, Instant};

/// How far apart the values of a subset may be.
#[derive(Debug, Clone, Copy)]
enum Width {
    /// Words of the values.
    Absolute(i64),
    /// Millionths of the least value.
    Relative(i64),
    /// Calendar months, for days.
    Months(i64),
}

pub(crate) fn densest(densest: &Densest, env: &Env<'_>) -> RowSet {
    let set = rows(&densest.set, env);
    let width = match eval(&densest.width, env).plain_word() {
        Ok(width) => width,
        Err(cause) => {
            let cause = set.incomplete.unwrap_or(cause);
            return RowSet::unknown(cause);
        }
    };
    let width = if densest.relative {
        Width::Relative(width)
    } else if densest.width.ty == Type::Months {
        Width::Months(width)
    } else {
        Width::Absolute(width)
    };
    let mut incomplete = set.incomplete;
    let mut values: Vec<(i64, RowRef)> = Vec::new();
    for row in &set.rows {
        let value = eval(&densest.value, &env.with(densest.var, *row));
        match measured(value, densest.value.ty, densest.width.ty) {
            Ok(word) => values.push((word, *row)),
            Err(cause) => incomplete = incomplete.or(Some(cause)),
        }
    }
    RowSet { rows: env.world.sorted(largest(&values, width)), incomplete }
}

/// Times as days, or as seconds where hours or minutes are compared; everything else as it is.
fn measured(value: Value, ty: Type, width: Type) -> Result<i64, CauseKind> {
    let word = value.plain_word()?;
    if !is_time(ty) {
        return Ok(word);
    }
    let instant = instant_of(word, ty);
    if let Type::Duration(DurationUnit::Hour | DurationUnit::Minute) = width {
        return if instant.has_time() { Ok(instant.second()) } else { Err(CauseKind::TimeOfDay) };
    }
    if width == Type::Months { Ok(instant.day()) } else { Ok(instant.day().saturating_mul(Instant::DAY)) }
}

fn largest(values: &[(i64, RowRef)], width: Width) -> Vec<RowRef> {
    let mut best: Vec<RowRef> = Vec::new();
    let mut least: Vec<i64> = values.iter().map(|(word, _)| *word).collect();
    least.sort_unstable();
    for low in least {
        let inside =
            values.iter().filter(|(word, _)| *word >= low && (*word == low || within(low, *word, width)));
        let found: Vec<RowRef> = inside.map(|(_, row)| *row).collect();
        if found.len() > best.len() {
            best = found;
        }
    }
    best
}

fn within(low: i64, high: i64, width: Width) -> bool {
    let apart = i128::from(high).saturating_sub(i128::from(low));
    match width {
        Width::Absolute(width) => apart <= i128::from(width),
        Width::Relative(ratio) => {
            apart.saturating_mul(1_000_000) <= i128::from(ratio).saturating_mul(i128::from(low))
        }
        Width::Months(months) => high <= add_months(low, months),
    }
}
