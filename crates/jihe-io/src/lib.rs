//! Claim folders in, findings out.
//!
//! In: paths. Out: [`Input`] with claims, rejects and what was read; an output folder written whole.
//! Invariant: a row is audited or rejected with its place and reason, and an output folder appears whole or not at all.

#![expect(clippy::disallowed_methods, reason = "this crate is where files are read")]

mod error;
mod input;
mod output;
mod run_file;

pub use error::Error;
pub use input::{Input, InputFile};
pub use output::{Format, OutputFolder, write_file};
pub use run_file::RunFile;
