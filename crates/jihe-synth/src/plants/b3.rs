//! B3 分解收费: the parts of a package charged instead of it or beside it.
//!
//! In: a city. Out: visits with the three parts of the liver panel.
//! Invariant: the package costs 10.00, and only all three parts of one day are the package.

use crate::calendar::{Day, day};
use crate::catalogue::{ALANINE_AMINOTRANSFERASE, ASPARTATE_AMINOTRANSFERASE, BILIRUBIN, Item, LIVER_PANEL};
use crate::city::City;
use crate::claim::Claim;
use crate::decimal::{Money, Price};
use crate::people::Institution;

const PARTS: [&Item; 3] = [&ALANINE_AMINOTRANSFERASE, &ASPARTATE_AMINOTRANSFERASE, &BILIRUBIN];
const DAY: Day = day(2024, 7, 15);

/// Cases of B3.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let claim = parts(city, &hospital, &[500, 500, 400]);
    found(city, &claim, 400);
    let claim = parts(city, &hospital, &[300, 300, 401]);
    found(city, &claim, 1);
    let claim = parts(city, &hospital, &[300, 300, 400]);
    near(city, &claim, "三项合计等于套餐价");
    let claim = parts(city, &hospital, &[600, 600]);
    near(city, &claim, "缺一项部件，合计高于套餐价");
    let claim = beside(city, &hospital, DAY);
    found(city, &claim, 500);
    let claim = beside(city, &hospital, DAY.plus(1));
    near(city, &claim, "套餐在次日收取");
    let claim = apart(city, &hospital);
    near(city, &claim, "三项不在同一天");
}

fn subject(claim: &Claim) -> String {
    format!("{}|{DAY}|{}", claim.key, LIVER_PANEL.code)
}

fn found(city: &mut City<'_>, claim: &Claim, cents: i64) {
    city.finding("B3", subject(claim), Some(Money::cents(cents)));
}

fn near(city: &mut City<'_>, claim: &Claim, why: &str) {
    city.near_miss("B3", subject(claim), why);
}

fn visit(city: &mut City<'_>, hospital: &Institution) -> Claim {
    let person = city.resident();
    city.consultation(&person, hospital, DAY.at(8, 30))
}

fn parts(city: &mut City<'_>, hospital: &Institution, prices: &[i64]) -> Claim {
    let mut claim = visit(city, hospital);
    for (part, cents) in PARTS.into_iter().zip(prices) {
        claim.charge(part, 1, DAY.at(9, 0)).price = Price::cents(*cents);
    }
    city.file(&claim);
    claim
}

/// One part, and the package on some day.
fn beside(city: &mut City<'_>, hospital: &Institution, package: Day) -> Claim {
    let mut claim = visit(city, hospital);
    claim.charge(&ALANINE_AMINOTRANSFERASE, 1, DAY.at(9, 0));
    claim.charge(&LIVER_PANEL, 1, package.at(9, 0));
    claim.settled = package.at(17, 0);
    city.file(&claim);
    claim
}

fn apart(city: &mut City<'_>, hospital: &Institution) -> Claim {
    let mut claim = visit(city, hospital);
    claim.charge(&ALANINE_AMINOTRANSFERASE, 1, DAY.at(9, 0));
    claim.charge(&ASPARTATE_AMINOTRANSFERASE, 1, DAY.at(9, 1));
    claim.charge(&BILIRUBIN, 1, DAY.plus(1).at(0, 0));
    claim.settled = DAY.plus(1).at(17, 0);
    city.file(&claim);
    claim
}
