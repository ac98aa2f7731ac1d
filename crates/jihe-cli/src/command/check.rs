//! `jihe check RULES…`: every diagnostic of the rules.
//!
//! In: rule files. Out: diagnostics on standard error (or standard output for JSON and SARIF).
//! Invariant: exit 0 with warnings, 2 with errors, 3 when a file cannot be read.

use crate::args::DiagnosticFormat;
use crate::files::rule_files;
use crate::outcome::{Exit, Failure};
use crate::terminal::line;
use jihe::{Diagnostic, Language};
use std::path::{Path, PathBuf};

/// Checks rules.
pub(crate) fn run(
    rules: &[PathBuf],
    params: Option<&Path>,
    format: DiagnosticFormat,
    language: Language,
) -> Result<Exit, Failure> {
    let files = rule_files(rules, params)?;
    let (typed, diagnostics, sources) = jihe::check(&files);
    match format {
        DiagnosticFormat::Text => eprint!("{}", jihe::render::text(&diagnostics, &sources, language)),
        DiagnosticFormat::Concise => eprint!("{}", jihe::render::concise(&diagnostics, &sources, language)),
        DiagnosticFormat::Json => line(&jihe::render::json(&diagnostics, &sources, language)),
        DiagnosticFormat::Sarif => line(&jihe::render::sarif(&diagnostics, &sources, language)),
    }
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = diagnostics.iter().filter(|diagnostic: &&Diagnostic| !diagnostic.is_error()).count();
    let count = typed.as_ref().map_or(0, |typed| typed.rules.len());
    match language {
        Language::Chinese => eprintln!("{count} 条规则，{errors} 处错误，{warnings} 处警告"),
        Language::English => eprintln!("{count} rule(s), {errors} error(s), {warnings} warning(s)"),
    }
    Ok(if errors == 0 { Exit::Clean } else { Exit::Rules })
}
