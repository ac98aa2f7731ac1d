//! What the names of an expression stand for while it is evaluated.
//!
//! In: a world, variables, 设. Out: [`Env`].
//! Invariant: an inner scope adds variables and changes none.

use crate::rows::{RowRef, RowSet, RowState};
use crate::value::Value;
use crate::world::World;
use jihe_check::typed::{LetId, VarId};
use jihe_model::value::CauseKind;
use std::rc::Rc;

/// What a 设 turned out to be.
#[derive(Debug, Clone)]
pub(crate) enum LetValue {
    Value(Value),
    Row(RowState),
    Set(RowSet),
}

/// Variables of one owner, its 设, and its date of service.
#[derive(Debug, Clone)]
pub(crate) struct Env<'w> {
    pub(crate) world: &'w World<'w>,
    vars: Vec<(VarId, RowState)>,
    lets: Rc<Vec<LetValue>>,
    /// The date parameters are read at.
    pub(crate) service: Result<i64, CauseKind>,
}

impl<'w> Env<'w> {
    /// The scope of an owner: its variable stands for a row.
    pub(crate) fn owner(world: &'w World<'w>, var: VarId, row: RowRef) -> Self {
        let service = world.service_day(row);
        Self { world, vars: vec![(var, RowState::Row(row))], lets: Rc::default(), service }
    }

    /// The scope before any record is chosen.
    pub(crate) fn empty(world: &'w World<'w>) -> Self {
        Self { world, vars: Vec::new(), lets: Rc::default(), service: Err(CauseKind::Empty) }
    }

    /// The scope of an element or candidate.
    pub(crate) fn with(&self, var: VarId, row: RowRef) -> Self {
        let mut inner = self.clone();
        inner.vars.push((var, RowState::Row(row)));
        inner
    }

    /// The same scope on another date of service.
    pub(crate) fn on_the_date_of(mut self, row: RowRef) -> Self {
        self.service = self.world.service_day(row);
        self
    }

    /// The scope after one more 设.
    pub(crate) fn bind(&mut self, value: LetValue) {
        let mut lets = self.lets.as_ref().clone();
        lets.push(value);
        self.lets = Rc::new(lets);
    }

    pub(crate) fn var(&self, var: VarId) -> RowState {
        let found = self.vars.iter().rev().find(|(name, _)| *name == var);
        found.map_or(RowState::None(CauseKind::Empty), |(_, row)| row.clone())
    }

    pub(crate) fn bound(&self, id: LetId) -> Option<LetValue> {
        self.lets.get(id.index()).cloned()
    }
}
