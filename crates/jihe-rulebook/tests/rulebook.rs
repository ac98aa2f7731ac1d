//! The rulebook is whole: its tables exist, its catalogue names its rules, and the README shows both.
//!
//! In: the shipped texts and `README.md`. Out: equality with the table made from them.
//! Invariant: `UPDATE=1 cargo test -p jihe-rulebook` rewrites the table between the marks of `README.md` and nothing else.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read files and fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const BEGIN: &str = "<!-- rules:begin -->";
const END: &str = "<!-- rules:end -->";

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

fn readme_table() -> String {
    let rules = rules();
    let rows = catalogue();
    let shipped = rows.iter().filter(|row| row[2] == "shipped").count();
    let mut lines = vec![
        format!(
            "{} rules; {shipped} of the {} violations of the catalogue are shipped. Generated from the rules by `UPDATE=1 cargo test -p jihe-rulebook`.",
            rules.len(),
            rows.len()
        ),
        String::new(),
        "| id | violation | status | rules | note |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    for [id, name, status, ids, why] in rows {
        let named: Vec<String> =
            ids.split(';').filter(|id| !id.is_empty()).map(|id| format!("{id} {}", rules[id])).collect();
        lines.push(format!(
            "| {id} | {name} | {} | {} | {why} |",
            status.replace('_', " "),
            named.join("<br>")
        ));
    }
    lines.join("\n")
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

#[test]
fn the_readme_shows_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (shown, after) = rest.split_once(END).unwrap();
    let expected = format!("\n{}\n", readme_table());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{expected}{END}{after}")).unwrap();
    } else {
        assert!(shown == expected, "README.md is behind: run UPDATE=1 cargo test -p jihe-rulebook");
    }
}
