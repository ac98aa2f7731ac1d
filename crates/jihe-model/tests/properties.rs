//! Laws of decimals, dates and reading, on random input.
//!
//! In: random numbers, days and rows. Out: nothing.
//! Invariant: what is printed is read back; the order of rows does not matter; nothing panics.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may panic; its numbers are small"
)]

use jihe_model::calendar::{
    add_months, age_months, age_years, civil, day_of, format_day, month_start, parse_date, parse_instant,
};
use jihe_model::cell::parse_word;
use jihe_model::decimal::{div_scaled, format_fixed, format_trimmed, mul_scaled, parse};
use jihe_model::ingest::{Cell, Ingested, RecordsBuilder, claims_from_json};
use jihe_model::kinds::base_schema;
use jihe_model::nearest::nearest;
use jihe_model::types::{DurationUnit, Type};
use jihe_model::value::{Age, Symbol};
use proptest::prelude::*;

/// The rows of a table as texts, sorted: what order must not change.
fn content(read: &Ingested) -> Vec<String> {
    let schema = base_schema();
    let table = &read.records.tables[&schema.find_kind("item").unwrap()];
    let amount = schema.kind(schema.find_kind("item").unwrap()).unwrap().find_field("amount").unwrap();
    let mut rows: Vec<String> = (0..table.rows)
        .map(|row| {
            let key = read.records.symbols.text(Symbol(table.keys[row]));
            format!("{key} {:?}", table.column(amount).and_then(|column| column.get(row)))
        })
        .collect();
    rows.sort();
    rows
}

fn read(rows: &[(u8, u8)]) -> Ingested {
    let schema = base_schema();
    let mut builder = RecordsBuilder::new(&schema);
    let header = builder.header(schema.find_kind("item").unwrap(), "f", &["item_id", "amount"]).unwrap();
    for (line, (key, amount)) in (1u64..).zip(rows) {
        let texts = [format!("k{key}"), if *amount == 0 { String::new() } else { amount.to_string() }];
        builder.push_row(&header, line, |column| Cell::Text(&texts[column]));
    }
    builder.finish()
}

proptest! {
    #[test]
    fn decimals_are_read_back(word: i64, scale in 0u32..=6) {
        prop_assert_eq!(parse(&format_fixed(word, scale, scale), scale), Ok(word));
        prop_assert_eq!(parse(&format_trimmed(word, scale), scale), Ok(word));
    }

    #[test]
    fn a_product_divided_again_is_near(left in -1_000_000_000i64..1_000_000_000, right in 1i64..1_000_000) {
        let product = mul_scaled(left, 4, right, 6, 10).unwrap();
        prop_assert_eq!(div_scaled(product, 10, right, 6, 4), Some(left));
    }

    #[test]
    fn no_text_panics(text in ".{0,24}") {
        for ty in [Type::Bool, Type::Number, Type::Money, Type::Date, Type::Instant, Type::AgeLimit, Type::Months, Type::Duration(DurationUnit::Day)] {
            let _ = parse_word(ty, &text);
        }
        let _ = parse_instant(&text);
        let _ = nearest(&text, ["供药天数", "amount", ""]);
    }

    #[test]
    fn days_are_read_back(day in -700_000i64..2_900_000) {
        prop_assert_eq!(parse_date(&format_day(day)), if civil(day).0 >= 0 { Some(day) } else { None });
        let (year, month, of) = civil(day);
        prop_assert_eq!(day_of(year, month, of), Some(day));
    }

    #[test]
    fn months_forth_and_back_stay_in_the_month(day in -20_000i64..60_000, months in -600i64..600) {
        let moved = add_months(day, months);
        let back = add_months(moved, -months);
        prop_assert!(back <= day && month_start(back) == month_start(day));
    }

    #[test]
    fn a_birthday_adds_one(birth in -20_000i64..30_000, at in 0i64..40_000) {
        let at = birth + at;
        let (today, tomorrow) = (age_months(birth, at), age_months(birth, at + 1));
        prop_assert!(tomorrow == today || tomorrow == today + 1);
        prop_assert_eq!(age_years(birth, at), today.div_euclid(12));
        let packed = Age::new(birth, at);
        prop_assert_eq!((packed.birth(), packed.at()), (birth, at));
    }

    #[test]
    fn order_of_rows_does_not_matter(rows in prop::collection::vec((0u8..4, 0u8..3), 0..24), seed: u16) {
        let mut other = rows.clone();
        let length = other.len().max(1);
        let seed = usize::from(seed);
        for at in 0..other.len() {
            let to = seed.wrapping_mul(at + 7) % length;
            other.swap(at, to);
        }
        let (first, second) = (read(&rows), read(&other));
        prop_assert_eq!(content(&first), content(&second));
        prop_assert_eq!(first.rejects.len(), second.rejects.len());
        prop_assert_eq!(first.rejects.len() + content(&first).len(), rows.len());
    }

    #[test]
    fn json_claims_never_panic(key in "[a-z]{0,6}|item|明细", field in "[a-z_]{0,8}|item_id|金额", text in ".{0,12}", number: f64) {
        let schema = base_schema();
        for value in [serde_json::json!(text), serde_json::json!(number), serde_json::json!([text]), serde_json::Value::Null] {
            let _ = claims_from_json(&schema, &serde_json::json!({ (key.clone()): [{ (field.clone()): value, "item_id": "1" }] }));
        }
    }
}
