//! The letters each rule of the grammar may begin with, for `build.rs`.
//!
//! In: the rules, optimised. Out: a [`First`] a rule.
//! Invariant: a letter that a match may begin with is never left out; one may be in that no match begins with.

use std::collections::BTreeMap;

use pest_meta::optimizer::{OptimizedExpr, OptimizedRule};

/// Letters of ASCII a bit each, the others by their number modulo 128; and whether the empty text may match.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct First {
    pub(crate) ascii: u128,
    pub(crate) others: u128,
    pub(crate) empty: bool,
}

type Known<'r> = BTreeMap<&'r str, First>;

const ALL: First = First { ascii: u128::MAX, others: u128::MAX, empty: false };
const NOTHING: First = First { ascii: 0, others: 0, empty: true };

impl First {
    fn letter(letter: char) -> Self {
        let bit = 1_u128.wrapping_shl(u32::from(letter));
        if letter.is_ascii() {
            First { ascii: bit, ..First::default() }
        } else {
            First { others: bit, ..First::default() }
        }
    }

    fn or(self, other: First) -> First {
        First {
            ascii: self.ascii | other.ascii,
            others: self.others | other.others,
            empty: self.empty || other.empty,
        }
    }

    /// Followed by something, with what may be skipped between the two.
    fn then(self, skipped: First, next: First) -> First {
        if !self.empty {
            return self;
        }
        let after = First { empty: next.empty, ..next.or(skipped) };
        First { empty: after.empty, ..self.or(after) }
    }
}

/// The letters of every rule, in the order of the rules: what grows from nothing until nothing is added.
pub(crate) fn of_rules(rules: &[OptimizedRule]) -> Result<Vec<First>, String> {
    let mut known: Known<'_> = rules.iter().map(|rule| (rule.name.as_str(), First::default())).collect();
    loop {
        let mut grew = false;
        for rule in rules {
            let found = first(&rule.expr, &known)?;
            let held = known.entry(rule.name.as_str()).or_default();
            grew |= *held != found;
            *held = found;
        }
        if !grew {
            return Ok(rules.iter().filter_map(|rule| known.get(rule.name.as_str()).copied()).collect());
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here may begin with anything")]
fn first(expr: &OptimizedExpr, known: &Known<'_>) -> Result<First, String> {
    Ok(match expr {
        OptimizedExpr::Str(text) => text.chars().next().map_or(NOTHING, First::letter),
        OptimizedExpr::Range(from, to) => range(from, to)?,
        OptimizedExpr::Ident(name) => named(name, known),
        OptimizedExpr::PosPred(_) | OptimizedExpr::NegPred(_) => NOTHING,
        OptimizedExpr::Opt(inner) | OptimizedExpr::Rep(inner) => first(inner, known)?.or(NOTHING),
        OptimizedExpr::Seq(one, other) => {
            let skipped = ["WHITESPACE", "COMMENT"].map(|name| named(name, known));
            let skipped = skipped.into_iter().fold(First::default(), First::or);
            first(one, known)?.then(skipped, first(other, known)?)
        }
        OptimizedExpr::Choice(one, other) => first(one, known)?.or(first(other, known)?),
        _ => ALL.or(NOTHING),
    })
}

fn range(from: &str, to: &str) -> Result<First, String> {
    let (Some(from), Some(to)) = (from.chars().next(), to.chars().next()) else {
        return Err("an empty range".to_owned());
    };
    Ok((from..=to).map(First::letter).fold(First::default(), First::or))
}

/// A rule of the grammar, or one that pest brings: of these only the plain ones are told apart.
fn named(name: &str, known: &Known<'_>) -> First {
    if let Some(first) = known.get(name) {
        return *first;
    }
    let ascii = |is_one: fn(&char) -> bool| {
        ('\0'..='\u{7f}').filter(is_one).map(First::letter).fold(First::default(), First::or)
    };
    match name {
        "ASCII" => ascii(|_| true),
        "ASCII_DIGIT" => ascii(char::is_ascii_digit),
        "ASCII_ALPHA" => ascii(char::is_ascii_alphabetic),
        "XID_CONTINUE" => {
            First { others: u128::MAX, ..ascii(|letter| letter.is_ascii_alphanumeric() || *letter == '_') }
        }
        "SOI" | "EOI" => NOTHING,
        _ => ALL,
    }
}
