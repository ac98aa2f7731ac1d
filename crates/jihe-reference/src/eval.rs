//! Expressions: what each kind computes for one binding of the variables.
//!
//! In: a typed expression and its scope. Out: a value.
//! Invariant: operands are evaluated from left to right, and the first missing one names the cause.

use crate::aggregates::aggregate;
use crate::amounts;
use crate::arithmetic::{arithmetic, negate};
use crate::builtins::call;
use crate::compare::compare;
use crate::env::{Env, LetValue};
use crate::fields::{cell, clock, column, derived_value, field, key, reference};
use crate::lookups::{in_cell, in_table};
use crate::sets::row_state;
use crate::value::{Datum, End, Ends, Value, mismatch};
use jihe_check::typed::{Expr, ExprKind, LetId, ParameterId};
use jihe_model::value::CauseKind;

pub(crate) fn eval(expr: &Expr, env: &Env<'_>) -> Value {
    match &expr.kind {
        ExprKind::Literal(literal) => Value::literal(literal),
        ExprKind::Parameter(id) => parameter(*id, env),
        ExprKind::AsOf => env.world.as_of.map_or(Value::Missing(CauseKind::Empty), Value::word),
        ExprKind::Field(row, id) => field(&row_state(row, env), *id, env.world),
        ExprKind::Clock(row) => clock(&row_state(row, env), env.world),
        ExprKind::Derived(row, id) => derived_value(&row_state(row, env), *id, env.world),
        ExprKind::Key(row, place) => key(&row_state(row, env), *place, env.world),
        ExprKind::Column(row, place) => column(&row_state(row, env), *place, env.world),
        ExprKind::Cell(row, place) => cell(&row_state(row, env), *place, env.world),
        ExprKind::Reference(row) => reference(row, env),
        ExprKind::Let(id) => let_value(*id, env),
        ExprKind::Not(inner) => not(eval(inner, env)),
        ExprKind::And(parts) => junction(parts, env, false),
        ExprKind::Or(parts) => junction(parts, env, true),
        ExprKind::Compare(op, left, right) => {
            let (first, second) = (eval(left, env), eval(right, env));
            compare(env.world.schema(), *op, (first, left.ty), (second, right.ty))
        }
        ExprKind::Arithmetic(op, left, right) => {
            let (first, second) = (eval(left, env), eval(right, env));
            arithmetic(*op, (first, left.ty), (second, right.ty), expr.ty)
        }
        ExprKind::Negate(inner) => negate(eval(inner, env)),
        ExprKind::If(condition, then, otherwise) => match eval(condition, env).decide() {
            Ok(true) => eval(then, env),
            Ok(false) => eval(otherwise, env),
            Err(cause) => Value::Missing(cause),
        },
        ExprKind::InCodes(code, set) => {
            let set = env.world.rules.code_sets.get(set.index());
            let code = eval(code, env).plain_text();
            Value::from_result(code.map(|code| Value::truth(set.is_some_and(|set| set.contains(&code)))))
        }
        ExprKind::InCell(code, patterns) => in_cell(eval(code, env), eval(patterns, env), env.world),
        ExprKind::InTable(membership) => in_table(membership, env),
        ExprKind::Contains(text, part) => contains(eval(text, env), eval(part, env)),
        ExprKind::IsKnown(inner) => Value::truth(eval(inner, env).plain().is_ok()),
        ExprKind::Default(inner, otherwise) => match eval(inner, env).plain() {
            Ok(datum) => Value::Known(datum),
            Err(_) => eval(otherwise, env),
        },
        ExprKind::Call(builtin, arguments) => {
            let values = arguments.iter().map(|argument| (eval(argument, env), argument.ty)).collect();
            call(*builtin, values)
        }
        ExprKind::Interval(start, end) => interval(start, end, env),
        ExprKind::Aggregate(inner) => aggregate(inner, expr.ty, env),
        ExprKind::Excess(excess) => amounts::total(amounts::excess(excess, env)),
        ExprKind::ExcessDays(excess) => amounts::total(amounts::excess_days(excess, env)),
    }
}

/// The last value whose first day is not later than the date of service.
fn parameter(id: ParameterId, env: &Env<'_>) -> Value {
    let Some(parameter) = env.world.rules.parameters.get(id.index()) else {
        return Value::Missing(mismatch());
    };
    if let [(_, only)] = parameter.values.as_slice() {
        return Value::literal(only);
    }
    match &env.service {
        Err(cause) => Value::Missing(cause.clone()),
        Ok(day) => {
            let begun = parameter.values.iter().rfind(|(from, _)| from.is_none_or(|from| from <= *day));
            begun.map_or(Value::Missing(CauseKind::Empty), |(_, literal)| Value::literal(literal))
        }
    }
}

fn let_value(id: LetId, env: &Env<'_>) -> Value {
    match env.bound(id) {
        Some(LetValue::Value(value)) => value,
        Some(LetValue::Row(_) | LetValue::Set(_)) | None => Value::Missing(mismatch()),
    }
}

fn not(value: Value) -> Value {
    Value::from_result(value.decide().map(|truth| Value::truth(!truth)))
}

/// 且 is decided by a false side, 或 by a true one; else the first undecided side names the cause.
fn junction(parts: &[Expr], env: &Env<'_>, decisive: bool) -> Value {
    let sides: Vec<Result<bool, CauseKind>> = parts.iter().map(|part| eval(part, env).decide()).collect();
    if sides.contains(&Ok(decisive)) {
        return Value::truth(decisive);
    }
    match sides.into_iter().find_map(Result::err) {
        Some(cause) => Value::Missing(cause),
        None => Value::truth(!decisive),
    }
}

fn contains(text: Value, part: Value) -> Value {
    let texts = text.plain_text().and_then(|text| Ok((text, part.plain_text()?)));
    Value::from_result(texts.map(|(text, part)| Value::truth(text.contains(part.as_ref()))))
}

/// The end is open only where a record has no end in the interval its open-ended kind declares (sentence 14).
fn interval(start: &Expr, end: &Expr, env: &Env<'_>) -> Value {
    let value = eval(end, env);
    let open = is_open_end(end, env);
    let end_of_interval = match value {
        Value::Missing(cause) if open => End::Open(cause),
        Value::Missing(_) | Value::AtLeast(..) | Value::Known(_) => End::At(value),
    };
    let ends = Ends { start: eval(start, env), start_type: start.ty, end: end_of_interval, end_type: end.ty };
    Value::Known(Datum::Interval(Box::new(ends)))
}

fn is_open_end(end: &Expr, env: &Env<'_>) -> bool {
    let ExprKind::Field(row, id) = &end.kind else { return false };
    let crate::rows::RowState::Row(crate::rows::RowRef::Record(kind_id, _)) = row_state(row, env) else {
        return false;
    };
    let declared = env
        .world
        .kind(kind_id)
        .is_some_and(|kind| kind.open_ended && kind.interval.is_some_and(|(_, declared)| declared == *id));
    let columns = env.world.kinds.get(&kind_id).map(|rows| &rows.columns);
    declared && columns.and_then(|columns| columns.get(usize::from(id.0))).copied().unwrap_or(false)
}
