//! Domains: the tuples an expression is evaluated for, and what was already computed for them.
//!
//! In: a source, a choice of tuples, or pairs with rows of a set. Out: [`Domain`].
//! Invariant: a domain's tuples never change, so results can be kept with it.

use crate::column::{Column, RowColumn, Segments, ix};
use crate::ir::{ExprId, RowId, SetId, Slot};
use crate::maps::HashMap;
use jihe_check::typed::Source;
use std::cell::RefCell;
use std::rc::Rc;

/// Tuples of rows, one for each variable in scope.
#[derive(Debug)]
pub(crate) struct Domain {
    pub(crate) len: usize,
    pub(crate) shape: Shape,
    pub(crate) exprs: RefCell<HashMap<ExprId, Rc<Column>>>,
    pub(crate) intervals: RefCell<HashMap<ExprId, Rc<crate::eval::Intervals>>>,
    pub(crate) rows: RefCell<HashMap<RowId, Rc<RowColumn>>>,
    pub(crate) sets: RefCell<HashMap<SetId, Rc<Segments>>>,
    /// The rows of variables; those in scope are few.
    slots: RefCell<Vec<(Slot, Rc<[u32]>)>>,
}

/// How a domain came about.
#[derive(Debug)]
pub(crate) enum Shape {
    /// One tuple without variables.
    Unit,
    /// Every row of a source within the bucket, from a first row on.
    Full(Source),
    /// Some rows of a source.
    Rows,
    /// Some tuples of another domain.
    Select { parent: Rc<Domain>, picks: Rc<[u32]> },
    /// Tuples of another domain, each with one more row.
    Pairs { outer: Rc<Domain>, of: Rc<[u32]>, slot: Slot },
}

impl Domain {
    fn new(len: usize, shape: Shape, slots: Vec<(Slot, Rc<[u32]>)>) -> Domain {
        Domain {
            len,
            shape,
            exprs: RefCell::default(),
            intervals: RefCell::default(),
            rows: RefCell::default(),
            sets: RefCell::default(),
            slots: RefCell::new(slots),
        }
    }

    pub(crate) fn unit() -> Rc<Domain> {
        Rc::new(Domain::new(1, Shape::Unit, Vec::new()))
    }

    pub(crate) fn full(source: Source, from: u32, to: u32) -> Rc<Domain> {
        let len = ix(to.saturating_sub(from));
        Rc::new(Domain::new(len, Shape::Full(source), vec![(0, (from..to.max(from)).collect())]))
    }

    pub(crate) fn rows(rows: Rc<[u32]>) -> Rc<Domain> {
        Rc::new(Domain::new(rows.len(), Shape::Rows, vec![(0, rows)]))
    }

    pub(crate) fn select(parent: &Rc<Domain>, picks: Vec<u32>) -> Rc<Domain> {
        let picks: Rc<[u32]> = Rc::from(picks);
        Rc::new(Domain::new(picks.len(), Shape::Select { parent: Rc::clone(parent), picks }, Vec::new()))
    }

    pub(crate) fn pairs(outer: &Rc<Domain>, of: Vec<u32>, rows: Vec<u32>, slot: Slot) -> Rc<Domain> {
        let shape = Shape::Pairs { outer: Rc::clone(outer), of: Rc::from(of), slot };
        Rc::new(Domain::new(rows.len(), shape, vec![(slot, Rc::from(rows))]))
    }

    /// The rows a variable stands for.
    pub(crate) fn slot(&self, slot: Slot) -> Rc<[u32]> {
        if let Some((_, held)) = self.slots.borrow().iter().find(|held| held.0 == slot) {
            return Rc::clone(held);
        }
        let gather = |from: &Rc<Domain>, picks: &[u32]| -> Rc<[u32]> {
            let rows = from.slot(slot);
            picks.iter().map(|at| rows.get(ix(*at)).copied().unwrap_or(0)).collect()
        };
        let rows: Rc<[u32]> = match &self.shape {
            Shape::Select { parent, picks } => gather(parent, picks),
            Shape::Pairs { outer, of, .. } => gather(outer, of),
            Shape::Unit | Shape::Full(_) | Shape::Rows => Rc::from(vec![0; self.len]),
        };
        self.slots.borrow_mut().push((slot, Rc::clone(&rows)));
        rows
    }
}
