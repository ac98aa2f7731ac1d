//! A4 超核定床位: more patients in a hospital on a day than it has beds.
//!
//! In: a city. Out: a hospital of two beds with two and three patients.
//! Invariant: the day of admission counts and the day of discharge does not.

use super::wards::{brief_stay, subject};
use crate::calendar::{Day, day};
use crate::city::City;
use crate::people::{DISTRICTS, Level};

const DAY: Day = day(2024, 10, 9);

/// Cases of A4.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.new_institution_of(Level::Secondary, DISTRICTS[0], 2);
    // From the 7th to the 10th, from the 8th to the 11th, and on the 9th only.
    for (number, (before, days)) in (0..).zip([(2, 3), (1, 3), (0, 1)]) {
        brief_stay(city, &hospital, DAY.plus(-before), (number, days));
    }
    city.finding("A4", subject(&hospital, DAY), None);
    city.near_miss("A4", subject(&hospital, DAY.plus(-1)), "在院2人，核定床位2张");
    city.near_miss("A4", subject(&hospital, DAY.plus(1)), "前一日入院者已出院，在院1人");
}
