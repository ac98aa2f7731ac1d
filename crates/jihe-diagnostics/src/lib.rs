//! Text positions, and what Jihe says about them, in Chinese and English.
//!
//! In: rule texts and the findings of each stage about them. Out: diagnostics and their renderings.
//! Invariant: one [`Diagnostic`] type; every renderer is one file and none has logic of a stage.

mod diagnostic;
mod explain;
mod render;
mod source;

pub use diagnostic::{Diagnostic, Fix, Label, Language, Severity, Text};
pub use explain::{explain, explained};
pub use render::{render_concise, render_json, render_sarif, render_text};
pub use source::{FileId, Place, Source, Sources, Span};
