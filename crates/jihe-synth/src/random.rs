//! A small seeded generator of random integers.
//!
//! In: a seed. Out: [`Random`], a stream of integers.
//! Invariant: integers only, so that the same seed gives the same stream on every machine and for ever.

/// `SplitMix64`: one word of state, every word equally likely.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// A stream for a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for one thing of a city, so that a change in one person leaves the others as they were.
    pub(crate) fn fork(seed: u64, purpose: u64, number: u64) -> Self {
        let mut first = Self::new(seed ^ purpose.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mixed = first.next().wrapping_add(number.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let mut second = Self::new(mixed);
        Self::new(second.next())
    }

    /// The next word.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number in `0..bound`; 0 if the bound is not positive.
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        let word = self.next() >> 1;
        let word = i64::try_from(word).unwrap_or(0);
        word.checked_rem(bound).unwrap_or(0).max(0)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high - low + 1)
    }

    /// Whether an event of so many per cent happens.
    pub(crate) fn percent(&mut self, chance: i64) -> bool {
        self.below(100) < chance
    }

    /// One of the choices, which must not be none.
    pub(crate) fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        *self.one_of(choices)
    }

    /// One of the things in a list, which must not be empty.
    #[expect(clippy::indexing_slicing, reason = "a number below the length is a place in the list")]
    pub(crate) fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        let length = i64::try_from(things.len()).unwrap_or(i64::MAX);
        let at = usize::try_from(self.below(length)).unwrap_or(0);
        &things[at]
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_always_gives_the_same_stream() {
        let mut random = Random::new(1);
        assert_eq!(random.next(), 0x910a_2dec_8902_5cc1);
        assert_eq!(Random::fork(1, 2, 3).next(), Random::fork(1, 2, 3).next());
        assert_ne!(Random::fork(1, 2, 3).next(), Random::fork(1, 2, 4).next());
    }
}
