//! The whole catalogue as drafted at the design stage passes the checker.
//!
//! In: `rules-draft/rules.jihe`. Out: no error.
//! Invariant: every construct the language was designed for stays expressible.

#[path = "support/checking.rs"]
mod support;

use jihe_check::typed::{Cost, Scope};
use jihe_check::{Files, Input};
use support::{checked, shown};

const DRAFT: &str = include_str!("rules-draft/rules.jihe");

#[test]
fn the_draft_has_no_error() {
    let (typed, diagnostics, sources) = checked(DRAFT, &files());
    let errors: Vec<String> =
        diagnostics.iter().filter(|found| found.is_error()).map(|found| shown(&sources, found)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let typed = typed.expect("no error, so there are rules");
    assert_eq!(typed.rules.len(), DRAFT.lines().filter(|line| line.starts_with("规则 ")).count());
    assert_eq!(typed.tests.len(), 2);
}

#[test]
fn scopes_follow_the_keys() {
    let (typed, ..) = checked(DRAFT, &files());
    let typed = typed.expect("the draft is right");
    let scope = |id: &str| typed.rules.iter().find(|rule| rule.id == id).map(|rule| rule.scope);
    for id in ["A2.1", "A6", "A7", "B2", "B3", "B8.1", "C1", "C2", "C4", "C5", "E3", "G1", "GZ44"] {
        assert_eq!(scope(id), Some(Scope::Person), "{id}");
    }
    for id in ["A1", "A4", "A8", "A10", "B6", "C10", "C11", "D1", "D3", "G3", "E1.2"] {
        assert_eq!(scope(id), Some(Scope::Population), "{id}");
    }
}

#[test]
fn costs_follow_the_constructs() {
    let (typed, ..) = checked(DRAFT, &files());
    let typed = typed.expect("the draft is right");
    let cost = |id: &str| typed.rules.iter().find(|rule| rule.id == id).map(|rule| rule.cost);
    assert_eq!(cost("B8.1"), Some(Cost::Linear));
    assert_eq!(cost("C1"), Some(Cost::Linear));
    assert_eq!(cost("A3.3"), Some(Cost::Tree), "an overlap with one more inequality");
    assert_eq!(cost("C2"), Some(Cost::Window), "days of overlap around each line");
}

#[test]
fn a_summary_reads_only_summaries_before_it() {
    let (typed, ..) = checked(DRAFT, &files());
    let typed = typed.expect("the draft is right");
    let names: Vec<&str> = typed.summaries.iter().map(|summary| summary.name.as_str()).collect();
    assert!(names.contains(&"机构月住院") && names.contains(&"限定频次"));
}

#[test]
fn nothing_depends_on_anything_but_its_input() {
    let first = checked(DRAFT, &files()).0.expect("the draft is right");
    let second = checked(DRAFT, &files()).0.expect("the draft is right");
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
}

fn files() -> Files {
    Files::from([("重点监控药.csv".to_owned(), "项目编码\nXA01*\nXB02\n".to_owned())])
}

#[test]
fn broken_text_never_panics() {
    let schema = jihe_model::kinds::base_schema();
    let ends: Vec<usize> = DRAFT.char_indices().map(|(at, _)| at).step_by(997).collect();
    for end in ends {
        let mut sources = jihe_diagnostics::Sources::new();
        let id = sources.add("cut.jihe", DRAFT.get(..end).unwrap_or(DRAFT));
        let (tree, _) = jihe_syntax::parse(&sources, id);
        let trees = [tree];
        let input = Input { trees: &trees, overrides: None, schema: &schema, files: &Files::new() };
        let _ = jihe_check::check(&input, &sources);
    }
}
