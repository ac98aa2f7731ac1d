//! Every part of a typed rule, once.
//!
//! In: typed trees. Out: a call for each expression, set and row, outermost first.
//! Invariant: nothing a rule reads is left out; a 设 or derived field is named, not followed.

use crate::typed::{
    Aggregate, Bound, Expr, ExprKind, MessagePart, NatureExpr, Period, Row, Rule, Set, SetKind, Which, Window,
};

/// A part of a typed tree.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    Expr(&'a Expr),
    Set(&'a Set),
    Row(&'a Row),
}

type See<'s> = dyn FnMut(Part<'_>) + 's;

/// What is computed for every subject: 针对, 设, 当, 除非.
pub(crate) fn walk_decision(rule: &Rule, see: &mut See<'_>) {
    let conditions = rule.filter.iter().chain(std::iter::once(&rule.when));
    for expr in conditions.chain(rule.exemptions.iter().map(|(condition, _)| condition)) {
        walk_expr(expr, see);
    }
    for bound in &rule.lets {
        walk_bound(&bound.value, see);
    }
}

/// All parts of a rule.
pub(crate) fn walk_rule(rule: &Rule, see: &mut See<'_>) {
    walk_decision(rule, see);
    for expr in rule.amount.iter().chain(rule.show.iter().map(|(_, value)| value)) {
        walk_expr(expr, see);
    }
    walk_nature(&rule.nature, see);
    for set in rule.offending.iter().chain(&rule.involved) {
        walk_set(set, see);
    }
    for part in &rule.message {
        if let MessagePart::Expr(expr) = part {
            walk_expr(expr, see);
        }
    }
}

fn walk_nature(nature: &NatureExpr, see: &mut See<'_>) {
    if let NatureExpr::If(condition, then, otherwise) = nature {
        walk_expr(condition, see);
        walk_nature(then, see);
        walk_nature(otherwise, see);
    }
}

/// All parts of what a name is bound to.
pub(crate) fn walk_bound(bound: &Bound, see: &mut See<'_>) {
    match bound {
        Bound::Value(value) => walk_expr(value, see),
        Bound::Row(row) => walk_row(row, see),
        Bound::Set(set) => walk_set(set, see),
    }
}

/// All parts of an expression.
pub(crate) fn walk_expr(expr: &Expr, see: &mut See<'_>) {
    see(Part::Expr(expr));
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Parameter(_) | ExprKind::AsOf | ExprKind::Let(_) => {}
        ExprKind::Field(row, _)
        | ExprKind::Clock(row)
        | ExprKind::Derived(row, _)
        | ExprKind::Key(row, _)
        | ExprKind::Column(row, _)
        | ExprKind::Cell(row, _)
        | ExprKind::Reference(row) => walk_row(row, see),
        ExprKind::Not(inner)
        | ExprKind::Negate(inner)
        | ExprKind::IsKnown(inner)
        | ExprKind::InCodes(inner, _) => {
            walk_expr(inner, see);
        }
        ExprKind::And(operands) | ExprKind::Or(operands) | ExprKind::Call(_, operands) => {
            walk_all(operands, see);
        }
        ExprKind::Compare(_, left, right)
        | ExprKind::Arithmetic(_, left, right)
        | ExprKind::InCell(left, right)
        | ExprKind::Contains(left, right)
        | ExprKind::Default(left, right)
        | ExprKind::Interval(left, right) => {
            walk_expr(left, see);
            walk_expr(right, see);
        }
        ExprKind::If(condition, then, otherwise) => {
            for part in [condition, then, otherwise] {
                walk_expr(part, see);
            }
        }
        ExprKind::InTable(rows) => {
            walk_all(&rows.values, see);
            walk_all(rows.as_of.as_slice(), see);
        }
        ExprKind::Aggregate(aggregate) => walk_aggregate(aggregate, see),
        ExprKind::Excess(excess) | ExprKind::ExcessDays(excess) => {
            walk_set(&excess.set, see);
            walk_expr(&excess.value, see);
            walk_expr(&excess.limit, see);
        }
    }
}

fn walk_all(operands: &[Expr], see: &mut See<'_>) {
    for operand in operands {
        walk_expr(operand, see);
    }
}

fn walk_aggregate(aggregate: &Aggregate, see: &mut See<'_>) {
    walk_set(&aggregate.set, see);
    walk_all(aggregate.value.as_slice(), see);
    walk_all(aggregate.argument.as_slice(), see);
}

/// All parts of a row.
pub(crate) fn walk_row(row: &Row, see: &mut See<'_>) {
    see(Part::Row(row));
    match row {
        Row::Var(_) | Row::Let(_) => {}
        Row::Follow { reference, .. } => walk_expr(reference, see),
        Row::Pick(pick) => {
            walk_set(&pick.set, see);
            match &pick.which {
                Which::Max(_, value) | Which::Min(_, value) => walk_expr(value, see),
                Which::First | Which::Last => {}
            }
        }
        Row::Derived(row, _) => walk_row(row, see),
    }
}

/// All parts of a set.
pub(crate) fn walk_set(set: &Set, see: &mut See<'_>) {
    see(Part::Set(set));
    match &set.kind {
        SetKind::All | SetKind::Let(_) => {}
        SetKind::Window(window) => walk_window(window, see),
        SetKind::Children { of: row, .. }
        | SetKind::Members(row)
        | SetKind::Single(row)
        | SetKind::Derived(row, _) => {
            walk_row(row, see);
        }
        SetKind::Each { set, inner, .. } => {
            walk_set(set, see);
            walk_set(inner, see);
        }
        SetKind::FollowEach { set, row, .. } => {
            walk_set(set, see);
            walk_row(row, see);
        }
        SetKind::Filter { set, condition, .. } => {
            walk_set(set, see);
            walk_expr(condition, see);
        }
        SetKind::Except(left, right) => {
            walk_set(left, see);
            walk_set(right, see);
        }
        SetKind::Densest(densest) => {
            walk_set(&densest.set, see);
            walk_expr(&densest.value, see);
            walk_expr(&densest.width, see);
        }
        SetKind::Lookup(lookup) => {
            for (_, key) in &lookup.keys {
                walk_expr(key, see);
            }
            walk_all(lookup.as_of.as_slice(), see);
        }
    }
}

fn walk_window(window: &Window, see: &mut See<'_>) {
    walk_row(&window.anchor, see);
    for (candidate, anchor) in &window.keys {
        walk_expr(candidate, see);
        walk_expr(anchor, see);
    }
    match &window.period {
        Some(Period::Rolling { length, from, clock, .. }) => {
            walk_all(length.as_slice(), see);
            walk_expr(from, see);
            walk_expr(clock, see);
        }
        Some(Period::Nearest { count, .. }) => walk_expr(count, see),
        Some(
            Period::During { interval: first, clock: second }
            | Period::Overlapping { interval: first, candidate: second }
            | Period::ValidAt { at: first, candidate: second },
        ) => {
            walk_expr(first, see);
            walk_expr(second, see);
        }
        None => {}
    }
    walk_all(window.filter.as_slice(), see);
}
