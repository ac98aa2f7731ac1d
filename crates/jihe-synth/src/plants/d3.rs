//! D3 冒用医师工作站: one practitioner ordering at two institutions within 30 minutes.
//!
//! In: a city. Out: pairs of visits under one practitioner.
//! Invariant: the patients differ, so that E4 does not apply; of two lines the later one is the subject.

use crate::calendar::day;
use crate::catalogue::ECG;
use crate::city::City;

/// Cases of D3.
pub(super) fn plant(city: &mut City<'_>) {
    let key = pair(city, 29, true);
    city.finding("D3", key, None);
    let key = pair(city, 30, true);
    city.near_miss("D3", key, "相隔整30分钟");
    let key = pair(city, 5, false);
    city.near_miss("D3", key, "在同一机构");
}

/// A line here and one so many minutes later at another hospital or the same; the later line.
fn pair(city: &mut City<'_>, minutes: i64, elsewhere: bool) -> String {
    let here = city.hospital();
    let there = if elsewhere { city.hospital() } else { here.clone() };
    let doctor = here.practitioner(crate::people::DEPARTMENTS[0]);
    let time = day(2024, 12, 18).at(9, 0);
    let mut key = String::new();
    for (hospital, time) in [(&here, time), (&there, time.plus_minutes(minutes))] {
        let person = city.resident();
        let mut claim = city.outpatient((&person, hospital), time, &crate::catalogue::BACK_PAIN);
        claim.doctor = Some(doctor.clone());
        key.clone_from(&claim.charge(&ECG, 1, time).key);
        city.file(&claim);
    }
    key
}
