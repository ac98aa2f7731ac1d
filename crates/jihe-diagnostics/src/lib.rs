//! Text positions, and what Jihe says about them, in Chinese and English.
//!
//! In: rule texts and the findings of each stage about them. Out: diagnostics and their renderings.
//! Invariant: one [`Diagnostic`] type; every renderer is one file and none has logic of a stage.

mod source;
mod diagnostic;

pub use diagnostic::{Diagnostic, Fix, Label, Language, Severity, Text};
pub use source::{FileId, Place, Source, Sources, Span};
