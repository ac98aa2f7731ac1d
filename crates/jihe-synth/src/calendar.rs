//! The civil calendar of the generator: days, seconds and how they are written.
//!
//! In: year, month, day. Out: days since 1970-01-01, seconds since then in local civil time, and their texts.
//! Invariant: shares no code with the library under test, so that a mistake there cannot hide here.

use std::fmt::{self, Display};

/// A civil day: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(pub(crate) i64);

/// A civil second: seconds since 1970-01-01 00:00:00 without any time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) i64);

/// The day of a date of the Gregorian calendar.
pub(crate) const fn day(year: i64, month: i64, day_of_month: i64) -> Day {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted - era * 400;
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day_of_month - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Day(era * 146_097 + day_of_era - 719_468)
}

impl Day {
    /// So many days later; earlier if negative.
    pub(crate) const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// A time of this day.
    pub(crate) const fn at(self, hour: i64, minute: i64) -> Moment {
        Moment(self.0 * 86_400 + hour * 3_600 + minute * 60)
    }

    /// Year, month and day of the month.
    pub(crate) const fn civil(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted - era * 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day_of_month)
    }

    /// 1 is Monday, 7 is Sunday.
    pub(crate) const fn weekday(self) -> i64 {
        (self.0 + 3).rem_euclid(7) + 1
    }

    /// The Monday of its week.
    pub(crate) const fn monday(self) -> Self {
        Self(self.0 - (self.weekday() - 1))
    }

    /// The first day of the next month.
    pub(crate) const fn next_month(self) -> Self {
        let (year, month, _) = self.civil();
        if month == 12 { day(year + 1, 1, 1) } else { day(year, month + 1, 1) }
    }

    /// `2024-04`
    pub(crate) fn month_text(self) -> String {
        let (year, month, _) = self.civil();
        format!("{year:04}-{month:02}")
    }

    /// `2024-W14`, the week of the ISO calendar.
    pub(crate) fn week_text(self) -> String {
        let thursday = self.monday().plus(3);
        let (year, _, _) = thursday.civil();
        let week = (thursday.0 - day(year, 1, 1).0) / 7 + 1;
        format!("{year:04}-W{week:02}")
    }
}

impl Moment {
    /// Its day.
    pub(crate) const fn day(self) -> Day {
        Day(self.0.div_euclid(86_400))
    }

    /// So many minutes later; earlier if negative.
    pub(crate) const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * 60)
    }
}

impl Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day_of_month) = self.civil();
        write!(f, "{year:04}-{month:02}-{day_of_month:02}")
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(86_400);
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        write!(f, "{} {hour:02}:{minute:02}:{:02}", self.day(), second % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::{Day, day};

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(day(1970, 1, 1).0, 0);
        assert_eq!(day(2024, 3, 1).plus(-1).to_string(), "2024-02-29");
        for number in -200_000..200_000 {
            let (year, month, day_of_month) = Day(number).civil();
            assert_eq!(day(year, month, day_of_month).0, number);
        }
    }

    #[test]
    fn weeks_follow_the_iso_calendar() {
        assert_eq!(day(2024, 4, 1).weekday(), 1);
        assert_eq!(day(2024, 4, 1).week_text(), "2024-W14");
        assert_eq!(day(2023, 1, 1).week_text(), "2022-W52");
        assert_eq!(day(2024, 12, 30).week_text(), "2025-W01");
    }

    #[test]
    fn times_are_written_to_the_second() {
        assert_eq!(day(2024, 4, 1).at(8, 5).to_string(), "2024-04-01 08:05:00");
    }
}
