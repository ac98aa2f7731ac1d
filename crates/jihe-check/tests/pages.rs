//! The explain pages of the checker's codes are true.
//!
//! In: each page E02xx to W05xx. Out: its failing block says that code; its repaired block says nothing.
//! Invariant: every page is run, with the files and parameters it holds.

#[path = "support/checking.rs"]
mod support;

use jihe_check::Files;
use jihe_diagnostics::{explain, explained};
use support::{checked_with, shown};

#[test]
fn pages_fail_and_repair() {
    let mut wrong = Vec::new();
    for code in explained().filter(|code| !code.starts_with("E01")) {
        let page = explain(code).expect("listed");
        let parameters = block(page, "```jihe params\n");
        if let Some(broken) = block(page, "```jihe error\n") {
            let said = said(broken, None, page);
            if said.is_empty() || !said.iter().all(|line| line.contains(code)) {
                wrong.push(format!("{code}: {said:?}"));
            }
        }
        let said = said(block(page, "```jihe\n").expect("a repaired block"), parameters, page);
        if !said.is_empty() {
            wrong.push(format!("{code} repaired: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_checker_has_pages() {
    assert!(explained().filter(|code| !code.starts_with("E01")).count() > 90);
}

fn said(rules: &str, parameters: Option<&str>, page: &str) -> Vec<String> {
    let (_, diagnostics, sources) = checked_with(rules, parameters, &files(page));
    diagnostics.iter().map(|diagnostic| shown(&sources, diagnostic)).collect()
}

fn files(page: &str) -> Files {
    let blocks = page.split("```csv ").skip(1);
    blocks
        .filter_map(|rest| {
            let (name, rest) = rest.split_once('\n')?;
            let (text, _) = rest.split_once("\n```")?;
            Some((name.to_owned(), text.to_owned()))
        })
        .collect()
}

fn block<'a>(page: &'a str, mark: &str) -> Option<&'a str> {
    page.split_once(mark)?.1.split_once("\n```").map(|(block, _)| block)
}
