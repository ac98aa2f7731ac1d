//! Sets made of sets: filters, unions over a set, differences, single records, members of groups.
//!
//! In: set nodes. Out: [`Segments`].
//! Invariant: members stay in the total order and are never repeated.

use crate::column::{Found, NONE, Segments, SegmentsBuilder, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::{ExprId, RowId, SetId, Slot};
use jihe_check::typed::Source;
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

impl Context<'_> {
    fn source_of(&self, set: SetId) -> Source {
        self.run.plan.arena.set(set).source
    }

    pub(super) fn filter(&self, set: SetId, slot: Slot, condition: ExprId, domain: &Rc<Domain>) -> Segments {
        let inner = self.eval_set(set, domain);
        let mut sets = SegmentsBuilder::default();
        self.elements(
            &inner,
            Some((slot, condition)),
            self.source_of(set),
            domain,
            &mut |tuple, rows, answers| {
                let mut doubtful: Option<Cause> = None;
                for (row, answer) in rows.iter().zip(answers) {
                    match answer {
                        Value::Known(0) => {}
                        Value::Known(_) => sets.member(*row),
                        Value::AtLeast(_, cause) | Value::Missing(cause) => {
                            doubtful = doubtful.or(Some(*cause));
                        }
                    }
                }
                sets.close(inner.why(tuple).or(doubtful));
            },
        );
        sets.done()
    }

    pub(super) fn members(&self, row: RowId, domain: &Rc<Domain>) -> Segments {
        let source = self.run.plan.arena.row(row).source;
        let Source::Summary(id) = source else { return Segments::empty(domain.len, Some(crate::run::EMPTY)) };
        let data = self.summary(id);
        let rows = self.rows_for(row, domain);
        let mut why = vec![0; domain.len];
        let mut spans = Vec::with_capacity(domain.len);
        for (at, why) in why.iter_mut().enumerate() {
            match rows.get(at) {
                Found::Row(row) => spans.push(data.members_of(row)),
                other => {
                    spans.push((0, 0));
                    *why = super::index::code_of(self.presence(other, source).err());
                }
            }
        }
        let incomplete = why.iter().any(|why| *why != 0).then_some(why);
        Segments { backing: Rc::clone(&data.members), spans, skip: None, incomplete }
    }

    pub(super) fn single(&self, row: RowId, domain: &Rc<Domain>) -> Segments {
        let rows = self.rows_for(row, domain);
        let source = self.run.plan.arena.row(row).source;
        let mut sets = SegmentsBuilder::default();
        for at in 0..domain.len {
            let found = rows.get(at);
            if let Found::Row(row) = found {
                sets.member(row);
            }
            sets.close(self.presence(found, source).err());
        }
        sets.done()
    }

    pub(super) fn except(&self, a: SetId, b: SetId, domain: &Rc<Domain>) -> Segments {
        let (all, without) = (self.eval_set(a, domain), self.eval_set(b, domain));
        let mut sets = SegmentsBuilder::default();
        let mut gone = Vec::new();
        for at in 0..domain.len {
            let why = if all.why(at).is_none() && all.count(at) == 0 { None } else { without.why(at) };
            if why.is_none() {
                gone.clear();
                gone.extend(without.members(at));
                gone.sort_unstable();
                for row in all.members(at).filter(|row| gone.binary_search(row).is_err()) {
                    sets.member(row);
                }
            }
            sets.close(all.why(at).or(why));
        }
        sets.done()
    }

    pub(super) fn each(&self, set: SetId, slot: Slot, inner: SetId, domain: &Rc<Domain>) -> Segments {
        let outer = self.eval_set(set, domain);
        let ranks = self.ranks(self.source_of(inner));
        let mut sets = SegmentsBuilder::default();
        self.in_pairs(&outer, slot, domain, &mut |pairs, first, ends| {
            let inner = self.eval_set(inner, pairs);
            let mut from = 0;
            for (at, to) in ends.iter().enumerate() {
                let mut why = outer.why(first.saturating_add(at));
                let mut rows = Vec::new();
                for pair in from..*to {
                    rows.extend(inner.members(pair));
                    why = why.or(inner.why(pair));
                }
                put(&mut sets, rows, ranks, why);
                from = *to;
            }
        });
        sets.done()
    }

    pub(super) fn follow_each(&self, set: SetId, slot: Slot, row: RowId, domain: &Rc<Domain>) -> Segments {
        let outer = self.eval_set(set, domain);
        let source = self.run.plan.arena.row(row).source;
        let ranks = self.ranks(source);
        let mut sets = SegmentsBuilder::default();
        self.in_pairs(&outer, slot, domain, &mut |pairs, first, ends| {
            let found = self.rows_for(row, pairs);
            let mut from = 0;
            for (at, to) in ends.iter().enumerate() {
                let mut why = outer.why(first.saturating_add(at));
                let mut rows = Vec::new();
                for pair in from..*to {
                    match found.get(pair) {
                        Found::Row(row) => rows.push(row),
                        other => why = why.or(self.presence(other, source).err()),
                    }
                }
                put(&mut sets, rows, ranks, why);
                from = *to;
            }
        });
        sets.done()
    }
}

/// Ends a set with rows that may be unordered and repeated.
fn put(sets: &mut SegmentsBuilder, mut rows: Vec<u32>, ranks: Option<&[u32]>, why: Option<Cause>) {
    rows.sort_by_key(|row| ranks.map_or(*row, |ranks| ranks.get(ix(*row)).copied().unwrap_or(NONE)));
    rows.dedup();
    for row in rows {
        sets.member(row);
    }
    sets.close(why);
}
