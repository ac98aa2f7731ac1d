//! Exact decimals on integers.
//!
//! In: texts and scaled integers. Out: scaled integers, or why not.
//! Invariant: every rounding is `HALF_UP` (half away from zero) and happens once, at the end of an operation.

use core::fmt;

/// Why a text is not a decimal of the scale asked for, or a result cannot be carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalError {
    /// No digits, or characters that are not digits.
    Malformed,
    /// `1e3`: written by a spreadsheet, and digits may be lost.
    Scientific,
    /// More digits after the point than the type carries.
    TooPrecise,
    /// Too large for 64 bits at this scale.
    Overflow,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DecimalError::Malformed => "not a number",
            DecimalError::Scientific => "scientific notation",
            DecimalError::TooPrecise => "too many decimals",
            DecimalError::Overflow => "too large",
        })
    }
}

impl core::error::Error for DecimalError {}

/// 10 to a power up to 18.
pub fn power_of_ten(exponent: u32) -> i64 {
    10i64.checked_pow(exponent).unwrap_or(i64::MAX)
}

/// Reads `12.50` at a scale: the value × 10^scale. Zeros beyond the scale are allowed, other digits are not.
///
/// ```
/// use jihe_model::decimal::{parse, DecimalError};
/// assert_eq!(parse("12.5", 4), Ok(125_000));
/// assert_eq!(parse("0.00001", 4), Err(DecimalError::TooPrecise));
/// assert_eq!(parse("1e3", 4), Err(DecimalError::Scientific));
/// ```
///
/// # Errors
/// When the text is no plain decimal, has too many decimals or does not fit.
pub fn parse(text: &str, scale: u32) -> Result<i64, DecimalError> {
    let text = text.trim();
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let mut total: i64 = 0;
    let mut seen = false;
    let mut decimals: Option<u32> = None;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                seen = true;
                let digit = i64::from(byte.wrapping_sub(b'0'));
                let place = decimals.map_or(0, |count| count.saturating_add(1));
                if place > scale && digit != 0 {
                    return Err(later_fault(digits, DecimalError::TooPrecise));
                }
                if place <= scale {
                    decimals = decimals.map(|_| place);
                    total = push_digit(total, digit, negative)
                        .ok_or_else(|| later_fault(digits, DecimalError::Overflow))?;
                }
            }
            b'.' if decimals.is_none() => decimals = Some(0),
            b'e' | b'E' if seen => return Err(DecimalError::Scientific),
            _ => return Err(DecimalError::Malformed),
        }
    }
    if !seen {
        return Err(DecimalError::Malformed);
    }
    let missing = scale.saturating_sub(decimals.unwrap_or(0));
    total.checked_mul(power_of_ten(missing)).ok_or(DecimalError::Overflow)
}

/// Negative numbers grow downwards, so that the lowest word can be read.
fn push_digit(total: i64, digit: i64, negative: bool) -> Option<i64> {
    let shifted = total.checked_mul(10)?;
    if negative { shifted.checked_sub(digit) } else { shifted.checked_add(digit) }
}

/// A fault found early is only reported if the rest of the text is a plain number.
fn later_fault(digits: &[u8], fault: DecimalError) -> DecimalError {
    if digits.iter().any(|byte| matches!(byte, b'e' | b'E')) {
        DecimalError::Scientific
    } else if digits.iter().any(|byte| !matches!(byte, b'0'..=b'9' | b'.')) {
        DecimalError::Malformed
    } else {
        fault
    }
}

/// `numerator ÷ denominator`, `HALF_UP`; none when the denominator is zero or the result does not fit 128 bits.
///
/// ```
/// use jihe_model::decimal::round_half_up;
/// assert_eq!(round_half_up(5, 2), Some(3));
/// assert_eq!(round_half_up(-5, 2), Some(-3));
/// assert_eq!(round_half_up(1, 0), None);
/// ```
pub fn round_half_up(numerator: i128, denominator: i128) -> Option<i128> {
    let quotient = numerator.checked_div(denominator)?;
    let rest = numerator.checked_rem(denominator)?;
    let twice = rest.unsigned_abs().checked_mul(2)?;
    if twice < denominator.unsigned_abs() {
        return Some(quotient);
    }
    if (numerator < 0) == (denominator < 0) { quotient.checked_add(1) } else { quotient.checked_sub(1) }
}

/// The product of two scaled integers at the scale of the result, `HALF_UP` once; none on overflow.
///
/// ```
/// use jihe_model::decimal::mul_scaled;
/// // 单价 1.234567 (scale 6) × 数量 3 (scale 6) = 金额 3.7037 (scale 4)
/// assert_eq!(mul_scaled(1_234_567, 6, 3_000_000, 6, 4), Some(37_037));
/// ```
#[expect(clippy::too_many_arguments, reason = "two numbers with their scales and the scale asked for")]
pub fn mul_scaled(left: i64, left_scale: u32, right: i64, right_scale: u32, scale: u32) -> Option<i64> {
    let product = i128::from(left).checked_mul(i128::from(right))?;
    let have = left_scale.checked_add(right_scale)?;
    let result = if have >= scale {
        round_half_up(product, 10i128.checked_pow(have.checked_sub(scale)?)?)?
    } else {
        product.checked_mul(10i128.checked_pow(scale.checked_sub(have)?)?)?
    };
    i64::try_from(result).ok()
}

/// The quotient of two scaled integers at the scale of the result, `HALF_UP` once; none on division by zero or overflow.
#[expect(clippy::too_many_arguments, reason = "two numbers with their scales and the scale asked for")]
pub fn div_scaled(left: i64, left_scale: u32, right: i64, right_scale: u32, scale: u32) -> Option<i64> {
    let mut numerator = i128::from(left);
    let mut denominator = i128::from(right);
    let raise = right_scale.checked_add(scale)?;
    if raise >= left_scale {
        numerator = numerator.checked_mul(10i128.checked_pow(raise.checked_sub(left_scale)?)?)?;
    } else {
        denominator = denominator.checked_mul(10i128.checked_pow(left_scale.checked_sub(raise)?)?)?;
    }
    i64::try_from(round_half_up(numerator, denominator)?).ok()
}

/// A scaled integer with exactly `decimals` digits after the point, `HALF_UP`.
///
/// ```
/// use jihe_model::decimal::format_fixed;
/// assert_eq!(format_fixed(1_005_050, 4, 2), "100.51");
/// assert_eq!(format_fixed(-50, 4, 2), "-0.01");
/// assert_eq!(format_fixed(40, 4, 2), "0.00");
/// ```
pub fn format_fixed(value: i64, scale: u32, decimals: u32) -> String {
    let value = i128::from(value);
    let rounded = if scale > decimals {
        round_half_up(value, i128::from(power_of_ten(scale.saturating_sub(decimals)))).unwrap_or(value)
    } else {
        value.saturating_mul(i128::from(power_of_ten(decimals.saturating_sub(scale))))
    };
    let unit = i128::from(power_of_ten(decimals)).unsigned_abs();
    let magnitude = rounded.unsigned_abs();
    let sign = if rounded < 0 { "-" } else { "" };
    let whole = magnitude.checked_div(unit).unwrap_or(magnitude);
    if decimals == 0 {
        return format!("{sign}{whole}");
    }
    let fraction = magnitude.checked_rem(unit).unwrap_or(0);
    let width = usize::try_from(decimals).unwrap_or(0);
    format!("{sign}{whole}.{fraction:0width$}")
}

/// A scaled integer with as many decimals as it has, without trailing zeros.
pub fn format_trimmed(value: i64, scale: u32) -> String {
    let text = format_fixed(value, scale, scale);
    if scale == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_decimals_are_read_exactly() {
        assert_eq!(parse("0", 4), Ok(0));
        assert_eq!(parse("-0.01", 4), Ok(-100));
        assert_eq!(parse("+3", 0), Ok(3));
        assert_eq!(parse(" 12.3400000 ", 4), Ok(123_400));
        assert_eq!(parse(".5", 4), Ok(5_000));
        assert_eq!(parse("5.", 4), Ok(50_000));
        assert_eq!(parse("-922337203685477.5808", 4), Ok(i64::MIN));
    }

    #[test]
    fn everything_else_has_a_reason() {
        for text in ["", "-", ".", "1,000", "12 3", "一", "1.2.3", "e3", "--1", "1.00005x", "0x1"] {
            assert_eq!(parse(text, 4), Err(DecimalError::Malformed), "{text}");
        }
        assert_eq!(parse("1.5E-3", 4), Err(DecimalError::Scientific));
        assert_eq!(parse("1.23456e2", 4), Err(DecimalError::Scientific));
        assert_eq!(parse("1.23456", 4), Err(DecimalError::TooPrecise));
        assert_eq!(parse("922337203685477.5808", 4), Err(DecimalError::Overflow));
        assert_eq!(parse("9999999999999999999", 0), Err(DecimalError::Overflow));
    }

    #[test]
    fn products_and_quotients_round_once() {
        // 60 元 × (2 天 ÷ 30 天): the ratio rounds to 6 decimals, the product to 4.
        let ratio = div_scaled(2, 0, 30, 0, 6).unwrap();
        assert_eq!(ratio, 66_667);
        assert_eq!(mul_scaled(600_000, 4, ratio, 6, 4), Some(40_000));
        assert_eq!(div_scaled(1, 0, 0, 0, 6), None);
        assert_eq!(mul_scaled(i64::MAX, 0, 2, 0, 0), None);
        assert_eq!(mul_scaled(5, 1, 1, 0, 3), Some(500));
        assert_eq!(div_scaled(10_000, 4, 2, 0, 0), Some(1));
        assert_eq!(div_scaled(15_000, 4, 1, 0, 0), Some(2));
    }

    #[test]
    fn half_goes_away_from_zero() {
        assert_eq!(round_half_up(14, 10), Some(1));
        assert_eq!(round_half_up(15, 10), Some(2));
        assert_eq!(round_half_up(-15, 10), Some(-2));
        assert_eq!(round_half_up(-14, -10), Some(1));
        assert_eq!(round_half_up(15, -10), Some(-2));
    }

    #[test]
    fn printing() {
        assert_eq!(format_fixed(0, 4, 4), "0.0000");
        assert_eq!(format_fixed(i64::MIN, 4, 4), "-922337203685477.5808");
        assert_eq!(format_fixed(15, 1, 0), "2");
        assert_eq!(format_fixed(15, 0, 2), "15.00");
        assert_eq!(format_trimmed(125_000, 6), "0.125");
        assert_eq!(format_trimmed(3_000_000, 6), "3");
        assert_eq!(format_trimmed(-500_000, 6), "-0.5");
        assert_eq!(format_trimmed(100, 0), "100");
    }
}
