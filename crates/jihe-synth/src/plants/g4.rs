//! G4 数据质量: lines whose amount is not price × quantity, or that name no item.
//!
//! In: a city. Out: such lines, promised as 数据质量 and never as a violation.
//! Invariant: a difference of five hundredths is tolerated.

use crate::calendar::day;
use crate::catalogue::{IBUPROFEN, SALINE};
use crate::city::City;
use crate::decimal::Money;

/// Cases of G4.1 and G4.2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    for cents in [6, -6, 5, -5] {
        let person = city.resident();
        let time = day(2024, 10, 22).at(9, 0);
        let mut claim = city.consultation(&person, &hospital, time);
        let line = claim.charge(&IBUPROFEN, 2, time);
        line.stated = Some(line.amount().plus(Money::cents(cents)));
        let key = line.key.clone();
        city.file(&claim);
        if i64::abs(cents) > 5 {
            city.quality_finding("G4.1", key);
        } else {
            city.near_miss("G4.1", key, "金额与单价乘数量差5分");
        }
    }
    let person = city.resident();
    let time = day(2024, 10, 23).at(9, 0);
    let mut claim = city.consultation(&person, &hospital, time);
    let line = claim.charge(&SALINE, 1, time);
    line.nameless = true;
    let key = line.key.clone();
    city.file(&claim);
    city.quality_finding("G4.2", key);
}
