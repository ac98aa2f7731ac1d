//! What can go wrong between bytes and records.
//!
//! In: a failed read or write. Out: [`Error`], in both languages.
//! Invariant: the file is always named.

use jihe::Language;
use std::fmt;
use std::io;
#[cfg(feature = "fs")]
use std::path::Path;

/// Why files could not be read or written.
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

    /// A file that cannot be read, by the name it goes by.
    pub(crate) fn file(name: &str, zh: &str, en: &str) -> Self {
        Self::unreadable(format!("{name}：{zh}"), format!("{name}: {en}"))
    }

    /// A file whose reader failed.
    pub(crate) fn named(name: &str, error: &dyn fmt::Display) -> Self {
        Self::unreadable(format!("读不了 {name}：{error}"), format!("cannot read {name}: {error}"))
    }

    /// A file whose bytes ended or were not what they should be.
    pub(crate) fn broken(name: &str, error: &io::Error) -> Self {
        let said = error.get_ref().and_then(|inner| inner.downcast_ref::<Said>());
        match (said, error.kind()) {
            (Some(said), _) => Self::file(name, &said.zh, &said.en),
            (
                None,
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput,
            ) => Self::file(
                name,
                &format!("压缩数据不完整或已损坏，请重新导出或传输（{error}）"),
                &format!("the packed data is cut off or damaged; export or transfer it again ({error})"),
            ),
            (None, _) => Self::named(name, error),
        }
    }

    #[cfg(feature = "fs")]
    pub(crate) fn read(path: &Path, error: &dyn fmt::Display) -> Self {
        Self::named(&path.display().to_string(), error)
    }

    #[cfg(feature = "fs")]
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

/// What a reader of bytes has to say, carried through [`io::Error`].
#[derive(Debug)]
pub(crate) struct Said {
    zh: String,
    en: String,
}

impl Said {
    pub(crate) fn error(zh: &str, en: &str) -> io::Error {
        io::Error::other(Said { zh: zh.to_owned(), en: en.to_owned() })
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.zh, self.en)
    }
}

impl std::error::Error for Said {}
