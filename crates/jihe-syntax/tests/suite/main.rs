//! The tests of the syntax crate.
//!
//! In: rule texts. Out: trees, diagnostics and canonical text, as the language reference wants them.
//! Invariant: only the public functions of the crate are used.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::wildcard_enum_match_arm,
    clippy::as_conversions,
    reason = "a test may fail loudly"
)]

mod ambiguities;
mod draft;
mod format;
mod keywords;
mod laws;
mod pages;
mod recovery;
mod robustness;
mod support;
