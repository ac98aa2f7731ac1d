//! What became of each file.
//!
//! In: rows and columns as they were read, and the rejects. Out: [`FileRead`].
//! Invariant: rows = accepted + rejected; a row several of whose records were rejected counts once.

use crate::error::Error;
use jihe::Language;
use jihe::model::cell::CellError;
use jihe::model::ingest::{KindCounts, Reject};
use jihe::model::schema::{KindId, Schema};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The account of a file (or of a sheet of a workbook: `book.xlsx#sheet`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// English name of the record kind it holds, several joined by `+`; none if it is not known.
    pub kind: Option<String>,
    /// Its name.
    pub file: String,
    /// Data rows it holds.
    pub rows: u64,
    /// Rows of which every record was taken.
    pub accepted: u64,
    /// Rows of which a record was rejected; the rejects say why.
    pub rejected: u64,
    /// SHA-256 of its bytes as they are on disk, hex.
    pub hash: String,
    /// Its columns, in order.
    pub columns: Vec<ColumnRead>,
    /// What is wrong with the file as a whole, if anything. With rows = 0 nothing of it was taken.
    pub problem: Option<String>,
    /// The same in English.
    pub problem_en: Option<String>,
}

/// A column of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnRead {
    /// Its name in the file.
    pub header: String,
    /// English name of the field it holds; none for a column that is left out.
    pub field: Option<String>,
}

/// What became of the rows of a kind: read = kept + rejected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KindRead {
    /// English name.
    pub kind: String,
    /// Rows read, or records that a mapping made of rows.
    pub read: u64,
    /// Those that are audited.
    pub kept: u64,
    /// Those that are not: one line each in `rejects.csv`.
    pub rejected: u64,
    /// Those kept although they repeat another in full.
    pub repeated: u64,
}

/// Counts under the names of their kinds, in the order of the schema.
pub(crate) fn kinds_read(schema: &Schema, counts: &BTreeMap<KindId, KindCounts>) -> Vec<KindRead> {
    let named = counts.iter().filter_map(|(kind, counts)| Some((schema.kind(*kind)?, *counts)));
    named
        .map(|(kind, KindCounts { read, kept, rejected, repeated })| KindRead {
            kind: kind.en.clone(),
            read,
            kept,
            rejected,
            repeated,
        })
        .collect()
}

impl FileRead {
    /// A file of which nothing was taken.
    pub(crate) fn refused(file: &str, error: &Error) -> Self {
        let mut read = Self { file: file.to_owned(), ..Self::default() };
        read.tell(error.message(Language::Chinese), error.message(Language::English));
        read
    }

    /// Adds to what is wrong.
    pub(crate) fn tell(&mut self, zh: &str, en: &str) {
        let add = |slot: &mut Option<String>, text: &str, between: &str| {
            *slot = Some(match slot.take() {
                Some(before) => format!("{before}{between}{text}"),
                None => text.to_owned(),
            });
        };
        add(&mut self.problem, zh, "；");
        add(&mut self.problem_en, en, "; ");
    }
}

/// Fills in what was accepted and rejected, once all rejects are known.
pub(crate) fn settle(files: &mut [FileRead], rejects: &[Reject]) {
    let unread = CellError::NotText.text();
    let mut lines: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    let mut mixed: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for reject in rejects {
        lines.entry(&reject.file).or_default().insert(reject.line);
        if reject.reason == unread {
            mixed.entry(&reject.file).or_default().insert(reject.line);
        }
    }
    for file in files {
        let rejected = lines.get(file.file.as_str()).map_or(0, BTreeSet::len);
        file.rejected = u64::try_from(rejected).unwrap_or(u64::MAX).min(file.rows);
        file.accepted = file.rows.saturating_sub(file.rejected);
        let Some(lines) = mixed.get(file.file.as_str()) else { continue };
        let (count, first) = (lines.len(), lines.first().copied().unwrap_or(0));
        file.tell(
            &format!("编码混用或字节损坏：自第 {first} 行起 {count} 行与文件开头的编码不符，已拒收"),
            &format!("mixed encodings or damaged bytes: from line {first} on, {count} line(s) are not in the encoding the file begins with and were rejected"),
        );
    }
}
