//! Dates and times as text.
//!
//! In: texts of files and rules, days and instants. Out: the other way round.
//! Invariant: what is printed is read back as the same value.

use super::civil::{civil, day_of, week_start};
use crate::types::PeriodUnit;
use crate::value::Instant;
use chrono::Datelike;

/// Reads `2024-01-01`, `2024/1/1`, `20240101`, `2024年1月1日`; a time of day after it must be midnight.
///
/// ```
/// use jihe_model::calendar::{parse_date, day_of};
/// assert_eq!(parse_date("20240229"), day_of(2024, 2, 29));
/// assert_eq!(parse_date("2024-02-30"), None);
/// assert_eq!(parse_date("2024-02-01 08:00"), None);
/// ```
pub fn parse_date(text: &str) -> Option<i64> {
    let moment = parse_instant(text)?;
    let midnight = moment.second().rem_euclid(Instant::DAY) == 0;
    midnight.then(|| moment.day())
}

/// Reads a date, with a time of day or without: `2024-01-01 08:30`, `2024-01-01T08:30:59`, `20240101083000`.
///
/// Fractions of a second must be zero. `24:00` is not a time.
pub fn parse_instant(text: &str) -> Option<Instant> {
    let bytes = text.trim().as_bytes();
    let (day, rest) = read_day(bytes)?;
    if rest.is_empty() {
        return Some(Instant::of_day(day));
    }
    let clock = match rest {
        [b' ' | b'T' | b't', clock @ ..] => clock,
        // The compact form runs on without a separator.
        clock if bytes.len() == 14 || bytes.len() == 12 => clock,
        _ => return None,
    };
    let second = read_clock(clock.trim_ascii())?;
    Some(Instant::of_second(day.checked_mul(Instant::DAY)?.checked_add(second)?))
}

fn read_day(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let (year, rest) = digits(bytes, 4, 4)?;
    let (month, day, rest) = match rest {
        [separator @ (b'-' | b'/' | b'.'), rest @ ..] => {
            let (month, rest) = digits(rest, 1, 2)?;
            let (day, rest) = digits(rest.strip_prefix(&[*separator])?, 1, 2)?;
            (month, day, rest)
        }
        [b'0'..=b'9', ..] => {
            let (month, rest) = digits(rest, 2, 2)?;
            let (day, rest) = digits(rest, 2, 2)?;
            (month, day, rest)
        }
        rest => {
            let (month, rest) = digits(rest.strip_prefix("年".as_bytes())?, 1, 2)?;
            let (day, rest) = digits(rest.strip_prefix("月".as_bytes())?, 1, 2)?;
            (month, day, rest.strip_prefix("日".as_bytes())?)
        }
    };
    Some((day_of(i32::try_from(year).ok()?, month, day)?, rest))
}

fn read_clock(bytes: &[u8]) -> Option<i64> {
    let (hour, rest) = digits(bytes, 1, 2)?;
    let colon = rest.strip_prefix(b":");
    let (minute, rest) = digits(colon.unwrap_or(rest), 2, 2)?;
    let (second, rest) = match (colon, rest) {
        (_, []) => (0, rest),
        (Some(_), rest) => digits(rest.strip_prefix(b":")?, 2, 2)?,
        (None, rest) => digits(rest, 2, 2)?,
    };
    let fraction = rest.strip_prefix(b".").unwrap_or(rest);
    if hour > 23 || minute > 59 || second > 59 || fraction.iter().any(|byte| *byte != b'0') {
        return None;
    }
    if rest.len() == fraction.len() && !rest.is_empty() {
        return None;
    }
    i64::from(hour)
        .checked_mul(3600)?
        .checked_add(i64::from(minute).checked_mul(60)?)?
        .checked_add(i64::from(second))
}

/// Between `least` and `most` digits from the front.
fn digits(bytes: &[u8], least: usize, most: usize) -> Option<(u32, &[u8])> {
    let length = bytes.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    if length < least {
        return None;
    }
    let (head, rest) = bytes.split_at_checked(length)?;
    let value = head
        .iter()
        .fold(0u32, |value, byte| value.wrapping_mul(10).wrapping_add(u32::from(byte.wrapping_sub(b'0'))));
    Some((value, rest))
}

/// `2024-04-01`
pub fn format_day(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2024-04-01 08:30`, with seconds where there are any, without a time of day where none is known.
pub fn format_instant(moment: Instant) -> String {
    let day = format_day(moment.day());
    if !moment.has_time() {
        return day;
    }
    let (hour, minute, second) = clock(moment);
    if second == 0 {
        format!("{day} {hour:02}:{minute:02}")
    } else {
        format!("{day} {hour:02}:{minute:02}:{second:02}")
    }
}

fn clock(moment: Instant) -> (i64, i64, i64) {
    let second = moment.second().rem_euclid(Instant::DAY);
    (second.div_euclid(3600), second.rem_euclid(3600).div_euclid(60), second.rem_euclid(60))
}

/// `2024-W14`: the ISO week of a day.
pub fn format_week(day: i64) -> String {
    // The year of a week is the year of its Thursday.
    let week = super::civil::date(week_start(day)).iso_week();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// `2024-04`
pub fn format_month(day: i64) -> String {
    let (year, month, _) = civil(day);
    format!("{year:04}-{month:02}")
}

/// `2024-Q2`
pub fn format_quarter(day: i64) -> String {
    let (year, month, _) = civil(day);
    let quarter = month.saturating_add(2).div_euclid(3);
    format!("{year:04}-Q{quarter}")
}

/// `2024`
pub fn format_year(day: i64) -> String {
    format!("{:04}", civil(day).0)
}

/// The text of a calendar period from its word (contract 2); hours are `2024-04-01T13`.
///
/// ```
/// use jihe_model::calendar::{day_of, format_period};
/// use jihe_model::types::PeriodUnit;
/// let day = day_of(2024, 4, 1).unwrap();
/// assert_eq!(format_period(PeriodUnit::Week, day), "2024-W14");
/// assert_eq!(format_period(PeriodUnit::Quarter, day), "2024-Q2");
/// ```
pub fn format_period(unit: PeriodUnit, word: i64) -> String {
    match unit {
        PeriodUnit::Hour => {
            let moment = Instant(word);
            let (hour, _, _) = clock(moment);
            format!("{}T{hour:02}", format_day(moment.day()))
        }
        PeriodUnit::Day => format_day(word),
        PeriodUnit::Week => format_week(word),
        PeriodUnit::Month => format_month(word),
        PeriodUnit::Quarter => format_quarter(word),
        PeriodUnit::Year | PeriodUnit::BenefitYear(_) => format_year(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_four_spellings() {
        let expected = day_of(2024, 1, 5);
        for text in [
            "2024-01-05",
            "2024/1/5",
            "2024.01.05",
            "20240105",
            "2024年1月5日",
            "2024-01-05 00:00:00",
            " 2024-1-5 ",
        ] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
        for text in [
            "",
            "2024",
            "2024-13-01",
            "2024-02-30",
            "24-01-01",
            "2024-01/05",
            "2024-01-05x",
            "2024-01-05 25:00",
            "45000",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn times_of_day() {
        let second = day_of(2024, 1, 5).unwrap() * 86_400 + 8 * 3600 + 30 * 60;
        for text in [
            "2024-01-05 08:30",
            "2024-01-05T08:30:00",
            "2024-01-05 8:30",
            "20240105083000",
            "202401050830",
            "2024-01-05 08:30:00.000",
        ] {
            assert_eq!(parse_instant(text), Some(Instant::of_second(second)), "{text}");
        }
        for text in [
            "2024-01-05 24:00",
            "2024-01-05 08:60",
            "2024-01-05 08:30:00.5",
            "2024-01-05 8",
            "2024-01-05 08:30:00 ",
            "2024-01-05 08:30:00+08",
        ] {
            let read = parse_instant(text);
            assert_eq!(read.is_some(), text.ends_with(' '), "{text}");
        }
        assert!(!parse_instant("2024-01-05").unwrap().has_time());
    }

    #[test]
    fn printing_and_reading_back() {
        for day in [-1, 0, 19_723, 19_782, 40_000] {
            assert_eq!(parse_date(&format_day(day)), Some(day));
        }
        let moment = Instant::of_second(1_704_443_401);
        assert_eq!(parse_instant(&format_instant(moment)), Some(moment));
    }

    #[test]
    fn weeks_follow_their_thursday() {
        assert_eq!(format_week(day_of(2021, 1, 3).unwrap()), "2020-W53");
        assert_eq!(format_week(day_of(2024, 12, 30).unwrap()), "2025-W01");
    }

    #[test]
    fn hours() {
        let word = Instant::of_second(19_814 * 86_400 + 13 * 3600).0;
        assert_eq!(format_period(PeriodUnit::Hour, word), "2024-04-01T13");
    }
}
