//! A naive interpreter of Jihe rules, to hold the engine against.
//!
//! In: typed rules and records. Out: [`Outcomes`].
//! Invariant: it is obviously correct: row by row, no sharing, no sorting tricks, nothing in common with the engine.
//!
//! Its own calendar, windows, netting, aggregates and attribution of amounts follow the numbered sentences of the
//! language reference, which the comments cite.

mod aggregates;
mod amounts;
mod arithmetic;
mod builtins;
mod calendar;
mod compare;
mod densest;
mod env;
mod eval;
mod fields;
mod findings;
mod intervals;
mod lookups;
mod netting;
mod periods;
mod print;
mod rows;
mod rules;
mod sets;
mod statistics;
mod summaries;
mod value;
mod versions;
mod windows;
mod world;

use jihe_check::typed::TypedRules;
use jihe_model::finding::Outcomes;
use jihe_model::records::Records;

/// Evaluates every rule for every subject.
pub fn audit(rules: &TypedRules, records: &Records) -> Outcomes {
    let mut world = world::World::new(rules, records);
    summaries::add_summaries(&mut world);
    let mut outcomes = Outcomes {
        unmatched_refunds: world.unmatched_refunds,
        over_refunded: world.over_refunded,
        ..Outcomes::default()
    };
    for rule in &rules.rules {
        let result = rules::run(rule, &world);
        outcomes.findings.extend(result.findings);
        outcomes.subjects.extend(result.subjects);
        outcomes.coverage.insert(rule.id.clone(), result.coverage);
    }
    outcomes
        .findings
        .sort_by(|left, right| (&left.rule_id, &left.subject_key).cmp(&(&right.rule_id, &right.subject_key)));
    outcomes.subjects.sort();
    outcomes
}
