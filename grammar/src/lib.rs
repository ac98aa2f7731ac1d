//! The grammar of the Jihe rule language, and the parser derived from it.
//!
//! In: `jihe.pest` at build time, text at run time. Out: pest's pairs, which only `jihe-syntax` reads.
//! Invariant: nothing but the derived parser lives here, so that its generated code stays out of linted crates.

/// The parser pest derives from `jihe.pest`; `Rule` is generated beside it.
#[derive(pest_derive::Parser, Debug)]
#[grammar = "../jihe.pest"]
pub struct JiheParser;

/// The text of the grammar, for the test that ties the keyword table to it.
pub const GRAMMAR: &str = include_str!("../jihe.pest");
