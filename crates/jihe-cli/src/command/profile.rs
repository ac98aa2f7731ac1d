//! `jihe profile DIR`: what the data hold, and what the rules need and do not find.
//!
//! In: a data folder, rules. Out: a table or JSON on standard output.
//! Invariant: nothing is audited and nothing is written.

use crate::args::{ProfileFormat, ReadingArgs};
use crate::files::{read_options, rule_files};
use crate::outcome::{Exit, Failure};
use crate::summary::aligned;
use crate::terminal;
use jihe::Language;
use jihe_io::{Input, KindProfile, Profile};
use std::path::{Path, PathBuf};

/// Describes a folder.
pub(crate) fn run(
    (rules, params): (&[PathBuf], Option<&Path>),
    (data, reading): (&Path, &ReadingArgs),
    format: ProfileFormat,
    language: Language,
) -> Result<Exit, Failure> {
    let ruleset = jihe::compile(&rule_files(rules, params)?).map_err(|error| Failure::rules(&error))?;
    let input = Input::read_with(ruleset.schema(), data, &read_options(reading)?)?;
    let profile = jihe_io::profile(ruleset.schema(), &input, &ruleset.requirements());
    match format {
        ProfileFormat::Text => terminal::print(&text(&profile, language)),
        ProfileFormat::Json => {
            let json = serde_json::to_string_pretty(&profile)
                .map_err(|error| Failure::unreadable(error.to_string(), error.to_string()))?;
            terminal::line(&json);
        }
    }
    Ok(Exit::Clean)
}

fn text(profile: &Profile, language: Language) -> String {
    profile.kinds.iter().map(|kind| kind_text(kind, language)).collect()
}

fn kind_text(kind: &KindProfile, language: Language) -> String {
    let KindProfile { kind_zh, kind: name, rows, read, rejected, repeated, .. } = kind;
    let chinese = language == Language::Chinese;
    let mut text = match (chinese, kind.supplied) {
        (true, true) => {
            format!("{kind_zh}（{name}）：读入 {read} 行，保留 {rows}，拒收 {rejected}，重复 {repeated}\n")
        }
        (true, false) => format!("{kind_zh}（{name}）：没有数据，规则需要\n"),
        (false, true) => {
            format!("{name}: {read} rows read, {rows} kept, {rejected} rejected, {repeated} repeated\n")
        }
        (false, false) => format!("{name}: no data, and the rules need it\n"),
    };
    if kind.supplied {
        text.push_str(&aligned(&field_rows(kind, chinese), 2));
    }
    if !kind.missing.is_empty() {
        let zh = kind.fields.iter().filter(|field| kind.missing.contains(&field.field));
        let zh: Vec<&str> = zh.map(|field| field.field_zh.as_str()).collect();
        let told = if chinese {
            format!("  规则需要而没有值的字段：{}\n", zh.join("、"))
        } else {
            format!("  needed by the rules and without any value: {}\n", kind.missing.join(", "))
        };
        text.push_str(&told);
    }
    text.push('\n');
    text
}

fn field_rows(kind: &KindProfile, chinese: bool) -> Vec<Vec<String>> {
    let head = if chinese {
        ["  字段", "规则", "有值", "不同值", "最小", "最大", "无主"]
    } else {
        ["  field", "rules", "filled", "distinct", "min", "max", "orphans"]
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for field in &kind.fields {
        let name = if chinese { &field.field_zh } else { &field.field };
        let needed = match (field.needed, chinese) {
            (false, _) => "",
            (true, true) => "需要",
            (true, false) => "need",
        };
        rows.push(vec![
            format!("  {name}"),
            needed.to_owned(),
            field.filled.to_string(),
            field.distinct.to_string(),
            short(field.min.as_deref()),
            short(field.max.as_deref()),
            field.orphans.map(|count| count.to_string()).unwrap_or_default(),
        ]);
    }
    rows
}

/// At most twenty letters of a value.
fn short(text: Option<&str>) -> String {
    let text = text.unwrap_or_default();
    let head: String = text.chars().take(20).collect();
    if head.len() < text.len() { format!("{head}…") } else { head }
}
