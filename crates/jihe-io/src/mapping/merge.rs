//! Records that many rows repeat: the person of every settlement, the institution of every line.
//!
//! In: the values each row has for a key. Out: one record a key.
//! Invariant: the record depends on the rows, not on their order: of several values of a field the smallest stands.

use super::bind::Value;
use jihe::model::cell::parse_word;
use jihe::model::ingest::{Cell, RecordsBuilder};
use jihe::model::schema::{FieldId, KindId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// Records being put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Merged {
    kinds: BTreeMap<KindId, BTreeMap<String, MergedRecord>>,
}

/// The row that mentions a record.
pub(crate) struct Mention<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) kind: KindId,
    pub(crate) file: &'a str,
    pub(crate) line: u64,
}

#[derive(Debug, Clone)]
struct MergedRecord {
    file: String,
    line: u64,
    values: BTreeMap<FieldId, String>,
}

impl Merged {
    /// Takes what a row has to say; a value that is not of its field's type is given back.
    pub(crate) fn take(
        &mut self,
        &Mention { schema, kind, file, line }: &Mention<'_>,
        values: &[(FieldId, Value<'_>)],
    ) -> Result<(), String> {
        let Some(declared) = schema.kind(kind) else { return Ok(()) };
        let key_field = declared.key.first().copied().unwrap_or(FieldId(0));
        let key = values.iter().find(|(field, _)| *field == key_field).map(|(_, value)| value);
        let key = match key {
            None => return Ok(()),
            Some(Value::Unreadable) => return Err(String::new()),
            Some(Value::Text(key)) => key,
        };
        let key = key.trim();
        if key.is_empty() {
            return Ok(());
        }
        let records = self.kinds.entry(kind).or_default();
        if !records.contains_key(key) {
            let record = MergedRecord { file: file.to_owned(), line, values: BTreeMap::new() };
            records.insert(key.to_owned(), record);
        }
        let Some(record) = records.get_mut(key) else { return Ok(()) };
        for (field, value) in values {
            let Value::Text(text) = value else { return Err(String::new()) };
            let text = text.trim();
            let known = record.values.get(field).map(String::as_str);
            if text.is_empty() || known.is_some_and(|known| known <= text) {
                continue;
            }
            let ty = declared.fields.get(usize::from(field.0)).map(|field| field.ty);
            if ty.is_some_and(|ty| !ty.is_symbol() && parse_word(ty, text).is_err()) {
                return Err(text.to_owned());
            }
            record.values.insert(*field, text.to_owned());
        }
        Ok(())
    }

    /// Takes over what was put together elsewhere.
    pub(crate) fn append(&mut self, more: Merged) {
        for (kind, records) in more.kinds {
            let ours = self.kinds.entry(kind).or_default();
            for (key, record) in records {
                join(ours, key, record);
            }
        }
    }

    /// Hands the records over.
    pub(crate) fn finish(self, schema: &Schema, builder: &mut RecordsBuilder<'_>) {
        for (kind, records) in self.kinds {
            let Some(declared) = schema.kind(kind) else { continue };
            let used: BTreeSet<FieldId> =
                records.values().flat_map(|record| record.values.keys().copied()).collect();
            let used: Vec<FieldId> = used.into_iter().collect();
            let fields = used.iter().filter_map(|field| declared.fields.get(usize::from(field.0)));
            let columns: Vec<&str> = fields.map(|field| field.en.as_str()).collect();
            for record in records.into_values() {
                push(builder, kind, (&used, &columns), &record);
            }
        }
    }
}

fn join(ours: &mut BTreeMap<String, MergedRecord>, key: String, record: MergedRecord) {
    let Some(known) = ours.get_mut(&key) else {
        ours.insert(key, record);
        return;
    };
    for (field, text) in record.values {
        let stands = known.values.get(&field).is_some_and(|known| *known <= text);
        if !stands {
            known.values.insert(field, text);
        }
    }
}

fn push(
    builder: &mut RecordsBuilder<'_>,
    kind: KindId,
    (used, columns): (&[FieldId], &[&str]),
    record: &MergedRecord,
) {
    let Ok(header) = builder.header(kind, &record.file, columns) else { return };
    builder.push_row(&header, record.line, |column| {
        let value = used.get(column).and_then(|field| record.values.get(field));
        value.map_or(Cell::Missing, |text| Cell::Text(text))
    });
}
