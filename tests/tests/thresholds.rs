//! Every shipped threshold matters: one step up or down and the planted cases are no longer recovered.
//!
//! In: the shipped parameters, each moved by one unit of its last digit by a file of overrides. Out: a changed finding or nature.
//! Invariant: a planted case lies one step beyond a threshold and a near-miss on it, so no step goes unnoticed.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::excessive_nesting,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails loudly"
)]

use jihe::{Options, Ruleset};
use jihe_synth::MemorySink;
use jihe_tests::{city, city_on_disk, compile, read, rulebook_files};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Amount and nature of each finding, by rule and subject.
type Found = BTreeMap<(String, String), (String, String)>;

/// Steps that mean the same: of fewer than a hundred peers the 99th percentile (nearest rank) is the greatest value, which none exceeds.
const EQUIVALENT: [&str; 1] = ["最少同类 100 → 99"];

/// A parameter with its values: the undated one first, then those with a day.
#[derive(Debug)]
struct Parameter {
    name: String,
    values: Vec<(Option<String>, String)>,
}

#[test]
fn a_step_of_any_planted_threshold_is_noticed() {
    let shipped = compile(&rulebook_files());
    let city = city(0, 1);
    let folder = city_on_disk(&city, "thresholds");
    let claims = read(&shipped, folder.path()).claims;
    let audit = |ruleset: &Ruleset| found(&ruleset.audit(&claims, &Options { threads: 2 }));
    let planted = planted_rules(&city);
    let before = audit(&shipped);
    let mut unnoticed = Vec::new();
    for parameter in parameters().iter().filter(|parameter| is_planted(&parameter.name, &planted)) {
        for (place, (_, value)) in parameter.values.iter().enumerate() {
            for up in [true, false] {
                let Some(stepped) = step(value, up) else { continue };
                let overrides = overrides(parameter, place, &stepped);
                let files = rulebook_files().params("步.jihe", overrides.as_str());
                // A value outside 范围 is refused, which is noticed, too.
                let Ok(ruleset) = jihe::compile(&files) else { continue };
                let moved = format!("{} {value} → {stepped}", parameter.name);
                if audit(&ruleset) == before && !EQUIVALENT.contains(&moved.as_str()) {
                    unnoticed.push(moved);
                }
            }
        }
    }
    assert!(unnoticed.is_empty(), "no planted case notices {unnoticed:#?}");
}

#[test]
fn natures_are_as_promised() {
    let ruleset = compile(&rulebook_files());
    let city = city(0, 2);
    let folder = city_on_disk(&city, "natures");
    let claims = read(&ruleset, folder.path()).claims;
    let found = found(&ruleset.audit(&claims, &Options { threads: 2 }));
    for row in &city.tables["nature.csv"].rows {
        let (_, nature) = &found[&(row[0].clone(), row[1].clone())];
        assert_eq!(*nature, row[2], "{row:?}");
    }
}

fn found(report: &jihe::Report) -> Found {
    let line = |finding| {
        let line = jihe::wire::finding_line(finding);
        let said = (line.amount.unwrap_or_default(), line.nature.to_string());
        ((line.rule_id.to_owned(), line.subject_key.to_owned()), said)
    };
    report.findings().iter().map(line).collect()
}

fn planted_rules(city: &MemorySink) -> BTreeSet<String> {
    let promises = city.tables["truth.csv"].rows.iter().chain(&city.tables["data_quality.csv"].rows);
    promises.map(|row| row[0].clone()).collect()
}

/// Whether a rule with planted cases, or a derived field, mentions a parameter.
fn is_planted(parameter: &str, planted: &BTreeSet<String>) -> bool {
    jihe_rulebook::files().iter().flat_map(|(_, text)| declarations(text)).any(|declaration| {
        let id = declaration.split("编号").nth(1).and_then(|rest| rest.split('"').nth(1));
        let counts = match id {
            Some(id) => planted.contains(id),
            None => declaration.starts_with("派生"),
        };
        counts && declaration.contains(parameter)
    })
}

/// The top-level declarations that end with a brace in the first column.
fn declarations(text: &str) -> Vec<String> {
    let mut declarations = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("规则 ")
            || line.starts_with("派生 ")
            || line.starts_with("统计 ")
            || line.starts_with("测试 ")
        {
            declarations.push(String::new());
        }
        let last = declarations.len() - 1;
        declarations[last].push_str(line);
        declarations[last].push('\n');
    }
    declarations.retain(|declaration| !declaration.starts_with("测试 "));
    declarations
}

fn parameters() -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    for line in jihe_rulebook::files().iter().flat_map(|(_, text)| text.lines()) {
        let Some((left, right)) = line.split_once('=') else { continue };
        let value = right.split("范围").next().unwrap().split('#').next().unwrap().trim().to_owned();
        if let Some(name) = left.strip_prefix("参数 ") {
            parameters.push(Parameter { name: name.trim().to_owned(), values: vec![(None, value)] });
        } else if let (Some(day), Some(last)) = (left.trim().strip_prefix("自 "), parameters.last_mut()) {
            last.values.push((Some(day.trim().to_owned()), value));
        }
    }
    parameters
}

/// A value with the last digit of its number one more or less; none if it does not begin with a number.
fn step(value: &str, up: bool) -> Option<String> {
    let end = value.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end)?;
    let places = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits: i64 = number.replace('.', "").parse().ok()?;
    let moved = if up { digits.checked_add(1)? } else { digits.checked_sub(1)? };
    let mut text = format!("{moved:0width$}", width = places + 1);
    if places > 0 {
        text.insert(text.len() - places, '.');
    }
    Some(text + unit)
}

/// A package that changes one value of a parameter and repeats the others.
fn overrides(parameter: &Parameter, place: usize, stepped: &str) -> String {
    let mut text = format!("规则包 \"一步\" 版本 \"1\"\n参数 {} =", parameter.name);
    for (at, (day, value)) in parameter.values.iter().enumerate() {
        let value = if at == place { stepped } else { value };
        match day {
            None => write!(text, " {value}").unwrap(),
            Some(day) => write!(text, "\n  自 {day} = {value}").unwrap(),
        }
    }
    text.push('\n');
    text
}

#[test]
fn steps_move_the_last_digit() {
    assert_eq!(step("15 天", true).unwrap(), "16 天");
    assert_eq!(step("0.05 元", false).unwrap(), "0.04 元");
    assert_eq!(step("2%", true).unwrap(), "3%");
    assert_eq!(step("是", true), None);
}
