//! The types of the rule language and of claim fields.
//!
//! In: nothing. Out: [`Type`] and its parts.
//! Invariant: a type fixes the unit and the scale of the integers that carry its values.

use crate::schema::{KindId, SystemId};

pub use crate::names::{type_by_name, type_name};

/// The type of a field, parameter, table column or expression.
///
/// Every value is one machine word; the table in [`crate::value::Value`] says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// 是否
    Bool,
    /// 文本
    Text,
    /// A code of a named system (诊断, 项目, 医疗类别 …).
    Code(SystemId),
    /// The key of a record of a kind (就诊.参保人): comparable with keys of the same kind only.
    Reference(KindId),
    /// 数量, 比例, counts and ratios: scale 6.
    Number,
    /// 金额, 元: scale 4.
    Money,
    /// 单价: scale 6.
    UnitPrice,
    /// 日期: a civil day.
    Date,
    /// 时间: a civil day, with or without a time of day.
    Instant,
    /// A fixed length of time in whole seconds; the unit is how it is written and compared without a warning.
    Duration(DurationUnit),
    /// A calendar length in whole months (月, 季, 年 literals; 年 is 12).
    Months,
    /// 年龄 of a person at a clock.
    Age,
    /// A bound for an age: `18 岁`, `6 月`, `28 天` with its unit.
    AgeLimit,
    /// 甲 至 乙 of dates or instants; never stored in a column.
    Interval,
    /// A calendar period: 日(x), 月(x) …
    Period(PeriodUnit),
    /// A table cell holding code patterns (`诊断 集`).
    CodeSet(SystemId),
}

/// How a fixed length of time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DurationUnit {
    /// 天 (and 周)
    Day,
    /// 小时, also the difference of two instants
    Hour,
    /// 分钟
    Minute,
}

/// Calendar periods, each a civil span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PeriodUnit {
    /// 时(x) of a group key, 同一小时
    Hour,
    /// 日(x)
    Day,
    /// 周(x), Monday to Sunday
    Week,
    /// 月(x)
    Month,
    /// 季(x)
    Quarter,
    /// 年(x)
    Year,
    /// 医保年度(x), which begins on this day
    BenefitYear(YearStart),
}

/// The day on which a benefit year begins: one that every year has, so not 29 February.
///
/// ```
/// use jihe_model::types::YearStart;
/// assert_eq!(YearStart::new(7, 1).map(|start| (start.month(), start.day())), Some((7, 1)));
/// assert_eq!(YearStart::new(2, 29), None);
/// assert_eq!(YearStart::default(), YearStart::NATURAL);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearStart {
    month: u8,
    day: u8,
}

impl YearStart {
    /// 1 January: the benefit year is the natural year.
    pub const NATURAL: YearStart = YearStart { month: 1, day: 1 };

    /// A month from 1 and a day from 1; none if some year lacks that day.
    pub fn new(month: u32, day: u32) -> Option<Self> {
        // 2023 has no 29 February.
        crate::calendar::day_of(2023, month, day)?;
        Some(Self { month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }

    /// The month, from 1.
    pub fn month(self) -> u32 {
        u32::from(self.month)
    }

    /// The day of the month, from 1.
    pub fn day(self) -> u32 {
        u32::from(self.day)
    }
}

impl Default for YearStart {
    fn default() -> Self {
        Self::NATURAL
    }
}

impl Type {
    /// Digits after the point that the carrying integer holds, for exact decimals.
    pub fn scale(self) -> Option<u32> {
        match self {
            Type::Money => Some(4),
            Type::Number | Type::UnitPrice => Some(6),
            Type::Bool
            | Type::Text
            | Type::Code(_)
            | Type::Reference(_)
            | Type::Date
            | Type::Instant
            | Type::Duration(_)
            | Type::Months
            | Type::Age
            | Type::AgeLimit
            | Type::Interval
            | Type::Period(_)
            | Type::CodeSet(_) => None,
        }
    }

    /// Whether values are interned texts ([`crate::value::Symbol`]).
    pub fn is_symbol(self) -> bool {
        matches!(self, Type::Text | Type::Code(_) | Type::Reference(_) | Type::CodeSet(_))
    }
}
