//! Persons and institutions with very many lines.
//!
//! In: a person and the institutions. Out: a stay of one to two years in intensive care, charged hour by hour.
//! Invariant: as in the rest of the background, nothing comes near a threshold of the shipped rules.

use super::{Institutions, working_time};
use crate::calendar::day;
use crate::catalogue::{CARDIAC_MONITORING, INFUSION, STROKE};
use crate::city::City;
use crate::claim::Fund;
use crate::people::{Institution, Person};
use crate::random::Random;

/// One person in so many.
const ONE_IN: i64 = 1_000;
/// Persons of this kind that one hospital takes.
const BEDS: i64 = 300;

pub(super) fn is_heavy(number: i64) -> bool {
    number % ONE_IN == 0
}

/// One of the institutions, the first far more often than the last.
pub(super) fn one_of<'a>(random: &mut Random, places: &'a [Institution]) -> &'a Institution {
    let upper = random.below(i64::try_from(places.len()).unwrap_or(i64::MAX));
    let at = usize::try_from(random.below(upper + 1)).unwrap_or(0);
    places.get(at).unwrap_or_else(|| random.one_of(places))
}

/// Writes the stay of a person.
pub(super) fn write(
    city: &mut City<'_>,
    random: &mut Random,
    (person, institutions): (&Person, &Institutions),
    number: i64,
) {
    let at = usize::try_from(number / ONE_IN / BEDS).unwrap_or(0);
    let Some(hospital) = institutions.hospitals.get(at) else { return };
    let admitted = day(2022, 8, 1).plus(number / ONE_IN % 200);
    let discharged = admitted.plus(random.between(340, 660));
    let times = (working_time(random, admitted), discharged.at(10, random.below(60)));
    let mut claim = city.stay((person, hospital), times, &STROKE);
    claim.fund = Fund::Percent(random.between(50, 80));
    let hours = random.between(6, 23);
    for number in 0..claim.days() {
        let day = admitted.plus(number);
        claim.bed_day(day);
        claim.charge(&INFUSION, 1, day.at(18, 1));
        for hour in 0..hours {
            claim.charge(&CARDIAC_MONITORING, 1, day.at(hour, 30));
        }
    }
    city.file(&claim);
}
