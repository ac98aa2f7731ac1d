//! Claim records, schema, exact values and findings.
//!
//! In: rows and rule literals. Out: typed values, columns, findings.
//! Invariant: no floating point, no clock, no I/O; every value is exact.

pub mod types;
pub mod value;
pub mod schema;
pub mod records;
pub mod finding;
