//! The whole rule draft parses, quickly.
//!
//! In: `rules-draft.jihe` of the shared design folder, if it is there. Out: no diagnostics.
//! Invariant: skips with a line on the screen where the folder is absent, never silently.

use jihe_diagnostics::Sources;
use jihe_syntax::tree::ItemKind;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The draft's text, or none with a line that says so.
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
    let mut sources = Sources::new();
    let file = sources.add("rules-draft.jihe", text);
    let start = Instant::now();
    let (tree, diagnostics) = jihe_syntax::parse(&sources, file);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    for diagnostic in &diagnostics {
        let place = sources.place(file, diagnostic.span().start);
        eprintln!("{}:{} {} {:?}", place.line, place.column, diagnostic.code, diagnostic.message);
    }
    assert!(diagnostics.is_empty());
    let count = |wanted: fn(&ItemKind) -> bool| tree.items.iter().filter(|item| wanted(&item.kind)).count();
    assert_eq!(count(|kind| matches!(kind, ItemKind::Rule(_))), 67);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Summary(_))), 14);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Derive(_))), 2);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Table(_))), 23);
    assert_eq!(count(|kind| matches!(kind, ItemKind::Test(_))), 2);
}
