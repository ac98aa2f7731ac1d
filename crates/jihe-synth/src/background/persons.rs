//! Who lives in the city.
//!
//! In: random numbers. Out: a person of believable age, group and insurance.
//! Invariant: whoever has died did so after the last day of the records.

use crate::calendar::{Day, day};
use crate::city::City;
use crate::people::{DISTRICTS, Insurance, Person, Sex};
use crate::random::Random;

/// A new person, written.
pub(super) fn person(city: &mut City<'_>, random: &mut Random) -> Person {
    let birth = birth(random);
    let age = (day(2024, 1, 1).0 - birth.0) / 365;
    let (group, insurance) = group(random, age);
    let dies = age > 70 && random.percent(2);
    let death = if dies { Some(day(2025, 1, random.between(5, 28))) } else { None };
    let person = Person {
        key: format!("P{:08}", city.numbers.person.next()),
        sex: if random.percent(50) { Sex::Male } else { Sex::Female },
        birth,
        death,
        insured_to: death,
        group,
        insurance,
        region: random.choose(&DISTRICTS),
        village: random.between(1, 120),
    };
    city.write_person(&person);
    person
}

/// One in seven under 15, one in four over 60.
fn birth(random: &mut Random) -> Day {
    let year = match random.below(100) {
        0..14 => random.between(2008, 2020),
        14..50 => random.between(1984, 2007),
        50..76 => random.between(1964, 1983),
        _ => random.between(1936, 1963),
    };
    day(year, 1, 1).plus(random.below(365))
}

fn group(random: &mut Random, age: i64) -> (&'static str, Insurance) {
    let employee = random.percent(35);
    let subsidised = random.percent(8);
    match (age, employee, subsidised) {
        (..18, _, _) => ("学生儿童", Insurance::Resident),
        (_, false, true) => {
            (random.choose(&["建档立卡", "特困供养", "低保", "低保边缘"]), Insurance::Resident)
        }
        (60.., true, _) => ("退休", Insurance::Employee),
        (_, true, _) => ("在职", Insurance::Employee),
        (_, false, false) => ("居民", Insurance::Resident),
    }
}
