//! Records named by findings (contract 5–7).
//!
//! In: rows. Out: their kind and key, in the total order; what they have in common.
//! Invariant: no record is named twice.

use super::amounts::Place;
use crate::column::NONE;
use crate::context::Context;
use jihe_check::typed::Source;
use jihe_model::schema::{FieldId, KindId};
use std::sync::Arc;

/// The keys of the person, institution, practitioner and visit a record belongs to; [`NONE`] where it has none.
pub(crate) type Kin = [u32; 4];

const NOBODY: Kin = [NONE; 4];

/// For how many records that is kept; a bucket of a batch may find something in many more.
const MOST_KIN: usize = 1 << 16;

/// A record.
type Row = (KindId, u32);

impl Context<'_> {
    /// The English kind, or the name of a summary.
    pub(crate) fn source_name(&self, source: Source) -> &str {
        let rules = self.run.rules;
        match source {
            Source::Kind(kind) => rules.schema.kind(kind).map_or("", |kind| kind.en.as_str()),
            Source::Summary(id) => {
                rules.summaries.get(id.index()).map_or("", |summary| summary.name.as_str())
            }
            Source::Table(_) => "",
        }
    }

    /// The same, as findings share it.
    pub(crate) fn shared_name(&self, source: Source) -> Arc<str> {
        let mut names = self.names.borrow_mut();
        Arc::clone(names.entry(source).or_insert_with(|| Arc::from(self.source_name(source))))
    }

    /// Sorted in the total order, then by kind; without rows of tables; each once.
    pub(crate) fn ordered(&self, places: Vec<Place>) -> Vec<Place> {
        let timed = |place: Place| (self.clock_of(place.0, place.1), self.end_of(place.0, place.1), place);
        let known = places.into_iter().filter(|place| !matches!(place.0, Source::Table(_)));
        let mut places: Vec<(i64, i64, Place)> = known.map(timed).collect();
        let text = |place: Place| self.key_of(place.0, place.1);
        let order = |a: &(i64, i64, Place), b: &(i64, i64, Place)| {
            let order = (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| text(a.2).cmp(&text(b.2)));
            order.then_with(|| self.source_name(a.2.0).cmp(self.source_name(b.2.0))).then(a.2.cmp(&b.2))
        };
        // Most lists are those of a set, which are in order.
        if !places.is_sorted_by(|a, b| order(a, b).is_lt()) {
            places.sort_by(order);
            places.dedup_by_key(|place| place.2);
        }
        places.into_iter().map(|place| place.2).collect()
    }

    /// The records behind a row: itself, or the members of a group.
    pub(crate) fn places_of(&self, source: Source, row: u32) -> Vec<Place> {
        let mut places = Vec::new();
        self.put_places(source, row, &mut places);
        places
    }

    /// The same, after those that are there.
    pub(crate) fn put_places(&self, source: Source, row: u32, places: &mut Vec<Place>) {
        match source {
            Source::Kind(_) => places.push((source, row)),
            Source::Table(_) => {}
            Source::Summary(id) => {
                let Some(plan) = self.run.plan.summaries.get(id.index()) else { return };
                let data = self.summary(id);
                for member in data.member_rows(row) {
                    self.put_places(plan.source, *member, places);
                }
            }
        }
    }

    /// The same, by kind and key.
    pub(crate) fn records_of(&self, source: Source, row: u32) -> Vec<(String, String)> {
        let named = |(source, row): Place| (self.source_name(source).to_owned(), self.key_text(source, row));
        self.places_of(source, row).into_iter().map(named).collect()
    }

    /// For each of the kinds a finding names the key that all records share, if those that have one share it.
    pub(crate) fn shared(&self, records: &[Place]) -> [Option<String>; 4] {
        let (mut shared, mut torn) = (NOBODY, [false; 4]);
        for place in records {
            let kin = self.kin(*place);
            for ((key, held), torn) in kin.iter().zip(&mut shared).zip(&mut torn) {
                *torn |= *held != NONE && *key != NONE && held != key;
                *held = if *held == NONE { *key } else { *held };
            }
        }
        let text = |at: usize| (shared[at] != NONE && !torn[at]).then(|| self.run.texts.of(shared[at]));
        core::array::from_fn(|at| text(at).map(str::to_owned))
    }

    /// The keys of the records a record belongs to; what was found once is kept.
    fn kin(&self, place: Place) -> Kin {
        let Source::Kind(kind) = place.0 else { return NOBODY };
        if let Some(held) = self.kin.borrow().get(&(kind, place.1)) {
            return *held;
        }
        let found = self.relatives((kind, place.1));
        let mut kept = self.kin.borrow_mut();
        if kept.len() >= MOST_KIN {
            kept.clear();
        }
        kept.insert((kind, place.1), found);
        found
    }

    /// For each kind a finding names the key of the record that a record belongs to: itself, else by its references,
    /// nearest first.
    fn relatives(&self, row: Row) -> Kin {
        let named = self.run.relations.named;
        let mut found = NOBODY;
        let mut level = vec![row];
        let mut seen: Vec<Row> = Vec::new();
        while !level.is_empty() {
            for (target, found) in named.iter().zip(&mut found).filter(|(_, found)| **found == NONE) {
                let key = |row: &Row| target.and_then(|target| self.direct(*row, target));
                *found = level.iter().find_map(key).unwrap_or(NONE);
            }
            if named.iter().zip(&found).all(|(target, found)| target.is_none() || *found != NONE) {
                break;
            }
            let above: Vec<Row> = level.iter().flat_map(|row| self.parents(*row)).collect();
            seen.append(&mut level);
            level = above.into_iter().filter(|row| !seen.contains(row)).collect();
        }
        found
    }

    fn direct(&self, (kind, row): Row, target: KindId) -> Option<u32> {
        let table = self.kind(kind)?;
        if kind == target {
            return Some(table.key(row)).filter(|key| *key != NONE);
        }
        let references = self.run.relations.of_kind(kind).iter().filter(|(_, to)| *to == target);
        let word = |field| table.column(field).and_then(|column| column.get(table.origin(row)));
        references.map(|(field, _)| *field).find_map(word).and_then(crate::run::symbol)
    }

    fn parents(&self, (kind, row): Row) -> impl Iterator<Item = Row> {
        let table = self.kind(kind);
        let parent = move |(field, to): &(FieldId, KindId)| {
            let key = table?.column(*field)?.get(table?.origin(row))?;
            let row = self.kind(*to)?.row_of_key(key, self.run.texts.len());
            (row != NONE).then_some((*to, row))
        };
        self.run.relations.of_kind(kind).iter().filter_map(parent)
    }
}
