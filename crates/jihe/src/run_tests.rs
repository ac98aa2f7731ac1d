//! Runs the test blocks of a ruleset.
//!
//! In: typed rules with their tests. Out: a [`TestReport`]: what held, what did not and why.
//! Invariant: a test sees only its own records, every kind counts as supplied, and time is covered without bound.

use crate::money::exact;
use jihe_check::typed::{Expectation, Literal, Test, TestRecord, TypedRules};
use jihe_diagnostics::Span;
use jihe_model::finding::{Finding, Nature, Outcome, Outcomes, RuleCoverage};
use jihe_model::records::{Column, Records, RunDates, Table, Words};
use jihe_model::schema::{FieldId, Kind, KindId};
use jihe_model::types::Type;
use jihe_model::value::{Instant, Symbols};
use std::collections::BTreeMap;

/// What came of the tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestReport {
    /// Tests run.
    pub tests: usize,
    /// Expectations checked.
    pub expectations: usize,
    /// Expectations that did not hold.
    pub failures: Vec<TestFailure>,
}

/// An expectation that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// The test's name.
    pub test: String,
    /// Where the expectation stands.
    pub span: Span,
    /// What was expected and what came, Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

pub(crate) fn run_tests(rules: &TypedRules) -> TestReport {
    let mut report = TestReport { tests: rules.tests.len(), ..TestReport::default() };
    for test in &rules.tests {
        let records = test_records(rules, test);
        let options = jihe_engine::Options {
            subjects: true,
            only: Some(vec![test.rule]),
            ..jihe_engine::Options::default()
        };
        let outcomes = jihe_engine::audit(rules, &records, &options);
        for expectation in &test.expectations {
            report.expectations = report.expectations.saturating_add(1);
            if let Some((zh, en)) = mismatch(rules, &outcomes, expectation) {
                report.failures.push(TestFailure { test: test.name.clone(), span: expectation.span, zh, en });
            }
        }
    }
    report
}

/// What is wrong with an expectation, in both languages; none if it holds.
fn mismatch(rules: &TypedRules, outcomes: &Outcomes, expectation: &Expectation) -> Option<(String, String)> {
    let Some((kind, label)) = &expectation.subject else {
        return count_mismatch(outcomes, expectation);
    };
    let kind = rules.schema.kind(*kind).map_or("", |kind| kind.en.as_str());
    let member = (kind.to_owned(), label.clone());
    let subjects: Vec<_> =
        outcomes.subjects.iter().filter(|subject| subject.members.contains(&member)).collect();
    if subjects.is_empty() {
        let told = expectation.outcome == Outcome::NotApplicable
            || (expectation.outcome == Outcome::Undecided && keyless(outcomes));
        let zh = format!("`{label}` 不是该规则的对象，期望{}", zh_outcome(expectation.outcome));
        let en = format!("`{label}` is no subject of the rule, expected {}", en_outcome(expectation.outcome));
        return if told { None } else { Some((zh, en)) };
    }
    let Some(subject) = subjects.iter().find(|subject| subject.outcome == expectation.outcome) else {
        let got: Vec<&str> = subjects.iter().map(|subject| zh_outcome(subject.outcome)).collect();
        let got_en: Vec<&str> = subjects.iter().map(|subject| en_outcome(subject.outcome)).collect();
        return Some((
            format!("`{label}` 期望{}，得到{}", zh_outcome(expectation.outcome), got.join("、")),
            format!("`{label}`: expected {}, got {}", en_outcome(expectation.outcome), got_en.join(", ")),
        ));
    };
    let finding = outcomes
        .findings
        .iter()
        .find(|finding| *finding.rule_id == *subject.rule_id && finding.subject_key == subject.subject_key);
    finding.and_then(|finding| detail_mismatch(finding, label, expectation))
}

fn count_mismatch(outcomes: &Outcomes, expectation: &Expectation) -> Option<(String, String)> {
    // The counts of the rule, not of its subjects: a record without a group key is undecided and no subject.
    let found: u64 = outcomes.coverage.values().map(|counts| counted(counts, expectation.outcome)).sum();
    let expected = expectation.count.unwrap_or(0);
    (found != expected).then(|| {
        (
            format!("期望{} {expected} 次，得到 {found} 次", zh_outcome(expectation.outcome)),
            format!("expected {expected} × {}, got {found}", en_outcome(expectation.outcome)),
        )
    })
}

/// Whether a record was undecided without being a subject: its group key is missing (sentence 18).
fn keyless(outcomes: &Outcomes) -> bool {
    let undecided: u64 = outcomes.coverage.values().map(|counts| counts.undecided).sum();
    let subjects = outcomes.subjects.iter().filter(|subject| subject.outcome == Outcome::Undecided).count();
    u64::try_from(subjects).is_ok_and(|subjects| undecided > subjects)
}

fn counted(counts: &RuleCoverage, outcome: Outcome) -> u64 {
    match outcome {
        Outcome::NotApplicable => counts.not_applicable,
        Outcome::Pass => counts.pass,
        Outcome::Hit => counts.hit,
        Outcome::Exempt => counts.exempt,
        Outcome::Undecided => counts.undecided,
    }
}

fn detail_mismatch(finding: &Finding, label: &str, expectation: &Expectation) -> Option<(String, String)> {
    if let Some(expected) = expectation.amount
        && finding.amount != Some(expected)
    {
        let expected = exact(i128::from(expected));
        let found = finding.amount.map_or_else(|| "?".to_owned(), |amount| exact(i128::from(amount)));
        return Some((
            format!("`{label}` 期望违规金额 {expected} 元，得到 {found} 元"),
            format!("`{label}`: expected amount {expected}, got {found}"),
        ));
    }
    if let Some(expected) = expectation.nature
        && finding.nature != expected
    {
        return Some((
            format!("`{label}` 期望性质{}，得到{}", zh_nature(expected), zh_nature(finding.nature)),
            format!("`{label}`: expected nature {}, got {}", en_nature(expected), en_nature(finding.nature)),
        ));
    }
    None
}

/// 命中 …
pub(crate) fn zh_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "不适用",
        Outcome::Pass => "通过",
        Outcome::Hit => "命中",
        Outcome::Exempt => "豁免",
        Outcome::Undecided => "无法判定",
    }
}

/// `hit` …, the code of contract 1
pub(crate) fn en_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotApplicable => "not_applicable",
        Outcome::Pass => "pass",
        Outcome::Hit => "hit",
        Outcome::Exempt => "exempt",
        Outcome::Undecided => "undecided",
    }
}

/// 违规 …
pub(crate) fn zh_nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Violation => "违规",
        Nature::Likely => "高度可疑",
        Nature::Suspicious => "可疑",
        Nature::DataQuality => "数据质量",
    }
}

/// `violation` …, the code of contract 1
pub(crate) fn en_nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Violation => "violation",
        Nature::Likely => "likely",
        Nature::Suspicious => "suspicious",
        Nature::DataQuality => "data_quality",
    }
}

/// The records of a test block, every kind supplied.
pub fn test_records(rules: &TypedRules, test: &Test) -> Records {
    let timed: Vec<TestRecord> = test.records.iter().map(|record| with_time(rules, test, record)).collect();
    let mut by_kind: BTreeMap<KindId, Vec<&TestRecord>> = BTreeMap::new();
    for record in &timed {
        by_kind.entry(record.kind).or_default().push(record);
    }
    let mut symbols = Symbols::new();
    let mut tables = BTreeMap::new();
    for (id, kind) in (0u16..).map(KindId).zip(&rules.schema.kinds) {
        if kind.raw_of.is_none() {
            let rows = by_kind.get(&id).map_or(&[][..], Vec::as_slice);
            tables.insert(id, table(kind, rows, &mut symbols));
        }
    }
    let run = RunDates { unbounded: true, ..RunDates::default() };
    Records { symbols, tables, run, ..Records::default() }
}

/// A record without a time of its own takes that of the visit it names, so that authors need not repeat it.
fn with_time(rules: &TypedRules, test: &Test, record: &TestRecord) -> TestRecord {
    let mut timed = record.clone();
    let Some(kind) = rules.schema.kind(record.kind) else { return timed };
    let Some(first) = kind.clock.first().copied() else { return timed };
    if kind.clock.iter().any(|clock| given(record, *clock).is_some()) {
        return timed;
    }
    let target = kind.fields.get(usize::from(first.0)).map(|field| field.ty);
    if let Some(Literal::Word(word)) = visit_time(rules, test, record) {
        let word = if target == Some(Type::Date) { Instant(word).day() } else { word };
        timed.fields.push((first, Literal::Word(word)));
    }
    timed
}

/// The time of the visit a record of a test names.
fn visit_time(rules: &TypedRules, test: &Test, record: &TestRecord) -> Option<Literal> {
    let visit = rules.schema.find_kind("visit")?;
    let field = *rules.schema.references(record.kind, visit).first()?;
    let Literal::Text(label) = given(record, field)? else { return None };
    let time = *rules.schema.kind(visit)?.clock.first()?;
    let parent = test.records.iter().find(|parent| parent.kind == visit && parent.label == *label)?;
    given(parent, time).cloned()
}

fn given(record: &TestRecord, field: FieldId) -> Option<&Literal> {
    record.fields.iter().find(|(name, _)| *name == field).map(|(_, literal)| literal)
}

fn table(kind: &Kind, rows: &[&TestRecord], symbols: &mut Symbols) -> Table {
    let single_key = match kind.key.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let columns = (0u16..)
        .map(FieldId)
        .zip(&kind.fields)
        .map(|(id, field)| {
            let cells: Vec<Option<Literal>> = rows
                .iter()
                .map(|row| {
                    let given =
                        row.fields.iter().find(|(name, _)| *name == id).map(|(_, literal)| literal.clone());
                    given.or_else(|| (single_key == Some(id)).then(|| Literal::Text(row.label.clone())))
                })
                .collect();
            Some(column(field.ty, &cells, symbols))
        })
        .collect();
    let keys = rows.iter().map(|row| symbols.intern(&key(row, single_key)).0).collect();
    Table { rows: rows.len(), columns, keys }
}

/// A record's key: its key field where that is given, else its label.
fn key(row: &TestRecord, single_key: Option<FieldId>) -> String {
    let given = row.fields.iter().find(|(field, _)| Some(*field) == single_key).map(|(_, literal)| literal);
    match given {
        Some(Literal::Text(text)) => text.clone(),
        Some(Literal::Word(_)) | None => row.label.clone(),
    }
}

fn column(ty: Type, cells: &[Option<Literal>], symbols: &mut Symbols) -> Column {
    let present = Some(cells.iter().map(Option::is_some).collect());
    let word = |cell: &Option<Literal>| match cell {
        Some(Literal::Word(word)) => *word,
        Some(Literal::Text(_)) | None => 0,
    };
    let words = if ty.is_symbol() {
        let symbol = |cell: &Option<Literal>| match cell {
            Some(Literal::Text(text)) => symbols.intern(text).0,
            Some(Literal::Word(_)) | None => 0,
        };
        Words::Symbols(cells.iter().map(symbol).collect())
    } else {
        Words::Wide(cells.iter().map(word).collect())
    };
    Column { words, present }
}
