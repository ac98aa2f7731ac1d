//! The scalar functions of the rule language.
//!
//! In: nothing. Out: [`Builtin`], one variant a function, and what each is called.
//! Invariant: a function is named here once; checker, engine, reference and documentation read this.

use jihe_model::types::PeriodUnit;

/// A scalar function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// 日(x), 周(x), 月(x), 季(x), 年(x), 医保年度(x): the calendar period of a date or instant. 日 of an instant is its day;
    /// the result type is `Period(unit)` (`日` gives type Date).
    PeriodOf(PeriodUnit),
    /// 时(x): the hour of day 0–23, a number; missing without a time of day.
    HourOfDay,
    /// 月份数(x): 1–12.
    MonthNumber,
    /// 首日(period): its first day.
    FirstDay,
    /// 数(x): the number in the value's own unit (days, hours, yuan …).
    NumberOf,
    /// 诊断类目(code): the first three characters of a diagnosis code.
    DiagnosisCategory,
    /// 整百(x): whether an amount is a positive multiple of 100 yuan.
    RoundHundred,
    /// 最大(a, b, …): the greatest argument; all of one type.
    Greatest,
    /// 最小(a, b, …)
    Least,
    /// Conversion inserted by the checker: instant to its day.
    DayOfInstant,
    /// Conversion inserted by the checker: date to an instant without a time of day.
    InstantOfDay,
    /// 年龄 at a clock: birth date and date → age.
    AgeAt,
    /// Completed years of an age, a number (for printing and 数(年龄)).
    AgeYears,
}
