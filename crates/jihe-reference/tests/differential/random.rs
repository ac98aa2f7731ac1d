//! Numbers drawn from proptest's generator, so that a failing case is named by the seed proptest keeps.
//!
//! In: the runner's generator. Out: [`Random`].
//! Invariant: the sequence depends on the runner's seed alone.

use proptest::prelude::Rng;
use proptest::test_runner::{TestRng, TestRunner};

/// What the generators of rules, schemas and records draw from.
#[derive(Debug, Clone)]
pub(crate) struct Random(TestRng);

impl Random {
    pub(crate) fn of(runner: &mut TestRunner) -> Self {
        Self(runner.new_rng())
    }

    /// A number from 0 to below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let wide = self.0.next_u64() % u64::try_from(bound.max(1)).expect("a small bound");
        usize::try_from(wide).expect("below a usize")
    }

    /// Whether something with this chance in a hundred happens.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// The same things in another order.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for place in (1..things.len()).rev() {
            things.swap(place, self.below(place + 1));
        }
    }
}
