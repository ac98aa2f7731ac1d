//! G1 年度费用明显增高: a year's chronic outpatient cost of 5000 yuan or more, above three times the year before.
//!
//! In: a city. Out: persons with two years of prescriptions.
//! Invariant: no month costs 2000 yuan (G1.2) and no box comes early (C1, C3).

use crate::calendar::{Day, day};
use crate::catalogue::{DIABETES, SITAGLIPTIN};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::{Money, Price};
use crate::people::Institution;

/// Cases of G1.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let key = years(city, &hospital, &[83_333, 83_333], &[100_000; 5]);
    city.finding("G1", key, None);
    let key = years(city, &hospital, &[83_350, 83_350], &[125_025, 125_025, 125_025, 125_025]);
    city.near_miss("G1", key, "今年5001.00元，正好是上年的三倍");
    let key = years(city, &hospital, &[50_000], &[100_000, 100_000, 100_000, 100_000, 99_999]);
    city.near_miss("G1", key, "今年4999.99元，不到5000元");
    let key = years(city, &hospital, &[], &[120_000; 5]);
    city.near_miss("G1", key, "上年没有费用");
}

/// The costs of the visits of 2023 and of 2024 in hundredths of a yuan; the person's year.
fn years(city: &mut City<'_>, hospital: &Institution, before: &[i64], now: &[i64]) -> String {
    let person = city.resident();
    let disease = city.register((&person, hospital), &DIABETES, (day(2018, 5, 4), None));
    let years: [(Day, &[i64]); 2] = [(day(2023, 2, 6), before), (day(2024, 2, 5), now)];
    for (first, costs) in years {
        for (number, cents) in (0..).zip(costs) {
            let time = first.plus(number * 40).at(9, 0);
            let mut claim = city.outpatient((&person, hospital), time, &DIABETES);
            claim.category = "14";
            claim.disease = Some(disease);
            claim.fund = Fund::Fixed(Money::yuan(20));
            let line = claim.charge(&SITAGLIPTIN, 1, time);
            line.price = Price::cents(*cents);
            line.supply = Some(28);
            city.file(&claim);
        }
    }
    format!("{}|2024", person.key)
}
