//! G1.2 月费用明显增高: a month of 2000 yuan or more, above three times the highest of the six before.
//!
//! In: a city. Out: persons with some months of prescriptions.
//! Invariant: no year costs 5000 yuan (G1), and ten days of supply a month stay below every limit.

use crate::calendar::day;
use crate::catalogue::{DIABETES, SITAGLIPTIN};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::{Money, Price};

/// Cases of G1.2.
pub(super) fn plant(city: &mut City<'_>) {
    found(city, &[70_000, 50_000, 60_000, 210_001]);
    near(city, &[70_000, 50_000, 60_000, 210_000], "正好是前6个月最高的三倍");
    found(city, &[10_000, 10_000, 10_000, 200_000]);
    near(city, &[10_000, 10_000, 10_000, 199_999], "当月1999.99元");
    near(city, &[10_000, 10_000, 200_000], "此前只有两个月");
    found(city, &[80_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 200_000]);
    near(city, &[80_000, 10_000, 10_000, 10_000, 10_000, 10_000, 200_000], "最高的一月正在第6个月之前");
}

/// The costs of successive months of 2024; the last month.
fn months(city: &mut City<'_>, costs: &[i64]) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let disease = city.register((&person, &hospital), &DIABETES, (day(2018, 9, 3), None));
    let mut date = day(2024, 1, 8);
    let mut month = String::new();
    for cents in costs {
        let time = date.at(9, 0);
        let mut claim = city.outpatient((&person, &hospital), time, &DIABETES);
        claim.category = "14";
        claim.disease = Some(disease);
        claim.fund = Fund::Fixed(Money::yuan(20));
        let line = claim.charge(&SITAGLIPTIN, 1, time);
        line.price = Price::cents(*cents);
        line.supply = Some(10);
        city.file(&claim);
        month = date.month_text();
        date = date.next_month().plus(7);
    }
    format!("{}|{month}", person.key)
}

fn found(city: &mut City<'_>, costs: &[i64]) {
    let key = months(city, costs);
    city.finding("G1.2", key, None);
}

fn near(city: &mut City<'_>, costs: &[i64], why: &str) {
    let key = months(city, costs);
    city.near_miss("G1.2", key, why);
}
