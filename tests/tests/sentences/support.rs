//! A sentence of the language reference with its rule file, knowledge tables and faulty cases.
//!
//! In: the name of a sentence. Out: a compiled [`Sentence`] whose laws a test states.
//! Invariant: whatever is audited here is audited by engine and reference, and they agree.
#![expect(clippy::expect_used, clippy::panic, reason = "test support reads files and fails loudly")]

use jihe::model::calendar::parse_date;
use jihe::model::finding::{Finding, Outcomes, RuleCoverage};
use jihe::model::records::{Records, RunDates};
use jihe::{Diagnostic, Language, RuleFiles, Ruleset};
use jihe_tests::{root, text};
use std::path::PathBuf;

/// What begins a case in a file of faulty rules, before the code it must be given.
const EXPECT: &str = "# expect: ";

/// A sentence, compiled.
pub(crate) struct Sentence {
    /// `NN-short-name`
    name: String,
    pub(crate) ruleset: Ruleset,
}

/// The folder of the sentences.
pub(crate) fn folder() -> PathBuf {
    root().join("tests/sentences")
}

/// The names of its files, sorted.
pub(crate) fn file_names() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("tests/sentences");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The knowledge tables of a sentence: the CSV files with its number.
fn with_tables(files: RuleFiles, name: &str) -> RuleFiles {
    let number = name.split('-').next().unwrap_or(name);
    file_names()
        .into_iter()
        .filter(|file| file.strip_suffix(".csv").is_some() && file.split('-').next() == Some(number))
        .fold(files, |files, file| {
            let table = text(folder().join(&file));
            files.table(file, table)
        })
}

fn rule_files(name: &str) -> RuleFiles {
    let file = format!("{name}.jihe");
    let rules = text(folder().join(&file));
    with_tables(RuleFiles::new().rule(file, rules), name)
}

impl Sentence {
    /// Reads and compiles `NN-short-name.jihe`.
    pub(crate) fn load(name: &str) -> Self {
        Self::compiled(name, &rule_files(name))
    }

    /// The same rules in a region with this file of overrides.
    pub(crate) fn in_region(&self, params: &str) -> Self {
        Self::compiled(&self.name, &rule_files(&self.name).params("region.jihe", params))
    }

    fn compiled(name: &str, files: &RuleFiles) -> Self {
        let ruleset = jihe::compile(files).map_err(|error| error.render(Language::Chinese));
        Self {
            name: name.to_owned(),
            ruleset: ruleset.unwrap_or_else(|error| panic!("{name} does not compile\n{error}")),
        }
    }

    /// Its test blocks hold in the engine, at least so many expectations, and the reference says the same of every
    /// block; its faulty cases are given the codes they name.
    pub(crate) fn holds(&self, at_least: usize) {
        let mut faults = self.faulty_cases();
        let report = self.ruleset.test();
        for failure in &report.failures {
            faults.push(format!("测试 {}: {}", failure.test, failure.zh));
        }
        for test in &self.ruleset.typed().tests {
            let records = jihe::testing::test_records(self.ruleset.typed(), test);
            if let Err(difference) = self.compared(&records) {
                faults.push(format!("测试 {}: {difference}", test.name));
            }
        }
        if report.expectations < at_least {
            faults.push(format!("only {} expectations", report.expectations));
        }
        assert!(faults.is_empty(), "{}\n{}", self.name, faults.join("\n"));
    }

    /// The outcomes of a test block of this sentence.
    pub(crate) fn outcomes_of(&self, test: &str) -> Outcomes {
        let typed = self.ruleset.typed();
        let block = typed.tests.iter().find(|block| block.name == test).expect("a test of that name");
        self.audit(&jihe::testing::test_records(typed, block))
    }

    /// Claims as JSON, covered from the first day to the last; without days as the rows themselves cover.
    pub(crate) fn records(&self, json: &str, days: Option<(&str, &str)>) -> Records {
        let claims = self.ruleset.claims_from_json(json).expect("claims");
        assert!(claims.rejects.is_empty(), "{:?}", claims.rejects);
        let coverage = days.map(|(from, to)| (day(from), day(to)));
        Records { run: RunDates { coverage, ..RunDates::default() }, ..claims.records }
    }

    /// Audits by the engine; the reference must agree.
    pub(crate) fn audit(&self, records: &Records) -> Outcomes {
        self.compared(records).unwrap_or_else(|difference| panic!("{}: {difference}", self.name))
    }

    fn compared(&self, records: &Records) -> Result<Outcomes, String> {
        let typed = self.ruleset.typed();
        let engine = jihe_engine::audit(typed, records, &jihe_engine::Options::default());
        let reference = jihe_reference::audit(typed, records);
        if engine.findings != reference.findings {
            return Err(format!(
                "findings differ\nengine    {:#?}\nreference {:#?}",
                engine.findings, reference.findings
            ));
        }
        if engine.coverage != reference.coverage {
            return Err(format!(
                "outcomes differ\nengine    {:#?}\nreference {:#?}",
                engine.coverage, reference.coverage
            ));
        }
        let refunds = (engine.unmatched_refunds, engine.over_refunded);
        if refunds != (reference.unmatched_refunds, reference.over_refunded) {
            return Err("refunds are netted differently".to_owned());
        }
        Ok(engine)
    }

    /// What is wrong with the cases of `NN-short-name.error.jihe`.
    fn faulty_cases(&self) -> Vec<String> {
        let file = format!("{}.error.jihe", self.name);
        if !folder().join(&file).is_file() {
            return Vec::new();
        }
        let cases = text(folder().join(&file));
        let cases = cases.split(EXPECT).skip(1);
        cases.filter_map(|case| self.faulty_case(case)).collect()
    }

    fn faulty_case(&self, case: &str) -> Option<String> {
        let (code, rules) = case.split_once('\n').unwrap_or((case, ""));
        let (_, found, _) = jihe::check(&with_tables(RuleFiles::new().rule("case.jihe", rules), &self.name));
        let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code).collect();
        let failed = found.iter().any(Diagnostic::is_error);
        let as_expected = match code.trim() {
            "none" => codes.is_empty(),
            code => codes.contains(&code) && failed == code.starts_with('E'),
        };
        (!as_expected).then(|| format!("expected {}, found {codes:?}:\n{rules}", code.trim()))
    }
}

/// A day such as 2024-03-01.
pub(crate) fn day(text: &str) -> i64 {
    parse_date(text).expect("a day")
}

/// What came of one rule.
pub(crate) fn coverage<'a>(outcomes: &'a Outcomes, rule: &str) -> &'a RuleCoverage {
    outcomes.coverage.get(rule).expect("a rule of that id")
}

/// Why a rule could not decide, with how often.
pub(crate) fn causes(outcomes: &Outcomes, rule: &str) -> Vec<(String, u64)> {
    coverage(outcomes, rule).undecided_by_cause.iter().map(|(cause, count)| (cause.clone(), *count)).collect()
}

/// Hit, pass and undecided of a rule.
pub(crate) fn counts(outcomes: &Outcomes, rule: &str) -> (u64, u64, u64) {
    let coverage = coverage(outcomes, rule);
    (coverage.hit, coverage.pass, coverage.undecided)
}

/// The one finding of a rule for a subject.
pub(crate) fn finding<'a>(outcomes: &'a Outcomes, rule: &str, subject: &str) -> &'a Finding {
    let mut found = outcomes
        .findings
        .iter()
        .filter(|finding| *finding.rule_id == *rule && finding.subject_key == subject);
    let first = found
        .next()
        .unwrap_or_else(|| panic!("no finding of {rule} for {subject}: {:#?}", outcomes.findings));
    assert!(found.next().is_none(), "two findings of one rule for one subject");
    first
}

/// Keys and amounts of the offending lines of a finding.
pub(crate) fn lines(finding: &Finding) -> Vec<(&str, Option<i64>)> {
    finding.offending.iter().map(|line| (line.key.as_str(), line.amount)).collect()
}
