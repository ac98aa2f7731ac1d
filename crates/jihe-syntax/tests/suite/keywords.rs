//! The keyword table and the grammar agree.
//!
//! In: every word of the table. Out: what the parser takes it for.
//! Invariant: a word added to one of them and not to the other fails here.

use crate::support::{faults, in_rule};
use jihe_syntax::keywords::{Class, KEYWORDS, Keyword, find};
use std::collections::BTreeSet;

fn spellings() -> impl Iterator<Item = (&'static Keyword, &'static str)> {
    KEYWORDS
        .iter()
        .flat_map(|keyword| [(keyword, keyword.zh), (keyword, keyword.en)])
        .filter(|(_, word)| !word.is_empty())
}

#[test]
fn words_are_what_their_class_says() {
    for (keyword, word) in spellings() {
        let as_name = faults(&in_rule(&format!("设 {word} = 1")));
        match keyword.class {
            Class::Reserved => assert_eq!(as_name.len(), 1, "{word} is reserved"),
            Class::Contextual if word.contains(' ') => {}
            Class::Function if word == "last" => {
                assert_eq!(faults(&in_rule("当 last(甲) > 1")), Vec::<String>::new());
            }
            Class::Contextual | Class::Unit | Class::Function => {
                assert_eq!(as_name, Vec::<String>::new(), "{word} may be a name");
            }
        }
        if keyword.class == Class::Function {
            assert_eq!(faults(&in_rule(&format!("当 {word}(甲) > 1"))), Vec::<String>::new(), "{word}");
        }
        if keyword.class == Class::Unit {
            assert_eq!(faults(&in_rule(&format!("当 甲 > 2 {word}"))), Vec::<String>::new(), "{word}");
        }
    }
}

#[test]
fn words_of_the_grammar_are_in_the_table() {
    let grammar: BTreeSet<&str> = jihe_grammar_words().collect();
    let table: BTreeSet<&str> = spellings()
        .filter(|(keyword, _)| keyword.class != Class::Function)
        .flat_map(|(_, word)| word.split(' '))
        .collect();
    let spoken: BTreeSet<&str> = SPOKEN.iter().copied().collect();
    let missing: Vec<&&str> = grammar.difference(&table).filter(|word| !spoken.contains(**word)).collect();
    assert!(missing.is_empty(), "in the grammar only: {missing:?}");
    let unknown: Vec<&&str> =
        table.difference(&grammar).filter(|word| **word != "i" && **word != "序" && !natures(word)).collect();
    assert!(unknown.is_empty(), "in the table only: {unknown:?}");
}

/// Other spellings the grammar takes and the formatter does not write, and noise words.
const SPOKEN: &[&str] = &[
    "日", "个月", "月龄", "周岁", "条", "内", "day", "hour", "minute", "month", "week", "quarter", "year",
    "year_old", "time", "from", "T", "年", "月",
];

fn natures(word: &str) -> bool {
    matches!(
        word,
        "违规" | "高度可疑" | "可疑" | "数据质量" | "violation" | "likely" | "suspicious" | "data_quality"
    )
}

/// The quoted words of the grammar.
fn jihe_grammar_words() -> impl Iterator<Item = &'static str> {
    jihe_grammar::GRAMMAR
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(|word| word.chars().all(|c| c.is_alphabetic() || c == '_') && !word.is_empty())
        .filter(|word| !["xid", "Ⅰ"].contains(word))
}

#[test]
fn spellings_are_unique_in_their_class() {
    let mut seen = BTreeSet::new();
    for (keyword, word) in spellings() {
        assert!(seen.insert((keyword.class, word)), "{word} twice");
        assert_eq!(find(word, keyword.class), Some(keyword));
    }
}
