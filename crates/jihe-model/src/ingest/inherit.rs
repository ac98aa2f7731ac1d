//! References a row may leave out because its other parents have them.
//!
//! In: finished records. Out: the same, 就诊 of a 退费 taken from its 明细, else from its 结算.
//! Invariant: a reference that was given is never changed.

use hashbrown::HashMap;

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
    let known = known_references(records, parent, parent_field)?;
    let table = records.tables.get(&kind)?;
    let mut filled = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let own = table.column(field).and_then(|column| column.get(row));
        let inherited =
            table.column(via).and_then(|column| column.get(row)).and_then(|key| known.get(&key).copied());
        filled.push(own.or(inherited));
    }
    let slot = records.tables.get_mut(&kind)?.columns.get_mut(usize::from(field.0))?;
    *slot = Some(symbol_column(&filled));
    Some(())
}

/// The reference each row of a kind has, by its key.
fn known_references(records: &Records, kind: KindId, field: FieldId) -> Option<HashMap<i64, i64>> {
    let table = records.tables.get(&kind)?;
    let column = table.column(field)?;
    let rows = table.keys.iter().enumerate();
    Some(rows.filter_map(|(row, key)| Some((i64::from(*key), column.get(row)?))).collect())
}

fn symbol_column(words: &[Option<i64>]) -> Column {
    let symbols = words.iter().map(|word| u32::try_from(word.unwrap_or(0)).unwrap_or(0)).collect();
    let all = words.iter().all(Option::is_some);
    let present = (!all).then(|| words.iter().map(Option::is_some).collect());
    Column { words: Words::Symbols(symbols), present }
}
