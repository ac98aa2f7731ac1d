//! The scalar functions.
//!
//! In: arguments. Out: a value; the meaning of each is in [`Builtin`].
//! Invariant: a missing argument makes the result missing with its cause, the first one's if there are several.

use super::arithmetic::scale;
use super::compare::Order;
use super::{map, map2, present};
use crate::column::Column;
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::run::{EMPTY, OVERFLOW, TIME_OF_DAY, symbol};
use jihe_check::typed::Builtin;
use jihe_model::calendar::{age_years, civil, period_start};
use jihe_model::decimal::div_scaled;
use jihe_model::types::{DurationUnit, PeriodUnit, Type};
use jihe_model::value::{Age, Cause, Instant, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// One, as a number.
const ONE: i64 = 1_000_000;

impl Context<'_> {
    pub(super) fn call(
        &self,
        function: Builtin,
        arguments: &[ExprId],
        ty: Type,
        domain: &Rc<Domain>,
    ) -> Column {
        match (function, arguments) {
            (Builtin::Greatest | Builtin::Least, _) => self.extreme(function, arguments, ty, domain),
            (Builtin::AgeAt, [birth, at]) => self.age_at(*birth, *at, domain),
            (_, [only]) => {
                let from = self.type_of(*only);
                let values = self.eval(*only, domain);
                map(&values, domain.len, |value| match present(value) {
                    Ok(word) => result(self.apply(function, word, from)),
                    Err(missing) => missing,
                })
            }
            _ => Column::constant(Value::Missing(EMPTY)),
        }
    }

    fn apply(&self, function: Builtin, word: i64, from: Type) -> Result<i64, Cause> {
        let at = moment(word, from);
        match function {
            Builtin::PeriodOf(unit) => period_start(unit, at).ok_or(TIME_OF_DAY),
            Builtin::HourOfDay if !at.has_time() => Err(TIME_OF_DAY),
            Builtin::HourOfDay => {
                Ok(at.second().rem_euclid(Instant::DAY).div_euclid(3600).saturating_mul(ONE))
            }
            Builtin::MonthNumber => Ok(i64::from(civil(at.day()).1).saturating_mul(ONE)),
            Builtin::FirstDay | Builtin::DayOfInstant => Ok(at.day()),
            Builtin::InstantOfDay => Ok(at.0),
            Builtin::NumberOf => number_of(word, from).ok_or(OVERFLOW),
            Builtin::DiagnosisCategory => symbol(word).and_then(|code| self.run.category(code)).ok_or(EMPTY),
            Builtin::RoundHundred => Ok(i64::from(word > 0 && word.rem_euclid(1_000_000) == 0)),
            Builtin::AgeYears => Ok(age_years(Age(word).birth(), Age(word).at()).saturating_mul(ONE)),
            Builtin::Greatest | Builtin::Least | Builtin::AgeAt => Err(EMPTY),
        }
    }

    fn extreme(&self, function: Builtin, arguments: &[ExprId], ty: Type, domain: &Rc<Domain>) -> Column {
        let order = Order { context: self, ty };
        let better = if function == Builtin::Greatest { Ordering::Greater } else { Ordering::Less };
        let columns: Vec<Rc<Column>> =
            arguments.iter().map(|argument| self.eval(*argument, domain)).collect();
        let Some((first, rest)) = columns.split_first() else {
            return Column::constant(Value::Missing(EMPTY));
        };
        let mut best =
            map(first, domain.len, |value| present(value).map_or_else(|missing| missing, Value::Known));
        for next in rest {
            best = map2(&best, next, domain.len, |held, next| match (present(held), present(next)) {
                (Ok(held), Ok(next)) => {
                    Value::Known(if order.compare(next, held) == better { next } else { held })
                }
                (Err(missing), _) | (_, Err(missing)) => missing,
            });
        }
        best
    }

    fn age_at(&self, birth: ExprId, at: ExprId, domain: &Rc<Domain>) -> Column {
        let types = (self.type_of(birth), self.type_of(at));
        let (birth, at) = (self.eval(birth, domain), self.eval(at, domain));
        map2(&birth, &at, domain.len, |birth, at| match (present(birth), present(at)) {
            (Ok(birth), Ok(at)) => {
                Value::Known(Age::new(moment(birth, types.0).day(), moment(at, types.1).day()).0)
            }
            (Err(missing), _) | (_, Err(missing)) => missing,
        })
    }
}

fn result(of: Result<i64, Cause>) -> Value {
    of.map_or_else(Value::Missing, Value::Known)
}

/// A date or instant as an instant.
pub(crate) fn moment(word: i64, ty: Type) -> Instant {
    match ty {
        Type::Instant | Type::Period(PeriodUnit::Hour) => Instant(word),
        _ => Instant::of_day(word),
    }
}

fn number_of(word: i64, from: Type) -> Option<i64> {
    let whole = |unit: i64| div_scaled(word, 0, unit, 0, 6);
    match from {
        Type::Duration(DurationUnit::Day) => whole(86_400),
        Type::Duration(DurationUnit::Hour) => whole(3_600),
        Type::Duration(DurationUnit::Minute) => whole(60),
        Type::Age => age_years(Age(word).birth(), Age(word).at()).checked_mul(ONE),
        other => div_scaled(word, scale(other), 1, 0, 6),
    }
}
