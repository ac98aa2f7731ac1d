//! Columns of values, of rows and of sets.
//!
//! In: what evaluation computes, value by value. Out: [`Column`], [`RowColumn`], [`Segments`].
//! Invariant: every column answers for each of its tuples; a constant column holds one value for all.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]

use jihe_model::value::{Cause, Value};
use std::rc::Rc;

/// No row.
pub(crate) const NONE: u32 = u32::MAX;
/// Marks a value known from below only, or a row that is surely none.
const FLAG: u16 = 0x8000;

/// As an index; 32 bits fit everywhere the engine runs.
pub(crate) fn ix(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// A count or position as 32 bits; tables are no longer than that.
pub(crate) fn small(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The code of a cause, never zero.
pub(crate) fn code(cause: Cause) -> u16 {
    cause.0.saturating_add(1)
}

/// The cause of a code.
pub(crate) fn cause_of(code: u16) -> Cause {
    Cause((code & !FLAG).saturating_sub(1))
}

/// Values of one expression.
#[derive(Debug, Clone, Default)]
pub(crate) struct Column {
    pub(crate) words: Vec<i64>,
    /// 0 known, else a cause's code, flagged when known from below.
    pub(crate) state: Option<Vec<u16>>,
    constant: bool,
}

impl Column {
    pub(crate) fn known(words: Vec<i64>) -> Self {
        Column { words, state: None, constant: false }
    }

    pub(crate) fn collect(values: impl Iterator<Item = Value>) -> Self {
        let mut column = Column::default();
        let (least, _) = values.size_hint();
        column.words.reserve(least);
        for value in values {
            column.push(value);
        }
        column
    }

    pub(crate) fn push(&mut self, value: Value) {
        let (word, state) = encode(value);
        if state != 0 && self.state.is_none() {
            self.state = Some(vec![0; self.words.len()]);
        }
        self.words.push(word);
        if let Some(states) = &mut self.state {
            states.push(state);
        }
    }

    /// The same value for every tuple.
    pub(crate) fn constant(value: Value) -> Self {
        let (word, state) = encode(value);
        Column { words: vec![word], state: (state != 0).then(|| vec![state]), constant: true }
    }

    /// The same, from a column of one tuple.
    pub(crate) fn for_all(self) -> Self {
        Column { constant: true, ..self }
    }

    /// Puts the values of further tuples after those of so many.
    pub(crate) fn append(&mut self, len: usize, more: &Column, added: usize) {
        if self.constant && more.constant && self.get(0) == more.get(0) {
            return;
        }
        if self.constant {
            *self = Column::collect(core::iter::repeat_n(self.get(0), len));
        }
        (0..added).for_each(|at| self.push(more.get(at)));
    }

    pub(crate) fn is_constant(&self) -> bool {
        self.constant
    }

    pub(crate) fn get(&self, at: usize) -> Value {
        let at = if self.constant { 0 } else { at };
        let state = self.state.as_ref().map_or(0, |states| states[at]);
        decode(self.words[at], state)
    }

    /// The word of a tuple, whatever is known of it.
    pub(crate) fn word(&self, at: usize) -> i64 {
        self.words[if self.constant { 0 } else { at }]
    }

    /// Words and whether all of them are known; none for a constant column.
    pub(crate) fn plain(&self) -> Option<&[i64]> {
        (self.state.is_none() && !self.constant).then_some(&self.words)
    }

    /// The word of a constant that is known.
    pub(crate) fn plain_constant(&self) -> Option<i64> {
        (self.state.is_none() && self.constant).then(|| self.words[0])
    }

    pub(crate) fn gather(&self, picks: &[u32]) -> Column {
        if self.constant {
            return self.clone();
        }
        Column {
            words: picks.iter().map(|at| self.words[ix(*at)]).collect(),
            state: self.state.as_ref().map(|states| picks.iter().map(|at| states[ix(*at)]).collect()),
            constant: false,
        }
    }
}

fn encode(value: Value) -> (i64, u16) {
    match value {
        Value::Known(word) => (word, 0),
        Value::AtLeast(word, cause) => (word, code(cause) | FLAG),
        Value::Missing(cause) => (0, code(cause)),
    }
}

fn decode(word: i64, state: u16) -> Value {
    if state == 0 {
        Value::Known(word)
    } else if state & FLAG != 0 {
        Value::AtLeast(word, cause_of(state))
    } else {
        Value::Missing(cause_of(state))
    }
}

/// One row of a column of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Row(u32),
    /// A reference that leads nowhere: what is asked of it is missing as a field.
    Dangling,
    /// Surely no row; what is asked of it is missing with this cause.
    Nothing(Cause),
    /// It cannot be said which row.
    Undecided(Cause),
}

/// Rows of one source, one a tuple at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowColumn {
    pub(crate) rows: Vec<u32>,
    why: Option<Vec<u16>>,
}

impl RowColumn {
    pub(crate) fn known(rows: Vec<u32>) -> Self {
        RowColumn { rows, why: None }
    }

    pub(crate) fn collect(all: impl Iterator<Item = Found>) -> Self {
        let mut column = RowColumn::default();
        for found in all {
            column.push(found);
        }
        column
    }

    pub(crate) fn push(&mut self, found: Found) {
        let (row, why) = match found {
            Found::Row(row) => (row, 0),
            Found::Dangling => (NONE, 0),
            Found::Nothing(cause) => (NONE, code(cause) | FLAG),
            Found::Undecided(cause) => (NONE, code(cause)),
        };
        if why != 0 && self.why.is_none() {
            self.why = Some(vec![0; self.rows.len()]);
        }
        self.rows.push(row);
        if let Some(all) = &mut self.why {
            all.push(why);
        }
    }

    pub(crate) fn get(&self, at: usize) -> Found {
        let row = self.rows[at];
        if row != NONE {
            return Found::Row(row);
        }
        match self.why.as_ref().map_or(0, |why| why[at]) {
            0 => Found::Dangling,
            why if why & FLAG != 0 => Found::Nothing(cause_of(why)),
            why => Found::Undecided(cause_of(why)),
        }
    }

    /// Puts the rows of further tuples after these.
    pub(crate) fn append(&mut self, more: &RowColumn) {
        (0..more.rows.len()).for_each(|at| self.push(more.get(at)));
    }

    pub(crate) fn gather(&self, picks: &[u32]) -> RowColumn {
        RowColumn {
            rows: picks.iter().map(|at| self.rows[ix(*at)]).collect(),
            why: self.why.as_ref().map(|why| picks.iter().map(|at| why[ix(*at)]).collect()),
        }
    }
}

/// Sets of rows, one a tuple: runs of a shared list, perhaps without one of its entries.
#[derive(Debug, Clone)]
pub(crate) struct Segments {
    pub(crate) backing: Rc<[u32]>,
    pub(crate) spans: Vec<(u32, u32)>,
    /// Place in `backing` left out of each span; [`NONE`] if none is.
    pub(crate) skip: Option<Vec<u32>>,
    /// Cause code a tuple; 0 where the set is complete.
    pub(crate) incomplete: Option<Vec<u16>>,
}

impl Segments {
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(crate) fn count(&self, at: usize) -> usize {
        let (from, to) = self.spans[at];
        ix(to.saturating_sub(from)).saturating_sub(usize::from(self.skipped(at) != NONE))
    }

    fn skipped(&self, at: usize) -> u32 {
        let (from, to) = self.spans[at];
        match &self.skip {
            Some(skip) if skip[at] >= from && skip[at] < to => skip[at],
            Some(_) | None => NONE,
        }
    }

    /// The members of a tuple's set, in the total order.
    pub(crate) fn members(&self, at: usize) -> impl Iterator<Item = u32> + '_ {
        let (from, to) = self.spans[at];
        let skip = self.skipped(at);
        (from..to).filter(move |place| *place != skip).map(|place| self.backing[ix(place)])
    }

    pub(crate) fn first(&self, at: usize) -> Option<u32> {
        self.members(at).next()
    }

    pub(crate) fn last(&self, at: usize) -> Option<u32> {
        let (from, to) = self.spans[at];
        let skip = self.skipped(at);
        (from..to).rev().find(|place| *place != skip).map(|place| self.backing[ix(place)])
    }

    pub(crate) fn why(&self, at: usize) -> Option<Cause> {
        let code = self.incomplete.as_ref().map_or(0, |all| all[at]);
        (code != 0).then(|| cause_of(code))
    }

    pub(crate) fn gather(&self, picks: &[u32]) -> Segments {
        Segments {
            backing: Rc::clone(&self.backing),
            spans: picks.iter().map(|at| self.spans[ix(*at)]).collect(),
            skip: self.skip.as_ref().map(|all| picks.iter().map(|at| all[ix(*at)]).collect()),
            incomplete: self.incomplete.as_ref().map(|all| picks.iter().map(|at| all[ix(*at)]).collect()),
        }
    }

    /// The same empty set for every tuple.
    pub(crate) fn empty(tuples: usize, why: Option<Cause>) -> Segments {
        Segments {
            backing: Rc::from(Vec::new()),
            spans: vec![(0, 0); tuples],
            skip: None,
            incomplete: why.map(|cause| vec![code(cause); tuples]),
        }
    }
}

/// Builds sets tuple by tuple.
#[derive(Debug, Default)]
pub(crate) struct SegmentsBuilder {
    rows: Vec<u32>,
    spans: Vec<(u32, u32)>,
    incomplete: Vec<u16>,
    any: bool,
    from: u32,
}

impl SegmentsBuilder {
    pub(crate) fn member(&mut self, row: u32) {
        self.rows.push(row);
    }

    /// Ends the set of a tuple.
    pub(crate) fn close(&mut self, why: Option<Cause>) {
        let to = small(self.rows.len());
        self.spans.push((self.from, to));
        self.from = to;
        self.any |= why.is_some();
        self.incomplete.push(why.map_or(0, code));
    }

    pub(crate) fn done(self) -> Segments {
        Segments {
            backing: Rc::from(self.rows),
            spans: self.spans,
            skip: None,
            incomplete: self.any.then_some(self.incomplete),
        }
    }
}
