//! Builds the static site and tests it in a real Chromium.
//!
//! In: `site/`, the npm package in `target/npm`. Out: the site in `target/site`; `Ok` or the command that failed.
//! Invariant: the tests open what is built here, and ask the `jihe` command what the pages should show.

use std::fs;

use crate::setup;
use crate::shell::{self, Outcome, run, run_tests};
use crate::tally::Tally;

const FOLDER: &str = "site";

/// Installs the tools, checks the types, and bundles the pages into `target/site`.
pub(crate) fn build(_tally: &mut Tally) -> Outcome {
    if !shell::root().join("target/npm/native/jihe_files_bg.wasm").exists() {
        return Err("target/npm is not built; run `cargo xtask wasm` first".to_owned());
    }
    run(shell::command("npm", FOLDER).args(["ci", "--silent", "--no-audit", "--no-fund"]))?;
    run(shell::command("npm", FOLDER).args(["run", "--silent", "check"]))?;
    run(shell::command("npm", FOLDER).args(["run", "--silent", "build"]))
}

/// Builds the site, and runs its tests with the command line as the judge of what they see.
pub(crate) fn test(tally: &mut Tally) -> Outcome {
    build(tally)?;
    let chromium =
        setup::chromium().ok_or("no Chromium; install Debian's package chromium or set JIHE_CHROMIUM")?;
    run(&mut shell::cargo("", &["build", "--quiet", "-p", "jihe-cli"]))?;
    run_tests(
        shell::command("node", FOLDER)
            .args(["--test", "--test-concurrency=1"])
            .args(test_files()?)
            .env("JIHE_CHROMIUM", chromium)
            .env("JIHE_BIN", shell::root().join("target/debug/jihe")),
        tally,
    )
}

/// The test files, by name: `node --test` reads a folder differently from version to version.
fn test_files() -> Result<Vec<String>, String> {
    let folder = shell::root().join(FOLDER).join("tests");
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("tests/{name}"))
        .collect();
    names.sort();
    Ok(names)
}
