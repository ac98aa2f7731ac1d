//! What is said about a text: one shape for every stage and every reader.
//!
//! In: codes, spans and bilingual texts from a stage's `errors.rs`. Out: a [`Diagnostic`].
//! Invariant: a message stands alone on one line, in both languages, without a full stop.

use crate::source::Span;
use serde::Serialize;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Chinese, the default.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// Both spellings of one text.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The text in the language asked for.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Chinese => &self.zh,
            Language::English => &self.en,
        }
    }
}

/// The language of messages and of keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

/// How grave a diagnostic is. Only an error keeps a rule from running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The rule cannot run.
    Error,
    /// The rule runs, but probably not as meant.
    Warning,
    /// A better way to write it.
    Advice,
}

/// A place, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty.
    pub text: Text,
}

/// A change of the text that mends the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What to replace.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// One thing to say about a text. The first label is the place of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// `E0101`…, stable; each has a page under `explain/`.
    pub code: &'static str,
    /// How grave.
    pub severity: Severity,
    /// What is wrong.
    pub message: Text,
    /// Where; first the fault, then what it conflicts with.
    pub labels: Vec<Label>,
    /// What would mend it.
    pub help: Option<Text>,
    /// The same as an edit, where it is mechanical.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, span: Span, message: Text) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, span: Span, message: Text) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    fn new(severity: Severity, code: &'static str, span: Span, message: Text) -> Self {
        let label = Label { span, text: Text::new("", "") };
        Self { code, severity, message, labels: vec![label], help: None, fix: None }
    }

    /// Says what stands at the place of the fault.
    #[must_use]
    pub fn here(mut self, text: Text) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.text = text;
        }
        self
    }

    /// Points at a second place.
    #[must_use]
    pub fn and(mut self, span: Span, text: Text) -> Self {
        self.labels.push(Label { span, text });
        self
    }

    /// Says what would mend it.
    #[must_use]
    pub fn help(mut self, text: Text) -> Self {
        self.help = Some(text);
        self
    }

    /// Gives the mending edit.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }

    /// Whether it keeps rules from running.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The place of the fault.
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }
}
