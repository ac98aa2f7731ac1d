//! Records under construction in several hands: parts read apart, or a reading that pauses.
//!
//! In: [`RecordsBuilder`]s over one schema. Out: one builder, or a [`Draft`] that borrows nothing.
//! Invariant: appending the parts of an input in any grouping gives what one builder would have read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::TableBuilder;
use super::{KindCounts, RecordsBuilder, Reject};
use crate::schema::{KindId, Schema};
use crate::types::Type;
use crate::value::Symbols;

/// A reading set aside: it borrows no schema and can be taken up again.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    symbols: Symbols,
    tables: BTreeMap<KindId, TableBuilder>,
    files: Vec<String>,
    rejects: Vec<Reject>,
    counts: BTreeMap<KindId, KindCounts>,
}

impl Draft {
    /// Takes the reading up again, over the schema it was begun with.
    pub fn resume(self, schema: &Schema) -> RecordsBuilder<'_> {
        let Draft { symbols, tables, files, rejects, counts } = self;
        RecordsBuilder { symbols, tables, files, rejects, counts, ..RecordsBuilder::new(schema) }
    }
}

impl<'s> RecordsBuilder<'s> {
    /// An empty builder over the same schema, for rows read apart.
    #[must_use]
    pub fn part(&self) -> RecordsBuilder<'s> {
        RecordsBuilder {
            schema: self.schema,
            symbols: Symbols::new(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            rejects: Vec::new(),
            counts: BTreeMap::new(),
            names: Arc::clone(&self.names),
            row: Vec::new(),
            key: String::new(),
            recent: Vec::new(),
        }
    }

    /// Sets the reading aside.
    pub fn pause(self) -> Draft {
        Draft {
            symbols: self.symbols,
            tables: self.tables,
            files: self.files,
            rejects: self.rejects,
            counts: self.counts,
        }
    }

    /// The rows rejected so far; contradicting keys are found out at the end.
    pub fn rejects(&self) -> &[Reject] {
        &self.rejects
    }

    /// Takes over what another builder of the same schema has read.
    ///
    /// ```
    /// use jihe_model::ingest::{Cell, RecordsBuilder};
    /// let schema = jihe_model::kinds::base_schema();
    /// let visit = schema.find_kind("visit").unwrap();
    /// let mut whole = RecordsBuilder::new(&schema);
    /// for (file, rows) in [("a.csv", ["V1", "V2"]), ("b.csv", ["V3", "V1"])] {
    ///     let mut part = whole.part();
    ///     let header = part.header(visit, file, &["visit_id"]).unwrap();
    ///     for (line, row) in (2..).zip(rows) {
    ///         part.push_row(&header, line, |_| Cell::Text(row));
    ///     }
    ///     whole.append(part);
    /// }
    /// let read = whole.finish();
    /// assert_eq!(read.records.tables[&visit].rows, 4);
    /// assert_eq!(read.counts[&visit].repeated, 1);
    /// ```
    pub fn append(&mut self, part: RecordsBuilder<'_>) {
        self.recent.clear();
        let symbols: Vec<u32> = part.symbols.iter().map(|(_, text)| self.symbols.intern(text).0).collect();
        let symbol =
            |local: u32| usize::try_from(local).ok().and_then(|at| symbols.get(at)).copied().unwrap_or(0);
        let files: Vec<usize> =
            part.files.into_iter().map(|name| file_number(&mut self.files, name)).collect();
        let file = |local: usize| files.get(local).copied().unwrap_or(usize::MAX);
        for (kind, table) in part.tables {
            let types: Vec<Type> = self
                .schema
                .kind(kind)
                .map(|kind| kind.fields.iter().map(|field| field.ty).collect())
                .unwrap_or_default();
            self.tables.entry(kind).or_insert_with(|| TableBuilder::new(types.len())).append(
                table,
                &types,
                (file, symbol),
            );
        }
        self.rejects.extend(part.rejects);
        for (kind, more) in part.counts {
            let counts = self.counts.entry(kind).or_default();
            counts.read = counts.read.saturating_add(more.read);
            counts.kept = counts.kept.saturating_add(more.kept);
            counts.rejected = counts.rejected.saturating_add(more.rejected);
            counts.repeated = counts.repeated.saturating_add(more.repeated);
        }
    }

    /// The same where no header resolved before is used any more: the larger of the two keeps its symbols, which is less
    /// work.
    pub fn absorb(&mut self, part: RecordsBuilder<'_>) {
        let apart = part.tables.keys().all(|kind| !self.tables.contains_key(kind));
        if !apart || part.symbols.len() <= self.symbols.len() {
            return self.append(part);
        }
        let mut smaller = self.part();
        smaller.take_over(part);
        core::mem::swap(self, &mut smaller);
        let rejects = core::mem::take(&mut self.rejects);
        self.append(smaller);
        self.rejects.extend(rejects);
    }

    fn take_over(&mut self, part: RecordsBuilder<'_>) {
        self.symbols = part.symbols;
        self.tables = part.tables;
        self.files = part.files;
        self.rejects = part.rejects;
        self.counts = part.counts;
    }
}

/// The number of a file; the portions of one file come one after the other.
pub(super) fn file_number(files: &mut Vec<String>, name: String) -> usize {
    if files.last() != Some(&name) {
        files.push(name);
    }
    files.len().saturating_sub(1)
}
