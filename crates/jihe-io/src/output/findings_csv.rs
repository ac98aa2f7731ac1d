//! Findings and rejects as CSV (contract 9).
//!
//! In: findings, one after the other; rejects. Out: bytes: UTF-8, LF, RFC 4180, an empty cell for a missing value.
//! Invariant: the columns are those of [`COLUMNS`], in every run.

use crate::error::Error;
use jihe::model::finding::Finding;
use jihe::model::ingest::Reject;
use jihe::wire::{FindingLine, finding_line};
use serde::Serialize;
use std::borrow::Borrow;
use std::io::Write;
use std::path::Path;

/// The columns of the findings, in order, in every format.
pub(super) const COLUMNS: [&str; 19] = [
    "finding_id",
    "rule_id",
    "rule_name",
    "rule_version",
    "nature",
    "subject_kind",
    "subject_key",
    "person",
    "institution",
    "practitioner",
    "visit",
    "service_date",
    "amount",
    "message",
    "verify",
    "basis",
    "offending",
    "involved",
    "values",
];

/// Writes findings as CSV.
pub(super) fn write<F: Borrow<Finding>>(
    findings: impl Iterator<Item = Result<F, Error>>,
    bom: bool,
    out: &mut dyn Write,
) -> Result<(), Error> {
    if bom {
        out.write_all("\u{feff}".as_bytes()).map_err(failed)?;
    }
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS).map_err(failed)?;
    for finding in findings {
        writer.write_record(cells(&finding_line(finding?.borrow()))?).map_err(failed)?;
    }
    writer.flush().map_err(failed)
}

/// The cells of a finding as text, in the order of [`COLUMNS`].
pub(super) fn cells(line: &FindingLine<'_>) -> Result<[String; 19], Error> {
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    Ok([
        line.finding_id.to_owned(),
        line.rule_id.to_owned(),
        line.rule_name.to_owned(),
        line.rule_version.to_owned(),
        line.nature.to_owned(),
        line.subject_kind.to_owned(),
        line.subject_key.to_owned(),
        text(line.person),
        text(line.institution),
        text(line.practitioner),
        text(line.visit),
        text(line.service_date.as_deref()),
        text(line.amount.as_deref()),
        line.message.to_owned(),
        line.verify.to_owned(),
        line.basis.clone(),
        json(&line.offending)?,
        json(&line.involved)?,
        json(&line.values)?,
    ])
}

/// The rejected rows as CSV.
pub(super) fn rejects(rejects: &[Reject]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["kind", "file", "line", "column", "value", "reason", "reason_en"];
    writer.write_record(header).map_err(failed)?;
    for reject in rejects {
        let line = reject.line.to_string();
        let column = reject.column.as_deref().unwrap_or_default();
        let (kind, file, reason) = (reject.kind.as_str(), reject.file.as_str(), &reject.reason);
        let row = [kind, file, line.as_str(), column, reject.value.as_str(), &reason.zh, &reason.en];
        writer.write_record(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| failed(error.error()))
}

fn json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::write(Path::new("findings.csv"), &error)
}
