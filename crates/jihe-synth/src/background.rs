//! The life of the city in which nothing is wrong.
//!
//! In: a [`Config`]. Out: institutions with their stock, and persons with their enrolment, visits, stays and prescriptions.
//! Invariant: no background record comes near a threshold of the shipped rules; whatever a rule finds was planted.

mod outpatient;
mod persons;
mod skew;
mod stays;
mod stock;

pub(crate) use stock::Movement;

use crate::calendar::{Day, Moment};
use crate::city::City;
use crate::people::{DISTRICTS, Institution, Level};
use crate::random::Random;
use crate::{Config, Variant};

/// The background's institutions by what they do.
#[derive(Debug)]
pub(crate) struct Institutions {
    hospitals: Vec<Institution>,
    clinics: Vec<Institution>,
    pharmacies: Vec<Institution>,
    /// Whether some are far busier than others.
    skewed: bool,
}

impl Institutions {
    /// Where somebody goes.
    fn choose<'a>(&self, random: &mut Random, places: &'a [Institution]) -> &'a Institution {
        if self.skewed { skew::one_of(random, places) } else { random.one_of(places) }
    }
}

/// The days on which a person already has something, so that nothing else comes close.
#[derive(Debug, Default)]
struct Diary {
    busy: Vec<(Day, Day)>,
}

impl Diary {
    /// Whether nothing lies within so many days of a span.
    fn is_free(&self, first: Day, last: Day, distance: i64) -> bool {
        self.busy.iter().all(|(from, to)| last.plus(distance) < *from || to.plus(distance) < first)
    }

    fn note(&mut self, first: Day, last: Day) {
        self.busy.push((first, last));
    }
}

/// Writes the background: institutions and stock first, then person after person.
pub(crate) fn write(config: &Config, city: &mut City<'_>) {
    let institutions = institutions(config, city);
    let mut slots = stays::Slots::new(institutions.hospitals.len());
    for number in 0..i64::from(config.persons) {
        let mut random = Random::fork(config.seed, 1, number.unsigned_abs());
        let person = persons::person(city, &mut random);
        if config.variant == Variant::Skewed && skew::is_heavy(number) {
            skew::write(city, &mut random, (&person, &institutions), number);
            continue;
        }
        let mut diary = stays::write(city, &mut random, &mut slots, (&person, &institutions));
        outpatient::write(city, &mut random, (&person, &institutions), &mut diary);
    }
}

fn institutions(config: &Config, city: &mut City<'_>) -> Institutions {
    let persons = i64::from(config.persons);
    let mut open = |level: Level, count: i64| -> Vec<Institution> {
        let districts = DISTRICTS.iter().copied().cycle();
        (0..count).zip(districts).map(|(_, district)| city.new_institution(level, district)).collect()
    };
    let mut hospitals = open(Level::Tertiary, 1 + persons / 4_000);
    hospitals.extend(open(Level::Secondary, 2 + persons / 2_000));
    let clinics = open(Level::Primary, 4 + persons / 700);
    let pharmacies = open(Level::Pharmacy, 3 + persons / 700);
    for institution in hospitals.iter().chain(&clinics).chain(&pharmacies) {
        stock::write(city, institution);
    }
    Institutions { hospitals, clinics, pharmacies, skewed: config.variant == Variant::Skewed }
}

/// A time of a working day.
fn working_time(random: &mut Random, day: Day) -> Moment {
    day.at(random.between(8, 16), random.below(60))
}
