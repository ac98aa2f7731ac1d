//! C11 追溯码重复结算: one trace code charged more than once.
//!
//! In: a city. Out: boxes sold once, twice and three times.
//! Invariant: a traced line has one unit, so that a further sale costs its whole amount.

use crate::calendar::{Day, day};
use crate::catalogue::{ATORVASTATIN, HYPERTENSION};
use crate::city::{City, Nature};
use crate::claim::Claim;
use crate::people::{DISTRICTS, Institution, Level};

/// Cases of C11.
pub(super) fn plant(city: &mut City<'_>) {
    let pharmacy = city.new_institution(Level::Pharmacy, DISTRICTS[0]);
    let price = ATORVASTATIN.price;
    let twice = sold(city, &pharmacy, 2, false);
    city.finding("C11", twice.clone(), Some(price.times(1)));
    city.nature("C11", twice, Nature::Likely);
    let thrice = sold(city, &pharmacy, 3, false);
    city.finding("C11", thrice, Some(price.times(2)));
    let once = sold(city, &pharmacy, 1, false);
    city.near_miss("C11", once, "只结算一次");
    let split = sold(city, &pharmacy, 2, true);
    city.near_miss("C11", split, "拆零销售");
    one_till(city, &pharmacy);
    resold(city, &pharmacy);
}

fn purchase(city: &mut City<'_>, pharmacy: &Institution, day: Day, code: (&str, bool)) -> Claim {
    let person = city.resident();
    let time = day.at(10, 0);
    let mut claim = city.outpatient((&person, pharmacy), time, &HYPERTENSION);
    claim.category = "41";
    let line = claim.charge(&ATORVASTATIN, 1, time);
    line.traces.push((code.0.to_owned(), code.1));
    claim
}

/// One code sold to so many persons on successive days.
fn sold(city: &mut City<'_>, pharmacy: &Institution, times: i64, split: bool) -> String {
    let code = city.trace_code();
    for number in 0..times {
        let claim = purchase(city, pharmacy, day(2024, 10, 7).plus(number), (&code, split));
        city.file(&claim);
    }
    code
}

/// The code was entered twice at the till: one box, charged as two.
fn one_till(city: &mut City<'_>, pharmacy: &Institution) {
    let code = city.trace_code();
    let mut claim = purchase(city, pharmacy, day(2024, 10, 14), (&code, false));
    let time = claim.start;
    let line = claim.charge(&ATORVASTATIN, 1, time);
    line.traces.push((code.clone(), false));
    city.file(&claim);
    city.finding("C11", code.clone(), Some(ATORVASTATIN.price.times(1)));
    city.nature("C11", code, Nature::Suspicious);
}

/// The box was given back and sold to somebody else.
fn resold(city: &mut City<'_>, pharmacy: &Institution) {
    let code = city.trace_code();
    let mut claim = purchase(city, pharmacy, day(2024, 10, 15), (&code, false));
    if let Some(key) = claim.lines.first().map(|line| line.key.clone()) {
        claim.take_back(&key, 1, day(2024, 10, 15).at(10, 30));
    }
    city.file(&claim);
    let claim = purchase(city, pharmacy, day(2024, 10, 16), (&code, false));
    city.file(&claim);
    city.near_miss("C11", code, "第一次销售已全部退费");
}
