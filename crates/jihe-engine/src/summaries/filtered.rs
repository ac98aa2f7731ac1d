//! The rows of a source for which a condition holds.
//!
//! In: a source of a bucket and a condition of its rows. Out: [`Filtered`].
//! Invariant: rows keep their order; each visible row is taken, refused or undecided. Rows that an index of codes leaves
//! out are refused without being asked.

use crate::column::{Column, ix, small};
use crate::context::{Context, Filtered};
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::postings::Candidates;
use jihe_check::typed::Source;
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

/// Sorts answers.
#[derive(Default)]
struct Sorted {
    picks: Vec<u32>,
    undecided: Vec<(u32, Cause)>,
}

impl Sorted {
    fn put(&mut self, at: u32, row: u32, answer: Value) {
        match answer {
            Value::Known(0) => {}
            Value::Known(_) => self.picks.push(at),
            Value::AtLeast(_, cause) | Value::Missing(cause) => self.undecided.push((row, cause)),
        }
    }
}

impl Context<'_> {
    /// The visible rows of a source by a condition.
    pub(crate) fn filtered(&self, source: Source, filter: Option<ExprId>) -> Rc<Filtered> {
        if let Some(held) = self.filtered.borrow().get(&(source, filter)) {
            return Rc::clone(held);
        }
        let full = self.full(source);
        let filtered = match filter.and_then(|filter| Some((filter, self.likely(source, filter)?))) {
            Some((filter, candidates)) => self.among(source, filter, candidates),
            None => self.asked_of_all(source, filter, &full),
        };
        let filtered = Rc::new(filtered);
        self.filtered.borrow_mut().insert((source, filter), Rc::clone(&filtered));
        filtered
    }

    fn asked_of_all(&self, source: Source, filter: Option<ExprId>, full: &Rc<Domain>) -> Filtered {
        let (from, _) = self.range(source);
        let hidden = self.hidden(source);
        let is_hidden =
            |at: u32| hidden.is_some_and(|hidden| hidden.get(ix(from.saturating_add(at))) == Some(&true));
        let answers = filter.map(|filter| self.eval(filter, full));
        let mut sorted = Sorted::default();
        let mut visible = full.len;
        match (answers.as_deref(), answers.as_deref().and_then(Column::plain)) {
            (None, _) if hidden.is_none() => {
                return Filtered { domain: Rc::clone(full), refused: 0, undecided: Rc::from(Vec::new()) };
            }
            (_, Some(words)) if hidden.is_none() => {
                sorted.picks.extend((0u32..).zip(words).filter_map(|(at, word)| (*word != 0).then_some(at)));
            }
            (answers, _) => {
                for at in 0..small(full.len) {
                    if is_hidden(at) {
                        visible = visible.saturating_sub(1);
                        continue;
                    }
                    let answer = answers.map_or(Value::Known(1), |answers| answers.get(ix(at)));
                    sorted.put(at, from.saturating_add(at), answer);
                }
            }
        }
        chosen(full, sorted, small(visible))
    }

    /// Asks only rows whose code may satisfy the condition.
    fn among(&self, source: Source, filter: ExprId, candidates: Candidates) -> Filtered {
        let full = self.full(source);
        let (from, _) = self.range(source);
        let Candidates { places, postings, exact } = candidates;
        if exact {
            let undecided = Rc::clone(&postings.missing);
            let decided = postings.visible.saturating_sub(small(undecided.len()));
            let refused = u64::from(decided.saturating_sub(small(places.len())));
            let domain = Domain::select(&full, places);
            return Filtered { domain, refused, undecided };
        }
        let mut asked: Vec<u32> = places;
        asked.extend(postings.missing.iter().map(|(row, _)| row.saturating_sub(from)));
        asked.sort_unstable();
        let some = Domain::select(&full, asked.clone());
        let answers = self.eval(filter, &some);
        let mut sorted = Sorted::default();
        for (place, at) in asked.iter().enumerate() {
            sorted.put(*at, from.saturating_add(*at), answers.get(place));
        }
        chosen(&full, sorted, postings.visible)
    }

    /// Which rows are reached by reference only, if any are.
    pub(crate) fn hidden(&self, source: Source) -> Option<&[bool]> {
        let Source::Kind(kind) = source else { return None };
        self.kind(kind).and_then(|table| table.hidden.as_deref())
    }
}

fn chosen(full: &Rc<Domain>, sorted: Sorted, visible: u32) -> Filtered {
    let Sorted { picks, undecided } = sorted;
    let refused = visible.saturating_sub(small(picks.len())).saturating_sub(small(undecided.len()));
    let domain = Domain::select(full, picks);
    Filtered { domain, refused: u64::from(refused), undecided: Rc::from(undecided) }
}
