//! The allowed dependency edges between our own crates, and the one crate family that is fenced off.
//!
//! In: `cargo metadata` of the workspace and of each package outside it. Out: a fault for every other edge.
//! Invariant: tests may depend on any crate (they are not shipped); libraries only on what this table says.

use serde_json::Value;

use crate::rust;

/// A crate, and the crates of ours it may name. A new line here is a decision to review.
const ALLOWED: &[(&str, &[&str])] = &[
    ("jihe", &["jihe-engine", "jihe-check", "jihe-syntax", "jihe-model", "jihe-diagnostics"]),
    ("jihe-arrow", &["jihe", "jihe-model"]),
    ("jihe-benches", &["jihe", "jihe-io", "jihe-rulebook", "jihe-synth", "jihe-tests"]),
    ("jihe-bindgen", &[]),
    ("jihe-check", &["jihe-syntax", "jihe-model", "jihe-diagnostics"]),
    ("jihe-cli", &["jihe", "jihe-io", "jihe-rulebook", "jihe-synth"]),
    ("jihe-diagnostics", &[]),
    ("jihe-embed-example", &["jihe"]),
    ("jihe-engine", &["jihe-check", "jihe-model", "jihe-diagnostics"]),
    ("jihe-fuzz", &["jihe"]),
    ("jihe-grammar", &[]),
    ("jihe-io", &["jihe", "jihe-arrow", "jihe-model"]),
    ("jihe-model", &["jihe-diagnostics"]),
    ("jihe-python", &["jihe", "jihe-arrow", "jihe-io", "jihe-rulebook"]),
    ("jihe-reference", &["jihe-check", "jihe-model"]),
    ("jihe-rulebook", &[]),
    ("jihe-syntax", &["jihe-grammar", "jihe-diagnostics"]),
    ("jihe-synth", &["jihe-model"]),
    ("jihe-tests", &["jihe", "jihe-io", "jihe-rulebook", "jihe-synth"]),
    ("jihe-wasm", &["jihe"]),
    ("jihe-wasm-files", &["jihe", "jihe-io", "jihe-rulebook"]),
    ("xtask", &[]),
];

/// The only crates that may see the parser generator.
const MAY_USE_PEST: &[&str] = &["jihe-grammar", "jihe-syntax"];

/// Every forbidden edge, as a sentence.
pub(crate) fn faults() -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    for folder in std::iter::once(&"").chain(rust::OUTSIDE) {
        let metadata = rust::metadata(folder)?;
        for package in list(&metadata, "packages") {
            faults.extend(faults_of(package));
        }
    }
    Ok(faults)
}

fn faults_of(package: &Value) -> Vec<String> {
    let name = text(package, "name");
    let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
        return vec![format!("crate `{name}` has no line in xtask/src/tidy/edges.rs")];
    };
    let shipped = list(package, "dependencies").filter(|dependency| text(dependency, "kind") != "dev");
    let mut faults = Vec::new();
    for dependency in shipped {
        let on = text(dependency, "name");
        let is_ours = ALLOWED.iter().any(|(known, _)| *known == on);
        if is_ours && !allowed.contains(&on) {
            faults.push(format!("`{name}` may not depend on `{on}`"));
        }
        if on.starts_with("pest") && !MAY_USE_PEST.contains(&name) {
            faults.push(format!(
                "`{name}` may not see `{on}`: only the syntax crate knows the parser generator"
            ));
        }
    }
    faults
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, faults_of};
    use serde_json::json;

    #[test]
    fn the_table_is_sorted_and_names_known_crates() {
        assert!(ALLOWED.is_sorted_by(|(left, _), (right, _)| left < right));
        let known = |name: &&str| ALLOWED.iter().any(|(known, _)| known == name);
        assert!(ALLOWED.iter().all(|(_, allowed)| allowed.iter().all(known)));
    }

    #[test]
    fn a_forbidden_edge_is_a_fault_and_a_test_only_edge_is_not() {
        let package = json!({"name": "jihe-synth", "dependencies": [
            {"name": "jihe-model", "kind": null},
            {"name": "jihe-engine", "kind": null},
            {"name": "jihe-check", "kind": "dev"},
            {"name": "pest", "kind": null},
        ]});
        assert_eq!(faults_of(&package).len(), 2);
    }
}
