//! Files that are cut off, damaged or endless, in every format.
//!
//! In: whole files made by each test, then cut or changed. Out: refusals, or rejected rows.
//! Invariant: what is kept of a file was in it whole; what a cut left over is refused or rejected, never taken.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "integration tests"
)]

#[path = "support/records.rs"]
mod records;

use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampSecondArray};
use jihe_io::{Input, ReadOptions};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use records::{dump, file, read};
use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

const ROWS: [(&str, &str); 4] =
    [("L1", "甲, 乙"), ("L2", "two \"marks\""), ("L3", "line\nbreak, and more"), ("L4", "last one")];

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// The rows in a text format: the name of the file, and its bytes.
fn text(format: &str) -> (&'static str, Vec<u8>) {
    let plain = |text: &str| text.replace('\n', " ").replace('"', "'");
    let lines = |head: &str, row: &dyn Fn((&str, &str)) -> String| {
        ROWS.iter().fold(head.to_owned(), |text, (key, note)| text + &row((*key, *note)))
    };
    let quoted = |between: &str, end: &str| {
        let row = |(key, note): (&str, &str)| {
            format!("{key}{between}\"{}\"{between}7{end}", note.replace('"', "\"\""))
        };
        lines(&format!("feedetl_sn{between}note{between}amount{end}"), &row)
    };
    match format {
        "csv" => ("item.csv", quoted(",", "\n").into_bytes()),
        "csv crlf" => ("item.csv", quoted(",", "\r\n").into_bytes()),
        "tsv" => ("item.tsv", quoted("\t", "\n").into_bytes()),
        "csv gb18030" => ("item.csv", gb18030(&quoted(",", "\n"))),
        "barred" => {
            let row = |(key, note): (&str, &str)| format!("{key}|@|{}|@|7\n", plain(note));
            ("item.txt", lines("feedetl_sn|@|note|@|amount\n", &row).into_bytes())
        }
        _ => {
            let row = |(key, note): (&str, &str)| {
                format!("{}\n", serde_json::json!({ "feedetl_sn": key, "note": note, "amount": "7" }))
            };
            ("item.ndjson", lines("", &row).into_bytes())
        }
    }
}

fn taken(name: &str, bytes: &[u8]) -> Input {
    read(vec![file(name, bytes)], &ReadOptions::default())
}

/// Nothing of it, and a reason in both languages.
fn is_refused(input: &Input) -> bool {
    let account = &input.files[0];
    let told = account.problem.is_some() && account.problem_en.is_some();
    told && account.rows == 0 && dump(input, "item").is_empty() && input.claims.rejects.is_empty()
}

#[test]
fn a_text_cut_anywhere_gives_no_half_row() {
    for format in ["csv", "csv crlf", "tsv", "csv gb18030", "barred", "ndjson"] {
        let (name, bytes) = text(format);
        let whole: BTreeSet<String> = dump(&taken(name, &bytes), "item").into_iter().collect();
        assert_eq!(whole.len(), ROWS.len(), "{format}");
        let mut rejected = 0;
        for cut in 0..bytes.len() {
            let input = taken(name, &bytes[..cut]);
            let kept = dump(&input, "item");
            // All that is left of the last cell may have gone: then its row has lost that cell and nothing else.
            let is_whole =
                |line: &String| whole.iter().any(|row| row == line || row.replace(" amount=7", "") == *line);
            assert!(kept.iter().all(is_whole), "{format} cut at {cut}: {kept:?}");
            assert!(input.files[0].rejected <= 1, "{format} cut at {cut}: {:?}", input.claims.rejects);
            rejected += input.files[0].rejected;
        }
        assert!(rejected > 20, "{format}: {rejected}");
    }
}

#[test]
fn a_cell_cut_between_its_marks_is_told() {
    let input = taken("item.csv", "feedetl_sn,note\nL1,\"whole\"\nL2,\"cut o".as_bytes());
    assert_eq!(dump(&input, "item"), ["item_id=L1 note=whole"]);
    let reject = &input.claims.rejects[0];
    assert!(reject.line == 3 && reject.reason.zh.contains("引号没有收尾"), "{reject:?}");
    // A mark that was forgotten swallows rows: the row is rejected, whether another mark ends it or not.
    for text in ["a,note\nL1,\"x\nL2,y\nL3,z\n", "a,note\nL1,\"x\nL2,y\nL3,\"z\"\n"] {
        let input = taken("item.csv", text.replace("a,", "feedetl_sn,").as_bytes());
        assert_eq!((dump(&input, "item").len(), input.claims.rejects.len()), (0, 1), "{text}");
        assert!(input.claims.rejects[0].reason.en.contains("mark"), "{:?}", input.claims.rejects);
    }
    // Marks inside a cell that does not begin with one are text, and so are blanks after a cell's last mark.
    let input = taken("item.csv", "feedetl_sn,note\nL1,5\" x\n\"L2\" ,y\n".as_bytes());
    assert_eq!(dump(&input, "item"), ["item_id=L1 note=5\" x", "item_id=L2 note=y"]);
    let input = taken("item.csv", "feedetl_sn,\"note\nL1,x\n".as_bytes());
    assert!(is_refused(&input), "{:?}", input.files);
}

#[test]
fn rejects_name_the_line_whatever_ends_it() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "feedetl_sn,amount,note\nL1,x,\nL2,1,\"a\nb\"\n\nL3,y,\nL4,2,\nL5,z,\n".replace('\n', end);
        let text = text.replace(&format!("a{end}b"), "a\nb");
        let input = taken("item.csv", text.as_bytes());
        let lines: Vec<u64> = input.claims.rejects.iter().map(|reject| reject.line).collect();
        assert_eq!((lines, dump(&input, "item").len()), (vec![2, 6, 8], 2), "{end:?}");
    }
    let barred = taken("item.txt", "feedetl_sn|@|note\rL1|@|x\r".as_bytes());
    assert!(is_refused(&barred) && barred.files[0].problem_en.as_ref().unwrap().contains("CR"));
}

#[test]
fn a_packed_file_cut_anywhere_is_refused() {
    let (name, bytes) = text("csv");
    for (ending, packed) in [("gz", gzip(&bytes)), ("zst", zstd(&bytes))] {
        let name = format!("{name}.{ending}");
        assert_eq!(dump(&taken(&name, &packed), "item").len(), ROWS.len());
        for cut in 0..packed.len() {
            let input = taken(&name, &packed[..cut]);
            assert!(is_refused(&input), "{name} cut at {cut}: {:?}", input.files);
        }
    }
}

/// A Parquet file of two row groups.
fn parquet_file() -> Vec<u8> {
    let keys: Vec<String> = (0..40).map(|number| format!("L{number}")).collect();
    let notes: Vec<String> = (0..40).map(|number| format!("note {}", number * 7_919)).collect();
    let times =
        TimestampSecondArray::from((0..40).map(|day| 1_704_067_200 + day * 86_400).collect::<Vec<_>>());
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("feedetl_sn", Arc::new(StringArray::from(keys))),
        ("note", Arc::new(StringArray::from(notes))),
        ("使用时间", Arc::new(times)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_size(20).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn a_parquet_file_cut_anywhere_is_refused() {
    let bytes = parquet_file();
    let whole = taken("item.parquet", &bytes);
    assert_eq!((dump(&whole, "item").len(), whole.files[0].rows), (40, 40));
    let footer = u32::from_le_bytes(bytes[bytes.len() - 8..bytes.len() - 4].try_into().unwrap());
    let footer = bytes.len() - 8 - usize::try_from(footer).unwrap();
    // In pages, in the footer, in the mark at the end.
    let places = (0..footer).step_by(11).chain((footer..bytes.len()).step_by(5)).chain([bytes.len() - 1]);
    for cut in places {
        let input = taken("item.parquet", &bytes[..cut]);
        assert!(is_refused(&input), "cut at {cut}: {:?}", input.files);
    }
    // A page that has lost bytes under a footer that is whole, as after a transfer that skipped some.
    let mut refused = 0;
    for cut in (4..footer).step_by(13) {
        let bytes = [&bytes[..cut], &bytes[(cut + 9).min(footer)..]].concat();
        for threads in [1, 2] {
            let options = ReadOptions { threads, ..ReadOptions::default() };
            refused += usize::from(is_refused(&read(vec![file("item.parquet", &bytes)], &options)));
        }
    }
    assert!(refused > 10, "{refused}");
}

/// Parquet pages carry no checksum unless their writer adds one: damage may pass for values. It never ends the process.
#[test]
fn a_damaged_parquet_file_adds_up() {
    let whole = parquet_file();
    let mut state = 0x2545_f491_u32;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        usize::try_from(state).unwrap() % below
    };
    let cases: usize = std::env::var("JIHE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150);
    for _ in 0..cases {
        let mut bytes = whole.clone();
        for _ in 0..=next(3) {
            let at = next(bytes.len());
            bytes[at] = u8::try_from(next(256)).unwrap();
        }
        // Reading fails the test if it panics, or if its counts do not add up.
        taken("item.parquet", &bytes);
    }
}

#[test]
fn bytes_of_another_encoding_reject_their_rows_in_every_text_format() {
    let good = |format: &str| match format {
        "csv" => ("item.csv", "feedetl_sn,note\nL1,第一\n", ("L2,", "\n")),
        "barred" => ("item.txt", "feedetl_sn|@|note\nL1|@|第一\n", ("L2|@|", "\n")),
        _ => (
            "item.ndjson",
            "{\"feedetl_sn\":\"L1\",\"note\":\"第一\"}\n",
            ("{\"feedetl_sn\":\"L2\",\"note\":\"", "\"}\n"),
        ),
    };
    for format in ["csv", "barred", "ndjson"] {
        let (name, first, (before, after)) = good(format);
        let row = |bytes: Vec<u8>| [before.as_bytes().to_vec(), bytes, after.as_bytes().to_vec()].concat();
        let utf8_first = [first.as_bytes().to_vec(), row(gb18030("第二行"))].concat();
        let gb_first = [gb18030(first), row("慢性阻塞性肺疾病".as_bytes().to_vec())].concat();
        for bytes in [utf8_first, gb_first] {
            let input = taken(name, &bytes);
            assert_eq!(
                dump(&input, "item"),
                ["item_id=L1 note=第一"],
                "{format}: {:?}",
                input.claims.rejects
            );
            assert_eq!((input.files[0].rows, input.files[0].rejected), (2, 1), "{format}");
        }
    }
}

#[test]
fn column_names_without_end_are_refused() {
    let options = ReadOptions { longest_row: 10_000, ..ReadOptions::default() };
    let long = "x".repeat(300_000);
    for (name, text) in [
        ("item.csv", format!("feedetl_sn,{long}\nL1,1\n")),
        ("item.txt", format!("feedetl_sn|@|{long}\nL1|@|1\n")),
        ("item.tsv", format!("feedetl_sn\t{long}\nL1\t1\n")),
    ] {
        let packed = gzip(text.as_bytes());
        for bytes in [text.as_bytes(), &packed] {
            let input = read(vec![file(name, bytes)], &options);
            assert!(is_refused(&input), "{name}");
            assert!(input.files[0].problem_en.as_ref().unwrap().contains("10000 bytes"), "{:?}", input.files);
        }
    }
    // Of an endless JSON line too nothing is held.
    let text = format!("{{\"feedetl_sn\":\"{long}\"}}\n{{\"feedetl_sn\":\"L2\"}}\n");
    let input = read(vec![file("item.ndjson", text)], &options);
    assert_eq!((dump(&input, "item").len(), input.files[0].rejected), (1, 1));
}
