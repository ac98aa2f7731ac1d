//! The books of an institution's drugs.
//!
//! In: an institution. Out: month by month what came in, what went out and what is left.
//! Invariant: the books balance, and hold far more than is ever sold.

use crate::calendar::{Day, day};
use crate::catalogue::{HOSPITAL_DRUGS, Item, PHARMACY_DRUGS};
use crate::city::City;
use crate::people::{Institution, Level};

/// 类型 of a row of the books.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Movement {
    Opening,
    In,
    Out,
    Closing,
}

const HEADER: &[&str] = &["institution", "item_code", "item_name", "stock_type", "date", "quantity", "lot", "document"];
const MONTHLY: i64 = 4_000;
const OPENING: i64 = 9_000;

/// Writes two and a half years of books for the drugs of an institution.
pub(super) fn write(city: &mut City<'_>, institution: &Institution) {
    let drugs: &[&'static Item] =
        if institution.level == Level::Pharmacy { &PHARMACY_DRUGS } else { &HOSPITAL_DRUGS };
    for drug in drugs {
        let mut month = day(2022, 7, 1);
        city.stock((institution, drug), Movement::Opening, month, OPENING);
        let mut balance = OPENING;
        while month < day(2025, 1, 1) {
            let gone = MONTHLY - 30 + (month.0 % 61);
            balance += MONTHLY - gone;
            city.stock((institution, drug), Movement::In, month.plus(4), MONTHLY);
            city.stock((institution, drug), Movement::Out, month.plus(20), gone);
            city.stock((institution, drug), Movement::Closing, month.next_month().plus(-1), balance);
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
        quantity: i64,
    ) {
        let kind = match movement {
            Movement::Opening => "期初",
            Movement::In => "入库",
            Movement::Out => "出库",
            Movement::Closing => "期末",
        };
        self.row("stock", HEADER, |row| {
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
