//! Rule files, knowledge files and overrides from disk.
//!
//! In: paths of files and folders. Out: [`jihe::RuleFiles`].
//! Invariant: files are taken in the order of their paths, so that the same folder gives the same ruleset.
#![expect(clippy::disallowed_methods, reason = "the command line reads the files that the library may not")]

use crate::args::{LayoutArg, ReadingArgs};
use crate::outcome::Failure;
use jihe::RuleFiles;
use jihe_io::{Layout, ReadOptions};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// The rules of a command: these paths, or the shipped rulebook if there are none.
pub(crate) fn rule_files(paths: &[PathBuf], params: Option<&Path>) -> Result<RuleFiles, Failure> {
    let files = if paths.is_empty() { shipped() } else { from_disk(paths)? };
    let Some(params) = params else { return Ok(files) };
    let text = read(params)?;
    let folder = params.parent().unwrap_or(Path::new("."));
    let mut tables = BTreeMap::new();
    add_tables(&text, params, folder, &mut tables)?;
    let files = tables.into_iter().fold(files, |files, (name, (_, text))| files.table(name, text));
    Ok(files.params(params.display().to_string(), text))
}

fn shipped() -> RuleFiles {
    let rules =
        jihe_rulebook::files().iter().fold(RuleFiles::new(), |files, (name, text)| files.rule(*name, *text));
    jihe_rulebook::tables().iter().fold(rules, |files, (name, text)| files.table(*name, *text))
}

fn from_disk(paths: &[PathBuf]) -> Result<RuleFiles, Failure> {
    let mut files = RuleFiles::new();
    let mut tables = BTreeMap::new();
    for path in expand(paths)? {
        let text = read(&path)?;
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        add_tables(&text, &path, &folder, &mut tables)?;
        files = files.rule(path.display().to_string(), text);
    }
    Ok(tables.into_iter().fold(files, |files, (name, (_, text))| files.table(name, text)))
}

/// All `.jihe` files named or inside folders named, in path order within each argument.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            walk(path, &mut found)?;
            if found.len() == before {
                let shown = path.display();
                return Err(Failure::unreadable(
                    format!("{shown} 中没有 .jihe 文件"),
                    format!("{shown} holds no .jihe file"),
                ));
            }
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::path(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "jihe") {
            found.push(path);
        }
    }
    Ok(())
}

/// Reads the knowledge files a rule file names, from its own folder or a `tables` folder beside or above it.
fn add_tables(
    text: &str,
    rule: &Path,
    folder: &Path,
    tables: &mut BTreeMap<String, (PathBuf, String)>,
) -> Result<(), Failure> {
    for name in jihe::knowledge_files(text) {
        let places =
            [folder.join(&name), folder.join("tables").join(&name), folder.join("../tables").join(&name)];
        // A file that is nowhere is left out: the checker names it, and the rules that need it are skipped.
        let Some(path) = places.into_iter().find(|path| path.is_file()) else { continue };
        let table = read(&path)?;
        match tables.get(&name) {
            Some((other, known)) if *known != table => {
                let (rule, other, path) = (rule.display(), other.display(), path.display());
                return Err(Failure::usage(
                    format!("{rule}：知识文件“{name}”有两份不同的内容：{other} 与 {path}，请改名"),
                    format!(
                        "{rule}: knowledge file \"{name}\" has two contents: {other} and {path}; rename one"
                    ),
                ));
            }
            Some(_) => {}
            None => drop(tables.insert(name, (path, table))),
        }
    }
    Ok(())
}

/// How a data folder is to be read.
pub(crate) fn read_options(args: &ReadingArgs) -> Result<ReadOptions, Failure> {
    let processors = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Ok(ReadOptions {
        layout: match args.layout {
            LayoutArg::Folder => Layout::Folder,
            LayoutArg::Feijian2024 => Layout::Feijian2024,
        },
        mapping: args.mapping.as_deref().map(read).transpose()?,
        threads: args.threads.unwrap_or_else(processors).max(1),
        ..ReadOptions::default()
    })
}

/// A text file, UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::path(path, &error))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
