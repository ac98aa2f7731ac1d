//! Evaluates expressions, rows and intervals over a domain, each once.
//!
//! In: a node of the plan and a [`Domain`]. Out: a column, kept with the domain.
//! Invariant: a result depends on the node and the tuple only, never on the domain the tuple is met in.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, counts of them, and sums in 128 bits"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

pub(crate) mod arithmetic;
mod calls;
pub(crate) mod compare;
mod fields;
mod intervals;
mod logic;
mod rows;
mod tables;

pub(crate) use arithmetic::scale;
pub(crate) use calls::moment;
pub(crate) use intervals::Intervals;

use crate::column::{Column, NONE, RowColumn, Segments, ix, small};
use crate::context::Context;
use crate::domain::{Domain, Shape};
use crate::ir::{ExprId, ExprOp, RowId, SetId, Traits};
use jihe_check::typed::{ParameterId, Source};
use jihe_model::types::Type;
use jihe_model::value::Value;
use std::rc::Rc;

/// Where the values of a node for a domain come from.
pub(crate) enum Route<'d> {
    /// They have to be computed for its own tuples.
    Here,
    /// The node has no variables: one result for all.
    Constant,
    /// From another domain, by these places.
    From(&'d Rc<Domain>, &'d [u32]),
}

pub(crate) fn route<'d>(traits: Traits, domain: &'d Domain, known: &dyn Fn(&Domain) -> bool) -> Route<'d> {
    if traits.slots == 0 && !matches!(domain.shape, Shape::Unit) {
        return Route::Constant;
    }
    match &domain.shape {
        Shape::Unit | Shape::Full(_) | Shape::Rows => Route::Here,
        Shape::Select { parent, picks } => {
            let cheap = !traits.heavy && parent.len <= domain.len.saturating_mul(16);
            if cheap || known_above(parent, known) { Route::From(parent, picks) } else { Route::Here }
        }
        Shape::Pairs { outer, of, slot, .. } => {
            if traits.slots & Traits::slot(*slot).slots == 0 {
                Route::From(outer, of)
            } else {
                Route::Here
            }
        }
    }
}

fn known_above(domain: &Rc<Domain>, known: &dyn Fn(&Domain) -> bool) -> bool {
    known(domain) || matches!(&domain.shape, Shape::Select { parent, .. } if known_above(parent, known))
}

impl Context<'_> {
    /// The values of an expression.
    pub(crate) fn eval(&self, id: ExprId, domain: &Rc<Domain>) -> Rc<Column> {
        if let Some(held) = domain.exprs.borrow().get(&id) {
            return Rc::clone(held);
        }
        let traits = self.run.plan.arena.expr_traits(id);
        let column = match route(traits, domain, &|above| above.exprs.borrow().contains_key(&id)) {
            // Every domain has the column of the unit.
            Route::Constant => return self.eval(id, &self.unit),
            Route::From(above, picks) => Rc::new(self.eval(id, above).gather(picks)),
            Route::Here if matches!(domain.shape, Shape::Unit) => Rc::new(self.compute(id, domain).for_all()),
            Route::Here => Rc::new(self.kept_column(id, domain).unwrap_or_else(|| self.compute(id, domain))),
        };
        domain.exprs.borrow_mut().insert(id, Rc::clone(&column));
        column
    }

    /// The rows of a row node.
    pub(crate) fn eval_row(&self, id: RowId, domain: &Rc<Domain>) -> Rc<RowColumn> {
        if let Some(held) = domain.rows.borrow().get(&id) {
            return Rc::clone(held);
        }
        let traits = self.run.plan.arena.row_traits(id);
        let column = match route(traits, domain, &|above| above.rows.borrow().contains_key(&id)) {
            Route::Constant => Rc::new(self.eval_row(id, &self.unit).gather(&vec![0; domain.len])),
            Route::From(above, picks) => Rc::new(self.eval_row(id, above).gather(picks)),
            Route::Here => {
                Rc::new(self.kept_rows(id, domain).unwrap_or_else(|| self.compute_row(id, domain)))
            }
        };
        domain.rows.borrow_mut().insert(id, Rc::clone(&column));
        column
    }

    /// The sets of a set node.
    pub(crate) fn eval_set(&self, id: SetId, domain: &Rc<Domain>) -> Rc<Segments> {
        if let Some(held) = domain.sets.borrow().get(&id) {
            return Rc::clone(held);
        }
        let traits = self.run.plan.arena.set_traits(id);
        let column = match route(traits, domain, &|above| above.sets.borrow().contains_key(&id)) {
            Route::Constant => Rc::new(self.eval_set(id, &self.unit).gather(&vec![0; domain.len])),
            Route::From(above, picks) => Rc::new(self.eval_set(id, above).gather(picks)),
            Route::Here => Rc::new(self.compute_set(id, domain)),
        };
        domain.sets.borrow_mut().insert(id, Rc::clone(&column));
        column
    }

    /// Where to evaluate an expression of single rows, and each row's place there; [`NONE`] stays none.
    pub(crate) fn landing(
        &self,
        source: Source,
        rows: &[u32],
        heavy: bool,
        known: &dyn Fn(&Domain) -> bool,
    ) -> (Rc<Domain>, Vec<u32>) {
        let full = self.full(source);
        let (from, to) = self.range(source);
        let inside = rows.iter().all(|row| *row == NONE || (from <= *row && *row < to));
        let worth = known(&full)
            || (!heavy && self.is_live())
            || rows.len().saturating_mul(if heavy { 2 } else { 16 }) >= full.len;
        if inside && worth {
            let places = rows.iter().map(|row| if *row == NONE { NONE } else { *row - from }).collect();
            return (full, places);
        }
        let mut distinct: Vec<u32> = rows.iter().copied().filter(|row| *row != NONE).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let place = |row: &u32| distinct.binary_search(row).map_or(NONE, small);
        let places = rows.iter().map(place).collect();
        (self.rows_domain(source, Rc::from(distinct)), places)
    }

    fn compute(&self, id: ExprId, domain: &Rc<Domain>) -> Column {
        let node = self.run.plan.arena.expr(id);
        match &node.op {
            ExprOp::Word(word) => Column::constant(Value::Known(*word)),
            ExprOp::Text(text) => {
                let word = self.run.text_words.get(ix(text.0)).copied().unwrap_or(-1);
                Column::constant(Value::Known(word))
            }
            ExprOp::AsOf => Column::constant(self.as_of()),
            ExprOp::Parameter(parameter, day) => self.parameter(*parameter, *day, domain),
            ExprOp::Field(row, kind, field) => self.field(*row, *kind, *field, domain),
            ExprOp::Clock(row, source) => self.clock(*row, *source, domain),
            ExprOp::Service(row, source) => self.service(*row, *source, domain),
            ExprOp::Key(row, summary, key) => self.key(*row, *summary, *key, domain),
            ExprOp::Cell(row, table, column) => self.cell(*row, *table, *column, domain),
            ExprOp::Reference(row, kind) => self.reference(*row, *kind, domain),
            ExprOp::At(row, source, body, asked) => self.at(*row, *source, (*body, *asked), domain),
            ExprOp::Not(a) => self.not(*a, domain),
            ExprOp::And(all) => self.junction(all, false, domain),
            ExprOp::Or(all) => self.junction(all, true, domain),
            ExprOp::Compare(how, a, b) => self.compare(*how, *a, *b, domain),
            ExprOp::Arithmetic(how, a, b) => self.arithmetic(*how, (*a, *b), node.ty, domain),
            ExprOp::Negate(a) => self.negate(*a, domain),
            ExprOp::If(condition, yes, no) => self.choose(*condition, *yes, *no, domain),
            ExprOp::InCodes(a, codes) => self.in_code_set(*a, codes.index(), domain),
            ExprOp::InCell(a, cell) => self.in_cell(*a, *cell, domain),
            ExprOp::InTable(table, values, columns, as_of) => {
                self.in_table(*table, values, (columns, *as_of), domain)
            }
            ExprOp::Contains(a, b) => self.contains(*a, *b, domain),
            ExprOp::IsKnown(a) => self.is_known(*a, domain),
            ExprOp::Default(a, b) => self.default_of(*a, *b, domain),
            ExprOp::Call(function, arguments) => self.call(*function, arguments, node.ty, domain),
            // An interval is two words; it is read through `eval_interval` only.
            ExprOp::Interval(..) => Column::constant(Value::Missing(crate::run::EMPTY)),
            ExprOp::Aggregate(of) => self.aggregate(of, node.ty, domain),
            ExprOp::Excess(of) => self.excess_total(of, domain),
        }
    }

    fn as_of(&self) -> Value {
        self.run.frame.as_of.map_or(Value::Missing(crate::run::EMPTY), Value::Known)
    }

    fn parameter(&self, parameter: ParameterId, day: ExprId, domain: &Rc<Domain>) -> Column {
        let days = self.eval(day, domain);
        let values = self.run.parameters.get(parameter.index()).map_or(&[][..], |held| held);
        let on = |day: i64| values.iter().rev().find(|(from, _)| *from <= day).map_or(0, |(_, word)| *word);
        map(&days, domain.len, |value| match value {
            Value::Known(day) => Value::Known(on(day)),
            Value::AtLeast(_, cause) | Value::Missing(cause) => Value::Missing(cause),
        })
    }

    pub(crate) fn type_of(&self, id: ExprId) -> Type {
        self.run.plan.arena.expr(id).ty
    }
}

/// Applies a function to every value; constants stay constant.
pub(crate) fn map(column: &Column, len: usize, apply: impl Fn(Value) -> Value) -> Column {
    if column.is_constant() {
        return Column::constant(apply(column.get(0)));
    }
    Column::collect((0..len).map(|at| apply(column.get(at))))
}

/// Applies a function to every pair of values.
pub(crate) fn map2(a: &Column, b: &Column, len: usize, apply: impl Fn(Value, Value) -> Value) -> Column {
    if a.is_constant() && b.is_constant() {
        return Column::constant(apply(a.get(0), b.get(0)));
    }
    Column::collect((0..len).map(|at| apply(a.get(at), b.get(at))))
}

/// A value as arithmetic and functions see it: present or missing.
pub(crate) fn present(value: Value) -> Result<i64, Value> {
    match value {
        Value::Known(word) => Ok(word),
        Value::AtLeast(_, cause) | Value::Missing(cause) => Err(Value::Missing(cause)),
    }
}
