//! The coverage manifest: what a run looked at.
//!
//! In: a ruleset, claims, outcomes. Out: [`Manifest`], and its JSON (`"version": 1`, `docs/contract.md`).
//! Invariant: every rule of the ruleset has exactly one line, whether it ran or not.

use crate::audit::Claims;
use crate::money::exact;
use crate::ruleset::Ruleset;
use crate::totals::Totals;
use jihe_check::typed::{Rule, Scope, Source, TypedRules};
use jihe_model::calendar::format_day;
use jihe_model::finding::{Outcomes, RuleCoverage};
use jihe_model::records::Records;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a run looked at.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(rename = "Coverage"))]
pub struct Manifest {
    /// Version of this format: 1.
    pub version: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// The ruleset: package name, version, and hash of its texts.
    pub ruleset: RulesetLine,
    /// Knowledge tables with rows and hashes.
    pub tables: Vec<TableLine>,
    /// 截止日, `2024-12-31`.
    pub as_of: Option<String>,
    /// Covered days of each kind supplied, both ends included; null for kinds without a clock or without rows.
    pub coverage: BTreeMap<String, Option<[String; 2]>>,
    /// Records of each kind supplied.
    pub records: BTreeMap<String, usize>,
    /// Rows that could not be read.
    pub rejected: usize,
    /// Negative lines that refer to no line, and lines whose refunds exceed them.
    pub refunds: RefundLine,
    /// One line a rule, by rule id.
    pub rules: Vec<RuleLine>,
    /// Findings and money, each charge counted once.
    pub totals: TotalLine,
    /// What no rule over claims can decide, said here so that silence is not read as "passed".
    pub outside: Vec<String>,
}

/// The ruleset of a run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RulesetLine {
    /// Package name.
    pub name: String,
    /// Package version.
    pub version: String,
    /// SHA-256 of all texts, hex.
    pub hash: String,
}

/// A knowledge table of a run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TableLine {
    /// Its name in the rules.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Its rows; null when it was not supplied.
    pub rows: Option<usize>,
    /// SHA-256 of the file, hex.
    pub hash: Option<String>,
}

/// Refunds that could not be netted.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RefundLine {
    /// Negative lines that refer to no line.
    pub unmatched: u64,
    /// Lines whose refunds exceed them.
    pub exceeding: u64,
}

/// Whether a rule ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RuleStatus {
    /// It ran.
    Ran,
    /// It did not; `reason` says why.
    #[default]
    Skipped,
}

/// One rule of a run.
#[derive(Debug, Clone, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RuleLine {
    /// 编号
    pub rule_id: String,
    /// 名称
    pub rule_name: String,
    /// The version of its package.
    pub rule_version: String,
    /// `person` or `population`.
    #[cfg_attr(test, ts(type = "\"person\" | \"population\""))]
    pub scope: &'static str,
    /// Whether it ran.
    pub status: RuleStatus,
    /// Why it did not.
    pub reason: Option<String>,
    /// Subjects seen.
    pub seen: u64,
    /// 不适用
    pub not_applicable: u64,
    /// 通过
    pub pass: u64,
    /// 命中
    pub hit: u64,
    /// 豁免
    pub exempt: u64,
    /// 无法判定
    pub undecided: u64,
    /// 无法判定 by cause.
    pub undecided_by_cause: BTreeMap<String, u64>,
    /// 豁免 by reason.
    pub exempt_by_reason: BTreeMap<String, u64>,
    /// Sum of its findings' amounts, four decimals.
    pub amount: String,
    /// Findings whose amount is undecided.
    pub amount_undecided: u64,
    /// Findings whose amount was cut to the sum of their lines.
    pub amount_cut: u64,
}

impl RuleLine {
    /// Writes counts into the line.
    pub(crate) fn count(&mut self, counts: &RuleCoverage) {
        self.seen = counts.seen;
        self.not_applicable = counts.not_applicable;
        self.pass = counts.pass;
        self.hit = counts.hit;
        self.exempt = counts.exempt;
        self.undecided = counts.undecided;
        self.undecided_by_cause.clone_from(&counts.undecided_by_cause);
        self.exempt_by_reason.clone_from(&counts.exempt_by_reason);
        self.amount = exact(counts.amount);
        self.amount_undecided = counts.amount_undecided;
        self.amount_cut = counts.amount_cut;
    }
}

/// Totals of a run.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TotalLine {
    /// Findings, 数据质量 included.
    pub findings: usize,
    /// Money, each charge counted once, four decimals.
    pub amount: String,
    /// The part counted in the name of each rule.
    pub by_rule: BTreeMap<String, String>,
}

/// What the language cannot decide from claims (language-decisions (a)).
const OUTSIDE: [&str; 5] = [
    "文本近似（只比较摘要是否相等）",
    "两地距离（需地点表）",
    "一线药物无效或不能耐受的证据",
    "抽样（F3、J5）由命令行完成，不是规则",
    "基金应付份额由台账按明细另算",
];

pub(crate) fn manifest(
    ruleset: &Ruleset,
    claims: &Claims,
    (outcomes, dates): (&Outcomes, &jihe_engine::EffectiveDates),
    totals: &Totals,
) -> Manifest {
    let typed = ruleset.typed();
    Manifest {
        version: 1,
        engine_version: crate::VERSION.to_owned(),
        ruleset: RulesetLine {
            name: typed.package.name.clone(),
            version: typed.package.version.clone(),
            hash: ruleset.hash().to_owned(),
        },
        tables: tables(typed),
        as_of: dates.as_of.map(format_day),
        coverage: dates
            .coverage
            .iter()
            .map(|(kind, days)| (kind.clone(), days.map(|(from, to)| [format_day(from), format_day(to)])))
            .collect(),
        records: records(typed, &claims.records),
        rejected: claims.rejects.len(),
        refunds: RefundLine { unmatched: outcomes.unmatched_refunds, exceeding: outcomes.over_refunded },
        rules: rule_lines(typed, outcomes, &dates.coverage),
        totals: TotalLine {
            findings: outcomes.findings.len(),
            amount: exact(totals.amount),
            by_rule: totals.by_rule.iter().map(|(rule, amount)| (rule.clone(), exact(*amount))).collect(),
        },
        outside: OUTSIDE.iter().map(|text| (*text).to_owned()).collect(),
    }
}

fn tables(typed: &TypedRules) -> Vec<TableLine> {
    let line = |table: &jihe_check::typed::Table| TableLine {
        name: table.name.clone(),
        file: table.file.clone(),
        rows: table.rows.as_ref().map(Vec::len),
        hash: table.hash.clone(),
    };
    typed.tables.iter().map(line).collect()
}

fn records(typed: &TypedRules, records: &Records) -> BTreeMap<String, usize> {
    records
        .tables
        .keys()
        .filter_map(|kind| Some((typed.schema.kind(*kind)?.en.clone(), records.rows(*kind)?)))
        .collect()
}

/// `person` or `population`.
pub(crate) fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Person => "person",
        Scope::Population => "population",
    }
}

/// Why a rule did not run: the kind it is about was not supplied.
fn missing(
    typed: &TypedRules,
    rule: &Rule,
    supplied: &BTreeMap<String, Option<(i64, i64)>>,
) -> Option<String> {
    let mut source = rule.subject;
    // A summary may group rows of another one; the chain ends at a kind, since a summary reads earlier ones only.
    for _ in 0..=typed.summaries.len() {
        match source {
            Source::Summary(summary) => source = typed.summaries.get(summary.index())?.records.source,
            Source::Table(_) => return None,
            Source::Kind(kind) => {
                let declared = typed.schema.kind(kind)?;
                let origin = declared.raw_of.and_then(|origin| typed.schema.kind(origin)).unwrap_or(declared);
                return (!supplied.contains_key(&origin.en)).then(|| format!("kind:{}", origin.en));
            }
        }
    }
    None
}

fn rule_lines(
    typed: &TypedRules,
    outcomes: &Outcomes,
    supplied: &BTreeMap<String, Option<(i64, i64)>>,
) -> Vec<RuleLine> {
    let empty = RuleCoverage::default();
    let mut lines: Vec<RuleLine> = typed
        .rules
        .iter()
        .map(|rule| {
            let not_chosen = || (!outcomes.coverage.contains_key(&rule.id)).then(|| "not_chosen".to_owned());
            let reason = missing(typed, rule, supplied).or_else(not_chosen);
            let counts = outcomes.coverage.get(&rule.id).unwrap_or(&empty);
            let mut line = RuleLine {
                rule_id: rule.id.clone(),
                rule_name: rule.title.clone(),
                rule_version: rule.version.clone(),
                scope: scope_name(rule.scope),
                status: if reason.is_some() { RuleStatus::Skipped } else { RuleStatus::Ran },
                reason,
                ..RuleLine::default()
            };
            line.count(counts);
            line
        })
        .collect();
    lines.sort_by(|left, right| left.rule_id.cmp(&right.rule_id));
    lines
}
