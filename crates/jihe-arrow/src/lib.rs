//! Claims from Arrow record batches, and findings, coverage and rejects as record batches.
//!
//! In: batches of any number of tables. Out: [`jihe::Claims`]; and of a report, batches with the columns of the contract.
//! Invariant: a typed column gives the records that its text would give (`docs/contract.md` 12); amounts stay decimals.

mod error;
mod read;
mod reader;
mod texts;
mod write;

pub use error::Error;
pub use reader::{IgnoredColumn, Reader, Rename, Table, claims_from_batches};
pub use write::{coverage_batch, findings_batch, rejects_batch};
