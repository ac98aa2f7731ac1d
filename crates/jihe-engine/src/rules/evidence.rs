//! Records named by findings (contract 5–7).
//!
//! In: rows. Out: their kind and key, in the total order; what they have in common.
//! Invariant: no record is named twice.

use super::amounts::Place;
use crate::column::NONE;
use crate::context::Context;
use jihe_check::typed::Source;
use jihe_model::schema::KindId;
use jihe_model::types::Type;

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

    /// Sorted in the total order, then by kind; without rows of tables; each once.
    pub(crate) fn ordered(&self, places: Vec<Place>) -> Vec<Place> {
        let mut places: Vec<Place> =
            places.into_iter().filter(|place| !matches!(place.0, Source::Table(_))).collect();
        places.sort_unstable();
        places.dedup();
        if places.len() > 1 {
            places.sort_by_cached_key(|(source, row)| {
                let clock = self.clock_of(*source, *row);
                (
                    clock,
                    self.end_of(*source, *row),
                    self.key_text(*source, *row),
                    self.source_name(*source).to_owned(),
                )
            });
        }
        places
    }

    /// The records behind a row: itself, or the members of a group.
    pub(crate) fn places_of(&self, source: Source, row: u32) -> Vec<Place> {
        match source {
            Source::Kind(_) => vec![(source, row)],
            Source::Table(_) => Vec::new(),
            Source::Summary(id) => {
                let Some(plan) = self.run.plan.summaries.get(id.index()) else { return Vec::new() };
                let data = self.summary(id);
                data.member_rows(row).iter().flat_map(|member| self.places_of(plan.source, *member)).collect()
            }
        }
    }

    /// The same, by kind and key.
    pub(crate) fn records_of(&self, source: Source, row: u32) -> Vec<(String, String)> {
        let named = |(source, row): Place| (self.source_name(source).to_owned(), self.key_text(source, row));
        self.places_of(source, row).into_iter().map(named).collect()
    }

    /// The key that all records share, if those that have one share it.
    pub(crate) fn common(&self, records: &[Place], target: Option<KindId>) -> Option<String> {
        let target = target?;
        let mut shared: Option<u32> = None;
        for place in records {
            match (self.related(*place, target), shared) {
                (Some(key), Some(held)) if key != held => return None,
                (Some(key), _) => shared = Some(key),
                (None, _) => {}
            }
        }
        shared.map(|key| self.run.texts.text(i64::from(key)).to_owned())
    }

    /// The key of the record of a kind that a record belongs to: itself, else by its references, nearest first.
    fn related(&self, place: Place, target: KindId) -> Option<u32> {
        let mut level = vec![place];
        let mut seen: Vec<Place> = Vec::new();
        while !level.is_empty() {
            if let Some(found) = level.iter().find_map(|place| self.direct(*place, target)) {
                return Some(found);
            }
            let above: Vec<Place> = level.iter().flat_map(|place| self.parents(*place)).collect();
            seen.append(&mut level);
            level = above.into_iter().filter(|place| !seen.contains(place)).collect();
        }
        None
    }

    fn direct(&self, place: Place, target: KindId) -> Option<u32> {
        let Source::Kind(id) = place.0 else { return None };
        let table = self.kind(id)?;
        if id == target {
            return Some(table.key(place.1)).filter(|key| *key != NONE);
        }
        let fields = self.run.rules.schema.references(id, target);
        let word = |field| table.column(field).and_then(|column| column.get(table.origin(place.1)));
        fields.into_iter().find_map(word).and_then(crate::run::symbol)
    }

    fn parents(&self, place: Place) -> Vec<Place> {
        let Source::Kind(id) = place.0 else { return Vec::new() };
        let (Some(kind), Some(table)) = (self.run.rules.schema.kind(id), self.kind(id)) else {
            return Vec::new();
        };
        let mut above = Vec::new();
        for (field, held) in (0u16..).map(jihe_model::schema::FieldId).zip(&kind.fields) {
            let Type::Reference(to) = held.ty else { continue };
            let Some(key) = table.column(field).and_then(|column| column.get(table.origin(place.1))) else {
                continue;
            };
            let row = self.kind(to).map_or(NONE, |parent| parent.row_of_key(key, self.run.texts.len()));
            if row != NONE {
                above.push((Source::Kind(to), row));
            }
        }
        above
    }
}
