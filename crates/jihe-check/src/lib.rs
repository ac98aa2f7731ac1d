//! Names, types and lints: syntax tree to typed rules.
//!
//! In: syntax trees and knowledge files. Out: [`typed::TypedRules`] and diagnostics.
//! Invariant: typed rules exist only when no diagnostic is an error.

pub mod aggregates;
pub mod builtins;
mod check;
mod cost;
mod errors;
mod infer;
mod lints;
mod literals;
mod mentions;
mod overrides;
mod resolve;
mod same;
mod scope;
mod tables;
pub mod typed;
mod walk;

pub use check::{Files, Input, check};
