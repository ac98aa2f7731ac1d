//! Intervals: a start and an end, as instants.
//!
//! In: an expression of type interval. Out: [`Intervals`].
//! Invariant: an open end is [`NO_TIME`]; any other missing end is missing.

use super::calls::moment;
use super::{Route, present, route};
use crate::column::{Column, Found, NONE, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::NO_TIME;
use crate::ir::{ExprId, ExprOp, RowId};
use crate::run::EMPTY;
use jihe_check::typed::{Builtin, Source};
use jihe_model::types::Type;
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// The intervals of an expression.
#[derive(Debug, Clone)]
pub(crate) struct Intervals {
    /// Instants.
    pub(crate) start: Column,
    /// Instants; [`NO_TIME`] where open.
    pub(crate) end: Column,
    /// Whether start and end are dates.
    pub(crate) dates: (bool, bool),
    /// Why an open end has no day.
    pub(crate) open: Option<Cause>,
}

impl Intervals {
    fn gather(&self, picks: &[u32]) -> Intervals {
        Intervals {
            start: self.start.gather(picks),
            end: self.end.gather(picks),
            dates: self.dates,
            open: self.open,
        }
    }

    fn missing() -> Intervals {
        let missing = || Column::constant(Value::Missing(EMPTY));
        Intervals { start: missing(), end: missing(), dates: (true, true), open: None }
    }

    /// Whether an end is known to the second.
    pub(crate) fn exact(&self, word: i64, start: bool) -> bool {
        let date = if start { self.dates.0 } else { self.dates.1 };
        !date && (word == NO_TIME || Instant(word).has_time())
    }
}

impl Context<'_> {
    pub(crate) fn eval_interval(&self, id: ExprId, domain: &Rc<Domain>) -> Rc<Intervals> {
        if let Some(held) = domain.intervals.borrow().get(&id) {
            return Rc::clone(held);
        }
        let traits = self.run.plan.arena.expr_traits(id);
        let intervals = match route(traits, domain, &|above| above.intervals.borrow().contains_key(&id)) {
            Route::Constant => {
                let one = self.eval_interval(id, &self.unit);
                let constant = |column: &Column| Column::constant(column.get(0));
                Rc::new(Intervals {
                    start: constant(&one.start),
                    end: constant(&one.end),
                    dates: one.dates,
                    open: one.open,
                })
            }
            Route::From(above, picks) => Rc::new(self.eval_interval(id, above).gather(picks)),
            Route::Here => Rc::new(self.compute_interval(id, domain)),
        };
        domain.intervals.borrow_mut().insert(id, Rc::clone(&intervals));
        intervals
    }

    fn compute_interval(&self, id: ExprId, domain: &Rc<Domain>) -> Intervals {
        match &self.run.plan.arena.expr(id).op {
            ExprOp::Interval(start, end, open) => self.between(*start, *end, *open, domain),
            ExprOp::At(row, source, body, _) => self.interval_at(*row, *source, *body, domain),
            ExprOp::If(condition, yes, no) => {
                let condition = self.eval(*condition, domain);
                let (yes, no) = (self.eval_interval(*yes, domain), self.eval_interval(*no, domain));
                let pick = |yes: &Column, no: &Column| {
                    Column::collect((0..domain.len).map(|at| match present(condition.get(at)) {
                        Ok(0) => no.get(at),
                        Ok(_) => yes.get(at),
                        Err(missing) => missing,
                    }))
                };
                let dates = (yes.dates.0 && no.dates.0, yes.dates.1 && no.dates.1);
                Intervals {
                    start: pick(&yes.start, &no.start),
                    end: pick(&yes.end, &no.end),
                    dates,
                    open: yes.open.or(no.open),
                }
            }
            _ => Intervals::missing(),
        }
    }

    fn between(&self, start: ExprId, end: ExprId, open: bool, domain: &Rc<Domain>) -> Intervals {
        let (from, to) = (self.type_of(start), self.type_of(end));
        let (starts, ends) = (self.eval(start, domain), self.eval(end, domain));
        let instant = |value: Value, ty: Type| {
            present(value).map_or_else(|missing| missing, |word| Value::Known(moment(word, ty).0))
        };
        let any_missing = open && ends.plain().is_none() && ends.plain_constant().is_none();
        let opened = if any_missing { self.open_ends(end, domain) } else { Vec::new() };
        let end_of = |at: usize| match instant(ends.get(at), to) {
            Value::Missing(_) if opened.get(at).copied().unwrap_or(false) => Value::Known(NO_TIME),
            other => other,
        };
        Intervals {
            start: super::map(&starts, domain.len, |value| instant(value, from)),
            end: Column::collect((0..domain.len).map(end_of)),
            dates: (from != Type::Instant, to != Type::Instant),
            open: opened.iter().position(|open| *open).and_then(|at| match ends.get(at) {
                Value::AtLeast(_, cause) | Value::Missing(cause) => Some(cause),
                Value::Known(_) => None,
            }),
        }
    }

    /// Where a record says "still open": it is there, its kind's end was supplied, and it has none.
    fn open_ends(&self, end: ExprId, domain: &Rc<Domain>) -> Vec<bool> {
        match &self.run.plan.arena.expr(end).op {
            ExprOp::Field(row, kind, field) => {
                let supplied = self.kind(*kind).and_then(|table| table.column(*field)).is_some();
                let rows = self.rows_for(*row, domain);
                let values = self.eval(end, domain);
                let open = |at: usize| {
                    supplied
                        && matches!(rows.get(at), Found::Row(_))
                        && matches!(values.get(at), Value::Missing(_))
                };
                (0..domain.len).map(open).collect()
            }
            ExprOp::Call(Builtin::DayOfInstant | Builtin::InstantOfDay, inner) => {
                inner.first().map_or_else(Vec::new, |inner| self.open_ends(*inner, domain))
            }
            ExprOp::At(row, source, body, _) => {
                let rows = self.rows_for(*row, domain);
                let (there, places) = self.landing(*source, &rows.rows, false, &|_| false);
                let open = self.open_ends(*body, &there);
                places.iter().map(|at| *at != NONE && open.get(ix(*at)).copied().unwrap_or(false)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn interval_at(&self, row: RowId, source: Source, body: ExprId, domain: &Rc<Domain>) -> Intervals {
        let rows = self.rows_for(row, domain);
        let heavy = self.run.plan.arena.expr_traits(body).heavy;
        let known = |domain: &Domain| domain.intervals.borrow().contains_key(&body);
        let (there, places) = self.landing(source, &rows.rows, heavy, &known);
        let held = self.eval_interval(body, &there);
        let dangling = self.dangling(source);
        let pick = |column: &Column| {
            Column::collect(places.iter().enumerate().map(|(at, place)| match rows.get(at) {
                Found::Row(_) => column.get(ix(*place)),
                Found::Dangling => Value::Missing(dangling),
                Found::Nothing(cause) | Found::Undecided(cause) => Value::Missing(cause),
            }))
        };
        Intervals { start: pick(&held.start), end: pick(&held.end), dates: held.dates, open: held.open }
    }
}
