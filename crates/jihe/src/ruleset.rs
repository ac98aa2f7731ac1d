//! A compiled ruleset.
//!
//! In: typed rules. Out: [`Ruleset`], which audits, tests and explains.
//! Invariant: the hash names the texts it was compiled from; equal texts give equal hashes.

use crate::audit::{Claims, Options, Report};
use crate::error::Error;
use crate::files::RuleFiles;
use crate::requirements::Requirements;
use crate::run_tests::{TestReport, run_tests};
use crate::session::Session;
use jihe_check::typed::TypedRules;
use jihe_diagnostics::{Diagnostic, Sources};
use sha2::{Digest, Sha256};
use std::sync::{Arc, OnceLock};

/// Rules, ready to run. A clone is another handle on the same rules.
#[derive(Debug, Clone)]
pub struct Ruleset(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    typed: TypedRules,
    plan: jihe_engine::Plan,
    /// Made when the first session opens.
    prepared: OnceLock<jihe_engine::Prepared>,
    warnings: Vec<Diagnostic>,
    sources: Sources,
    hash: String,
}

impl Ruleset {
    pub(crate) fn new(
        typed: TypedRules,
        warnings: Vec<Diagnostic>,
        sources: Sources,
        files: &RuleFiles,
    ) -> Self {
        let plan = jihe_engine::plan(&typed);
        Self(Arc::new(Compiled {
            typed,
            plan,
            prepared: OnceLock::new(),
            warnings,
            sources,
            hash: hash_files(files),
        }))
    }

    pub(crate) fn plan(&self) -> &jihe_engine::Plan {
        &self.0.plan
    }

    /// What the engine needs for a session.
    pub(crate) fn engine(&self) -> jihe_engine::Engine<'_> {
        let held = &self.0;
        let prepared = held.prepared.get_or_init(|| jihe_engine::prepare(&held.typed, &held.plan));
        (&held.typed, &held.plan, prepared)
    }

    /// The typed rules.
    pub fn typed(&self) -> &TypedRules {
        &self.0.typed
    }

    /// The record kinds and code systems these rules know, extensions included.
    pub fn schema(&self) -> &jihe_model::schema::Schema {
        &self.0.typed.schema
    }

    /// What compilation had to say without refusing.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.0.warnings
    }

    /// The texts the warnings point into.
    pub fn sources(&self) -> &Sources {
        &self.0.sources
    }

    /// SHA-256 over names and texts of rule, table and override files, hex.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    /// Reads claims from JSON: one object with an array a record kind (contract 15).
    ///
    /// # Errors
    /// Kind `Claims` if the text is not such an object or names an unknown kind or field.
    pub fn claims_from_json(&self, text: &str) -> Result<Claims, Error> {
        Claims::from_json(&self.0.typed.schema, text)
    }

    /// Runs every rule over the claims.
    pub fn audit(&self, claims: &Claims, options: &Options) -> Report {
        crate::audit::audit(self, claims, options)
    }

    /// Runs some of the rules, or tells how far it is, or both.
    ///
    /// ```
    /// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
    ///     规则包 "示例" 版本 "1"
    ///     规则 甲 { 编号 "X1" 针对 就诊 当 已知(参保人) 性质 可疑 说明 "甲" }
    ///     规则 乙 { 编号 "X2" 针对 就诊 当 已知(参保人) 性质 可疑 说明 "乙" }
    /// "#);
    /// let rules = jihe::compile(&files).unwrap();
    /// let claims = rules.claims_from_json(r#"{ "visit": [{ "mdtrt_id": "V1", "psn_no": "P1" }] }"#).unwrap();
    /// let only = |id: &str| jihe::Portion { only: Some(vec![id.to_owned()]), watch: None };
    /// let report = rules.audit_portion(&claims, &jihe::Options::default(), only("X2")).unwrap();
    /// assert_eq!(report.findings().len(), 1);
    /// assert_eq!(report.manifest().rules[0].reason.as_deref(), Some("not_chosen"));
    /// assert!(rules.audit_portion(&claims, &jihe::Options::default(), only("X3")).is_err());
    /// ```
    ///
    /// # Errors
    /// Kind `Usage` if no rule has one of the ids.
    pub fn audit_portion(
        &self,
        claims: &Claims,
        options: &Options,
        portion: crate::Portion,
    ) -> Result<Report, Error> {
        crate::audit::audit_portion(self, claims, options, portion)
    }

    /// Rule ids with `person` or `population`: only the former run in a [`Session`].
    pub fn scopes(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.typed.rules.iter().map(|rule| (rule.id.as_str(), crate::manifest::scope_name(rule.scope)))
    }

    /// What a host must fetch for these rules: kinds, fields, how far back.
    ///
    /// ```
    /// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
    ///     规则包 "示例" 版本 "1"
    ///     规则 月内多次 { 编号 "X3" 针对 就诊 设 近期 = 就诊 同一(参保人) 最近 30 天 当 计数(近期) > 9 性质 可疑 涉及 近期 说明 "{计数(近期)}次" }
    /// "#);
    /// let wanted = jihe::compile(&files).unwrap().requirements();
    /// assert_eq!(wanted.kinds["visit"].look_back, jihe::Reach::Days(30));
    /// assert!(wanted.kinds["visit"].fields.contains("person"));
    /// ```
    pub fn requirements(&self) -> Requirements {
        crate::requirements::requirements(&self.0.typed)
    }

    /// What a reading must hold for these rules to find what they find in everything: kinds, fields, which keys are
    /// compared.
    ///
    /// ```
    /// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
    ///     规则包 "示例" 版本 "1"
    ///     规则 大额 { 编号 "X1" 针对 明细 当 金额 > 100 元 性质 可疑 说明 "大额" }
    /// "#);
    /// let ruleset = jihe::compile(&files).unwrap();
    /// let kind = |name: &str| ruleset.schema().find_kind(name).unwrap();
    /// let needs = ruleset.needs();
    /// assert!(needs.of(kind("item")).unwrap().keys_shown);
    /// assert!(needs.of(kind("diagnosis")).is_none() && needs.of(kind("settlement")).is_none());
    /// ```
    pub fn needs(&self) -> jihe_model::ingest::Needs {
        crate::needs::needs(&self.0.typed)
    }

    /// How records and rules fall into parts that may run by themselves.
    pub fn layout(&self) -> crate::parts::Layout {
        crate::parts::layout(self)
    }

    /// The dates a run over these records goes by, kind by kind: what its parts have to be told so that they mean what the
    /// whole means.
    pub fn run_dates(&self, records: &jihe_model::records::Records) -> jihe_model::records::RunDates {
        jihe_engine::dates_by_kind(&self.0.typed, records)
    }

    /// Opens a session over one person's history (sentence 42, contract 22).
    pub fn session(&self, history: Claims) -> Session {
        Session::open(self, history)
    }

    /// Runs the test blocks of the rules.
    pub fn test(&self) -> TestReport {
        run_tests(&self.0.typed)
    }

    /// The plan in words: scope, cost class and shared steps of every rule.
    pub fn explain(&self) -> String {
        jihe_engine::explain(&self.0.typed, &self.0.plan)
    }
}

fn hash_files(files: &RuleFiles) -> String {
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    let mut rules: Vec<_> = files.rules.iter().collect();
    rules.sort();
    for (name, text) in rules.into_iter().chain(files.params.as_ref()) {
        add(name);
        add(text);
    }
    for (name, text) in &files.tables {
        add(name);
        add(text);
    }
    format!("{:x}", hasher.finalize())
}
