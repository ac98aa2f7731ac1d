//! Every rule block of every document is executed.
//!
//! In: fenced blocks of README.md, docs/ and the examples: ```` ```jihe ````, ```` ```jihe error E0301 ````, ```` ```jihe test ````.
//! Out: the block checks cleanly, fails with the code named, or its tests pass.
//! Invariant: a block without one of these words is not a rule block.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    reason = "a test reads files and may fail loudly"
)]

use jihe::RuleFiles;
use jihe_tests::{root, text};
use std::path::PathBuf;

struct Block {
    place: String,
    mode: String,
    code: String,
    tables: Vec<(String, String)>,
}

fn documents() -> Vec<PathBuf> {
    let mut found = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs"), root().join("examples")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The rule blocks of a document, each with the `csv name` blocks that stand before it.
fn blocks(path: &PathBuf) -> Vec<Block> {
    let text = text(path);
    let mut blocks = Vec::new();
    let mut tables: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => {
                let (info, start, body) = open.take().unwrap();
                if let Some(name) = info.strip_prefix("csv ") {
                    tables.retain(|(known, _)| known != name);
                    tables.push((name.to_owned(), body));
                } else if info == "jihe" || info.starts_with("jihe ") {
                    let place = format!("{}:{}", path.display(), start + 1);
                    blocks.push(Block { place, mode: info, code: body, tables: tables.clone() });
                }
            }
            (None, Some(info)) => open = Some((info.trim().to_owned(), number, String::new())),
            (Some((_, _, body)), _) => {
                body.push_str(line);
                body.push('\n');
            }
            (None, None) => {}
        }
    }
    blocks
}

fn failure(block: &Block) -> Option<String> {
    let code = if block.code.contains("规则包") || block.code.contains("package ") {
        block.code.clone()
    } else {
        format!("规则包 \"文档\" 版本 \"1\"\n{}", block.code)
    };
    let mut files = RuleFiles::new().rule("doc.jihe", code);
    for (name, text) in &block.tables {
        files = files.table(name.as_str(), text.as_str());
    }
    let words: Vec<&str> = block.mode.split_whitespace().collect();
    let (_, diagnostics, sources) = jihe::check(&files);
    let errors: Vec<&str> =
        diagnostics.iter().filter(|found| found.is_error()).map(|found| found.code).collect();
    match words.as_slice() {
        ["jihe", "error", code] => {
            (!errors.contains(code)).then(|| format!("expected {code}, got {errors:?}"))
        }
        ["jihe"] | ["jihe", "test"] if !errors.is_empty() => {
            Some(jihe::render::text(&diagnostics, &sources, jihe::Language::Chinese))
        }
        ["jihe"] => None,
        ["jihe", "test"] => {
            let report = jihe::compile(&files).unwrap().test();
            (report.tests == 0 || !report.failures.is_empty()).then(|| format!("{report:#?}"))
        }
        _ => Some(format!("unknown block `{}`", block.mode)),
    }
}

#[test]
fn every_block_does_what_it_says() {
    let blocks: Vec<Block> = documents().iter().flat_map(blocks).collect();
    assert!(blocks.len() >= 10, "only {} rule blocks in the documents", blocks.len());
    let failures: Vec<String> = blocks
        .iter()
        .filter_map(|block| failure(block).map(|why| format!("{}: {why}", block.place)))
        .collect();
    assert!(failures.is_empty(), "{} of {} blocks:\n{}", failures.len(), blocks.len(), failures.join("\n\n"));
}
