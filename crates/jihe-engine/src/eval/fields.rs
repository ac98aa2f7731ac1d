//! What is stored: fields, clocks, keys, cells, and expressions asked of another row.
//!
//! In: a row node and what is asked of it. Out: a column.
//! Invariant: what is asked of no row is missing for the reason the row is.

use crate::column::{Column, Found, NONE, RowColumn, ix};
use crate::context::Context;
use crate::domain::Domain;
use crate::frame::NO_TIME;
use crate::ir::{ExprId, RowId, RowOp};
use jihe_check::typed::{DerivedId, Source, SummaryId, TableId};
use jihe_model::records::Words;
use jihe_model::schema::{FieldId, KindId};
use jihe_model::value::{Cause, Instant, Value};
use std::rc::Rc;

/// The words at places of a column without gaps.
fn plain_words(words: &Words, places: impl Iterator<Item = usize>) -> Vec<i64> {
    match words {
        Words::Bits(words) => places.map(|at| i64::from(words[at])).collect(),
        Words::Symbols(words) => places.map(|at| i64::from(words[at])).collect(),
        Words::Days(words) => places.map(|at| i64::from(words[at])).collect(),
        Words::Wide(words) => places.map(|at| words[at]).collect(),
    }
}

impl Context<'_> {
    pub(super) fn field(&self, row: RowId, kind: KindId, field: FieldId, domain: &Rc<Domain>) -> Column {
        let absent = self.run.causes.field(kind, field);
        let Some(table) = self.kind(kind).filter(|table| table.supplied) else {
            let absent = self.run.causes.kind(kind);
            return self.each_row(row, domain, absent, |_| Value::Missing(absent));
        };
        let Some(column) = table.column(field) else {
            return self.each_row(row, domain, absent, |_| Value::Missing(absent));
        };
        if let (RowOp::Var(slot), None) = (&self.run.plan.arena.row(row).op, &column.present) {
            return Column::known(plain_words(
                &column.words,
                domain.slot(*slot).iter().map(|row| table.origin(*row)),
            ));
        }
        let get = |row: u32| column.get(table.origin(row)).map_or(Value::Missing(absent), Value::Known);
        self.each_row(row, domain, absent, get)
    }

    /// Asks every row; rows that are none answer for themselves.
    fn each_row(
        &self,
        row: RowId,
        domain: &Rc<Domain>,
        dangling: Cause,
        get: impl Fn(u32) -> Value,
    ) -> Column {
        if let RowOp::Var(slot) = self.run.plan.arena.row(row).op {
            return Column::collect(domain.slot(slot).iter().map(|row| get(*row)));
        }
        let rows = self.eval_row(row, domain);
        Column::collect((0..domain.len).map(|at| match rows.get(at) {
            Found::Row(row) => get(row),
            Found::Dangling => Value::Missing(dangling),
            Found::Nothing(cause) | Found::Undecided(cause) => Value::Missing(cause),
        }))
    }

    /// Why a record that is not there cannot be said to be there.
    pub(crate) fn dangling(&self, source: Source) -> Cause {
        let Source::Kind(kind) = source else { return crate::run::EMPTY };
        let key = self.run.rules.schema.kind(kind).and_then(|kind| kind.key.first().copied());
        match (self.kind(kind).is_some_and(|table| table.supplied), key) {
            (true, Some(key)) => self.run.causes.field(kind, key),
            _ => self.run.causes.kind(kind),
        }
    }

    /// Why a record has no clock.
    pub(crate) fn no_clock(&self, source: Source) -> Cause {
        match source {
            Source::Kind(kind) => {
                let clock = self.run.rules.schema.kind(kind).and_then(|kind| kind.clock.first().copied());
                clock.map_or(crate::run::EMPTY, |field| self.run.causes.field(kind, field))
            }
            Source::Summary(id) => {
                let source = self.run.plan.summaries.get(id.index()).map(|summary| summary.source);
                source.map_or(crate::run::EMPTY, |source| self.no_clock(source))
            }
            Source::Table(_) => crate::run::EMPTY,
        }
    }

    /// The clock of a row, as an instant; [`NO_TIME`] if it has none.
    pub(crate) fn clock_of(&self, source: Source, row: u32) -> i64 {
        match source {
            Source::Kind(kind) => {
                self.kind(kind).and_then(|table| table.clock.get(ix(row))).copied().unwrap_or(NO_TIME)
            }
            Source::Summary(id) => self.summary(id).clock.get(ix(row)).copied().unwrap_or(NO_TIME),
            Source::Table(_) => NO_TIME,
        }
    }

    pub(super) fn clock(&self, row: RowId, source: Source, domain: &Rc<Domain>) -> Column {
        let absent = self.no_clock(source);
        let dangling = match source {
            Source::Kind(kind) if !self.kind(kind).is_some_and(|table| table.supplied) => {
                self.run.causes.kind(kind)
            }
            Source::Kind(_) | Source::Summary(_) | Source::Table(_) => absent,
        };
        self.each_row(row, domain, dangling, |row| match self.clock_of(source, row) {
            NO_TIME => Value::Missing(absent),
            clock => Value::Known(clock),
        })
    }

    /// The date of service of a row: the day of its clock, of a group the day of its last member's.
    pub(crate) fn service_of(&self, source: Source, row: u32) -> Value {
        let absent = self.no_clock(source);
        let clock = match source {
            Source::Summary(id) => self.summary(id).service.get(ix(row)).copied().unwrap_or(NO_TIME),
            Source::Kind(_) | Source::Table(_) => self.clock_of(source, row),
        };
        if clock == NO_TIME { Value::Missing(absent) } else { Value::Known(Instant(clock).day()) }
    }

    pub(super) fn service(&self, row: RowId, source: Source, domain: &Rc<Domain>) -> Column {
        let absent = self.no_clock(source);
        self.each_row(row, domain, absent, |row| self.service_of(source, row))
    }

    pub(super) fn key(&self, row: RowId, summary: SummaryId, key: usize, domain: &Rc<Domain>) -> Column {
        let data = self.summary(summary);
        let Some(words) = data.keys.get(key) else {
            return Column::constant(Value::Missing(crate::run::EMPTY));
        };
        self.each_row(row, domain, crate::run::EMPTY, |row| {
            words.get(ix(row)).map_or(Value::Known(0), |w| Value::Known(*w))
        })
    }

    pub(super) fn cell(&self, row: RowId, table: TableId, column: usize, domain: &Rc<Domain>) -> Column {
        let absent = self.run.causes.row(table);
        let Some(cells) = self.run.tables.get(table.index()).and_then(|data| data.columns.get(column)) else {
            return Column::constant(Value::Missing(absent));
        };
        self.each_row(row, domain, absent, |row| cells.get(ix(row)))
    }

    pub(super) fn reference(&self, row: RowId, kind: KindId, domain: &Rc<Domain>) -> Column {
        let dangling = self.dangling(Source::Kind(kind));
        let Some(table) = self.kind(kind) else { return Column::constant(Value::Missing(dangling)) };
        self.each_row(row, domain, dangling, |row| Value::Known(i64::from(table.key(row))))
    }

    /// An expression of one row, asked of the rows of a row node.
    pub(super) fn at(
        &self,
        row: RowId,
        source: Source,
        body: (ExprId, Option<DerivedId>),
        domain: &Rc<Domain>,
    ) -> Column {
        let (body, asked) = body;
        let rows = self.rows_for(row, domain);
        let heavy = self.is_heavy(body);
        let known = |domain: &Domain| domain.exprs.borrow().contains_key(&body);
        let (there, places) = self.landing(source, &rows.rows, heavy, &known);
        let values = self.eval(body, &there);
        if values.is_constant() && !rows.rows.contains(&NONE) {
            return Column::constant(values.get(0));
        }
        if !places.contains(&NONE) {
            return values.gather(&places);
        }
        let supplied = |kind: KindId| self.kind(kind).is_some_and(|table| table.supplied);
        let dangling = match (source, asked) {
            (Source::Kind(kind), _) if !supplied(kind) => self.run.causes.kind(kind),
            (_, Some(field)) => self.run.causes.derived(field),
            (_, None) => self.dangling(source),
        };
        Column::collect(places.iter().enumerate().map(|(at, place)| match rows.get(at) {
            Found::Row(_) => values.get(ix(*place)),
            Found::Dangling => Value::Missing(dangling),
            Found::Nothing(cause) | Found::Undecided(cause) => Value::Missing(cause),
        }))
    }

    /// The rows of a row node, without keeping a copy for plain variables.
    pub(crate) fn rows_for(&self, row: RowId, domain: &Rc<Domain>) -> Rc<RowColumn> {
        if let RowOp::Var(slot) = self.run.plan.arena.row(row).op {
            return Rc::new(RowColumn::known(domain.slot(slot).to_vec()));
        }
        self.eval_row(row, domain)
    }
}
