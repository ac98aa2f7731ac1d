//! The texts a ruleset is made of.
//!
//! In: names and texts. Out: [`RuleFiles`].
//! Invariant: texts only; whoever calls has read them.

use std::collections::BTreeMap;

/// Rule files, the knowledge files they name, and an optional file of overrides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleFiles {
    pub(crate) rules: Vec<(String, String)>,
    pub(crate) tables: BTreeMap<String, String>,
    pub(crate) params: Option<(String, String)>,
}

impl RuleFiles {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a `.jihe` file.
    #[must_use]
    pub fn rule(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.rules.push((name.into(), text.into()));
        self
    }

    /// Adds a knowledge file (CSV) under the name that `来自 "…"` gives it.
    #[must_use]
    pub fn table(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.tables.insert(name.into(), text.into());
        self
    }

    /// Sets the file of overrides: a package of 参数, 编码集 and 知识 only (contract 12).
    #[must_use]
    pub fn params(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.params = Some((name.into(), text.into()));
        self
    }

    /// Whether there is no rule file.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}
