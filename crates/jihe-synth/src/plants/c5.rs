//! C5 超病种用药: an item outside the catalogue of every registered disease.
//!
//! In: a city. Out: chronic visits of registered persons.
//! Invariant: a week's supply, far from the limits of C1.

use crate::calendar::{Day, day};
use crate::catalogue::{DIABETES, Disease, HYPERTENSION, Item, METFORMIN, OMEPRAZOLE};
use crate::city::City;
use crate::claim::Fund;
use crate::decimal::Money;

const VISIT: Day = day(2024, 5, 21);

/// Cases of C5.
pub(super) fn plant(city: &mut City<'_>) {
    let hypertension: &[&'static Disease] = &[&HYPERTENSION];
    for item in [&OMEPRAZOLE, &METFORMIN] {
        let key = visit(city, hypertension, item);
        city.finding("C5", key, Some(item.price.times(1)));
    }
    let key = visit(city, &[&HYPERTENSION, &DIABETES], &METFORMIN);
    city.near_miss("C5", key, "在第二个备案病种的目录内");
    let key = visit(city, &[], &OMEPRAZOLE);
    city.near_miss("C5", key, "没有备案");
    let key = visit_until(city, (hypertension, Some(VISIT)), &OMEPRAZOLE);
    city.finding("C5", key, Some(OMEPRAZOLE.price.times(1)));
    let key = visit_until(city, (hypertension, Some(VISIT.plus(-1))), &OMEPRAZOLE);
    city.near_miss("C5", key, "备案在前一日终止");
}

fn visit(city: &mut City<'_>, registered: &[&'static Disease], item: &'static Item) -> String {
    visit_until(city, (registered, None), item)
}

/// A visit of a person whose registrations end on a day or stay open; the key of the line.
fn visit_until(
    city: &mut City<'_>,
    (registered, end): (&[&'static Disease], Option<Day>),
    item: &'static Item,
) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    for disease in registered {
        city.register((&person, &hospital), disease, (day(2019, 7, 1), end));
    }
    let time = VISIT.at(9, 0);
    let mut claim = city.consultation(&person, &hospital, time);
    claim.category = "14";
    claim.fund = Fund::Fixed(Money::yuan(5));
    let line = claim.charge(item, 1, time);
    line.supply = Some(7);
    let key = line.key.clone();
    city.file(&claim);
    key
}
