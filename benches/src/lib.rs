//! What the benches share: rulebooks of any size, and people with long histories.
//!
//! In: how many rules, seeds. Out: rule files, and cases of one claim with the history before it.
//! Invariant: everything is made from the shipped rulebook and the synthetic city, so that nothing easier is measured.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a bench may fail loudly"
)]

mod people;
mod rulebook;

pub use people::{Case, cases};
pub use rulebook::{person_rules, rules_of_lines};
