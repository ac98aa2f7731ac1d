//! The tests of the shipped rules, run by the reference.
//!
//! In: `crates/jihe-rulebook`. Out: nothing, or the expectations that do not hold.
//! Invariant: as for `jihe test`, every kind is supplied and time is covered without bound.
#![expect(clippy::disallowed_methods, reason = "a test reads the shipped rules")]
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test says what it did, and fails if it cannot"
)]

use jihe_check::typed::{Expectation, Literal, Test, TestRecord, TypedRules};
use jihe_diagnostics::Sources;
use jihe_model::finding::Outcomes;
use jihe_model::ingest::{Cell, RecordsBuilder};
use jihe_model::records::{Records, RunDates};
use jihe_model::schema::{FieldId, KindId};
use jihe_model::types::Type;
use jihe_model::value::Instant;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn the_tests_of_the_shipped_rules_hold() {
    let rules = shipped();
    let mut wrong = Vec::new();
    for test in &rules.tests {
        let mut alone = rules.clone();
        alone.rules = rules.rules.get(test.rule.index()).cloned().into_iter().collect();
        let outcomes = jihe_reference::audit(&alone, &records(&rules, test));
        for expectation in &test.expectations {
            if !holds(&rules, &outcomes, expectation) {
                let told = &outcomes.subjects;
                let amounts: Vec<_> =
                    outcomes.findings.iter().map(|finding| (finding.amount, finding.nature)).collect();
                let causes: Vec<_> =
                    outcomes.coverage.values().map(|coverage| &coverage.undecided_by_cause).collect();
                wrong.push(format!("{}: {expectation:?}\n  {told:?} {amounts:?} {causes:?}", test.name));
            }
        }
    }
    println!("{} rules, {} tests", rules.rules.len(), rules.tests.len());
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../jihe-rulebook").join(folder);
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|found| found == extension));
    found.sort();
    found
}

fn shipped() -> TypedRules {
    let mut sources = Sources::new();
    let mut diagnostics = Vec::new();
    let mut trees = Vec::new();
    for path in files("rules", "jihe") {
        let id = sources.add(path.display().to_string(), fs::read_to_string(&path).expect("a rule file"));
        let (tree, found) = jihe_syntax::parse(&sources, id);
        trees.push(tree);
        diagnostics.extend(found);
    }
    let mut tables = BTreeMap::new();
    for path in files("tables", "csv") {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
        tables.insert(name, fs::read_to_string(&path).expect("a table"));
    }
    let schema = jihe_model::kinds::base_schema();
    let input = jihe_check::Input { trees: &trees, overrides: None, schema: &schema, files: &tables };
    let (typed, found) = jihe_check::check(&input, &sources);
    diagnostics.extend(found);
    let errors: Vec<String> =
        diagnostics.iter().filter(|found| found.is_error()).map(|found| format!("{found:?}")).collect();
    typed.unwrap_or_else(|| panic!("{}", errors.join("\n")))
}

fn records(rules: &TypedRules, test: &Test) -> Records {
    let mut builder = RecordsBuilder::new(&rules.schema);
    builder.supply_all();
    for record in &test.records {
        let mut fields = record.fields.clone();
        fields.extend(time_of_visit(rules, test, record));
        let cells: Vec<(FieldId, Cell<'_>)> =
            fields.iter().map(|(field, literal)| (*field, cell(literal))).collect();
        builder.push_literals(record.kind, &record.label, &cells);
    }
    let mut read = builder.finish();
    read.records.run = RunDates { unbounded: true, ..RunDates::default() };
    read.records
}

fn cell(literal: &Literal) -> Cell<'_> {
    match literal {
        Literal::Word(word) => Cell::Word(*word),
        Literal::Text(text) => Cell::Text(text),
    }
}

/// A record without a time of its own takes that of the visit it names.
fn time_of_visit(rules: &TypedRules, test: &Test, record: &TestRecord) -> Option<(FieldId, Literal)> {
    let given = |record: &TestRecord, field: FieldId| {
        record.fields.iter().find(|(name, _)| *name == field).map(|(_, literal)| literal.clone())
    };
    let kind = rules.schema.kind(record.kind)?;
    let first = *kind.clock.first()?;
    if kind.clock.iter().any(|clock| given(record, *clock).is_some()) {
        return None;
    }
    let visit = rules.schema.find_kind("visit")?;
    let Literal::Text(label) = given(record, *rules.schema.references(record.kind, visit).first()?)? else {
        return None;
    };
    let parent = test.records.iter().find(|parent| parent.kind == visit && parent.label == label)?;
    let Literal::Word(time) = given(parent, *rules.schema.kind(visit)?.clock.first()?)? else { return None };
    let is_date = rules.schema.field(record.kind, first).is_some_and(|field| field.ty == Type::Date);
    Some((first, Literal::Word(if is_date { Instant(time).day() } else { time })))
}

fn holds(rules: &TypedRules, outcomes: &Outcomes, expectation: &Expectation) -> bool {
    let Some((kind, label)) = &expectation.subject else {
        let found = outcomes.subjects.iter().filter(|subject| subject.outcome == expectation.outcome).count();
        return expectation.count == u64::try_from(found).ok();
    };
    let member = (english(rules, *kind), label.clone());
    let mut subjects =
        outcomes.subjects.iter().filter(|subject| subject.members.contains(&member)).peekable();
    if subjects.peek().is_none() {
        return expectation.outcome == jihe_model::finding::Outcome::NotApplicable;
    }
    let Some(subject) = subjects.find(|subject| subject.outcome == expectation.outcome) else { return false };
    let finding = outcomes.findings.iter().find(|finding| finding.subject_key == subject.subject_key);
    finding.is_none_or(|finding| {
        expectation.amount.is_none_or(|amount| finding.amount == Some(amount))
            && expectation.nature.is_none_or(|nature| finding.nature == nature)
    })
}

fn english(rules: &TypedRules, kind: KindId) -> String {
    rules.schema.kind(kind).map_or_else(String::new, |kind| kind.en.clone())
}
