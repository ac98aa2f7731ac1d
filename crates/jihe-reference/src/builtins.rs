//! The scalar functions.
//!
//! In: a function and its arguments with their types. Out: a value.
//! Invariant: a function of a missing argument is missing with the cause of the first such argument.

use crate::arithmetic::{day_of, instant_of, is_instant, number_of};
use crate::calendar::{civil, completed, hour_start, period_start};
use crate::value::{Datum, Value, mismatch};
use jihe_check::typed::Builtin;
use jihe_model::types::{PeriodUnit, Type};
use jihe_model::value::{Age, AgeUnit, CauseKind, Instant};

pub(crate) fn call(builtin: Builtin, arguments: Vec<(Value, Type)>) -> Value {
    let mut plain = Vec::new();
    for (value, ty) in arguments {
        match value.plain() {
            Ok(datum) => plain.push((datum, ty)),
            Err(cause) => return Value::Missing(cause),
        }
    }
    let result =
        match builtin {
            Builtin::PeriodOf(unit) => time(&plain).and_then(|(word, ty)| period_of(unit, word, ty)),
            Builtin::HourOfDay => time(&plain).and_then(|(word, ty)| hour_of_day(instant_of(word, ty))),
            Builtin::MonthNumber => time(&plain).map(|(word, ty)| millions(civil(day_of(word, ty)).1)),
            Builtin::FirstDay | Builtin::DayOfInstant => {
                time(&plain).map(|(word, ty)| Value::word(day_of(word, ty)))
            }
            Builtin::InstantOfDay => time(&plain).map(|(word, ty)| Value::word(instant_of(word, ty).0)),
            Builtin::NumberOf => time(&plain).map(|(word, ty)| {
                if ty == Type::Age { age_years(word) } else { number_of(Value::word(word), ty) }
            }),
            Builtin::AgeYears => time(&plain).map(|(word, _)| age_years(word)),
            Builtin::DiagnosisCategory => category(&plain),
            Builtin::RoundHundred => {
                time(&plain).map(|(word, _)| Value::truth(word > 0 && word.rem_euclid(1_000_000) == 0))
            }
            Builtin::Greatest => extreme(&plain, true),
            Builtin::Least => extreme(&plain, false),
            Builtin::AgeAt => age_at(&plain),
        };
    Value::from_result(result)
}

/// The word of the first argument.
fn time(arguments: &[(Datum, Type)]) -> Result<(i64, Type), CauseKind> {
    match arguments.first() {
        Some((Datum::Word(word), ty)) => Ok((*word, *ty)),
        _ => Err(mismatch()),
    }
}

fn age_years(word: i64) -> Value {
    millions(completed(Age(word), AgeUnit::Years))
}

fn millions(count: i64) -> Value {
    Value::wide(i128::from(count).checked_mul(1_000_000))
}

fn period_of(unit: PeriodUnit, word: i64, ty: Type) -> Result<Value, CauseKind> {
    if unit == PeriodUnit::Hour {
        let hour = is_instant(ty).then(|| hour_start(Instant(word))).flatten();
        return hour.map(Value::word).ok_or(CauseKind::TimeOfDay);
    }
    Ok(Value::word(period_start(unit, day_of(word, ty))))
}

fn hour_of_day(instant: Instant) -> Result<Value, CauseKind> {
    if !instant.has_time() {
        return Err(CauseKind::TimeOfDay);
    }
    Ok(millions(instant.second().rem_euclid(Instant::DAY).div_euclid(3_600)))
}

fn category(arguments: &[(Datum, Type)]) -> Result<Value, CauseKind> {
    match arguments.first() {
        Some((Datum::Text(code), _)) => Ok(Value::text(&code.chars().take(3).collect::<String>())),
        _ => Err(mismatch()),
    }
}

fn extreme(arguments: &[(Datum, Type)], greatest: bool) -> Result<Value, CauseKind> {
    let data = arguments.iter().map(|(datum, _)| datum);
    let found = if greatest { data.max() } else { data.min() };
    found.map(|datum| Value::Known(datum.clone())).ok_or(CauseKind::Empty)
}

fn age_at(arguments: &[(Datum, Type)]) -> Result<Value, CauseKind> {
    match arguments {
        [(Datum::Word(birth), birth_type), (Datum::Word(at), at_type)] => {
            Ok(Value::word(Age::new(day_of(*birth, *birth_type), day_of(*at, *at_type)).0))
        }
        _ => Err(mismatch()),
    }
}
