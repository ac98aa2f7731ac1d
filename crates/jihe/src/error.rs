//! The one error of this crate.
//!
//! In: a stage that gave up. Out: [`Error`], opaque, with a kind, a stable code and a text in both languages.
//! Invariant: the kinds map one to one to the exception classes of the bindings.

use jihe_diagnostics::{Diagnostic, Language, Sources};
use std::fmt;

/// What went wrong, coarsely. Each kind is an exception class in Python and a `kind` string in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The rules do not compile; [`Error::diagnostics`] says where.
    Rules,
    /// The claims cannot be read.
    Claims,
    /// A call was malformed: unknown option, wrong JSON shape.
    Usage,
}

impl ErrorKind {
    /// `rules`, `claims`, `usage`.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorKind::Rules => "rules",
            ErrorKind::Claims => "claims",
            ErrorKind::Usage => "usage",
        }
    }
}

/// Why a call gave nothing.
#[derive(Debug, Clone)]
pub struct Error {
    kind: ErrorKind,
    zh: String,
    en: String,
    diagnostics: Vec<Diagnostic>,
    sources: Sources,
}

impl Error {
    pub(crate) fn rules(diagnostics: Vec<Diagnostic>, sources: Sources) -> Self {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        Self {
            kind: ErrorKind::Rules,
            zh: format!("规则有 {count} 处错误"),
            en: format!("the rules have {count} error(s)"),
            diagnostics,
            sources,
        }
    }

    pub(crate) fn plain(kind: ErrorKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { kind, zh: zh.into(), en: en.into(), diagnostics: Vec::new(), sources: Sources::new() }
    }

    /// What went wrong, coarsely.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The stable code: of the first diagnostic, or `E0001` (claims) and `E0002` (usage).
    pub fn code(&self) -> &'static str {
        match self.diagnostics.iter().find(|diagnostic| diagnostic.is_error()) {
            Some(first) => first.code,
            None if self.kind == ErrorKind::Claims => "E0001",
            None => "E0002",
        }
    }

    /// The diagnostics, if the rules were at fault.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The texts the diagnostics point into.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// One line in a language.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }

    /// All there is to say, with the lines of the rules.
    pub fn render(&self, language: Language) -> String {
        if self.diagnostics.is_empty() {
            return self.message(language).to_owned();
        }
        jihe_diagnostics::render_text(&self.diagnostics, &self.sources, language)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zh)?;
        match self.diagnostics.first() {
            Some(first) => write!(f, ": {} {}", first.code, first.message.zh),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
