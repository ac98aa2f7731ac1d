//! Columns of files under names of the caller's own.
//!
//! In: what [`super::ReadOptions`] says, and the columns of each file. Out: columns by the names of fields, and which
//! renames no file had a use for.
//! Invariant: a rename that nothing came of is told, with the file and the names that are there.

use super::RenameColumn;
use super::batch::Batch;
use super::portion::Rows;
use crate::error::Error;
use jihe::model::ingest::{RenamePair, Text, rename, rename_misfit};
use jihe::model::schema::{Kind, KindId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// What became of every rename so far, by its place in the options.
#[derive(Debug, Clone, Default)]
pub(super) struct RenamesTold {
    used: BTreeSet<usize>,
    /// Why it did not fit the first file it was meant for.
    misfits: BTreeMap<usize, (KindId, Text)>,
}

/// The renames meant for files of one kind.
pub(super) struct KindRenames<'s> {
    kind: Option<(KindId, &'s Kind)>,
    pub(super) pairs: Vec<RenamePair>,
    places: Vec<usize>,
    used: BTreeSet<usize>,
    columns: Vec<String>,
}

impl<'s> KindRenames<'s> {
    /// Those meant for a kind; none for files that a mapping lays out.
    pub(super) fn of(schema: &'s Schema, kind: Option<KindId>, all: &[RenameColumn]) -> Self {
        let declared = kind.and_then(|id| Some((id, schema.kind(id)?)));
        let meant = |rename: &RenameColumn| match &rename.kind {
            None => true,
            Some(name) => schema.find_kind(name).is_some_and(|id| Some(id) == kind),
        };
        let chosen = all.iter().enumerate().filter(|(_, one)| declared.is_some() && meant(one));
        let (places, pairs) = chosen.map(|(at, one)| (at, (one.column.clone(), one.field.clone()))).unzip();
        Self { kind: declared, pairs, places, used: BTreeSet::new(), columns: Vec::new() }
    }

    /// The columns by the names of fields.
    pub(super) fn apply(&mut self, columns: &[String]) -> Option<Vec<String>> {
        let (_, kind) = self.kind.filter(|_| !self.pairs.is_empty())?;
        let renamed = rename(kind, columns, &self.pairs);
        self.used.extend(renamed.fitting.iter().filter_map(|at| self.places.get(*at)));
        self.columns = columns.to_vec();
        Some(renamed.columns)
    }

    /// Says what fitted a file and what did not.
    pub(super) fn tell(self, file: &str, told: &mut RenamesTold) {
        let Some((id, kind)) = self.kind else { return };
        for (place, (column, field)) in self.places.iter().zip(&self.pairs) {
            if !self.used.contains(place) {
                let why = || (id, rename_misfit(kind, file, &self.columns, (column, field)));
                told.misfits.entry(*place).or_insert_with(why);
            }
        }
        told.used.extend(self.used);
    }
}

impl RenamesTold {
    /// The renames that no file had a use for, and why.
    pub(super) fn idle(&self, all: &[RenameColumn]) -> Vec<(usize, Text)> {
        let idle = all.iter().enumerate().filter(|(at, _)| !self.used.contains(at));
        let kinds: BTreeSet<KindId> = self.misfits.values().map(|(kind, _)| *kind).collect();
        idle.map(|(at, one)| {
            let known = self.misfits.get(&at).filter(|_| one.kind.is_some() || kinds.len() == 1);
            (at, known.map_or_else(|| nowhere(one), |(_, text)| text.clone()))
        })
        .collect()
    }
}

fn nowhere(rename: &RenameColumn) -> Text {
    let RenameColumn { kind, column, field } = rename;
    match kind {
        Some(kind) => {
            Text::new(format!("rename：没有“{kind}”的文件"), format!("rename: there is no file of `{kind}`"))
        }
        None => Text::new(
            format!("rename：没有哪个文件有列“{column}”且该种记录有字段“{field}”"),
            format!("rename: no file has a column `{column}` and a field `{field}`"),
        ),
    }
}

/// Rows whose columns are renamed on the way.
pub(super) struct RenamedRows<'r, 's> {
    pub(super) rows: &'r mut dyn Rows,
    pub(super) renames: &'r mut KindRenames<'s>,
}

impl Rows for RenamedRows<'_, '_> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        let more = self.rows.fill(batch)?;
        if let Some(columns) = self.renames.apply(&batch.columns) {
            batch.columns = columns.into();
        }
        Ok(more)
    }
}
