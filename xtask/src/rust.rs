//! The stages that need only cargo: format, clippy, tests, documentation, packages.
//!
//! In: the workspace. Out: `Ok`, or the command that failed.
//! Invariant: a warning of clippy fails the run exactly when `CLIPPY_WARNINGS_FAIL` says so.

use crate::shell::{self, Outcome, cargo, run, run_tests};
use crate::tally::Tally;

const CLIPPY_WARNINGS_FAIL: bool = true;

/// The packages outside the main workspace: each has its own `[workspace]`.
pub(crate) const OUTSIDE: &[&str] = &["bindings/python", "bindings/wasm", "fuzz", "xtask/bindgen"];

/// Every Rust file is formatted.
pub(crate) fn format(_tally: &mut Tally) -> Outcome {
    run(&mut cargo("", &["fmt", "--all", "--check"]))?;
    OUTSIDE.iter().try_for_each(|folder| run(&mut cargo(folder, &["fmt", "--check"])))
}

/// The lints of the workspace, over tests and examples too.
pub(crate) fn clippy(_tally: &mut Tally) -> Outcome {
    let mut command = cargo("", &["clippy", "--quiet", "--workspace", "--all-targets"]);
    if CLIPPY_WARNINGS_FAIL {
        command.args(["--", "-D", "warnings"]);
    }
    run(&mut command)
}

/// Unit and integration tests; examples are compiled and their tests run.
pub(crate) fn tests(tally: &mut Tally) -> Outcome {
    run_tests(
        &mut cargo("", &["test", "--quiet", "--workspace", "--lib", "--bins", "--tests", "--examples"]),
        tally,
    )
}

/// The examples in the documentation comments, and the links between them.
pub(crate) fn doc_tests(tally: &mut Tally) -> Outcome {
    run_tests(&mut cargo("", &["test", "--quiet", "--workspace", "--doc"]), tally)?;
    run(&mut cargo("", &["doc", "--quiet", "--workspace", "--no-deps"]))
}

/// Every crate that may be published makes a package.
pub(crate) fn package(_tally: &mut Tally) -> Outcome {
    let names = public_crates()?;
    let mut command = cargo("", &["package", "--quiet", "--no-verify", "--allow-dirty"]);
    for name in &names {
        command.args(["--package", name]);
    }
    run(&mut command)?;
    println!("{} packages: {}", names.len(), names.join(" "));
    Ok(())
}

fn public_crates() -> Result<Vec<String>, String> {
    let metadata = metadata("")?;
    let packages = metadata.get("packages").and_then(|packages| packages.as_array());
    let is_public =
        |package: &&serde_json::Value| package.get("publish").is_none_or(serde_json::Value::is_null);
    let name = |package: &serde_json::Value| Some(package.get("name")?.as_str()?.to_owned());
    Ok(packages.into_iter().flatten().filter(is_public).filter_map(name).collect())
}

/// What cargo says of the workspace in `folder`, dependencies' own metadata left out.
pub(crate) fn metadata(folder: &str) -> Result<serde_json::Value, String> {
    let words = ["metadata", "--no-deps", "--format-version", "1"];
    let text = shell::output(&mut cargo(folder, &words)).ok_or("`cargo metadata` failed")?;
    serde_json::from_str(&text).map_err(|error| format!("`cargo metadata` is not JSON: {error}"))
}
