//! Exact amounts of the generator, and how they are written.
//!
//! In: integers. Out: [`Money`] (×10⁴) and [`Price`] (×10⁶), their products and quotients rounded half up.
//! Invariant: shares no code with the library under test; nothing here is a float.

use std::fmt::{self, Display};

/// Yuan × 10⁴.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Money(pub(crate) i64);

/// Yuan a unit × 10⁶.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Price(pub(crate) i64);

impl Money {
    /// Yuan and hundredths.
    pub(crate) const fn cents(cents: i64) -> Self {
        Self(cents * 100)
    }

    /// Yuan.
    pub(crate) const fn yuan(yuan: i64) -> Self {
        Self(yuan * 10_000)
    }

    /// Both together.
    pub(crate) const fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// This without the other.
    pub(crate) const fn minus(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    /// This × numerator ÷ denominator, rounded once: what 超出部分 puts on a line.
    pub(crate) fn share(self, numerator: i64, denominator: i64) -> Self {
        Self(divide_half_up(i128::from(self.0) * i128::from(numerator), i128::from(denominator)))
    }

    /// This × (numerator ÷ denominator), the quotient first rounded to six decimals, as a rule that divides and then multiplies.
    pub(crate) fn times_ratio(self, numerator: i64, denominator: i64) -> Self {
        let ratio = divide_half_up(i128::from(numerator) * 1_000_000, i128::from(denominator));
        Self(divide_half_up(i128::from(self.0) * i128::from(ratio), 1_000_000))
    }
}

impl Price {
    /// Yuan and hundredths a unit.
    pub(crate) const fn cents(cents: i64) -> Self {
        Self(cents * 10_000)
    }

    /// The amount of so many units; exact while prices have at most four decimals.
    pub(crate) const fn times(self, quantity: i64) -> Money {
        Money(self.0 * quantity / 100)
    }
}

fn divide_half_up(numerator: i128, denominator: i128) -> i64 {
    let doubled = numerator.abs() * 2 + denominator.abs();
    let rounded = doubled / (denominator.abs() * 2);
    let signed = if (numerator < 0) == (denominator < 0) { rounded } else { -rounded };
    i64::try_from(signed).unwrap_or(i64::MAX)
}

impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:04}", magnitude / 10_000, magnitude % 10_000)
    }
}

impl Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:06}", magnitude / 1_000_000, magnitude % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::{Money, Price};

    #[test]
    fn amounts_are_written_with_four_decimals() {
        assert_eq!(Money::cents(-1_234).to_string(), "-12.3400");
        assert_eq!(Price::cents(1_234).times(3), Money::cents(3_702));
        assert_eq!(Price::cents(5).to_string(), "0.050000");
    }

    #[test]
    fn halves_round_away_from_nought() {
        assert_eq!(Money(1).share(1, 2), Money(1));
        assert_eq!(Money(-1).share(1, 2), Money(-1));
        assert_eq!(Money::yuan(60).times_ratio(2, 30), Money(40_000));
        assert_eq!(Money::yuan(28).times_ratio(1, 29), Money(9_655));
    }
}
