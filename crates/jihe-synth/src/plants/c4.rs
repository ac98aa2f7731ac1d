//! C4 超适应症: no diagnosis of the visit in the indications of the drug.
//!
//! In: a city. Out: visits with a restricted drug and diagnoses inside or beside its indications.
//! Invariant: no days of supply, so that the accumulating drug rules do not apply.

use crate::calendar::day;
use crate::catalogue::{
    DIABETES, Disease, HYPERTENSION, Item, LEUKAEMIA, METFORMIN_EMPAGLIFLOZIN, NILOTINIB, OTHER_DIABETES,
    OTHER_LEUKAEMIA, TYPE_1_DIABETES,
};
use crate::city::City;

/// Cases of C4.
pub(super) fn plant(city: &mut City<'_>) {
    found(city, &METFORMIN_EMPAGLIFLOZIN, &[&HYPERTENSION]);
    found(city, &METFORMIN_EMPAGLIFLOZIN, &[&TYPE_1_DIABETES]);
    found(city, &NILOTINIB, &[&OTHER_LEUKAEMIA]);
    near(city, &METFORMIN_EMPAGLIFLOZIN, &[&HYPERTENSION, &DIABETES], "次要诊断在适应症内");
    near(city, &METFORMIN_EMPAGLIFLOZIN, &[&OTHER_DIABETES], "诊断为适应症的最后一个类目");
    near(city, &NILOTINIB, &[&LEUKAEMIA], "诊断在适应症内");
}

fn visit(city: &mut City<'_>, item: &'static Item, diseases: &[&'static Disease]) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let mut claim = city.consultation(&person, &hospital, day(2024, 6, 3).at(10, 0));
    claim.diagnoses = diseases.to_vec();
    let key = claim.charge(item, 1, day(2024, 6, 3).at(10, 20)).key.clone();
    city.file(&claim);
    key
}

fn found(city: &mut City<'_>, item: &'static Item, diseases: &[&'static Disease]) {
    let key = visit(city, item, diseases);
    city.finding("C4", key, Some(item.price.times(1)));
}

fn near(city: &mut City<'_>, item: &'static Item, diseases: &[&'static Disease], why: &str) {
    let key = visit(city, item, diseases);
    city.near_miss("C4", key, why);
}
