//! The golden corpus: rule + claims + expected findings, the same files that Python, Node and Chromium run.
//!
//! In: `tests/golden/<case>/`. Out: equality of the findings array.
//! Invariant: `UPDATE=1` fills in `finding_id` only; everything else is worked out by hand.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test reads files and may fail loudly")]

use jihe_tests::{root, text};
use serde_json::{Value, json};
use std::path::Path;

fn named(folder: &Path, extension: &str) -> Vec<Value> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| json!({ "name": path.file_name().unwrap().to_str(), "text": text(path) }))
        .collect()
}

fn run(case: &Path) -> Result<Value, String> {
    let params = case.join("params").join("params.jihe");
    let params = params.is_file().then(|| text(&params));
    let input = json!({ "files": named(case, "jihe"), "tables": named(case, "csv"), "params": params });
    let ruleset = jihe::wire::compile(&input.to_string())?;
    let options = case.join("options.json");
    let options = if options.is_file() { text(&options) } else { String::new() };
    let report = ruleset.audit_json(&text(case.join("claims.json")), &options)?;
    let report: Value = serde_json::from_str(&report).map_err(|error| error.to_string())?;
    Ok(report["findings"].clone())
}

#[test]
fn every_case_gives_its_findings() {
    let mut cases: Vec<_> =
        std::fs::read_dir(root().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases.retain(|case| case.join("rules.jihe").is_file());
    assert!(!cases.is_empty(), "the golden corpus is empty");
    let mut failures = Vec::new();
    for case in &cases {
        let path = case.join("findings.json");
        let mut expected: Value = serde_json::from_str(&text(&path)).unwrap_or(Value::Null);
        match run(case) {
            Ok(found) => {
                if std::env::var_os("UPDATE").is_some() {
                    fill_ids(&mut expected, &found);
                    std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(&expected).unwrap()))
                        .unwrap();
                }
                if found != expected {
                    failures.push(format!("{}:\nfound    {found:#}\nexpected {expected:#}", case.display()));
                }
            }
            Err(error) => failures.push(format!("{}: {error}", case.display())),
        }
    }
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

fn fill_ids(expected: &mut Value, found: &Value) {
    let (Some(expected), Some(found)) = (expected.as_array_mut(), found.as_array()) else { return };
    for (expected, found) in expected.iter_mut().zip(found) {
        expected["finding_id"] = found["finding_id"].clone();
    }
}
