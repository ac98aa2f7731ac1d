//! Fuzz bodies as ordinary functions: the tests run them with seeds, cargo-fuzz wraps them.
//!
//! In: any bytes. Out: nothing.
//! Invariant: they return for every input; a panic is a bug of the library.

use crate::files::RuleFiles;
use crate::{Language, Options};

/// Parses, formats and renders the diagnostics of any text.
pub fn parse(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(once) = crate::format("fuzz.jihe", &text, None) {
        drop(crate::format("fuzz.jihe", &once, Some(Language::English)));
    }
}

/// Compiles any text and renders what comes of it.
pub fn compile(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(error) = crate::compile(&RuleFiles::new().rule("fuzz.jihe", text)) {
        drop(error.render(Language::Chinese));
        drop(error.render(Language::English));
    }
}

/// Audits claims: the bytes before the first line of `---` are rules, those after it claims in JSON.
pub fn audit(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (rules, claims) = text.split_once("\n---\n").unwrap_or((&text, "{}"));
    let Ok(ruleset) = crate::compile(&RuleFiles::new().rule("fuzz.jihe", rules)) else { return };
    drop(ruleset.test());
    if let Ok(claims) = ruleset.claims_from_json(claims) {
        drop(ruleset.audit(&claims, &Options::default()));
    }
}
