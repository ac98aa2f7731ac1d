//! A1.2 组团住院: five persons or more of one village admitted to one hospital on one day.
//!
//! In: a city. Out: groups of four and five.
//! Invariant: stays of two days paid by nobody but the patient, far below every other threshold.

use crate::calendar::{Day, day};
use crate::catalogue::BACK_PAIN;
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::{Person, Sex};

const DAY: Day = day(2024, 11, 20);

/// Cases of A1.2.
pub(super) fn plant(city: &mut City<'_>) {
    let key = group(city, 5, "2");
    city.finding("A1.2", key, None);
    let key = group(city, 4, "2");
    city.near_miss("A1.2", key, "同村4人");
    let key = group(city, 5, "1");
    city.near_miss("A1.2", key, "含急诊，豁免");
}

/// So many persons of village 77, the first of whom came this way; the key of the group.
fn group(city: &mut City<'_>, count: i64, way: &'static str) -> String {
    let hospital = city.hospital();
    let mut key = String::new();
    for number in 0..count {
        let person = Person { village: 77, ..city.unwritten(Sex::Female, day(1955, 3, 3)) };
        city.write_person(&person);
        let times = (DAY.at(9, number), DAY.plus(2).at(10, number));
        let mut claim = city.stay((&person, &hospital), times, &BACK_PAIN);
        claim.fund = Fund::Fixed(Money(0));
        claim.admission_way = if number == 0 { way } else { "2" };
        claim.ward_days();
        city.file(&claim);
        key = format!("{}|{DAY}|{}{:03}", hospital.key, person.region, person.village);
    }
    key
}
