//! Files laid out in other ways: which column of which file is which field of which kind.
//!
//! In: a description in TOML (`docs/input.md`). Out: [`Mapping`], which turns rows into records.
//! Invariant: a name that means nothing is an error that says what was probably meant; nothing is silently left out.

mod bind;
mod merge;
mod parse;
mod suggest;

pub(crate) use bind::{Bound, Value};
pub(crate) use merge::{Mention, Merged};
pub use suggest::{Sample, suggest};

use crate::error::Error;
use jihe::model::schema::{FieldId, KindId, Schema};
use std::collections::BTreeMap;

/// What files hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapping {
    pub(crate) records: Vec<RecordMap>,
    pub(crate) lookups: Vec<Lookup>,
    /// What is known of the tables of a layout, for the checks of an extract.
    pub(crate) tables: Vec<TableNote>,
}

/// One kind of record that the rows of a file give.
#[derive(Debug, Clone)]
pub(crate) struct RecordMap {
    /// Names the file may have, without endings.
    pub(crate) files: Vec<String>,
    pub(crate) kind: KindId,
    /// The field every row must have.
    pub(crate) key: Option<FieldId>,
    /// `{n}` in names and values stands for each of these numbers.
    pub(crate) repeat: Option<(u32, u32)>,
    /// Columns whose cells hold several values, and what sets them apart: one record a value.
    pub(crate) split: Vec<String>,
    pub(crate) separator: String,
    /// One record a key: rows that repeat a person or an institution are put together.
    pub(crate) one_per_key: bool,
    /// Fields without which there is no record.
    pub(crate) needs: Vec<FieldId>,
    /// Values a column must have, or must not have.
    pub(crate) only: Vec<(String, Vec<String>)>,
    pub(crate) except: Vec<(String, Vec<String>)>,
    /// Whether columns may be absent.
    pub(crate) optional: bool,
    pub(crate) fields: Vec<(FieldId, Source)>,
}

/// Where a field comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own in the description")]
pub(crate) struct Source {
    /// The first of these columns that has a value.
    pub(crate) columns: Vec<String>,
    /// Instead: these columns one after the other, joined by `with`; missing if the first is.
    pub(crate) join: Vec<String>,
    pub(crate) with: String,
    /// Instead: always this.
    pub(crate) value: Option<String>,
    /// Instead: the number of the value in its cell (or of the repetition), plus this.
    pub(crate) number: Option<i64>,
    /// Where there is no value: a digest of the whole row.
    pub(crate) digest: bool,
    /// Only what stands before the first separator.
    pub(crate) first: bool,
    /// What values mean; others stay as they are, or are `otherwise`.
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) otherwise: Option<String>,
    /// The value found under this one in another table.
    pub(crate) lookup: Option<String>,
    /// Whether a value not found in that table stays as it is.
    pub(crate) keep: bool,
    /// Multiplied by the number in this column.
    pub(crate) times: Option<String>,
    /// Without its sign.
    pub(crate) positive: bool,
    pub(crate) optional: bool,
}

/// A table that others look values up in.
#[derive(Debug, Clone)]
pub(crate) struct Lookup {
    pub(crate) name: String,
    pub(crate) files: Vec<String>,
    pub(crate) key: String,
    pub(crate) value: String,
}

/// What is known of a table of a layout.
#[derive(Debug, Clone, Default)]
pub(crate) struct TableNote {
    pub(crate) name: String,
    pub(crate) zh: String,
    /// Every column it may have.
    pub(crate) columns: Vec<String>,
    /// Columns that must be filled in every row.
    pub(crate) required: Vec<String>,
    /// Columns that must be there, but are empty in rows they do not concern.
    pub(crate) present: Vec<String>,
    /// Columns that must be filled in rows that are refunds.
    pub(crate) refunds: Vec<String>,
    /// The column that joins tables.
    pub(crate) id: Option<String>,
    /// The column of amounts.
    pub(crate) sum: Option<String>,
    /// The column of the settlement day.
    pub(crate) date: Option<String>,
    /// The column that marks refunds.
    pub(crate) refund: Option<String>,
    /// The table whose rows these are lines of.
    pub(crate) of: Option<String>,
    /// Whether every extract must have it.
    pub(crate) must: bool,
}

/// Values to look up, by the name of the lookup.
pub(crate) type Lookups = BTreeMap<String, BTreeMap<String, String>>;

impl RecordMap {
    /// The column, or columns, that hold the key.
    pub(crate) fn key_column(&self) -> String {
        let source = self.fields.iter().find(|(field, _)| Some(*field) == self.key).map(|(_, source)| source);
        let columns =
            source.map(|source| if source.join.is_empty() { &source.columns } else { &source.join });
        columns.map_or_else(String::new, |columns| columns.join("、"))
    }
}

impl Mapping {
    /// Reads a description; `name` is what messages call it.
    pub(crate) fn parse(schema: &Schema, name: &str, text: &str) -> Result<Self, Error> {
        parse::mapping(schema, name, text)
    }

    /// The national layout of 2024.
    pub(crate) fn feijian2024(schema: &Schema) -> Result<Self, Error> {
        Self::parse(schema, "feijian2024", include_str!("layouts/feijian2024.toml"))
    }

    /// This mapping first, another for the files it does not know.
    pub(crate) fn over(self, below: Mapping) -> Self {
        let known =
            |names: &[String]| names.iter().any(|name| self.find(std::slice::from_ref(name)).is_some());
        let records: Vec<RecordMap> =
            below.records.into_iter().filter(|record| !known(&record.files)).collect();
        let tables: Vec<TableNote> =
            below.tables.into_iter().filter(|table| !known(std::slice::from_ref(&table.name))).collect();
        let lookups: Vec<Lookup> = below
            .lookups
            .into_iter()
            .filter(|lookup| self.lookups.iter().all(|own| own.name != lookup.name))
            .collect();
        Self {
            records: self.records.into_iter().chain(records).collect(),
            lookups: self.lookups.into_iter().chain(lookups).collect(),
            tables: self.tables.into_iter().chain(tables).collect(),
        }
    }

    /// What a file of these names gives: its records, and the lookups it feeds. The first name that means something counts.
    pub(crate) fn find(&self, speaking: &[String]) -> Option<FileMap<'_>> {
        speaking.iter().find_map(|word| {
            let records: Vec<&RecordMap> =
                self.records.iter().filter(|record| answers(&record.files, word)).collect();
            let lookups: Vec<&Lookup> =
                self.lookups.iter().filter(|lookup| answers(&lookup.files, word)).collect();
            let table =
                self.tables.iter().find(|table| answers(&[table.name.clone(), table.zh.clone()], word));
            let known = !records.is_empty() || !lookups.is_empty() || table.is_some();
            known.then_some(FileMap { records, lookups, table })
        })
    }
}

/// What a file gives.
#[derive(Debug, Clone)]
pub(crate) struct FileMap<'m> {
    pub(crate) records: Vec<&'m RecordMap>,
    pub(crate) lookups: Vec<&'m Lookup>,
    pub(crate) table: Option<&'m TableNote>,
}

/// Whether a name is one of these: in either case, with `*` for anything, or numbered (`TABLE_202401`, `TABLE(2)`).
fn answers(names: &[String], word: &str) -> bool {
    let word = word.trim();
    names.iter().any(|name| {
        if name.contains('*') {
            return glob(name, word);
        }
        if name.eq_ignore_ascii_case(word) {
            return true;
        }
        let tail = word
            .get(name.len()..)
            .filter(|_| word.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name)));
        tail.is_some_and(|tail| {
            tail.starts_with(['_', '-', '.', '(', '（', ' '])
                && tail.chars().all(|letter| letter.is_ascii_digit() || "_-.()（） ".contains(letter))
        })
    })
}

fn glob(pattern: &str, word: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == word,
        Some((head, tail)) => word.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| rest.get(at..).is_some_and(|rest| glob(tail, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::answers;

    #[test]
    fn names_of_files() {
        let is = |name: &str, word: &str| answers(&[name.to_owned()], word);
        assert!(is("SETTLE_ZY", "settle_zy") && is("SETTLE_ZY", "SETTLE_ZY_202401") && is("门诊", "门诊(2)"));
        assert!(!is("SETTLE_ZY", "SETTLE_ZY_DETAIL") && !is("门诊", "门诊明细"));
        assert!(is("住院*明细", "住院2024明细") && !is("住院*明细", "住院2024"));
    }
}
