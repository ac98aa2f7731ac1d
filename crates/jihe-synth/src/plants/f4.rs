//! F4 重复结算: a bill settled online and paid by hand again within 180 days.
//!
//! In: a city. Out: pairs of settlements of one person at one hospital.
//! Invariant: the amount is what the fund paid the second time.

use crate::calendar::day;
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::{Money, Price};

/// Cases of F4.
pub(super) fn plant(city: &mut City<'_>) {
    let key = pair(city, 180, 1_000, true);
    city.finding("F4", key, Some(Money::yuan(6)));
    let key = pair(city, 181, 1_000, true);
    city.near_miss("F4", key, "相隔181天");
    let key = pair(city, 30, 1_001, true);
    city.near_miss("F4", key, "费用差一分");
    let key = pair(city, 30, 1_000, false);
    city.near_miss("F4", key, "两次都是联网结算");
}

/// Days between the settlements, the second cost in hundredths of a yuan, and how it was settled; the second.
fn pair(city: &mut City<'_>, days: i64, cents: i64, by_hand: bool) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let time = day(2024, 2, 1).at(9, 0);
    let mut first = city.consultation(&person, &hospital, time);
    first.fund = Fund::Fixed(Money::yuan(5));
    city.file(&first);
    let mut second = city.consultation(&person, &hospital, time.plus_minutes(days * 60 * 24));
    second.by_hand = by_hand;
    second.fund = Fund::Fixed(Money::yuan(6));
    if let Some(line) = second.lines.first_mut() {
        line.price = Price::cents(cents);
    }
    city.file(&second);
    second.settlement
}
