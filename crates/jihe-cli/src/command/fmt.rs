//! `jihe fmt RULES…`: one way to write a rule file.
//!
//! In: rule files. Out: the same files rewritten, or with `--check` the names of those that would change.
//! Invariant: a file that does not parse is left as it is.

use crate::files::{expand, read};
use crate::outcome::{Exit, Failure};
use crate::terminal::line;
use jihe::Language;
use std::path::PathBuf;

/// Formats rules.
pub(crate) fn run(
    rules: &[PathBuf],
    check: bool,
    keywords: Option<Language>,
    language: Language,
) -> Result<Exit, Failure> {
    let mut exit = Exit::Clean;
    for path in expand(rules)? {
        let text = read(&path)?;
        let formatted = match jihe::format(&path.display().to_string(), &text, keywords) {
            Ok(formatted) => formatted,
            Err(error) => {
                eprint!("{}", error.render(language));
                exit = Exit::Rules;
                continue;
            }
        };
        if formatted == text {
            continue;
        }
        line(&path.display().to_string());
        if !check {
            jihe_io::write_file(&path, formatted.as_bytes())?;
        } else if exit == Exit::Clean {
            exit = Exit::Found;
        }
    }
    Ok(exit)
}
