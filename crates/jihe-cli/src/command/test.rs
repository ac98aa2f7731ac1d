//! `jihe test RULES…`: the test blocks beside the rules.
//!
//! In: rule files. Out: a line a failure, and a count.
//! Invariant: exit 1 if and only if an expectation failed; having no tests is not a failure.

use crate::files::rule_files;
use crate::outcome::{Exit, Failure};
use crate::terminal::line;
use jihe::Language;
use std::path::{Path, PathBuf};

/// Runs the tests.
pub(crate) fn run(rules: &[PathBuf], params: Option<&Path>, language: Language) -> Result<Exit, Failure> {
    let files = rule_files(rules, params)?;
    let ruleset = jihe::compile(&files).map_err(|error| Failure::rules(&error))?;
    let report = ruleset.test();
    for failure in &report.failures {
        let place = ruleset.sources().place(failure.span.file, failure.span.start);
        let file = ruleset.sources().get(failure.span.file).map_or("", |source| source.name.as_str());
        let text = match language {
            Language::Chinese => &failure.zh,
            Language::English => &failure.en,
        };
        line(&format!("{file}:{}:{}: “{}” {text}", place.line, place.column, failure.test));
    }
    let (tests, expectations, failed) = (report.tests, report.expectations, report.failures.len());
    match language {
        Language::Chinese => line(&format!("{tests} 个测试，{expectations} 项期望，{failed} 项未满足")),
        Language::English => {
            line(&format!("{tests} test(s), {expectations} expectation(s), {failed} not met"));
        }
    }
    Ok(if failed == 0 { Exit::Clean } else { Exit::Found })
}
