//! The README's table of the catalogue is made from the rules.
//!
//! In: `catalogue.csv` and the shipped rules. Out: equality with the table between the markers of README.md.
//! Invariant: every rule id of the catalogue is a rule that compiles; `UPDATE=1` rewrites the table.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test reads files and may fail loudly"
)]

use jihe_tests::{compile, root, rulebook_files, text};
use std::collections::BTreeMap;

const BEGIN: &str = "<!-- rules:begin -->\n";
const END: &str = "<!-- rules:end -->";

fn table() -> String {
    let ruleset = compile(&rulebook_files());
    let titles: BTreeMap<&str, &str> =
        ruleset.typed().rules.iter().map(|rule| (rule.id.as_str(), rule.title.as_str())).collect();
    let mut reader = csv::Reader::from_reader(jihe_rulebook::catalogue().as_bytes());
    let mut lines =
        vec!["| id | violation | status | rules, or why not |".to_owned(), "|---|---|---|---|".to_owned()];
    let mut listed = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let ids: Vec<&str> = row[3].split(';').filter(|id| !id.is_empty()).collect();
        listed += ids.len();
        let rules: Vec<String> = ids
            .iter()
            .map(|id| format!("{id} {}", titles.get(id).unwrap_or_else(|| panic!("no rule {id}"))))
            .collect();
        let status = match &row[2] {
            "shipped" => "shipped",
            "planned" => "planned",
            "not_from_claims" => "not decidable from claims",
            other => panic!("unknown status {other}"),
        };
        assert_eq!(status == "shipped", !ids.is_empty(), "{}: shipped rows name rules, others none", &row[0]);
        let told = if ids.is_empty() { row[4].to_owned() } else { rules.join("; ") };
        lines.push(format!("| {} | {} | {status} | {told} |", &row[0], &row[1]));
    }
    assert!(listed >= titles.len(), "{} rules ship but the catalogue lists {listed}", titles.len());
    format!("{}\n", lines.join("\n"))
}

#[test]
fn the_table_of_rules_is_current() {
    let path = root().join("README.md");
    let readme = text(&path);
    let (head, rest) = readme.split_once(BEGIN).unwrap();
    let (found, tail) = rest.split_once(END).unwrap();
    let expected = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{head}{BEGIN}{expected}{END}{tail}")).unwrap();
    } else {
        assert_eq!(found, expected, "run UPDATE=1 cargo test -p jihe-tests --test readme");
    }
}
