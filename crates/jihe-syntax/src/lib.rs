//! Rule text to syntax tree, and back.
//!
//! In: the text of `.jihe` files. Out: a [`tree::SyntaxTree`] a file, and canonical text.
//! Invariant: only this crate sees pest, and in it only `parse/pairs.rs` names a grammar rule.

mod format;
pub mod keywords;
pub mod limits;
mod parse;
pub mod tree;

pub use format::format;
pub use parse::parse;
