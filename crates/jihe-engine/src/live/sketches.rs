//! What findings were made of, so that one that would be the same is not written again.
//!
//! In: the parts of a finding, before any text. Out: whether the subject's finding is what it was.
//! Invariant: only subjects that are records have a sketch, and only while they have a finding; equal sketches of a
//! subject mean equal findings, since records, keys and times stay as they are while rows are only added.

use super::Rows;
use crate::column::{NONE, code};
use crate::context::Context;
use crate::maps::HashMap;
use crate::rules::amounts::{Amount, Place};
use jihe_check::typed::Source;
use jihe_model::value::Value;

/// Words that say everything a finding says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sketch(Vec<i64>);

/// Sketches of a rule by subject.
pub(super) type OfRule = HashMap<u32, Sketch>;

/// The sketches of all rules, and those of the subjects of one rule that are asked again.
#[derive(Debug, Default)]
pub(super) struct Sketches {
    pub(super) held: HashMap<usize, OfRule>,
    asked: OfRule,
}

impl Sketches {
    pub(super) fn of(held: HashMap<usize, OfRule>) -> Self {
        Sketches { held, asked: OfRule::default() }
    }
}

impl Sketch {
    pub(crate) fn word(&mut self, word: i64) {
        self.0.push(word);
    }

    pub(crate) fn value(&mut self, value: Value) {
        let (kind, word, cause) = match value {
            Value::Known(word) => (0, word, 0),
            Value::AtLeast(word, cause) => (1, word, code(cause)),
            Value::Missing(cause) => (2, 0, code(cause)),
        };
        self.0.extend([kind, word, i64::from(cause)]);
    }

    fn place(&mut self, place: Place) {
        let (kind, number) = match place.0 {
            Source::Kind(kind) => (0, i64::from(kind.0)),
            Source::Summary(id) => (1, i64::from(id.0)),
            Source::Table(id) => (2, i64::from(id.0)),
        };
        self.0.extend([kind, number, i64::from(place.1)]);
    }

    /// Records, with a mark at their end.
    pub(crate) fn places(&mut self, places: impl Iterator<Item = Place>) {
        places.for_each(|place| self.place(place));
        self.0.push(i64::from(NONE));
    }

    pub(crate) fn amount(&mut self, amount: Option<&Amount>) {
        match amount {
            None => self.0.push(0),
            Some(Amount::Undecided) => self.0.push(1),
            Some(Amount::Whole(whole)) => self.0.extend([2, *whole]),
            Some(Amount::Lines(lines)) => {
                self.0.push(3);
                for (place, amount) in lines {
                    self.place(*place);
                    self.0.push(*amount);
                }
                self.0.push(i64::from(NONE));
            }
        }
    }
}

impl Context<'_> {
    /// Takes out the sketches of the old subjects of a rule that are asked again.
    pub(super) fn ask_again(&self, rule: usize, rows: &Rows) {
        let Some(live) = &self.live else { return };
        let mut sketches = live.sketches.borrow_mut();
        let asked = match (rows, sketches.held.get_mut(&rule)) {
            (Rows::None, _) | (_, None) => OfRule::default(),
            (Rows::All, Some(held)) => core::mem::take(held),
            (Rows::Some(rows), Some(held)) => rows.iter().filter_map(|row| held.remove_entry(row)).collect(),
        };
        sketches.asked = asked;
    }

    /// Keeps the sketch of a finding; whether the subject's finding was the same.
    pub(crate) fn is_unchanged(&self, rule: usize, row: u32, sketch: Sketch) -> bool {
        let Some(live) = &self.live else { return false };
        let mut sketches = live.sketches.borrow_mut();
        let same = sketches.asked.get(&row) == Some(&sketch);
        sketches.held.entry(rule).or_default().insert(row, sketch);
        same
    }
}
