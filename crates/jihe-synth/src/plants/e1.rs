//! E1 备案前无依据: no related diagnosis in the 24 months before a registration.
//!
//! In: a city. Out: registrations with a visit just inside and just outside of the two years.
//! Invariant: the registrations are less than a year old, so that E2 does not ask yet.

use crate::calendar::{Day, day};
use crate::catalogue::{DIABETES, Disease, GASTRITIS};
use crate::city::City;

const REGISTERED: Day = day(2024, 9, 2);

/// Cases of E1.
pub(super) fn plant(city: &mut City<'_>) {
    let key = case(city, day(2022, 9, 1), &DIABETES);
    city.finding("E1", key, None);
    let key = case(city, day(2024, 5, 6), &GASTRITIS);
    city.finding("E1", key, None);
    let key = case(city, REGISTERED, &DIABETES);
    city.finding("E1", key, None);
    let key = case(city, day(2022, 9, 2), &DIABETES);
    city.near_miss("E1", key, "整24个月前有相关诊断");
    let key = case(city, REGISTERED.plus(-1), &DIABETES);
    city.near_miss("E1", key, "备案前一日有相关诊断");
}

/// A person with one visit, then registered for diabetes; the registration.
fn case(city: &mut City<'_>, visited: Day, disease: &'static Disease) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let mut claim = city.consultation(&person, &hospital, visited.at(9, 0));
    claim.diagnoses = vec![disease];
    city.file(&claim);
    let (code, _) = city.register((&person, &hospital), &DIABETES, (REGISTERED, None));
    format!("{}|{code}|{REGISTERED}", person.key)
}
