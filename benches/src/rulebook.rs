//! Rulebooks of a wished size.
//!
//! In: the shipped rulebook. Out: the same and copies of its rules, each copy with parameters of its own.
//! Invariant: a copy shares with its original only what any two rules over the same data share.

use jihe::{RuleFiles, Ruleset};
use jihe_tests::{compile, rulebook_files};
use std::collections::BTreeSet;
use std::fmt::Write;

/// The blocks `规则 … { … }` of a rule file: name and text.
fn rule_blocks(text: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find("\n规则 ").map(|found| at + found + 1) {
        let end = text[found..].find("\n}\n").map_or(text.len(), |end| found + end + 3);
        let name = text[found..].split_whitespace().nth(1).expect("a rule has a name");
        blocks.push((name, &text[found..end]));
        at = end - 1;
    }
    blocks
}

/// The statements `参数 … = …`, dated values included.
fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("参数 ") {
            let name = rest.split_whitespace().next().expect("a parameter has a name");
            found.push((name, format!("{line}\n")));
            inside = true;
        } else if inside && line.starts_with("  自 ") {
            let held = found.last_mut().expect("a dated value follows a parameter");
            held.1.push_str(line);
            held.1.push('\n');
        } else {
            inside = false;
        }
    }
    found
}

/// The shipped rulebook, with copies of its 个人 rules until so many of them run in a session.
pub fn person_rules(count: usize) -> Ruleset {
    compile(&copied_files(count))
}

/// The files of the same.
pub fn copied_files(count: usize) -> RuleFiles {
    let shipped = rulebook_files();
    let ruleset = compile(&shipped);
    let personal: BTreeSet<String> =
        ruleset.scopes().filter(|(_, scope)| *scope == "person").map(|(id, _)| id.to_owned()).collect();
    let mut left = count.saturating_sub(personal.len());
    let (mut files, mut round) = (shipped, 0);
    while left > 0 {
        round += 1;
        let mut copy = format!("规则包 \"副本{round}\" 版本 \"1\"\n");
        let mut known: Vec<(&str, String)> = Vec::new();
        let texts: Vec<&str> = jihe_rulebook_texts();
        for text in &texts {
            known.extend(parameters(text));
        }
        known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        for (name, statement) in &known {
            copy.push_str(&statement.replacen(name, &format!("{name}副{round}"), 1));
        }
        for text in &texts {
            for (name, block) in rule_blocks(text) {
                let id = block.split('"').nth(1).expect("a rule has an id");
                if left == 0 || !personal.contains(id) {
                    continue;
                }
                left -= 1;
                copy.push_str(&copied(name, id, block, round, &known));
            }
        }
        files = files.rule(format!("copy{round}.jihe"), copy);
    }
    files
}

fn jihe_rulebook_texts() -> Vec<&'static str> {
    jihe_rulebook::files().iter().map(|(_, text)| *text).collect()
}

fn copied(name: &str, id: &str, block: &str, round: usize, known: &[(&str, String)]) -> String {
    let mut text = String::new();
    for line in block.lines().filter(|line| !line.trim_start().starts_with("优先于")) {
        let mut line = line
            .replacen(&format!("规则 {name} "), &format!("规则 {name}副{round} "), 1)
            .replacen(&format!("\"{id}\""), &format!("\"{id}~{round}\""), 1);
        // Longest first, marked so that a name inside another is not met again.
        for (at, (parameter, _)) in known.iter().enumerate() {
            line = line.replace(parameter, &format!("\u{1}{at}\u{1}"));
        }
        for (at, (parameter, _)) in known.iter().enumerate() {
            line = line.replace(&format!("\u{1}{at}\u{1}"), &format!("{parameter}副{round}"));
        }
        let _ = writeln!(text, "{line}");
    }
    text
}

/// So many rules over lines, each of one item code: `针对 明细 其中 项目编码 = …`.
pub fn rules_of_lines(count: usize) -> RuleFiles {
    let mut text = "规则包 \"行\" 版本 \"1\"\n".to_owned();
    for rule in 0..count {
        let _ = writeln!(
            text,
            "规则 单项{rule} {{\n  编号 \"L{rule:05}\"\n  针对 明细 其中 项目编码 = \"I{rule:05}\"\n  \
             设 多出 = 数量 - {}\n  当 数量 > {} 且 非 缺省(出院带药, 否)\n  性质 可疑\n  \
             违规金额 最小(金额, 单价 × 多出)\n  说明 \"超出{{多出}}\"\n}}",
            rule % 7 + 1,
            rule % 7 + 1,
        );
    }
    RuleFiles::new().rule("lines.jihe", text)
}
