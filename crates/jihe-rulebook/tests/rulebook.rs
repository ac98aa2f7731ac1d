//! The rulebook is whole: its tables exist, and its catalogue names its rules.
//!
//! In: the shipped texts. Out: equality of the names in them.
//! Invariant: needs no other crate, so the texts are read line by line; ids and names stand on lines of their own.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

/// The text in quotes after a word, first on a line of the text.
fn quoted<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    line.trim_start().strip_prefix(word)?.trim_start().strip_prefix('"')?.split('"').next()
}

/// 编号 and 名称 of every shipped rule.
fn rules() -> BTreeMap<&'static str, &'static str> {
    let mut found = BTreeMap::new();
    for (_, text) in jihe_rulebook::files() {
        let mut id = None;
        for line in text.lines() {
            id = quoted(line, "编号").or(id);
            if let (Some(known), Some(title)) = (id, quoted(line, "名称")) {
                assert_eq!(found.insert(known, title), None, "the id {known} is used twice");
                id = None;
            }
        }
    }
    found
}

/// The rows of the catalogue: id, name, status, rule ids, why.
fn catalogue() -> Vec<[&'static str; 5]> {
    let cells =
        |line: &'static str| -> [&'static str; 5] { line.split(',').collect::<Vec<_>>().try_into().unwrap() };
    jihe_rulebook::catalogue().lines().skip(1).map(cells).collect()
}

#[test]
fn every_named_table_is_shipped_and_every_shipped_table_is_named() {
    let named: BTreeSet<&str> = jihe_rulebook::files()
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once("来自 \"")?.1.split('"').next())
        .collect();
    let shipped: BTreeSet<&str> = jihe_rulebook::tables().iter().map(|(name, _)| *name).collect();
    assert_eq!(named, shipped);
}

#[test]
fn the_catalogue_names_the_rules_that_exist() {
    let rules = rules();
    let mut named = BTreeSet::new();
    for [id, _, status, ids, why] in catalogue() {
        let ids: Vec<&str> = ids.split(';').filter(|id| !id.is_empty()).collect();
        match status {
            "shipped" => assert!(!ids.is_empty(), "{id} is shipped by no rule"),
            "planned" | "not_from_claims" => assert!(ids.is_empty(), "{id} is not shipped and names rules"),
            other => panic!("{id} has the unknown status {other}"),
        }
        assert!(status == "shipped" || !why.is_empty(), "{id} does not say why");
        named.extend(ids);
    }
    let unknown: Vec<_> = named.iter().filter(|id| !rules.contains_key(**id)).collect();
    let unnamed: Vec<_> = rules.keys().filter(|id| !named.contains(**id)).collect();
    assert!(unknown.is_empty() && unnamed.is_empty(), "unknown {unknown:?}, in no row {unnamed:?}");
}
