//! What the benches share: rulebooks of any size, and people with long histories.
//!
//! In: how many rules, seeds. Out: rule files, and cases of one claim with the history before it.
//! Invariant: everything is made from the shipped rulebook and the synthetic city, so that nothing easier is measured.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::string_slice,
    clippy::excessive_nesting,
    clippy::too_many_arguments,
    reason = "a bench may fail loudly"
)]

mod lines;
mod people;
mod rulebook;

/// A rule package of one text.
pub fn rules(text: &str) -> jihe::Ruleset {
    jihe_tests::compile(
        &jihe::RuleFiles::new().rule("bench.jihe", format!("规则包 \"基准\" 版本 \"1\"\n{text}")),
    )
}

pub use lines::{Shape, claims};
pub use people::{Case, cases};
pub use rulebook::{copied_files, person_rules, rules_of_lines};

/// Prints p50, p90 and p99 of times.
#[expect(clippy::print_stdout, reason = "a measurement prints")]
pub fn quantiles(name: &str, mut times: Vec<std::time::Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_nanos();
    println!("{name}: {} times, p50 {} ns, p90 {} ns, p99 {} ns", times.len(), at(50), at(90), at(99));
}
