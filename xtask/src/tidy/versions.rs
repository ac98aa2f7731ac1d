//! One version for crates, wheel and npm package, and one for the two halves of wasm-bindgen.
//!
//! In: the manifests. Out: a fault for each that disagrees with the workspace.
//! Invariant: the version in the root `Cargo.toml` is the only one written by a person's decision.

use serde_json::Value;

use crate::{rust, shell};

/// Every version that differs from the workspace's.
pub(crate) fn faults() -> Result<Vec<String>, String> {
    let workspace = version_of(&rust::metadata("")?, "jihe").ok_or("the workspace has no crate `jihe`")?;
    let mut faults = Vec::new();
    for (folder, name) in [("bindings/python", "jihe-python"), ("bindings/wasm", "jihe-wasm")] {
        let found = version_of(&rust::metadata(folder)?, name).unwrap_or_default();
        faults.extend(differs(folder, &found, &workspace));
    }
    let npm = std::fs::read_to_string(shell::root().join("bindings/wasm/js/package.json"))
        .map_err(|error| format!("bindings/wasm/js/package.json: {error}"))?;
    let npm: Value = serde_json::from_str(&npm).map_err(|error| format!("package.json: {error}"))?;
    let found = npm.get("version").and_then(Value::as_str).unwrap_or_default();
    faults.extend(differs("bindings/wasm/js/package.json", found, &workspace));
    let halves = (
        requirement(&rust::metadata("bindings/wasm")?, "wasm-bindgen"),
        requirement(&rust::metadata("xtask/bindgen")?, "wasm-bindgen-cli-support"),
    );
    if halves.0 != halves.1 {
        faults.push(format!("bindings/wasm and xtask/bindgen pin different wasm-bindgens: {halves:?}"));
    }
    Ok(faults)
}

fn differs(place: &str, found: &str, workspace: &str) -> Option<String> {
    (found != workspace).then(|| format!("{place}: version `{found}`, but the workspace has `{workspace}`"))
}

fn version_of(metadata: &Value, name: &str) -> Option<String> {
    let packages = metadata.get("packages")?.as_array()?;
    let package =
        packages.iter().find(|package| package.get("name").and_then(Value::as_str) == Some(name))?;
    Some(package.get("version")?.as_str()?.to_owned())
}

fn requirement(metadata: &Value, dependency: &str) -> Option<String> {
    let packages = metadata.get("packages")?.as_array()?;
    let mut dependencies =
        packages.iter().filter_map(|package| package.get("dependencies")?.as_array()).flatten();
    let found = dependencies.find(|found| found.get("name").and_then(Value::as_str) == Some(dependency))?;
    Some(found.get("req")?.as_str()?.to_owned())
}
