//! Engine against reference on random rules and records.
//!
//! In: seeds. Out: nothing, or the smallest case found on which the two differ.
//! Invariant: the cases are the same in every run; `JIHE_CASES` asks for more, `JIHE_SEED` for others.

#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
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
#[path = "differential/random.rs"]
mod random;
#[path = "differential/report.rs"]
mod report;
#[path = "differential/rules.rs"]
mod rules;
#[path = "differential/sets.rs"]
mod sets;
#[path = "differential/terms.rs"]
mod terms;
#[path = "differential/vocabulary.rs"]
mod vocabulary;
#[path = "differential/wider.rs"]
mod wider;

use compare::{Case, difference, smallest};
use random::Random;
use report::Report;

const CASES: u64 = 2_500;
/// Records tried with each set of rules that compiles.
const CLAIMS_EACH: usize = 3;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn engine_and_reference_agree() {
    let mut report = Report::default();
    let first = setting("JIHE_SEED", 1);
    for seed in first..first.saturating_add(setting("JIHE_CASES", CASES)) {
        let mut random = Random::new(seed);
        let rules = rules::rules(&mut random);
        let typed = match case::rules(&rules.text, &rules.files) {
            Ok(typed) => typed,
            Err(errors) => {
                report.refused(&rules, &errors);
                continue;
            }
        };
        for _ in 0..CLAIMS_EACH {
            let case = Case { seed, rules: rules.clone(), claims: claims::claims(&mut random) };
            match difference(&typed, &case.claims) {
                Ok(outcomes) => report.agreed(&case, &outcomes),
                Err(_) => report.differed(smallest(&typed, case)),
            }
        }
    }
    println!("{}", report.text());
    assert!(report.failures().is_empty(), "{}", report.failures());
}

#[test]
fn sentence_15_input_order_never_matters() {
    for seed in 1..300 {
        let mut random = Random::new(seed);
        let rules = rules::rules(&mut random);
        let Ok(typed) = case::rules(&rules.text, &rules.files) else { continue };
        let claims = claims::claims(&mut random);
        let mut shuffled = claims.clone();
        for block in &mut shuffled.blocks {
            block.rows.reverse();
            let half = block.rows.len() / 2;
            block.rows.rotate_left(half);
        }
        shuffled.blocks.reverse();
        let audit = |claims: &claims::Claims| {
            jihe_reference::audit(&typed, &case::records(&typed.schema, &claims.text(), claims.run.clone()))
        };
        assert_eq!(audit(&claims), audit(&shuffled), "seed {seed}");
    }
}

/// The comparison finds every seeded fault of the engine within the cases it runs anyway.
#[test]
fn seeded_mutants_of_the_engine_are_caught() {
    use jihe_engine::{Mutant, with_mutant};
    for mutant in [Mutant::WindowEnd, Mutant::TieOrder, Mutant::Netting, Mutant::KleeneAnd] {
        let caught = (1..1_500u64).any(|seed| {
            let mut random = Random::new(seed);
            let rules = rules::rules(&mut random);
            let Ok(typed) = case::rules(&rules.text, &rules.files) else { return false };
            (0..CLAIMS_EACH).any(|_| {
                let claims = claims::claims(&mut random);
                with_mutant(mutant, || difference(&typed, &claims)).is_err()
            })
        });
        assert!(caught, "{mutant:?} survives");
    }
}
