//! Statistics from exact sums.
//!
//! In: words. Out: a word, rounded `HALF_UP` once.
//! Invariant: no floating point; what does not fit is missing.

use crate::eval::scale;
use crate::run::OVERFLOW;
use jihe_model::decimal::round_half_up;
use jihe_model::types::Type;
use jihe_model::value::Cause;

pub(super) fn average(words: &[i64]) -> Option<i64> {
    let total = words.iter().fold(0i128, |total, word| total.saturating_add(i128::from(*word)));
    let count = i128::try_from(words.len()).ok()?;
    i64::try_from(round_half_up(total, count)?).ok()
}

/// The place of the nearest rank of a share among so many sorted values.
pub(super) fn nearest_rank(count: usize, share: i64) -> usize {
    let exact = i128::try_from(count).unwrap_or(0).saturating_mul(i128::from(share));
    let rank = exact.saturating_add(999_999).div_euclid(1_000_000);
    usize::try_from(rank).unwrap_or(0).clamp(1, count.max(1)).saturating_sub(1)
}

/// The sample deviation of two values or more.
pub(super) fn deviation(words: &[i64], from: Type, to: Type) -> Result<i64, Cause> {
    variance_root(words, scale(from), scale(to)).ok_or(OVERFLOW)
}

fn variance_root(words: &[i64], from: u32, to: u32) -> Option<i64> {
    let count = i128::try_from(words.len()).ok()?;
    // Shifting all values changes no deviation and keeps the squares small.
    let base = i128::from(*words.first()?);
    let (mut total, mut squares) = (0i128, 0i128);
    for word in words {
        let word = i128::from(*word).checked_sub(base)?;
        total = total.checked_add(word)?;
        squares = squares.checked_add(word.checked_mul(word)?)?;
    }
    let numerator = count.checked_mul(squares)?.checked_sub(total.checked_mul(total)?)?;
    let denominator = count.checked_mul(count.checked_sub(1)?)?;
    let (up, down) = (to.saturating_sub(from), from.saturating_sub(to));
    let square = |digits: u32| 10i128.checked_pow(digits.checked_mul(2)?);
    let numerator = numerator.checked_mul(square(up)?)?;
    let denominator = denominator.checked_mul(square(down)?)?;
    root_half_up(numerator, denominator)
}

/// The square root of a fraction, rounded half up.
fn root_half_up(numerator: i128, denominator: i128) -> Option<i64> {
    let root = numerator.checked_div(denominator)?.isqrt();
    let twice = root.checked_mul(2)?.checked_add(1)?;
    // INVARIANT: root ≤ √x < root + 1, so only the half decides.
    let reached = match twice.checked_mul(twice).and_then(|square| square.checked_mul(denominator)) {
        Some(square) => square <= numerator.checked_mul(4)?,
        None => false,
    };
    i64::try_from(root.checked_add(i128::from(reached))?).ok()
}
