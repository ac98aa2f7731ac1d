//! Findings, coverage and rejects as record batches.
//!
//! In: results of the library. Out: one batch each, with the columns of the contract in their order.
//! Invariant: amounts are Decimal128(18, 4), days Date32, counts Int64; lists and objects are JSON text; missing is null.

use crate::error::Error;
use arrow_array::{ArrayRef, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, Field, Schema};
use jihe::model::decimal::parse;
use jihe::model::finding::Finding;
use jihe::model::ingest::Reject;
use jihe::wire::{FindingLine, finding_line};
use jihe::{Manifest, RuleLine, RuleStatus};
use std::sync::Arc;

/// A column of the batch: name and values.
type NamedArray = (&'static str, ArrayRef);

/// Findings, a row each.
///
/// # Errors
/// More text than a column of a batch can hold (2 GiB).
pub fn findings_batch(findings: &[Finding]) -> Result<RecordBatch, Error> {
    let lines: Vec<FindingLine<'_>> = findings.iter().map(finding_line).collect();
    let day = |finding: &Finding| finding.service_date.and_then(|day| i32::try_from(day).ok());
    let days: Date32Array = findings.iter().map(day).collect();
    batch(vec![
        known("finding_id", lines.iter().map(|line| line.finding_id)),
        known("rule_id", lines.iter().map(|line| line.rule_id)),
        known("rule_name", lines.iter().map(|line| line.rule_name)),
        known("rule_version", lines.iter().map(|line| line.rule_version)),
        known("nature", lines.iter().map(|line| line.nature)),
        known("subject_kind", lines.iter().map(|line| line.subject_kind)),
        known("subject_key", lines.iter().map(|line| line.subject_key)),
        texts("person", lines.iter().map(|line| line.person)),
        texts("institution", lines.iter().map(|line| line.institution)),
        texts("practitioner", lines.iter().map(|line| line.practitioner)),
        texts("visit", lines.iter().map(|line| line.visit)),
        ("service_date", Arc::new(days)),
        amounts("amount", findings.iter().map(|finding| finding.amount.map(i128::from)))?,
        known("message", lines.iter().map(|line| line.message)),
        known("verify", lines.iter().map(|line| line.verify)),
        known("basis", lines.iter().map(|line| &line.basis)),
        known("offending", lines.iter().map(|line| json(&line.offending))),
        known("involved", lines.iter().map(|line| json(&line.involved))),
        known("values", lines.iter().map(|line| json(&line.values))),
    ])
}

/// The rules of a manifest, a row each.
///
/// # Errors
/// More text than a column of a batch can hold (2 GiB).
pub fn coverage_batch(manifest: &Manifest) -> Result<RecordBatch, Error> {
    let lines = &manifest.rules;
    let counts = |name, count: fn(&RuleLine) -> u64| -> NamedArray {
        let counts: Int64Array =
            lines.iter().map(|line| Some(i64::try_from(count(line)).unwrap_or(i64::MAX))).collect();
        (name, Arc::new(counts))
    };
    let status = |line: &RuleLine| match line.status {
        RuleStatus::Ran => "ran",
        RuleStatus::Skipped => "skipped",
    };
    let amount = |line: &RuleLine| parse(&line.amount, 4).ok().map(i128::from);
    batch(vec![
        known("rule_id", lines.iter().map(|line| &line.rule_id)),
        known("rule_name", lines.iter().map(|line| &line.rule_name)),
        known("rule_version", lines.iter().map(|line| &line.rule_version)),
        known("scope", lines.iter().map(|line| line.scope)),
        known("status", lines.iter().map(status)),
        texts("reason", lines.iter().map(|line| line.reason.as_deref())),
        counts("seen", |line| line.seen),
        counts("not_applicable", |line| line.not_applicable),
        counts("pass", |line| line.pass),
        counts("hit", |line| line.hit),
        counts("exempt", |line| line.exempt),
        counts("undecided", |line| line.undecided),
        known("undecided_by_cause", lines.iter().map(|line| json(&line.undecided_by_cause))),
        known("exempt_by_reason", lines.iter().map(|line| json(&line.exempt_by_reason))),
        amounts("amount", lines.iter().map(amount))?,
        counts("amount_undecided", |line| line.amount_undecided),
        counts("amount_cut", |line| line.amount_cut),
    ])
}

/// Rejected rows.
///
/// # Errors
/// More text than a column of a batch can hold (2 GiB).
pub fn rejects_batch(rejects: &[Reject]) -> Result<RecordBatch, Error> {
    let line = |reject: &Reject| Some(i64::try_from(reject.line).unwrap_or(i64::MAX));
    let lines: Int64Array = rejects.iter().map(line).collect();
    batch(vec![
        known("kind", rejects.iter().map(|reject| &reject.kind)),
        known("file", rejects.iter().map(|reject| &reject.file)),
        ("line", Arc::new(lines)),
        texts("column", rejects.iter().map(|reject| reject.column.as_deref())),
        known("value", rejects.iter().map(|reject| &reject.value)),
        known("reason", rejects.iter().map(|reject| &reject.reason.zh)),
        known("reason_en", rejects.iter().map(|reject| &reject.reason.en)),
    ])
}

fn known<T: AsRef<str>>(name: &'static str, cells: impl Iterator<Item = T>) -> NamedArray {
    (name, Arc::new(StringArray::from_iter_values(cells)))
}

fn texts<'a>(name: &'static str, cells: impl Iterator<Item = Option<&'a str>>) -> NamedArray {
    (name, Arc::new(cells.collect::<StringArray>()))
}

fn amounts(name: &'static str, amounts: impl Iterator<Item = Option<i128>>) -> Result<NamedArray, Error> {
    let amounts: Decimal128Array = amounts.collect();
    Ok((name, Arc::new(amounts.with_precision_and_scale(18, 4).map_err(|error| failed(&error))?)))
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn batch(columns: Vec<NamedArray>) -> Result<RecordBatch, Error> {
    let field = |(name, array): &NamedArray| Field::new(*name, array.data_type().clone(), true);
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<Field>>());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(schema), arrays).map_err(|error| failed(&error))
}

fn failed(error: &ArrowError) -> Error {
    Error::claims(format!("写不成 Arrow：{error}"), format!("cannot be written as Arrow: {error}"))
}
