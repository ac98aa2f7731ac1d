//! The books of an institution's drugs.
//!
//! In: an institution. Out: month by month what came in, what went out and what is left.
//! Invariant: the books balance, and hold far more than is ever sold.

use crate::calendar::{Day, day};
use crate::catalogue::{HOSPITAL_DRUGS, Item, PHARMACY_DRUGS};
use crate::city::City;
use crate::people::{Institution, Level};

/// 类型 of a row of the books, and its quantity.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Movement {
    Opening(i64),
    In(i64),
    Out(i64),
    Closing(i64),
}

const HEADER: &[&str] =
    &["institution", "item_code", "item_name", "stock_type", "date", "quantity", "lot", "document"];
const MONTHLY: i64 = 4_000;
const OPENING: i64 = 9_000;

/// Writes two and a half years of books for the drugs of an institution.
pub(super) fn write(city: &mut City<'_>, institution: &Institution) {
    let drugs: &[&'static Item] =
        if institution.level == Level::Pharmacy { &PHARMACY_DRUGS } else { &HOSPITAL_DRUGS };
    for drug in drugs {
        let mut month = day(2022, 7, 1);
        city.stock((institution, drug), Movement::Opening(OPENING), month);
        let mut balance = OPENING;
        while month < day(2025, 1, 1) {
            let gone = MONTHLY - 30 + (month.0 % 61);
            balance += MONTHLY - gone;
            city.stock((institution, drug), Movement::In(MONTHLY), month.plus(4));
            city.stock((institution, drug), Movement::Out(gone), month.plus(20));
            city.stock((institution, drug), Movement::Closing(balance), month.next_month().plus(-1));
            month = month.next_month();
        }
    }
}

impl City<'_> {
    /// Writes a row of the books.
    pub(crate) fn stock(
        &mut self,
        (institution, item): (&Institution, &'static Item),
        movement: Movement,
        date: Day,
    ) {
        let (kind, quantity) = match movement {
            Movement::Opening(quantity) => ("期初", quantity),
            Movement::In(quantity) => ("入库", quantity),
            Movement::Out(quantity) => ("出库", quantity),
            Movement::Closing(quantity) => ("期末", quantity),
        };
        self.row("stock.csv", HEADER, |row| {
            row.push(&institution.key);
            row.push(item.code);
            row.push(item.name);
            row.push(kind);
            row.push(date);
            row.push(quantity);
            row.push(format_args!("L{}", date.month_text()));
            row.push(format_args!("{}-{date}", institution.key));
        });
    }
}
