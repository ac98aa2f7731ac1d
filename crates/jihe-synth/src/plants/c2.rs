//! C2 叠加购药: the same drug from two institutions within 90 days, supplies overlapping by more than 7 days.
//!
//! In: a city. Out: pairs of purchases at two hospitals.
//! Invariant: ordinary outpatient visits, so that the limit of chronic prescriptions does not apply.

use crate::calendar::{Day, day};
use crate::catalogue::AMLODIPINE;
use crate::city::City;
use crate::people::Institution;

/// Cases of C2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospitals = (city.hospital(), city.hospital());
    let first = day(2024, 4, 1);
    let key = pair(city, &hospitals, (first, 30), (first.plus(22), 30));
    found(city, key, 8, 30);
    let key = pair(city, &hospitals, (first, 30), (first.plus(23), 30));
    city.near_miss("C2", key, "两家机构疗程重叠7天");
    let key = pair(city, &hospitals, (first, 97), (first.plus(89), 20));
    found(city, key, 8, 20);
    let key = pair(city, &hospitals, (first, 98), (first.plus(90), 20));
    city.near_miss("C2", key, "另一机构的取药在第91天，不在90天窗口内");
    let key = pair(city, &hospitals, (first, 20), (first, 10));
    found(city, key, 10, 10);
    let same = (hospitals.0.clone(), hospitals.0.clone());
    let key = pair(city, &same, (first, 30), (first.plus(15), 30));
    city.near_miss("C2", key, "两次取药在同一机构");
    refunded(city, &hospitals, first);
    fetched(city, &hospitals, first);
}

fn found(city: &mut City<'_>, key: String, overlap: i64, days: i64) {
    let amount = AMLODIPINE.price.times(1).times_ratio(overlap.min(days), days);
    city.finding("C2", key, Some(amount));
}

/// Two purchases of one person, each a day and its days of supply; the key of the second line.
fn pair(
    city: &mut City<'_>,
    hospitals: &(Institution, Institution),
    first: (Day, i64),
    second: (Day, i64),
) -> String {
    let person = city.resident();
    city.supply((&person, &hospitals.0), first.0, first.1);
    // Two visits of the same day are told apart by half an hour and more.
    let mut claim = city.consultation(&person, &hospitals.1, second.0.at(14, 0));
    let time = claim.start;
    let line = claim.charge(&AMLODIPINE, 1, time);
    line.supply = Some(second.1);
    let key = line.key.clone();
    city.file(&claim);
    key
}

fn refunded(city: &mut City<'_>, hospitals: &(Institution, Institution), first: Day) {
    let person = city.resident();
    let mut claim = city.consultation(&person, &hospitals.0, first.at(9, 0));
    let line = claim.charge(&AMLODIPINE, 1, first.at(9, 10));
    line.supply = Some(30);
    let key = line.key.clone();
    claim.take_back(&key, 1, first.at(10, 0));
    city.file(&claim);
    let kept = city.supply((&person, &hospitals.1), first.plus(5), 30);
    city.near_miss("C2", kept, "另一机构的取药已全部退费");
}

fn fetched(city: &mut City<'_>, hospitals: &(Institution, Institution), first: Day) {
    let person = city.resident();
    city.supply((&person, &hospitals.0), first, 30);
    let mut claim = city.consultation(&person, &hospitals.1, first.plus(5).at(9, 0));
    claim.note = "家属代取药";
    let time = claim.start;
    let line = claim.charge(&AMLODIPINE, 1, time);
    line.supply = Some(30);
    let key = line.key.clone();
    city.file(&claim);
    city.near_miss("C2", key, "登记为代取药，豁免");
}
