//! A9 出院时间集中: the same as A8 for discharges.
//!
//! In: a city. Out: two hospitals, one discharging 20 on a day and one 19.
//! Invariant: admissions spread over the days before, so that A8 stays silent.

use super::wards::{brief_stay, subject};
use crate::calendar::{Day, day};
use crate::city::City;

const DAY: Day = day(2024, 7, 24);

/// Cases of A9.
pub(super) fn plant(city: &mut City<'_>) {
    for count in [20, 19] {
        let hospital = city.hospital();
        brief_stay(city, &hospital, DAY.plus(-45), (0, 2));
        for number in 0..count {
            let days = number % 4 + 1;
            brief_stay(city, &hospital, DAY.plus(-days), (number, days));
        }
        if count < 20 {
            city.near_miss("A9", subject(&hospital, DAY), "一日出院19人次");
        } else {
            city.finding("A9", subject(&hospital, DAY), None);
        }
    }
}
