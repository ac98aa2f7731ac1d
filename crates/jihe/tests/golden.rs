//! The cases every language must answer alike: `tests/golden/<case>/`.
//!
//! In: rules, tables, claims, options. Out: the findings must be those of `findings.json`.
//! With `UPDATE` set in the environment the expected files are rewritten; read the difference.
//! Invariant: an empty corpus fails; the Python, Node and Chromium runners read the same files.

#![expect(clippy::disallowed_methods, reason = "a test reads its cases from files")]

use serde_json::{Value, json};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn golden() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut cases: Vec<PathBuf> = fs::read_dir(&corpus)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    cases.retain(|case| case.join("rules.jihe").exists());
    cases.sort();
    assert!(!cases.is_empty(), "no case in {}", corpus.display());
    for case in &cases {
        let found = findings(case).map_err(|error| format!("{}: {error}", case.display()))?;
        if std::env::var_os("UPDATE").is_some() {
            fs::write(case.join("findings.json"), one_a_line(&found)?)?;
        }
        let expected: Value = serde_json::from_str(&fs::read_to_string(case.join("findings.json"))?)?;
        assert_eq!(found, expected, "{}", case.display());
    }
    Ok(())
}

fn findings(case: &Path) -> Result<Value, Box<dyn Error>> {
    let text = |name: &str| fs::read_to_string(case.join(name));
    let mut options: Value = serde_json::from_str(&text("options.json").unwrap_or_else(|_| "{}".to_owned()))?;
    let params = options.as_object_mut().and_then(|options| options.remove("params"));
    let mut tables = Vec::new();
    for entry in fs::read_dir(case)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".csv") {
            tables.push(json!({ "name": name, "text": text(&name)? }));
        }
    }
    let files = [json!({ "name": "rules.jihe", "text": text("rules.jihe")? })];
    let ruleset = jihe::wire::compile(&json!({ "files": files, "tables": tables, "params": params }).to_string())?;
    let report = ruleset.audit_json(&text("claims.json")?, &options.to_string())?;
    let mut report: Value = serde_json::from_str(&report)?;
    Ok(report.get_mut("findings").map(Value::take).unwrap_or_default())
}

/// A finding a line, so that a difference in review is a difference in one finding.
fn one_a_line(findings: &Value) -> Result<String, serde_json::Error> {
    let lines = findings.as_array().into_iter().flatten().map(serde_json::to_string);
    Ok(format!("[\n{}\n]\n", lines.collect::<Result<Vec<_>, _>>()?.join(",\n")))
}
