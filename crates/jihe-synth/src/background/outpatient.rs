//! Ordinary outpatient visits and pharmacy purchases, and the monthly prescriptions of the chronically ill.
//!
//! In: a person and the institutions. Out: registrations and visits on days at least three days apart.
//! Invariant: chronic drugs come from one institution, 28 days at a time and never before they are used up.

use super::{Diary, Institutions, working_time};
use crate::calendar::{Day, day};
use crate::catalogue::{
    AMLODIPINE, AMOXICILLIN, ASPIRIN, ATORVASTATIN, BACK_PAIN, COLD_GRANULES, DIABETES, Disease, GASTRITIS,
    HBA1C, HYPERTENSION, IBUPROFEN, IRBESARTAN, Item, METFORMIN, OMEPRAZOLE, OUTPATIENT_CONSULTATION,
    PHARMACY_DRUGS, SITAGLIPTIN, UPPER_RESPIRATORY_INFECTION,
};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::{Institution, Person};
use crate::random::Random;

const FIRST: Day = day(2022, 7, 5);
const LAST: Day = day(2024, 12, 26);

/// The fund pays so much of each chronic visit, at most [`PAID_VISITS`] times a year.
const PAID: Money = Money::yuan(20);
const PAID_VISITS: i64 = 11;

/// Writes the outpatient life of a person.
pub(super) fn write(
    city: &mut City<'_>,
    random: &mut Random,
    (person, institutions): (&Person, &Institutions),
    diary: &mut Diary,
) {
    let age = (day(2024, 1, 1).0 - person.birth.0) / 365;
    let chronic = if age >= 60 { 60 } else { 12 };
    if age >= 40 && random.percent(chronic) {
        let places = if random.percent(70) { &institutions.clinics } else { &institutions.hospitals };
        let home = institutions.choose(random, places);
        prescriptions(city, random, (person, home), diary);
    }
    for _ in 0..random.below(10) {
        let day = FIRST.plus(random.below(LAST.0 - FIRST.0));
        if diary.is_free(day, day, 3) {
            diary.note(day, day);
            occasional(city, random, (person, institutions), day);
        }
    }
}

/// A year-round series of prescriptions under a registration that is older than the records.
fn prescriptions(
    city: &mut City<'_>,
    random: &mut Random,
    (person, home): (&Person, &Institution),
    diary: &mut Diary,
) {
    let diabetic = random.percent(40);
    let disease: &'static Disease = if diabetic { &DIABETES } else { &HYPERTENSION };
    let registered = day(random.between(2017, 2020), random.between(1, 12), random.between(1, 28));
    let registration = city.register((person, home), disease, (registered, None));
    let drugs = regimen(random, diabetic);
    let mut day = FIRST.plus(random.below(28));
    let (mut visits, mut year, mut paid) = (0_i64, 0_i64, 0_i64);
    while day <= LAST {
        if diary.is_free(day, day, 1) {
            diary.note(day, day);
            if day.civil().0 != year {
                (year, paid) = (day.civil().0, 0);
            }
            let time = working_time(random, day);
            let mut claim = city.outpatient((person, home), time, disease);
            claim.category = "14";
            claim.disease = Some(registration);
            claim.fund = Fund::Fixed(if paid < PAID_VISITS { PAID } else { Money(0) });
            claim.charge(&OUTPATIENT_CONSULTATION, 1, time);
            for drug in &drugs {
                let code = city.trace_code();
                let line = claim.charge(drug, 1, time.plus_minutes(25));
                line.supply = Some(28);
                line.daily_dose = Some(5);
                line.traces.push((code, false));
            }
            if diabetic && visits % 5 == 0 {
                claim.charge(&HBA1C, 1, time.plus_minutes(10));
            }
            city.file(&claim);
            (visits, paid) = (visits + 1, paid + 1);
        }
        day = day.plus(random.between(31, 34));
    }
}

fn regimen(random: &mut Random, diabetic: bool) -> Vec<&'static Item> {
    let mut drugs: Vec<&'static Item> = if diabetic { vec![&METFORMIN] } else { vec![&AMLODIPINE] };
    if random.percent(50) {
        drugs.push(if diabetic { &SITAGLIPTIN } else { &IRBESARTAN });
    }
    if random.percent(60) {
        drugs.push(&ATORVASTATIN);
    }
    if random.percent(50) {
        drugs.push(&ASPIRIN);
    }
    drugs
}

/// A cold, a stomach ache or a box from the pharmacy.
fn occasional(
    city: &mut City<'_>,
    random: &mut Random,
    (person, institutions): (&Person, &Institutions),
    day: Day,
) {
    let time = working_time(random, day);
    let (disease, drugs): (&'static Disease, [&'static Item; 2]) = random.choose(&[
        (&UPPER_RESPIRATORY_INFECTION, [&AMOXICILLIN, &COLD_GRANULES]),
        (&GASTRITIS, [&OMEPRAZOLE, &IBUPROFEN]),
        (&BACK_PAIN, [&IBUPROFEN, &OMEPRAZOLE]),
    ]);
    let at_pharmacy = random.percent(35);
    let places = if at_pharmacy { &institutions.pharmacies } else { &institutions.clinics };
    let place = institutions.choose(random, places);
    let mut claim = city.outpatient((person, place), time, disease);
    if at_pharmacy {
        claim.category = "41";
        let code = city.trace_code();
        let line = claim.charge(random.choose(&PHARMACY_DRUGS), random.between(1, 2), time);
        line.supply = Some(4);
        line.traces.push((code, false));
    } else {
        claim.charge(&OUTPATIENT_CONSULTATION, 1, time);
        for drug in drugs {
            claim.charge(drug, 1, time.plus_minutes(20)).supply = Some(random.between(3, 5));
        }
    }
    city.file(&claim);
}
