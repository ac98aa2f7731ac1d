//! Candidates asked one by one, where a run of the index is not yet the window.
//!
//! In: the candidates of every tuple, in portions. Out: how each stands, and from that the sets.
//! Invariant: a candidate nobody can decide about is a doubt, never a member.

use super::{Doubt, Standing, Work, doubts, worst};
use crate::column::{Segments, SegmentsBuilder, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use jihe_model::value::Value;

impl Work<'_, '_> {
    /// Candidates asked one by one.
    pub(super) fn asked(&self) -> Segments {
        let mut sets = SegmentsBuilder::default();
        let mut first = 0;
        while first < self.domain.len {
            let mut portion = Portion::default();
            let mut tuple = first;
            while tuple < self.domain.len && portion.rows.len() < self.context.run.chunk {
                self.collect(tuple, &mut portion);
                tuple = tuple.saturating_add(1);
            }
            let standings = self.standings(&portion);
            let mut from = 0;
            for (at, to) in portion.ends.iter().enumerate() {
                let tuple = first.saturating_add(at);
                let mut candidates: Vec<(u32, Standing)> =
                    (from..*to).map(|place| (portion.rows[place], standings[place])).collect();
                if !self.index.in_order {
                    candidates.sort_by_key(|(row, _)| Context::rank(self.ranks, *row));
                }
                self.close(tuple, &candidates, &mut sets);
                from = *to;
            }
            first = tuple;
        }
        sets.done()
    }

    fn collect(&self, tuple: usize, portion: &mut Portion) {
        if self.nowhere(tuple).is_none() {
            let (timed, untimed) = self.places(tuple);
            let out = self.left_out(tuple);
            for place in (timed.0..timed.1).chain(untimed.0..untimed.1) {
                let row = self.index.rows[ix(place)];
                let cut = self.sorted && place < untimed.0;
                if row != out && (cut || self.is_unplaced(row) || self.on_side(row, tuple)) {
                    portion.of.push(small(tuple));
                    portion.rows.push(row);
                    portion.places.push(place);
                    portion.timed.push(place < untimed.0);
                }
            }
        }
        portion.ends.push(portion.rows.len());
    }

    fn standings(&self, portion: &Portion) -> Vec<Standing> {
        let asked = if self.index.maybe.is_some() { self.window.filter } else { self.window.open };
        let answers = asked.map(|condition| {
            let (of, rows) = (portion.of.clone(), portion.rows.clone());
            let pairs = Domain::pairs(self.domain, of, rows, self.window.slot);
            self.context.eval(condition, &pairs)
        });
        (0..portion.rows.len())
            .map(|at| {
                let answer = answers.as_ref().map_or(Value::Known(1), |answers| answers.get(at));
                self.standing(answer, portion, at)
            })
            .collect()
    }

    fn standing(&self, answer: Value, portion: &Portion, at: usize) -> Standing {
        if answer == Value::Known(0) {
            return Standing::Out;
        }
        let row = portion.rows[at];
        let unplaced = self.is_unplaced(row);
        let doubt = |cause, untimed| Standing::Doubtful(Doubt { cause, untimed, placed: !unplaced });
        if !portion.timed[at] {
            return doubt(self.index.why_timeless(row), true);
        }
        let candidate =
            (super::super::bounds::place_in(row, self.from), self.index.times[ix(portion.places[at])]);
        let asked = match &self.bounds {
            Some(bounds) => bounds.question.ask(ix(portion.of[at]), candidate),
            None => Ok(true),
        };
        match (asked, answer) {
            (Ok(false), _) => Standing::Out,
            (Ok(true), _) if unplaced => doubt(self.context.no_clock(self.source), true),
            (Err(cause), _) | (Ok(true), Value::AtLeast(_, cause) | Value::Missing(cause)) => {
                doubt(cause, false)
            }
            (Ok(true), Value::Known(_)) => Standing::In,
        }
    }

    fn close(&self, tuple: usize, candidates: &[(u32, Standing)], sets: &mut SegmentsBuilder) {
        if let Some(cause) = self.nowhere(tuple) {
            return sets.close(Some(cause));
        }
        if self.window.neighbour.is_some() {
            return self.close_neighbour(tuple, candidates, sets);
        }
        if self.counts.is_some() {
            return self.close_nearest(tuple, candidates, sets);
        }
        for (row, standing) in candidates {
            if *standing == Standing::In {
                sets.member(*row);
            }
        }
        sets.close(self.incomplete(tuple, worst(doubts(candidates))));
    }
}

/// Pairs under question.
#[derive(Debug, Default)]
struct Portion {
    of: Vec<u32>,
    rows: Vec<u32>,
    places: Vec<u32>,
    timed: Vec<bool>,
    ends: Vec<usize>,
}
