//! G2 频繁门诊: outpatient visits on more than 50 days of a year.
//!
//! In: a city. Out: persons with visits on 50 and 51 days.
//! Invariant: only the last visit of a person is the fifty-first day.

use crate::calendar::day;
use crate::city::City;

/// Cases of G2.
pub(super) fn plant(city: &mut City<'_>) {
    let key = visits(city, 51, 51);
    city.finding("G2", key, None);
    let key = visits(city, 50, 50);
    city.near_miss("G2", key, "一年内50天");
    let key = visits(city, 51, 50);
    city.near_miss("G2", key, "51次门诊在50天之内");
}

/// So many visits on so many days; the last. More visits than days put the rest on the last day, at the same place.
fn visits(city: &mut City<'_>, count: i64, days: i64) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let mut key = String::new();
    for number in 0..count {
        let date = day(2024, 1, 15).plus(number.min(days - 1) * 6);
        let claim = city.consultation(&person, &hospital, date.at(9, 0).plus_minutes(number * 5));
        city.file(&claim);
        key = claim.key;
    }
    key
}
