//! A13.2 计费日期与住院时间不符: a line used before admission or after discharge.
//!
//! In: a city. Out: stays with a line on the day before, the first, the last and the day after.
//! Invariant: the amount is the whole line.

use crate::calendar::{Day, Moment, day};
use crate::catalogue::{ECG, IBUPROFEN, Item, PNEUMONIA};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;

const ADMITTED: Day = day(2024, 12, 2);
const DISCHARGED: Day = day(2024, 12, 6);

/// Cases of A13.2.
pub(super) fn plant(city: &mut City<'_>) {
    for time in [ADMITTED.plus(-1).at(23, 59), DISCHARGED.plus(1).at(0, 0)] {
        let key = stay(city, &ECG, time, false);
        city.finding("A13.2", key, Some(ECG.price.times(1)));
    }
    for time in [ADMITTED.at(0, 0), DISCHARGED.at(23, 59)] {
        let key = stay(city, &ECG, time, false);
        city.near_miss("A13.2", key, "使用时间在入院当日或出院当日");
    }
    let key = stay(city, &IBUPROFEN, DISCHARGED.plus(1).at(9, 0), true);
    city.near_miss("A13.2", key, "出院带药，豁免");
}

fn stay(city: &mut City<'_>, item: &'static Item, time: Moment, taken_home: bool) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let times = (ADMITTED.at(9, 0), DISCHARGED.at(10, 0));
    let mut claim = city.stay((&person, &hospital), times, &PNEUMONIA);
    claim.fund = Fund::Fixed(Money(0));
    claim.ward_days();
    let line = claim.charge(item, 1, time);
    line.taken_home = taken_home;
    let key = line.key.clone();
    city.file(&claim);
    key
}
