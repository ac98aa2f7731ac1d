//! B6 销大于进: more sold in a year than opened with and bought.
//!
//! In: a city. Out: hospitals whose books show 100 boxes and whose claims 101 or 100.
//! Invariant: the books have no closing balance, so that the monthly rule F1 has nothing to go by.

use crate::background::Movement;
use crate::calendar::day;
use crate::catalogue::ASPIRIN;
use crate::city::City;

/// Cases of B6.
pub(super) fn plant(city: &mut City<'_>) {
    sell(city, &[40, 40, 21]);
    sell(city, &[40, 40, 20]);
}

fn sell(city: &mut City<'_>, quantities: &[i64]) {
    let hospital = city.hospital();
    city.stock((&hospital, &ASPIRIN), Movement::Opening(60), day(2024, 1, 1));
    city.stock((&hospital, &ASPIRIN), Movement::In(40), day(2024, 2, 5));
    // What was bought the year before was used up the year before.
    city.stock((&hospital, &ASPIRIN), Movement::In(80), day(2023, 11, 6));
    let mut total = 0;
    let mut date = day(2024, 6, 3);
    for quantity in quantities {
        let person = city.resident();
        let mut claim = city.consultation(&person, &hospital, date.at(9, 0));
        claim.charge(&ASPIRIN, *quantity, date.at(9, 20));
        city.file(&claim);
        total += quantity;
        date = date.plus(9);
    }
    let subject = format!("{}|{}|2024", hospital.key, ASPIRIN.code);
    if total > 100 {
        let amount = quantities.last().map(|last| ASPIRIN.price.times(*last).share(total - 100, *last));
        city.finding("B6", subject, amount);
    } else {
        city.near_miss("B6", subject, "全年销量等于期初与进货之和");
    }
}
