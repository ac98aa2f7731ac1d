//! Constants and code sets.
//!
//! In: nothing. Out: [`Literal`], [`CodeSet`], [`Pattern`].
//! Invariant: a pattern means the same wherever it stands.

use jihe_model::schema::SystemId;

/// A constant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// The word of its type ([`jihe_model::value::Value`]).
    Word(i64),
    /// The text of a symbol type.
    Text(String),
}

/// 编码集, or a list of codes written in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSet {
    /// Its name; none when written in place.
    pub name: Option<String>,
    /// Its system; none for plain texts.
    pub system: Option<SystemId>,
    /// A code belongs if one of these matches …
    pub include: Vec<Pattern>,
    /// … and none of these.
    pub exclude: Vec<Pattern>,
}

/// One pattern of a code set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// This code.
    Exact(String),
    /// Codes that start so.
    Prefix(String),
    /// Codes `c` with from ≤ c bytewise, and c ≤ to or c starts with to.
    Range(String, String),
}

impl Pattern {
    /// Whether a code matches.
    pub fn matches(&self, code: &str) -> bool {
        match self {
            Pattern::Exact(exact) => code == exact,
            Pattern::Prefix(prefix) => code.starts_with(prefix.as_str()),
            Pattern::Range(from, to) => {
                code >= from.as_str() && (code <= to.as_str() || code.starts_with(to.as_str()))
            }
        }
    }
}

impl CodeSet {
    /// Whether a code belongs.
    pub fn contains(&self, code: &str) -> bool {
        self.include.iter().any(|pattern| pattern.matches(code))
            && !self.exclude.iter().any(|pattern| pattern.matches(code))
    }
}
