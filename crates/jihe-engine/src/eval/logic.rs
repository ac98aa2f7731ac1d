//! Kleene's logic, choice and presence.
//!
//! In: conditions. Out: conditions, or the chosen values.
//! Invariant: an operand that cannot change the result is never the cause of a missing one.

use super::{map, map2, present};
use crate::column::{Column, ix, small};
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::mutants::{Mutant, active};
use jihe_model::value::Value;
use std::rc::Rc;

impl Context<'_> {
    pub(super) fn not(&self, a: ExprId, domain: &Rc<Domain>) -> Column {
        let a = self.eval(a, domain);
        map(&a, domain.len, |value| match present(value) {
            Ok(word) => Value::Known(i64::from(word == 0)),
            Err(missing) => missing,
        })
    }

    /// 且 (`decides` false) and 或 (`decides` true): the first operand that decides, else the first undecided one.
    pub(super) fn junction(&self, all: &[ExprId], decides: bool, domain: &Rc<Domain>) -> Column {
        let deciding = i64::from(decides);
        let neutral = Value::Known(i64::from(!decides));
        let mut result = vec![neutral; domain.len];
        let mut open: Option<Vec<u32>> = None;
        for operand in all {
            let heavy = self.run.plan.arena.expr_traits(*operand).heavy;
            let few = open.as_ref().is_some_and(|open| heavy && open.len().saturating_mul(2) < domain.len);
            let next = match (&open, few) {
                (Some(open), true) => {
                    let picked = Domain::select(domain, open.clone());
                    let values = self.eval(*operand, &picked);
                    join(&mut result, open, |at, _| values.get(at), deciding)
                }
                (Some(open), false) => {
                    let values = self.eval(*operand, domain);
                    join(&mut result, open, |_, tuple| values.get(tuple), deciding)
                }
                (None, _) => {
                    let every: Vec<u32> = (0..small(domain.len)).collect();
                    let values = self.eval(*operand, domain);
                    join(&mut result, &every, |_, tuple| values.get(tuple), deciding)
                }
            };
            if next.is_empty() {
                break;
            }
            open = Some(next);
        }
        Column::collect(result.into_iter())
    }

    pub(super) fn choose(&self, condition: ExprId, yes: ExprId, no: ExprId, domain: &Rc<Domain>) -> Column {
        let condition = self.eval(condition, domain);
        if condition.is_constant() {
            return match present(condition.get(0)) {
                Ok(0) => self.eval(no, domain).as_ref().clone(),
                Ok(_) => self.eval(yes, domain).as_ref().clone(),
                Err(missing) => Column::constant(missing),
            };
        }
        let (yes, no) = (self.eval(yes, domain), self.eval(no, domain));
        Column::collect((0..domain.len).map(|at| match present(condition.get(at)) {
            Ok(0) => no.get(at),
            Ok(_) => yes.get(at),
            Err(missing) => missing,
        }))
    }

    pub(super) fn is_known(&self, a: ExprId, domain: &Rc<Domain>) -> Column {
        let a = self.eval(a, domain);
        map(&a, domain.len, |value| Value::Known(i64::from(present(value).is_ok())))
    }

    pub(super) fn default_of(&self, a: ExprId, b: ExprId, domain: &Rc<Domain>) -> Column {
        let (a, b) = (self.eval(a, domain), self.eval(b, domain));
        map2(&a, &b, domain.len, |a, b| if present(a).is_ok() { a } else { b })
    }
}

/// Joins an operand into the result; returns the tuples no operand has decided yet.
fn join(result: &mut [Value], open: &[u32], get: impl Fn(usize, usize) -> Value, decided: i64) -> Vec<u32> {
    let mut still = Vec::with_capacity(open.len());
    for (at, tuple) in open.iter().enumerate() {
        let held = &mut result[ix(*tuple)];
        match present(get(at, ix(*tuple))) {
            Ok(0) if active(Mutant::KleeneAnd) && matches!(held, Value::Missing(_)) => still.push(*tuple),
            Ok(word) if word == decided => *held = Value::Known(decided),
            Ok(_) => still.push(*tuple),
            Err(missing) => {
                if matches!(held, Value::Known(_)) {
                    *held = missing;
                }
                still.push(*tuple);
            }
        }
    }
    still
}
