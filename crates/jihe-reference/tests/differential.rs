//! Engine against reference on random rules, schemas and records, driven by proptest.
//!
//! In: proptest's seeds. Out: nothing, or the smallest case found on which the two differ, its seed kept beside this file.
//! Invariant: the cases are the same in every run; `JIHE_CASES` asks for more, `JIHE_SEED` for others.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    clippy::format_push_string,
    clippy::wildcard_enum_match_arm,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a generator of small cases: a mistake in it should stop the test, and the report is for people"
)]

#[path = "differential/aggregates.rs"]
mod aggregates;
#[path = "support/case.rs"]
#[expect(dead_code, reason = "this test needs the reading of rules and records only")]
mod case;
#[path = "differential/claims.rs"]
mod claims;
#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/constructs.rs"]
mod constructs;
#[path = "differential/package.rs"]
mod package;
#[path = "differential/random.rs"]
mod random;
#[path = "differential/registers.rs"]
mod registers;
#[path = "differential/registers_claims.rs"]
mod registers_claims;
#[path = "differential/replay.rs"]
mod replay;
#[path = "differential/report.rs"]
mod report;
#[path = "differential/rules.rs"]
mod rules;
#[path = "differential/schema.rs"]
mod schema;
#[path = "differential/sets.rs"]
mod sets;
#[path = "differential/spelling.rs"]
mod spelling;
#[path = "differential/strategy.rs"]
mod strategy;
#[path = "differential/terms.rs"]
mod terms;
#[path = "differential/vocabulary.rs"]
mod vocabulary;
#[path = "differential/wider.rs"]
mod wider;

use compare::{Case, difference};
use jihe::{RuleFiles, Ruleset};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{
    Config, FileFailurePersistence, RngSeed, TestCaseError, TestCaseResult, TestError, TestRunner,
};
use report::Report;
use spelling::Spelling;
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use strategy::Cases;

/// Packages that compile, over all workers.
const CASES: u32 = 3_600;
const WORKERS: u32 = 2;

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Where seeds of failing cases are kept; they are run before any other.
const SEEDS: &str = "tests/differential.proptest-regressions";

fn runner(cases: u32, seed: u32, seeds: &'static str) -> TestRunner {
    TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(u64::from(seed)),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(seeds))),
        source_file: Some(file!()),
        max_global_rejects: 10 * cases,
        max_shrink_iters: 20_000,
        ..Config::default()
    })
}

fn compiled(case: &Case) -> Result<Ruleset, jihe::Error> {
    let files = RuleFiles::new().rule("case.jihe", case.package.text());
    let add = |files: RuleFiles, (name, text): (&String, &String)| files.table(name.as_str(), text.as_str());
    jihe::compile(&case.package.files.iter().fold(files, add))
}

fn check(case: &Case, report: &mut Report) -> TestCaseResult {
    let ruleset = match compiled(case) {
        Ok(ruleset) => ruleset,
        Err(error) => {
            let code =
                error.diagnostics().iter().find(|found| found.is_error()).map_or("?", |found| found.code);
            report.refused(case, code, &error.render(jihe::Language::Chinese));
            return Err(TestCaseError::reject("the checker refuses the package"));
        }
    };
    report.accepted(case);
    for claims in &case.claims {
        let outcomes = difference(ruleset.typed(), claims, &case.cut).map_err(TestCaseError::fail)?;
        report.agreed(&outcomes);
    }
    let lawful = replay::lawful(&ruleset, &case.package);
    if !lawful.is_empty() {
        replay::difference(&ruleset, &case.claims[0], &lawful).map_err(TestCaseError::fail)?;
        report.replayed(lawful.len());
    }
    Ok(())
}

/// A worker's cases: its counts, and the smallest case that fails if one does.
fn work(cases: u32, seed: u32) -> (Report, Option<String>) {
    let report = RefCell::new(Report::default());
    let result = runner(cases, seed, SEEDS).run(&Cases, |case| check(&case, &mut report.borrow_mut()));
    let failure = match result {
        Ok(()) => None,
        Err(TestError::Fail(reason, case)) => Some(format!("{}\n{case:?}", reason.message())),
        Err(TestError::Abort(reason)) => Some(reason.message().to_owned()),
    };
    (report.into_inner(), failure)
}

#[test]
fn engine_and_reference_agree() {
    let (cases, seed) = (setting("JIHE_CASES", CASES), setting("JIHE_SEED", 1));
    let mut report = Report::default();
    let mut failures = String::new();
    std::thread::scope(|scope| {
        let one = |worker| scope.spawn(move || work(cases.div_ceil(WORKERS), seed + 1_000_000 * worker));
        let workers: Vec<_> = (0..WORKERS).map(one).collect();
        for worker in workers {
            let (counts, failure) = worker.join().expect("a worker without a panic");
            report.add(counts);
            failures.push_str(&failure.unwrap_or_default());
        }
    });
    println!("{}", report.text());
    assert!(failures.is_empty(), "{failures}");
    if cases >= CASES {
        assert!(report.failures().is_empty(), "{}", report.failures());
    }
}

/// Cases that compile, as the same seed always makes them.
fn some_cases(seed: u32) -> impl Iterator<Item = (Case, Ruleset)> {
    let mut runner = runner(1, seed, SEEDS);
    std::iter::from_fn(move || Some(Cases.new_tree(&mut runner).expect("a case").current()))
        .filter_map(|case| compiled(&case).ok().map(|ruleset| (case, ruleset)))
}

#[test]
fn sentence_15_input_order_never_matters() {
    for (case, ruleset) in some_cases(2).take(150) {
        let typed = ruleset.typed();
        let audit = |claims: &claims::Claims| {
            let records = claims.records(&typed.schema);
            jihe_reference::audit(typed, &records)
        };
        let shuffled = compare::shuffled(&case.claims[0], &mut case.cut.shuffle.clone());
        assert_eq!(audit(&case.claims[0]), audit(&shuffled), "{case:?}");
    }
}

/// What is written in one language is found in the other, but for the texts that quote a name.
#[test]
fn the_spelling_never_matters() {
    let audit = |ruleset: &Ruleset, claims: &claims::Claims| {
        let records = claims.records(ruleset.schema());
        let mut outcomes = jihe_reference::audit(ruleset.typed(), &records);
        for finding in &mut outcomes.findings {
            finding.values.iter_mut().for_each(|(name, _)| *name = Arc::default());
        }
        outcomes
    };
    for (mut case, ruleset) in some_cases(3).take(150) {
        let expected = audit(&ruleset, &case.claims[0]);
        for spelling in [Spelling::Chinese, Spelling::EnglishWords, Spelling::EnglishNames] {
            case.package.spelling = spelling;
            let ruleset = compiled(&case).map_err(|error| error.render(jihe::Language::Chinese));
            assert_eq!(audit(&ruleset.expect("the same rules"), &case.claims[0]), expected, "{case:?}");
        }
    }
}

/// The comparison finds every seeded fault of the engine within the cases it runs anyway.
#[test]
fn seeded_mutants_of_the_engine_are_caught() {
    use jihe_engine::{Mutant, with_mutant};
    for mutant in [Mutant::WindowEnd, Mutant::TieOrder, Mutant::Netting, Mutant::KleeneAnd] {
        let caught = some_cases(1).take(1_000).any(|(case, ruleset)| {
            case.claims
                .iter()
                .any(|claims| with_mutant(mutant, || difference(ruleset.typed(), claims, &case.cut)).is_err())
        });
        assert!(caught, "{mutant:?} survives");
    }
}

/// A failure is told as one rule and a handful of rows, and the next run begins with it.
#[test]
fn a_failing_case_shrinks_and_is_remembered() {
    use jihe_engine::{Mutant, with_mutant};
    let path = std::env::temp_dir().join(format!("jihe-seeds-{}", std::process::id()));
    let seeds: &'static str = path.to_str().expect("a path of text").to_owned().leak();
    let run = |seed| {
        let (tried, first) = (Cell::new(0), Cell::new(0));
        let result = runner(2_000, seed, seeds).run(&Cases, |case| {
            tried.set(tried.get() + 1);
            let ruleset = compiled(&case).map_err(|_| TestCaseError::reject("refused"))?;
            let one = |claims| difference(ruleset.typed(), claims, &case.cut).map(drop);
            let found = with_mutant(Mutant::KleeneAnd, || case.claims.iter().try_for_each(one));
            if found.is_err() && first.get() == 0 {
                first.set(tried.get());
            }
            found.map_err(TestCaseError::fail)
        });
        let Err(TestError::Fail(_, case)) = result else { panic!("the fault is not found") };
        (case, first.get())
    };
    let (case, found_after) = run(7);
    let rows: usize = case.claims[0].blocks.iter().map(|block| block.rows.len()).sum();
    assert!(case.package.rules.len() == 1 && case.claims.len() == 1 && rows <= 6, "{case:?}");
    // Another seed would look elsewhere first.
    let (_, found_again_after) = run(8);
    std::fs::remove_file(path).expect("the file of seeds");
    assert!(found_after > 1 && found_again_after == 1, "{found_after}, then {found_again_after}");
}
