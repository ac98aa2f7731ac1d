//! Arithmetic of the rule language (sentences 12, 16, 33, 35).
//!
//! In: two plain values with their types. Out: a value of the result type.
//! Invariant: a product or quotient is rounded once, `HALF_UP`, to the scale of the result type.

use crate::calendar::{add_months, months_between, period_start};
use crate::value::{Datum, Value, mismatch};
use jihe_check::typed::ArithmeticOp;
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{CauseKind, Instant};

/// A plain word and its type.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operand {
    pub(crate) word: i64,
    pub(crate) ty: Type,
}

pub(crate) fn arithmetic(op: ArithmeticOp, left: (Value, Type), right: (Value, Type), result: Type) -> Value {
    let operands = left.0.plain_word().and_then(|word| Ok((word, right.0.plain_word()?)));
    let (left, right) = match operands {
        Ok((first, second)) => (Operand { word: first, ty: left.1 }, Operand { word: second, ty: right.1 }),
        Err(cause) => return Value::Missing(cause),
    };
    match op {
        ArithmeticOp::Add if is_time(left.ty) => shift(left, right, 1, result),
        ArithmeticOp::Add if is_time(right.ty) => shift(right, left, 1, result),
        ArithmeticOp::Subtract if is_time(left.ty) && is_time(right.ty) => difference(left, right, result),
        ArithmeticOp::Subtract if is_time(left.ty) => shift(left, right, -1, result),
        ArithmeticOp::Add => Value::wide(i128::from(left.word).checked_add(i128::from(right.word))),
        ArithmeticOp::Subtract => Value::wide(i128::from(left.word).checked_sub(i128::from(right.word))),
        ArithmeticOp::Multiply => Value::wide(multiply(left, right, result)),
        ArithmeticOp::Divide if right.word == 0 => Value::Missing(CauseKind::DivisionByZero),
        ArithmeticOp::Divide => Value::wide(divide(left, right, result)),
    }
}

pub(crate) fn negate(value: Value) -> Value {
    match value.plain_word() {
        Ok(word) => Value::wide(i128::from(word).checked_neg()),
        Err(cause) => Value::Missing(cause),
    }
}

pub(crate) fn is_time(ty: Type) -> bool {
    matches!(ty, Type::Date | Type::Instant | Type::Period(_))
}

/// Whether words of the type are instants.
pub(crate) fn is_instant(ty: Type) -> bool {
    matches!(ty, Type::Instant | Type::Period(PeriodUnit::Hour))
}

/// The civil day of a date, instant or period.
pub(crate) fn day_of(word: i64, ty: Type) -> i64 {
    if is_instant(ty) { Instant(word).day() } else { word }
}

/// A date, instant or period as an instant; a date has no time of day.
pub(crate) fn instant_of(word: i64, ty: Type) -> Instant {
    if is_instant(ty) { Instant(word) } else { Instant::of_day(word) }
}

/// The day of a plain time.
pub(crate) fn plain_day(value: Value, ty: Type) -> Result<i64, CauseKind> {
    value.plain_word().map(|word| day_of(word, ty))
}

/// The instant of a plain time.
pub(crate) fn plain_instant(value: Value, ty: Type) -> Result<Instant, CauseKind> {
    value.plain_word().map(|word| instant_of(word, ty))
}

/// Decimals carry a scale; durations and months are whole.
fn scale(ty: Type) -> u32 {
    ty.scale().unwrap_or(0)
}

fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// `value ÷ by`, `HALF_UP`: halves go away from zero.
pub(crate) fn half_up(value: i128, by: i128) -> Option<i128> {
    let (size, unit) = (value.checked_abs()?, by.checked_abs()?);
    let quotient = size.checked_div(unit)?;
    let rest = size.checked_rem(unit)?;
    let rounded = if rest.checked_mul(2)? >= unit { quotient.checked_add(1)? } else { quotient };
    if (value < 0) == (by < 0) { Some(rounded) } else { rounded.checked_neg() }
}

/// From one scale to another, `HALF_UP`.
pub(crate) fn rescale(value: i128, from: u32, to: u32) -> Option<i128> {
    if to >= from {
        value.checked_mul(power(to.checked_sub(from)?)?)
    } else {
        half_up(value, power(from.checked_sub(to)?)?)
    }
}

fn multiply(left: Operand, right: Operand, result: Type) -> Option<i128> {
    let product = i128::from(left.word).checked_mul(i128::from(right.word))?;
    rescale(product, scale(left.ty).checked_add(scale(right.ty))?, scale(result))
}

fn divide(left: Operand, right: Operand, result: Type) -> Option<i128> {
    // left/10^a ÷ right/10^b × 10^r = left × 10^(b+r) ÷ (right × 10^a)
    let raised = power(scale(right.ty).checked_add(scale(result))?)?;
    let over = i128::from(left.word).checked_mul(raised)?;
    let under = i128::from(right.word).checked_mul(power(scale(left.ty))?)?;
    half_up(over, under)
}

/// A time moved by a duration or by months.
fn shift(time: Operand, by: Operand, sign: i64, result: Type) -> Value {
    let Some(amount) = by.word.checked_mul(sign) else { return Value::Missing(CauseKind::Overflow) };
    match (by.ty, time.ty) {
        (Type::Months, ty) if is_instant(ty) => {
            let instant = Instant(time.word);
            let seconds = instant.second().rem_euclid(Instant::DAY);
            moved(add_months(instant.day(), amount), seconds, instant.has_time())
        }
        (Type::Months, _) => normalised(add_months(time.word, amount), result),
        (Type::Duration(_), ty) if is_instant(ty) => shift_instant(Instant(time.word), amount),
        (Type::Duration(_), _) if is_instant(result) => shift_instant(Instant::of_day(time.word), amount),
        (Type::Duration(_), _) => {
            normalised(time.word.saturating_add(amount.div_euclid(Instant::DAY)), result)
        }
        _ => Value::Missing(mismatch()),
    }
}

fn shift_instant(instant: Instant, seconds: i64) -> Value {
    if !instant.has_time() && seconds.rem_euclid(Instant::DAY) != 0 {
        return Value::Missing(CauseKind::TimeOfDay);
    }
    let second = instant.second().saturating_add(seconds);
    moved(second.div_euclid(Instant::DAY), second.rem_euclid(Instant::DAY), instant.has_time())
}

fn moved(day: i64, seconds: i64, has_time: bool) -> Value {
    let second = day.saturating_mul(Instant::DAY).saturating_add(seconds);
    Value::word(if has_time { Instant::of_second(second).0 } else { Instant::of_day(day).0 })
}

/// A moved period is the period that holds the moved day.
fn normalised(day: i64, result: Type) -> Value {
    if let Type::Period(unit) = result { Value::word(period_start(unit, day)) } else { Value::word(day) }
}

fn difference(left: Operand, right: Operand, result: Type) -> Value {
    if result == Type::Months {
        return Value::word(months_between(day_of(right.word, right.ty), day_of(left.word, left.ty)));
    }
    if is_instant(left.ty) && is_instant(right.ty) {
        let (later, earlier) = (Instant(left.word), Instant(right.word));
        if !later.has_time() || !earlier.has_time() {
            return Value::Missing(CauseKind::TimeOfDay);
        }
        return Value::wide(i128::from(later.second()).checked_sub(i128::from(earlier.second())));
    }
    let days = i128::from(day_of(left.word, left.ty)).checked_sub(i128::from(day_of(right.word, right.ty)));
    Value::wide(days.and_then(|days| days.checked_mul(i128::from(Instant::DAY))))
}

/// The number in a value's own unit: yuan, days, hours, months (数).
pub(crate) fn number_of(value: Value, ty: Type) -> Value {
    use jihe_model::types::DurationUnit;
    let word = match value.plain() {
        Ok(Datum::Word(word)) => i128::from(word),
        Ok(_) => return Value::Missing(mismatch()),
        Err(cause) => return Value::Missing(cause),
    };
    let millionths = word.checked_mul(1_000_000);
    let per = |seconds| millionths.and_then(|millionths| half_up(millionths, seconds));
    if let Type::Duration(unit) = ty {
        return Value::wide(match unit {
            DurationUnit::Day => per(86_400),
            DurationUnit::Hour => per(3_600),
            DurationUnit::Minute => per(60),
        });
    }
    // What has no scale is counted in whole units.
    Value::wide(if ty.scale().is_some() { rescale(word, scale(ty), 6) } else { millionths })
}
