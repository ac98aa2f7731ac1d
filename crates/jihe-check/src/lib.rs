//! Names, types and lints: syntax tree to typed rules.
//!
//! In: syntax trees and knowledge files. Out: [`typed::TypedRules`] and diagnostics.
//! Invariant: typed rules exist only when no diagnostic is an error.

pub mod builtins;
pub mod typed;
