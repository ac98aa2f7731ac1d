//! A case: rule text, knowledge files and records written as small tables.
//!
//! In: texts. Out: typed rules and records.
//! Invariant: what cannot be read fails the test with the reason.

use jihe_check::typed::TypedRules;
use jihe_diagnostics::Sources;
use jihe_model::ingest::{Cell, RecordsBuilder};
use jihe_model::kinds::base_schema;
use jihe_model::records::{Records, RunDates};
use jihe_model::schema::Schema;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Checks rule text; the error texts if there are any.
pub(crate) fn rules(text: &str, files: &BTreeMap<String, String>) -> Result<TypedRules, Vec<String>> {
    let mut sources = Sources::new();
    let id = sources.add("case.jihe", text);
    let (tree, mut diagnostics) = jihe_syntax::parse(&sources, id);
    let schema = base_schema();
    let trees = [tree];
    let input = jihe_check::Input { trees: &trees, overrides: None, schema: &schema, files };
    let (typed, found) = jihe_check::check(&input, &sources);
    diagnostics.extend(found);
    let errors: Vec<String> =
        diagnostics.iter().filter(|found| found.is_error()).map(|found| format!("{found:?}")).collect();
    match typed {
        Some(typed) if errors.is_empty() => Ok(typed),
        _ => Err(errors),
    }
}

/// Reads records from blocks: a line `就诊: 就诊号, 参保人 …`, then a line a row, `-` for no value.
pub(crate) fn records(schema: &Schema, text: &str, run: RunDates) -> Records {
    let mut builder = RecordsBuilder::new(schema);
    let mut header = None;
    for (number, line) in (1_u64..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if let Some((kind, names)) = line.split_once(": ") {
            let kind = schema.find_kind(kind.trim()).unwrap_or_else(|| panic!("unknown kind in {line}"));
            let names: Vec<&str> = names.split(',').map(str::trim).collect();
            header = Some(
                builder.header(kind, "case", &names).unwrap_or_else(|error| panic!("{line}: {error:?}")),
            );
            continue;
        }
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let cell = |column: usize| match cells.get(column) {
            None | Some(&"-") => Cell::Missing,
            Some(text) => Cell::Text(text),
        };
        let header = header.as_ref().expect("a kind before its rows");
        assert!(builder.push_row(header, number, cell), "rejected: {line}");
    }
    let mut read = builder.finish();
    assert!(read.rejects.is_empty(), "{:?}", read.rejects);
    read.records.run = run;
    read.records
}

/// What the reference says of a case.
pub(crate) fn run(
    text: &str,
    files: &[(&str, &str)],
    data: &str,
    run: RunDates,
) -> jihe_model::finding::Outcomes {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let typed = rules(text, &files).unwrap_or_else(|errors| panic!("{}", errors.join("\n")));
    let records = records(&typed.schema, data, run);
    jihe_reference::audit(&typed, &records)
}

/// Time covered without bound.
pub(crate) fn unbounded() -> RunDates {
    RunDates { unbounded: true, ..RunDates::default() }
}

/// The outcome of every subject: `L1=hit L2=pass`.
pub(crate) fn told(outcomes: &jihe_model::finding::Outcomes) -> String {
    let one = |subject: &jihe_model::finding::SubjectOutcome| {
        let outcome = match subject.outcome {
            jihe_model::finding::Outcome::NotApplicable => "n/a",
            jihe_model::finding::Outcome::Pass => "pass",
            jihe_model::finding::Outcome::Hit => "hit",
            jihe_model::finding::Outcome::Exempt => "exempt",
            jihe_model::finding::Outcome::Undecided => "?",
        };
        format!("{}={outcome}", subject.subject_key)
    };
    outcomes.subjects.iter().map(one).collect::<Vec<String>>().join(" ")
}

/// The values of a finding: `a=1 b=-`.
pub(crate) fn values(outcomes: &jihe_model::finding::Outcomes, subject_key: &str) -> String {
    let finding =
        outcomes.findings.iter().find(|finding| finding.subject_key == subject_key).expect("a finding");
    let one =
        |(name, value): &(Arc<str>, Option<String>)| format!("{name}={}", value.as_deref().unwrap_or("-"));
    finding.values.iter().map(one).collect::<Vec<String>>().join(" ")
}

/// Amount and offending lines of every finding: `L1 4.0000: L1 4.0000`.
pub(crate) fn money(outcomes: &jihe_model::finding::Outcomes) -> Vec<String> {
    let exact = |amount: Option<i64>| {
        amount.map_or_else(|| "-".to_owned(), |amount| format!("{}.{:04}", amount / 10_000, amount % 10_000))
    };
    let line =
        |evidence: &jihe_model::finding::Evidence| format!(" {} {}", evidence.key, exact(evidence.amount));
    let one = |finding: &jihe_model::finding::Finding| {
        let lines: String = finding.offending.iter().map(line).collect();
        format!("{} {}:{lines}", finding.subject_key, exact(finding.amount))
    };
    outcomes.findings.iter().map(one).collect()
}

/// Counted causes: `field:visit.time=1`.
pub(crate) fn causes(outcomes: &jihe_model::finding::Outcomes) -> String {
    let all = outcomes.coverage.values().flat_map(|coverage| &coverage.undecided_by_cause);
    all.map(|(cause, count)| format!("{cause}={count}")).collect::<Vec<String>>().join(" ")
}
