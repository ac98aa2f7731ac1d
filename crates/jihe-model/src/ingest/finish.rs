//! The end of a reading.
//!
//! In: all rows. Out: [`Ingested`].
//! Invariant: keys are unique within a kind; texts that are not looked up are none of those that are.

use std::collections::BTreeMap;

use jihe_diagnostics::Text;

use super::columns::TableBuilder;
use super::needs::Reading;
use super::{Ingested, RecordsBuilder, Reject, duplicates, inherit};
use crate::records::{Records, RunDates};
use crate::schema::{Kind, KindId};
use crate::symbols::{KeyTexts, Symbols};
use crate::types::Type;

impl RecordsBuilder<'_> {
    /// Numbers repeated rows, rejects contradicting ones, and hands over what was read.
    pub fn finish(mut self) -> Ingested {
        let mut builders = core::mem::take(&mut self.tables);
        let mut symbols = core::mem::take(&mut self.interner).into_symbols();
        let mut read_again = Vec::new();
        for (kind, table) in &mut builders {
            let Some(declared) = self.schema.kind(*kind) else { continue };
            let settled = duplicates::settle(table, declared, &mut symbols);
            if settled.found && self.is_partial(*kind, declared) {
                read_again.push(*kind);
            }
            let counts = self.counts.entry(*kind).or_default();
            counts.repeated = settled.repeated;
            for (file, line, key) in settled.rejected {
                counts.rejected = counts.rejected.saturating_add(1);
                self.rejects.push(Reject {
                    kind: declared.en.clone(),
                    file: self.files.get(file).cloned().unwrap_or_default(),
                    line,
                    column: None,
                    value: key,
                    reason: Text::new("主键重复而内容不同", "same key as another row, but other content"),
                });
            }
            let counted = self.counted.get(kind).map_or(0, |counted| counted.rows);
            counts.kept = u64::try_from(table.rows.saturating_add(counted)).unwrap_or(u64::MAX);
        }
        self.point_keys(&mut builders, &mut symbols);
        let mut tables = BTreeMap::new();
        for (kind, table) in builders {
            tables.insert(kind, table.finish(|texts| symbols.add_apart(texts)));
        }
        let counted = self.counted;
        let mut records = Records { symbols, tables, run: RunDates::default(), counted };
        inherit::fill(self.schema, &mut records);
        Ingested { records, rejects: self.rejects, counts: self.counts, read_again }
    }

    /// Whether a field of a kind was left out.
    fn is_partial(&self, id: KindId, kind: &Kind) -> bool {
        match self.needs.reading(id) {
            Reading::Part(needed) => needed.fields.len() < kind.fields.len(),
            Reading::Whole | Reading::Counted(_) => false,
        }
    }

    /// Makes words of the keys held as texts of a kind to which something read refers.
    fn point_keys(&self, tables: &mut BTreeMap<KindId, TableBuilder>, symbols: &mut Symbols) {
        let as_texts = tables.iter().filter(|(_, table)| table.keys.is_texts()).map(|(kind, _)| *kind);
        let referred: Vec<KindId> = as_texts.filter(|kind| self.is_referred_to(*kind, tables)).collect();
        for kind in referred {
            if let Some(table) = tables.get_mut(&kind) {
                let mut fresh = KeyTexts::default();
                table.keys.intern(|text| word_of(symbols, &mut fresh, text));
                symbols.add_apart(fresh);
            }
        }
    }

    /// Whether a row read refers to a row of a kind. A refund record and the negative line that is the same refund share
    /// their key.
    fn is_referred_to(&self, kind: KindId, tables: &BTreeMap<KindId, TableBuilder>) -> bool {
        let en = self.schema.kind(kind).map_or("", |kind| kind.en.as_str());
        tables.iter().any(|(from, table)| {
            let Some(declared) = self.schema.kind(*from) else { return false };
            let shares_keys = declared.en == "refund" && en == "item";
            let refers = declared.fields.iter().zip(&table.columns).any(|(field, column)| {
                field.ty == Type::Reference(kind)
                    && column.as_ref().is_some_and(|column| column.has_values(table.rows))
            });
            table.rows > 0 && (shares_keys || refers)
        })
    }
}

/// The symbol of a text, or that which it will have once the fresh texts are put in.
fn word_of(known: &Symbols, fresh: &mut KeyTexts, text: &str) -> u32 {
    if let Some(found) = known.find(text) {
        return found.0;
    }
    let word = known.len().saturating_add(fresh.len());
    fresh.push(text);
    u32::try_from(word).unwrap_or(u32::MAX)
}
