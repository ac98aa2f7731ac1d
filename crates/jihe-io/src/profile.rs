//! What claims hold, field by field, and what the rules need of them.
//!
//! In: claims that were read, the schema, what rules require. Out: [`Profile`].
//! Invariant: every kind that was supplied or is needed has its entry, every field that is filled or needed its line.

use crate::input::Input;
use jihe::Requirements;
use jihe::model::display::push_key_text;
use jihe::model::records::{Column, Records, Table, Words};
use jihe::model::schema::{Field, FieldId, Kind, KindId, Schema};
use jihe::model::types::Type;
use jihe::model::value::{Symbol, Symbols};
use serde::Serialize;
use std::collections::BTreeSet;

/// What claims hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// Version of this format: 1.
    pub version: u32,
    /// The kinds, in the order of the schema.
    pub kinds: Vec<KindProfile>,
}

/// What a kind holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindProfile {
    /// English name.
    pub kind: String,
    /// 中文名.
    pub kind_zh: String,
    /// Whether it was supplied.
    pub supplied: bool,
    /// Whether the rules need it.
    pub needed: bool,
    /// Rows read, kept, rejected, and kept although they repeat another in full.
    pub read: u64,
    /// Rows kept.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rows that repeat another in full.
    pub repeated: u64,
    /// The fields that have a column or are needed.
    pub fields: Vec<FieldProfile>,
    /// English names of the fields that the rules need and that no row fills.
    pub missing: Vec<String>,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProfile {
    /// English name.
    pub field: String,
    /// 中文名.
    pub field_zh: String,
    /// Rows with a value.
    pub filled: u64,
    /// Different values.
    pub distinct: u64,
    /// The smallest value: numbers and times by size, texts by their bytes.
    pub min: Option<String>,
    /// The largest value.
    pub max: Option<String>,
    /// Whether the rules read it.
    pub needed: bool,
    /// For references: rows whose value is no key of the kind referred to; none where that kind was not supplied.
    pub orphans: Option<u64>,
}

/// Describes what was read.
pub fn profile(schema: &Schema, input: &Input, needed: &Requirements) -> Profile {
    let kinds = (0u16..).map(KindId).zip(&schema.kinds).filter(|(_, kind)| kind.raw_of.is_none());
    let kinds = kinds.filter_map(|(id, kind)| kind_profile(schema, input, needed, (id, kind)));
    Profile { version: 1, kinds: kinds.collect() }
}

fn kind_profile(
    schema: &Schema,
    input: &Input,
    needed: &Requirements,
    (id, kind): (KindId, &Kind),
) -> Option<KindProfile> {
    let records = &input.claims.records;
    let table = records.tables.get(&id);
    // Rules over 原始明细 need the rows of 明细.
    let views = schema.kinds.iter().filter(|view| view.raw_of == Some(id)).map(|view| &view.en);
    let wanted: BTreeSet<&String> = std::iter::once(&kind.en)
        .chain(views)
        .filter_map(|name| needed.kinds.get(name))
        .flat_map(|kind| &kind.fields)
        .collect();
    let is_needed = needed.kinds.contains_key(&kind.en) || !wanted.is_empty();
    if table.is_none() && !is_needed {
        return None;
    }
    let mut fields = Vec::new();
    for (at, field) in (0u16..).map(FieldId).zip(&kind.fields) {
        let column = table.and_then(|table| table.column(at));
        let needed = wanted.contains(&field.en);
        if column.is_some() || needed {
            fields.push(field_profile(records, (table, column), field, needed));
        }
    }
    let missing = fields.iter().filter(|field| field.needed && field.filled == 0);
    let counts = input.counts.get(&id).copied().unwrap_or_default();
    Some(KindProfile {
        kind: kind.en.clone(),
        kind_zh: kind.zh.clone(),
        supplied: table.is_some(),
        needed: is_needed,
        read: counts.read,
        rows: counts.kept,
        rejected: counts.rejected,
        repeated: counts.repeated,
        missing: missing.map(|field| field.field.clone()).collect(),
        fields,
    })
}

fn field_profile(
    records: &Records,
    (table, column): (Option<&Table>, Option<&Column>),
    field: &Field,
    needed: bool,
) -> FieldProfile {
    let rows = table.map_or(0, |table| table.rows);
    let mut words: Vec<i64> =
        column.map(|column| (0..rows).filter_map(|row| column.get(row)).collect()).unwrap_or_default();
    let filled = count(words.len());
    let orphans = orphans(records, field.ty, &words);
    words.sort_unstable();
    words.dedup();
    let symbols = &records.symbols;
    let (min, max) = if matches!(column.map(|column| &column.words), Some(Words::Symbols(_))) {
        let texts = || words.iter().map(|word| text_of(*word, symbols));
        (texts().min().map(str::to_owned), texts().max().map(str::to_owned))
    } else {
        (
            words.first().map(|word| shown(*word, field.ty, symbols)),
            words.last().map(|word| shown(*word, field.ty, symbols)),
        )
    };
    FieldProfile {
        field: field.en.clone(),
        field_zh: field.zh.clone(),
        filled,
        distinct: count(words.len()),
        min,
        max,
        needed,
        orphans,
    }
}

/// References that lead nowhere.
fn orphans(records: &Records, ty: Type, words: &[i64]) -> Option<u64> {
    let Type::Reference(to) = ty else { return None };
    let keys: BTreeSet<i64> = records.tables.get(&to)?.keys.iter().map(|key| i64::from(*key)).collect();
    Some(count(words.iter().filter(|word| !keys.contains(word)).count()))
}

fn text_of(word: i64, symbols: &Symbols) -> &str {
    u32::try_from(word).map_or("", |symbol| symbols.text(Symbol(symbol)))
}

fn shown(word: i64, ty: Type, symbols: &Symbols) -> String {
    let mut text = String::new();
    push_key_text(&mut text, word, ty, symbols);
    text
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}
