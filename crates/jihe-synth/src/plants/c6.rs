//! C6 以特病购常见病药: a drug of a chronic visit whose diagnoses are all common ailments.
//!
//! In: a city. Out: chronic visits for influenza, alone and beside a chronic disease.
//! Invariant: persons without a registration, so that C5 has nothing to compare with.

use crate::calendar::day;
use crate::catalogue::{AMOXICILLIN, Disease, HYPERTENSION, INFLUENZA};
use crate::city::City;

/// Cases of C6.
pub(super) fn plant(city: &mut City<'_>) {
    let key = visit(city, &[&INFLUENZA], "14");
    city.finding("C6", key, Some(AMOXICILLIN.price.times(1)));
    let key = visit(city, &[&INFLUENZA, &HYPERTENSION], "14");
    city.near_miss("C6", key, "另有慢特病诊断");
    let key = visit(city, &[&INFLUENZA], "11");
    city.near_miss("C6", key, "普通门诊");
}

fn visit(city: &mut City<'_>, diseases: &[&'static Disease], category: &'static str) -> String {
    let (person, hospital) = (city.resident(), city.hospital());
    let time = day(2024, 1, 17).at(9, 0);
    let mut claim = city.consultation(&person, &hospital, time);
    claim.category = category;
    claim.diagnoses = diseases.to_vec();
    let key = claim.charge(&AMOXICILLIN, 1, time).key.clone();
    city.file(&claim);
    key
}
