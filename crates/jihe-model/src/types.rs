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
    /// 医保年度(x)
    BenefitYear,
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
