//! The golden corpus through the reference: results worked out by hand by others.
//!
//! In: `tests/golden/*`. Out: nothing, or where the reference differs.
//! Invariant: the runner knows nothing of any single case.
#![expect(clippy::disallowed_methods, reason = "a test reads its corpus")]
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::format_push_string,
    clippy::indexing_slicing,
    reason = "a case that cannot be read fails the test"
)]

#[path = "support/case.rs"]
#[expect(dead_code, reason = "this test needs the checking of rules only")]
mod case;

use jihe_model::finding::{Evidence, Finding, Nature};
use jihe_model::records::RunDates;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_golden_corpus_agrees() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(corpus).expect("the corpus").map(|entry| entry.expect("an entry").path()).collect();
    folders.retain(|path| path.join("rules.jihe").exists() && !path.join("params").exists());
    folders.sort();
    assert!(folders.len() >= 10, "the corpus is there");
    let mut wrong = String::new();
    for folder in folders {
        if let Some(difference) = difference(&folder) {
            wrong.push_str(&format!("\n==== {}\n{difference}", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn difference(folder: &Path) -> Option<String> {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.insert(name.clone(), read(&name));
        }
    }
    let typed = match case::rules(&read("rules.jihe"), &files) {
        Ok(typed) => typed,
        Err(errors) => return Some(errors.join("\n")),
    };
    let claims: Value = serde_json::from_str(&read("claims.json")).expect("claims are JSON");
    let (mut records, _) =
        jihe_model::ingest::claims_from_json(&typed.schema, &claims).expect("claims can be read");
    records.run = run_dates(&read("options.json"));
    let outcomes = jihe_reference::audit(&typed, &records);
    let expected: Vec<Value> = serde_json::from_str(&read("findings.json")).expect("findings are JSON");
    let found: Vec<Value> = outcomes.findings.iter().map(told).collect();
    for (place, expected) in expected.iter().enumerate() {
        let Some(found) = found.get(place) else { return Some(format!("not found: {expected}")) };
        let mut found = found.clone();
        if expected["finding_id"].is_null() {
            found["finding_id"] = Value::Null;
        }
        if found != *expected {
            return Some(format!("expected {expected}\nfound    {found}\n{}", case::told(&outcomes)));
        }
    }
    (found.len() > expected.len()).then(|| format!("too many: {}", found[expected.len()]))
}

fn run_dates(options: &str) -> RunDates {
    let options: Value = serde_json::from_str(options).unwrap_or(Value::Null);
    let day = |value: &Value| {
        let mut parts = value.as_str()?.splitn(3, '-').map(str::parse::<i64>);
        let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        jihe_model::calendar::day_of(
            i32::try_from(year).ok()?,
            u32::try_from(month).ok()?,
            u32::try_from(day).ok()?,
        )
    };
    let coverage = day(&options["coverage"][0]).zip(day(&options["coverage"][1]));
    RunDates { as_of: day(&options["as_of"]), coverage, ..RunDates::default() }
}

fn told(finding: &Finding) -> Value {
    let nature = match finding.nature {
        Nature::Violation => "violation",
        Nature::Likely => "likely",
        Nature::Suspicious => "suspicious",
        Nature::DataQuality => "data_quality",
    };
    let values: Map<String, Value> =
        finding.values.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
    let involved: Vec<Value> =
        finding.involved.iter().map(|record| json!({"kind": &*record.kind, "key": record.key})).collect();
    json!({
        "finding_id": finding.finding_id,
        "rule_id": &*finding.rule_id,
        "rule_name": &*finding.rule_name,
        "rule_version": &*finding.rule_version,
        "nature": nature,
        "subject_kind": &*finding.subject_kind,
        "subject_key": finding.subject_key,
        "person": finding.person,
        "institution": finding.institution,
        "practitioner": finding.practitioner,
        "visit": finding.visit,
        "service_date": finding.service_date.map(jihe_model::calendar::format_day),
        "amount": money(finding.amount),
        "message": finding.message,
        "verify": &*finding.verify,
        "basis": finding.basis.join("；"),
        "offending": finding.offending.iter().map(line).collect::<Vec<Value>>(),
        "involved": involved,
        "values": values,
    })
}

fn line(evidence: &Evidence) -> Value {
    json!({"kind": &*evidence.kind, "key": evidence.key, "amount": money(evidence.amount)})
}

fn money(amount: Option<i64>) -> Option<String> {
    amount.map(|amount| format!("{}.{:04}", amount / 10_000, amount % 10_000))
}
