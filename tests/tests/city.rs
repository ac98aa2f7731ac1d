//! The synthetic city and the shipped rulebook find each other out.
//!
//! In: cities of several seeds. Out: exactly the planted violations, none of the near-misses; identical bytes however it is run.
//! Invariant: truth is the generator's own arithmetic; nothing of the engine is used to compute it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may fail loudly"
)]

use jihe::model::finding::Nature;
use jihe::{Options, Report, Ruleset};
use jihe_synth::{Config, MemorySink, Variant};
use jihe_tests::{city, city_of, city_on_disk, compile, read, rulebook_files};
use std::collections::BTreeMap;

type Key = (String, String, String);

fn audit(ruleset: &Ruleset, city: &MemorySink, name: &str, threads: usize) -> Report {
    let folder = city_on_disk(city, name);
    let input = read(ruleset, folder.path());
    assert!(input.claims.rejects.is_empty(), "{:?}", input.claims.rejects.first());
    ruleset.audit(&input.claims, &Options { threads })
}

fn rows(city: &MemorySink, file: &str) -> Vec<BTreeMap<String, String>> {
    let table = city.tables.get(file).unwrap();
    table.rows.iter().map(|row| table.header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn multiset(keys: impl Iterator<Item = Key>) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

fn found(report: &Report, quality: bool) -> BTreeMap<Key, usize> {
    multiset(
        report.findings().iter().filter(|finding| (finding.nature == Nature::DataQuality) == quality).map(
            |finding| {
                let line = jihe::wire::finding_line(finding);
                (line.rule_id.to_owned(), line.subject_key.to_owned(), line.amount.unwrap_or_default())
            },
        ),
    )
}

fn difference(left: &BTreeMap<Key, usize>, right: &BTreeMap<Key, usize>) -> Vec<Key> {
    left.iter()
        .filter(|(key, count)| right.get(*key).copied().unwrap_or(0) < **count)
        .map(|(key, _)| key.clone())
        .collect()
}

fn recovers(persons: u32, seed: u64, variant: Variant) {
    let ruleset = compile(&rulebook_files());
    let city = city_of(&Config { persons, seed, variant });
    let report = audit(&ruleset, &city, &format!("recover-{seed}-{variant:?}"), 2);
    let truth = multiset(
        rows(&city, "truth.csv")
            .into_iter()
            .map(|row| (row["rule_id"].clone(), row["subject_key"].clone(), row["amount"].clone())),
    );
    let found = found(&report, false);
    let missed = difference(&truth, &found);
    let extra = difference(&found, &truth);
    assert!(missed.is_empty() && extra.is_empty(), "seed {seed}\nmissed {missed:#?}\nextra {extra:#?}");
    for near in rows(&city, "near_miss.csv") {
        let hit = report.findings().iter().find(|finding| {
            *finding.rule_id == *near["rule_id"] && finding.subject_key == near["subject_key"]
        });
        assert!(hit.is_none(), "near miss found: {near:?}");
    }
}

#[test]
fn planted_violations_are_recovered_seed_1() {
    recovers(1_000, 1, Variant::Planted);
}

#[test]
fn planted_violations_are_recovered_seed_2() {
    recovers(600, 2, Variant::Planted);
}

#[test]
fn planted_violations_are_recovered_seed_3() {
    recovers(300, 3, Variant::Planted);
}

/// Some persons and institutions hold most of the lines: that alone is no violation.
#[test]
fn planted_violations_are_recovered_in_a_skewed_city() {
    recovers(1_100, 4, Variant::Skewed);
    let city = city_of(&Config { persons: 1_100, seed: 4, variant: Variant::Skewed });
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows(&city, "item.csv") {
        *lines.entry(row["visit"].clone()).or_insert(0) += 1;
    }
    assert!(lines.values().max() > Some(&3_000), "{:?}", lines.values().max());
}

#[test]
fn a_clean_city_has_no_finding() {
    let ruleset = compile(&rulebook_files());
    let city = city_of(&Config { persons: 500, seed: 5, variant: Variant::Clean });
    assert_eq!(city.texts["truth.csv"], "rule_id,subject_key,amount\n");
    let report = audit(&ruleset, &city, "clean", 2);
    assert!(report.findings().is_empty(), "{:?}", report.findings().first());
}

#[test]
fn no_shipped_rule_is_undecided_for_all() {
    let ruleset = compile(&rulebook_files());
    let report = audit(&ruleset, &city(600, 1), "undecided", 2);
    let blind: Vec<&str> = report
        .manifest()
        .rules
        .iter()
        .filter(|line| line.seen > 0 && line.undecided == line.seen)
        .map(|line| line.rule_id.as_str())
        .collect();
    assert!(blind.is_empty(), "undecided for every subject: {blind:?}");
}

#[test]
fn findings_do_not_depend_on_threads_or_order() {
    let ruleset = compile(&rulebook_files());
    let mut city = city(400, 7);
    let one = audit(&ruleset, &city, "one", 1);
    let two = audit(&ruleset, &city, "two", 2);
    for (file, table) in &mut city.tables {
        if file != "truth.csv" && file != "near_miss.csv" {
            table.rows.reverse();
        }
    }
    let reversed = audit(&ruleset, &city, "reversed", 2);
    let bytes = |report: &Report| jihe::wire::findings_json(report.findings());
    assert_eq!(bytes(&one), bytes(&two));
    assert_eq!(bytes(&one), bytes(&reversed));
    let manifest = |report: &Report| serde_json::to_string(report.manifest()).unwrap();
    assert_eq!(manifest(&one), manifest(&two));
    assert_eq!(manifest(&one), manifest(&reversed));
}

#[test]
fn findings_do_not_depend_on_buckets_or_chunks() {
    let ruleset = compile(&rulebook_files());
    let folder = city_on_disk(&city(300, 5), "buckets");
    let input = read(&ruleset, folder.path());
    let run = |threads: usize, buckets: Option<usize>, chunk: usize| {
        let options = jihe_engine::Options { threads, buckets, chunk, ..jihe_engine::Options::default() };
        jihe_engine::audit(ruleset.typed(), &input.claims.records, &options)
    };
    let plain = run(1, None, 1 << 20);
    assert!(plain.findings.len() > 50);
    for (threads, buckets, chunk) in
        [(1, Some(1), 1 << 20), (1, Some(7), 64), (2, Some(40), 1), (2, Some(1_000), 1_000)]
    {
        assert!(
            run(threads, buckets, chunk) == plain,
            "{threads} threads, {buckets:?} buckets, chunk {chunk}"
        );
    }
}

#[test]
fn shipped_tests_pass() {
    let report = compile(&rulebook_files()).test();
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    assert!(report.tests >= 20, "only {} tests", report.tests);
}
