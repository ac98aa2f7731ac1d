//! Why a table cannot be read at all.
//!
//! In: a kind, a table, a column. Out: [`Error`], in both languages.
//! Invariant: table and column are always named, and what would mend it.

use jihe::Language;
use std::fmt;

/// Why a table cannot be read. Rows with bad values are no error: they are rejected one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    usage: bool,
    zh: String,
    en: String,
}

impl Error {
    /// The claims are not what the schema says.
    pub(crate) fn claims(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { usage: false, zh: zh.into(), en: en.into() }
    }

    /// The call is wrong: it renames what is not there.
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { usage: true, zh: zh.into(), en: en.into() }
    }

    /// Whether the call is at fault rather than the data.
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

/// `，是否指“甲”“乙”`; nothing if nothing is near.
pub(crate) fn perhaps(nearest: &[&str]) -> (String, String) {
    if nearest.is_empty() {
        return (String::new(), String::new());
    }
    (format!("，是否指“{}”", nearest.join("”“")), format!("; did you mean `{}`", nearest.join("`, `")))
}
