//! How a command ends.
//!
//! In: what happened. Out: the exit codes of contract 14, and failures in both languages.
//! Invariant: every way out of the program is one of these.

use jihe::Language;

/// Exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Clean,
    /// Failing tests, unformatted files, `--fail-on` matched.
    Found,
    /// Rules do not compile, or wrong usage.
    Rules,
    /// Nothing readable, or internal failure.
    Unreadable,
}

impl Exit {
    /// 0 to 3.
    pub(crate) fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Found => 1,
            Exit::Rules => 2,
            Exit::Unreadable => 3,
        }
    }
}

/// A command that could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    zh: String,
    en: String,
}

impl Failure {
    /// Wrong usage or rules.
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Rules, zh: zh.into(), en: en.into() }
    }

    /// Something could not be read or written.
    pub(crate) fn unreadable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit: Exit::Unreadable, zh: zh.into(), en: en.into() }
    }

    /// A compile error with the lines of the rules.
    pub(crate) fn rules(error: &jihe::Error) -> Self {
        Self::usage(error.render(Language::Chinese), error.render(Language::English))
    }

    /// A path that could not be read.
    pub(crate) fn path(path: &std::path::Path, error: &std::io::Error) -> Self {
        let shown = path.display();
        Self::unreadable(format!("读不了 {shown}：{error}"), format!("cannot read {shown}: {error}"))
    }

    /// The text in a language.
    pub(crate) fn message(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

impl From<jihe_io::Error> for Failure {
    fn from(error: jihe_io::Error) -> Self {
        let (zh, en) = (error.message(Language::Chinese), error.message(Language::English));
        if error.is_usage() { Self::usage(zh, en) } else { Self::unreadable(zh, en) }
    }
}
