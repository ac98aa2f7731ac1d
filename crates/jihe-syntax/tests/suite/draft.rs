//! The whole rule draft goes through parser and formatter.
//!
//! In: `rules-draft.jihe` of the shared design folder, if it is there. Out: no diagnostics, and the laws of `format`.
//! Invariant: skips with a line on the screen where the folder is absent, never silently.

use crate::support::{faults, formatted, good, shape};
use jihe_diagnostics::Language;
use jihe_syntax::tree::ItemKind;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The draft's text, or none with a line that says so.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn draft() -> Option<String> {
    let shared = std::env::var_os("JIHE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("design/rules-draft.jihe");
    let Ok(bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} is absent", path.display());
        return None;
    };
    Some(String::from_utf8(bytes).expect("the draft is UTF-8"))
}

#[test]
fn the_draft_parses() {
    let Some(text) = draft() else { return };
    let start = Instant::now();
    let tree = good(&text);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    let count = |wanted: fn(&ItemKind) -> bool| tree.items.iter().filter(|item| wanted(&item.kind)).count();
    assert_eq!(count(|kind| matches!(kind, ItemKind::Rule(_))), 67);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Summary(_))), 14);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Derive(_))), 2);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Table(_))), 23);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Test(_))), 2);
}

#[test]
fn the_draft_keeps_the_laws_of_the_formatter() {
    let Some(text) = draft() else { return };
    let once = formatted(&text, None);
    assert_eq!(faults(&once), Vec::<String>::new());
    assert_eq!(shape(&good(&text)), shape(&good(&once)), "the tree is kept");
    assert_eq!(formatted(&once, None), once, "idempotent");
    assert_eq!(good(&text).comments.len(), good(&once).comments.len(), "no comment is lost");
    let english = formatted(&once, Some(Language::English));
    assert_eq!(faults(&english), Vec::<String>::new());
    assert_eq!(formatted(&english, Some(Language::Chinese)), once, "to English and back");
    let longest = once.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(longest < 200, "{longest}");
}
