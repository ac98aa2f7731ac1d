//! `jihe synth` as its users run it: kinds of cities, file formats.
//!
//! In: the command. Out: folders that `jihe audit` finds the same in, whatever the format.
//! Invariant: everything is written below the system's folder for temporary files and removed.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod support;

use jihe_tests::Folder;
use support::run;

/// A city made and audited: the folder it is in, its findings and its promises.
fn audited(name: &str, options: &[&str]) -> (Folder, String, String) {
    let folder = Folder::new(&format!("synth-{name}"));
    let synth = ["synth", "--persons", "60", "--seed", "3", "--out", "city"];
    for words in [[&synth, options].concat(), vec!["audit", "--data", "city", "--out", "out"]] {
        let (code, text) = run(&folder, &words);
        assert_eq!(code, 0, "{text}");
    }
    let (findings, truth) = (folder.read("out/findings.csv"), folder.read("city/truth.csv"));
    (folder, findings, truth)
}

#[test]
fn a_city_in_parquet_gives_what_the_same_city_in_csv_gives() {
    let (csv, from_csv, truth) = audited("csv", &[]);
    let (parquet, from_parquet, same_truth) = audited("parquet", &["--format", "parquet"]);
    let has = |folder: &Folder, file: &str| folder.path().join("city").join(file).is_file();
    assert!(has(&parquet, "item.parquet") && !has(&parquet, "item.csv") && has(&csv, "item.csv"));
    assert!(from_csv.lines().count() > 100, "{from_csv}");
    assert_eq!(from_csv, from_parquet);
    assert_eq!(truth, same_truth);
}

#[test]
fn a_clean_city_promises_nothing_and_is_replaced_like_any_other() {
    let (folder, findings, truth) = audited("clean", &["--variant", "clean"]);
    assert_eq!(truth, "rule_id,subject_key,amount\n");
    assert_eq!(findings.lines().count(), 1, "{findings}");
    let again = [
        "synth",
        "--persons",
        "1001",
        "--seed",
        "3",
        "--variant",
        "skewed",
        "--format",
        "parquet",
        "--out",
        "city",
    ];
    let (code, text) = run(&folder, &again);
    assert_eq!(code, 0, "{text}");
    let city = folder.path().join("city");
    assert!(city.join("item.parquet").is_file() && !city.join("item.csv").exists());
}
