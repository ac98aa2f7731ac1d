//! B2 重复收费: an item charged beside one that contains it, on one day of one visit.
//!
//! In: a city. Out: emergency visits and stays with both items together and apart.
//! Invariant: the amount is the whole contained line.

use crate::calendar::{Moment, day};
use crate::catalogue::{
    CARDIAC_MONITORING, EMERGENCY_CONSULTATION, EMERGENCY_OBSERVATION, INVASIVE_PRESSURE, Item, PNEUMONIA,
};
use crate::city::City;
use crate::claim::Claim;
use crate::people::Institution;

/// The containing and the contained item.
type Pair = (&'static Item, &'static Item);

const EMERGENCY: Pair = (&EMERGENCY_OBSERVATION, &EMERGENCY_CONSULTATION);
const PRESSURE: Pair = (&INVASIVE_PRESSURE, &CARDIAC_MONITORING);

/// Cases of B2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let morning = day(2024, 5, 27).at(8, 0);
    for pair in [EMERGENCY, PRESSURE] {
        let key = together(city, &hospital, pair, (morning.plus_minutes(180), morning));
        city.finding("B2", key, Some(pair.1.price.times(1)));
        let key = together(city, &hospital, pair, (day(2024, 5, 27).at(23, 59), day(2024, 5, 28).at(0, 0)));
        city.near_miss("B2", key, "两项相隔一分钟，但不在同一天");
    }
    refunded(city, &hospital, morning);
    other_visit(city, &hospital, morning);
    reversed(city, &hospital, morning);
}

/// An emergency stay of the 27th and 28th of May.
fn visit(city: &mut City<'_>, hospital: &Institution) -> Claim {
    let person = city.resident();
    let mut claim = city.outpatient((&person, hospital), day(2024, 5, 27).at(7, 30), &PNEUMONIA);
    claim.category = "13";
    claim.settled = day(2024, 5, 28).at(17, 0);
    claim
}

/// Both items in one visit at these times; the key of the contained line.
fn together(city: &mut City<'_>, hospital: &Institution, pair: Pair, times: (Moment, Moment)) -> String {
    let mut claim = visit(city, hospital);
    claim.charge(pair.0, 1, times.0);
    let key = claim.charge(pair.1, 1, times.1).key.clone();
    city.file(&claim);
    key
}

fn refunded(city: &mut City<'_>, hospital: &Institution, time: Moment) {
    let mut claim = visit(city, hospital);
    let main = claim.charge(&EMERGENCY_OBSERVATION, 1, time).key.clone();
    let key = claim.charge(&EMERGENCY_CONSULTATION, 1, time).key.clone();
    claim.take_back(&main, 1, time.plus_minutes(60));
    city.file(&claim);
    city.near_miss("B2", key, "主项已全部退费");
}

fn other_visit(city: &mut City<'_>, hospital: &Institution, time: Moment) {
    let mut first = visit(city, hospital);
    first.charge(&EMERGENCY_OBSERVATION, 1, time);
    let mut second = city.outpatient((&first.person, hospital), time.plus_minutes(240), &PNEUMONIA);
    let key = second.charge(&EMERGENCY_CONSULTATION, 1, time.plus_minutes(240)).key.clone();
    city.file(&first);
    city.file(&second);
    city.near_miss("B2", key, "两项不在同一次就诊");
}

/// The direction of a pair matters: the containing item alone is no one's part.
fn reversed(city: &mut City<'_>, hospital: &Institution, time: Moment) {
    let mut claim = visit(city, hospital);
    let key = claim.charge(&EMERGENCY_OBSERVATION, 1, time).key.clone();
    claim.charge(&CARDIAC_MONITORING, 1, time);
    city.file(&claim);
    city.near_miss("B2", key, "只有主项");
}
