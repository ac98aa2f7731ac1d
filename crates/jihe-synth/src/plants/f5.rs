//! F5 拖欠拨付: not paid within 30 days of the claim.
//!
//! In: a city. Out: settlements paid on the last day, a day late and not yet.
//! Invariant: what is not paid counts up to the as-of day, 2025-01-31.

use crate::calendar::{Day, day};
use crate::city::City;

/// The day of a visit, days to claim and payment, and why nothing is wrong if nothing is.
type Case = (Day, (i64, Option<i64>), Option<&'static str>);

/// Cases of F5.
pub(super) fn plant(city: &mut City<'_>) {
    let cases: [Case; 4] = [
        (day(2024, 4, 2), (3, Some(31)), None),
        (day(2024, 4, 2), (3, Some(30)), Some("申报后第30天拨付")),
        (day(2024, 12, 30), (1, None), None),
        (day(2024, 12, 30), (2, None), Some("截止日时申报满30天，尚未拨付")),
    ];
    let hospital = city.hospital();
    for (date, payment, why) in cases {
        let person = city.resident();
        let mut claim = city.consultation(&person, &hospital, date.at(9, 0));
        claim.payment = payment;
        city.file(&claim);
        match why {
            None => city.finding("F5", claim.settlement, None),
            Some(why) => city.near_miss("F5", claim.settlement, why),
        }
    }
}
