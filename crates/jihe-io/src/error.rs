//! What can go wrong between disk and records.
//!
//! In: a failed read or write. Out: [`Error`], in both languages.
//! Invariant: the path is always named.

use jihe::Language;
use std::fmt;
use std::path::Path;

/// Why a folder could not be read or written.
#[derive(Debug, Clone)]
pub struct Error {
    usage: bool,
    zh: String,
    en: String,
}

impl Error {
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { usage: true, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn unreadable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { usage: false, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn read(path: &Path, error: &dyn fmt::Display) -> Self {
        let shown = path.display();
        Self::unreadable(format!("读不了 {shown}：{error}"), format!("cannot read {shown}: {error}"))
    }

    pub(crate) fn write(path: &Path, error: &dyn fmt::Display) -> Self {
        let shown = path.display();
        Self::unreadable(format!("写不了 {shown}：{error}"), format!("cannot write {shown}: {error}"))
    }

    /// Whether the caller asked for something that cannot be (exit 2), rather than something that failed (exit 3).
    pub fn is_usage(&self) -> bool {
        self.usage
    }

    /// The text in a language.
    pub fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.zh)
    }
}

impl std::error::Error for Error {}
