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
    let mut scratch = Vec::new();
    for finding in findings {
        let finding = finding?;
        let line = finding_line(finding.borrow());
        cells(&line, &mut scratch, &mut |_, cell| writer.write_field(cell).map_err(failed))?;
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer.flush().map_err(failed)
}

/// Gives the cells of a finding as text, in the order of [`COLUMNS`]; missing values are empty.
pub(super) fn cells(
    line: &FindingLine<'_>,
    scratch: &mut Vec<u8>,
    put: &mut dyn FnMut(usize, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let plain = [
        line.finding_id,
        line.rule_id,
        line.rule_name,
        line.rule_version,
        line.nature,
        line.subject_kind,
        line.subject_key,
        line.person.unwrap_or_default(),
        line.institution.unwrap_or_default(),
        line.practitioner.unwrap_or_default(),
        line.visit.unwrap_or_default(),
        line.service_date.as_deref().unwrap_or_default(),
        line.amount.as_deref().unwrap_or_default(),
        line.message,
        line.verify,
        &line.basis,
    ];
    for (at, cell) in plain.into_iter().enumerate() {
        put(at, cell)?;
    }
    put(plain.len(), json(&line.offending, scratch)?)?;
    put(plain.len().saturating_add(1), json(&line.involved, scratch)?)?;
    put(plain.len().saturating_add(2), json(&line.values, scratch)?)
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

fn json<'s, T: Serialize>(value: &T, scratch: &'s mut Vec<u8>) -> Result<&'s str, Error> {
    scratch.clear();
    serde_json::to_writer(&mut *scratch, value).map_err(failed)?;
    std::str::from_utf8(scratch).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::write(Path::new("findings.csv"), &error)
}
