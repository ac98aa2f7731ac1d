//! Typed columns give the records their texts give.
//!
//! In: random tables, each column of a random Arrow type. Out: nothing, or a table read in two ways.
//! Invariant: records and rejects equal those of the row reader, whatever the batches and threads.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::float_arithmetic,
    clippy::as_conversions,
    clippy::needless_for_each,
    reason = "a generator of random columns; a test may fail loudly"
)]

#[path = "same/columns.rs"]
mod columns;

use arrow_array::RecordBatch;
use arrow_schema::{Field, Schema as ArrowSchema};
use columns::{Random, random};
use jihe_arrow::{Reader, Rename};
use jihe_model::ingest::{Cell, Ingested, RecordsBuilder, Reject};
use jihe_model::kinds::base_schema;
use jihe_model::schema::Schema;
use jihe_model::value::Symbol;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kinds with fields of every type a column can hold, their names in any language.
const TABLES: [(&str, &[&str]); 3] = [
    (
        "item",
        &[
            "feedetl_sn",
            "就诊",
            "used_time",
            "med_list_codg",
            "cnt",
            "pric",
            "amount",
            "供药天数",
            "比照标志",
            "item_name",
            "med_chrgitm_type",
            "数量",
        ],
    ),
    ("person", &["人员编号", "brdy", "gend", "psn_name"]),
    ("visit", &["mdtrt_id", "psn_no", "time", "入院时间", "discharge_time", "med_type"]),
];

/// A record as texts, so that tables read with other symbols compare.
fn told(schema: &Schema, read: &jihe::Claims) -> BTreeMap<String, Vec<Vec<Option<String>>>> {
    let symbols = &read.records.symbols;
    let mut all = BTreeMap::new();
    for (id, table) in &read.records.tables {
        let kind = schema.kind(*id).unwrap();
        let text = |word: i64, is_symbol: bool| {
            if is_symbol {
                symbols.text(Symbol(u32::try_from(word).unwrap())).to_owned()
            } else {
                word.to_string()
            }
        };
        let mut rows = Vec::new();
        for row in 0..table.rows {
            let mut cells = vec![Some(symbols.text(Symbol(table.keys[row])).to_owned())];
            for (field, column) in kind.fields.iter().zip(&table.columns) {
                let word = column.as_ref().and_then(|column| column.get(row));
                cells.push(word.map(|word| text(word, field.ty.is_symbol())));
            }
            rows.push(cells);
        }
        all.insert(kind.en.clone(), rows);
    }
    all
}

fn by_rows(schema: &Schema, table: &(&str, &[&str]), columns: &[Random]) -> jihe::Claims {
    let mut builder = RecordsBuilder::new(schema);
    let kind = schema.find_kind(table.0).unwrap();
    let header = builder.header(kind, "t", table.1).unwrap();
    assert_eq!(header.unknown, []);
    for row in 0..columns[0].texts.len() {
        builder.push_row(&header, u64::try_from(row).unwrap() + 1, |column| {
            match &columns[column].texts[row] {
                Some(text) => Cell::Text(text),
                None => Cell::Missing,
            }
        });
    }
    let Ingested { records, rejects, .. } = builder.finish();
    jihe::Claims { records, rejects }
}

fn by_columns(
    schema: &Schema,
    table: &(&str, &[&str]),
    columns: &[Random],
    (cut, threads): (usize, usize),
) -> jihe::Claims {
    let field = |(name, column): (&&str, &Random)| Field::new(*name, column.array.data_type().clone(), true);
    let fields: Vec<Field> = table.1.iter().zip(columns).map(field).collect();
    let arrays = columns.iter().map(|column| Arc::clone(&column.array)).collect();
    let batch = RecordBatch::try_new(Arc::new(ArrowSchema::new(fields)), arrays).unwrap();
    let cut = cut.min(batch.num_rows());
    let batches = [batch.slice(0, cut), batch.slice(cut, batch.num_rows() - cut)];
    let mut reader = Reader::new(schema);
    let mut open = reader.open((table.0, "t"), &batch.schema(), &Rename::default()).unwrap();
    reader.read(&mut open, &batches, threads).unwrap();
    reader.finish()
}

fn sorted(mut rejects: Vec<Reject>) -> Vec<Reject> {
    rejects.sort_by(|left, right| (left.line, &left.column).cmp(&(right.line, &right.column)));
    rejects
}

/// A table and a random column for each of its names, of one length.
fn tables() -> impl Strategy<Value = (usize, Vec<Random>)> {
    (0..TABLES.len(), 0usize..30).prop_flat_map(|(at, rows)| {
        let columns: Vec<_> =
            TABLES[at].1.iter().enumerate().map(|(column, _)| random(rows, column == 0)).collect();
        (Just(at), columns)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn typed_columns_give_the_records_of_their_texts((at, columns) in tables(), cut in 0usize..30, threads in 1usize..4) {
        let schema = base_schema();
        let table = &TABLES[at];
        let rows = by_rows(&schema, table, &columns);
        let typed = by_columns(&schema, table, &columns, (cut, threads));
        prop_assert_eq!(told(&schema, &typed), told(&schema, &rows));
        prop_assert_eq!(sorted(typed.rejects), sorted(rows.rejects));
    }
}
