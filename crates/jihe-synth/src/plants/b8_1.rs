//! B8.1 限定频次: more of an item in a day than its limit.
//!
//! In: a city. Out: stays with 24 and 25 hours of monitoring, one and two decompressions a day.
//! Invariant: of several lines the later ones carry the excess.

use crate::calendar::{Day, Moment, day};
use crate::catalogue::{CARDIAC_MONITORING, DECOMPRESSION, GASTRITIS, Item};
use crate::city::City;
use crate::claim::Claim;
use crate::decimal::Money;
use crate::people::Institution;

const DAY: Day = day(2024, 3, 19);

/// Cases of B8.1.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let (morning, night, tomorrow) = (DAY.at(8, 0), DAY.at(20, 0), DAY.plus(1).at(8, 0));
    let monitoring = &CARDIAC_MONITORING;
    let claim = stay(city, &hospital, monitoring, &[(25, morning)]);
    found(city, &claim, monitoring, monitoring.price.times(25).share(1, 25));
    let claim = stay(city, &hospital, monitoring, &[(20, morning), (7, night)]);
    found(city, &claim, monitoring, monitoring.price.times(7).share(3, 7));
    let claim = stay(city, &hospital, monitoring, &[(24, morning)]);
    near(city, &claim, monitoring, "当日24小时");
    let claim = stay(city, &hospital, monitoring, &[(20, morning), (7, tomorrow)]);
    near(city, &claim, monitoring, "两天合计27小时，每天不超过24小时");
    let claim = stay(city, &hospital, &DECOMPRESSION, &[(1, morning), (1, night)]);
    found(city, &claim, &DECOMPRESSION, DECOMPRESSION.price.times(1));
    let claim = stay(city, &hospital, &DECOMPRESSION, &[(1, morning), (1, tomorrow)]);
    near(city, &claim, &DECOMPRESSION, "两次不在同一天");
    refunded(city, &hospital);
}

fn begin(city: &mut City<'_>, hospital: &Institution) -> Claim {
    let person = city.resident();
    let times = (DAY.plus(-1).at(9, 0), DAY.plus(4).at(10, 0));
    let mut claim = city.stay((&person, hospital), times, &GASTRITIS);
    claim.fund = crate::claim::Fund::Fixed(Money(0));
    claim.ward_days();
    claim
}

fn stay(city: &mut City<'_>, hospital: &Institution, item: &'static Item, lines: &[(i64, Moment)]) -> Claim {
    let mut claim = begin(city, hospital);
    for (quantity, time) in lines {
        claim.charge(item, *quantity, *time);
    }
    city.file(&claim);
    claim
}

fn refunded(city: &mut City<'_>, hospital: &Institution) {
    let mut claim = begin(city, hospital);
    claim.charge(&DECOMPRESSION, 1, DAY.at(8, 0));
    let second = claim.charge(&DECOMPRESSION, 1, DAY.at(9, 0)).key.clone();
    claim.take_back(&second, 1, DAY.at(10, 0));
    city.file(&claim);
    near(city, &claim, &DECOMPRESSION, "第二次已退费");
}

fn subject(claim: &Claim, item: &Item) -> String {
    format!("{}|{}|{DAY}", claim.key, item.code)
}

fn found(city: &mut City<'_>, claim: &Claim, item: &Item, amount: Money) {
    city.finding("B8.1", subject(claim, item), Some(amount));
}

fn near(city: &mut City<'_>, claim: &Claim, item: &Item, why: &str) {
    city.near_miss("B8.1", subject(claim, item), why);
}
