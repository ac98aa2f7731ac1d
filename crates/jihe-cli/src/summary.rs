//! What the terminal shows of a run.
//!
//! In: a report. Out: lines of text.
//! Invariant: numbers are those of `coverage.json`; wide characters count two columns.
#![expect(clippy::print_stderr, reason = "progress goes to standard error")]

use jihe::money::shown;
use jihe::{Language, Report, RuleLine, RuleStatus, Ruleset};
use jihe_io::{CheckResult, Input, KindRead, SpillStage};
use std::path::Path;
use unicode_width::UnicodeWidthStr;

/// One step of progress, on standard error.
pub(crate) fn stage(language: Language, zh: &str, en: &str, detail: &str) {
    match language {
        Language::Chinese => eprintln!("{zh}：{detail}"),
        Language::English => eprintln!("{en}: {detail}"),
    }
}

/// How much there is to audit.
pub(crate) fn counts(input: &Input, ruleset: &Ruleset, language: Language) -> String {
    let records = &input.claims.records;
    let rows: usize = records.tables.keys().filter_map(|kind| records.rows(*kind)).sum();
    let (kinds, rules) = (records.tables.len(), ruleset.typed().rules.len());
    match language {
        Language::Chinese => format!("{kinds} 类记录 {rows} 行，{rules} 条规则"),
        Language::English => format!("{rows} rows of {kinds} kinds, {rules} rules"),
    }
}

/// How far a run within bounded memory is.
pub(crate) fn spilled(language: Language, told: SpillStage, rules: usize) {
    match told {
        SpillStage::Routed { kinds, rows, buckets } => {
            let detail = match language {
                Language::Chinese => format!("{kinds} 类记录 {rows} 行，{rules} 条规则，分 {buckets} 批"),
                Language::English => {
                    format!("{rows} rows of {kinds} kinds, {rules} rules, {buckets} buckets")
                }
            };
            stage(language, "稽核", "auditing", &detail);
        }
        SpillStage::Audited(done, of) => {
            stage(language, "已完成", "done", &format!("{done}/{of}"));
        }
        SpillStage::Everybody => stage(
            language,
            "稽核",
            "auditing",
            match language {
                Language::Chinese => "需要全体记录的规则",
                Language::English => "the rules that need all records",
            },
        ),
    }
}

/// One line a rule, then totals, rejects and skipped rules.
pub(crate) fn table(report: &Report, input: &Input, language: Language) -> String {
    let head = match language {
        Language::Chinese => ["编号", "规则", "命中", "豁免", "无法判定", "通过", "违规金额"],
        Language::English => ["id", "rule", "hits", "exempt", "undecided", "passed", "amount"],
    };
    let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    let lines = &report.manifest().rules;
    rows.extend(lines.iter().filter(|line| line.status == RuleStatus::Ran).map(|line| row(report, line)));
    let mut text = aligned(&rows, 2);
    text.push_str(&skipped(lines, language));
    text.push_str(&ignored(input, language));
    text.push_str(&problems(input, language));
    text.push_str(&preflight(input, language));
    text.push_str(&totals(report, input, language));
    text
}

fn row(report: &Report, line: &RuleLine) -> Vec<String> {
    vec![
        line.rule_id.clone(),
        line.rule_name.clone(),
        line.hit.to_string(),
        line.exempt.to_string(),
        line.undecided.to_string(),
        line.pass.to_string(),
        shown(report.coverage().get(&line.rule_id).map_or(0, |counts| counts.amount)),
    ]
}

/// Rows as columns of equal width; the first `left` stand left, the others right.
pub(crate) fn aligned(rows: &[Vec<String>], left: usize) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (width, cell)) in widths.iter().zip(row).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if column < left { ("", pad.as_str()) } else { (pad.as_str(), "") };
            line.extend([before, cell.as_str(), after, "  "]);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What is wrong with files as a whole.
fn problems(input: &Input, language: Language) -> String {
    let told = input.files.iter().filter_map(|file| {
        let problem = match language {
            Language::Chinese => file.problem.as_ref(),
            Language::English => file.problem_en.as_ref(),
        };
        problem.map(|problem| format!("{}: {problem}\n", file.file))
    });
    told.collect()
}

/// The official checks of an extract that failed, and how many there were.
fn preflight(input: &Input, language: Language) -> String {
    let Some(preflight) = &input.preflight else { return String::new() };
    let report = preflight.report(input.claims.records.run.coverage);
    let chinese = language == Language::Chinese;
    let mut rows = Vec::new();
    for line in &report.checks {
        let result = match (line.result, chinese) {
            (CheckResult::Pass, true) => "通过",
            (CheckResult::Pass, false) => "pass",
            (CheckResult::Fail, true) => "不符",
            (CheckResult::Fail, false) => "FAIL",
            (CheckResult::NotChecked, true) => "未检",
            (CheckResult::NotChecked, false) => "not checked",
        };
        let text = if chinese { &line.text } else { &line.text_en };
        rows.push(vec![result.to_owned(), line.table.clone(), text.clone()]);
    }
    let head = if chinese {
        "前置校验（2024 年飞检清单）\n"
    } else {
        "preflight checks (2024 extraction list)\n"
    };
    format!("{head}{}", aligned(&rows, 3))
}

fn skipped(lines: &[RuleLine], language: Language) -> String {
    let mut text = String::new();
    for line in lines.iter().filter(|line| line.status == RuleStatus::Skipped) {
        let reason = line.reason.as_deref().unwrap_or("");
        let (id, name) = (&line.rule_id, &line.rule_name);
        let told = match language {
            Language::Chinese if reason == "memory" => {
                format!("未运行 {id} {name}：须同时看全部记录，--memory 不够\n")
            }
            Language::English if reason == "memory" => {
                format!("skipped {id} {name}: it needs all records at once, more than --memory allows\n")
            }
            Language::Chinese => format!("未运行 {id} {name}：缺 {reason}\n"),
            Language::English => format!("skipped {id} {name}: missing {reason}\n"),
        };
        text.push_str(&told);
    }
    text
}

/// Columns that no field goes by, so that a misspelt one is not missed.
fn ignored(input: &Input, language: Language) -> String {
    if input.ignored_columns.is_empty() {
        return String::new();
    }
    let list = input.ignored_columns.join("; ");
    match language {
        Language::Chinese => format!("未用到的列：{list}\n"),
        Language::English => format!("columns left out: {list}\n"),
    }
}

fn totals(report: &Report, input: &Input, language: Language) -> String {
    let findings = report.manifest().totals.findings;
    let amount = shown(report.totals().amount);
    let sum = |count: fn(&KindRead) -> u64| input.kinds.iter().map(count).fold(0, u64::saturating_add);
    let (read, kept, rejected) = (sum(|kind| kind.read), sum(|kind| kind.kept), sum(|kind| kind.rejected));
    match language {
        Language::Chinese => format!(
            "疑点 {findings} 条；每笔费用只计一次，共 {amount} 元；读入 {read} 行，稽核 {kept} 行，拒收 {rejected} 行\n"
        ),
        Language::English => format!(
            "{findings} leads; {amount} yuan, each charge counted once; {read} rows read, {kept} audited, {rejected} rejected\n"
        ),
    }
}

/// Where the files are.
pub(crate) fn place(out: &Path, language: Language) -> String {
    let shown = out.display();
    match language {
        Language::Chinese => {
            format!("结果在 {shown}：疑点 findings.*，覆盖情况 coverage.json，未读入的行 rejects.csv")
        }
        Language::English => format!("results in {shown}: findings.*, coverage.json, rejects.csv"),
    }
}
