//! What the tests share: where things are, and a city on disk.
//!
//! In: names of cases, seeds. Out: paths, texts, claims.
//! Invariant: a test writes only below the system's folder for temporary files.
#![expect(
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    clippy::expect_used,
    reason = "test support reads files and fails loudly"
)]

mod folder;

pub use folder::Folder;
use jihe::{RuleFiles, Ruleset};
use jihe_io::Input;
use jihe_synth::{Config, MemorySink, generate};
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The shared folder of facts and data, if this machine has it; says so where it does not.
pub fn shared(what: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("JIHE_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = folder.join(what);
    if !path.exists() {
        #[expect(clippy::print_stderr, reason = "a skipped test says so")]
        {
            eprintln!("skipped: {} is absent", path.display());
        }
    }
    path.exists().then_some(path)
}

/// A text file of the project.
pub fn text(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    std::fs::read_to_string(path).unwrap_or_else(|error| format!("unreadable {}: {error}", path.display()))
}

/// The shipped rulebook's files.
pub fn rulebook_files() -> RuleFiles {
    let rules =
        jihe_rulebook::files().iter().fold(RuleFiles::new(), |files, (name, text)| files.rule(*name, *text));
    jihe_rulebook::tables().iter().fold(rules, |files, (name, text)| files.table(*name, *text))
}

/// Compiles, or fails with every diagnostic.
pub fn compile(files: &RuleFiles) -> Ruleset {
    jihe::compile(files).map_err(|error| error.render(jihe::Language::Chinese)).expect("the rules compile")
}

/// A synthetic city in memory.
pub fn city(persons: u32, seed: u64) -> MemorySink {
    city_of(&Config::new(persons, seed))
}

/// A synthetic city of any kind in memory.
pub fn city_of(config: &Config) -> MemorySink {
    let mut sink = MemorySink::default();
    generate(config, &mut sink);
    sink
}

/// A city's files in a folder of their own.
pub fn city_on_disk(city: &MemorySink, name: &str) -> Folder {
    let folder = Folder::new(name);
    for file in city.tables.keys() {
        folder.write(file, city.csv(file));
    }
    for (file, text) in &city.texts {
        folder.write(file, text);
    }
    folder
}

/// Reads a claim folder with its `run.toml`.
pub fn read(ruleset: &Ruleset, folder: &Path) -> Input {
    let mut input = Input::read(ruleset.schema(), folder).expect("a readable folder");
    jihe_io::RunFile::read(folder).expect("a readable run.toml").apply(&mut input.claims.records.run);
    input
}
