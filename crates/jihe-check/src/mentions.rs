//! The names an expression mentions, whatever they mean.
//!
//! In: an expression of the syntax tree. Out: every bare name and every name after a dot.
//! Invariant: nothing that could be a name of a declaration is left out.

use jihe_diagnostics::Span;
use jihe_syntax::tree::{Expr, ExprKind, Key, Rolling, SetExpr, SetSuffix};

/// Adds every name with its place.
pub(crate) fn names_in(expr: &Expr, names: &mut Vec<(String, Span)>) {
    match &expr.kind {
        ExprKind::Name(name) => names.push((name.clone(), expr.span)),
        ExprKind::Dot(base, name) => {
            names_in(base, names);
            names.push((name.text.clone(), name.span));
        }
        ExprKind::Index { base, keys, as_of } => {
            names_in(base, names);
            keys_in(keys, names);
            if let Some(as_of) = as_of {
                names_in(as_of, names);
            }
        }
        ExprKind::Call(_, operands) | ExprKind::Tuple(operands) | ExprKind::Chain(operands, _) => {
            for operand in operands {
                names_in(operand, names);
            }
        }
        ExprKind::Paren(inner) | ExprKind::Negate(inner) | ExprKind::Not(inner) => names_in(inner, names),
        ExprKind::Binary(left, _, _, right) | ExprKind::Range(left, right) => {
            names_in(left, names);
            names_in(right, names);
        }
        ExprKind::If(condition, then, otherwise) => {
            for part in [condition, then, otherwise] {
                names_in(part, names);
            }
        }
        ExprKind::Set(set) => set_in(set, names),
        ExprKind::Missing
        | ExprKind::Number(_)
        | ExprKind::Percent(_)
        | ExprKind::Quantity(..)
        | ExprKind::Date(_)
        | ExprKind::Instant(..)
        | ExprKind::Text(_)
        | ExprKind::Bool(_)
        | ExprKind::This
        | ExprKind::Group
        | ExprKind::CodeList(_) => {}
    }
}

fn keys_in(keys: &[Key], names: &mut Vec<(String, Span)>) {
    for key in keys {
        if let Some(name) = &key.name {
            names.push((name.text.clone(), name.span));
        }
        names_in(&key.value, names);
    }
}

fn set_in(set: &SetExpr, names: &mut Vec<(String, Span)>) {
    names_in(&set.base, names);
    for (suffix, _) in &set.suffixes {
        match suffix {
            SetSuffix::Same(keys) => keys_in(keys, names),
            SetSuffix::Calendar(_) => {}
            SetSuffix::Rolling(rolling) => rolling_in(rolling, names),
            SetSuffix::Interval(interval) => {
                names_in(&interval.value, names);
                if let Some(clock) = &interval.clock {
                    names_in(clock, names);
                }
            }
            SetSuffix::Where(inner) | SetSuffix::Except(inner) => names_in(inner, names),
        }
    }
}

fn rolling_in(rolling: &Rolling, names: &mut Vec<(String, Span)>) {
    for part in [&rolling.length, &rolling.from, &rolling.clock].into_iter().flatten() {
        names_in(part, names);
    }
}
