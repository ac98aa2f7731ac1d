//! C12 用量异常增长: 20000 yuan or more of an item in a month, above twice the month before.
//!
//! In: a city. Out: hospitals with two months of one drug.
//! Invariant: hospitals without books, so that F1 and B6 do not ask.

use crate::calendar::{Day, day};
use crate::catalogue::SITAGLIPTIN;
use crate::city::City;
use crate::decimal::Price;
use crate::people::Institution;

/// Cases of C12.
pub(super) fn plant(city: &mut City<'_>) {
    let key = months(city, 999_999, 2_000_000);
    city.finding("C12", key, None);
    let key = months(city, 10_000, 1_999_999);
    city.near_miss("C12", key, "当月19999.99元");
    let key = months(city, 1_000_000, 2_000_000);
    city.near_miss("C12", key, "正好是上月的两倍");
    let key = months(city, 900_000, 2_000_001);
    city.finding("C12", key, None);
}

/// What the fund covers in April and in May, in hundredths of a yuan; the key of May.
fn months(city: &mut City<'_>, before: i64, now: i64) -> String {
    let hospital = city.hospital();
    sell(city, &hospital, day(2024, 4, 16), before);
    sell(city, &hospital, day(2024, 5, 16), now);
    format!("{}|{}|2024-05", hospital.key, SITAGLIPTIN.code)
}

fn sell(city: &mut City<'_>, hospital: &Institution, date: Day, cents: i64) {
    let person = city.resident();
    let time = date.at(9, 0);
    let mut claim = city.consultation(&person, hospital, time);
    claim.charge(&SITAGLIPTIN, 1, time).price = Price::cents(cents);
    city.file(&claim);
}
