//! Files in memory: formats, packings, encodings, and what is wrong with them.
//!
//! In: bytes made by each test. Out: records, rejects, accounts.
//! Invariant: for every file rows = accepted + rejected.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

use jihe_io::{FileRead, Input, NamedBytes, ReadOptions, read_files};
use jihe_model::display::push_key_text;
use jihe_model::kinds::base_schema;
use jihe_model::records::Table;
use jihe_model::schema::Kind;
use std::fmt::Write as _;
use std::io::Write;

const VISITS: &str =
    "就诊号,psn_no,time,主诊断名称\nV1,P1,2024-03-01 08:30,糖尿病\nV2,P2,2024-03-02,\"高血压, 三级\"\n";

fn file(name: &str, bytes: impl AsRef<[u8]>) -> NamedBytes {
    NamedBytes { name: name.into(), bytes: bytes.as_ref().to_vec() }
}

fn read(files: Vec<NamedBytes>) -> Input {
    let schema = base_schema();
    let one = read_files(&schema, files.clone(), &ReadOptions::default()).unwrap();
    let four = read_files(&schema, files, &ReadOptions { threads: 4, ..ReadOptions::default() }).unwrap();
    assert_eq!(dump(&one), dump(&four), "threads do not matter");
    assert_eq!(one.files, four.files);
    for file in &one.files {
        assert_eq!(file.rows, file.accepted + file.rejected, "{file:?}");
    }
    for counts in one.counts.values() {
        assert_eq!(counts.read, counts.kept + counts.rejected, "{counts:?}");
    }
    one
}

/// Every record as text, for comparing what files gave.
fn dump(input: &Input) -> Vec<String> {
    let schema = base_schema();
    let mut lines = Vec::new();
    for (kind, table) in &input.claims.records.tables {
        let declared = schema.kind(*kind).unwrap();
        lines.extend((0..table.rows).map(|row| record(input, declared, (table, row))));
    }
    lines.sort();
    lines
}

fn record(input: &Input, kind: &Kind, (table, row): (&Table, usize)) -> String {
    let mut line = kind.en.clone();
    for (column, field) in table.columns.iter().zip(&kind.fields) {
        if let Some(word) = column.as_ref().and_then(|column| column.get(row)) {
            write!(line, " {}=", field.en).unwrap();
            push_key_text(&mut line, word, field.ty, &input.claims.records.symbols);
        }
    }
    line
}

fn only(input: &Input) -> &FileRead {
    assert_eq!(input.files.len(), 1);
    input.files.first().unwrap()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

#[test]
fn every_format_gives_the_same_records() {
    let expected = dump(&read(vec![file("就诊.csv", VISITS)]));
    assert_eq!(expected.len(), 2);
    assert!(expected[1].contains("main_diagnosis_name=高血压, 三级"), "{expected:?}");
    let tabs = VISITS.replace("\"高血压, 三级\"", "高血压! 三级").replace(',', "\t").replace('!', ",");
    let barred = tabs.replace('\t', "|@|");
    let json = "{\"就诊号\":\"V1\",\"psn_no\":\"P1\",\"time\":\"2024-03-01 08:30\",\"主诊断名称\":\"糖尿病\"}\r\n\n{\"time\":\"2024-03-02\",\"就诊号\":\"V2\",\"psn_no\":\"P2\",\"主诊断名称\":\"高血压, 三级\",\"床位\":null}";
    let (first, second) = VISITS.split_at(VISITS.find("V2").unwrap());
    let head = VISITS.lines().next().unwrap();
    let cases: Vec<(&str, Vec<NamedBytes>)> = vec![
        ("bom", vec![file("visit.csv", format!("\u{feff}{VISITS}"))]),
        ("crlf", vec![file("visit.csv", VISITS.replace('\n', "\r\n"))]),
        ("no last line end", vec![file("visit.csv", VISITS.trim_end())]),
        ("tsv", vec![file("visit.tsv", &tabs)]),
        ("tabs in a .txt", vec![file("visit.txt", &tabs)]),
        ("barred", vec![file("visit.txt", &barred)]),
        ("barred gb18030", vec![file("visit.txt", gb18030(&barred))]),
        ("ndjson", vec![file("visit.ndjson", json)]),
        ("gzip", vec![file("visit.csv.gz", gzip(VISITS))]),
        ("two gzip members", vec![file("visit.csv.gz", [gzip(first), gzip(second)].concat())]),
        ("zstd", vec![file("visit.csv.zst", zstd(VISITS))]),
        ("two zstd frames", vec![file("visit.csv.zst", [zstd(first), zstd(second)].concat())]),
        ("gb18030", vec![file("city/visit.csv", gb18030(VISITS))]),
        (
            "packed gb18030",
            vec![file("visit.csv.gz", {
                let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
                packer.write_all(&gb18030(VISITS)).unwrap();
                packer.finish().unwrap()
            })],
        ),
        (
            "parts",
            vec![file("visit/a.csv", first), file("visit/b.csv.gz", gzip(&format!("{head}\n{second}")))],
        ),
    ];
    for (name, files) in cases {
        let input = read(files);
        assert_eq!(dump(&input), expected, "{name}: {:?}", input.files);
    }
}

#[test]
fn folders_that_carry_values_become_columns() {
    let rows = "mdtrt_id\nV1\n";
    let input = read(vec![
        file("visit/psn_no=P1/time=2024-03-01/part-0.csv", rows),
        file("visit/psn_no=P%2F2/time=__HIVE_DEFAULT_PARTITION__/part-0.csv", "mdtrt_id\nV2\n"),
    ]);
    assert_eq!(dump(&input), ["visit visit_id=V1 person=P1 time=2024-03-01", "visit visit_id=V2 person=P/2"]);
}

#[test]
fn the_account_of_a_file() {
    let text = "mdtrt_id,time,psn_nam\nV1,2024-03-01,x\nV2,soon,x\nV1,2024-03-02,x\n";
    let input = read(vec![file("visit.csv", text), file("truth.csv", "a,b\n"), file("item.csv", "")]);
    let [visit, truth, item] = input.files.as_slice() else { panic!("{:?}", input.files) };
    assert_eq!((visit.rows, visit.accepted, visit.rejected), (3, 1, 2));
    assert_eq!(visit.kind.as_deref(), Some("visit"));
    let fields: Vec<_> = visit.columns.iter().map(|column| column.field.as_deref()).collect();
    assert_eq!(fields, [Some("visit_id"), Some("time"), None]);
    assert_eq!(visit.hash.len(), 64);
    assert!(truth.problem.as_deref().unwrap().contains("不是任何一种记录"), "{truth:?}");
    assert!(item.problem_en.as_deref().unwrap().contains("empty"), "{item:?}");
    assert_eq!(input.ignored_columns.len(), 1);
}

#[test]
fn a_second_holder_of_a_kind_is_refused() {
    let input = read(vec![file("visit.csv", VISITS), file("就诊.csv", VISITS)]);
    assert_eq!(dump(&input).len(), 2);
    assert!(input.files[1].problem.as_deref().unwrap().contains("同一种记录有多份"));
    assert_eq!(input.files[1].rows, 0);
}

#[test]
fn what_is_cut_off_is_refused_whole() {
    let many: String = std::iter::once("mdtrt_id,psn_no\n".to_owned())
        .chain((0..20_000).map(|number| format!("V{number},P{}\n", number * 7_919 % 10_007)))
        .collect();
    let packed = gzip(&many);
    let frames = zstd(&many);
    for (name, bytes) in [
        ("visit.csv.gz", &packed[..packed.len() - 100]),
        ("visit.csv.gz", &packed[..packed.len() - 4]),
        ("visit.csv.zst", &frames[..frames.len() / 2]),
        ("visit.parquet", &b"PAR1 and then nothing"[..]),
        ("visit.xlsx", &b"PK\x03\x04 and then nothing"[..]),
    ] {
        let input = read(vec![file(name, bytes)]);
        assert!(dump(&input).is_empty(), "{name}");
        assert!(only(&input).problem.is_some(), "{name}");
        assert_eq!(only(&input).rows, 0);
    }
    assert_eq!(dump(&read(vec![file("visit.csv.gz", &packed)])).len(), 20_000);
}

#[test]
fn a_row_cut_off_at_the_end_is_rejected() {
    let input = read(vec![file("visit.csv", "mdtrt_id,psn_no,time\nV1,P1,2024-03-01\nV2,P")]);
    assert_eq!(dump(&input).len(), 1);
    assert!(input.claims.rejects[0].reason.zh.contains("中断"), "{:?}", input.claims.rejects);
    assert_eq!(input.claims.rejects[0].line, 3);
    // A short row inside the file has left out empty cells, as spreadsheets do.
    let input = read(vec![file("visit.csv", "mdtrt_id,psn_no,time\nV1,P1\nV2,P2,,,\n")]);
    assert_eq!(dump(&input), ["visit visit_id=V1 person=P1", "visit visit_id=V2 person=P2"]);
}

#[test]
fn a_cell_too_many_means_a_shifted_row() {
    let input = read(vec![file("visit.csv", "mdtrt_id,psn_no\nV1,P1,extra\nV2,P2\n")]);
    assert_eq!(dump(&input).len(), 1);
    assert!(input.claims.rejects[0].reason.en.contains("3 cells under 2"), "{:?}", input.claims.rejects);
}

#[test]
fn mixed_encodings_are_told_with_their_line() {
    let mut bytes = VISITS.as_bytes().to_vec();
    bytes.extend(gb18030("V3,P3,2024-03-03,冠心病\nV4,P4,2024-03-04,ascii\n"));
    let input = read(vec![file("visit.csv", &bytes)]);
    assert_eq!(dump(&input).len(), 3);
    assert!(only(&input).problem.as_deref().unwrap().contains("自第 4 行起 1 行"), "{:?}", input.files);
    assert_eq!(input.claims.rejects[0].line, 4);

    let mut bytes = gb18030(VISITS);
    bytes.extend("V3,P3,2024-03-03,慢性阻塞性肺疾病\nV4,P4,2024-03-04,ascii\n".as_bytes());
    bytes.extend(b"V5,P5,2024-03-04,\xff\xff\n");
    let input = read(vec![file("visit.csv", &bytes)]);
    assert_eq!(dump(&input).len(), 3, "{:?}", dump(&input));
    assert!(
        only(&input).problem_en.as_deref().unwrap().contains("from line 4 on, 2 line(s)"),
        "{:?}",
        input.files
    );

    let header = [gb18030("就诊号,参保人,"), "主诊断名称,床位\nV1,P1,,\n".as_bytes().to_vec()].concat();
    let input = read(vec![file("visit.csv", header)]);
    assert!(only(&input).problem.is_some(), "{:?}", input.files);
}

#[test]
fn utf_16_is_named() {
    let bytes: Vec<u8> =
        std::iter::once(0xfeffu16).chain(VISITS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(only(&read(vec![file("visit.csv", bytes)])).problem_en.as_deref().unwrap().contains("UTF-16"));
}

#[test]
fn json_lines_say_what_is_wrong() {
    let text = "{\"mdtrt_id\":\"V1\",\"total_amount\":12.50}\n{\"mdtrt_id\":\n[1]\n{\"mdtrt_id\":\"V2\",\"person\":{\"id\":1}}\n{\"mdtrt_id\":\"V3\",\"total_amount\":1e5}\n{\"mdtrt_id\":\"V4\",\"mdtrt_id\":\"V5\"}\n";
    let input = read(vec![file("visit.jsonl", text)]);
    assert_eq!(dump(&input), ["visit visit_id=V1 total_amount=12.5"]);
    let lines: Vec<u64> = input.claims.rejects.iter().map(|reject| reject.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6]);
}

#[test]
fn endless_rows_are_passed_over() {
    let long = "x".repeat(100_000);
    let options = ReadOptions { longest_row: 10_000, ..ReadOptions::default() };
    for (name, separator) in [("visit.csv", ","), ("visit.txt", "|@|")] {
        let text = format!("mdtrt_id{separator}note\nV1{separator}{long}\nV2{separator}short\n");
        let input = read_files(&base_schema(), vec![file(name, text)], &options).unwrap();
        assert_eq!(dump(&input), ["visit visit_id=V2 note=short"], "{name}");
        assert_eq!((only(&input).rows, only(&input).rejected), (2, 1));
        assert_eq!(input.claims.rejects[0].line, 2);
    }
    let json = format!("{{\"mdtrt_id\":\"{long}\"}}\n{{\"mdtrt_id\":\"V2\"}}\n");
    let input = read_files(&base_schema(), vec![file("visit.ndjson", json)], &options).unwrap();
    assert_eq!(dump(&input).len(), 1);
    // A quotation mark that is never closed swallows the rest of the file, and no more memory than the bound.
    let open = format!("mdtrt_id,note\nV1,\"{}", "V2,x\n".repeat(20_000));
    let input = read_files(&base_schema(), vec![file("visit.csv", open)], &options).unwrap();
    assert_eq!((only(&input).rows, only(&input).rejected), (1, 1));
}

#[test]
fn reading_pauses_and_goes_on() {
    let schema = base_schema();
    let mut reader = jihe_io::InputReader::new(&schema, &ReadOptions::default()).unwrap();
    assert_eq!(reader.add(file("visit.csv", VISITS))[0].accepted, 2);
    let paused = reader.pause();
    let mut again = paused.clone().resume(&schema);
    again.add(file("person.csv", "psn_no\nP1\n"));
    assert_eq!(dump(&again.finish()).len(), 3);
    assert_eq!(dump(&paused.resume(&schema).finish()).len(), 2);
}
