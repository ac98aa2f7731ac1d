//! The grammar of the Jihe rule language, and the parser made of it.
//!
//! In: `jihe.pest` at build time, text at run time. Out: pest's pairs, which only `jihe-syntax` reads.
//! Invariant: the grammar is data that one function walks, a tenth of the code that `pest_derive` would generate.

mod walk;

use pest::Parser;
use pest::error::Error;
use pest::iterators::Pairs;
use walk::{Definition, Expr, First, Form, Walk};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The end of the text, which pest has as a rule of its own.
static END: Definition = Definition {
    rule: Rule::EOI,
    form: Form::Normal,
    expr: Expr::End,
    first: First { ascii: 0, others: 0, empty: true },
};

/// The parser of `jihe.pest`.
#[derive(Debug)]
pub struct JiheParser;

impl Parser<Rule> for JiheParser {
    fn parse(rule: Rule, text: &str) -> Result<Pairs<'_, Rule>, Error<Rule>> {
        let read = |hasty| pest::state(text, |state| Walk { text, hasty }.rule(definition(rule), state));
        // Most texts are right; of one that is not, what was expected is found the thorough way.
        read(true).or_else(|_| read(false))
    }
}

/// The text of the grammar, for the test that ties the keyword table to it.
pub const GRAMMAR: &str = include_str!("../jihe.pest");
