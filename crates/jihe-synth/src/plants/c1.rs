//! C1 超量购药: days of supply obtained in 30 days, more than 30 before 2024 and more than 28 since.
//!
//! In: a city. Out: prescriptions at the limit and one day above it.
//! Invariant: one drug at one institution, so that neither overlap nor early refills appear.

use crate::calendar::{Day, Moment, day};
use crate::catalogue::{AMLODIPINE, HYPERTENSION, IRBESARTAN, Item, OUTPATIENT_CONSULTATION};
use crate::city::{City, Nature};
use crate::claim::{Claim, Fund};
use crate::decimal::Money;
use crate::people::{Institution, Person};

/// A registered patient and the hospital of all prescriptions.
struct Patient {
    person: Person,
    hospital: Institution,
    disease: (&'static str, &'static str),
}

/// Cases of C1.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    single_lines(city, &hospital);
    windows(city, &hospital);
    same_day(city, &hospital);
    refunds(city, &hospital);
    exemptions(city, &hospital);
}

fn patient(city: &mut City<'_>, hospital: &Institution) -> Patient {
    let person = city.resident();
    let disease = city.register((&person, hospital), &HYPERTENSION, (day(2019, 3, 1), None));
    Patient { person, hospital: hospital.clone(), disease }
}

fn visit(city: &mut City<'_>, patient: &Patient, time: Moment) -> Claim {
    let mut claim = city.outpatient((&patient.person, &patient.hospital), time, &HYPERTENSION);
    claim.category = "14";
    claim.disease = Some(patient.disease);
    claim.fund = Fund::Fixed(Money::yuan(5));
    claim.charge(&OUTPATIENT_CONSULTATION, 1, time);
    claim
}

fn drug(claim: &mut Claim, item: &'static Item, days: i64) -> String {
    let time = claim.start;
    let line = claim.charge(item, 1, time);
    line.supply = Some(days);
    line.key.clone()
}

/// A visit with one line of so many days; the key of the line.
fn prescribe(city: &mut City<'_>, patient: &Patient, date: Day, days: i64) -> String {
    let mut claim = visit(city, patient, date.at(9, 0));
    let key = drug(&mut claim, &AMLODIPINE, days);
    city.file(&claim);
    key
}

/// The amount of a line of so many days that oversteps by some of them.
fn amount(over: i64, days: i64) -> Money {
    AMLODIPINE.price.times(1).times_ratio(over.min(days), days)
}

fn single_lines(city: &mut City<'_>, hospital: &Institution) {
    let cases = [
        (day(2023, 6, 5), 31, 30),
        (day(2023, 6, 6), 30, 30),
        (day(2023, 12, 31), 31, 30),
        (day(2023, 12, 31), 30, 30),
        (day(2023, 12, 31), 29, 30),
        (day(2024, 1, 1), 29, 28),
        (day(2024, 1, 1), 28, 28),
        (day(2024, 5, 13), 29, 28),
        (day(2024, 5, 14), 28, 28),
        (day(2024, 5, 15), 56, 28),
        (day(2024, 5, 16), 57, 28),
    ];
    for (date, days, limit) in cases {
        let patient = patient(city, hospital);
        let key = prescribe(city, &patient, date, days);
        if days > limit {
            city.finding("C1", key.clone(), Some(amount(days - limit, days)));
            city.nature("C1", key, if days > 2 * limit { Nature::Violation } else { Nature::Suspicious });
        } else {
            city.near_miss("C1", key, &format!("{date}一次取药{days}天，上限{limit}天"));
        }
    }
}

fn windows(city: &mut City<'_>, hospital: &Institution) {
    let first = day(2024, 3, 1);
    let inside = patient(city, hospital);
    prescribe(city, &inside, first, 28);
    let key = prescribe(city, &inside, first.plus(29), 1);
    city.finding("C1", key, Some(amount(1, 1)));
    let outside = patient(city, hospital);
    prescribe(city, &outside, first, 28);
    let key = prescribe(city, &outside, first.plus(30), 1);
    city.near_miss("C1", key, "前一次取药在第31天，不在30天窗口内");
    // The limit of the later day counts, though the first box was bought under the old one.
    let across = patient(city, hospital);
    prescribe(city, &across, day(2023, 12, 20), 15);
    let key = prescribe(city, &across, day(2024, 1, 10), 14);
    city.finding("C1", key, Some(amount(1, 14)));
    let accumulating = patient(city, hospital);
    prescribe(city, &accumulating, first, 10);
    prescribe(city, &accumulating, first.plus(10), 10);
    let key = prescribe(city, &accumulating, first.plus(20), 12);
    city.finding("C1", key, Some(amount(4, 12)));
}

/// Of two lines of the same minute only the one that comes second in order oversteps.
fn same_day(city: &mut City<'_>, hospital: &Institution) {
    let patient = patient(city, hospital);
    let mut claim = visit(city, &patient, day(2024, 7, 8).at(9, 0));
    let first = drug(&mut claim, &AMLODIPINE, 20);
    let second = drug(&mut claim, &AMLODIPINE, 9);
    city.file(&claim);
    city.near_miss("C1", first, "同日两笔中的第一笔，累计20天");
    city.finding("C1", second, Some(amount(1, 9)));
}

fn refunds(city: &mut City<'_>, hospital: &Institution) {
    let one = patient(city, hospital);
    let mut claim = visit(city, &one, day(2024, 8, 5).at(9, 0));
    let key = drug(&mut claim, &AMLODIPINE, 40);
    claim.take_back(&key, 1, day(2024, 8, 5).at(11, 0));
    city.file(&claim);
    city.near_miss("C1", key, "40天的一笔已全部退费");
    let two = patient(city, hospital);
    let mut claim = visit(city, &two, day(2024, 8, 6).at(9, 0));
    let key = drug(&mut claim, &AMLODIPINE, 20);
    claim.take_back(&key, 1, day(2024, 8, 6).at(11, 0));
    city.file(&claim);
    let kept = prescribe(city, &two, day(2024, 8, 20), 28);
    city.near_miss("C1", kept, "前一笔20天已全部退费，累计只有28天");
}

fn exemptions(city: &mut City<'_>, hospital: &Institution) {
    let long = patient(city, hospital);
    let mut claim = visit(city, &long, day(2024, 9, 2).at(9, 0));
    claim.note = "长处方，病情稳定";
    let key = drug(&mut claim, &AMLODIPINE, 60);
    city.file(&claim);
    city.near_miss("C1", key, "备注为长处方，豁免");
    let two_drugs = patient(city, hospital);
    let mut claim = visit(city, &two_drugs, day(2024, 9, 3).at(9, 0));
    drug(&mut claim, &IRBESARTAN, 28);
    let key = drug(&mut claim, &AMLODIPINE, 28);
    city.file(&claim);
    city.near_miss("C1", key, "两种药各28天，不累加");
}
