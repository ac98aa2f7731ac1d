//! E5 重复参保: enrolled as a resident and as an employee at once.
//!
//! In: a city. Out: persons with two enrolments that overlap or touch.
//! Invariant: of an overlapping pair both enrolments are subjects.

use crate::calendar::{Day, day};
use crate::city::City;
use crate::people::{Insurance, Person, Sex};

/// Cases of E5.
pub(super) fn plant(city: &mut City<'_>) {
    let left = day(2023, 12, 31);
    for (joined, broken) in [(left.plus(-1), true), (left, false)] {
        let keys = twice(city, left, joined);
        for key in keys {
            if broken {
                city.finding("E5", key, None);
            } else {
                city.near_miss("E5", key, "前一险种的终止日即后一险种的开始日");
            }
        }
    }
}

/// The last day as a resident and the first as an employee; both enrolments.
fn twice(city: &mut City<'_>, left: Day, joined: Day) -> [String; 2] {
    let person = Person { insured_to: Some(left), ..city.unwritten(Sex::Female, day(1982, 4, 4)) };
    city.write_person(&person);
    city.enrol(&person, Insurance::Employee, (joined, day(2024, 12, 31)));
    [format!("{}|390|2016-01-01", person.key), format!("{}|310|{joined}", person.key)]
}
