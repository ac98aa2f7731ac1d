//! Columns under names of the caller's own, and files of one kind whatever they are called.
//!
//! In: small files in a folder of the build. Out: records by key, columns used, errors.
//! Invariant: every format is renamed alike, and a rename nothing comes of is told.
#![expect(clippy::tests_outside_test_module, clippy::unwrap_used, reason = "integration tests")]

use jihe::Language;
use jihe_io::{Error, Input, InputReader, ReadOptions, RenameColumn};
use jihe_model::kinds::base_schema;
use std::fs;
use std::path::{Path, PathBuf};

const ITEMS: &str = "序号,就诊号,费用\nL1,V1,12.50\nL2,V1,7.00\n";

fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn rename(kind: Option<&str>, column: &str, field: &str) -> RenameColumn {
    RenameColumn { kind: kind.map(str::to_owned), column: column.to_owned(), field: field.to_owned() }
}

fn options(rename: Vec<RenameColumn>, threads: usize) -> ReadOptions {
    ReadOptions { rename, threads, ..ReadOptions::default() }
}

/// Records of lines read from a path, with a rename nobody needs at the end.
fn lines(path: &Path, threads: usize) -> (Input, Vec<String>) {
    let schema = base_schema();
    let wanted = [("序号", "明细号"), ("费用", "amount"), ("费用2", "amount")];
    let options = options(wanted.map(|(column, field)| rename(None, column, field)).to_vec(), threads);
    let mut reader = InputReader::new(&schema, &options).unwrap();
    reader.read_path("明细", path).unwrap();
    let idle = reader.idle_renames().into_iter().map(|(_, why)| why.en).collect();
    (reader.finish(), idle)
}

fn refused(read: Result<Input, Error>) -> String {
    read.err().map(|error| error.message(Language::English).to_owned()).unwrap_or_default()
}

#[test]
fn files_of_a_kind_are_renamed_whatever_they_are_called() {
    let json = "{\"序号\":\"L3\",\"费用\":\"1\"}\n";
    let made = folder("renames", &[("a/fees 1.csv", ITEMS), ("a/visit/b.ndjson", json), ("a/_SUCCESS", "")]);
    for threads in [1, 3] {
        let (input, idle) = lines(&made.join("a"), threads);
        let item = base_schema().find_kind("item").unwrap();
        assert_eq!(input.claims.records.tables.keys().collect::<Vec<_>>(), [&item], "one kind only");
        assert_eq!(input.claims.records.tables[&item].rows, 3);
        assert!(input.claims.rejects.is_empty());
        assert_eq!(idle, ["rename: table 明细/fees 1.csv has no column `费用2`; did you mean `费用`"]);
        let amounts: Vec<_> = input.files.iter().map(|file| file.rows).collect();
        assert_eq!(amounts, [2, 1]);
    }
}

#[test]
fn a_folder_of_kinds_is_renamed_for_all_or_by_kind() {
    let visits = "号,参保人\nV1,P1\n";
    let made = folder("renames-by-kind", &[("item.csv", ITEMS), ("visit.csv", visits)]);
    let schema = base_schema();
    let read = |rename: Vec<RenameColumn>| Input::read_with(&schema, &made, &options(rename, 1));
    let keys = vec![rename(Some("明细"), "序号", "item_id"), rename(None, "号", "就诊号")];
    let input = read(keys.clone()).unwrap();
    assert_eq!(input.claims.records.tables.values().map(|table| table.rows).collect::<Vec<_>>(), [1, 2]);
    let with = |more: RenameColumn| refused(read(keys.iter().cloned().chain([more]).collect()));
    assert_eq!(with(rename(None, "单", "金额")), "rename: no file has a column `单` and a field `金额`");
    assert!(with(rename(Some("visit"), "费用", "金额")).contains("visit.csv has no column `费用`"));
    assert!(with(rename(Some("item"), "费用", "金钱")).contains("item has no field `金钱`"));
    assert!(with(rename(Some("stock"), "费用", "金额")).contains("no file of `stock`"));
    let unnamed = refused(read(Vec::new()));
    assert!(
        unnamed.contains("no column for the key") && unnamed.contains("its columns: 号, 参保人"),
        "{unnamed}"
    );
}

#[test]
fn a_path_that_holds_nothing_says_so() {
    let made = folder("renames-nothing", &[("empty/notes.md", "x"), ("item.doc", "x")]);
    let schema = base_schema();
    let read = |kind: &str, path: &str| {
        let mut reader = InputReader::new(&schema, &ReadOptions::default()).unwrap();
        let read = reader.read_path(kind, &made.join(path));
        refused(read.map(|()| reader.finish()))
    };
    assert!(read("item", "empty").contains("holds no files that can be read"));
    assert!(read("item", "item.doc").contains("unknown type of file"));
    assert!(read("item", "absent.csv").contains("cannot read item/absent.csv"));
    assert!(read("itme", "item.doc").contains("no kind of record"));
}
