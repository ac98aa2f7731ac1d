//! Findings, coverage, diagnostics and test results as JSON.
//!
//! In: results of the library. Out: JSON text with the keys of `docs/contract.md`.
//! Invariant: amounts are decimal texts with four digits, missing is null, non-ASCII stays as it is.

use crate::audit::Report;
use crate::error::Error;
use crate::money::exact;
use crate::ruleset::Ruleset;
use crate::run_tests::en_nature;
use jihe_diagnostics::{Diagnostic, Sources, Span};
use jihe_model::calendar::format_day;
use jihe_model::finding::{Evidence, Finding};
use jihe_model::ingest::Reject;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

/// A finding with the columns of the contract, in their order.
#[derive(Debug, Clone, Serialize)]
pub struct FindingLine<'a> {
    /// First 32 hex digits of the hash of contract 6.
    pub finding_id: &'a str,
    /// 编号
    pub rule_id: &'a str,
    /// 名称
    pub rule_name: &'a str,
    /// Package version.
    pub rule_version: &'a str,
    /// `violation`, `likely`, `suspicious`, `data_quality`.
    pub nature: &'static str,
    /// English kind or summary name.
    pub subject_kind: &'a str,
    /// Contract 2.
    pub subject_key: &'a str,
    /// Person key, if all evidence shares one.
    pub person: Option<&'a str>,
    /// Institution key, likewise.
    pub institution: Option<&'a str>,
    /// Practitioner key, likewise.
    pub practitioner: Option<&'a str>,
    /// Visit key, likewise.
    pub visit: Option<&'a str>,
    /// `2024-03-01`
    pub service_date: Option<String>,
    /// `4.0000`
    pub amount: Option<String>,
    /// 说明
    pub message: &'a str,
    /// 核查
    pub verify: &'a str,
    /// 依据, joined by `；`
    pub basis: String,
    /// Offending records with amounts.
    pub offending: Vec<OffendingLine<'a>>,
    /// Records merely involved.
    pub involved: Vec<InvolvedLine<'a>>,
    /// 设 and 列示 values in rule order.
    pub values: ValueMap<'a>,
}

/// An offending record.
#[derive(Debug, Clone, Serialize)]
pub struct OffendingLine<'a> {
    kind: &'a str,
    key: &'a str,
    amount: Option<String>,
}

/// An involved record.
#[derive(Debug, Clone, Serialize)]
pub struct InvolvedLine<'a> {
    kind: &'a str,
    key: &'a str,
}

/// Values by name, in rule order (a JSON object).
#[derive(Debug, Clone)]
pub struct ValueMap<'a>(&'a [(String, Option<String>)]);

impl Serialize for ValueMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A finding in the shape of the contract.
pub fn finding_line(finding: &Finding) -> FindingLine<'_> {
    FindingLine {
        finding_id: &finding.finding_id,
        rule_id: &finding.rule_id,
        rule_name: &finding.rule_name,
        rule_version: &finding.rule_version,
        nature: en_nature(finding.nature),
        subject_kind: &finding.subject_kind,
        subject_key: &finding.subject_key,
        person: finding.person.as_deref(),
        institution: finding.institution.as_deref(),
        practitioner: finding.practitioner.as_deref(),
        visit: finding.visit.as_deref(),
        service_date: finding.service_date.map(format_day),
        amount: finding.amount.map(money),
        message: &finding.message,
        verify: &finding.verify,
        basis: finding.basis.join("；"),
        offending: finding.offending.iter().map(offending_line).collect(),
        involved: finding
            .involved
            .iter()
            .map(|line| InvolvedLine { kind: &line.kind, key: &line.key })
            .collect(),
        values: ValueMap(&finding.values),
    }
}

fn offending_line(line: &Evidence) -> OffendingLine<'_> {
    OffendingLine { kind: &line.kind, key: &line.key, amount: line.amount.map(money) }
}

fn money(amount: i64) -> String {
    exact(i128::from(amount))
}

/// Findings as contract 9 wants them: one array, a finding a line.
pub fn findings_json<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let lines: Vec<String> = findings.into_iter().map(|finding| text(&finding_line(finding))).collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

/// A row that could not be read.
#[derive(Debug, Clone, Serialize)]
pub struct RejectLine<'a> {
    /// English kind.
    kind: &'a str,
    /// The file, empty for claims given as JSON.
    file: &'a str,
    /// Its line or row.
    line: u64,
    /// The column at fault; null when it is the whole row.
    column: Option<&'a str>,
    /// What stood there.
    value: &'a str,
    /// Why it cannot be taken, Chinese.
    reason: &'a str,
    /// Why, English.
    reason_en: &'a str,
}

pub(super) fn reject_line(reject: &Reject) -> RejectLine<'_> {
    RejectLine {
        kind: &reject.kind,
        file: &reject.file,
        line: reject.line,
        column: reject.column.as_deref(),
        value: &reject.value,
        reason: &reject.reason.zh,
        reason_en: &reject.reason.en,
    }
}

/// A whole report: `{"version", "findings", "coverage", "rejects"}`.
pub fn report_json(report: &Report, rejects: &[RejectLine<'_>]) -> String {
    let findings: Vec<FindingLine<'_>> = report.findings().iter().map(finding_line).collect();
    text(&json!({ "version": 1, "findings": findings, "coverage": report.manifest(), "rejects": rejects }))
}

pub(super) fn tests_json(ruleset: &Ruleset) -> String {
    let report = ruleset.test();
    let failures: Vec<Value> = report
        .failures
        .iter()
        .map(|failure| {
            let place = place(failure.span, ruleset.sources());
            json!({ "test": failure.test, "message": failure.zh, "message_en": failure.en, "place": place })
        })
        .collect();
    json!({ "tests": report.tests, "expectations": report.expectations, "failures": failures }).to_string()
}

pub(super) fn diagnostics_value(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let one = |diagnostic: &Diagnostic| {
        let labels: Vec<Value> = diagnostic
            .labels
            .iter()
            .map(|label| json!({ "place": place(label.span, sources), "text": label.text.zh, "text_en": label.text.en }))
            .collect();
        json!({
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.message.zh,
            "message_en": diagnostic.message.en,
            "labels": labels,
            "help": diagnostic.help.as_ref().map(|help| &help.zh),
            "help_en": diagnostic.help.as_ref().map(|help| &help.en),
            "fix": diagnostic.fix.as_ref().map(|fix| json!({ "place": place(fix.span, sources), "replacement": fix.replacement })),
        })
    };
    Value::Array(diagnostics.iter().map(one).collect())
}

/// File, byte range, and line and column of its start (UTF-16 columns beside, for editors).
fn place(span: Span, sources: &Sources) -> Value {
    let start = sources.place(span.file, span.start);
    let end = sources.place(span.file, span.end);
    json!({
        "file": sources.get(span.file).map(|source| source.name.as_str()),
        "start": span.start, "end": span.end,
        "line": start.line, "column": start.column, "utf16": start.utf16,
        "end_line": end.line, "end_utf16": end.utf16,
    })
}

pub(super) fn error_json(error: &Error) -> String {
    json!({
        "kind": error.kind().as_str(),
        "code": error.code(),
        "message": error.message(jihe_diagnostics::Language::Chinese),
        "message_en": error.message(jihe_diagnostics::Language::English),
        "diagnostics": diagnostics_value(error.diagnostics(), error.sources()),
    })
    .to_string()
}

pub(super) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value)
        .unwrap_or_else(|error| json!({ "kind": "usage", "message": error.to_string() }).to_string())
}
