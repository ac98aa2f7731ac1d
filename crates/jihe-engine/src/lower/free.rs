//! The variables an expression depends on.
//!
//! In: typed expressions, rows and sets. Out: the set of free variables.
//! Invariant: a variable bound inside is not free outside; a 设 and a dated parameter depend on the subject.

use super::Lowering;
use jihe_check::typed::{
    Bound, Expr, ExprKind, ParameterId, Period, Row, Set, SetKind, VarId, Which, Window,
};
use std::collections::BTreeSet;

struct Free<'a, 'b> {
    lowering: &'a Lowering<'b>,
    found: BTreeSet<VarId>,
    bound: Vec<VarId>,
}

pub(super) fn free_in_expr(expr: &Expr, lowering: &Lowering<'_>) -> BTreeSet<VarId> {
    collect(lowering, |free| free.expr(expr))
}

pub(super) fn free_in_row(row: &Row, lowering: &Lowering<'_>) -> BTreeSet<VarId> {
    collect(lowering, |free| free.row(row))
}

pub(super) fn free_in_set(set: &Set, lowering: &Lowering<'_>) -> BTreeSet<VarId> {
    collect(lowering, |free| free.set(set))
}

pub(super) fn free_in_bound(bound: &Bound, lowering: &Lowering<'_>) -> BTreeSet<VarId> {
    match bound {
        Bound::Value(expr) => free_in_expr(expr, lowering),
        Bound::Row(row) => free_in_row(row, lowering),
        Bound::Set(set) => free_in_set(set, lowering),
    }
}

fn collect(lowering: &Lowering<'_>, visit: impl FnOnce(&mut Free<'_, '_>)) -> BTreeSet<VarId> {
    let mut free = Free { lowering, found: BTreeSet::new(), bound: Vec::new() };
    visit(&mut free);
    free.found
}

impl Free<'_, '_> {
    fn var(&mut self, var: VarId) {
        if !self.bound.contains(&var) {
            self.found.insert(var);
        }
    }

    fn within(&mut self, var: VarId, visit: impl FnOnce(&mut Self)) {
        self.bound.push(var);
        visit(self);
        self.bound.pop();
    }

    fn parameter(&mut self, id: ParameterId) {
        let dated = self.lowering.rules.parameters.get(id.index()).is_some_and(|held| held.values.len() > 1);
        if dated {
            self.var(self.lowering.owner.subject);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::AsOf => {}
            ExprKind::Parameter(id) => self.parameter(*id),
            ExprKind::Field(row, _)
            | ExprKind::Clock(row)
            | ExprKind::Derived(row, _)
            | ExprKind::Key(row, _)
            | ExprKind::Column(row, _)
            | ExprKind::Cell(row, _)
            | ExprKind::Reference(row) => self.row(row),
            ExprKind::Let(_) => self.var(self.lowering.owner.subject),
            ExprKind::Not(one)
            | ExprKind::Negate(one)
            | ExprKind::IsKnown(one)
            | ExprKind::InCodes(one, _) => {
                self.expr(one);
            }
            ExprKind::And(all) | ExprKind::Or(all) | ExprKind::Call(_, all) => self.exprs(all),
            ExprKind::Compare(_, a, b)
            | ExprKind::Arithmetic(_, a, b)
            | ExprKind::InCell(a, b)
            | ExprKind::Contains(a, b)
            | ExprKind::Default(a, b)
            | ExprKind::Interval(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            ExprKind::If(c, a, b) => {
                self.expr(c);
                self.expr(a);
                self.expr(b);
            }
            ExprKind::InTable(test) => {
                self.exprs(&test.values);
                self.exprs(test.as_of.as_slice());
            }
            ExprKind::Aggregate(of) => {
                self.set(&of.set);
                self.within(of.var, |free| free.exprs(of.value.as_slice()));
                self.exprs(of.argument.as_slice());
            }
            ExprKind::Excess(of) | ExprKind::ExcessDays(of) => {
                self.set(&of.set);
                self.within(of.var, |free| free.expr(&of.value));
                self.expr(&of.limit);
            }
        }
    }

    fn exprs(&mut self, all: &[Expr]) {
        for expr in all {
            self.expr(expr);
        }
    }

    fn row(&mut self, row: &Row) {
        match row {
            Row::Var(var) => self.var(*var),
            Row::Follow { reference, .. } => self.expr(reference),
            Row::Pick(pick) => {
                self.set(&pick.set);
                if let Which::Max(var, value) | Which::Min(var, value) = &pick.which {
                    self.within(*var, |free| free.expr(value));
                }
            }
            Row::Let(_) => self.var(self.lowering.owner.subject),
            Row::Derived(row, _) => self.row(row),
        }
    }

    fn set(&mut self, set: &Set) {
        match &set.kind {
            SetKind::All => {}
            SetKind::Window(window) => self.window(window),
            SetKind::Children { of, .. } => self.row(of),
            SetKind::Members(row) | SetKind::Single(row) | SetKind::Derived(row, _) => self.row(row),
            SetKind::Each { set, var, inner } => {
                self.set(set);
                self.within(*var, |free| free.set(inner));
            }
            SetKind::FollowEach { set, var, row } => {
                self.set(set);
                self.within(*var, |free| free.row(row));
            }
            SetKind::Filter { set, var, condition } => {
                self.set(set);
                self.within(*var, |free| free.expr(condition));
            }
            SetKind::Except(a, b) => {
                self.set(a);
                self.set(b);
            }
            SetKind::Densest(of) => {
                self.set(&of.set);
                self.within(of.var, |free| free.expr(&of.value));
                self.expr(&of.width);
            }
            SetKind::Lookup(of) => {
                for (_, key) in &of.keys {
                    self.expr(key);
                }
                self.exprs(of.as_of.as_slice());
            }
            SetKind::Let(_) => self.var(self.lowering.owner.subject),
        }
    }

    fn window(&mut self, window: &Window) {
        self.row(&window.anchor);
        for (_, anchor) in &window.keys {
            self.expr(anchor);
        }
        match &window.period {
            None => {}
            Some(Period::Rolling { length, from, .. }) => {
                self.exprs(length.as_slice());
                self.expr(from);
            }
            Some(Period::Nearest { count, .. }) => self.expr(count),
            Some(Period::During { interval, .. } | Period::Overlapping { interval, .. }) => {
                self.expr(interval);
            }
            Some(Period::ValidAt { at, .. }) => self.expr(at),
        }
        self.within(window.var, |free| free.exprs(window.filter.as_slice()));
    }
}
