//! Candidates by key: runs of rows with equal keys, each sorted by time.
//!
//! In: a source, its key expressions, a condition and a time, all of the candidate alone. Out: [`Index`].
//! Invariant: within a run rows are sorted by (time, total order), rows without time last; rows without a key are nowhere.

use crate::column::{Column, NONE, code, ix, small};
use crate::context::Context;
use crate::frame::NO_TIME;
use crate::ir::ExprId;
use crate::maps::HashMap;
use jihe_check::typed::Source;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// What an index is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct IndexKey {
    pub(crate) source: Source,
    pub(crate) keys: Vec<ExprId>,
    pub(crate) fixed: Option<ExprId>,
    pub(crate) time: Option<TimeKey>,
}

/// The time candidates are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TimeKey {
    /// The default clock.
    Order,
    /// A date or instant.
    Clock(ExprId),
    /// The start of an interval.
    Start(ExprId),
}

/// From a run and the next key's word to a run.
type Step = HashMap<(u32, i64), u32>;

/// Rows by equal keys: all windows over the same source and keys share it.
#[derive(Debug, Clone)]
pub(crate) struct Grouping {
    steps: Vec<Step>,
    /// Run of each row of the bucket.
    pub(crate) group_of: Vec<u32>,
    groups: usize,
}

/// Candidates by key.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) rows: Rc<[u32]>,
    /// Time of each place, as an instant; [`NO_TIME`] where missing.
    pub(crate) times: Vec<i64>,
    /// Where each run starts, and the end of the last.
    starts: Vec<u32>,
    /// Where the rows without time start in each run.
    known: Vec<u32>,
    grouping: Rc<Grouping>,
    /// Place of each row of the bucket.
    place_of: Vec<u32>,
    /// Whether a place's condition is undecided.
    pub(crate) maybe: Option<Vec<bool>>,
    /// Whether all runs are in the total order.
    pub(crate) in_order: bool,
    /// Whether some time has no time of day.
    pub(crate) timeless: bool,
    from: u32,
    time: Option<Rc<Column>>,
    no_time: Cause,
}

/// A run of places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) from: u32,
    /// The end of the rows with a time.
    pub(crate) known: u32,
    pub(crate) to: u32,
}

impl Index {
    pub(crate) fn run(&self, group: u32) -> Run {
        let at = ix(group);
        match (self.starts.get(at), self.known.get(at), self.starts.get(at.saturating_add(1))) {
            (Some(from), Some(known), Some(to)) => Run { from: *from, known: *known, to: *to },
            _ => Run { from: 0, known: 0, to: 0 },
        }
    }

    /// The run of a row of the same source.
    pub(crate) fn group_of(&self, row: u32) -> u32 {
        row.checked_sub(self.from).and_then(|at| self.grouping.group_of.get(ix(at))).copied().unwrap_or(NONE)
    }

    pub(crate) fn place_of(&self, row: u32) -> u32 {
        row.checked_sub(self.from).and_then(|at| self.place_of.get(ix(at))).copied().unwrap_or(NONE)
    }

    /// The run of a tuple of keys.
    pub(crate) fn find(&self, words: impl Iterator<Item = i64>) -> u32 {
        let mut group = 0;
        for (step, word) in self.grouping.steps.iter().zip(words) {
            match step.get(&(group, word)) {
                Some(next) => group = *next,
                None => return NONE,
            }
        }
        group
    }

    /// Why a row has no time.
    pub(crate) fn why_timeless(&self, row: u32) -> Cause {
        let value = self.time.as_ref().map(|time| time.get(ix(row.saturating_sub(self.from))));
        match value {
            Some(Value::AtLeast(_, cause) | Value::Missing(cause)) => cause,
            Some(Value::Known(_)) | None => self.no_time,
        }
    }

    /// The first place of a run's timed part whose time is not before a word.
    pub(crate) fn lower(&self, run: Run, word: i64) -> u32 {
        let times = &self.times[ix(run.from)..ix(run.known)];
        run.from.saturating_add(small(times.partition_point(|time| *time < word)))
    }
}

impl Context<'_> {
    pub(crate) fn index(&self, key: IndexKey) -> Rc<Index> {
        if let Some(held) = self.indexes.borrow().get(&key) {
            return Rc::clone(held);
        }
        let index = Rc::new(self.build_index(&key));
        self.indexes.borrow_mut().insert(key, Rc::clone(&index));
        index
    }

    fn build_index(&self, key: &IndexKey) -> Index {
        let source = key.source;
        let full = self.full(source);
        let (from, _) = self.range(source);
        let grouping = self.grouping(source, &key.keys);
        let groups = grouping.groups;
        let time = self.times(key.time, source);
        let (starts, mut rows, doubts) = self.candidates(source, &grouping.group_of, (groups, key.fixed));
        let time_of =
            |row: u32| time.words.as_ref().map_or(NO_TIME, |words| words[ix(row.saturating_sub(from))]);
        let ranks = self.ranks(source);
        let mut in_order = true;
        for group in 0..groups {
            let run = &mut rows[ix(starts[group])..ix(starts[group.saturating_add(1)])];
            let place = |row: &u32| (time_of(*row), Context::rank(ranks, *row));
            if !run.is_sorted_by_key(place) {
                run.sort_by_key(place);
            }
            in_order &= run.is_sorted_by_key(|row| Context::rank(ranks, *row));
        }
        let times: Vec<i64> = rows.iter().map(|row| time_of(*row)).collect();
        let known = (0..groups)
            .map(|group| {
                let (start, end) = (ix(starts[group]), ix(starts[group.saturating_add(1)]));
                if key.time.is_none() {
                    return small(end);
                }
                small(start.saturating_add(times[start..end].partition_point(|time| *time != NO_TIME)))
            })
            .collect();
        let mut place_of = vec![NONE; full.len];
        for (place, row) in (0u32..).zip(&rows) {
            place_of[ix(row.saturating_sub(from))] = place;
        }
        let maybe =
            doubts.map(|doubts| rows.iter().map(|row| doubts[ix(row.saturating_sub(from))]).collect());
        let timeless = times.iter().any(|time| *time != NO_TIME && !Instant(*time).has_time());
        Index {
            rows: Rc::from(rows),
            times,
            starts,
            known,
            grouping,
            place_of,
            maybe,
            in_order,
            timeless,
            from,
            time: time.values,
            no_time: self.no_clock(source),
        }
    }

    /// Numbers the runs: equal keys, equal number; key after key.
    pub(crate) fn grouping(&self, source: Source, keys: &[ExprId]) -> Rc<Grouping> {
        let key = (source, keys.to_vec());
        if let Some(held) = self.groupings.borrow().get(&key) {
            return Rc::clone(held);
        }
        let full = self.full(source);
        let mut grouping = self.kept_grouping(&key).unwrap_or_else(|| Grouping {
            steps: keys.iter().map(|_| Step::default()).collect(),
            group_of: Vec::new(),
            groups: 1,
        });
        let first = grouping.group_of.len();
        grouping.group_of.resize(full.len, 0);
        for (key, step) in keys.iter().zip(&mut grouping.steps) {
            let column = self.eval(*key, &full);
            // Rows of one person stand side by side, so the key of a row is often that of the row before.
            let mut last = ((NONE, 0), NONE);
            for (at, group) in grouping.group_of.iter_mut().enumerate().skip(first) {
                if *group == NONE {
                    continue;
                }
                let next = small(step.len());
                *group = match column.get(at) {
                    Value::Known(word) if last.0 == (*group, word) => last.1,
                    Value::Known(word) => {
                        last = ((*group, word), *step.entry((*group, word)).or_insert(next));
                        last.1
                    }
                    Value::AtLeast(..) | Value::Missing(_) => NONE,
                };
            }
            grouping.groups = step.len();
        }
        let grouping = Rc::new(grouping);
        self.groupings.borrow_mut().insert(key, Rc::clone(&grouping));
        grouping
    }

    /// Rows by run, in a counting sort; and, if any, those whose condition is undecided.
    fn candidates(
        &self,
        source: Source,
        group_of: &[u32],
        kept: (usize, Option<ExprId>),
    ) -> (Vec<u32>, Vec<u32>, Option<Vec<bool>>) {
        let (groups, fixed) = kept;
        let (from, _) = self.range(source);
        let group = |row: u32| group_of[ix(row.saturating_sub(from))];
        let filtered = self.filtered(source, fixed);
        let mut taken: Vec<u32> =
            filtered.domain.slot(0).iter().copied().filter(|row| group(*row) != NONE).collect();
        let mut doubts: Option<Vec<bool>> = None;
        for (row, _) in filtered.undecided.iter().filter(|(row, _)| group(*row) != NONE) {
            doubts.get_or_insert_with(|| vec![false; group_of.len()])[ix(row.saturating_sub(from))] = true;
            taken.push(*row);
        }
        if doubts.is_some() {
            taken.sort_unstable();
        }
        let mut starts = vec![0u32; groups.saturating_add(1)];
        for row in &taken {
            starts[ix(group(*row)).saturating_add(1)] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; taken.len()];
        for row in taken {
            let place = &mut next[ix(group(row))];
            rows[ix(*place)] = row;
            *place += 1;
        }
        (starts, rows, doubts)
    }

    fn times(&self, time: Option<TimeKey>, source: Source) -> Times {
        let full = self.full(source);
        match time {
            None => Times { words: None, values: None },
            Some(TimeKey::Order) => {
                let (from, to) = self.range(source);
                Times {
                    words: Some((from..to).map(|row| self.clock_of(source, row)).collect()),
                    values: None,
                }
            }
            Some(TimeKey::Clock(clock)) => {
                let ty = self.type_of(clock);
                let values = self.eval(clock, &full);
                let instant = |value| match value {
                    Value::Known(word) => crate::eval::moment(word, ty).0,
                    Value::AtLeast(..) | Value::Missing(_) => NO_TIME,
                };
                let words = (0..full.len).map(|at| instant(values.get(at))).collect();
                Times { words: Some(words), values: Some(values) }
            }
            Some(TimeKey::Start(interval)) => {
                let starts = &self.eval_interval(interval, &full).start;
                let word = |value| match value {
                    Value::Known(word) => word,
                    Value::AtLeast(..) | Value::Missing(_) => NO_TIME,
                };
                let words = (0..full.len).map(|at| word(starts.get(at))).collect();
                Times { words: Some(words), values: Some(Rc::new(starts.clone())) }
            }
        }
    }
}

struct Times {
    words: Option<Vec<i64>>,
    values: Option<Rc<Column>>,
}

/// The code of a cause that may be none.
pub(super) fn code_of(cause: Option<Cause>) -> u16 {
    cause.map_or(0, code)
}
