//! A6 分解住院: back in the same department of the same hospital for the same disease within 15 days.
//!
//! In: a city. Out: pairs of stays.
//! Invariant: the amount is the whole second stay; two stays of a person are not frequent (A7).

use crate::calendar::{Day, day};
use crate::catalogue::{CHEMOTHERAPY, Disease, LUNG_DISEASE, OTHER_PNEUMONIA, PNEUMONIA};
use crate::city::{City, Nature};
use crate::claim::{Claim, Fund};
use crate::decimal::Money;
use crate::people::{DEPARTMENTS, Institution, Person};

const DISCHARGED: Day = day(2024, 4, 8);

/// Cases of A6.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    for gap in [15, 3, 4, 0] {
        let second = readmitted(city, &hospital, gap, |_, _| {});
        city.finding("A6", second.key.clone(), Some(second.total()));
        city.nature("A6", second.key, if gap <= 3 { Nature::Likely } else { Nature::Suspicious });
    }
    let second = readmitted(city, &hospital, 5, |_, second| second.diagnoses = vec![&OTHER_PNEUMONIA]);
    city.finding("A6", second.key.clone(), Some(second.total()));
    let second = readmitted(city, &hospital, 16, |_, _| {});
    city.near_miss("A6", second.key, "出院后第16天再入院");
    exceptions(city, &hospital);
    other_hospital(city, &hospital);
}

fn exceptions(city: &mut City<'_>, hospital: &Institution) {
    let [_, other_department, ..] = DEPARTMENTS;
    let second = readmitted(city, hospital, 5, |_, second| second.admission_way = "1");
    city.near_miss("A6", second.key, "急诊入院，豁免");
    let second = readmitted(city, hospital, 5, |first, _| first.discharge_way = "2");
    city.near_miss("A6", second.key, "上次转院离院，豁免");
    let second = readmitted(city, hospital, 5, |_, second| second.diagnoses.push(&CHEMOTHERAPY));
    city.near_miss("A6", second.key, "放化疗周期住院，豁免");
    let second = readmitted(city, hospital, 5, |_, second| second.diagnoses = vec![&LUNG_DISEASE]);
    city.near_miss("A6", second.key, "主诊断类目不同");
    let second = readmitted(city, hospital, 5, |_, second| second.department = other_department);
    city.near_miss("A6", second.key, "科室不同");
}

/// Two stays so many days apart, changed a little before they are filed; the second.
fn readmitted(
    city: &mut City<'_>,
    hospital: &Institution,
    gap: i64,
    change: impl FnOnce(&mut Claim, &mut Claim),
) -> Claim {
    let person = city.resident();
    let mut first = stay(city, (&person, hospital), DISCHARGED.plus(-5), &PNEUMONIA);
    let mut second = stay(city, (&person, hospital), DISCHARGED.plus(gap), &PNEUMONIA);
    change(&mut first, &mut second);
    city.file(&first);
    city.file(&second);
    second
}

/// A stay of five days.
fn stay(
    city: &mut City<'_>,
    (person, hospital): (&Person, &Institution),
    admitted: Day,
    disease: &'static Disease,
) -> Claim {
    let times = (admitted.at(15, 0), admitted.plus(5).at(10, 0));
    let mut claim = city.stay((person, hospital), times, disease);
    claim.fund = Fund::Fixed(Money(0));
    claim.ward_days();
    claim
}

fn other_hospital(city: &mut City<'_>, hospital: &Institution) {
    let (person, other) = (city.resident(), city.hospital());
    let first = stay(city, (&person, &other), DISCHARGED.plus(-5), &PNEUMONIA);
    let second = stay(city, (&person, hospital), DISCHARGED.plus(5), &PNEUMONIA);
    city.file(&first);
    city.file(&second);
    city.near_miss("A6", second.key, "两次住院不在同一机构");
}
