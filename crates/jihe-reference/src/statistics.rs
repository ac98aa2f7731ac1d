//! Averages, ranks and deviations, exactly (sentence 35).
//!
//! In: the elements of an aggregate. Out: a value rounded once, `HALF_UP`.
//! Invariant: integers only; a result too large to carry is missing, never wrong.

use crate::aggregates::Elements;
use crate::arithmetic::{half_up, rescale};
use crate::value::Value;
use jihe_model::value::CauseKind;

pub(crate) fn average(elements: &Elements) -> Result<Value, CauseKind> {
    let words = elements.words()?;
    if words.is_empty() {
        return Err(CauseKind::Empty);
    }
    let scales = (elements.ty.scale().unwrap_or(0), elements.result.scale().unwrap_or(0));
    let total: i128 = words.iter().map(|word| i128::from(*word)).sum();
    let count = i128::try_from(words.len()).unwrap_or(i128::MAX);
    // Scaling up before dividing keeps it to one rounding.
    let raised = rescale(total, scales.0, scales.1.max(scales.0));
    let divisor = if scales.1 < scales.0 { rescale(count, scales.1, scales.0) } else { Some(count) };
    Ok(Value::wide(raised.zip(divisor).and_then(|(raised, divisor)| half_up(raised, divisor))))
}

/// Nearest rank: the ⌈share × n⌉-th smallest, at least the first.
pub(crate) fn percentile(elements: &Elements, share: Result<i64, CauseKind>) -> Result<Value, CauseKind> {
    let mut values = elements.complete()?;
    let share = i128::from(share?);
    if values.is_empty() {
        return Err(CauseKind::Empty);
    }
    values.sort();
    let count = i128::try_from(values.len()).unwrap_or(i128::MAX);
    let product = share.saturating_mul(count);
    let whole = product.div_euclid(1_000_000);
    let rank = whole.saturating_add(i128::from(product.rem_euclid(1_000_000) != 0)).clamp(1, count);
    let place = usize::try_from(rank.saturating_sub(1)).unwrap_or(0);
    values.get(place).map(|datum| Value::Known(datum.clone())).ok_or(CauseKind::Empty)
}

/// The sample deviation: √((n·Σx² − (Σx)²) ÷ (n·(n−1))), rounded once.
pub(crate) fn deviation(elements: &Elements) -> Result<Value, CauseKind> {
    let words = elements.words()?;
    if words.len() < 2 {
        return Err(CauseKind::TooFew);
    }
    let scales = (elements.ty.scale().unwrap_or(0), elements.result.scale().unwrap_or(0));
    variance_root(&words, scales).map(Value::word).ok_or(CauseKind::Overflow)
}

fn variance_root(words: &[i64], (from, to): (u32, u32)) -> Option<i64> {
    let count = i128::try_from(words.len()).ok()?;
    // Deviations do not depend on where counting starts; starting at the least value keeps the squares small.
    let least = i128::from(*words.iter().min()?);
    let mut total: i128 = 0;
    let mut squares: i128 = 0;
    for word in words {
        let distance = i128::from(*word).checked_sub(least)?;
        total = total.checked_add(distance)?;
        squares = squares.checked_add(distance.checked_mul(distance)?)?;
    }
    let mut over = count.checked_mul(squares)?.checked_sub(total.checked_mul(total)?)?;
    let mut under = count.checked_mul(count.checked_sub(1)?)?;
    let step = 10_i128.checked_pow(to.abs_diff(from).checked_mul(2)?)?;
    if to >= from {
        over = over.checked_mul(step)?;
    } else {
        under = under.checked_mul(step)?;
    }
    i64::try_from(rounded_root(over, under)?).ok()
}

/// √(over ÷ under) to the nearest whole number, halves up.
fn rounded_root(over: i128, under: i128) -> Option<i128> {
    let (mut low, mut high) = (0_i128, i128::from(u64::MAX));
    // The greatest whole number whose square is not above the quotient.
    while low < high {
        let middle = low.checked_add(high)?.checked_add(1)?.checked_div(2)?;
        let fits = middle.checked_mul(middle).is_some_and(|square| square <= over.div_euclid(under));
        if fits {
            low = middle;
        } else {
            high = middle.checked_sub(1)?;
        }
    }
    // Up if over/under ≥ (low + ½)², that is 4·(over − low²·under) ≥ (4·low + 1)·under.
    let rest = over.checked_sub(low.checked_mul(low)?.checked_mul(under)?)?;
    let up = low.checked_mul(4)?.checked_add(1)?.checked_mul(under)? <= rest.checked_mul(4)?;
    low.checked_add(i128::from(up))
}
