//! Every rule file at hand goes through parser and formatter.
//!
//! In: `rules-draft.jihe` of the shared design folder, if it is there, and the rule files of this repository.
//! Out: no diagnostics, and the laws of `format`.
//! Invariant: skips with a line on the screen where a folder is absent, never silently.
#![expect(clippy::print_stderr, reason = "a skipped test says so")]

use crate::support::{faults, formatted, good, shape};
use jihe_diagnostics::Language;
use jihe_syntax::tree::ItemKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The draft's text, or none with a line that says so.
fn draft() -> Option<String> {
    let shared = std::env::var_os("JIHE_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = shared.join("design/rules-draft.jihe");
    let text = text(&path);
    if text.is_none() {
        eprintln!("skipped: {} is absent", path.display());
    }
    text
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &Path) -> Option<String> {
    String::from_utf8(std::fs::read(path).ok()?).ok()
}

/// The rule files below a folder, in order.
fn rule_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rule_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "jihe") {
            found.push(path);
        }
    }
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
    keeps_the_laws(&text);
}

/// Files that are wrong on purpose (they have a word for it in their path) are kept as far as they can be read.
#[test]
fn the_rule_files_of_the_repository_keep_the_laws() {
    let mut files = Vec::new();
    for folder in ["crates/jihe-rulebook", "examples", "tests"] {
        rule_files(&root().join(folder), &mut files);
    }
    if files.is_empty() {
        eprintln!("skipped: no rule files beside this crate");
    }
    for path in files {
        let text = text(&path).expect("a rule file is UTF-8");
        eprintln!("{}", path.display());
        if faults(&text).is_empty() {
            keeps_the_laws(&text);
        } else {
            assert!(path.to_string_lossy().contains("bad"), "{}: {:?}", path.display(), faults(&text));
        }
    }
}

fn keeps_the_laws(text: &str) {
    let once = formatted(text, None);
    assert_eq!(faults(&once), Vec::<String>::new());
    assert_eq!(shape(&good(text)), shape(&good(&once)), "the tree is kept");
    assert_eq!(formatted(&once, None), once, "idempotent");
    assert_eq!(good(text).comments.len(), good(&once).comments.len(), "no comment is lost");
    let chinese = formatted(&once, Some(Language::Chinese));
    let english = formatted(&chinese, Some(Language::English));
    assert_eq!(faults(&english), Vec::<String>::new());
    assert_eq!(formatted(&english, Some(Language::Chinese)), chinese, "to English and back");
}
