//! A2.2 住院多日无诊疗: three days or more of a stay with nothing but bed, consultation and nursing.
//!
//! In: a city. Out: stays with two and three idle days.
//! Invariant: the amount is the bed, consultation and nursing of the idle days.

use crate::calendar::{Day, day};
use crate::catalogue::{BED, INPATIENT_CONSULTATION, NURSING, STROKE};
use crate::city::City;
use crate::claim::{Claim, Fund};
use crate::decimal::Money;
use crate::people::Institution;

const ADMITTED: Day = day(2024, 5, 6);

/// Cases of A2.2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    for (days, idle) in [(10, 3), (3, 3), (10, 7)] {
        let claim = stay(city, &hospital, days, idle);
        city.file(&claim);
        city.finding("A2.2", claim.key, Some(idle_amount(idle)));
    }
    let claim = stay(city, &hospital, 10, 2);
    city.file(&claim);
    city.near_miss("A2.2", claim.key, "只有2天无诊疗");
    for in_bed in [false, true] {
        let claim = stay(city, &hospital, 8, 4);
        city.file(&claim);
        city.round(&claim, ADMITTED.plus(3).at(21, 30), in_bed);
        if in_bed {
            city.near_miss("A2.2", claim.key, "查房记录显示在床，豁免");
        } else {
            city.finding("A2.2", claim.key, Some(idle_amount(4)));
        }
    }
}

fn idle_amount(days: i64) -> Money {
    let a_day = BED.price.times(1).plus(INPATIENT_CONSULTATION.price.times(1)).plus(NURSING.price.times(1));
    Money(a_day.0 * days)
}

/// A stay whose last days are idle.
fn stay(city: &mut City<'_>, hospital: &Institution, days: i64, idle: i64) -> Claim {
    let person = city.resident();
    let mut claim =
        city.stay((&person, hospital), (ADMITTED.at(9, 0), ADMITTED.plus(days).at(10, 0)), &STROKE);
    claim.fund = Fund::Fixed(Money(0));
    for number in 0..days {
        claim.bed_day(ADMITTED.plus(number));
        if number < days - idle {
            claim.care_day(ADMITTED.plus(number));
        }
    }
    claim
}
