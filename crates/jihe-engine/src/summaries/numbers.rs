//! Numbers groups: key after key, each group of the keys before is cut by the words of the next.
//!
//! In: the tuples to be grouped, and the words of each key. Out: [`Groups`].
//! Invariant: groups are numbered in the order in which they are met, so a sequence of group numbers that never falls has
//! every group in one piece.

use super::Groups;
use super::keys::KeyWords;
use crate::column::{ix, small};
use crate::maps::HashMap;

/// Tuples and the group each is in so far.
pub(super) struct Numbers {
    tuples: Vec<u32>,
    groups: Vec<u32>,
    /// For every key: the group before it and the word that led to each group.
    steps: Vec<Vec<(u32, i64)>>,
}

/// Pieces up to this length are searched from one end to the other.
const SHORT: usize = 24;

/// The groups that one key makes.
#[derive(Default)]
struct Step {
    numbers: HashMap<(u32, i64), u32>,
    chain: Vec<(u32, i64)>,
}

impl Step {
    fn fresh(&mut self, group: u32, word: i64) -> u32 {
        let number = small(self.chain.len());
        self.chain.push((group, word));
        number
    }

    /// The group of a word within a group, new if need be.
    fn number(&mut self, group: u32, word: i64, last: Option<u32>) -> u32 {
        if let Some(last) = last
            && self.chain.get(ix(last)) == Some(&(group, word))
        {
            return last;
        }
        let fresh = small(self.chain.len());
        let number = *self.numbers.entry((group, word)).or_insert(fresh);
        if number == fresh {
            self.chain.push((group, word));
        }
        number
    }

    /// The groups of a piece: all its tuples are in one group before, and that group is nowhere else.
    fn piece(&mut self, groups: &mut [u32], words: impl Fn(usize) -> i64) {
        let Some(group) = groups.first().copied() else { return };
        let from = self.chain.len();
        let short = groups.len() <= SHORT;
        let mut last = None;
        for (at, held) in groups.iter_mut().enumerate() {
            let word = words(at);
            let number = if short {
                let found = self.chain[from..].iter().position(|(_, known)| *known == word);
                found.map_or_else(|| self.fresh(group, word), |found| small(from + found))
            } else {
                self.number(group, word, last)
            };
            *held = number;
            last = Some(number);
        }
    }
}

impl Numbers {
    pub(super) fn new(tuples: Vec<u32>) -> Self {
        Numbers { groups: vec![0; tuples.len()], tuples, steps: Vec::new() }
    }

    /// Cuts the groups by the words of one more key.
    pub(super) fn add(&mut self, key: &KeyWords) {
        let mut step = Step::default();
        match key {
            KeyWords::One(column) => self.one(&mut step, |tuple| column.word(ix(tuple))),
            KeyWords::Many { .. } => self.many(&mut step, key),
        }
        self.steps.push(step.chain);
    }

    fn one(&mut self, step: &mut Step, word: impl Fn(u32) -> i64) {
        let (tuples, groups) = (&self.tuples, &mut self.groups);
        if self.steps.is_empty() || !groups.is_sorted() {
            let mut last = None;
            for (tuple, group) in tuples.iter().zip(groups) {
                *group = step.number(*group, word(*tuple), last);
                last = Some(*group);
            }
            return;
        }
        let mut from = 0;
        while from < groups.len() {
            let group = groups[from];
            let length = groups[from..].iter().take_while(|held| **held == group).count();
            step.piece(&mut groups[from..from + length], |at| word(tuples[from + at]));
            from += length;
        }
    }

    fn many(&mut self, step: &mut Step, key: &KeyWords) {
        let (mut tuples, mut groups) = (Vec::new(), Vec::new());
        for (tuple, group) in self.tuples.iter().zip(&self.groups) {
            key.each(ix(*tuple), &mut |word| {
                tuples.push(*tuple);
                groups.push(step.number(*group, word, None));
            });
        }
        (self.tuples, self.groups) = (tuples, groups);
    }

    /// The groups with their members, in a counting sort; `all` are the rows of the tuples.
    pub(super) fn groups(self, all: &[u32]) -> Groups {
        let count = self.steps.last().map_or(usize::from(!self.tuples.is_empty()), Vec::len);
        let mut keys = Vec::with_capacity(self.steps.len());
        let mut at: Vec<u32> = (0..small(count)).collect();
        for step in self.steps.iter().rev() {
            keys.push(at.iter().map(|group| step[ix(*group)].1).collect());
            for group in &mut at {
                *group = step[ix(*group)].0;
            }
        }
        keys.reverse();
        let mut starts = vec![0u32; count + 1];
        for group in &self.groups {
            starts[ix(*group) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut members = vec![0u32; self.tuples.len()];
        for (tuple, group) in self.tuples.iter().zip(&self.groups) {
            let place = &mut next[ix(*group)];
            members[ix(*place)] = all[ix(*tuple)];
            *place += 1;
        }
        Groups { keys, starts, members }
    }
}
