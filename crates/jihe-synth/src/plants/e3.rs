//! E3 多次退费: three refunds in 90 days on days after the settlement, of 500 yuan or more.
//!
//! In: a city. Out: purchases refunded in whole or in part, by negative lines, by refund rows and by both.
//! Invariant: of a series the last refund is the subject.

use crate::calendar::{Day, day};
use crate::catalogue::MAGNETIC_RESONANCE;
use crate::city::City;
use crate::claim::Refund;
use crate::decimal::Price;
use crate::people::{Institution, Person};

const FIRST: Day = day(2024, 3, 5);

/// A purchase and how it is taken back.
#[derive(Clone, Copy)]
struct Purchase {
    /// Days after the first one on which the money was given back.
    refunded: i64,
    /// What was given back, in hundredths of a yuan.
    cents: i64,
    /// How many of the same were bought; one is given back.
    bought: i64,
    /// Days between settlement and refund.
    kept: i64,
    way: Way,
}

/// The record that says so.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    NegativeLine,
    Row,
    Both,
}

const fn refund(refunded: i64, cents: i64) -> Purchase {
    Purchase { refunded, cents, bought: 1, kept: 1, way: Way::NegativeLine }
}

/// Cases of E3.
pub(super) fn plant(city: &mut City<'_>) {
    let hospital = city.hospital();
    let exact = [refund(0, 20_000), refund(20, 20_000), refund(40, 10_000)];
    found(city, &hospital, &exact);
    found(city, &hospital, &exact.map(|purchase| Purchase { bought: 3, ..purchase }));
    found(city, &hospital, &exact.map(|purchase| Purchase { bought: 2, way: Way::Row, ..purchase }));
    found(city, &hospital, &[refund(0, 20_000), refund(20, 20_000), refund(89, 10_000)]);
    let poor = [refund(0, 20_000), refund(20, 20_000), refund(40, 9_999)];
    near(city, &hospital, &poor, "三次退费共499.99元");
    near(city, &hospital, &[refund(0, 30_000), refund(20, 30_000)], "只有两次退费");
    let late = [refund(0, 20_000), refund(20, 20_000), refund(90, 20_000)];
    near(city, &hospital, &late, "第一次退费在第91天，不在90天窗口内");
    let same_day = Purchase { kept: 0, ..refund(40, 20_000) };
    near(city, &hospital, &[refund(0, 20_000), refund(20, 20_000), same_day], "第三次为结算当日退费");
    let twice =
        [refund(0, 30_000), refund(20, 30_000)].map(|purchase| Purchase { way: Way::Both, ..purchase });
    near(city, &hospital, &twice, "两次退费各有负数明细与同号退费行，只计一次");
}

fn found(city: &mut City<'_>, hospital: &Institution, purchases: &[Purchase]) {
    let key = series(city, hospital, purchases);
    city.finding("E3", key, None);
}

fn near(city: &mut City<'_>, hospital: &Institution, purchases: &[Purchase], why: &str) {
    let key = series(city, hospital, purchases);
    city.near_miss("E3", key, why);
}

/// Files a series for one person; the key of its last refund.
fn series(city: &mut City<'_>, hospital: &Institution, purchases: &[Purchase]) -> String {
    let person = city.resident();
    let mut key = String::new();
    for purchase in purchases {
        key = buy_and_return(city, (&person, hospital), *purchase);
    }
    key
}

fn buy_and_return(
    city: &mut City<'_>,
    (person, hospital): (&Person, &Institution),
    purchase: Purchase,
) -> String {
    let returned = FIRST.plus(purchase.refunded).at(16, 0);
    let bought = FIRST.plus(purchase.refunded - purchase.kept).at(10, 0);
    let mut claim = city.consultation(person, hospital, bought);
    let line = claim.charge(&MAGNETIC_RESONANCE, purchase.bought, bought);
    line.price = Price::cents(purchase.cents);
    let line = line.clone();
    let mut key = String::new();
    if purchase.way != Way::Row {
        key = claim.take_back(&line.key, 1, returned);
    }
    city.file(&claim);
    if purchase.way != Way::NegativeLine {
        if key.is_empty() {
            key = format!("T{:08}", city.numbers.refund.next());
        }
        city.file_refund(&claim, &line, &Refund { key: key.clone(), quantity: 1, time: returned });
    }
    key
}
