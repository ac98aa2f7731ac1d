//! Code sets made fast to ask.
//!
//! In: a [`CodeSet`]. Out: a [`Matcher`].
//! Invariant: answers as [`CodeSet::contains`] does.

use hashbrown::HashSet;
use jihe_check::typed::{CodeSet, Pattern};

/// A code set.
#[derive(Debug)]
pub(crate) struct Matcher {
    include: Side,
    exclude: Side,
}

#[derive(Debug, Default)]
struct Side {
    exact: HashSet<Box<str>>,
    prefixes: HashSet<Box<str>>,
    lengths: Vec<usize>,
    ranges: Vec<Pattern>,
}

impl Side {
    fn new(patterns: &[Pattern]) -> Self {
        let mut side = Side::default();
        for pattern in patterns {
            match pattern {
                Pattern::Exact(code) => {
                    side.exact.insert(code.as_str().into());
                }
                Pattern::Prefix(prefix) => {
                    side.lengths.push(prefix.len());
                    side.prefixes.insert(prefix.as_str().into());
                }
                Pattern::Range(..) => side.ranges.push(pattern.clone()),
            }
        }
        side.lengths.sort_unstable();
        side.lengths.dedup();
        side
    }

    fn holds(&self, code: &str) -> bool {
        self.exact.contains(code)
            || self
                .lengths
                .iter()
                .any(|length| code.get(..*length).is_some_and(|head| self.prefixes.contains(head)))
            || self.ranges.iter().any(|range| range.matches(code))
    }
}

impl Matcher {
    pub(crate) fn new(codes: &CodeSet) -> Self {
        Matcher { include: Side::new(&codes.include), exclude: Side::new(&codes.exclude) }
    }

    pub(crate) fn contains(&self, code: &str) -> bool {
        self.include.holds(code) && !self.exclude.holds(code)
    }
}
