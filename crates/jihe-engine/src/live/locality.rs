//! Which nodes depend on a single record and what it refers to, and on nothing that moves.
//!
//! In: a plan. Out: [`Locality`].
//! Invariant: the value of a local node for a record stays the same while records are only added.

use super::bit;
use crate::ir::{ExprId, RowId, SetId};
use crate::ir::{ExprOp, Node, RowOp, SetOp};
use crate::maps::HashMap;
use crate::plan::Plan;
use jihe_check::typed::Source;

/// Local nodes.
#[derive(Debug)]
pub(crate) struct Locality {
    exprs: Vec<bool>,
    rows: Vec<bool>,
    sets: Vec<bool>,
}

impl Locality {
    pub(super) fn of(plan: &Plan) -> Self {
        let (exprs, rows, sets) = plan.arena.sizes();
        let mut work = Work { plan, known: HashMap::default() };
        let ids = |count: usize| (0u32..).take(count);
        Locality {
            exprs: ids(exprs).map(|id| work.local(Node::Expr(ExprId(id)))).collect(),
            rows: ids(rows).map(|id| work.local(Node::Row(RowId(id)))).collect(),
            sets: ids(sets).map(|id| work.local(Node::Set(SetId(id)))).collect(),
        }
    }

    pub(crate) fn expr(&self, id: ExprId) -> bool {
        bit(&self.exprs, id.0)
    }

    pub(crate) fn row(&self, id: RowId) -> bool {
        bit(&self.rows, id.0)
    }

    pub(crate) fn node(&self, node: Node) -> bool {
        match node {
            Node::Expr(id) => self.expr(id),
            Node::Row(id) => self.row(id),
            Node::Set(id) => bit(&self.sets, id.0),
        }
    }
}

struct Work<'p> {
    plan: &'p Plan,
    known: HashMap<Node, bool>,
}

impl Work<'_> {
    fn local(&mut self, node: Node) -> bool {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let local = self.own(node) && self.plan.arena.parts(node).into_iter().all(|part| self.local(part));
        self.known.insert(node, local);
        local
    }

    /// Whether the node itself reads neither the run's day nor records of a set or summary.
    fn own(&self, node: Node) -> bool {
        let arena = &self.plan.arena;
        match node {
            Node::Expr(id) => match &arena.expr(id).op {
                ExprOp::AsOf | ExprOp::Key(..) => false,
                ExprOp::Clock(_, source) | ExprOp::Service(_, source) | ExprOp::At(_, source, ..) => {
                    !matches!(source, Source::Summary(_))
                }
                ExprOp::Word(_)
                | ExprOp::Text(_)
                | ExprOp::Parameter(..)
                | ExprOp::Field(..)
                | ExprOp::Cell(..)
                | ExprOp::Reference(..)
                | ExprOp::Not(_)
                | ExprOp::And(_)
                | ExprOp::Or(_)
                | ExprOp::Compare(..)
                | ExprOp::Arithmetic(..)
                | ExprOp::Negate(_)
                | ExprOp::If(..)
                | ExprOp::InCodes(..)
                | ExprOp::InCell(..)
                | ExprOp::InTable(..)
                | ExprOp::Contains(..)
                | ExprOp::IsKnown(_)
                | ExprOp::Default(..)
                | ExprOp::Call(..)
                | ExprOp::Interval(..)
                | ExprOp::Aggregate(_)
                | ExprOp::Excess(_) => true,
            },
            Node::Row(id) => match &arena.row(id).op {
                RowOp::Var(_) => !matches!(arena.row(id).source, Source::Summary(_)),
                RowOp::Follow(..) | RowOp::Pick(..) | RowOp::At(..) => true,
            },
            Node::Set(id) => match &arena.set(id).op {
                SetOp::All | SetOp::Window(_) | SetOp::Members(_) => false,
                SetOp::Each(..)
                | SetOp::FollowEach(..)
                | SetOp::Filter(..)
                | SetOp::Except(..)
                | SetOp::Single(_)
                | SetOp::Densest(_)
                | SetOp::Lookup(..)
                | SetOp::At(..) => true,
            },
        }
    }
}
