//! 补零: empty rows for the periods between the first and the last of the same other keys (sentence 23).
//!
//! In: the rows with members. Out: the same and the empty ones.
//! Invariant: no row is added outside the coverage of the records.

use super::Groups;
use crate::context::Context;
use crate::plan::SummaryPlan;
use jihe_model::calendar::add_months;
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::Instant;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn fill(context: &Context<'_>, plan: &SummaryPlan, groups: &mut Groups) {
    let Some(calendar) = plan.calendar else { return };
    let Some(key) = plan.keys.get(calendar) else { return };
    let coverage = context.coverage(plan.source);
    let mut periods: BTreeMap<Vec<i64>, BTreeSet<i64>> = BTreeMap::new();
    for group in 0..groups.len() {
        let mut others: Vec<i64> = groups.keys.iter().map(|column| column[group]).collect();
        if calendar < others.len() {
            let period = others.remove(calendar);
            periods.entry(others).or_default().insert(period);
        }
    }
    for (others, held) in periods {
        let (Some(first), Some(last)) = (held.first(), held.last()) else { continue };
        let mut period = next(key.ty, *first);
        while period < *last {
            let day = if is_hour(key.ty) { Instant(period).day() } else { period };
            if !held.contains(&period) && coverage.holds(day, day) {
                let mut keys = others.clone();
                keys.insert(calendar, period);
                groups.push_empty(keys);
            }
            period = next(key.ty, period);
        }
    }
}

fn is_hour(ty: Type) -> bool {
    matches!(ty, Type::Period(PeriodUnit::Hour))
}

/// The period after one; always later, so that a walk ends.
fn next(ty: Type, period: i64) -> i64 {
    let unit = if let Type::Period(unit) = ty { unit } else { PeriodUnit::Day };
    let months = |count| add_months(period, count).max(period.saturating_add(1));
    match unit {
        PeriodUnit::Hour => period.saturating_add(2 * 3_600),
        PeriodUnit::Day => period.saturating_add(1),
        PeriodUnit::Week => period.saturating_add(7),
        PeriodUnit::Month => months(1),
        PeriodUnit::Quarter => months(3),
        PeriodUnit::Year | PeriodUnit::BenefitYear(_) => months(12),
    }
}
