//! E5.2 未参保享受待遇: the fund pays for a visit outside every enrolment.
//!
//! In: a city. Out: visits on the last day of an enrolment and on the day after.
//! Invariant: the settlement is the subject; it carries no amount.

use crate::calendar::day;
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;
use crate::people::{Person, Sex};

/// Cases of E5.2.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let left = day(2023, 12, 31);
    for (later, paid) in [(1, 5), (0, 5), (1, 0)] {
        let person = Person { insured_to: Some(left), ..city.unwritten(Sex::Male, day(1979, 10, 30)) };
        city.write_person(&person);
        let mut claim = city.consultation(&person, &hospital, left.plus(later).at(9, 0));
        claim.fund = Fund::Fixed(Money::yuan(paid));
        city.file(&claim);
        match (later, paid) {
            (0, _) => city.near_miss("E5.2", claim.settlement, "参保终止当日就诊"),
            (_, 0) => city.near_miss("E5.2", claim.settlement, "基金未支付"),
            (_, _) => city.finding("E5.2", claim.settlement, None),
        }
    }
}
