//! C7.3 超说明书剂量: a daily dose above the label's.
//!
//! In: a city. Out: prescriptions at the limit of 10 and one above it.
//! Invariant: the amount is the share of the dose beyond the limit.

use crate::calendar::day;
use crate::catalogue::AMLODIPINE;
use crate::city::City;

/// Cases of C7.3.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    for dose in [11_i64, 10] {
        let person = city.resident();
        let time = day(2024, 6, 18).at(9, 0);
        let mut claim = city.consultation(&person, &hospital, time);
        let line = claim.charge(&AMLODIPINE, 1, time.plus_minutes(15));
        line.supply = Some(14);
        line.daily_dose = Some(dose);
        let key = line.key.clone();
        city.file(&claim);
        if dose > 10 {
            city.finding("C7.3", key, Some(AMLODIPINE.price.times(1).share(dose - 10, dose)));
        } else {
            city.near_miss("C7.3", key, "日用量等于说明书上限10");
        }
    }
}
