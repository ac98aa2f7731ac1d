//! A2.1 住院期间他处就诊: an outpatient visit between the second and the last but one day of a stay.
//!
//! In: a city. Out: stays with a purchase on every kind of day.
//! Invariant: the amount is what was charged outside the hospital.

use crate::calendar::{Day, day};
use crate::catalogue::{IBUPROFEN, PNEUMONIA};
use crate::city::{City, Nature};
use crate::claim::{Claim, Fund};
use crate::decimal::Money;
use crate::people::{DISTRICTS, Institution, Level, Person};

const ADMITTED: Day = day(2024, 3, 4);

/// Cases of A2.1.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let pharmacy = city.new_institution(Level::Pharmacy, DISTRICTS[0]);
    for (days, purchases) in [(6, &[1_i64][..]), (6, &[5]), (3, &[1]), (6, &[2, 3]), (6, &[2, 3, 4])] {
        let (stay, spent) = case(city, (&hospital, &pharmacy), days, purchases);
        city.finding("A2.1", stay.key.clone(), Some(spent));
        city.nature("A2.1", stay.key, if purchases.len() >= 3 { Nature::Likely } else { Nature::Suspicious });
    }
    let (stay, _) = case(city, (&hospital, &pharmacy), 6, &[0, 6]);
    city.near_miss("A2.1", stay.key, "购药在入院当日与出院当日");
    let (stay, _) = case(city, (&hospital, &pharmacy), 2, &[1]);
    city.near_miss("A2.1", stay.key, "住院只有2天");
    refunded(city, (&hospital, &pharmacy));
}

fn stay(city: &mut City<'_>, person: &Person, hospital: &Institution, days: i64) -> Claim {
    let times = (ADMITTED.at(11, 0), ADMITTED.plus(days).at(10, 0));
    let mut stay = city.stay((person, hospital), times, &PNEUMONIA);
    stay.fund = Fund::Fixed(Money(0));
    stay.ward_days();
    city.file(&stay);
    stay
}

fn purchase(city: &mut City<'_>, person: &Person, pharmacy: &Institution, later: i64) -> Claim {
    let time = ADMITTED.plus(later).at(15, 30);
    let mut claim = city.outpatient((person, pharmacy), time, &PNEUMONIA);
    claim.category = "41";
    claim.charge(&IBUPROFEN, 2, time);
    claim
}

/// A stay of so many days with purchases so many days after admission; the stay and what was spent on them.
fn case(
    city: &mut City<'_>,
    (hospital, pharmacy): (&Institution, &Institution),
    days: i64,
    purchases: &[i64],
) -> (Claim, Money) {
    let person = city.resident();
    let stay = stay(city, &person, hospital, days);
    let mut spent = Money(0);
    for later in purchases {
        let claim = purchase(city, &person, pharmacy, *later);
        spent = spent.plus(claim.total());
        city.file(&claim);
    }
    (stay, spent)
}

/// Two boxes were given back and one was bought instead: only that one counts.
fn refunded(city: &mut City<'_>, (hospital, pharmacy): (&Institution, &Institution)) {
    let person = city.resident();
    let stay = stay(city, &person, hospital, 6);
    let mut claim = purchase(city, &person, pharmacy, 3);
    let key = claim.lines.first().map(|line| line.key.clone()).unwrap_or_default();
    let time = claim.start.plus_minutes(30);
    claim.take_back(&key, 2, time);
    claim.charge(&IBUPROFEN, 1, time);
    city.file(&claim);
    city.finding("A2.1", stay.key, Some(claim.total()));
}
