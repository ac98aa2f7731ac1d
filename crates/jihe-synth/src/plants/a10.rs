//! A10 出院费用接近: five or more stays of a week, and at least 30 % of them, paid within 2 % of each other.
//!
//! In: a city. Out: hospitals with one week of discharges each.
//! Invariant: the amounts that are not meant lie more than 2 % apart.

use crate::calendar::{Day, day};
use crate::catalogue::GASTRITIS;
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;

/// A Monday.
const WEEK: Day = day(2024, 6, 10);

/// Cases of A10.
pub(super) fn plant(city: &mut City<'_>) {
    let close = [10_000, 10_050, 10_100, 10_150, 10_200];
    found(city, &close, 0);
    found(city, &[10_000, 10_050, 10_100, 10_150, 10_199, 10_200], 14);
    near(city, &[10_050, 10_100, 10_150, 10_200], 0, "只有四笔接近");
    near(city, &[10_000, 10_050, 10_100, 10_150, 10_201], 0, "五笔相差超过2%");
    near(city, &close, 12, "五笔只占十七笔的29.4%");
}

/// One stay for each amount in hundredths of a yuan, and so many others far apart; the key of the week.
fn week(city: &mut City<'_>, close: &[i64], others: i64) -> String {
    let hospital = city.hospital();
    let far = (0..others).map(|number| 500 + number * 400);
    for (number, cents) in (0..).zip(close.iter().copied().chain(far)) {
        let person = city.resident();
        let discharged = WEEK.plus(number % 7);
        let times = (discharged.plus(-4).at(9, number), discharged.at(10, number));
        let mut claim = city.stay((&person, &hospital), times, &GASTRITIS);
        claim.fund = Fund::Fixed(Money::cents(cents));
        claim.ward_days();
        city.file(&claim);
    }
    format!("{}|{}", hospital.key, WEEK.week_text())
}

fn found(city: &mut City<'_>, close: &[i64], others: i64) {
    let key = week(city, close, others);
    city.finding("A10", key, None);
}

fn near(city: &mut City<'_>, close: &[i64], others: i64, why: &str) {
    let key = week(city, close, others);
    city.near_miss("A10", key, why);
}
