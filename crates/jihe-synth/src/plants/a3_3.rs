//! A3.3 重叠住院: two stays of a person at once.
//!
//! In: a city. Out: pairs of stays at two hospitals that overlap by a minute or just touch.
//! Invariant: the stay that began later is the subject; it carries no amount.

use crate::calendar::{Moment, day};
use crate::catalogue::{PNEUMONIA, STROKE};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;

/// Cases of A3.3.
pub(super) fn plant(city: &mut City<'_>) {
    let end = day(2024, 8, 9).at(10, 0);
    let key = pair(city, end, end.plus_minutes(-1), "1");
    city.finding("A3.3", key, None);
    let key = pair(city, end, end.plus_minutes(-60 * 24 * 2), "1");
    city.finding("A3.3", key, None);
    let key = pair(city, end, end, "1");
    city.near_miss("A3.3", key, "第二次入院与第一次出院在同一分钟");
    let key = pair(city, end, end.plus_minutes(-60), "2");
    city.near_miss("A3.3", key, "转院离院，豁免");
}

/// The end of the first stay, the beginning of the second and how it ends; the second.
fn pair(city: &mut City<'_>, end: Moment, start: Moment, way: &'static str) -> String {
    let (one, other, person) = (city.hospital(), city.hospital(), city.resident());
    let mut first = city.stay((&person, &one), (day(2024, 8, 5).at(9, 0), end), &PNEUMONIA);
    let mut second = city.stay((&person, &other), (start, day(2024, 8, 14).at(10, 0)), &STROKE);
    second.discharge_way = way;
    for claim in [&mut first, &mut second] {
        claim.fund = Fund::Fixed(Money(0));
        claim.ward_days();
        city.file(claim);
    }
    second.key
}
