//! References a row may leave out because its other parents have them.
//!
//! In: finished records. Out: the same, 就诊 of a 退费 taken from its 明细, else from its 结算.
//! Invariant: a reference that was given is never changed.

use hashbrown::{HashMap, HashSet};

use crate::records::{Column, Records, Words};
use crate::schema::{FieldId, KindId, Schema};

/// Child, its reference to fill, and the references to follow for it, first to last. English names.
const INHERITED: [(&str, &str, &[&str]); 1] = [("refund", "visit", &["item", "settlement"])];

pub(super) fn fill(schema: &Schema, records: &mut Records) {
    for (child, wanted, sources) in INHERITED {
        for source in sources {
            fill_from(schema, records, (child, wanted), source);
        }
    }
}

fn fill_from(
    schema: &Schema,
    records: &mut Records,
    (child, wanted): (&str, &str),
    source: &str,
) -> Option<()> {
    let kind = schema.find_kind(child)?;
    let field = schema.kind(kind)?.find_field(wanted)?;
    let via = schema.kind(kind)?.find_field(source)?;
    let parent = schema.find_kind(source)?;
    let parent_field = schema.kind(parent)?.find_field(wanted)?;
    let table = records.tables.get(&kind)?;
    let own = |row: usize| table.column(field).and_then(|column| column.get(row));
    let key = |row: usize| table.column(via).and_then(|column| column.get(row));
    let wanted: HashSet<i64> = (0..table.rows).filter(|row| own(*row).is_none()).filter_map(key).collect();
    if wanted.is_empty() && table.column(field).is_some() {
        return None;
    }
    let known = references_of(records, (parent, parent_field), &wanted)?;
    let inherited = |row: usize| own(row).or_else(|| known.get(&key(row)?).copied());
    let filled: Vec<Option<i64>> = (0..table.rows).map(inherited).collect();
    let slot = records.tables.get_mut(&kind)?.columns.get_mut(usize::from(field.0))?;
    *slot = Some(symbol_column(&filled));
    Some(())
}

/// The reference that rows of a kind have, by key, for the keys wanted: a few of many.
fn references_of(
    records: &Records,
    (kind, field): (KindId, FieldId),
    wanted: &HashSet<i64>,
) -> Option<HashMap<i64, i64>> {
    let table = records.tables.get(&kind)?;
    let column = table.column(field)?;
    let keys = table.keys.iter().map(|key| i64::from(*key)).enumerate();
    let found = keys.filter(|(_, key)| wanted.contains(key));
    Some(found.filter_map(|(row, key)| Some((key, column.get(row)?))).collect())
}

fn symbol_column(words: &[Option<i64>]) -> Column {
    let symbols = words.iter().map(|word| u32::try_from(word.unwrap_or(0)).unwrap_or(0)).collect();
    let all = words.iter().all(Option::is_some);
    let present = (!all).then(|| words.iter().map(Option::is_some).collect());
    Column { words: Words::Symbols(symbols), present }
}
