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

    /// How many codes and heads of codes it names.
    pub(crate) fn size(&self) -> usize {
        self.include.exact.len().saturating_add(self.include.prefixes.len())
    }

    /// Whether it names ranges, which say nothing about how a code begins.
    pub(crate) fn has_ranges(&self) -> bool {
        !self.include.ranges.is_empty()
    }

    /// How every code in it begins, if it names no ranges; in no order.
    pub(crate) fn heads(&self) -> impl Iterator<Item = &str> {
        self.include.exact.iter().chain(&self.include.prefixes).map(AsRef::as_ref)
    }

    pub(crate) fn contains(&self, code: &str) -> bool {
        self.include.holds(code) && !self.exclude.holds(code)
    }
}
