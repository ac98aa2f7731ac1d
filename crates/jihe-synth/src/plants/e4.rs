//! E4 两地就诊: one person in two districts within 30 minutes.
//!
//! In: a city. Out: pairs of visits at clinics of both districts.
//! Invariant: of two visits the later one is the subject; at the same minute, the one with the greater key.

use crate::calendar::day;
use crate::city::City;
use crate::people::{DISTRICTS, Institution, Level};

/// Cases of E4.
pub(super) fn plant(city: &mut City<'_>) {
    let [one, other] = DISTRICTS;
    let here = city.new_institution(Level::Primary, one);
    let near = city.new_institution(Level::Primary, one);
    let far = city.new_institution(Level::Primary, other);
    for minutes in [29, 0] {
        let key = pair(city, (&here, &far), minutes, Change::None);
        city.finding("E4", key, None);
    }
    let key = pair(city, (&here, &far), 30, Change::None);
    city.near_miss("E4", key, "相隔整30分钟");
    let key = pair(city, (&here, &near), 5, Change::None);
    city.near_miss("E4", key, "两家机构在同一区县");
    let key = pair(city, (&here, &far), 5, Change::Online);
    city.near_miss("E4", key, "后一次是互联网诊疗");
    let key = pair(city, (&here, &far), 5, Change::Fetched);
    city.near_miss("E4", key, "登记为代取药，豁免");
}

/// What is special of the second visit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    None,
    Online,
    Fetched,
}

fn pair(city: &mut City<'_>, places: (&Institution, &Institution), minutes: i64, change: Change) -> String {
    let person = city.resident();
    let time = day(2024, 9, 11).at(9, 0);
    let first = city.consultation(&person, places.0, time);
    let mut second = city.consultation(&person, places.1, time.plus_minutes(minutes));
    second.online = change == Change::Online;
    if change == Change::Fetched {
        second.note = "代取药";
    }
    city.file(&first);
    city.file(&second);
    second.key
}
