//! `jihe synth` as its users run it: kinds of cities, file formats.
//!
//! In: the command. Out: folders that `jihe audit` finds the same in, whatever the format.
//! Invariant: everything is written below the system's folder for temporary files and removed.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may fail loudly")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("jihe-synth-{name}-{}", std::process::id()))
}

fn jihe(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jihe"));
    command.args(arguments);
    for (name, path) in paths {
        command.arg(name).arg(path);
    }
    command.output().unwrap()
}

/// A city made and audited: the folder, its findings and its promises.
fn audited(name: &str, options: &[&str]) -> (PathBuf, String, String) {
    let (city, out) = (folder(name), folder(&format!("{name}-out")));
    let made = jihe(&[&["synth", "--persons", "60", "--seed", "3"], options].concat(), &[("--out", &city)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let ran = jihe(&["audit"], &[("--data", &city), ("--out", &out)]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let findings = std::fs::read_to_string(out.join("findings.csv")).unwrap();
    let truth = std::fs::read_to_string(city.join("truth.csv")).unwrap();
    std::fs::remove_dir_all(out).unwrap();
    (city, findings, truth)
}

#[test]
fn a_city_in_parquet_gives_what_the_same_city_in_csv_gives() {
    let (csv, from_csv, truth) = audited("csv", &[]);
    let (parquet, from_parquet, same_truth) = audited("parquet", &["--format", "parquet"]);
    assert!(parquet.join("item.parquet").is_file() && !parquet.join("item.csv").is_file());
    assert!(csv.join("item.csv").is_file());
    assert!(from_csv.lines().count() > 100, "{from_csv}");
    assert_eq!(from_csv, from_parquet);
    assert_eq!(truth, same_truth);
    for city in [csv, parquet] {
        std::fs::remove_dir_all(city).unwrap();
    }
}

#[test]
fn a_clean_city_promises_nothing_and_is_replaced_like_any_other() {
    let (city, findings, truth) = audited("clean", &["--variant", "clean"]);
    assert_eq!(truth, "rule_id,subject_key,amount\n");
    assert_eq!(findings.lines().count(), 1, "{findings}");
    let again = jihe(
        &["synth", "--persons", "1001", "--seed", "3", "--variant", "skewed", "--format", "parquet"],
        &[("--out", &city)],
    );
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
    assert!(city.join("item.parquet").is_file() && !city.join("item.csv").exists());
    std::fs::remove_dir_all(city).unwrap();
}
