//! The planted violations and near-misses, one file a rule.
//!
//! In: a city with its background. Out: cases, each of persons and institutions of its own, with promises about them.
//! Invariant: a case breaks the rule it is planted for and no other, unless it promises that too.

mod a10;
mod a13;
mod a13_2;
mod a1_2;
mod a2_1;
mod a2_2;
mod a3_2;
mod a3_3;
mod a4;
mod a6;
mod a7;
mod a8;
mod a9;
mod b1;
mod b2;
mod b3;
mod b6;
mod b8_1;
mod b8_2;
mod c1;
mod c10;
mod c11;
mod c12;
mod c2;
mod c3;
mod c4;
mod c5;
mod c6;
mod c7_1;
mod c7_2;
mod c7_3;
mod d3;
mod e1;
mod e2;
mod e3;
mod e4;
mod e5;
mod e5_2;
mod f1;
mod f4;
mod f5;
mod g1;
mod g1_2;
mod g2;
mod g3;
mod g4;
mod wards;

use crate::calendar::{Day, Moment, day};
use crate::catalogue::OUTPATIENT_CONSULTATION;
use crate::catalogue::{AMLODIPINE, HYPERTENSION, Item};
use crate::city::City;
use crate::claim::Claim;
use crate::people::{DISTRICTS, Institution, Insurance, Level, Person, Sex};

/// Every planter, in the order of the catalogue.
const PLANTERS: [fn(&mut City<'_>); 46] = [
    a1_2::plant,
    a2_1::plant,
    a2_2::plant,
    a3_2::plant,
    a3_3::plant,
    a4::plant,
    a6::plant,
    a7::plant,
    a8::plant,
    a9::plant,
    a10::plant,
    a13::plant,
    a13_2::plant,
    b1::plant,
    b2::plant,
    b3::plant,
    b6::plant,
    b8_1::plant,
    b8_2::plant,
    c1::plant,
    c2::plant,
    c3::plant,
    c4::plant,
    c5::plant,
    c6::plant,
    c7_1::plant,
    c7_2::plant,
    c7_3::plant,
    c10::plant,
    c11::plant,
    c12::plant,
    d3::plant,
    e1::plant,
    e2::plant,
    e3::plant,
    e4::plant,
    e5::plant,
    e5_2::plant,
    f1::plant,
    f4::plant,
    f5::plant,
    g1::plant,
    g1_2::plant,
    g2::plant,
    g3::plant,
    g4::plant,
];

/// Writes all cases.
pub(crate) fn write(city: &mut City<'_>) {
    for plant in PLANTERS {
        plant(city);
    }
}

impl City<'_> {
    /// A person for a case: an adult man.
    fn resident(&mut self) -> Person {
        self.resident_born(Sex::Male, day(1966, 5, 20))
    }

    /// A person for a case.
    fn resident_born(&mut self, sex: Sex, birth: Day) -> Person {
        let person = self.unwritten(sex, birth);
        self.write_person(&person);
        person
    }

    /// A person for a case, to be changed and then written.
    fn unwritten(&mut self, sex: Sex, birth: Day) -> Person {
        let number = self.numbers.person.next();
        Person {
            key: format!("P{number:08}"),
            sex,
            birth,
            death: None,
            insured_to: None,
            group: "居民",
            insurance: Insurance::Resident,
            region: DISTRICTS[0],
            // Villages go round, so that nobody seems to have come in a group.
            village: number % 120 + 1,
        }
    }

    /// A hospital for a case, in the first district.
    fn hospital(&mut self) -> Institution {
        self.new_institution(Level::Secondary, DISTRICTS[0])
    }

    /// An outpatient visit for the blood pressure, with a consultation.
    fn consultation(&mut self, person: &Person, place: &Institution, time: Moment) -> Claim {
        let mut claim = self.outpatient((person, place), time, &HYPERTENSION);
        claim.charge(&OUTPATIENT_CONSULTATION, 1, time);
        claim
    }

    /// Files a visit with one line of one unit; the key of the line.
    fn single(
        &mut self,
        (person, place): (&Person, &Institution),
        time: Moment,
        item: &'static Item,
    ) -> String {
        let mut claim = self.outpatient((person, place), time, &HYPERTENSION);
        let key = claim.charge(item, 1, time).key.clone();
        self.file(&claim);
        key
    }

    /// Files an ordinary outpatient purchase of one drug that lasts so many days; the key of its line.
    fn supply(&mut self, (person, place): (&Person, &Institution), day: Day, days: i64) -> String {
        let time = day.at(9, 30);
        let mut claim = self.consultation(person, place, time);
        let line = claim.charge(&AMLODIPINE, 1, time);
        line.supply = Some(days);
        let key = line.key.clone();
        self.file(&claim);
        key
    }
}
