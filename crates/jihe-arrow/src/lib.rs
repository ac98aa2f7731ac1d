//! Claims from Arrow record batches, and findings, coverage and rejects as record batches.
//!
//! In: batches of any number of tables. Out: [`jihe::Claims`]; and of a report, batches with the columns of the contract.
//! Invariant: a typed column gives the records that its text would give (`docs/contract.md` 12); amounts stay decimals.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "Arrow's types are not ours to list: one that is not named here is not read, and the column is refused"
)]

mod error;
mod read;
mod reader;
mod texts;
mod write;

pub use error::Error;
pub use reader::{IgnoredColumn, Reader, Rename, Table, claims_from_batches};
pub use write::{coverage_batch, findings_batch, rejects_batch};
