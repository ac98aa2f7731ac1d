//! An audit within bounded memory says what an audit says that holds everything.
//!
//! In: cities of every variant, and small folders as contradictory as data can be. Out: the same bytes, with and without.
//! Invariant: bounds here are far below what the command line allows, so that every way through the disk is taken.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::tests_outside_test_module,
    reason = "a test may fail loudly, and writes below the temporary folder"
)]

mod support;

use jihe::model::ingest::Needs;
use jihe::{Options, RuleFiles, Ruleset};
use jihe_io::{
    Cleanup, Format, Input, MemoryBound, OutputFolder, ReadOptions, RunFile, SpillStage, audit_within,
};
use jihe_synth::{Config, Variant};
use jihe_tests::{Folder, city_of, city_on_disk, compile, rulebook_files};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use support::run;

type Files = BTreeMap<String, String>;

fn read_all(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    entries.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

/// Everything is read, or what the rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Columns {
    All,
    Needed,
}

fn reading(ruleset: &Ruleset, data: &Path, (threads, columns): (usize, Columns)) -> ReadOptions {
    let dates = RunFile::read(data).unwrap();
    let given = dates.as_of.is_some() && dates.coverage.is_some();
    let needs = match columns {
        Columns::All => Needs::default(),
        Columns::Needed if given => ruleset.needs().with_dates_given(),
        Columns::Needed => ruleset.needs(),
    };
    ReadOptions { threads, needs, ..ReadOptions::default() }
}

fn whole(ruleset: &Ruleset, data: &Path, out: &Path, how: (usize, Columns)) -> Files {
    let options = reading(ruleset, data, how);
    let mut input = Input::read_with(ruleset.schema(), data, &options).unwrap();
    RunFile::read(data).unwrap().apply(&mut input.claims.records.run);
    let report = ruleset.audit(&input.claims, &Options { threads: how.0 });
    OutputFolder::open(out).unwrap().write(&report, &input, Format::Csv { bom: false }).unwrap();
    read_all(out)
}

/// The output within a bound, the number of buckets, and how often everything was read; none if the bound is too small for
/// some person.
fn within(
    ruleset: &Ruleset,
    data: &Path,
    out: &Path,
    (bytes, how): (u64, (usize, Columns)),
) -> Option<(Files, usize, usize)> {
    let temp = Folder::new(&format!("temp-{bytes}-{}-{}", how.0, out.file_name().unwrap().to_string_lossy()));
    let bound = MemoryBound { bytes, temp_dir: Some(temp.path().to_path_buf()), cleanup: Cleanup::default() };
    let options = reading(ruleset, data, how);
    let dates = RunFile::read(data).unwrap();
    let (mut count, mut times) = (0, 0);
    let mut told = |stage| {
        if let SpillStage::Routed { buckets, .. } = stage {
            count = buckets;
            times += 1;
        }
    };
    let audit = audit_within(ruleset, (data, &options), (&dates, &bound), &mut told);
    let written = match audit {
        Ok(audit) => {
            audit.write(&OutputFolder::open(out).unwrap(), Format::Csv { bom: false }).unwrap();
            Some((read_all(out), count, times))
        }
        Err(error) => {
            assert!(error.is_usage(), "{error}");
            None
        }
    };
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 0, "the temporary folder is left behind");
    written
}

fn assert_same(name: &str, left: &Files, right: &Files) {
    for (file, text) in left {
        let other = &right[file];
        let lines = text.lines().zip(other.lines()).find(|(left, right)| left != right);
        assert!(text == other, "{name}: {file} differs: {lines:#?}");
    }
    assert_eq!(left.len(), right.len());
}

/// The same in buckets as whole; how often everything was read.
fn same_in_buckets(
    name: &str,
    ruleset: &Ruleset,
    data: &Path,
    (bytes, how): (u64, (usize, Columns)),
) -> usize {
    let out = Folder::new(&format!("out-{name}"));
    let expected = whole(ruleset, data, &out.path().join("whole"), how);
    assert!(expected["findings.csv"].lines().count() > 5, "{name}: hardly anything was found");
    let (files, buckets, times) = within(ruleset, data, &out.path().join(name), (bytes, how)).unwrap();
    assert_same(&format!("{name}, {bytes} bytes, {how:?}"), &expected, &files);
    assert!(buckets > 1, "only {buckets} buckets");
    times
}

fn city(variant: Variant) -> Folder {
    city_on_disk(&city_of(&Config { persons: 600, seed: 5, variant }), &format!("{variant:?}"))
}

#[test]
fn a_planted_city_is_the_same_in_buckets() {
    let data = city(Variant::Planted);
    let rulebook = compile(&rulebook_files());
    same_in_buckets("planted", &rulebook, data.path(), (48 << 20, (2, Columns::All)));
    same_in_buckets("planted-needed", &rulebook, data.path(), (48 << 20, (2, Columns::Needed)));
}

#[test]
fn a_skewed_city_is_the_same_in_buckets() {
    let data = city(Variant::Skewed);
    same_in_buckets("skewed", &compile(&rulebook_files()), data.path(), (64 << 20, (1, Columns::All)));
}

#[test]
fn a_city_in_parquet_is_the_same_in_buckets() {
    let data = Folder::new("parquet");
    let synth = ["synth", "--persons", "600", "--seed", "5", "--format", "parquet", "--out", "city"];
    assert_eq!(run(&data, &synth).0, 0);
    let (city, rulebook) = (data.path().join("city"), compile(&rulebook_files()));
    assert!(city.join("item.parquet").exists());
    same_in_buckets("parquet", &rulebook, &city, (48 << 20, (2, Columns::All)));
    same_in_buckets("parquet-needed", &rulebook, &city, (48 << 20, (1, Columns::Needed)));
    // Few kinds are looked at, and no key is compared; of the others the rows are counted.
    let few = compile(&RuleFiles::new().rule("少.jihe", FEW));
    let times = same_in_buckets("parquet-few", &few, &city, (8 << 20, (2, Columns::Needed)));
    assert_eq!(times, 1, "no two rows of the kinds looked at share a key");
}

/// More rules by person than run at once over the first bucket, all charging the same lines, and none over everybody.
#[test]
fn a_line_is_charged_once_by_rules_that_run_apart() {
    let rule = |number: u32| {
        let id = format!("甲{number} {{ 编号 \"G{number:02}\" 针对 明细 当 金额 > {number} 元");
        format!("规则 {id} 违规金额 金额 - {number} 元 性质 可疑 说明 \"甲\" }}\n")
    };
    let rules: String = (0..20).map(rule).collect::<Vec<_>>().concat();
    let ruleset = compile(&RuleFiles::new().rule("多.jihe", format!("规则包 \"多\" 版本 \"1\"\n{rules}")));
    same_in_buckets("apart", &ruleset, city(Variant::Clean).path(), (8 << 20, (2, Columns::Needed)));
}

const FEW: &str = r#"
规则包 "少" 版本 "1"
规则 甲 { 编号 "F1" 针对 明细 当 金额 > 500 元 违规金额 金额 性质 可疑 说明 "{金额} {截止日}" }
规则 乙 { 编号 "F2" 针对 明细 按 (就诊, 项目编码) 当 合计(本组.数量) > 20 性质 可疑 说明 "乙" }
"#;

const RULES: &str = r#"
规则包 "乱" 版本 "1"
统计 机构单价 = 明细 按(就诊.机构) { 均价 = 平均(本组.金额) }
规则 甲 { 编号 "M1" 针对 明细 按 (就诊, 项目编码) 当 合计(本组.数量) > 2 违规金额 超出部分(本组.数量, 2) 性质 违规 说明 "甲" }
规则 乙 { 编号 "M2" 针对 就诊 设 近 = 其他 就诊 同一(参保人) 最近 30 天 当 计数(近) ≥ 1 涉及 近 性质 可疑 说明 "{计数(近)}" }
规则 丙 { 编号 "M3" 针对 追溯码 当 明细.就诊.参保人.性别 = "1" 性质 可疑 说明 "丙" }
规则 丁 { 编号 "M4" 针对 明细 当 金额 > 10 元 且 结算.就诊.参保人.性别 = "2" 违规金额 金额 性质 可疑 说明 "丁" }
规则 戊 { 编号 "M5" 针对 机构单价 当 均价 > 5 元 性质 可疑 说明 "{均价} {截止日}" }
规则 己 { 编号 "M6" 针对 退费 当 已知(就诊.参保人) 性质 数据质量 说明 "己" }
规则 庚 { 编号 "M7" 针对 明细 设 同 = 其他 明细 同一(就诊.机构) 当日 当 计数(同) ≥ 2 违规金额 金额 涉及 同 性质 违规 说明 "庚" }
"#;

/// A generator of small numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    /// A reference that most often leads where it should, else anywhere, nowhere, or is missing.
    fn reference(&mut self, letter: &str, right: u64, there: u64) -> String {
        match self.below(90) {
            0 | 1 => String::new(),
            2 => format!("{letter}{}", there + self.below(3)),
            3 => format!("{letter}{}", self.below(there)),
            _ => format!("{letter}{right}"),
        }
    }

    fn day(&mut self) -> String {
        match self.below(15) {
            0 => "2024-02-31".to_owned(),
            1 => String::new(),
            _ => format!("2024-03-{:02}", 1 + self.below(28)),
        }
    }
}

/// Records that contradict themselves in every way there is.
fn jumble(folder: &Path, seed: u64, scale: u64) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut put = |name: &str, header: &str, rows: u64, row: &mut dyn FnMut(&mut Dice, u64) -> String| {
        let mut text = format!("{header}\n");
        for at in 0..rows {
            let line = row(&mut dice, at);
            writeln!(text, "{line}").unwrap();
            if dice.below(9) == 0 {
                // The same again, in full or with another content under the same key.
                let other = (dice.below(2) == 0).then(|| row(&mut dice, at));
                let again = other.unwrap_or(line);
                writeln!(text, "{again}").unwrap();
            }
        }
        fs::write(folder.join(name), text).unwrap();
    };
    let (persons, visits, items) = (20 * scale, 60 * scale, 180 * scale);
    put("person.csv", "person_id,sex", persons, &mut |dice, at| format!("P{at},{}", 1 + dice.below(2)));
    put("institution.csv", "institution_id,name", 3, &mut |dice, at| format!("H{at},{}", dice.below(2)));
    put("practitioner.csv", "practitioner_id,person", 4, &mut |dice, at| {
        format!("D{at},{}", dice.reference("P", at, persons))
    });
    put("visit.csv", "visit_id,person,institution,practitioner,time", visits, &mut |dice, at| {
        let person = dice.reference("P", at % persons, persons);
        let (place, doctor) = (dice.below(4), dice.below(5));
        format!("V{at},{person},H{place},D{doctor},{}", dice.day())
    });
    put("settlement.csv", "settlement_id,visit,time", visits, &mut |dice, at| {
        format!("S{at},{},{}", dice.reference("V", at, visits), dice.day())
    });
    let head = "item_id,visit,settlement,original_item,item_code,used_time,quantity,unit_price,amount";
    put("item.csv", head, items, &mut |dice, at| {
        let visit = if dice.below(15) == 0 { String::new() } else { format!("V{}", at % visits) };
        let bill = dice.reference("S", at % visits, visits);
        let negative = dice.below(8) == 0;
        let before = at.checked_sub(visits).unwrap_or(at);
        let original =
            if negative && dice.below(2) == 0 { dice.reference("L", before, items) } else { String::new() };
        let id = if dice.below(60) == 0 { format!("L{before}#2") } else { format!("L{at}") };
        let count = if negative { -1 } else { 1 + i64::try_from(dice.below(3)).unwrap() };
        let code = dice.below(3);
        format!("{id},{visit},{bill},{original},C{code},{},{count},4,{}", dice.day(), count * 4)
    });
    put("refund.csv", "refund_id,item,settlement,visit,time,quantity,amount", 12, &mut |dice, at| {
        let id = if dice.below(3) == 0 { format!("L{}", at * 7) } else { format!("R{at}") };
        let (item, bill) = (dice.reference("L", at, items), dice.reference("S", at, visits));
        let visit = if dice.below(2) == 0 { String::new() } else { dice.reference("V", at, visits) };
        format!("{id},{item},{bill},{visit},{},1,4", dice.day())
    });
    put("trace.csv", "code,item,time", items / 2, &mut |dice, at| {
        format!("T{},{},{}", at / 2, dice.reference("L", at, items), dice.day())
    });
    put("report.csv", "report_id,visit,item,report_time", visits / 3, &mut |dice, at| {
        // The last day of all is that of a kind no rule looks at.
        let day = if at == 0 { "2024-04-30".to_owned() } else { dice.day() };
        format!("A{at},{},{},{day}", dice.reference("V", at, visits), dice.reference("L", at, items))
    });
}

#[test]
fn contradictions_are_the_same_in_buckets() {
    let again = same_in_jumbles(Columns::All);
    assert_eq!(again, 0, "what was read whole was read again");
}

#[test]
fn contradictions_are_the_same_in_buckets_of_needed_columns() {
    let again = same_in_jumbles(Columns::Needed);
    assert!(again > 45, "rows of one key were compared by half in all but {again} runs");
}

/// How many runs read anything again.
fn same_in_jumbles(columns: Columns) -> usize {
    let ruleset = compile(&RuleFiles::new().rule("乱.jihe", RULES));
    let (mut bounded, mut several, mut again) = (0, 0, 0);
    for seed in 1..30 {
        let folder = Folder::new(&format!("jumble-{columns:?}-{seed}"));
        let data = folder.path().join("data");
        fs::create_dir_all(&data).unwrap();
        // Beside the larger the tables of keys are large too, and go to disk.
        let scale = 1 + seed % 5;
        jumble(&data, seed, scale);
        if seed % 3 == 0 {
            fs::write(
                data.join("run.toml"),
                "as_of = \"2024-12-31\"\ncoverage = [\"2024-01-01\", \"2024-12-31\"]\n",
            )
            .unwrap();
        }
        let expected = whole(&ruleset, &data, &folder.path().join("whole"), (1, columns));
        assert!(expected["rejects.csv"].lines().count() > 5, "too well behaved");
        for bytes in [scale * 60_000, scale * 120_000, scale * 350_000, 4 << 20] {
            let out = folder.path().join(format!("jumble-{columns:?}-{seed}-{bytes}"));
            let within = within(&ruleset, &data, &out, (bytes, (1, columns)));
            let Some((files, buckets, times)) = within else { continue };
            let skipped = files["coverage.json"].contains("\"memory\"");
            bounded += 1;
            again += usize::from(times > 1);
            several += usize::from(buckets > 1);
            if skipped {
                assert_eq!(expected["rejects.csv"], files["rejects.csv"]);
            } else {
                assert_same(&format!("seed {seed}, {bytes} bytes"), &expected, &files);
            }
        }
    }
    assert!(bounded > 45 && several > 25, "{bounded} runs, {several} in several buckets");
    again
}
