//! What may not stand in a file, and how long a file may be.
//!
//! In: the paths git knows, tracked or new. Out: a fault for each place that breaks a rule.
//! Invariant: test modules at the end of a file, comments and blank lines cost nothing of the budget.

use std::fs;

use crate::shell;

/// Lines of code a source file may have.
const BUDGET: usize = 400;

/// A text that may not occur, and why. Split here, so that this file is tidy too.
const FORBIDDEN: &[(&str, &str)] = &[
    (concat!("TO", "DO"), "finish it, or file it where people look"),
    (concat!("FIX", "ME"), "finish it, or file it where people look"),
    (concat!("unimplemented", "!("), "a thing not built gives a clear error"),
    (concat!("todo", "!("), "a thing not built gives a clear error"),
    (concat!("NotImplemented", "Error"), "a thing not built gives a clear error"),
    (concat!("index.", "crates.io"), "no address of a registry"),
    (concat!("static.", "crates.io"), "no address of a registry"),
    (concat!("registry.", "npmjs.org"), "no address of a registry"),
    (concat!("pypi", ".org"), "no address of a registry"),
    (concat!("pythonhosted", ".org"), "no address of a registry"),
    (concat!("deb.", "debian.org"), "no address of a registry"),
];

/// Folders that exist on one machine only.
const MACHINE_FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/fa", "rm/")];

/// Every file that is or may become part of the repository, build products left out.
pub(crate) fn known() -> Result<Vec<String>, String> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = shell::output(shell::command("git", "").args(words)).ok_or("`git ls-files` failed")?;
    Ok(listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// The faults of all files; what is not text, and what was just deleted, is passed over.
pub(crate) fn faults(paths: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    for path in paths.iter().filter(|path| !has_extension(path, &["lock"])) {
        if let Ok(text) = fs::read_to_string(shell::root().join(path)) {
            faults.extend(faults_of(path, &text));
        }
    }
    faults
}

fn faults_of(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        let wrong = forbidden_in(line).or_else(|| misplaced_in(path, line));
        faults.extend(wrong.map(|reason| format!("{path}:{number}: {reason}")));
    }
    let size = code_lines(text);
    if has_extension(path, &["rs", "py", "mjs", "ts"]) && size > BUDGET {
        faults.push(format!("{path}: {size} lines of code; the budget is {BUDGET}: split it by stage"));
    }
    faults
}

fn forbidden_in(line: &str) -> Option<String> {
    let found = FORBIDDEN.iter().find(|(word, _)| contains_word(line, word));
    let folder = MACHINE_FOLDERS.iter().find(|folder| contains_path(line, folder));
    found
        .map(|(word, reason)| format!("`{word}`: {reason}"))
        .or_else(|| folder.map(|folder| format!("`{folder}`: a path of one machine")))
}

/// The parser generator's rule names stay behind one file, so that replacing it touches no other.
fn misplaced_in(path: &str, line: &str) -> Option<String> {
    let fenced = path.starts_with("crates/jihe-syntax/") && !path.contains("/src/parse/pairs");
    let named = fenced
        && line.split("Rule::").next().is_some_and(|before| {
            before.len() < line.len() && !before.ends_with(|last: char| last.is_alphanumeric() || last == ':')
        });
    named.then(|| "`Rule::` belongs in parse/pairs.rs and parse/pairs/ only".to_owned())
}

/// `word` stands in `line`, and not as part of a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(start, found)| {
        let before = line.get(..start).unwrap_or_default();
        let after = line.get(start.saturating_add(found.len())..).unwrap_or_default();
        !before.ends_with(is_letter) && (!word.ends_with(is_letter) || !after.starts_with(is_letter))
    })
}

/// `folder` begins a path here, rather than standing in the middle of a relative one.
fn contains_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(start, _)| {
        let before = line.get(..start).unwrap_or_default();
        !before.ends_with(|last: char| last.is_alphanumeric() || "_.-/}".contains(last))
    })
}

fn code_lines(text: &str) -> usize {
    let shipped = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let is_code = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("//") && !line.starts_with('#')
    };
    shipped.lines().filter(is_code).count()
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extensions.contains(&extension))
}

#[cfg(test)]
mod tests {
    use super::{code_lines, faults_of};

    #[test]
    fn notes_to_self_and_machine_paths_are_faults_and_longer_words_are_not() {
        let note = ["// TO", "DO: later"].concat();
        let path = ["see /ro", "ot/file"].concat();
        assert_eq!(faults_of("a.rs", &note).len(), 1);
        assert_eq!(faults_of("a.md", &path).len(), 1);
        assert!(faults_of("a.md", "TODOS and docs/root/file").is_empty());
    }

    #[test]
    fn rule_names_of_the_parser_generator_stay_in_one_file() {
        assert_eq!(faults_of("crates/jihe-syntax/src/parse.rs", "    Rule::item => item(pair),").len(), 1);
        assert!(
            faults_of("crates/jihe-syntax/src/parse/pairs.rs", "    Rule::item => item(pair),").is_empty()
        );
        assert!(faults_of("crates/jihe-syntax/src/format.rs", "    tree::Rule::new()").is_empty());
    }

    #[test]
    fn tests_comments_and_blank_lines_cost_nothing() {
        assert_eq!(code_lines("//! doc\n\nfn a() {\n}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n"), 2);
    }
}
