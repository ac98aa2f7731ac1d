//! B1 超限定价格: a unit price above the ceiling of region, level and item.
//!
//! In: a city. Out: lines at the ceiling and a hundredth above it.
//! Invariant: the districts of the city have no rows of their own, so that the ceiling of an ancestor counts.

use crate::calendar::day;
use crate::catalogue::{BLOOD_COUNT, Item, MAGNETIC_RESONANCE};
use crate::city::City;
use crate::decimal::Price;
use crate::people::{DISTRICTS, Level};

/// Cases of B1.
pub(super) fn plant(city: &mut City<'_>) {
    // A secondary hospital falls back to the city's row, a tertiary one to the province's, and the scan has one row for all levels.
    plant_at(city, Level::Secondary, &BLOOD_COUNT, 1_800);
    plant_at(city, Level::Tertiary, &BLOOD_COUNT, 2_500);
    plant_at(city, Level::Primary, &MAGNETIC_RESONANCE, 36_000);
}

fn plant_at(city: &mut City<'_>, level: Level, item: &'static Item, ceiling: i64) {
    let [_, district] = DISTRICTS;
    let place = city.new_institution(level, district);
    for (cents, quantity) in [(ceiling + 1, 3), (ceiling, 3), (ceiling + 250, 1)] {
        let person = city.resident();
        let time = day(2024, 4, 22).at(9, 0);
        let mut claim = city.consultation(&person, &place, time);
        let line = claim.charge(item, quantity, time.plus_minutes(30));
        line.price = Price::cents(cents);
        let key = line.key.clone();
        city.file(&claim);
        if cents > ceiling {
            city.finding("B1", key, Some(Price::cents(cents - ceiling).times(quantity)));
        } else {
            city.near_miss("B1", key, "单价等于限价");
        }
    }
}
