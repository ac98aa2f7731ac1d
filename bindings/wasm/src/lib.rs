//! Jihe for JavaScript: JSON text in and out of `jihe::wire`.
//!
//! In: JSON text from `js/core.mjs`. Out: JSON text, or a thrown text holding an error object as JSON.
//! Invariant: converts, calls, converts; no shape is made and nothing is decided here.

use wasm_bindgen::prelude::*;

/// The memory of the module.
#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Compiled rules.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeRuleset(jihe::Ruleset);

#[wasm_bindgen]
impl NativeRuleset {
    /// Audits claims.
    pub fn audit(&self, claims: &str, options: &str) -> Result<String, String> {
        self.0.audit_json(claims, options)
    }

    /// Opens a session over one person's history.
    pub fn session(&self, history: &str, options: &str) -> Result<NativeSession, String> {
        self.0.session_json(history, options).map(NativeSession)
    }

    /// What a host must fetch.
    pub fn requirements(&self) -> String {
        self.0.requirements_json()
    }

    /// What compilation had to say without refusing.
    pub fn warnings(&self) -> String {
        self.0.warnings_json()
    }

    /// The hash that names the rules in every coverage manifest.
    pub fn hash(&self) -> String {
        self.0.hash().to_owned()
    }

    /// The plan in words.
    pub fn explain(&self) -> String {
        self.0.explain()
    }
}

/// One person's records, ready for claims.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeSession(jihe::Session);

#[wasm_bindgen]
impl NativeSession {
    /// Adds a claim and says what it changes.
    pub fn check(&mut self, claim: &str) -> Result<String, String> {
        self.0.check_json(claim)
    }

    /// Everything that holds now.
    pub fn findings(&self) -> String {
        self.0.findings_json()
    }

    /// Rows of the history that could not be read.
    pub fn rejects(&self) -> String {
        self.0.rejects_json()
    }
}

/// Compiles rules.
#[wasm_bindgen]
pub fn compile(input: &str) -> Result<NativeRuleset, String> {
    jihe::wire::compile(input).map(NativeRuleset)
}

/// The diagnostics of rules.
#[wasm_bindgen]
pub fn check(input: &str) -> String {
    jihe::wire::check(input)
}

/// Runs the test blocks of rules.
#[wasm_bindgen]
pub fn test(input: &str) -> String {
    jihe::wire::test(input)
}

/// The canonical text of a rule file; `english` absent leaves the keywords as written.
#[wasm_bindgen]
pub fn format(text: &str, english: Option<bool>) -> Result<String, String> {
    let language = english.map(|yes| if yes { jihe::Language::English } else { jihe::Language::Chinese });
    jihe::wire::format(text, language)
}

/// The version of this package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
