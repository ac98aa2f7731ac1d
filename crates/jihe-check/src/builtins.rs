//! The scalar functions of the rule language.
//!
//! In: nothing. Out: [`Builtin`], one variant a function, and its record in [`FUNCTIONS`].
//! Invariant: a function is named here once; checker, engine, reference and documentation read this.

use jihe_model::types::{PeriodUnit, YearStart};

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

/// A scalar function that a rule can call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// What runs.
    pub builtin: Builtin,
    /// 中文名.
    pub zh: &'static str,
    /// English name.
    pub en: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What it gives.
    pub gives: Gives,
    /// What it does, in Chinese.
    pub doc_zh: &'static str,
    /// What it does, in English.
    pub doc_en: &'static str,
}

/// What a scalar function takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// One date or instant.
    Time,
    /// One calendar period.
    Period,
    /// One amount, price, duration, months, number or age.
    Measure,
    /// One diagnosis code.
    Diagnosis,
    /// One amount.
    Money,
    /// Two or more values of one ordered type.
    Several,
}

/// What a scalar function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// A number.
    Number,
    /// A date.
    Date,
    /// 是 or 否.
    Bool,
    /// A period of the unit; a day is a date.
    Period(PeriodUnit),
    /// The type of its argument.
    Same,
}

const fn period(unit: PeriodUnit, zh: &'static str, en: &'static str) -> Function {
    Function {
        builtin: Builtin::PeriodOf(unit),
        zh,
        en,
        takes: Takes::Time,
        gives: Gives::Period(unit),
        doc_zh: "所在的日历周期",
        doc_en: "the calendar period it lies in",
    }
}

/// Every scalar function, in the order of the language reference.
pub const FUNCTIONS: &[Function] = &[
    period(PeriodUnit::Day, "日", "day"),
    period(PeriodUnit::Week, "周", "week"),
    period(PeriodUnit::Month, "月", "month"),
    period(PeriodUnit::Quarter, "季", "quarter"),
    period(PeriodUnit::Year, "年", "year"),
    period(PeriodUnit::BenefitYear(YearStart::NATURAL), "医保年度", "benefit_year"),
    Function {
        builtin: Builtin::HourOfDay,
        zh: "时",
        en: "hour",
        takes: Takes::Time,
        gives: Gives::Number,
        doc_zh: "一天中的第几小时，0 至 23",
        doc_en: "the hour of the day, 0 to 23",
    },
    Function {
        builtin: Builtin::MonthNumber,
        zh: "月份数",
        en: "month_number",
        takes: Takes::Time,
        gives: Gives::Number,
        doc_zh: "几月，1 至 12",
        doc_en: "the month, 1 to 12",
    },
    Function {
        builtin: Builtin::FirstDay,
        zh: "首日",
        en: "first_day",
        takes: Takes::Period,
        gives: Gives::Date,
        doc_zh: "周期的第一天",
        doc_en: "the first day of a period",
    },
    Function {
        builtin: Builtin::NumberOf,
        zh: "数",
        en: "number",
        takes: Takes::Measure,
        gives: Gives::Number,
        doc_zh: "按自身单位的数值",
        doc_en: "the number in its own unit",
    },
    Function {
        builtin: Builtin::DiagnosisCategory,
        zh: "诊断类目",
        en: "icd_category",
        takes: Takes::Diagnosis,
        gives: Gives::Same,
        doc_zh: "诊断编码的前三位",
        doc_en: "the first three characters of a diagnosis code",
    },
    Function {
        builtin: Builtin::RoundHundred,
        zh: "整百",
        en: "round_hundred",
        takes: Takes::Money,
        gives: Gives::Bool,
        doc_zh: "金额是否为一百元的正整数倍",
        doc_en: "whether an amount is a positive multiple of 100 yuan",
    },
    Function {
        builtin: Builtin::Greatest,
        zh: "最大",
        en: "max",
        takes: Takes::Several,
        gives: Gives::Same,
        doc_zh: "几个值中最大的",
        doc_en: "the greatest of several values",
    },
    Function {
        builtin: Builtin::Least,
        zh: "最小",
        en: "min",
        takes: Takes::Several,
        gives: Gives::Same,
        doc_zh: "几个值中最小的",
        doc_en: "the least of several values",
    },
];

/// The scalar function of a name, in either spelling.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.zh == name || function.en == name)
}

#[cfg(test)]
mod tests {
    use super::FUNCTIONS;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = FUNCTIONS.iter().flat_map(|function| [function.zh, function.en]).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
