//! Evaluates sets: for every tuple of a domain, rows of a source in the total order.
//!
//! In: a set node and a domain. Out: [`Segments`].
//! Invariant: members are sure members; whatever else might belong makes the set incomplete, with one cause.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, counts of them, and sums in 128 bits"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

mod bounds;
mod combine;
mod densest;
pub(crate) mod index;
mod neighbours;
pub(crate) mod window;

use crate::column::{Column, NONE, Segments, SegmentsBuilder, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::Coverage;
use crate::ir::{ExprId, RowId, SetId, SetOp, Slot};
use crate::plan::base_of;
use jihe_check::typed::Source;
use jihe_model::schema::KindId;
use jihe_model::value::{Cause, Value};
use std::rc::Rc;

/// Sees a tuple, the members of its set, and their values.
type VisitElements<'v> = dyn FnMut(usize, &[u32], &[Value]) + 'v;
/// Sees a portion of pairs, its first tuple, and where the pairs of each tuple end.
type VisitPairs<'v> = dyn FnMut(&Rc<Domain>, usize, &[usize]) + 'v;

impl Context<'_> {
    pub(crate) fn compute_set(&self, id: SetId, domain: &Rc<Domain>) -> Segments {
        let node = self.run.plan.arena.set(id);
        match &node.op {
            SetOp::All => self.all(node.source, domain.len),
            SetOp::Window(window) => self.window(window, node.source, domain),
            SetOp::Members(row) => self.members(*row, domain),
            SetOp::Each(set, slot, inner) => self.each(*set, *slot, *inner, domain),
            SetOp::FollowEach(set, slot, row) => self.follow_each(*set, *slot, *row, domain),
            SetOp::Filter(set, slot, condition) => self.filter(*set, *slot, *condition, domain),
            SetOp::Except(a, b) => self.except(*a, *b, domain),
            SetOp::Single(row) => self.single(*row, domain),
            SetOp::Densest(of) => self.densest(of, node.source, domain),
            SetOp::Lookup(table, keys, as_of) => self.lookup(*table, keys, *as_of, domain),
            SetOp::At(row, body) => self.set_at(*row, *body, domain),
        }
    }

    /// The kind whose records a source is made of.
    pub(crate) fn base(&self, source: Source) -> Option<KindId> {
        base_of(&self.run.plan.summaries, source)
    }

    /// Why a source has no rows at all: its kind was not supplied.
    pub(crate) fn unsupplied(&self, source: Source) -> Option<Cause> {
        if self.supplied(source).is_some() {
            return None;
        }
        let kind = self.base(source)?;
        let supplied = self.kind(kind).is_some_and(|table| table.supplied);
        (!supplied).then(|| self.run.causes.kind(kind))
    }

    pub(crate) fn coverage(&self, source: Source) -> Coverage {
        if let Some(held) = self.supplied(source) {
            return held.coverage();
        }
        self.base(source).and_then(|kind| self.kind(kind)).map_or(Coverage::Always, |table| table.coverage)
    }

    pub(crate) fn uncovered(&self, source: Source) -> Cause {
        self.base(source).map_or(crate::run::EMPTY, |kind| self.run.causes.coverage(kind))
    }

    /// Whether a row is reached by reference only.
    pub(crate) fn is_hidden(&self, source: Source, row: u32) -> bool {
        let Source::Kind(kind) = source else { return false };
        let hidden = self.kind(kind).and_then(|table| table.hidden.as_ref());
        hidden.is_some_and(|hidden| hidden.get(ix(row)).copied().unwrap_or(false))
    }

    /// The visible rows of a source in this bucket, in the total order.
    pub(crate) fn visible(&self, source: Source) -> Vec<u32> {
        let (from, to) = self.range(source);
        let mut rows: Vec<u32> = (from..to).filter(|row| !self.is_hidden(source, *row)).collect();
        if let Some(ranks) = self.ranks(source) {
            rows.sort_by_key(|row| Context::rank(Some(ranks), *row));
        }
        rows
    }

    fn all(&self, source: Source, len: usize) -> Segments {
        if let Some(cause) = self.unsupplied(source) {
            return Segments::empty(len, Some(cause));
        }
        let rows = self.visible(source);
        let count = small(rows.len());
        Segments { backing: Rc::from(rows), spans: vec![(0, count); len], skip: None, incomplete: None }
    }

    fn set_at(&self, row: RowId, body: SetId, domain: &Rc<Domain>) -> Segments {
        let rows = self.rows_for(row, domain);
        let source = self.run.plan.arena.row(row).source;
        let known = |domain: &Domain| domain.sets.borrow().contains_key(&body);
        let (there, places) = self.landing(source, &rows.rows, true, &known);
        let sets = self.eval_set(body, &there);
        if !places.contains(&NONE) {
            return sets.gather(&places);
        }
        let mut all = SegmentsBuilder::default();
        for (at, place) in places.iter().enumerate() {
            if *place == NONE {
                all.close(self.presence(rows.get(at), source).err());
                continue;
            }
            for member in sets.members(ix(*place)) {
                all.member(member);
            }
            all.close(sets.why(ix(*place)));
        }
        all.done()
    }

    /// Goes through the members of every tuple's set, with the value of each if one is asked for.
    pub(crate) fn elements(
        &self,
        sets: &Rc<Segments>,
        value: Option<(Slot, ExprId)>,
        source: Source,
        domain: &Rc<Domain>,
        visit: &mut VisitElements<'_>,
    ) {
        let (mut rows, mut values) = (Vec::new(), Vec::new());
        let Some((slot, expr)) = value else {
            for tuple in 0..domain.len {
                rows.clear();
                rows.extend(sets.members(tuple));
                visit(tuple, &rows, &[]);
            }
            return;
        };
        if let Some(body) = self.run.plan.arena.of_element(expr, slot) {
            let lookup = self.element_column(sets, body, source);
            for tuple in 0..domain.len {
                rows.clear();
                rows.extend(sets.members(tuple));
                values.clear();
                values.extend(rows.iter().map(|row| lookup.get(*row)));
                visit(tuple, &rows, &values);
            }
            return;
        }
        self.in_pairs(sets, slot, domain, &mut |pairs, first, ends| {
            let column = self.eval(expr, pairs);
            let all = pairs.slot(slot);
            let mut from = 0;
            for (at, to) in ends.iter().enumerate() {
                values.clear();
                values.extend((from..*to).map(|place| column.get(place)));
                visit(first.saturating_add(at), &all[from..*to], &values);
                from = *to;
            }
        });
    }

    /// The values of an expression of the members alone.
    pub(crate) fn element_column(&self, sets: &Segments, body: ExprId, source: Source) -> ElementColumn {
        let heavy = self.is_heavy(body);
        let full = self.full(source);
        let (from, to) = self.range(source);
        let total: usize = (0..sets.len()).map(|tuple| sets.count(tuple)).sum();
        let foreign = || (0..sets.len()).any(|tuple| sets.members(tuple).any(|row| row < from || row >= to));
        let known = full.exprs.borrow().contains_key(&body);
        let few = heavy && !known && total.saturating_mul(2) < full.len;
        if !few && !foreign() {
            return ElementColumn { column: self.eval(body, &full), from, rows: None };
        }
        let mut rows: Vec<u32> = (0..sets.len()).flat_map(|tuple| sets.members(tuple)).collect();
        rows.sort_unstable();
        rows.dedup();
        let rows: Rc<[u32]> = Rc::from(rows);
        let column = self.eval(body, &self.rows_domain(source, Rc::clone(&rows)));
        ElementColumn { column, from: 0, rows: Some(rows) }
    }

    /// Pairs every tuple with every member of its set, in portions; gives the portion, its first tuple, and where the
    /// pairs of each tuple end.
    pub(crate) fn in_pairs(
        &self,
        sets: &Segments,
        slot: Slot,
        domain: &Rc<Domain>,
        visit: &mut VisitPairs<'_>,
    ) {
        let (mut of, mut rows, mut ends, mut first) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for tuple in 0..domain.len {
            for row in sets.members(tuple) {
                of.push(small(tuple));
                rows.push(row);
            }
            ends.push(rows.len());
            if rows.len() >= self.run.chunk || tuple.saturating_add(1) == domain.len {
                let pairs = Domain::pairs(domain, core::mem::take(&mut of), core::mem::take(&mut rows), slot);
                visit(&pairs, first, &ends);
                ends.clear();
                first = tuple.saturating_add(1);
            }
        }
    }
}

/// Values of rows, by row.
pub(crate) struct ElementColumn {
    pub(crate) column: Rc<Column>,
    pub(crate) from: u32,
    pub(crate) rows: Option<Rc<[u32]>>,
}

impl ElementColumn {
    pub(crate) fn get(&self, row: u32) -> Value {
        match &self.rows {
            None => self.column.get(ix(row.saturating_sub(self.from))),
            Some(rows) => self.column.get(rows.binary_search(&row).unwrap_or(0)),
        }
    }
}
