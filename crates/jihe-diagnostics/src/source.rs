//! Texts, and positions in them.
//!
//! In: the text of each rule file. Out: byte spans, and lines and columns for people and editors.
//! Invariant: a `Span` is a byte range of one file; only this file turns it into lines and columns.

use serde::Serialize;

/// Which file of a [`Sources`] a span lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct FileId(pub u32);

/// A range of bytes of one file; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One rule file: its name, as shown in messages, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name shown in messages, such as `rules/c1.jihe`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// All the files of one compilation, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Source>,
}

/// A line (from 1), a column in characters (from 1), a display column (wide characters count two) and
/// a column in UTF-16 units (from 0, as editors want it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Character in the line, from 1.
    pub column: u32,
    /// UTF-16 code unit in the line, from 0.
    pub utf16: u32,
}

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and says which it is.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        self.files.push(Source { name: name.into(), text: text.into() });
        FileId(u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX))
    }

    /// The file, if there is one of that number.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        usize::try_from(file.0).ok().and_then(|index| self.files.get(index))
    }

    /// All files in order, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        (0u32..).map(FileId).zip(self.files.iter())
    }

    /// The text a span covers; empty if the span lies outside its file.
    pub fn text(&self, span: Span) -> &str {
        let range = usize::try_from(span.start).unwrap_or(usize::MAX)..usize::try_from(span.end).unwrap_or(0);
        self.get(span.file).and_then(|source| source.text.get(range)).unwrap_or("")
    }

    /// Where a byte of a file stands.
    pub fn place(&self, file: FileId, byte: u32) -> Place {
        let text = self.get(file).map_or("", |source| source.text.as_str());
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
        let in_line = before.get(line_start..).unwrap_or("");
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place {
            line: count(before.matches('\n').count().saturating_add(1)),
            column: count(in_line.chars().count().saturating_add(1)),
            utf16: count(in_line.encode_utf16().count()),
        }
    }
}
