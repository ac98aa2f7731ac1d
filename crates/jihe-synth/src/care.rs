//! Small pieces of care that background and planters share.
//!
//! In: a claim or a person. Out: ward lines, rounds, registrations.
//! Invariant: a day on the ward has one bed, one consultation, one nursing and one treatment line.

use crate::calendar::{Day, Moment};
use crate::catalogue::{BED, DIABETES, Disease, INFUSION, INPATIENT_CONSULTATION, NURSING, SALINE};
use crate::city::City;
use crate::claim::Claim;
use crate::people::{DEPARTMENTS, Institution, Person};

const REGISTRATION_HEADER: &[&str] = &[
    "person",
    "disease",
    "disease_name",
    "start_date",
    "end_date",
    "institution",
    "practitioner",
    "qualifying_diagnosis",
];
const ROUND_HEADER: &[&str] = &["visit", "time", "in_bed", "inspector"];

impl Claim {
    /// Bed, consultation, nursing and an infusion on every day of a stay but the last.
    pub(crate) fn ward_days(&mut self) {
        for number in 0..self.days() {
            let day = self.start.day().plus(number);
            self.bed_day(day);
            self.care_day(day);
        }
    }

    /// The lines of a day that any patient in a bed has.
    pub(crate) fn bed_day(&mut self, day: Day) {
        self.charge(&BED, 1, day.at(23, 0));
        self.charge(&INPATIENT_CONSULTATION, 1, day.at(23, 1));
        self.charge(&NURSING, 1, day.at(23, 2));
    }

    /// The lines of a day on which something is done.
    pub(crate) fn care_day(&mut self, day: Day) {
        self.charge(&SALINE, 2, day.at(18, 0));
        self.charge(&INFUSION, 1, day.at(18, 1));
    }
}

impl City<'_> {
    /// A ward round that finds the patient in bed or not.
    pub(crate) fn round(&mut self, claim: &Claim, time: Moment, in_bed: bool) {
        self.row("round.csv", ROUND_HEADER, |row| {
            row.push(&claim.key);
            row.push(time);
            row.push(in_bed);
            row.push(claim.institution.practitioner(claim.department));
        });
    }

    /// Registers a person for an outpatient chronic disease; its code and name.
    pub(crate) fn register(
        &mut self,
        (person, institution): (&Person, &Institution),
        disease: &'static Disease,
        (start, end): (Day, Option<Day>),
    ) -> (&'static str, &'static str) {
        let registration =
            if disease.code == DIABETES.code { ("M01600", "糖尿病") } else { ("M03900", "高血压") };
        // Any of the institution's practitioners may certify, so that none of them certifies many.
        let last_digit = person.key.bytes().last().map_or(0, usize::from);
        let department = DEPARTMENTS.iter().copied().cycle().nth(last_digit).unwrap_or_default();
        self.row("registration.csv", REGISTRATION_HEADER, |row| {
            row.push(&person.key);
            row.push(registration.0);
            row.push(registration.1);
            row.push(start);
            row.push_option(end);
            row.push(&institution.key);
            row.push(institution.practitioner(department));
            row.push(disease.code);
        });
        registration
    }
}
