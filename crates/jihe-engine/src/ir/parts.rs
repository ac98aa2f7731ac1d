//! What a node is made of.
//!
//! In: a node of the plan. Out: the nodes it reads, one level down.
//! Invariant: every id inside a node is listed.

use super::{Arena, ExprId, ExprOp, PeriodOp, RowId, RowOp, SetId, SetOp, WhichOp, WindowOp};

/// Any node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    Expr(ExprId),
    Row(RowId),
    Set(SetId),
}

impl Arena {
    /// The nodes a node reads.
    pub(crate) fn parts(&self, node: Node) -> Vec<Node> {
        let mut found = Vec::new();
        match node {
            Node::Expr(id) => expr_parts(&self.expr(id).op, &mut found),
            Node::Row(id) => row_parts(&self.row(id).op, &mut found),
            Node::Set(id) => set_parts(&self.set(id).op, &mut found),
        }
        found
    }
}

fn exprs<'e>(found: &mut Vec<Node>, all: impl IntoIterator<Item = &'e ExprId>) {
    found.extend(all.into_iter().map(|id| Node::Expr(*id)));
}

fn expr_parts(op: &ExprOp, found: &mut Vec<Node>) {
    match op {
        ExprOp::Word(_) | ExprOp::Text(_) | ExprOp::AsOf => {}
        ExprOp::Field(row, ..)
        | ExprOp::Clock(row, _)
        | ExprOp::Service(row, _)
        | ExprOp::Key(row, ..)
        | ExprOp::Cell(row, ..)
        | ExprOp::Reference(row, _) => found.push(Node::Row(*row)),
        ExprOp::At(row, _, body, _) => found.extend([Node::Row(*row), Node::Expr(*body)]),
        ExprOp::Parameter(_, a)
        | ExprOp::Not(a)
        | ExprOp::Negate(a)
        | ExprOp::InCodes(a, _)
        | ExprOp::IsKnown(a) => exprs(found, [a]),
        ExprOp::And(all) | ExprOp::Or(all) | ExprOp::Call(_, all) => exprs(found, all),
        ExprOp::Compare(_, a, b)
        | ExprOp::Arithmetic(_, a, b)
        | ExprOp::InCell(a, b)
        | ExprOp::Contains(a, b)
        | ExprOp::Default(a, b)
        | ExprOp::Interval(a, b, _) => exprs(found, [a, b]),
        ExprOp::If(a, b, c) => exprs(found, [a, b, c]),
        ExprOp::InTable(_, values, _, as_of) => exprs(found, values.iter().chain(as_of)),
        ExprOp::Aggregate(of) => {
            found.push(Node::Set(of.set));
            exprs(found, of.value.iter().chain(&of.argument));
        }
        ExprOp::Excess(of) => {
            found.push(Node::Set(of.set));
            exprs(found, [&of.value, &of.limit]);
        }
    }
}

fn row_parts(op: &RowOp, found: &mut Vec<Node>) {
    match op {
        RowOp::Var(_) => {}
        RowOp::Follow(reference, _) => exprs(found, [reference]),
        RowOp::Pick(set, which) => {
            found.push(Node::Set(*set));
            if let WhichOp::Max(_, value) | WhichOp::Min(_, value) = which {
                exprs(found, [value]);
            }
        }
        RowOp::At(outer, body) => found.extend([Node::Row(*outer), Node::Row(*body)]),
    }
}

fn set_parts(op: &SetOp, found: &mut Vec<Node>) {
    match op {
        SetOp::All => {}
        SetOp::Window(window) => window_parts(window, found),
        SetOp::Members(row) | SetOp::Single(row) => found.push(Node::Row(*row)),
        SetOp::Each(set, _, inner) => found.extend([Node::Set(*set), Node::Set(*inner)]),
        SetOp::FollowEach(set, _, row) => found.extend([Node::Set(*set), Node::Row(*row)]),
        SetOp::Filter(set, _, condition) => found.extend([Node::Set(*set), Node::Expr(*condition)]),
        SetOp::Except(a, b) => found.extend([Node::Set(*a), Node::Set(*b)]),
        SetOp::Densest(of) => {
            found.push(Node::Set(of.set));
            exprs(found, [&of.value, &of.width]);
        }
        SetOp::Lookup(_, keys, as_of) => exprs(found, keys.iter().map(|key| &key.1).chain(as_of)),
        SetOp::At(row, body) => found.extend([Node::Row(*row), Node::Set(*body)]),
    }
}

fn window_parts(window: &WindowOp, found: &mut Vec<Node>) {
    found.push(Node::Row(window.anchor));
    for (candidate, anchor) in &window.keys {
        exprs(found, [candidate, anchor]);
    }
    exprs(found, window.fixed.iter().chain(&window.open).chain(&window.filter));
    exprs(found, window.period.iter().flat_map(PeriodOp::all).collect::<Vec<_>>().iter());
}

impl PeriodOp {
    /// Every expression of a period, of the anchor's and of the candidate's side.
    pub(crate) fn all(&self) -> Vec<ExprId> {
        match self {
            PeriodOp::Rolling { length, from, clock, .. } => {
                length.iter().chain([from, clock]).copied().collect()
            }
            PeriodOp::Nearest { count, .. } => vec![*count],
            PeriodOp::During { interval: a, clock: b }
            | PeriodOp::Overlapping { interval: a, candidate: b }
            | PeriodOp::ValidAt { at: a, candidate: b } => vec![*a, *b],
        }
    }
}
