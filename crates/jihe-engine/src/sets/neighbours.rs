//! 上一, 下一 and 最近 N 次: candidates chosen by their place in the total order.
//!
//! In: the candidates on the right side of the anchor. Out: the nearest one, or the nearest so many.
//! Invariant: a choice is certain only if no doubtful candidate could change it.

use super::bounds::{FIRST, LAST};
use super::window::{Standing, Work, doubts, worst};
use crate::column::{Column, NONE, SegmentsBuilder, ix};
use jihe_check::typed::{Direction, Neighbour};
use jihe_model::value::{Cause, Instant, Value};

type Span = (u32, u32);

impl Work<'_, '_> {
    /// Whether everything a neighbour might lie in is covered.
    fn reach_covered(&self, tuple: usize) -> bool {
        let coverage = self.context.coverage(self.source);
        if let Some(range) = self.range(tuple).filter(|_| self.counts.is_none()) {
            return coverage.holds(range.reach.0, range.reach.1);
        }
        let day = self
            .anchor(tuple)
            .map_or(0, |row| Instant(self.context.clock_of(self.window.anchor_source, row)).day());
        let back = match (self.window.neighbour, &self.counts) {
            (Some(neighbour), _) => neighbour == Neighbour::Previous,
            (None, Some((direction, _))) => !matches!(direction, Direction::Next | Direction::After),
            (None, None) => true,
        };
        if back { coverage.holds(FIRST, day) } else { coverage.holds(day, LAST) }
    }

    fn reach_cause(&self, tuple: usize) -> Option<Cause> {
        (!self.reach_covered(tuple)).then(|| self.context.uncovered(self.source))
    }

    pub(super) fn plain_neighbour(
        &self,
        tuple: usize,
        timed: Span,
        out: (u32, Option<Cause>),
    ) -> (Span, Option<Cause>) {
        let (skip, unplaced) = out;
        let (from, to) = timed;
        let place = match self.window.neighbour {
            Some(Neighbour::Following) => (from..to).find(|place| *place != skip),
            Some(Neighbour::Previous) | None => (from..to).rev().find(|place| *place != skip),
        };
        match place {
            Some(_) if unplaced.is_some() => ((from, from), unplaced),
            Some(place) => ((place, place.saturating_add(1)), None),
            None => ((from, from), self.reach_cause(tuple).or(unplaced)),
        }
    }

    /// How many, for 最近 N 次.
    fn wanted(&self, tuple: usize) -> Result<usize, Cause> {
        let Some((_, counts)) = &self.counts else { return Ok(0) };
        wanted(counts, tuple)
    }

    pub(super) fn plain_nearest(
        &self,
        tuple: usize,
        timed: Span,
        out: (u32, Option<Cause>),
    ) -> (Span, Option<Cause>) {
        let (skip, unplaced) = out;
        let (from, to) = timed;
        let wanted = match self.wanted(tuple) {
            Ok(wanted) => wanted,
            Err(cause) => return ((from, from), Some(cause)),
        };
        let forward = self.looks_ahead();
        let inside = skip != NONE && from <= skip && skip < to;
        let held = ix(to.saturating_sub(from)).saturating_sub(usize::from(inside));
        if held < wanted {
            let span = if unplaced.is_some() { (from, from) } else { (from, to) };
            let cause = self.reach_cause(tuple).or(unplaced);
            return (if unplaced.is_some() { self.doubted(timed, skip, wanted) } else { span }, cause);
        }
        if unplaced.is_some() {
            return (self.doubted(timed, skip, wanted), unplaced);
        }
        (nearest(timed, skip, wanted, forward), None)
    }

    fn looks_ahead(&self) -> bool {
        matches!(self.counts, Some((Direction::Next | Direction::After, _)))
    }

    /// The nearest that belong even if every candidate without a time lies between.
    fn doubted(&self, timed: Span, skip: u32, wanted: usize) -> Span {
        let unplaced = self.unplaced_count(timed, skip);
        nearest(timed, skip, wanted.saturating_sub(unplaced), self.looks_ahead())
    }

    fn unplaced_count(&self, timed: Span, skip: u32) -> usize {
        let row = self.index.rows.get(ix(timed.0)).copied().unwrap_or(NONE);
        let run = self.index.run(self.index.group_of(row));
        let skipped = skip != NONE && run.known <= skip && skip < run.to;
        ix(run.to.saturating_sub(run.known)).saturating_sub(usize::from(skipped))
    }

    pub(super) fn close_neighbour(
        &self,
        tuple: usize,
        candidates: &[(u32, Standing)],
        sets: &mut SegmentsBuilder,
    ) {
        let sure = |candidate: &(u32, Standing)| candidate.1 == Standing::In;
        let place = match self.window.neighbour {
            Some(Neighbour::Following) => candidates.iter().position(sure),
            Some(Neighbour::Previous) | None => candidates.iter().rposition(sure),
        };
        let Some(place) = place else {
            return sets.close(self.reach_cause(tuple).or_else(|| worst(doubts(candidates))));
        };
        let previous = self.window.neighbour == Some(Neighbour::Previous);
        let between = candidates.iter().enumerate().filter_map(|(at, (_, standing))| match standing {
            Standing::Doubtful(doubt) if !doubt.placed || (at > place) == previous => Some(*doubt),
            Standing::Doubtful(_) | Standing::In | Standing::Out => None,
        });
        let why = worst(between);
        if why.is_none() {
            sets.member(candidates[place].0);
        }
        sets.close(why);
    }

    pub(super) fn close_nearest(
        &self,
        tuple: usize,
        candidates: &[(u32, Standing)],
        sets: &mut SegmentsBuilder,
    ) {
        let wanted = match self.wanted(tuple) {
            Ok(wanted) => wanted,
            Err(cause) => return sets.close(Some(cause)),
        };
        let unplaced = |standing: &Standing| matches!(standing, Standing::Doubtful(doubt) if !doubt.placed);
        let (first, walk): (Vec<_>, Vec<_>) = candidates.iter().partition(|candidate| unplaced(&candidate.1));
        let mut outwards: Vec<&(u32, Standing)> = walk;
        if !self.looks_ahead() {
            outwards.reverse();
        }
        let (mut met, mut sure, mut chosen, mut doubt) = (0usize, 0usize, Vec::new(), None);
        for (row, standing) in first.into_iter().chain(outwards) {
            if sure >= wanted {
                break;
            }
            match standing {
                Standing::Out => continue,
                Standing::Doubtful(held) => doubt = doubt.or(Some(held.cause)),
                Standing::In => {
                    sure = sure.saturating_add(1);
                    if met < wanted {
                        chosen.push(*row);
                    }
                }
            }
            met = met.saturating_add(1);
        }
        if !self.looks_ahead() {
            chosen.reverse();
        }
        for row in chosen {
            sets.member(row);
        }
        let uncovered = if sure < wanted { self.reach_cause(tuple) } else { None };
        sets.close(uncovered.or(doubt));
    }
}

fn wanted(counts: &Column, tuple: usize) -> Result<usize, Cause> {
    match counts.get(tuple) {
        Value::Known(count) => Ok(usize::try_from(count.div_euclid(1_000_000)).unwrap_or(0)),
        Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
    }
}

/// The nearest so many places, not counting the one left out.
fn nearest(timed: Span, skip: u32, wanted: usize, forward: bool) -> Span {
    let (from, to) = timed;
    let mut left = wanted;
    let mut span = if forward { (from, from) } else { (to, to) };
    while left > 0 && (if forward { span.1 < to } else { span.0 > from }) {
        let place = if forward {
            span.1 = span.1.saturating_add(1);
            span.1.saturating_sub(1)
        } else {
            span.0 = span.0.saturating_sub(1);
            span.0
        };
        left = left.saturating_sub(usize::from(place != skip));
    }
    span
}
