//! What an audit finds depends neither on the number of threads nor on the order of the rows.
//!
//! In: a city with more fee lines than one thread puts in order alone. Out: the same findings and coverage every time.
//! Invariant: the report on one thread over the rows as they were made is what all others are held against.
#![expect(
    clippy::tests_outside_test_module,
    clippy::unwrap_used,
    reason = "a test may fail loudly, and makes up its rows"
)]

use jihe::{Claims, Options, RuleFiles, Ruleset};
use jihe_io::{NamedBytes, ReadOptions, read_files};
use jihe_synth::{Config, MemorySink, Variant};
use jihe_tests::{city_of, compile, rulebook_files};
use std::fmt::Write;

/// `portions::LEAST` of the engine: fewer rows than this are put in order on one thread.
const ON_ONE_THREAD: usize = 1 << 15;

fn read(ruleset: &Ruleset, files: Vec<NamedBytes>) -> Claims {
    read_files(ruleset.schema(), files, &ReadOptions::default()).unwrap().claims
}

fn claims(ruleset: &Ruleset, city: &MemorySink) -> Claims {
    let file = |name: &String| NamedBytes { name: name.clone(), bytes: city.csv(name).into_bytes() };
    read(ruleset, city.tables.keys().map(file).collect())
}

fn found(ruleset: &Ruleset, claims: &Claims, threads: usize) -> Vec<String> {
    let report = ruleset.audit(claims, &Options { threads });
    let coverage = report.manifest().rules.iter().map(|rule| format!("{rule:?}"));
    report.findings().iter().map(|finding| format!("{finding:?}")).chain(coverage).collect()
}

#[test]
fn neither_threads_nor_the_order_of_rows_matter_in_a_large_city() {
    let ruleset = compile(&rulebook_files());
    let mut city = city_of(&Config { persons: 1_200, seed: 11, variant: Variant::Planted });
    assert!(city.tables.get("item.csv").unwrap().rows.len() > ON_ONE_THREAD);
    let made = claims(&ruleset, &city);
    let expected = found(&ruleset, &made, 1);
    for threads in [2, 3] {
        assert!(found(&ruleset, &made, threads) == expected, "{threads} threads");
    }
    for table in city.tables.values_mut() {
        // Far-off rows come side by side, so that no person's rows are together or in order.
        let (near, far): (Vec<_>, Vec<_>) = table.rows.drain(..).enumerate().partition(|(at, _)| at % 7 < 3);
        table.rows = far.into_iter().rev().chain(near).map(|(_, row)| row).collect();
    }
    let mixed = claims(&ruleset, &city);
    for threads in [1, 2, 3] {
        assert!(found(&ruleset, &mixed, threads) == expected, "{threads} threads over mixed rows");
    }
}

const BEFORE: &str = "规则包 \"例\" 版本 \"1\"
规则 前一条 { 编号 \"X1\" 针对 明细 设 上次 = 上一 明细 同一(就诊.参保人) 当 存在(上次) 涉及 上次 性质 可疑 说明 \"{上次.金额}\" }";

/// Three persons have all lines, so that every place where threads share the rows is within a person.
#[test]
fn threads_share_rows_between_persons_only() {
    let ruleset = compile(&RuleFiles::new().rule("前一条.jihe", BEFORE));
    let mut lines = String::new();
    for at in 0..40_000usize {
        // 7,919 and 43,200 have no common divisor: every line has a minute of its own, in no order.
        let minute = at * 7_919 % 43_200;
        let (day, hour, minute) = (minute / 1_440 + 1, minute / 60 % 24, minute % 60);
        writeln!(lines, "L{at},V{},2024-01-{day:02} {hour:02}:{minute:02}:00,{at}", at % 3).unwrap();
    }
    let file = |name: &str, text: String| NamedBytes { name: name.to_owned(), bytes: text.into_bytes() };
    let claims = read(
        &ruleset,
        vec![
            file("visit.csv", "visit_id,person\nV0,P0\nV1,P1\nV2,P2\n".to_owned()),
            file("item.csv", format!("item_id,visit,used_time,amount\n{lines}")),
        ],
    );
    let expected = found(&ruleset, &claims, 1);
    assert_eq!(
        expected.len(),
        39_998,
        "a finding a line but the first of each person, and the rule's counts"
    );
    for threads in [2, 3, 4] {
        assert!(found(&ruleset, &claims, threads) == expected, "{threads} threads");
    }
}
