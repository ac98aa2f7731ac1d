//! A7 频繁住院: more than six stays in twelve months, five since 2024, one fewer for the groups to be watched.
//!
//! In: a city. Out: persons with five to seven stays, twenty days apart.
//! Invariant: the gap between stays is longer than that of A6.

use crate::calendar::{Day, day};
use crate::catalogue::LUNG_DISEASE;
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::{Institution, Person, Sex};

/// Cases of A7.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let cases = [
        ("居民", day(2023, 1, 9), 7, 6),
        ("居民", day(2023, 1, 10), 6, 6),
        ("居民", day(2024, 1, 8), 6, 5),
        ("居民", day(2024, 1, 9), 5, 5),
        ("低保", day(2024, 1, 10), 5, 4),
        ("低保", day(2024, 1, 11), 4, 4),
        ("特困供养", day(2023, 2, 6), 6, 5),
        ("特困供养", day(2023, 2, 7), 5, 5),
    ];
    for (group, first, count, limit) in cases {
        let person = person(city, group);
        let starts: Vec<Day> = (0..count).map(|number| first.plus(number * 25)).collect();
        let last = stays(city, &person, &hospital, &starts);
        promise(city, last, count > limit, &format!("12个月内住院{count}次，关注线{limit}次"));
    }
    window(city, &hospital);
}

fn promise(city: &mut City<'_>, key: String, broken: bool, why: &str) {
    if broken {
        city.finding("A7", key, None);
    } else {
        city.near_miss("A7", key, why);
    }
}

/// The sixth stay comes a day less than twelve months after the first, or twelve months after it.
fn window(city: &mut City<'_>, hospital: &Institution) {
    let first = day(2023, 6, 14);
    for (last, broken) in [(day(2024, 6, 13), true), (day(2024, 6, 14), false)] {
        let person = person(city, "居民");
        let mut starts: Vec<Day> = (0..5).map(|number| first.plus(number * 30)).collect();
        starts.push(last);
        let key = stays(city, &person, hospital, &starts);
        promise(city, key, broken, "第一次住院在整12个月之前");
    }
}

fn person(city: &mut City<'_>, group: &'static str) -> Person {
    let person = Person { group, ..city.unwritten(Sex::Female, day(1951, 2, 3)) };
    city.write_person(&person);
    person
}

/// Stays of five days; the key of the last.
fn stays(city: &mut City<'_>, person: &Person, hospital: &Institution, starts: &[Day]) -> String {
    let mut key = String::new();
    for start in starts {
        let times = (start.at(9, 0), start.plus(5).at(10, 0));
        let mut claim = city.stay((person, hospital), times, &LUNG_DISEASE);
        claim.fund = Fund::Fixed(Money(0));
        claim.ward_days();
        city.file(&claim);
        key = claim.key;
    }
    key
}
