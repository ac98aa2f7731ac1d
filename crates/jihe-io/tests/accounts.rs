//! Everything that comes in is kept or rejected, whatever it is.
//!
//! In: random folders of messy rows, in every text format, whole or cut. Out: counts, `coverage.json`, `rejects.csv`.
//! Invariant: rows in = rows of the file accounts; for every kind read = kept + rejected, and all three places say the same.
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

use jihe_io::{Format, Input, Layout, NamedBytes, OutputFolder, ReadOptions};
use proptest::prelude::*;
use records::{adds_up, dump, file, read};
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

static RULES: LazyLock<jihe::Ruleset> = LazyLock::new(|| {
    let rules = jihe::RuleFiles::new()
        .rule("a.jihe", "规则 甲 { 编号 \"X1\" 针对 明细 当 金额 > 1 元 性质 可疑 说明 \"甲\" }");
    jihe::compile(&rules).map_err(|error| error.render(jihe::Language::Chinese)).unwrap()
});

/// Kinds, their columns, and what may stand in each: `k` keys, `r` references, `d` days, `n` numbers.
const KINDS: [(&str, [(&str, char); 4]); 4] = [
    ("visit", [("mdtrt_id", 'k'), ("psn_no", 'r'), ("time", 'd'), ("total_amount", 'n')]),
    ("item", [("feedetl_sn", 'k'), ("mdtrt_id", 'r'), ("使用时间", 'd'), ("cnt", 'n')]),
    ("person", [("psn_no", 'k'), ("note", 'r'), ("birth_date", 'd'), ("extra", 'n')]),
    ("settlement", [("setl_id", 'k'), ("就诊", 'r'), ("time", 'd'), ("fund_amount", 'n')]),
];
const DAYS: [&str; 8] =
    ["2024-03-01", "2024/3/1 08:30", "20240301", "2024年3月1日", "2024.03.01", "45352", "03/01/2024", ""];
const NUMBERS: [&str; 8] = ["1", "-1", "12.50", "1.2E+5", "1,200", "一", "", "0.0000001"];

fn cell(shape: char, pick: usize) -> String {
    match shape {
        'k' if pick == 9 => String::new(),
        'k' => format!("K{}", pick % 5),
        'd' => DAYS[pick % 8].to_owned(),
        'n' => NUMBERS[pick % 8].to_owned(),
        _ => ["", "K1", "K2", "无主", "a|b", "x, \"y\"", "two\nlines", "K0", "乙", "-"][pick].to_owned(),
    }
}

type Picks = Vec<[usize; 4]>;

/// A file of a kind in one of the formats; the rows it holds are those given.
fn written(kind: usize, format: usize, rows: &Picks) -> NamedBytes {
    let (name, columns) = KINDS[kind];
    let header: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
    let cells = |row: &[usize; 4]| -> Vec<String> {
        columns.iter().zip(row).map(|((_, shape), pick)| cell(*shape, *pick)).collect()
    };
    let table = |between: u8, end: csv::Terminator| {
        let mut writer = csv::WriterBuilder::new().delimiter(between).terminator(end).from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        for row in rows {
            writer.write_record(cells(row)).unwrap();
        }
        writer.into_inner().unwrap()
    };
    let lf = csv::Terminator::Any(b'\n');
    match format {
        0 => file(&format!("{name}.csv"), table(b',', lf)),
        1 => file(&format!("{name}.tsv"), table(b'\t', csv::Terminator::CRLF)),
        2 => {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            packer.write_all(&table(b',', lf)).unwrap();
            file(&format!("{name}/part.csv.gz"), packer.finish().unwrap())
        }
        3 => {
            let line = |row: &Vec<String>| row.join("|@|").replace('\n', " ");
            let lines = std::iter::once(header.join("|@|")).chain(rows.iter().map(|row| line(&cells(row))));
            file(&format!("{name}.txt"), lines.collect::<Vec<_>>().join("\n") + "\n")
        }
        _ => {
            let line = |row: &[usize; 4]| -> String {
                let pairs =
                    header.iter().zip(cells(row)).map(|(name, cell)| ((*name).to_owned(), cell.into()));
                serde_json::Value::Object(pairs.collect()).to_string() + "\n"
            };
            file(&format!("{name}.ndjson"), rows.iter().map(line).collect::<String>())
        }
    }
}

/// What `coverage.json` and `rejects.csv` say of every kind: read, kept, rejected.
fn outputs_say_the_same(input: &Input, name: &str) {
    let folder = std::env::temp_dir().join(format!("jihe-accounts-{name}-{}", std::process::id()));
    let report = RULES.audit(&input.claims, &jihe::Options::default());
    OutputFolder::open(&folder).unwrap().write(&report, input, Format::Csv { bom: false }).unwrap();
    let coverage = std::fs::read_to_string(folder.join("coverage.json")).unwrap();
    let coverage: serde_json::Value = serde_json::from_str(&coverage).unwrap();
    let rejects = std::fs::read(folder.join("rejects.csv")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    for row in csv::Reader::from_reader(rejects.as_slice()).records() {
        *refused.entry(row.unwrap()[0].to_owned()).or_default() += 1;
    }
    let of = |value: &serde_json::Value| value.as_u64().unwrap();
    let rows = coverage["rows"].as_array().unwrap();
    assert_eq!(rows.len(), input.counts.len());
    for row in rows {
        let kind = row["kind"].as_str().unwrap();
        assert_eq!(of(&row["read"]), of(&row["kept"]) + of(&row["rejected"]), "{row}");
        assert_eq!(of(&row["kept"]), of(&coverage["records"][kind]), "{row}");
        assert_eq!(of(&row["rejected"]), refused.remove(kind).unwrap_or(0), "{row}");
    }
    assert!(refused.is_empty(), "{refused:?}");
    assert_eq!(of(&coverage["rejected"]), rows.iter().map(|row| of(&row["rejected"])).sum::<u64>());
    for file in coverage["inputs"].as_array().unwrap() {
        assert_eq!(of(&file["rows"]), of(&file["accepted"]) + of(&file["rejected"]), "{file}");
    }
}

fn picks() -> impl Strategy<Value = Vec<(usize, Picks)>> {
    prop::collection::vec((0usize..5, prop::collection::vec(prop::array::uniform4(0usize..10), 0..14)), 4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rows_in_are_rows_kept_or_rejected(kinds in picks(), threads in 1usize..3) {
        let files: Vec<NamedBytes> =
            kinds.iter().enumerate().map(|(kind, (format, rows))| written(kind, *format, rows)).collect();
        let input = read(files, &ReadOptions { threads, ..ReadOptions::default() });
        for (kind, (format, rows)) in kinds.iter().enumerate() {
            let name = KINDS[kind].0;
            let account = input.files.iter().find(|file| file.file.starts_with(name)).unwrap();
            // A JSON file without lines has no names: nothing is known of it.
            prop_assert!(account.problem.is_none() || (*format == 4 && rows.is_empty()), "{account:?}");
            prop_assert_eq!(account.rows, u64::try_from(rows.len()).unwrap(), "{:?}", account);
            if account.problem.is_none() {
                let told = input.kinds.iter().find(|told| told.kind == name).unwrap();
                prop_assert_eq!(told.read, account.rows);
                prop_assert_eq!(dump(&input, name).len(), usize::try_from(told.kept).unwrap());
            }
        }
        outputs_say_the_same(&input, "whole");
    }

    /// Cut, and with bytes of anything after the cut; also as tables of a mapping and of the national list.
    #[test]
    fn and_of_broken_files_too(
        kinds in picks(),
        cut in 0usize..400,
        tail in prop::collection::vec(any::<u8>(), 0..30),
        threads in 1usize..3,
    ) {
        let mapping = "version = 1\n[[file]]\nname = \"item\"\nkind = \"item\"\nsplit = [\"mdtrt_id\"]\noptional = true\nonly = { cnt = [\"1\", \"-1\", \"一\"] }\n[file.fields]\nitem_id = { column = \"feedetl_sn\", digest = true }\nvisit = \"mdtrt_id\"\nquantity = \"cnt\"\n[[file]]\nname = \"item\"\nkind = \"visit\"\none_per_key = true\noptional = true\n[file.fields]\nvisit_id = \"mdtrt_id\"\ntime = \"使用时间\"\n";
        let mut files: Vec<NamedBytes> =
            kinds.iter().enumerate().map(|(kind, (format, rows))| written(kind, *format, rows)).collect();
        for file in &mut files {
            file.bytes.truncate(cut);
            file.bytes.extend(&tail);
        }
        for mapping in [None, Some(mapping.to_owned())] {
            let options = ReadOptions { mapping, threads, longest_row: 200, ..ReadOptions::default() };
            let input = read(files.clone(), &options);
            adds_up(&input);
            outputs_say_the_same(&input, "broken");
        }
        for file in &mut files {
            file.name = file.name.replace("visit", "SETTLE_MZ").replace("item", "SETTLE_MZ_DETAIL");
            let text = String::from_utf8_lossy(&file.bytes).replace("mdtrt_id", "HISID").replace("cnt", "COST");
            file.bytes = text.into_bytes();
        }
        let options = ReadOptions { layout: Layout::Feijian2024, threads, ..ReadOptions::default() };
        outputs_say_the_same(&read(files, &options), "listed");
    }
}
