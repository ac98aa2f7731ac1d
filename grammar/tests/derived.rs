//! The parser made of tables beside the one `pest_derive` generates from the same grammar.
//!
//! In: the shipped rules, whole and broken off. Out: nothing. Invariant: the same pairs at the same places, or the same error.

#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test reads files and may fail loudly")]

use std::path::Path;

use jihe_grammar::{JiheParser, Rule as Walked};
use pest::error::Error;
use pest::iterators::Pairs;
use pest::{Parser, RuleType};

mod derived {
    #[derive(pest_derive::Parser)]
    #[grammar = "jihe.pest"]
    pub(crate) struct Derived;
}

/// Every pair with its place, in order; or the error, word for word.
fn told<R: RuleType>(parsed: Result<Pairs<'_, R>, Error<R>>) -> Result<Vec<String>, String> {
    let place = |pair: pest::iterators::Pair<'_, R>| {
        format!("{:?} {} {}", pair.as_rule(), pair.as_span().start(), pair.as_span().end())
    };
    parsed.map(|pairs| pairs.flatten().map(place).collect()).map_err(|error| format!("{error:?}"))
}

/// The declarations of the shipped rules as the parser gets them: one at a time, clause lines marked.
fn declarations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/jihe-rulebook/rules");
    let mut found: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the rulebook is there") {
        let text = std::fs::read_to_string(entry.expect("a file").path()).expect("a text");
        for line in text.lines() {
            let opens = line.starts_with(|letter: char| !letter.is_whitespace() && !"}#".contains(letter));
            match found.last_mut().filter(|_| !opens) {
                Some(last) => last.extend([break_before(last, line), line]),
                None => found.push(line.to_owned()),
            }
        }
    }
    found
}

fn break_before(declaration: &str, line: &str) -> &'static str {
    let is_clause = line.starts_with("  ") && !line.starts_with("   ");
    if is_clause && declaration.starts_with("规则 ") { "\u{1}" } else { "\n" }
}

#[test]
fn the_tables_give_what_the_derived_parser_gives() {
    let mut parsed = 0;
    for text in declarations() {
        let broken = text.char_indices().map(|(at, _)| text.split_at(at).0).skip(7).step_by(37);
        for part in broken.chain([text.as_str()]) {
            let expected = told(derived::Derived::parse(derived::Rule::only_declaration, part));
            let found = told(JiheParser::parse(Walked::only_declaration, part));
            assert_eq!(found, expected, "{part}");
            parsed += usize::from(found.is_ok());
        }
    }
    assert!(parsed > 100, "only {parsed} declarations were read");
}

#[test]
fn expressions_and_their_errors_are_alike() {
    let texts = [
        "1 + 2 × 3",
        "明细 同一(就诊.参保人) 最近 30 天",
        "若 金额 > 1 万元 则 1 否则 2",
        "[",
        "金额 ≥",
        "１２ 元",
        "last(甲)",
        "规则",
    ];
    for text in texts {
        let expected = told(derived::Derived::parse(derived::Rule::only_expression, text));
        assert_eq!(told(JiheParser::parse(Walked::only_expression, text)), expected, "{text}");
    }
}
