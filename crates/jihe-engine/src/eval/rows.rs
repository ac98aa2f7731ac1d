//! Rows: variables, references followed, records chosen from sets.
//!
//! In: a row node. Out: a column of rows.
//! Invariant: a row chosen from an incomplete set is undecided, never guessed.

use super::compare::Order;
use crate::column::{Found, NONE, RowColumn, Segments, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::ir::{ExprId, RowId, RowOp, SetId, SetOp, Slot, WhichOp};
use jihe_check::typed::Source;
use jihe_model::schema::KindId;
use jihe_model::value::{Cause, Value};
use std::cmp::Ordering;
use std::rc::Rc;

impl Context<'_> {
    pub(super) fn compute_row(&self, id: RowId, domain: &Rc<Domain>) -> RowColumn {
        match &self.run.plan.arena.row(id).op {
            RowOp::Var(slot) => RowColumn::known(domain.slot(*slot).to_vec()),
            RowOp::Follow(reference, to) => self.follow(*reference, *to, domain),
            RowOp::Pick(set, which) => self.pick(*set, which, domain),
            RowOp::At(outer, body) => self.row_at(*outer, *body, domain),
        }
    }

    fn follow(&self, reference: ExprId, to: KindId, domain: &Rc<Domain>) -> RowColumn {
        let keys = self.eval(reference, domain);
        let symbols = self.run.texts.len();
        let table = self.kind(to);
        RowColumn::collect((0..domain.len).map(|at| match keys.get(at) {
            Value::Known(key) => match table.map_or(NONE, |table| table.row_of_key(key, symbols)) {
                NONE => Found::Dangling,
                row => Found::Row(row),
            },
            Value::AtLeast(_, cause) | Value::Missing(cause) => self.run.causes.led_nowhere(cause),
        }))
    }

    fn row_at(&self, outer: RowId, body: RowId, domain: &Rc<Domain>) -> RowColumn {
        let rows = self.rows_for(outer, domain);
        let source = self.run.plan.arena.row(outer).source;
        let heavy = self.run.plan.arena.row_traits(body).heavy;
        let known = |domain: &Domain| domain.rows.borrow().contains_key(&body);
        let (there, places) = self.landing(source, &rows.rows, heavy, &known);
        let found = self.eval_row(body, &there);
        RowColumn::collect(places.iter().enumerate().map(|(at, place)| match rows.get(at) {
            Found::Row(_) => found.get(ix(*place)),
            other => other,
        }))
    }

    fn pick(&self, set: SetId, which: &WhichOp, domain: &Rc<Domain>) -> RowColumn {
        let sets = self.eval_set(set, domain);
        let none = self.nothing_in(set);
        let at = |at: usize, row: Option<u32>| match (sets.why(at), row) {
            (Some(cause), _) => Found::Undecided(cause),
            (None, Some(row)) => Found::Row(row),
            (None, None) => Found::Nothing(none),
        };
        match which {
            WhichOp::First => RowColumn::collect((0..domain.len).map(|tuple| at(tuple, sets.first(tuple)))),
            WhichOp::Last => RowColumn::collect((0..domain.len).map(|tuple| at(tuple, sets.last(tuple)))),
            WhichOp::Max(slot, value) => self.best(set, &sets, (*slot, *value), Ordering::Greater, domain),
            WhichOp::Min(slot, value) => self.best(set, &sets, (*slot, *value), Ordering::Less, domain),
        }
    }

    /// The cause of a value asked of the row of an empty set.
    fn nothing_in(&self, set: SetId) -> Cause {
        match &self.run.plan.arena.set(set).op {
            SetOp::Lookup(table, ..) => self.run.causes.row(*table),
            SetOp::At(_, body) => self.nothing_in(*body),
            _ => crate::run::EMPTY,
        }
    }

    fn best(
        &self,
        set: SetId,
        sets: &Rc<Segments>,
        value: (Slot, ExprId),
        better: Ordering,
        domain: &Rc<Domain>,
    ) -> RowColumn {
        let none = self.nothing_in(set);
        let source = self.run.plan.arena.set(set).source;
        let order = Order { context: self, ty: self.type_of(value.1) };
        let mut column = RowColumn::default();
        self.elements(sets, Some(value), source, domain, &mut |tuple, rows, values| {
            column.push(match sets.why(tuple) {
                Some(cause) => Found::Undecided(cause),
                None => best_of(rows, values, better, &order, none),
            });
        });
        column
    }

    /// Whether there is a row: yes, no, or why it cannot be said.
    pub(crate) fn presence(&self, found: Found, source: Source) -> Result<bool, Cause> {
        match found {
            Found::Row(_) => Ok(true),
            Found::Nothing(_) => Ok(false),
            Found::Undecided(cause) => Err(cause),
            Found::Dangling => Err(self.dangling(source)),
        }
    }
}

fn best_of(rows: &[u32], values: &[Value], better: Ordering, order: &Order<'_, '_>, none: Cause) -> Found {
    let mut best: Option<(u32, i64)> = None;
    for (row, value) in rows.iter().zip(values) {
        let word = match value {
            Value::Known(word) => *word,
            Value::AtLeast(_, cause) | Value::Missing(cause) => return Found::Undecided(*cause),
        };
        if best.is_none_or(|(_, held)| order.compare(word, held) == better) {
            best = Some((*row, word));
        }
    }
    best.map_or(Found::Nothing(none), |(row, _)| Found::Row(row))
}
