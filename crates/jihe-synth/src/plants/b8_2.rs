//! B8.2 周期超频次: an item again before its period is over.
//!
//! In: a city. Out: tests on the last day inside a period and on the first day after it.
//! Invariant: one unit a period is paid; the amount is the share of a line above it.

use crate::calendar::day;
use crate::catalogue::{HBA1C, Item, REHABILITATION_ASSESSMENT};
use crate::city::City;
use crate::people::Institution;

/// Cases of B8.2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    again(city, &hospital, &HBA1C, 90);
    again(city, &hospital, &REHABILITATION_ASSESSMENT, 14);
    let key = times(city, &hospital, &REHABILITATION_ASSESSMENT, &[(0, 2)]);
    city.finding("B8.2", key, Some(REHABILITATION_ASSESSMENT.price.times(2).times_ratio(1, 2)));
    refunded(city, &hospital);
}

fn again(city: &mut City<'_>, hospital: &Institution, item: &'static Item, period: i64) {
    let key = times(city, hospital, item, &[(0, 1), (period - 1, 1)]);
    city.finding("B8.2", key, Some(item.price.times(1)));
    let key = times(city, hospital, item, &[(0, 1), (period, 1)]);
    city.near_miss("B8.2", key, &format!("距上次整{period}天"));
}

/// Visits so many days after the first, each with so many units; the key of the last line.
fn times(city: &mut City<'_>, hospital: &Institution, item: &'static Item, visits: &[(i64, i64)]) -> String {
    let person = city.resident();
    let mut key = String::new();
    for (later, quantity) in visits {
        let time = day(2024, 2, 20).plus(*later).at(9, 0);
        let mut claim = city.consultation(&person, hospital, time);
        key.clone_from(&claim.charge(item, *quantity, time.plus_minutes(30)).key);
        city.file(&claim);
    }
    key
}

fn refunded(city: &mut City<'_>, hospital: &Institution) {
    let person = city.resident();
    let time = day(2024, 2, 21).at(9, 0);
    let mut claim = city.consultation(&person, hospital, time);
    let first = claim.charge(&HBA1C, 1, time).key.clone();
    claim.take_back(&first, 1, time.plus_minutes(30));
    city.file(&claim);
    let key = city.single((&person, hospital), time.plus_minutes(60 * 24 * 20), &HBA1C);
    city.near_miss("B8.2", key, "20天前的一次已全部退费");
}
