//! Builds the Python wheel, installs it in an environment of its own, tests and type-checks it.
//!
//! In: `bindings/python`. Out: `Ok`, or the command that failed.
//! Invariant: what is tested is the wheel a user installs, not the source folder.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{self, Outcome, run, run_tests};
use crate::tally::Tally;

const FOLDER: &str = "bindings/python";

/// Tools of the tests, not of the package.
const TOOLS: &[&str] = &[
    "maturin>=1.10,<2",
    "pytest",
    "mypy",
    "pyright>=1.1.414", // brings its own code along and runs on the Node of the other tests
    "pyarrow",
    "pandas>=3",
    "polars>=1.30",
    "duckdb>=1.4",
    "pyspark==4.1.1", // runs on Java 17
    "altair>=6,<7",
    "vl-convert-python",
    "nbclient",
    "nbformat",
    "ipykernel",
    "adbc-driver-postgresql",
    "daft>=0.7,<0.8",
];

/// Compiles in a fraction of the time of `release`, for a wheel that is otherwise the one a user installs.
const PROFILE: &str = "checked";

/// Examples with tests of their own: the command line on public data against answers computed elsewhere, a notebook, a
/// real `PostgreSQL`, Daft.
const EXAMPLES: &[&str] =
    &["examples/known-answers", "examples/notebook", "examples/postgres", "examples/daft"];

/// The whole stage.
pub(crate) fn test(tally: &mut Tally) -> Outcome {
    let work = shell::root().join("target/python");
    let environment = work.join("venv");
    let python = environment.join("bin/python");
    if !python.exists() {
        run(shell::command("python3", "").args(["-m", "venv"]).arg(&environment))?;
    }
    run(shell::command(&python, "").args(["-m", "pip", "install", "--quiet"]).args(TOOLS))?;
    let wheel = build_wheel(&python, &work)?;
    run(shell::command(&python, "")
        .args(["-m", "pip", "install", "--quiet", "--force-reinstall", "--no-deps"])
        .arg(&wheel))?;
    // Tests audit synthetic cities, which the command line makes.
    run(&mut shell::cargo("", &["build", "--quiet", "--package", "jihe-cli"]))?;
    tests_of(FOLDER, &python, tally)?;
    let example = "examples/three-rules";
    shell::prints_as_expected(shell::command(&python, example).arg("audit.py"), example)?;
    for folder in EXAMPLES {
        tests_of(folder, &python, tally)?;
    }
    check_types(&python, &work)
}

/// The types of package, stubs and tests, by two checkers that infer differently; and the stubs against the module.
fn check_types(python: &Path, work: &Path) -> Outcome {
    let cache = work.join("mypy");
    run(shell::command(python, FOLDER).args(["-m", "mypy", "--strict", "--cache-dir"]).arg(cache))?;
    run(shell::command(python, FOLDER)
        .args(["-m", "pyright", "--level", "error", "--pythonpath"])
        .arg(python))?;
    run(shell::command(python, FOLDER).args(["-m", "mypy.stubtest", "jihe._native"]))
}

/// The tests in a folder, with the `jihe` command at hand.
fn tests_of(folder: &str, python: &Path, tally: &mut Tally) -> Outcome {
    let binary = shell::root().join("target/debug/jihe");
    let words = ["-m", "pytest", "--color=no", "-rs", "-p", "no:cacheprovider"];
    run_tests(shell::command(python, folder).env("JIHE", binary).args(words), tally)
}

fn build_wheel(python: &Path, work: &Path) -> Result<PathBuf, String> {
    let wheels = work.join("wheels");
    // An older wheel of another version or platform must not be the one that is tested.
    if wheels.exists() {
        fs::remove_dir_all(&wheels).map_err(|error| format!("cannot empty {}: {error}", wheels.display()))?;
    }
    run(shell::command(python, FOLDER)
        .args(["-m", "maturin", "build", "--quiet", "--profile", PROFILE, "--target-dir"])
        .arg(work.join("cargo"))
        .arg("--out")
        .arg(&wheels))?;
    let made = fs::read_dir(&wheels).map_err(|error| format!("no wheels were made: {error}"))?;
    made.filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| "maturin made no wheel".to_owned())
}
