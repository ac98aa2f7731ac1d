//! C3 连续购药: three refills in a row, each more than 7 days before the last box was used up.
//!
//! In: a city. Out: series of purchases at one hospital.
//! Invariant: ordinary outpatient visits at one institution, so that neither C1 nor C2 applies.

use crate::calendar::day;
use crate::city::City;

/// Cases of C3.
pub(super) fn plant(city: &mut City<'_>) {
    let three = series(city, 30, &[22, 22, 22]);
    found(city, three.last());
    let four = series(city, 30, &[22, 20, 22, 21]);
    for key in four.iter().skip(3) {
        found(city, Some(key));
    }
    let too_late = series(city, 30, &[22, 22, 23]);
    near(city, too_late.last(), "第三次续方只提前7天");
    let on_time = series(city, 30, &[23, 23, 23]);
    near(city, on_time.last(), "三次续方各提前7天");
    let two = series(city, 30, &[22, 22]);
    near(city, two.last(), "只连续两次提前续方");
    let broken = series(city, 30, &[22, 22, 30, 22, 22]);
    near(city, broken.last(), "中间一次按时续方，未连续三次");
    // The last fill is looked for within 90 days only.
    let far = series(city, 100, &[89, 89, 89]);
    found(city, far.last());
    let too_far = series(city, 110, &[90, 90, 90]);
    near(city, too_far.last(), "上次取药在第91天，不在90天窗口内");
}

/// Purchases of so many days each with these gaps; the keys of their lines.
fn series(city: &mut City<'_>, days: i64, gaps: &[i64]) -> Vec<String> {
    let (person, hospital) = (city.resident(), city.hospital());
    let mut day = day(2024, 2, 5);
    let mut keys = vec![city.supply((&person, &hospital), day, days)];
    for gap in gaps {
        day = day.plus(*gap);
        keys.push(city.supply((&person, &hospital), day, days));
    }
    keys
}

fn found(city: &mut City<'_>, key: Option<&String>) {
    if let Some(key) = key {
        city.finding("C3", key, None);
    }
}

fn near(city: &mut City<'_>, key: Option<&String>, why: &str) {
    if let Some(key) = key {
        city.near_miss("C3", key, why);
    }
}
