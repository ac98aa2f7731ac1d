//! C10 空刷医保卡: ten settlements of a pharmacy within ten minutes of a night, or half of twenty in round hundreds.
//!
//! In: a city. Out: pharmacies with one busy day each.
//! Invariant: each purchase is another person's.

use crate::calendar::{Day, Moment, day};
use crate::catalogue::{HYPERTENSION, OMEPRAZOLE};
use crate::city::City;
use crate::decimal::Price;
use crate::people::{DISTRICTS, Level};

const DAY: Day = day(2024, 12, 11);
const NIGHT: Moment = DAY.at(22, 0);

/// Cases of C10.
pub(super) fn plant(city: &mut City<'_>) {
    let key = burst(city, NIGHT, 10, 10);
    city.finding("C10", key, None);
    let key = burst(city, NIGHT, 9, 10);
    city.near_miss("C10", key, "夜间10分钟内9笔");
    let key = burst(city, NIGHT, 10, 11);
    city.near_miss("C10", key, "10笔相隔11分钟");
    let key = burst(city, NIGHT.plus_minutes(-11), 10, 10);
    city.near_miss("C10", key, "22点之前");
    let key = hundreds(city, 20, 10);
    city.finding("C10", key, None);
    let key = hundreds(city, 20, 9);
    city.near_miss("C10", key, "整百的占45%");
    let key = hundreds(city, 19, 19);
    city.near_miss("C10", key, "全日19笔");
    let key = hundreds(city, 51, 25);
    city.near_miss("C10", key, "整百的占49.02%");
}

/// A purchase for each time and price; the key of the pharmacy's day.
fn purchases(city: &mut City<'_>, purchases: &[(Moment, i64)]) -> String {
    let pharmacy = city.new_institution(Level::Pharmacy, DISTRICTS[0]);
    for (time, cents) in purchases {
        let person = city.resident();
        let mut claim = city.outpatient((&person, &pharmacy), *time, &HYPERTENSION);
        claim.category = "41";
        claim.settled = *time;
        claim.charge(&OMEPRAZOLE, 1, *time).price = Price::cents(*cents);
        city.file(&claim);
    }
    format!("{}|{DAY}", pharmacy.key)
}

/// So many purchases from a time on, the last one so many minutes after the first.
fn burst(city: &mut City<'_>, start: Moment, count: i64, minutes: i64) -> String {
    let times = (0..count).map(|number| if number + 1 == count { minutes } else { number.min(8) });
    let times: Vec<(Moment, i64)> = times.map(|later| (start.plus_minutes(later), 2_560)).collect();
    purchases(city, &times)
}

/// So many purchases over a day, some of them of a hundred yuan.
fn hundreds(city: &mut City<'_>, count: i64, round: i64) -> String {
    let price = |number| if number < round { 10_000 } else { 2_560 };
    let all: Vec<(Moment, i64)> =
        (0..count).map(|number| (DAY.at(8, 0).plus_minutes(number * 13), price(number))).collect();
    purchases(city, &all)
}
