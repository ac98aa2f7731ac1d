//! The civil calendar on integers.
//!
//! In: days since 1970-01-01, instants, texts. Out: the same.
//! Invariant: dates are proleptic Gregorian, local and without time zone; nothing here reads a clock.

pub mod civil;
pub mod text;

pub use civil::{
    add_months, age_days, age_months, age_years, benefit_year_start, civil, day_of, last_day_of_month,
    month_start, period_start, quarter_start, week_start, year_start,
};
pub use text::{
    format_day, format_instant, format_month, format_period, format_quarter, format_week, format_year,
    parse_date, parse_instant,
};

/// 9999-12-31, which the national interface writes for "no end": read as missing.
pub const NO_END: i64 = 2_932_896;
