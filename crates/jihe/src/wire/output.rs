//! Findings and reports as JSON.
//!
//! In: results of a run. Out: JSON text with the keys of `docs/contract.md`.
//! Invariant: amounts are decimal texts with four digits, missing is null, non-ASCII stays as it is.

use super::faults::{RejectLine, reject_line};
use crate::audit::Report;
use crate::manifest::Manifest;
use crate::money::exact;
use crate::run_tests::en_nature;
use jihe_model::calendar::format_day;
use jihe_model::finding::{Evidence, Finding};
use jihe_model::ingest::Reject;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::json;
use std::sync::Arc;

/// A lead (疑点) with its evidence.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Finding"))]
pub struct FindingLine<'a> {
    /// 32 hex digits; the same finding has the same id in every run.
    pub finding_id: &'a str,
    /// 编号
    pub rule_id: &'a str,
    /// 名称
    pub rule_name: &'a str,
    /// Package version.
    pub rule_version: &'a str,
    /// 性质
    #[cfg_attr(test, ts(type = "Nature"))]
    pub nature: &'static str,
    /// English kind or summary name.
    pub subject_kind: &'a str,
    /// Key of the record or group it is about.
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
    #[cfg_attr(test, ts(type = "Record<string, string | null>"))]
    pub values: ValueMap<'a>,
}

/// An offending record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Evidence"))]
pub struct OffendingLine<'a> {
    /// English kind or summary name.
    kind: &'a str,
    /// Its key.
    key: &'a str,
    /// The part of the amount on it, four digits; null where none is.
    amount: Option<String>,
}

/// An involved record.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Involved"))]
pub struct InvolvedLine<'a> {
    /// English kind or summary name.
    kind: &'a str,
    /// Its key.
    key: &'a str,
}

/// Values by name, in rule order (a JSON object).
#[derive(Debug, Clone)]
pub struct ValueMap<'a>(&'a [(Arc<str>, Option<String>)]);

impl Serialize for ValueMap<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(&**name, value)?;
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

/// A whole report: `{"version", "findings", "coverage", "rejects"}`.
pub fn report_json(report: &Report, rejects: &[Reject]) -> String {
    text(&ReportLine {
        version: 1,
        findings: report.findings().iter().map(finding_line).collect(),
        coverage: report.manifest(),
        rejects: rejects.iter().map(reject_line).collect(),
    })
}

/// A whole report.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Report"))]
pub struct ReportLine<'a> {
    /// Version of this format: 1.
    version: u32,
    /// By rule id, then subject key.
    findings: Vec<FindingLine<'a>>,
    /// What the run looked at.
    coverage: &'a Manifest,
    /// Rows that could not be read.
    rejects: Vec<RejectLine<'a>>,
}

pub(super) fn text<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value)
        .unwrap_or_else(|error| json!({ "kind": "usage", "message": error.to_string() }).to_string())
}
