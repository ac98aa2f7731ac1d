//! The civil calendar, from the day-count algorithms and nothing else.
//!
//! In: days since 1970-01-01. Out: years, months, period starts, ages.
//! Invariant: days beyond ±10¹⁰ are clamped first, so no arithmetic here can overflow.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "every operand is clamped to ±10^10 days or 10^9 months on entry"
)]

use jihe_model::types::PeriodUnit;
use jihe_model::value::{Age, AgeUnit, Instant};

const FARTHEST_DAY: i64 = 10_000_000_000;
const FARTHEST_MONTHS: i64 = 1_000_000_000;

/// Year, month 1–12, day 1–31.
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    // Days are counted from 1 March of year 0, so that the leap day ends a year of 400-year eras.
    let shifted = day.clamp(-FARTHEST_DAY, FARTHEST_DAY) + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

/// The day of a civil date.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn is_leap(year: i64) -> bool {
    (year.rem_euclid(4) == 0 && year.rem_euclid(100) != 0) || year.rem_euclid(400) == 0
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Sentence 12: keeps the day of month, clipped to the last day of the month.
pub(crate) fn add_months(day: i64, months: i64) -> i64 {
    let (year, month, day_of_month) = civil(day);
    let total = year * 12 + month - 1 + months.clamp(-FARTHEST_MONTHS, FARTHEST_MONTHS);
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    day_number(year, month, day_of_month.min(days_of_month(year, month)))
}

/// Months from the month of one day to that of another.
pub(crate) fn months_between(from: i64, to: i64) -> i64 {
    let (from_year, from_month, _) = civil(from);
    let (to_year, to_month, _) = civil(to);
    (to_year - from_year) * 12 + to_month - from_month
}

/// Monday is 0.
pub(crate) fn weekday(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day.clamp(-FARTHEST_DAY, FARTHEST_DAY) + 3).rem_euclid(7)
}

/// The first day of the period that holds a day.
pub(crate) fn period_start(unit: PeriodUnit, day: i64) -> i64 {
    let (year, month, _) = civil(day);
    match unit {
        PeriodUnit::Hour | PeriodUnit::Day => day,
        PeriodUnit::Week => day.clamp(-FARTHEST_DAY, FARTHEST_DAY) - weekday(day),
        PeriodUnit::Month => day_number(year, month, 1),
        PeriodUnit::Quarter => day_number(year, (month - 1) / 3 * 3 + 1, 1),
        PeriodUnit::Year => day_number(year, 1, 1),
        PeriodUnit::BenefitYear(start) => {
            let (month, day_of_month) = (i64::from(start.month()), i64::from(start.day()));
            let this_year = day_number(year, month, day_of_month);
            if this_year <= day { this_year } else { day_number(year - 1, month, day_of_month) }
        }
    }
}

/// The start of the following period; for hours, the words of instants.
pub(crate) fn next_period(unit: PeriodUnit, word: i64) -> i64 {
    match unit {
        PeriodUnit::Hour => word.saturating_add(7_200),
        PeriodUnit::Day => word.saturating_add(1),
        PeriodUnit::Week => word.saturating_add(7),
        PeriodUnit::Month => add_months(word, 1),
        PeriodUnit::Quarter => add_months(word, 3),
        PeriodUnit::Year | PeriodUnit::BenefitYear(_) => add_months(word, 12),
    }
}

/// The hour an instant lies in, as an instant with a time of day; none without one.
pub(crate) fn hour_start(instant: Instant) -> Option<i64> {
    instant.has_time().then(|| Instant::of_second(instant.second() - instant.second().rem_euclid(3_600)).0)
}

/// Completed years, months or days of an age (sentence 17): 29 February comes of age on 1 March.
pub(crate) fn completed(age: Age, unit: AgeUnit) -> i64 {
    let (birth_year, birth_month, birth_day) = civil(age.birth());
    let (year, month, day) = civil(age.at());
    match unit {
        AgeUnit::Days => age.at() - age.birth(),
        AgeUnit::Months => (year - birth_year) * 12 + month - birth_month - i64::from(day < birth_day),
        AgeUnit::Years => year - birth_year - i64::from((month, day) < (birth_month, birth_day)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        let mut expected = (1800, 1, 1);
        for day in day_number(1800, 1, 1)..day_number(2201, 1, 1) {
            assert_eq!(civil(day), expected);
            assert_eq!(day_number(expected.0, expected.1, expected.2), day);
            let (year, month, day_of_month) = expected;
            expected = if day_of_month < days_of_month(year, month) {
                (year, month, day_of_month + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
        assert_eq!(day_number(1970, 1, 1), 0);
    }

    #[test]
    fn sentence_12_months_are_clipped_and_weeks_start_on_monday() {
        assert_eq!(add_months(day_number(2024, 3, 31), -1), day_number(2024, 2, 29));
        assert_eq!(add_months(day_number(2023, 3, 31), -1), day_number(2023, 2, 28));
        assert_eq!(add_months(day_number(2024, 12, 31), 2), day_number(2025, 2, 28));
        assert_eq!(add_months(day_number(2024, 1, 15), -13), day_number(2022, 12, 15));
        // 2024-04-01 was a Monday.
        assert_eq!(period_start(PeriodUnit::Week, day_number(2024, 4, 7)), day_number(2024, 4, 1));
        assert_eq!(period_start(PeriodUnit::Week, day_number(2024, 4, 8)), day_number(2024, 4, 8));
    }

    #[test]
    fn sentence_17_leap_day_children_come_of_age_on_the_first_of_march() {
        let leap = day_number(2008, 2, 29);
        let years = |at| completed(Age::new(leap, at), AgeUnit::Years);
        assert_eq!(years(day_number(2026, 2, 28)), 17);
        assert_eq!(years(day_number(2026, 3, 1)), 18);
        assert_eq!(years(day_number(2028, 2, 28)), 19);
        assert_eq!(years(day_number(2028, 2, 29)), 20);
        let months = |birth, at| completed(Age::new(birth, at), AgeUnit::Months);
        assert_eq!(months(day_number(2024, 3, 31), day_number(2024, 4, 30)), 0);
        assert_eq!(months(day_number(2024, 3, 31), day_number(2024, 5, 1)), 1);
        assert_eq!(completed(Age::new(day_number(2024, 3, 1), day_number(2024, 3, 29)), AgeUnit::Days), 28);
    }
}
