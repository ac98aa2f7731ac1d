//! Literals as written, turned into words.
//!
//! In: digits, units and days of a syntax tree. Out: words of a type.
//! Invariant: a literal is carried exactly or refused; nothing is rounded here.

use jihe_model::types::{DurationUnit, Type};
use jihe_model::value::{AgeLimit, AgeUnit, Instant};
use jihe_syntax::tree::{Date, Unit};

/// A decimal as a whole number of 10⁻ˢᶜᵃˡᵉ; none if it does not fit exactly.
pub(crate) fn decimal(text: &str, scale: u32) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1_i64, rest),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = usize::try_from(scale).ok()?.checked_sub(fraction.len())?;
    let mut word: i64 = 0;
    for character in whole.chars().chain(fraction.chars()).chain(std::iter::repeat_n('0', missing)) {
        let digit = i64::from(character.to_digit(10)?);
        word = word.checked_mul(10)?.checked_add(digit)?;
    }
    word.checked_mul(sign)
}

/// A number with its unit: its type and word. An age is expected where `as_age` says so.
pub(crate) fn quantity(text: &str, unit: Unit, as_age: bool) -> Option<(Type, i64)> {
    if as_age && let Some(limit) = age_limit(text, unit) {
        return Some((Type::AgeLimit, limit));
    }
    let seconds = |unit_seconds: i64| {
        let scaled = decimal(text, 6)?.checked_mul(unit_seconds)?;
        (scaled.rem_euclid(1_000_000) == 0).then(|| scaled.div_euclid(1_000_000))
    };
    let months = |count: i64| decimal(text, 0)?.checked_mul(count);
    Some(match unit {
        Unit::Yuan => (Type::Money, decimal(text, 4)?),
        Unit::WanYuan => (Type::Money, decimal(text, 8)?),
        Unit::Day => (Type::Duration(DurationUnit::Day), seconds(86_400)?),
        Unit::Week => (Type::Duration(DurationUnit::Day), seconds(604_800)?),
        Unit::Hour => (Type::Duration(DurationUnit::Hour), seconds(3_600)?),
        Unit::Minute => (Type::Duration(DurationUnit::Minute), seconds(60)?),
        Unit::Month => (Type::Months, months(1)?),
        Unit::Quarter => (Type::Months, months(3)?),
        Unit::Year => (Type::Months, months(12)?),
        Unit::YearOfAge => (Type::AgeLimit, age_limit(text, unit)?),
        Unit::Times => (Type::Number, decimal(text, 6)?),
    })
}

/// `18 岁`, `6 月`, `28 天` as a bound of an age; none for other units.
pub(crate) fn age_limit(text: &str, unit: Unit) -> Option<i64> {
    let (unit, factor) = match unit {
        Unit::YearOfAge | Unit::Year => (AgeUnit::Years, 1),
        Unit::Month => (AgeUnit::Months, 1),
        Unit::Quarter => (AgeUnit::Months, 3),
        Unit::Day => (AgeUnit::Days, 1),
        Unit::Week => (AgeUnit::Days, 7),
        Unit::Yuan | Unit::WanYuan | Unit::Hour | Unit::Minute | Unit::Times => return None,
    };
    let count = decimal(text, 0)?.checked_mul(factor)?;
    Some(AgeLimit::new(count, unit).0)
}

/// The day since 1970-01-01; none for a day no calendar has.
pub(crate) fn day(date: Date) -> Option<i64> {
    jihe_model::calendar::day_of(date.year, date.month, date.day)
}

/// The instant of a second of a day.
pub(crate) fn instant(date: Date, second: u32) -> Option<i64> {
    let seconds = day(date)?.checked_mul(Instant::DAY)?.checked_add(i64::from(second))?;
    Some(Instant::of_second(seconds).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused() {
        assert_eq!(decimal("0.5", 6), Some(500_000));
        assert_eq!(decimal("12.3400", 2), Some(1_234));
        assert_eq!(decimal("0.12345", 4), None);
        assert_eq!(decimal("99999999999999999999", 0), None);
    }

    #[test]
    fn units_make_types() {
        assert_eq!(quantity("2", Unit::WanYuan, false), Some((Type::Money, 200_000_000)));
        assert_eq!(quantity("1", Unit::Week, false), Some((Type::Duration(DurationUnit::Day), 604_800)));
        assert_eq!(
            quantity("28", Unit::Day, true),
            Some((Type::AgeLimit, AgeLimit::new(28, AgeUnit::Days).0))
        );
    }
}
