//! G4 数据质量: lines whose amount is not price × quantity, that name no item; impossible dates; no diagnosis.
//!
//! In: a city. Out: such lines, promised as 数据质量 and never as a violation.
//! Invariant: a difference of five hundredths is tolerated.

use crate::calendar::day;
use crate::catalogue::{IBUPROFEN, PNEUMONIA, SALINE};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::Institution;

/// Cases of G4.1 to G4.4.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    amounts(city, &hospital);
    nameless(city, &hospital);
    backwards(city, &hospital);
    undiagnosed(city, &hospital);
}

fn amounts(city: &mut City<'_>, hospital: &Institution) {
    for cents in [6, -6, 5, -5] {
        let person = city.resident();
        let time = day(2024, 10, 22).at(9, 0);
        let mut claim = city.consultation(&person, hospital, time);
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
}

fn nameless(city: &mut City<'_>, hospital: &Institution) {
    let person = city.resident();
    let time = day(2024, 10, 23).at(9, 0);
    let mut claim = city.consultation(&person, hospital, time);
    let line = claim.charge(&SALINE, 1, time);
    line.nameless = true;
    let key = line.key.clone();
    city.file(&claim);
    city.quality_finding("G4.2", key);
}

/// A stay that ends before it begins, beside one that ends on its first day.
fn backwards(city: &mut City<'_>, hospital: &Institution) {
    let start = day(2024, 10, 24).at(9, 0);
    for days in [-1, 0] {
        let person = city.resident();
        let end = start.plus_minutes(days * 60 * 24 + 30);
        let mut claim = city.stay((&person, hospital), (start, end), &PNEUMONIA);
        claim.fund = Fund::Fixed(Money(0));
        claim.settled = start.plus_minutes(60);
        city.file(&claim);
        if days < 0 {
            city.quality_finding("G4.3", claim.key);
        } else {
            city.near_miss("G4.3", claim.key, "当日入出院");
        }
    }
}

/// A visit without a diagnosis, beside a purchase at a pharmacy that needs none.
fn undiagnosed(city: &mut City<'_>, hospital: &Institution) {
    for category in ["11", "41"] {
        let person = city.resident();
        let mut claim = city.consultation(&person, hospital, day(2024, 10, 25).at(9, 0));
        claim.category = category;
        claim.diagnoses.clear();
        city.file(&claim);
        if category == "11" {
            city.quality_finding("G4.4", claim.key);
        } else {
            city.near_miss("G4.4", claim.key, "药店购药不要求诊断");
        }
    }
}
