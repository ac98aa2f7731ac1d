//! The smallest host: three rules, one person's claims, the findings.
//!
//! In: `examples/three-rules`. Out: one line a finding.
//! Invariant: prints what `expected.txt` beside the rules says.
#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a program reads files and prints")]

use std::{error::Error, fs};

fn audit(folder: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let read = |name: &str| fs::read_to_string(format!("{folder}/{name}"));
    let mut files = jihe::RuleFiles::new().rule("rules.jihe", read("rules.jihe")?);
    for table in ["适应症.csv", "组套.csv", "套餐价.csv"] {
        files = files.table(table, read(table)?);
    }
    let ruleset = jihe::compile(&files)?;
    let mut claims = ruleset.claims_from_json(&read("claims.json")?)?;
    claims.records.run.unbounded = true; // this is all there is: nothing lies before or after it
    let report = ruleset.audit(&claims, &jihe::Options::default());
    let lines = report.findings().iter().map(jihe::wire::finding_line);
    Ok(lines
        .map(|f| format!("{} {} {} {}", f.rule_id, f.subject_key, f.amount.unwrap_or_default(), f.message))
        .collect())
}

fn main() -> Result<(), Box<dyn Error>> {
    for line in audit(concat!(env!("CARGO_MANIFEST_DIR"), "/../three-rules"))? {
        println!("{line}");
    }
    Ok(())
}

#[test]
fn prints_what_is_expected() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../three-rules");
    let expected = fs::read_to_string(format!("{folder}/expected.txt")).unwrap();
    assert_eq!(audit(folder).unwrap().join("\n"), expected.trim_end());
}
