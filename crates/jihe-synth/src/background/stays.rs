//! Ordinary hospital stays.
//!
//! In: a person and the hospitals. Out: at most two stays, far apart, with care on every day.
//! Invariant: a hospital discharges at most a few persons a week, so neither times nor amounts cluster.

use super::{Diary, Institutions, working_time};
use crate::calendar::{Day, day};
use crate::catalogue::{
    APPENDECTOMY, APPENDICITIS, BACK_PAIN, BLOOD_COUNT, CEFUROXIME, Disease, ECG, EDARAVONE, GASTRITIS,
    LIVER_PANEL, LUNG_DISEASE, OMEPRAZOLE, PNEUMONIA, STROKE,
};
use crate::city::City;
use crate::claim::{Claim, Fund, Operation};
use crate::people::{DEPARTMENTS, Person};
use crate::random::Random;

const FIRST_WEEK: Day = day(2022, 8, 1);
const WEEKS: i64 = 124;

/// Gives out discharge weeks evenly over hospitals and weeks.
#[derive(Debug)]
pub(super) struct Slots {
    hospitals: i64,
    first: i64,
    second: i64,
}

impl Slots {
    pub(super) fn new(hospitals: usize) -> Self {
        Self { hospitals: i64::try_from(hospitals).unwrap_or(1).max(1), first: 0, second: 0 }
    }

    /// Hospital and week of a person's first stay.
    fn first(&mut self) -> (i64, i64) {
        let slot = self.place(self.first);
        self.first += 1;
        slot
    }

    /// Hospital and week of a second stay, if the next free week is far enough from the first.
    fn second(&mut self, first_week: i64) -> Option<(i64, i64)> {
        let (hospital, week) = self.place(self.second);
        let week = (week + WEEKS / 2) % WEEKS;
        if (week - first_week).abs() < 12 {
            return None;
        }
        self.second += 1;
        Some((hospital, week))
    }

    fn place(&self, number: i64) -> (i64, i64) {
        (number % self.hospitals, number / self.hospitals % WEEKS)
    }
}

/// Writes the stays of a person, if any, and notes them in a diary.
pub(super) fn write(
    city: &mut City<'_>,
    random: &mut Random,
    slots: &mut Slots,
    (person, institutions): (&Person, &Institutions),
) -> Diary {
    let mut diary = Diary::default();
    if !random.percent(20) {
        return diary;
    }
    let first = slots.first();
    let second = if random.percent(20) { slots.second(first.1) } else { None };
    for (hospital, week) in std::iter::once(first).chain(second) {
        let at = usize::try_from(hospital).unwrap_or(0);
        let Some(institution) = institutions.hospitals.get(at) else { continue };
        let discharged = FIRST_WEEK.plus(week * 7 + random.below(7));
        let admitted = discharged.plus(-random.between(4, 10));
        diary.note(admitted, discharged);
        let times = (working_time(random, admitted), discharged.at(10, random.below(60)));
        let (disease, department) = reason(random);
        let mut claim = city.stay((person, institution), times, disease);
        claim.department = department;
        claim.fund = Fund::Percent(random.between(50, 80));
        treat(random, &mut claim);
        city.file(&claim);
    }
    diary
}

fn reason(random: &mut Random) -> (&'static Disease, &'static str) {
    let [medicine, surgery, ..] = DEPARTMENTS;
    random.choose(&[
        (&PNEUMONIA, medicine),
        (&GASTRITIS, medicine),
        (&BACK_PAIN, medicine),
        (&STROKE, medicine),
        (&LUNG_DISEASE, medicine),
        (&APPENDICITIS, surgery),
    ])
}

/// Tests on the first day, care on every day, an operation on the second day of an appendicitis.
fn treat(random: &mut Random, claim: &mut Claim) {
    let first = claim.start.day();
    claim.charge(&BLOOD_COUNT, 1, first.at(17, 5));
    claim.charge(&LIVER_PANEL, 1, first.at(17, 6));
    claim.charge(&ECG, 1, first.at(17, 20));
    claim.ward_days();
    let surgical = claim.diagnoses.iter().any(|disease| disease.code == APPENDICITIS.code);
    let drug = if surgical { &OMEPRAZOLE } else { random.choose(&[&CEFUROXIME, &EDARAVONE]) };
    for number in 0..claim.days() {
        claim.charge(drug, random.between(1, 2), first.plus(number).at(18, 30));
    }
    if surgical {
        let start = first.plus(1).at(9, random.below(60));
        let operation = Operation {
            code: "47.0901",
            name: "阑尾切除术",
            start,
            end: start.plus_minutes(random.between(50, 95)),
        };
        claim.charge(&APPENDECTOMY, 1, start);
        claim.operations.push(operation);
    }
}
