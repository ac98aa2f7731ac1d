//! G3 报销金额较大: a year's payments above those of 99 % of the persons of the same insurance, if they are 100 or more.
//!
//! In: a city. Out: a hundred persons of one small insurance and ninety-nine of another, all paid alike but the last.
//! Invariant: nobody else in the city has these insurances, so the background does not move the percentile.

use crate::calendar::day;
use crate::catalogue::{DIABETES, SITAGLIPTIN};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::{Money, Price};
use crate::people::{Insurance, Person, Sex};

/// Cases of G3.
pub(super) fn plant(city: &mut City<'_>) {
    let [second, first] = peers(city, Insurance::Retired, 100);
    city.finding("G3", first, None);
    city.near_miss("G3", second, "正好在99分位");
    let [_, first] = peers(city, Insurance::Veteran, 99);
    city.near_miss("G3", first, "同险种只有99人");
}

/// So many persons with one chronic visit in 2024; the years of the last two, who are paid more.
fn peers(city: &mut City<'_>, insurance: Insurance, count: i64) -> [String; 2] {
    let hospital = city.hospital();
    let mut last = [String::new(), String::new()];
    for number in 1..=count {
        let person = Person { insurance, ..city.unwritten(Sex::Male, day(1938, 8, 8)) };
        city.write_person(&person);
        let time = day(2024, 3, 4).plus(number % 60).at(9, 0);
        let mut claim = city.outpatient((&person, &hospital), time, &DIABETES);
        claim.category = "14";
        claim.fund = Fund::Fixed(Money::yuan(match count - number {
            0 => 200,
            1 => 150,
            _ => 100,
        }));
        let line = claim.charge(&SITAGLIPTIN, 1, time);
        line.price = Price::cents(30_000);
        line.supply = Some(28);
        city.file(&claim);
        last.rotate_left(1);
        last[1] = format!("{}|2024", person.key);
    }
    last
}
