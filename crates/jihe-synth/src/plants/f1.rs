//! F1 月销量大于可供量: more sold in a month than was left of the last one and came in.
//!
//! In: a city. Out: hospitals with 10 boxes left in February and 20 bought in March that sell 31 or 30.
//! Invariant: purchases of the whole year exceed all sales, so that the yearly rule B6 is silent.

use crate::background::Movement;
use crate::calendar::day;
use crate::catalogue::ASPIRIN;
use crate::city::City;

/// Cases of F1.
pub(super) fn plant(city: &mut City<'_>) {
    sell(city, &[10, 10, 11], true);
    sell(city, &[10, 10, 10], true);
    sell(city, &[10, 10, 11], false);
}

fn sell(city: &mut City<'_>, quantities: &[i64], counted: bool) {
    let hospital = city.hospital();
    let books = (&hospital, &ASPIRIN);
    city.stock(books, Movement::In(60), day(2024, 1, 8));
    if counted {
        city.stock(books, Movement::Closing(10), day(2024, 2, 29));
    }
    city.stock(books, Movement::In(20), day(2024, 3, 11));
    for (number, quantity) in (0..).zip(quantities) {
        let person = city.resident();
        let date = day(2024, 3, 1).plus(number * 15);
        let mut claim = city.consultation(&person, &hospital, date.at(9, 0));
        claim.charge(&ASPIRIN, *quantity, date.at(9, 20));
        city.file(&claim);
    }
    let subject = format!("{}|{}|2024-03", hospital.key, ASPIRIN.code);
    let total: i64 = quantities.iter().sum();
    if !counted {
        city.near_miss("F1", subject, "上月没有盘存");
    } else if total > 30 {
        let amount = quantities.last().map(|last| ASPIRIN.price.times(*last).share(total - 30, *last));
        city.finding("F1", subject, amount);
    } else {
        city.near_miss("F1", subject, "当月销量等于上月结存加入库");
    }
}
