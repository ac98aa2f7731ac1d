//! A3.2 死亡后就诊: a visit after the day of death.
//!
//! In: a city. Out: visits on the day of death and on the day after.
//! Invariant: the amount is the whole visit, of which the fund pays nothing.

use crate::calendar::day;
use crate::city::City;
use crate::people::{Person, Sex};

/// Cases of A3.2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let died = day(2024, 4, 30);
    for later in [1, 0] {
        let person = Person {
            death: Some(died),
            insured_to: Some(died),
            ..city.unwritten(Sex::Male, day(1940, 1, 9))
        };
        city.write_person(&person);
        let claim = city.consultation(&person, &hospital, died.plus(later).at(8, 0));
        city.file(&claim);
        if later > 0 {
            city.finding("A3.2", claim.key.clone(), Some(claim.total()));
        } else {
            city.near_miss("A3.2", claim.key, "死亡当日就诊");
        }
    }
}
