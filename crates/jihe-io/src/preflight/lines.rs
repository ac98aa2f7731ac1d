//! The checks, one line each.
//!
//! In: tallies. Out: [`PreflightReport`].
//! Invariant: a line says what was compared, the figure, the limit, and whether it holds.

use super::{Preflight, Tally};
use crate::mapping::TableNote;
use jihe::model::calendar::{format_day, format_month};
use serde::Serialize;
use std::collections::BTreeSet;

/// The checks of an extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreflightReport {
    /// Version of this format: 1.
    pub version: u32,
    /// The layout whose checks these are.
    pub layout: &'static str,
    /// Whether no check failed; what could not be checked does not fail.
    pub passed: bool,
    /// One line a check and table.
    pub checks: Vec<CheckLine>,
}

/// One check of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckLine {
    /// `tables`, `totals`, `records`, `joins`, `duplicates`, `period`, `months`, `negative`, `required`, `left_out`.
    pub check: &'static str,
    /// The table.
    pub table: String,
    /// Whether it holds.
    pub result: CheckResult,
    /// What was found: a count, or a share in per cent.
    pub found: String,
    /// What is allowed.
    pub limit: &'static str,
    /// In words.
    pub text: String,
    /// In English.
    pub text_en: String,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// What it needs is not there.
    NotChecked,
}

/// Basis points of a half and a tenth of a per cent.
const HALF_PER_CENT: i128 = 50;
const TENTH_PER_CENT: i128 = 10;

struct Lines(Vec<CheckLine>);

impl Lines {
    fn add(
        &mut self,
        (check, table): (&'static str, &TableNote),
        outcome: (CheckResult, String, &'static str),
        text: (String, String),
    ) {
        let (result, found, limit) = outcome;
        let table = table.name.clone();
        self.0.push(CheckLine { check, table, result, found, limit, text: text.0, text_en: text.1 });
    }

    /// A share of a whole against a limit in basis points.
    fn share(
        &mut self,
        place: (&'static str, &TableNote),
        (part, whole): (i128, i128),
        (limit, what): (i128, (&str, &str)),
    ) {
        let over = part.saturating_mul(10_000) > whole.saturating_mul(limit);
        let limit = if limit == HALF_PER_CENT { "0.5%" } else { "0.1%" };
        let shown = per_cent(part, whole);
        let text = (
            format!("{}：{shown}，应不超过 {limit}", what.0),
            format!("{}: {shown}, at most {limit}", what.1),
        );
        self.add(place, (pass_if(!over), shown, limit), text);
    }
}

pub(super) fn report(preflight: &Preflight, period: Option<(i64, i64)>) -> PreflightReport {
    let mut lines = Lines(Vec::new());
    for note in &preflight.notes {
        let Some(tally) = preflight.tallies.get(&note.name) else {
            if note.must {
                let text = (format!("没有{}", note.zh), "the table is not there".to_owned());
                lines.add(("tables", note), (CheckResult::Fail, "0".into(), "1"), text);
            }
            continue;
        };
        required(&mut lines, note, tally);
        left_out(&mut lines, note, tally);
        if note.sum.is_some() && note.of.is_none() {
            negative(&mut lines, note, tally);
            duplicates(&mut lines, note, tally);
            dates(&mut lines, note, tally, period);
        }
        let master = note.of.as_ref().and_then(|of| preflight.tallies.get(of));
        if let Some(of) = &note.of {
            against(&mut lines, note, tally, (of, master));
        }
    }
    let passed = lines.0.iter().all(|line| line.result != CheckResult::Fail);
    PreflightReport { version: 1, layout: "feijian2024", passed, checks: lines.0 }
}

/// Lines against the bills they belong to.
fn against(lines: &mut Lines, note: &TableNote, tally: &Tally, (of, master): (&str, Option<&Tally>)) {
    let Some(master) = master else {
        let text = (format!("没有 {of}，无法比对"), format!("{of} is not there to compare with"));
        lines.add(("joins", note), (CheckResult::NotChecked, String::new(), "0.1%"), text);
        return;
    };
    if note.sum.is_some() {
        let apart = master.sum.saturating_sub(tally.sum).saturating_abs();
        let what = (format!("{of} 总费用与本表金额合计之差"), format!("amounts against the totals of {of}"));
        lines.share(
            ("totals", note),
            (apart, master.sum.saturating_abs()),
            (HALF_PER_CENT, (&what.0, &what.1)),
        );
        let (bills, with_lines) = (count(master.ids.len()), count(tally.ids.len()));
        let apart = bills.saturating_sub(with_lines).saturating_abs();
        let what = (format!("{of} 与本表的结算单据数之差"), format!("bills against those of {of}"));
        lines.share(("records", note), (apart, bills), (TENTH_PER_CENT, (&what.0, &what.1)));
    }
    // A row without a bill's number joins nothing.
    let unnamed = i128::from(tally.unnamed);
    let lost = count(tally.ids.keys().filter(|id| !master.ids.contains_key(*id)).count());
    let (lost, whole) = (lost.saturating_add(unnamed), count(tally.ids.len()).saturating_add(unnamed));
    let what = (format!("结算单据号在 {of} 中找不到"), format!("bills that {of} does not have"));
    lines.share(("joins", note), (lost, whole), (TENTH_PER_CENT, (&what.0, &what.1)));
}

fn duplicates(lines: &mut Lines, note: &TableNote, tally: &Tally) {
    let twice = tally.ids.values().map(|rows| i128::from(rows.saturating_sub(1))).sum();
    lines.share(
        ("duplicates", note),
        (twice, i128::from(tally.rows)),
        (TENTH_PER_CENT, ("结算单据号重复", "bills given twice")),
    );
}

fn negative(lines: &mut Lines, note: &TableNote, tally: &Tally) {
    let found = tally.negative.saturating_add(tally.unsummed);
    let text = (
        format!("非退费而总费用为负或不是数的单据 {found} 张"),
        format!("{found} bills that are no refunds have a negative total or none"),
    );
    lines.add(("negative", note), (pass_if(found == 0), found.to_string(), "0"), text);
}

fn dates(lines: &mut Lines, note: &TableNote, tally: &Tally, period: Option<(i64, i64)>) {
    let first = tally.days.keys().next().copied();
    let last = tally.days.keys().next_back().copied();
    if let Some((from, to)) = period {
        let outside: u64 =
            tally.days.iter().filter(|(day, _)| **day < from || **day > to).map(|(_, rows)| rows).sum();
        let outside = outside.saturating_add(tally.dateless);
        let (from, to) = (format_day(from), format_day(to));
        let text = (
            format!("结算日期不在 {from} 至 {to} 之内的单据 {outside} 张"),
            format!("{outside} bills not settled from {from} to {to}"),
        );
        lines.add(("period", note), (pass_if(outside == 0), outside.to_string(), "0"), text);
    } else {
        let text = (
            "未给出 --coverage，不知检查期间".to_owned(),
            "no --coverage says which period to expect".to_owned(),
        );
        lines.add(("period", note), (CheckResult::NotChecked, String::new(), "0"), text);
    }
    let Some((from, to)) = period.or_else(|| first.zip(last)) else {
        let text = ("没有一张单据有结算日期".to_owned(), "no bill has a settlement day".to_owned());
        lines.add(("months", note), (CheckResult::NotChecked, String::new(), "0"), text);
        return;
    };
    let there: BTreeSet<String> = tally.days.keys().map(|day| format_month(*day)).collect();
    let wanted: BTreeSet<String> = (from..=to.min(from.saturating_add(40_000))).map(format_month).collect();
    let absent: Vec<String> = wanted.difference(&there).cloned().collect();
    let text = (
        format!(
            "没有结算数据的月份：{}",
            if absent.is_empty() { "无".to_owned() } else { absent.join("、") }
        ),
        format!(
            "months without bills: {}",
            if absent.is_empty() { "none".to_owned() } else { absent.join(", ") }
        ),
    );
    lines.add(("months", note), (pass_if(absent.is_empty()), absent.len().to_string(), "0"), text);
}

fn required(lines: &mut Lines, note: &TableNote, tally: &Tally) {
    let mut zh: Vec<String> = tally.absent.iter().map(|name| format!("{name}（没有此列）")).collect();
    let mut en: Vec<String> = tally.absent.iter().map(|name| format!("{name} (no column)")).collect();
    for (name, rows) in &tally.empty {
        zh.push(format!("{name}（{rows} 行为空）"));
        en.push(format!("{name} ({rows} rows empty)"));
    }
    for (name, rows) in &tally.empty_refunds {
        zh.push(format!("{name}（{rows} 行退费为空）"));
        en.push(format!("{name} ({rows} refunds empty)"));
    }
    let found = zh.len();
    let text = match found {
        0 => ("必填字段齐全".to_owned(), "required fields are filled".to_owned()),
        _ => (
            format!("必填字段不全：{}", zh.join("、")),
            format!("required fields not filled: {}", en.join(", ")),
        ),
    };
    lines.add(("required", note), (pass_if(found == 0), found.to_string(), "0"), text);
}

/// Columns that the list lets a hospital leave out: nothing is wrong, and whoever reads the findings is to know.
fn left_out(lines: &mut Lines, note: &TableNote, tally: &Tally) {
    if tally.left_out.is_empty() {
        return;
    }
    let names = |between: &str| tally.left_out.iter().map(String::as_str).collect::<Vec<_>>().join(between);
    let text = (
        format!("未提供的选填列（用到它们的规则按缺失判定）：{}", names("、")),
        format!("optional columns left out (missing values for the rules that read them): {}", names(", ")),
    );
    lines.add(("left_out", note), (CheckResult::Pass, tally.left_out.len().to_string(), ""), text);
}

fn pass_if(holds: bool) -> CheckResult {
    if holds { CheckResult::Pass } else { CheckResult::Fail }
}

fn count(items: usize) -> i128 {
    i128::try_from(items).unwrap_or(i128::MAX)
}

/// `0.53%`, rounded up so that what is over a limit does not look like it.
fn per_cent(part: i128, whole: i128) -> String {
    if part == 0 {
        return "0%".to_owned();
    }
    let hundredths = part
        .saturating_mul(10_000)
        .checked_add(whole.saturating_sub(1))
        .and_then(|sum| sum.checked_div(whole));
    match hundredths {
        None => "100%".to_owned(),
        Some(share) => {
            format!("{}.{:02}%", share.checked_div(100).unwrap_or(0), share.checked_rem(100).unwrap_or(0))
        }
    }
}
