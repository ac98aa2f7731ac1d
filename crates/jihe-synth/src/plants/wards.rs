//! Brief stays of many persons, for the rules that look at a whole hospital.
//!
//! In: a hospital and a day. Out: stays of one to four days, and the key of a hospital's day.
//! Invariant: what the fund pays differs by more than 2 % within a group, so that A10 stays silent.

use crate::calendar::Day;
use crate::catalogue::{BED, GASTRITIS};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::Institution;

/// A stay of a person of its own: the number of the person in the group, and the days.
pub(super) fn brief_stay(
    city: &mut City<'_>,
    hospital: &Institution,
    admitted: Day,
    (number, days): (i64, i64),
) {
    let person = city.resident();
    let times =
        (admitted.at(8, 0).plus_minutes(number * 20), admitted.plus(days).at(10, 0).plus_minutes(number));
    let mut claim = city.stay((&person, hospital), times, &GASTRITIS);
    claim.fund = Fund::Fixed(Money::yuan(4 + number * 2));
    for later in 0..days {
        claim.charge(&BED, 1, admitted.plus(later).at(23, 0));
        claim.care_day(admitted.plus(later));
    }
    city.file(&claim);
}

/// The key of a day of a hospital.
pub(super) fn subject(hospital: &Institution, day: Day) -> String {
    format!("{}|{day}", hospital.key)
}
