//! Summaries: records in groups, one row a group (sentences 18–23).
//!
//! In: a summary of the rules and the world before it. Out: the world with its rows.
//! Invariant: a record with a missing key is in no group; the rows stand in the total order.

use crate::arithmetic::{is_instant, plain_day};
use crate::calendar::next_period;
use crate::env::Env;
use crate::eval::eval;
use crate::print::key_text;
use crate::rows::RowRef;
use crate::sets::rows;
use crate::value::{Datum, End, Value};
use crate::world::{Coverage, SummaryRow, SummaryRows, World};
use jihe_check::typed::{Each, Expr, GroupKey, KeyValue, Set, SetKind, Summary, SummaryId};
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{CauseKind, Instant};
use std::collections::BTreeMap;

const MOST_DAYS: i64 = 3_660;

pub(crate) fn add_summaries(world: &mut World<'_>) {
    let rules = world.rules;
    for (number, summary) in (0_u32..).zip(&rules.summaries) {
        let grouped = group(summary, world);
        world.summaries.push(grouped);
        add_columns(world, SummaryId(number), summary);
    }
}

fn group(summary: &Summary, world: &World<'_>) -> SummaryRows {
    let (records, mut undecided) = grouped_records(&summary.records, world);
    let mut groups: BTreeMap<Vec<Datum>, Vec<RowRef>> = BTreeMap::new();
    for row in &records {
        match keys_of(summary, *row, world) {
            Ok(tuples) => {
                for keys in tuples {
                    groups.entry(keys).or_default().push(*row);
                }
            }
            Err(cause) => undecided.push((*row, cause)),
        }
    }
    if summary.dense {
        for keys in missing_periods(summary, &groups, world) {
            groups.entry(keys).or_default();
        }
    }
    let mut found = Vec::new();
    for (keys, members) in groups {
        let text = group_text(summary, &keys);
        found.push(SummaryRow { keys, text: text.into(), members, columns: Vec::new() });
    }
    SummaryRows { rows: found, undecided }
}

/// The records grouped, and those whose condition is undecided. Each is judged by the parameters of its own date.
fn grouped_records(set: &Set, world: &World<'_>) -> (Vec<RowRef>, Vec<(RowRef, CauseKind)>) {
    let SetKind::Filter { set: inner, var, condition } = &set.kind else {
        return (rows(set, &Env::empty(world)).rows, Vec::new());
    };
    let (from, mut undecided) = grouped_records(inner, world);
    let mut kept = Vec::new();
    for row in from {
        let env = Env::empty(world).with(*var, row).on_the_date_of(row);
        match eval(condition, &env).decide() {
            Ok(true) => kept.push(row),
            Ok(false) => {}
            Err(cause) => undecided.push((row, cause)),
        }
    }
    (kept, undecided)
}

fn group_text(summary: &Summary, keys: &[Datum]) -> String {
    let texts = keys.iter().zip(&summary.keys).map(|(datum, key)| key_text(datum, key.ty));
    texts.collect::<Vec<String>>().join("|")
}

/// Every tuple of keys a record has: one for each combination of its set-valued keys.
fn keys_of(summary: &Summary, row: RowRef, world: &World<'_>) -> Result<Vec<Vec<Datum>>, CauseKind> {
    let env = Env::owner(world, summary.var, row);
    let mut tuples: Vec<Vec<Datum>> = vec![Vec::new()];
    for key in &summary.keys {
        let values = match &key.value {
            KeyValue::One(value) => vec![eval(value, &env).plain()?],
            KeyValue::EachDay(interval) => each_day(interval, row, &env)?,
            KeyValue::Each(each) => each_value(each, &env)?,
        };
        let longer = |tuple: &Vec<Datum>| -> Vec<Vec<Datum>> {
            values.iter().map(|value| tuple.iter().chain([value]).cloned().collect()).collect()
        };
        tuples = tuples.iter().flat_map(longer).collect();
    }
    Ok(tuples)
}

/// 逐日: every day from the first, without the last, at least one.
fn each_day(interval: &Expr, row: RowRef, env: &Env<'_>) -> Result<Vec<Datum>, CauseKind> {
    let RowRef::Record(kind, _) = row else { return Err(CauseKind::Empty) };
    let ends = eval(interval, env).plain_ends()?;
    let first = plain_day(ends.start, ends.start_type)?;
    let end = match ends.end {
        End::At(value) => plain_day(value, ends.end_type)?,
        End::Open(_) => match env.world.kinds.get(&kind).map(|rows| rows.coverage) {
            Some(Coverage::Days(_, last)) => last.saturating_add(1).max(first),
            Some(Coverage::Unbounded | Coverage::Nothing) | None => return Err(CauseKind::TooManyDays),
        },
    };
    if end < first {
        return Err(CauseKind::Contradiction(env.world.kind_name(kind)));
    }
    let end = end.max(first.saturating_add(1));
    if end.saturating_sub(first) > MOST_DAYS {
        return Err(CauseKind::TooManyDays);
    }
    Ok((first..end).map(Datum::Word).collect())
}

fn each_value(each: &Each, env: &Env<'_>) -> Result<Vec<Datum>, CauseKind> {
    let set = rows(&each.set, env);
    if let Some(cause) = set.incomplete {
        return Err(cause);
    }
    let mut values = Vec::new();
    for row in set.rows {
        values.push(eval(&each.value, &env.with(each.var, row)).plain()?);
    }
    values.sort();
    values.dedup();
    Ok(values)
}

/// 补零: the periods between the first and the last row of the same other keys, within coverage.
fn missing_periods(
    summary: &Summary,
    groups: &BTreeMap<Vec<Datum>, Vec<RowRef>>,
    world: &World<'_>,
) -> Vec<Vec<Datum>> {
    let Some(calendar) = summary.calendar else { return Vec::new() };
    let Some(key) = summary.keys.get(calendar) else { return Vec::new() };
    let kind = world.base_kind(summary.records.source);
    let coverage =
        kind.and_then(|kind| world.kinds.get(&kind)).map_or(Coverage::Nothing, |rows| rows.coverage);
    let mut missing = Vec::new();
    for keys in groups.keys() {
        let same_others = |other: &&Vec<Datum>| {
            other
                .iter()
                .zip(keys)
                .enumerate()
                .all(|(place, (left, right))| place == calendar || left == right)
        };
        let starts = groups.keys().filter(same_others).filter_map(|other| other.get(calendar));
        let (Some(Datum::Word(start)), Some(Datum::Word(last))) = (keys.get(calendar), starts.max()) else {
            continue;
        };
        let mut period = next_period(unit_of(key), *start);
        while period < *last {
            let mut added = keys.clone();
            if let Some(place) = added.get_mut(calendar) {
                *place = Datum::Word(period);
            }
            if is_covered(coverage, period, key.ty) && !groups.contains_key(&added) {
                missing.push(added);
            }
            period = next_period(unit_of(key), period);
        }
    }
    missing
}

fn unit_of(key: &GroupKey) -> PeriodUnit {
    if let Type::Period(unit) = key.ty { unit } else { PeriodUnit::Day }
}

fn is_covered(coverage: Coverage, start: i64, ty: Type) -> bool {
    let day = if is_instant(ty) { Instant(start).day() } else { start };
    match coverage {
        Coverage::Unbounded => true,
        Coverage::Days(first, last) => first <= day && day <= last,
        Coverage::Nothing => false,
    }
}

/// Sorts the rows, then computes their columns one after another.
fn add_columns(world: &mut World<'_>, id: SummaryId, summary: &Summary) {
    let count = world.summaries.get(id.index()).map_or(0, |rows| rows.rows.len());
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by_cached_key(|place| world.order(RowRef::Summary(id, *place)));
    let sorted: Vec<SummaryRow> =
        places.iter().filter_map(|place| world.summary_row(id, *place).cloned()).collect();
    if let Some(rows) = world.summaries.get_mut(id.index()) {
        rows.rows = sorted;
    }
    for place in 0..count {
        for column in &summary.columns {
            let value: Value =
                eval(&column.value, &Env::owner(world, summary.row, RowRef::Summary(id, place)));
            if let Some(row) = world.summaries.get_mut(id.index()).and_then(|rows| rows.rows.get_mut(place)) {
                row.columns.push(value);
            }
        }
    }
}
