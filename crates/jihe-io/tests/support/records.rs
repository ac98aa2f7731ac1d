//! What was read, as text to compare.
//!
//! In: files, what was read. Out: a line a record.
//! Invariant: the counts of every reading add up, or the test that read fails.

use jihe_io::{Input, NamedBytes, ReadOptions, read_files};
use jihe_model::display::push_key_text;
use jihe_model::kinds::base_schema;
use jihe_model::schema::Schema;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(base_schema);

pub(crate) fn file(name: &str, bytes: impl AsRef<[u8]>) -> NamedBytes {
    NamedBytes { name: name.into(), bytes: bytes.as_ref().to_vec() }
}

/// Reads, and sees that everything adds up.
pub(crate) fn read(files: Vec<NamedBytes>, options: &ReadOptions) -> Input {
    let input = read_files(&SCHEMA, files, options).unwrap();
    adds_up(&input);
    input
}

/// Files: rows = accepted + rejected, as the rejects say. Kinds: read = kept + rejected, as the tables and the rejects say.
pub(crate) fn adds_up(input: &Input) {
    let rejects = &input.claims.rejects;
    for file in &input.files {
        assert_eq!(file.rows, file.accepted + file.rejected, "{file:?}");
        let lines = rejects.iter().filter(|reject| reject.file == file.file).map(|reject| reject.line);
        let lines: BTreeSet<u64> = lines.collect();
        assert_eq!(file.rejected, u64::try_from(lines.len()).unwrap(), "{file:?} {rejects:?}");
    }
    for (kind, counts) in &input.counts {
        let declared = SCHEMA.kind(*kind).unwrap();
        let rows = input.claims.records.tables.get(kind).map_or(0, |table| table.rows);
        let refused = rejects.iter().filter(|reject| reject.kind == declared.en).count();
        assert_eq!(counts.read, counts.kept + counts.rejected, "{}: {counts:?}", declared.en);
        assert_eq!(counts.kept, u64::try_from(rows).unwrap(), "{}", declared.en);
        assert_eq!(counts.rejected, u64::try_from(refused).unwrap(), "{}: {rejects:?}", declared.en);
        let told = input.kinds.iter().find(|told| told.kind == declared.en).unwrap();
        assert_eq!((told.read, told.kept, told.rejected), (counts.read, counts.kept, counts.rejected));
    }
}

/// The records of a kind, in order.
pub(crate) fn dump(input: &Input, kind: &str) -> Vec<String> {
    let id = SCHEMA.find_kind(kind).unwrap();
    let records = &input.claims.records;
    let Some(table) = records.tables.get(&id) else { return Vec::new() };
    let line = |row: usize| {
        let mut line = String::new();
        for (column, field) in table.columns.iter().zip(&SCHEMA.kind(id).unwrap().fields) {
            if let Some(word) = column.as_ref().and_then(|column| column.get(row)) {
                write!(line, " {}=", field.en).unwrap();
                push_key_text(&mut line, word, field.ty, &records.symbols);
            }
        }
        line.trim_start().to_owned()
    };
    let mut lines: Vec<String> = (0..table.rows).map(line).collect();
    lines.sort();
    lines
}
