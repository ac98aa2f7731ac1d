//! C7.1 性别限定: an item of one sex charged to a person of the other.
//!
//! In: a city. Out: visits of men and women with such items.
//! Invariant: the amount is the whole line.

use crate::calendar::day;
use crate::catalogue::{HYSTEROSCOPY, PROSTATE_ANTIGEN};
use crate::city::City;
use crate::people::Sex;

/// Cases of C7.1.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let cases = [
        (&PROSTATE_ANTIGEN, Sex::Female, true),
        (&PROSTATE_ANTIGEN, Sex::Male, false),
        (&HYSTEROSCOPY, Sex::Male, true),
        (&HYSTEROSCOPY, Sex::Female, false),
    ];
    for (item, sex, broken) in cases {
        let person = city.resident_born(sex, day(1970, 8, 2));
        let key = city.single((&person, &hospital), day(2024, 6, 11).at(9, 30), item);
        if broken {
            city.finding("C7.1", key, Some(item.price.times(1)));
        } else {
            city.near_miss("C7.1", key, "项目与性别相符");
        }
    }
}
