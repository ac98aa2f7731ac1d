//! Jihe for JavaScript with the readers of claim files, and with the shipped rulebook.
//!
//! In: rules as JSON text, files as bytes. Out: JSON text, or a thrown text holding an error object as JSON.
//! Invariant: rows are audited or rejected with place and reason; reading ends where the first audit begins.

mod reading;

use jihe::{Options, Portion, Report, Ruleset, Watch};
use reading::Reading;
use std::cell::RefCell;
use std::sync::Arc;
use wasm_bindgen::prelude::*;

/// The memory of the module.
#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

thread_local! {
    /// Who listens to the run that is on: a watch may be told from any thread, a listener lives in one.
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

fn tell(done: usize, total: usize) {
    LISTENER.with_borrow(|listener| {
        if let Some(listener) = listener {
            listener.tell(done, total);
        }
    });
}

#[wasm_bindgen]
extern "C" {
    /// Whoever wants to know how far a run is.
    pub type Listener;

    /// Portions of the work done, and in all. Must not throw.
    #[wasm_bindgen(method)]
    fn tell(this: &Listener, done: usize, total: usize);
}

/// Rules, the records read so far, and the report of the last run.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NativeAuditor {
    ruleset: Ruleset,
    reading: Reading,
    report: Option<Report>,
}

#[wasm_bindgen]
impl NativeAuditor {
    /// Compiles rules, in the shape the core takes them.
    #[wasm_bindgen(constructor)]
    pub fn new(input: &str) -> Result<NativeAuditor, String> {
        let ruleset = jihe::wire::compile(input)?;
        Ok(Self { ruleset, reading: Reading::default(), report: None })
    }

    /// What compilation had to say without refusing.
    pub fn warnings(&self) -> String {
        self.ruleset.warnings_json()
    }

    /// The hash that names the rules.
    pub fn hash(&self) -> String {
        self.ruleset.hash().to_owned()
    }

    /// Every rule with its text.
    pub fn rules(&self) -> String {
        self.ruleset.rules_json()
    }

    /// Reads one file; gives what became of it, one entry a sheet.
    pub fn read(&mut self, name: String, bytes: Vec<u8>, options: &str) -> Result<String, String> {
        self.reading.add(self.ruleset.schema(), (name, bytes), options)
    }

    /// How many rows were rejected so far.
    pub fn rejected(&mut self) -> usize {
        self.reading.input(self.ruleset.schema()).claims.rejects.len()
    }

    /// A page of the rejected rows.
    pub fn rejects(&mut self, offset: usize, limit: usize) -> String {
        self.reading.input(self.ruleset.schema()).claims.rejects_page_json(offset, limit)
    }

    /// Audits what was read: the report without its findings.
    pub fn audit(&mut self, options: &str, listener: Option<Listener>) -> Result<String, String> {
        let dates = self.ruleset.run_dates_json(options)?;
        let claims = &mut self.reading.close(self.ruleset.schema()).claims;
        claims.records.run = dates;
        self.report = None;
        let watch = listener.is_some().then(|| Watch(Arc::new(tell)));
        LISTENER.set(listener);
        let portion = Portion { only: None, watch };
        let report = self.ruleset.audit_portion(claims, &Options::default(), portion);
        LISTENER.set(None);
        let report = report.map_err(|error| jihe::wire::error_json(&error))?;
        let summary = report.summary_json();
        self.report = Some(report);
        Ok(summary)
    }

    /// A page of the findings of the last run.
    pub fn findings(&self, offset: usize, limit: usize) -> Result<String, String> {
        let report = self.report.as_ref().ok_or_else(|| {
            jihe::wire::usage_json("尚未稽核：先调用 audit", "nothing was audited yet: call audit first")
        })?;
        Ok(report.findings_page_json(offset, limit))
    }

    /// Records by key, as people read them.
    pub fn records(&mut self, kind: &str, keys: &str) -> Result<String, String> {
        let records = &self.reading.input(self.ruleset.schema()).claims.records;
        self.ruleset.records_json(records, kind, keys)
    }
}

/// The texts of the shipped rulebook: `{"files": {name: text}, "tables": {name: text}}`.
#[wasm_bindgen]
pub fn rulebook() -> String {
    let texts = |list: &[(&str, &str)]| -> serde_json::Map<String, serde_json::Value> {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).into())).collect()
    };
    serde_json::json!({
        "files": texts(jihe_rulebook::files()),
        "tables": texts(jihe_rulebook::tables()),
    })
    .to_string()
}
