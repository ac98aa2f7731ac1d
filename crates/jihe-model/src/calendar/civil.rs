//! Arithmetic of days, months and ages.
//!
//! In: days since 1970-01-01. Out: the same, or years, months and days.
//! Invariant: results beyond the calendar are clipped to its ends, never wrapped.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::types::{PeriodUnit, YearStart};
use crate::value::Instant;

/// Year, month and day of a day.
///
/// ```
/// use jihe_model::calendar::{civil, day_of};
/// assert_eq!(civil(0), (1970, 1, 1));
/// assert_eq!(day_of(2024, 2, 29).map(civil), Some((2024, 2, 29)));
/// ```
pub fn civil(day: i64) -> (i32, u32, u32) {
    let date = date(day);
    (date.year(), date.month(), date.day())
}

/// The day of a year, month and day; none if there is no such day.
pub fn day_of(year: i32, month: u32, day: u32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, month, day).map(number)
}

/// The same day of the month so many months later (or earlier), clipped to the last day of the month.
///
/// ```
/// use jihe_model::calendar::{add_months, day_of};
/// assert_eq!(Some(add_months(day_of(2024, 3, 31).unwrap(), -1)), day_of(2024, 2, 29));
/// ```
pub fn add_months(day: i64, months: i64) -> i64 {
    let date = date(day);
    let count = Months::new(u32::try_from(months.unsigned_abs()).unwrap_or(u32::MAX));
    let moved = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    number(moved.unwrap_or(if months < 0 { NaiveDate::MIN } else { NaiveDate::MAX }))
}

/// Monday of the week of a day.
pub fn week_start(day: i64) -> i64 {
    // 1970-01-01 was a Thursday, three days after a Monday.
    let weekday = day.saturating_add(3).rem_euclid(7);
    day.saturating_sub(weekday)
}

/// First day of the month.
pub fn month_start(day: i64) -> i64 {
    let (year, month, _) = civil(day);
    day_of(year, month, 1).unwrap_or(day)
}

/// Last day of the month.
pub fn last_day_of_month(day: i64) -> i64 {
    add_months(month_start(day), 1).saturating_sub(1)
}

/// First day of the quarter.
pub fn quarter_start(day: i64) -> i64 {
    let (year, month, _) = civil(day);
    let first = match month {
        1..=3 => 1,
        4..=6 => 4,
        7..=9 => 7,
        _ => 10,
    };
    day_of(year, first, 1).unwrap_or(day)
}

/// First day of the year.
pub fn year_start(day: i64) -> i64 {
    day_of(civil(day).0, 1, 1).unwrap_or(day)
}

/// First day of the benefit year that holds a day: the last such day of the calendar that is not later.
///
/// ```
/// use jihe_model::{calendar::{benefit_year_start, day_of}, types::YearStart};
/// let july = YearStart::new(7, 1).unwrap();
/// assert_eq!(benefit_year_start(day_of(2024, 6, 30).unwrap(), july), day_of(2023, 7, 1).unwrap());
/// assert_eq!(benefit_year_start(day_of(2024, 7, 1).unwrap(), july), day_of(2024, 7, 1).unwrap());
/// ```
pub fn benefit_year_start(day: i64, start: YearStart) -> i64 {
    let (year, month, of_month) = civil(day);
    let begun = (month, of_month) >= (start.month(), start.day());
    let year = if begun { year } else { year.saturating_sub(1) };
    day_of(year, start.month(), start.day()).unwrap_or(day)
}

/// The word of the calendar period that holds a moment: its first day, or for hours the instant it starts.
///
/// None for hours when the moment has no time of day.
pub fn period_start(unit: PeriodUnit, moment: Instant) -> Option<i64> {
    let day = moment.day();
    Some(match unit {
        PeriodUnit::Hour => {
            if !moment.has_time() {
                return None;
            }
            let second = moment.second();
            Instant::of_second(second.saturating_sub(second.rem_euclid(3600))).0
        }
        PeriodUnit::Day => day,
        PeriodUnit::Week => week_start(day),
        PeriodUnit::Month => month_start(day),
        PeriodUnit::Quarter => quarter_start(day),
        PeriodUnit::Year => year_start(day),
        PeriodUnit::BenefitYear(start) => benefit_year_start(day, start),
    })
}

/// Completed years from birth to a day; 29 February comes of age on 1 March. Negative before birth.
///
/// ```
/// use jihe_model::calendar::{age_years, day_of};
/// let born = day_of(2000, 2, 29).unwrap();
/// assert_eq!(age_years(born, day_of(2018, 2, 28).unwrap()), 17);
/// assert_eq!(age_years(born, day_of(2018, 3, 1).unwrap()), 18);
/// ```
pub fn age_years(birth: i64, at: i64) -> i64 {
    age_months(birth, at).div_euclid(12)
}

/// Completed months from birth to a day; a month that has no such day is completed on the first of the next.
pub fn age_months(birth: i64, at: i64) -> i64 {
    let (birth_year, birth_month, birth_day) = civil(birth);
    let (year, month, day) = civil(at);
    let whole = i64::from(year)
        .saturating_sub(i64::from(birth_year))
        .saturating_mul(12)
        .saturating_add(i64::from(month))
        .saturating_sub(i64::from(birth_month));
    if day < birth_day { whole.saturating_sub(1) } else { whole }
}

/// Completed days from birth to a day.
pub fn age_days(birth: i64, at: i64) -> i64 {
    at.saturating_sub(birth)
}

pub(super) fn date(day: i64) -> NaiveDate {
    let epoch = NaiveDate::default();
    let count = Days::new(day.unsigned_abs());
    let moved = if day < 0 { epoch.checked_sub_days(count) } else { epoch.checked_add_days(count) };
    moved.unwrap_or(if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

fn number(date: NaiveDate) -> i64 {
    // Day 1 of the common era is 719 163 days before 1970-01-01, which is day 719 163 of it.
    i64::from(date.num_days_from_ce()).saturating_sub(719_163)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> i64 {
        day_of(year, month, day).unwrap()
    }

    #[test]
    fn the_epoch_and_the_open_end() {
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(9999, 12, 31), crate::calendar::NO_END);
        assert_eq!(day_of(2023, 2, 29), None);
        assert_eq!(civil(-1), (1969, 12, 31));
    }

    #[test]
    fn months_are_clipped() {
        assert_eq!(add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
        assert_eq!(add_months(day(2023, 1, 31), 1), day(2023, 2, 28));
        assert_eq!(add_months(day(2024, 3, 15), -12), day(2023, 3, 15));
        assert_eq!(add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
        assert_eq!(civil(add_months(0, i64::MAX)), (262_142, 12, 31));
        assert_eq!(civil(i64::MIN).0, -262_143);
    }

    #[test]
    fn period_starts() {
        assert_eq!(week_start(day(2024, 4, 7)), day(2024, 4, 1));
        assert_eq!(week_start(day(2024, 4, 1)), day(2024, 4, 1));
        assert_eq!(week_start(-1), -3);
        assert_eq!(month_start(day(2024, 2, 29)), day(2024, 2, 1));
        assert_eq!(last_day_of_month(day(2024, 2, 1)), day(2024, 2, 29));
        assert_eq!(quarter_start(day(2024, 6, 30)), day(2024, 4, 1));
        assert_eq!(quarter_start(day(2024, 12, 31)), day(2024, 10, 1));
        assert_eq!(year_start(day(2024, 12, 31)), day(2024, 1, 1));
    }

    #[test]
    fn an_hour_needs_a_time_of_day() {
        let noon = Instant::of_second(12 * 3600 + 59 * 60);
        assert_eq!(period_start(PeriodUnit::Hour, noon), Some(Instant::of_second(12 * 3600).0));
        assert_eq!(period_start(PeriodUnit::Hour, Instant::of_day(3)), None);
        assert_eq!(period_start(PeriodUnit::Day, noon), Some(0));
    }

    #[test]
    fn ages() {
        let born = day(2024, 1, 31);
        assert_eq!(age_months(born, day(2024, 2, 29)), 0);
        assert_eq!(age_months(born, day(2024, 3, 1)), 1);
        assert_eq!(age_months(born, day(2024, 3, 31)), 2);
        assert_eq!(age_years(born, day(2025, 1, 30)), 0);
        assert_eq!(age_years(born, day(2025, 1, 31)), 1);
        assert_eq!(age_days(born, day(2024, 2, 28)), 28);
        assert_eq!(age_years(born, day(2024, 1, 30)), -1);
    }
}
