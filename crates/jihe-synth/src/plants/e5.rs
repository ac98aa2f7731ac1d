//! E5 重复参保: enrolled as a resident and as an employee at once.
//!
//! In: a city. Out: persons with two enrolments that overlap or touch.
//! Invariant: the first enrolment began before the rule was in force, so only the second is a subject.

use crate::calendar::{Day, day};
use crate::city::City;
use crate::people::{Insurance, Person, Sex};

/// Cases of E5.
pub(super) fn plant(city: &mut City<'_>) {
    let left = day(2023, 12, 31);
    for (joined, broken) in [(left.plus(-1), true), (left, false)] {
        let key = twice(city, left, joined);
        if broken {
            city.finding("E5", key, None);
        } else {
            city.near_miss("E5", key, "前一险种的终止日即后一险种的开始日");
        }
    }
}

/// The last day as a resident and the first as an employee; the later enrolment.
fn twice(city: &mut City<'_>, left: Day, joined: Day) -> String {
    let person = Person { insured_to: Some(left), ..city.unwritten(Sex::Female, day(1982, 4, 4)) };
    city.write_person(&person);
    city.enrol(&person, Insurance::Employee, (joined, day(2024, 12, 31)));
    format!("{}|310|{joined}", person.key)
}
