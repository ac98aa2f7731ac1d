//! Cases of the checker, written as Markdown: a rule block and what must be said of it.
//!
//! In: `cases/*.md`. Out: a failure for each case whose diagnostics differ, with file and line.
//! Invariant: `UPDATE=1 cargo test -p jihe-check --test cases` rewrites what is expected in place.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a test that cannot read its case has failed"
)]

#[path = "support/checking.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use jihe_check::Files;
use support::{checked_with, shown};

/// One case of a file.
#[derive(Default)]
struct Case {
    name: String,
    line: usize,
    rules: String,
    parameters: Option<String>,
    files: Files,
    expected: Vec<String>,
    /// The lines of the file between the fences of the expected block.
    at: Option<(usize, usize)>,
}

#[test]
fn every_case_says_what_it_should() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let mut failures = Vec::new();
    for path in paths {
        failures.extend(run_file(&path));
    }
    assert!(failures.is_empty(), "{}\n{} cases differ", failures.join("\n\n"), failures.len());
}

fn run_file(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a case file");
    let update = std::env::var_os("UPDATE").is_some();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut failures = Vec::new();
    for case in cases(&text).into_iter().rev() {
        let (_, diagnostics, sources) = checked_with(&case.rules, case.parameters.as_deref(), &case.files);
        let found: Vec<String> = diagnostics.iter().map(|diagnostic| shown(&sources, diagnostic)).collect();
        if found == case.expected {
            continue;
        }
        match (update, case.at) {
            (true, Some((from, to))) => {
                lines.splice(from..to, found);
            }
            _ => failures.push(format!(
                "{}:{} {}\n  expected\n    {}\n  found\n    {}",
                path.display(),
                case.line,
                case.name,
                case.expected.join("\n    "),
                found.join("\n    ")
            )),
        }
    }
    if update {
        fs::write(path, lines.join("\n") + "\n").expect("to rewrite the case file");
    }
    failures.reverse();
    failures
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, Vec<String>, usize)> = None;
    for (number, line) in text.lines().enumerate() {
        let next = number.saturating_add(1);
        block = match (block, line.strip_prefix("```")) {
            (Some((kind, lines, start)), Some(_)) => {
                cases
                    .last_mut()
                    .into_iter()
                    .for_each(|case| put(case, &kind, lines.clone(), (start, number)));
                None
            }
            (Some((kind, mut lines, start)), None) => {
                lines.push(line.to_owned());
                Some((kind, lines, start))
            }
            (None, Some(kind)) => Some((kind.trim().to_owned(), Vec::new(), next)),
            (None, None) => None,
        };
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case { name: name.to_owned(), line: next, ..Case::default() });
        }
    }
    cases
}

fn put(case: &mut Case, kind: &str, lines: Vec<String>, at: (usize, usize)) {
    match kind.split_once(' ') {
        Some(("csv", name)) => {
            case.files.insert(name.to_owned(), lines.join("\n"));
        }
        Some(("jihe", "params")) => case.parameters = Some(lines.join("\n")),
        _ if kind == "jihe" => case.rules = lines.join("\n"),
        _ => {
            case.expected = lines;
            case.at = Some(at);
        }
    }
}
