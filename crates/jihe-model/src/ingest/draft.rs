//! Records under construction in several hands: parts read apart, or a reading that pauses.
//!
//! In: [`RecordsBuilder`]s over one schema. Out: one builder, or a [`Draft`] that borrows nothing.
//! Invariant: appending the parts of an input in any grouping gives what one builder would have read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::TableBuilder;
use super::interner::{Interner, Translation};
use super::{FieldColumn, KindCounts, Needs, RecordsBuilder, Reject};
use crate::records::Counted;
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
    counted: BTreeMap<KindId, Counted>,
    needs: Arc<Needs>,
}

impl Draft {
    /// Takes the reading up again, over the schema it was begun with.
    pub fn resume(self, schema: &Schema) -> RecordsBuilder<'_> {
        let Draft { symbols, tables, files, rejects, counts, counted, needs } = self;
        let interner = Interner::from(symbols);
        let held = RecordsBuilder { interner, tables, files, rejects, counts, ..RecordsBuilder::new(schema) };
        RecordsBuilder { counted, needs, ..held }
    }
}

/// Texts of a part that have become texts of the whole.
#[derive(Debug)]
pub struct TextsTaken(Option<Translation>);

impl TextsTaken {
    /// Makes the words of a column that the part has read words of the whole.
    pub fn apply(&self, field: &mut FieldColumn) {
        if let Some(translation) = &self.0 {
            field.column.translate(translation);
        }
    }
}

impl<'s> RecordsBuilder<'s> {
    /// An empty builder over the same schema and for the same needs, for rows read apart. It knows the texts that were
    /// there when [`RecordsBuilder::share`] was last called, and need not be told of them again when it is appended.
    #[must_use]
    pub fn part(&self) -> RecordsBuilder<'s> {
        RecordsBuilder {
            schema: self.schema,
            interner: self.interner.part(),
            tables: BTreeMap::new(),
            files: Vec::new(),
            rejects: Vec::new(),
            counts: BTreeMap::new(),
            counted: BTreeMap::new(),
            needs: Arc::clone(&self.needs),
            names: Arc::clone(&self.names),
            row: Vec::new(),
            key: String::new(),
            recent: Vec::new(),
        }
    }

    /// Lets the parts begun from now on know the texts read so far.
    pub fn share(&mut self) {
        self.interner.share();
    }

    /// Sets the reading aside.
    pub fn pause(self) -> Draft {
        Draft {
            symbols: self.interner.into_symbols(),
            tables: self.tables,
            files: self.files,
            rejects: self.rejects,
            counts: self.counts,
            counted: self.counted,
            needs: self.needs,
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
        let translation = self.interner.join(part.interner);
        let files: Vec<usize> =
            part.files.into_iter().map(|name| file_number(&mut self.files, name)).collect();
        let file = |local: usize| files.get(local).copied().unwrap_or(usize::MAX);
        for (kind, mut table) in part.tables {
            let types: Vec<Type> = self
                .schema
                .kind(kind)
                .map(|kind| kind.fields.iter().map(|field| field.ty).collect())
                .unwrap_or_default();
            if let Some(translation) = &translation {
                table.translate(translation);
            }
            let as_texts = table.keys.is_texts();
            let ours = self.tables.entry(kind).or_insert_with(|| TableBuilder::new(types.len(), as_texts));
            if ours.keys.is_texts() != as_texts {
                // Read for other needs: words on both sides.
                table.keys.intern(|text| self.interner.intern(text));
                ours.keys.intern(|text| self.interner.intern(text));
            }
            ours.append(table, &types, file);
        }
        self.rejects.extend(part.rejects);
        for (kind, more) in part.counted {
            self.counted.entry(kind).or_default().add(more);
        }
        for (kind, more) in part.counts {
            let counts = self.counts.entry(kind).or_default();
            counts.read = counts.read.saturating_add(more.read);
            counts.kept = counts.kept.saturating_add(more.kept);
            counts.rejected = counts.rejected.saturating_add(more.rejected);
            counts.repeated = counts.repeated.saturating_add(more.repeated);
        }
    }

    /// Takes over the texts of a part, of whose columns batches are to be made here.
    pub fn take_texts(&mut self, part: RecordsBuilder<'_>) -> TextsTaken {
        self.recent.clear();
        TextsTaken(self.interner.join(part.interner))
    }

    /// Puts the rejects of a file read by several hands in the order of its lines.
    pub fn sort_rejects_by_line(&mut self) {
        self.rejects.sort_by_key(|reject| reject.line);
    }

    /// Puts the rejects in the order of their files.
    pub fn sort_rejects(&mut self, place: impl Fn(&str) -> usize) {
        self.rejects.sort_by_cached_key(|reject| place(&reject.file));
    }
}

/// The number of a file; the portions of one file come one after the other.
pub(super) fn file_number(files: &mut Vec<String>, name: String) -> usize {
    if files.last() != Some(&name) {
        files.push(name);
    }
    files.len().saturating_sub(1)
}
