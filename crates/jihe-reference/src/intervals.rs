//! Aggregates over intervals and days: 跨度, 覆盖天数, 重叠天数, 最大并发.
//!
//! In: the elements of an aggregate. Out: a value.
//! Invariant: an interval holds its start and not its end; one that ends where it starts holds nothing.

use crate::aggregates::{Elements, instant};
use crate::arithmetic::day_of;
use crate::value::{End, Ends, Value};
use jihe_model::value::{CauseKind, Instant};

/// First to last day, both counted.
pub(crate) fn span_days(elements: &Elements) -> Result<Value, CauseKind> {
    let days: Vec<i64> = elements.words()?.into_iter().map(|word| day_of(word, elements.ty)).collect();
    let days = match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) => last.saturating_sub(*first).saturating_add(1),
        _ => 0,
    };
    Ok(in_seconds(days))
}

fn in_seconds(days: i64) -> Value {
    Value::wide(i128::from(days).checked_mul(i128::from(Instant::DAY)))
}

/// Days of the union, or of the part of it that lies in an interval.
pub(crate) fn covered_days(elements: &Elements, within: Option<Value>) -> Result<Value, CauseKind> {
    let mut spans = Vec::new();
    for datum in elements.complete()? {
        spans.push(days_of(Value::Known(datum).plain_ends()?)?);
    }
    let within = within.map(|within| within.plain_ends().and_then(days_of)).transpose()?;
    if let Some((from, to)) = within {
        spans = spans.into_iter().map(|(start, end)| (start.max(from), end.min(to))).collect();
    }
    spans.retain(|(start, end)| start < end);
    spans.sort_unstable();
    let mut covered: i64 = 0;
    let mut reached = i64::MIN;
    for (start, end) in spans {
        let fresh = start.max(reached);
        covered = covered.saturating_add(end.saturating_sub(fresh).max(0));
        reached = reached.max(end);
    }
    Ok(in_seconds(covered))
}

/// [day of start, day of end); an open end is not known.
fn days_of(ends: Ends) -> Result<(i64, i64), CauseKind> {
    let start = instant(ends.start, ends.start_type)?.day();
    match ends.end {
        End::At(value) => Ok((start, instant(value, ends.end_type)?.day())),
        End::Open(cause) => Err(cause),
    }
}

/// Most intervals open at once; only a start can raise the number.
pub(crate) fn most_concurrent(elements: &Elements) -> Result<Value, CauseKind> {
    let mut spans = Vec::new();
    for datum in elements.complete()? {
        let ends = Value::Known(datum).plain_ends()?;
        let start = instant(ends.start, ends.start_type)?.second();
        let end = match ends.end {
            End::At(value) => Some(instant(value, ends.end_type)?.second()),
            End::Open(_) => None,
        };
        spans.push((start, end));
    }
    let open_at = |time: i64| {
        spans.iter().filter(|(start, end)| *start <= time && end.is_none_or(|end| time < end)).count()
    };
    let most = spans.iter().map(|(start, _)| open_at(*start)).max().unwrap_or(0);
    Ok(Value::wide(i128::try_from(most).ok().and_then(|most| most.checked_mul(1_000_000))))
}
