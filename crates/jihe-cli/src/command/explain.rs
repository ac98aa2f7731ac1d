//! `jihe explain --plan` and `jihe explain CODE`.
//!
//! In: rules, or a diagnostic code. Out: the plan in words, or the page of the code.
//! Invariant: reads, never runs.

use crate::files::rule_files;
use crate::outcome::{Exit, Failure};
use crate::terminal::line;
use std::path::{Path, PathBuf};

/// The plan of rules.
pub(crate) fn plan(rules: &[PathBuf], params: Option<&Path>) -> Result<Exit, Failure> {
    let files = rule_files(rules, params)?;
    let ruleset = jihe::compile(&files).map_err(|error| Failure::rules(&error))?;
    line(&ruleset.explain());
    Ok(Exit::Clean)
}

/// The page of a code.
pub(crate) fn code(code: &str) -> Result<Exit, Failure> {
    match jihe::explain_code(code) {
        Some(page) => {
            line(page);
            Ok(Exit::Clean)
        }
        None => {
            Err(Failure::usage(format!("没有诊断代码 {code}"), format!("there is no diagnostic code {code}")))
        }
    }
}
