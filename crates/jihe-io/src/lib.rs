//! Claim files in, findings out.
//!
//! In: a folder, or files as bytes. Out: [`Input`] with claims, rejects and what was read; an output folder written whole.
//! Invariant: a row is audited or rejected with its place and reason, and an output folder appears whole or not at all.
//!
//! Without the feature `fs` nothing here touches a file system: a page reads what was dropped on it.
//!
//! ```
//! use jihe_io::{NamedBytes, ReadOptions, read_files};
//! let schema = jihe_model::kinds::base_schema();
//! let visits = NamedBytes { name: "visit.csv".into(), bytes: b"mdtrt_id,psn_no\nV1,P1\n".to_vec() };
//! let input = read_files(&schema, vec![visits], &ReadOptions::default()).unwrap();
//! assert_eq!((input.files[0].rows, input.files[0].accepted), (1, 1));
//! assert_eq!(input.files[0].columns[0].field.as_deref(), Some("visit_id"));
//! ```

#![cfg_attr(
    feature = "fs",
    expect(clippy::disallowed_methods, reason = "this crate is where files are read")
)]

mod error;
mod input;
mod mapping;
#[cfg(feature = "fs")]
mod output;
mod preflight;
mod profile;
mod run_file;
#[cfg(feature = "spill")]
mod spill;

pub use error::Error;
#[cfg(feature = "fs")]
pub use input::samples;
pub use input::{
    ColumnRead, FileRead, Input, InputReader, KindRead, Layout, NamedBytes, PausedReader, ReadOptions,
    RenameColumn, read_files,
};
pub use mapping::{Sample, suggest};
#[cfg(feature = "fs")]
pub use output::{Format, OutputFolder, write_file};
pub use preflight::{CheckLine, CheckResult, Preflight, PreflightReport};
pub use profile::{FieldProfile, KindProfile, Profile, profile};
pub use run_file::RunFile;
#[cfg(feature = "spill")]
pub use spill::{Cleanup, MemoryBound, SpillAudit, SpillStage, audit_within, parse_size};
