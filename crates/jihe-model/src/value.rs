//! How single values are carried.
//!
//! In: nothing. Out: [`Value`], [`Symbol`], [`Instant`], [`AgeLimit`], and why a value is missing.
//! Invariant: equal values of one type have equal words, so columns compare words.

use core::fmt;

pub use crate::symbols::Symbols;

/// An interned text: equal texts of one run have equal symbols; the order of symbols means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// One value, or why there is none.
///
/// | type | word |
/// |---|---|
/// | 是否 | 0 or 1 |
/// | 文本, code, reference, code set | the [`Symbol`] |
/// | 数量, 比例, count | value × 10⁶ |
/// | 单价 | value × 10⁶ |
/// | 金额 | value × 10⁴ |
/// | 日期, 日/周/月/季/年 period | days since 1970-01-01 (of the first day of the period) |
/// | 时间, 时 period | [`Instant`]: seconds × 2 + (1 if a time of day is known) |
/// | fixed duration | seconds |
/// | 月 duration | months |
/// | 年龄 | [`Age`] |
/// | age bound | [`AgeLimit`] |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value {
    /// A present value.
    Known(i64),
    /// Known from below only (sentence 32): the true value is at least this.
    AtLeast(i64, Cause),
    /// Missing.
    Missing(Cause),
}

/// Why a value is missing: an entry of the ruleset's table of causes ([`CauseKind`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause(pub u16);

/// The reasons for 无法判定, as counted in the coverage manifest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// A field has no value, or its column or parent record was not supplied: `kind.field`, English names.
    Field {
        /// English name of the kind.
        kind: String,
        /// English name of the field.
        field: String,
    },
    /// A record kind was not supplied.
    Kind(String),
    /// A lookup found no row in this table.
    Row(String),
    /// A knowledge table was not supplied.
    Table(String),
    /// A set reaches outside the covered time of this kind.
    Coverage(String),
    /// The value of an empty set, an empty neighbour or first record.
    Empty,
    /// Division by zero.
    DivisionByZero,
    /// A result too large to carry.
    Overflow,
    /// 标准差 of fewer than two values.
    TooFew,
    /// A value has no time of day where hours or minutes are compared.
    TimeOfDay,
    /// A record spans too many days for 逐日.
    TooManyDays,
    /// An interval ends before it starts, or a refund exceeds its line.
    Contradiction(String),
    /// A population summary was not supplied to a session.
    Snapshot(String),
}

/// A civil instant: a day, with or without a time of day.
///
/// An instant without a time of day sorts before every instant of that day with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Seconds of a day.
    pub const DAY: i64 = 86_400;

    /// A day without a time of day.
    pub fn of_day(day: i64) -> Self {
        Self(day.saturating_mul(Self::DAY).saturating_mul(2))
    }

    /// A civil second: days × 86 400 + seconds of the day.
    pub fn of_second(second: i64) -> Self {
        Self(second.saturating_mul(2).saturating_add(1))
    }

    /// The civil second; midnight where the time of day is unknown.
    pub fn second(self) -> i64 {
        self.0.div_euclid(2)
    }

    /// The day, as days since 1970-01-01.
    pub fn day(self) -> i64 {
        self.second().div_euclid(Self::DAY)
    }

    /// Whether the time of day is known.
    pub fn has_time(self) -> bool {
        self.0.rem_euclid(2) == 1
    }
}

/// A birth date and the day it is seen from, packed: the word of 年龄.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Age(pub i64);

impl Age {
    /// Packs two days (days since 1970-01-01, each within 32 bits).
    pub fn new(birth: i64, at: i64) -> Self {
        Self(birth.wrapping_shl(32) | (at & 0xffff_ffff))
    }

    /// Day of birth.
    pub fn birth(self) -> i64 {
        self.0 >> 32
    }

    /// The day it is seen from.
    pub fn at(self) -> i64 {
        (self.0.wrapping_shl(32)) >> 32
    }
}

/// The unit of an age bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgeUnit {
    /// 岁
    Years,
    /// 月, 月龄
    Months,
    /// 天
    Days,
}

/// A bound for an age: count × 4 + unit (0 years, 1 months, 2 days).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AgeLimit(pub i64);

impl AgeLimit {
    /// A bound of so many units.
    pub fn new(count: i64, unit: AgeUnit) -> Self {
        let unit = match unit {
            AgeUnit::Years => 0,
            AgeUnit::Months => 1,
            AgeUnit::Days => 2,
        };
        Self(count.saturating_mul(4).saturating_add(unit))
    }

    /// How many units.
    pub fn count(self) -> i64 {
        self.0.div_euclid(4)
    }

    /// Which unit.
    pub fn unit(self) -> AgeUnit {
        match self.0.rem_euclid(4) {
            0 => AgeUnit::Years,
            1 => AgeUnit::Months,
            _ => AgeUnit::Days,
        }
    }
}

impl fmt::Display for CauseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CauseKind::Field { kind, field } => write!(f, "field:{kind}.{field}"),
            CauseKind::Kind(kind) => write!(f, "kind:{kind}"),
            CauseKind::Row(table) => write!(f, "row:{table}"),
            CauseKind::Table(table) => write!(f, "table:{table}"),
            CauseKind::Coverage(kind) => write!(f, "coverage:{kind}"),
            CauseKind::Empty => write!(f, "empty"),
            CauseKind::DivisionByZero => write!(f, "division_by_zero"),
            CauseKind::Overflow => write!(f, "overflow"),
            CauseKind::TooFew => write!(f, "too_few"),
            CauseKind::TimeOfDay => write!(f, "time_of_day"),
            CauseKind::TooManyDays => write!(f, "too_many_days"),
            CauseKind::Contradiction(what) => write!(f, "contradiction:{what}"),
            CauseKind::Snapshot(name) => write!(f, "snapshot:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_values_unpack() {
        let age = Age::new(-5000, 19_000);
        assert_eq!((age.birth(), age.at()), (-5000, 19_000));
        let limit = AgeLimit::new(28, AgeUnit::Days);
        assert_eq!((limit.count(), limit.unit()), (28, AgeUnit::Days));
        let moment = Instant::of_second(-1);
        assert_eq!((moment.day(), moment.has_time()), (-1, true));
        assert!(Instant::of_day(3) < Instant::of_second(3 * Instant::DAY));
    }
}
