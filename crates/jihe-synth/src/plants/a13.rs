//! A13 床日项目超住院天数: more bed days than the stay has days, the first counted and the last not.
//!
//! In: a city. Out: stays with the day of discharge charged, too.
//! Invariant: never two of an item on one day, so that B8.1 is silent; the last line carries the excess.

use crate::calendar::{Day, day};
use crate::catalogue::{BED, INPATIENT_CONSULTATION, Item, NURSING, PNEUMONIA};
use crate::city::City;
use crate::claim::{Claim, Fund};
use crate::decimal::Money;
use crate::people::Institution;

const ADMITTED: Day = day(2024, 11, 4);
const DAYS: i64 = 6;

/// Cases of A13.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    for item in [&BED, &NURSING, &INPATIENT_CONSULTATION] {
        let mut claim = stay(city, &hospital);
        let last = claim.charge(item, 1, ADMITTED.plus(DAYS).at(7, 0)).amount();
        city.file(&claim);
        city.finding("A13", subject(&claim, item), Some(last));
    }
    let claim = stay(city, &hospital);
    city.file(&claim);
    city.near_miss("A13", subject(&claim, &BED), "床位天数等于住院天数");
    let mut claim = stay(city, &hospital);
    let last = claim.charge(&BED, 1, ADMITTED.plus(DAYS).at(7, 0)).key.clone();
    claim.take_back(&last, 1, ADMITTED.plus(DAYS).at(9, 0));
    city.file(&claim);
    city.near_miss("A13", subject(&claim, &BED), "出院日的床位费已退");
    same_day(city, &hospital);
}

fn subject(claim: &Claim, item: &Item) -> String {
    format!("{}|{}", claim.key, item.code)
}

fn stay(city: &mut City<'_>, hospital: &Institution) -> Claim {
    let person = city.resident();
    let times = (ADMITTED.at(8, 0), ADMITTED.plus(DAYS).at(15, 0));
    let mut claim = city.stay((&person, hospital), times, &PNEUMONIA);
    claim.fund = Fund::Fixed(Money(0));
    claim.ward_days();
    claim
}

/// In and out on one day is a stay of one day.
fn same_day(city: &mut City<'_>, hospital: &Institution) {
    let person = city.resident();
    let times = (ADMITTED.at(8, 0), ADMITTED.at(19, 0));
    let mut claim = city.stay((&person, hospital), times, &PNEUMONIA);
    claim.fund = Fund::Fixed(Money(0));
    claim.charge(&BED, 1, ADMITTED.at(18, 0));
    claim.care_day(ADMITTED);
    city.file(&claim);
    city.near_miss("A13", subject(&claim, &BED), "当日入出院，按一天计");
}
