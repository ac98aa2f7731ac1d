//! Sums, differences, products and quotients (sentences 12, 16, 35).
//!
//! In: two values and their types. Out: a value of the result's type.
//! Invariant: exact in integers, rounded `HALF_UP` once; what cannot be carried is missing.

use super::{map, map2, present};
use crate::column::Column;
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::run::{DIVISION_BY_ZERO, OVERFLOW, TIME_OF_DAY};
use jihe_check::typed::ArithmeticOp;
use jihe_model::calendar::{add_months, civil, period_start};
use jihe_model::decimal::{div_scaled, mul_scaled};
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

impl Context<'_> {
    pub(super) fn arithmetic(
        &self,
        how: ArithmeticOp,
        of: (ExprId, ExprId),
        ty: Type,
        domain: &Rc<Domain>,
    ) -> Column {
        let types = (self.type_of(of.0), self.type_of(of.1));
        let (a, b) = (self.eval(of.0, domain), self.eval(of.1, domain));
        map2(&a, &b, domain.len, |a, b| match (present(a), present(b)) {
            (Ok(a), Ok(b)) => match apply(how, (a, types.0), (b, types.1), ty) {
                Ok(word) => Value::Known(word),
                Err(cause) => Value::Missing(cause),
            },
            (Err(missing), _) | (_, Err(missing)) => missing,
        })
    }

    pub(super) fn negate(&self, a: ExprId, domain: &Rc<Domain>) -> Column {
        let a = self.eval(a, domain);
        map(&a, domain.len, |value| match present(value).map(i64::checked_neg) {
            Ok(Some(word)) => Value::Known(word),
            Ok(None) => Value::Missing(OVERFLOW),
            Err(missing) => missing,
        })
    }
}

fn apply(how: ArithmeticOp, a: (i64, Type), b: (i64, Type), ty: Type) -> Result<i64, Cause> {
    match how {
        ArithmeticOp::Add if is_time(a.1) => shift(a, b, ty, false),
        ArithmeticOp::Add if is_time(b.1) => shift(b, a, ty, false),
        ArithmeticOp::Add => a.0.checked_add(b.0).ok_or(OVERFLOW),
        ArithmeticOp::Subtract if is_time(a.1) && is_time(b.1) => difference(a, b, ty),
        ArithmeticOp::Subtract if is_time(a.1) => shift(a, b, ty, true),
        ArithmeticOp::Subtract => a.0.checked_sub(b.0).ok_or(OVERFLOW),
        ArithmeticOp::Multiply => mul_scaled(a.0, scale(a.1), b.0, scale(b.1), scale(ty)).ok_or(OVERFLOW),
        ArithmeticOp::Divide if b.0 == 0 => Err(DIVISION_BY_ZERO),
        ArithmeticOp::Divide => div_scaled(a.0, scale(a.1), b.0, scale(b.1), scale(ty)).ok_or(OVERFLOW),
    }
}

/// Digits after the point; lengths of time are whole numbers.
pub(crate) fn scale(ty: Type) -> u32 {
    ty.scale().unwrap_or(0)
}

fn is_time(ty: Type) -> bool {
    matches!(ty, Type::Date | Type::Instant | Type::Period(_))
}

fn is_instant(ty: Type) -> bool {
    matches!(ty, Type::Instant | Type::Period(PeriodUnit::Hour))
}

fn day(time: (i64, Type)) -> i64 {
    if is_instant(time.1) { Instant(time.0).day() } else { time.0 }
}

fn difference(a: (i64, Type), b: (i64, Type), ty: Type) -> Result<i64, Cause> {
    if is_instant(a.1) && is_instant(b.1) {
        let (a, b) = (Instant(a.0), Instant(b.0));
        if !(a.has_time() && b.has_time()) {
            return Err(TIME_OF_DAY);
        }
        return Ok(a.second().saturating_sub(b.second()));
    }
    let (a, b) = (day(a), day(b));
    if ty == Type::Months {
        let months = |day: i64| {
            let (year, month, _) = civil(day);
            i64::from(year).saturating_mul(12).saturating_add(i64::from(month))
        };
        return Ok(months(a).saturating_sub(months(b)));
    }
    a.checked_sub(b).and_then(|days| days.checked_mul(Instant::DAY)).ok_or(OVERFLOW)
}

/// A time that was moved.
enum Moved {
    Day(i64),
    At(i64),
}

fn shift(time: (i64, Type), by: (i64, Type), ty: Type, back: bool) -> Result<i64, Cause> {
    let length = if back { by.0.checked_neg().ok_or(OVERFLOW)? } else { by.0 };
    let moved = if by.1 == Type::Months {
        months(time, length)
    } else if is_instant(time.1) {
        Moved::At(seconds(Instant(time.0), length)?)
    } else if is_instant(ty) {
        Moved::At(seconds(Instant::of_day(time.0), length)?)
    } else {
        Moved::Day(time.0.checked_add(length.div_euclid(Instant::DAY)).ok_or(OVERFLOW)?)
    };
    Ok(fit(&moved, ty))
}

fn months(time: (i64, Type), count: i64) -> Moved {
    if !is_instant(time.1) {
        return Moved::Day(add_months(time.0, count));
    }
    let at = Instant(time.0);
    let moved = add_months(at.day(), count).saturating_sub(at.day());
    Moved::At(at.0.saturating_add(moved.saturating_mul(Instant::DAY).saturating_mul(2)))
}

/// Moves an instant; only whole days can be added where the time of day is unknown.
fn seconds(at: Instant, length: i64) -> Result<i64, Cause> {
    if !at.has_time() && length.rem_euclid(Instant::DAY) != 0 {
        return Err(TIME_OF_DAY);
    }
    length.checked_mul(2).and_then(|twice| at.0.checked_add(twice)).ok_or(OVERFLOW)
}

/// The word of the result's type for a moved time.
fn fit(moved: &Moved, to: Type) -> i64 {
    let at = match moved {
        Moved::Day(day) => Instant::of_day(*day),
        Moved::At(at) => Instant(*at),
    };
    match to {
        Type::Period(unit) => period_start(unit, at).unwrap_or(at.0),
        Type::Instant => at.0,
        _ => at.day(),
    }
}
