//! Claim records, schema, exact values and findings.
//!
//! In: rows and rule literals. Out: typed values, columns, findings.
//! Invariant: no floating point, no clock, no I/O; every value is exact.

pub mod calendar;
pub mod cell;
pub mod decimal;
pub mod display;
pub mod finding;
pub mod ingest;
pub mod json_schema;
pub mod kinds;
pub mod names;
pub mod nearest;
pub mod records;
pub mod schema;
mod symbols;
pub mod systems;
pub mod types;
pub mod value;
pub mod wire;
