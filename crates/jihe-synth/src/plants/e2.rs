//! E2 备案后无治疗: no related treatment in the twelve months after a registration.
//!
//! In: a city. Out: registrations with a prescription on the last day of the year and on the day after it.
//! Invariant: a related diagnosis precedes each registration, so that E1 is silent.

use crate::calendar::{Day, day};
use crate::catalogue::{DIABETES, METFORMIN};
use crate::city::City;

const REGISTERED: Day = day(2023, 3, 1);

/// Cases of E2.
pub(super) fn plant(city: &mut City<'_>) {
    let key = case(city, day(2024, 3, 2));
    city.finding("E2", key, None);
    let key = case(city, REGISTERED);
    city.finding("E2", key, None);
    let key = case(city, day(2024, 3, 1));
    city.near_miss("E2", key, "整12个月后有治疗");
    let key = case(city, REGISTERED.plus(1));
    city.near_miss("E2", key, "备案次日有治疗");
}

/// A registered person treated on one day only; the registration.
fn case(city: &mut City<'_>, treated: Day) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let mut before = city.consultation(&person, &hospital, REGISTERED.plus(-20).at(9, 0));
    before.diagnoses = vec![&DIABETES];
    city.file(&before);
    let (code, _) = city.register((&person, &hospital), &DIABETES, (REGISTERED, None));
    let mut claim = city.consultation(&person, &hospital, treated.at(9, 0));
    claim.charge(&METFORMIN, 1, treated.at(9, 20));
    city.file(&claim);
    format!("{}|{code}|{REGISTERED}", person.key)
}
