//! C7.2 年龄限定: an item charged to a person older than its limit.
//!
//! In: a city. Out: visits on the last day within the limit and on the first day beyond it.
//! Invariant: somebody born on 29 February becomes a year older on 1 March.

use crate::calendar::{Day, day};
use crate::catalogue::{CHILDREN_SYRUP, Item, NEWBORN_CARE};
use crate::city::City;
use crate::people::Sex;

/// Cases of C7.2.
pub(super) fn plant(city: &mut City<'_>) {
    let birthday = day(2009, 6, 10);
    found(city, (birthday, day(2024, 6, 10)), &CHILDREN_SYRUP);
    near(city, (birthday, day(2024, 6, 9)), &CHILDREN_SYRUP, "15岁生日的前一天");
    let leap_day = day(2008, 2, 29);
    found(city, (leap_day, day(2023, 3, 1)), &CHILDREN_SYRUP);
    near(city, (leap_day, day(2023, 2, 28)), &CHILDREN_SYRUP, "2月29日出生，3月1日才满15岁");
    let newborn = day(2024, 6, 1);
    found(city, (newborn, newborn.plus(29)), &NEWBORN_CARE);
    near(city, (newborn, newborn.plus(28)), &NEWBORN_CARE, "出生第28天");
}

fn visit(city: &mut City<'_>, (birth, date): (Day, Day), item: &'static Item) -> String {
    let hospital = city.hospital();
    let person = city.resident_born(Sex::Female, birth);
    city.single((&person, &hospital), date.at(10, 0), item)
}

fn found(city: &mut City<'_>, (birth, date): (Day, Day), item: &'static Item) {
    let key = visit(city, (birth, date), item);
    city.finding("C7.2", key, Some(item.price.times(1)));
}

fn near(city: &mut City<'_>, (birth, date): (Day, Day), item: &'static Item, why: &str) {
    let key = visit(city, (birth, date), item);
    city.near_miss("C7.2", key, why);
}
