//! Domains: the tuples an expression is evaluated for, and what was already computed for them.
//!
//! In: a source, a choice of tuples, or pairs with rows of a set. Out: [`Domain`].
//! Invariant: a domain's tuples never change, so results can be kept with it.

use crate::column::{Column, RowColumn, Segments, ix};
use crate::ir::{ExprId, RowId, SetId, Slot};
use crate::maps::HashMap;
use jihe_check::typed::Source;
use std::cell::{OnceCell, RefCell};
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
    /// The rows of the variable it was made with or first asked for, and of the few others.
    first: OnceCell<(Slot, Rc<[u32]>)>,
    others: RefCell<Vec<(Slot, Rc<[u32]>)>>,
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
    Select { parent: Rc<Domain>, picks: Vec<u32> },
    /// Tuples of another domain, each with one more row.
    Pairs { outer: Rc<Domain>, of: Vec<u32>, slot: Slot },
}

impl Domain {
    fn new(len: usize, shape: Shape) -> Domain {
        Domain {
            len,
            shape,
            exprs: RefCell::default(),
            intervals: RefCell::default(),
            rows: RefCell::default(),
            sets: RefCell::default(),
            first: OnceCell::new(),
            others: RefCell::default(),
        }
    }

    pub(crate) fn unit() -> Rc<Domain> {
        Rc::new(Domain::new(1, Shape::Unit))
    }

    pub(crate) fn full(source: Source, from: u32, to: u32) -> Rc<Domain> {
        let len = ix(to.saturating_sub(from));
        Domain::new(len, Shape::Full(source)).of(0, (from..to.max(from)).collect())
    }

    pub(crate) fn rows(rows: Rc<[u32]>) -> Rc<Domain> {
        Domain::new(rows.len(), Shape::Rows).of(0, rows)
    }

    /// Some tuples of a domain, each at most once and in their order; the domain itself if they are all.
    pub(crate) fn select(parent: &Rc<Domain>, picks: Vec<u32>) -> Rc<Domain> {
        if picks.len() == parent.len {
            return Rc::clone(parent);
        }
        Rc::new(Domain::new(picks.len(), Shape::Select { parent: Rc::clone(parent), picks }))
    }

    pub(crate) fn pairs(outer: &Rc<Domain>, of: Vec<u32>, rows: Vec<u32>, slot: Slot) -> Rc<Domain> {
        let shape = Shape::Pairs { outer: Rc::clone(outer), of, slot };
        Domain::new(rows.len(), shape).of(slot, Rc::from(rows))
    }

    /// The same, with the rows of its own variable.
    fn of(self, slot: Slot, rows: Rc<[u32]>) -> Rc<Domain> {
        Rc::new(Domain { first: OnceCell::from((slot, rows)), ..self })
    }

    /// The rows a variable stands for.
    pub(crate) fn slot(&self, slot: Slot) -> Rc<[u32]> {
        let others = self.others.borrow();
        if let Some((_, held)) = self.first.get().into_iter().chain(others.iter()).find(|held| held.0 == slot)
        {
            return Rc::clone(held);
        }
        drop(others);
        let gather = |from: &Rc<Domain>, picks: &[u32]| -> Rc<[u32]> {
            let rows = from.slot(slot);
            picks.iter().map(|at| rows.get(ix(*at)).copied().unwrap_or(0)).collect()
        };
        let rows: Rc<[u32]> = match &self.shape {
            Shape::Select { parent, picks } => gather(parent, picks),
            Shape::Pairs { outer, of, .. } => gather(outer, of),
            Shape::Unit | Shape::Full(_) | Shape::Rows => Rc::from(vec![0; self.len]),
        };
        if let Err(further) = self.first.set((slot, Rc::clone(&rows))) {
            self.others.borrow_mut().push(further);
        }
        rows
    }
}
