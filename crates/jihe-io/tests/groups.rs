//! Row groups of a Parquet file: read side by side, put one below the other.
//!
//! In: the same rows as CSV and as Parquet of many small groups. Out: the same records and rejects.
//! Invariant: neither the size of the groups, nor threads, nor what is needed of the kind can be seen.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

#[path = "support/records.rs"]
mod records;

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use jihe_io::{Input, ReadOptions};
use jihe_model::ingest::{NeededKind, Needs};
use jihe_model::schema::{FieldId, Kind};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use records::{SCHEMA, dump, file, read};
use std::collections::BTreeMap;
use std::sync::Arc;

const ROWS: usize = 50;

/// Key, visit, amount: some keys are missing, some amounts are none, in several groups.
fn columns() -> [(&'static str, Vec<Option<String>>); 3] {
    let key = |row: usize| (row % 23 != 11).then(|| format!("L{row}"));
    let visit = |row: usize| (row % 9 != 4).then(|| format!("V{}", row / 3));
    let amount = |row: usize| Some(if row % 13 == 9 { "许多".to_owned() } else { row.to_string() });
    [
        ("feedetl_sn", (0..ROWS).map(key).collect()),
        ("就诊", (0..ROWS).map(visit).collect()),
        ("金额", (0..ROWS).map(amount).collect()),
    ]
}

fn csv() -> String {
    let columns = columns();
    let line =
        |row: usize| columns.each_ref().map(|(_, cells)| cells[row].clone().unwrap_or_default()).join(",");
    let lines: Vec<String> = (0..ROWS).map(line).collect();
    format!("{}\n{}\n", columns.each_ref().map(|(name, _)| *name).join(","), lines.join("\n"))
}

fn parquet(rows_a_group: usize) -> Vec<u8> {
    let array = |cells: Vec<Option<String>>| -> ArrayRef { Arc::new(StringArray::from(cells)) };
    let batch = RecordBatch::try_from_iter(columns().map(|(name, cells)| (name, array(cells)))).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_size(rows_a_group).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

/// Amounts and visits of lines, whose keys are held as texts that nobody looks up.
fn little() -> Needs {
    let id = SCHEMA.find_kind("item").unwrap();
    let field = |name: &str| SCHEMA.kind(id).and_then(|kind: &Kind| kind.find_field(name)).unwrap();
    let fields: Vec<FieldId> = vec![field("visit"), field("amount")];
    Needs::only(BTreeMap::from([(id, NeededKind { fields: fields.into_iter().collect(), keys_shown: true })]))
}

fn found(input: &Input) -> (Vec<String>, Vec<(u64, Option<String>)>) {
    let rejects = input.claims.rejects.iter().map(|reject| (reject.line, reject.column.clone()));
    (dump(input, "item"), rejects.collect())
}

#[test]
fn groups_give_what_the_same_rows_give_in_csv() {
    for needs in [Needs::default(), little()] {
        let options = |threads| ReadOptions { threads, needs: needs.clone(), ..ReadOptions::default() };
        let (records, rejects) = found(&read(vec![file("item.csv", csv())], &options(1)));
        assert_eq!((records.len(), rejects.len()), (44, 6));
        // A CSV file begins with its header.
        let rejects: Vec<_> = rejects.into_iter().map(|(line, column)| (line - 1, column)).collect();
        for (rows_a_group, threads) in
            [7, 20, 1_000].into_iter().flat_map(|rows| [(rows, 1), (rows, 2), (rows, 5)])
        {
            let input = read(vec![file("item.parquet", parquet(rows_a_group))], &options(threads));
            let place = format!("groups of {rows_a_group}, {threads} threads");
            assert_eq!(found(&input), (records.clone(), rejects.clone()), "{place}");
        }
    }
}
