//! Typed rules to the plan's nodes.
//!
//! In: [`TypedRules`]. Out: nodes in an [`Arena`], through [`Lowering`].
//! Invariant: whatever depends on one variable only is lowered as an expression of slot 0 and asked of that variable,
//! so that two rules that say the same of a record share one node.
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

mod expr;
mod free;
mod sets;
mod versions;

use crate::ir::{Arena, ExprId, ExprOp, RowId, RowOp, SetId, SetOp, Slot, Traits};
use free::{free_in_bound, free_in_expr, free_in_row, free_in_set};
use jihe_check::typed::{Bound, DerivedId, Expr, LetId, Row, Set, Source, SummaryId, TypedRules, VarId};
use std::collections::{BTreeMap, BTreeSet};

/// What a 设 or derived field became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lowered {
    Expr(ExprId),
    Row(RowId),
    Set(SetId),
}

/// The rule, derived field or summary an expression belongs to.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// The subject, whose date of service fixes parameters.
    pub(crate) subject: VarId,
    /// Its source.
    pub(crate) source: Source,
    /// The lets so far, each over the subject as slot 0.
    pub(crate) lets: Vec<Lowered>,
}

/// The variables in scope, by slot.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) vars: Vec<(VarId, Source)>,
}

impl Scope {
    pub(crate) fn of(var: VarId, source: Source) -> Self {
        Scope { vars: vec![(var, source)] }
    }

    fn slot(&self, var: VarId) -> Option<(Slot, Source)> {
        let at = self.vars.iter().position(|(held, _)| *held == var)?;
        Some((Slot::try_from(at).ok()?, self.vars.get(at)?.1))
    }

    fn with(&self, var: VarId, source: Source) -> (Scope, Slot) {
        let mut vars = self.vars.clone();
        let slot = Slot::try_from(vars.len()).unwrap_or(Slot::MAX);
        vars.push((var, source));
        (Scope { vars }, slot)
    }
}

/// Builds nodes.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    pub(crate) rules: &'a TypedRules,
    pub(crate) arena: Arena,
    derived: BTreeMap<DerivedId, Lowered>,
    /// Groups of rules that are those of an earlier rule.
    pub(crate) same: BTreeMap<SummaryId, SummaryId>,
    pub(crate) owner: Owner,
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(rules: &'a TypedRules) -> Self {
        let owner = Owner {
            subject: VarId(0),
            source: Source::Kind(jihe_model::schema::KindId(0)),
            lets: Vec::new(),
        };
        Lowering { rules, arena: Arena::default(), derived: BTreeMap::new(), same: BTreeMap::new(), owner }
    }

    /// The source that stands for a source: equal groups of two rules are grouped once.
    pub(crate) fn source(&self, source: Source) -> Source {
        match source {
            Source::Summary(id) => Source::Summary(self.same.get(&id).copied().unwrap_or(id)),
            Source::Kind(_) | Source::Table(_) => source,
        }
    }

    /// An expression in a scope.
    pub(crate) fn expr(&mut self, expr: &Expr, scope: &Scope) -> ExprId {
        let free = free_in_expr(expr, self);
        match narrower(&free, scope) {
            Narrow::Constant => self.expr_here(expr, &Scope { vars: Vec::new() }),
            Narrow::Here => self.expr_here(expr, scope),
            Narrow::One(slot, inner) => {
                let body = self.expr_here(expr, &inner);
                let source = inner.vars.first().map_or(self.owner.source, |held| held.1);
                self.expr_at(slot, source, body)
            }
        }
    }

    fn expr_at(&mut self, slot: Slot, source: Source, body: ExprId) -> ExprId {
        let row = self.var(slot, source);
        let heavy = self.arena.expr_traits(body).heavy;
        let ty = self.arena.expr(body).ty;
        let traits = Traits { heavy, ..Traits::slot(slot) };
        self.arena.put_expr(ExprOp::At(row, source, body, None), ty, traits)
    }

    /// A row in a scope.
    pub(crate) fn row(&mut self, row: &Row, scope: &Scope) -> RowId {
        let free = free_in_row(row, self);
        match narrower(&free, scope) {
            Narrow::Constant => self.row_here(row, &Scope { vars: Vec::new() }),
            Narrow::Here => self.row_here(row, scope),
            Narrow::One(slot, inner) => {
                let body = self.row_here(row, &inner);
                if self.arena.row(body).op == RowOp::Var(0) {
                    return self.var(slot, self.arena.row(body).source);
                }
                let outer = self.var(slot, inner.vars.first().map_or(self.owner.source, |held| held.1));
                let source = self.arena.row(body).source;
                let traits = Traits { heavy: self.arena.row_traits(body).heavy, ..Traits::slot(slot) };
                self.arena.put_row(RowOp::At(outer, body), source, traits)
            }
        }
    }

    /// A set in a scope.
    pub(crate) fn set(&mut self, set: &Set, scope: &Scope) -> SetId {
        let free = free_in_set(set, self);
        match narrower(&free, scope) {
            Narrow::Constant => self.set_here(set, &Scope { vars: Vec::new() }),
            Narrow::Here => self.set_here(set, scope),
            Narrow::One(slot, inner) => {
                let body = self.set_here(set, &inner);
                let outer = self.var(slot, inner.vars.first().map_or(self.owner.source, |held| held.1));
                let traits = Traits { heavy: true, ..Traits::slot(slot) };
                self.arena.put_set(SetOp::At(outer, body), self.source(set.source), traits)
            }
        }
    }

    /// A 设 of the owner, over its subject.
    pub(crate) fn bound(&mut self, bound: &Bound, scope: &Scope) -> Lowered {
        let constant = free_in_bound(bound, self).is_empty();
        let empty = Scope { vars: Vec::new() };
        let scope = if constant { &empty } else { scope };
        match bound {
            Bound::Value(expr) => Lowered::Expr(self.expr(expr, scope)),
            Bound::Row(row) => Lowered::Row(self.row(row, scope)),
            Bound::Set(set) => Lowered::Set(self.set(set, scope)),
        }
    }

    pub(crate) fn var(&mut self, slot: Slot, source: Source) -> RowId {
        self.arena.put_row(RowOp::Var(slot), source, Traits::slot(slot))
    }

    /// A derived field, over its record as slot 0.
    pub(crate) fn derived(&mut self, id: DerivedId) -> Option<Lowered> {
        if let Some(found) = self.derived.get(&id) {
            return Some(*found);
        }
        let rules = self.rules;
        let field = rules.derived.get(id.index())?;
        let source = Source::Kind(field.kind);
        let owner = Owner { subject: field.var, source, lets: Vec::new() };
        let outer = core::mem::replace(&mut self.owner, owner);
        let lowered = self.bound(&field.value, &Scope::of(field.var, source));
        self.owner = outer;
        self.derived.insert(id, lowered);
        Some(lowered)
    }

    pub(crate) fn let_value(&self, id: LetId) -> Option<Lowered> {
        self.owner.lets.get(id.index()).copied()
    }
}

/// How narrow a scope suffices for what depends on these variables.
fn narrower(free: &BTreeSet<VarId>, scope: &Scope) -> Narrow {
    if scope.vars.is_empty() {
        return Narrow::Here;
    }
    if free.is_empty() {
        return Narrow::Constant;
    }
    let (Some(only), 1) = (free.first(), free.len()) else { return Narrow::Here };
    match scope.slot(*only) {
        Some((slot, source)) if scope.vars.len() > 1 => Narrow::One(slot, Scope::of(*only, source)),
        Some(_) | None => Narrow::Here,
    }
}

enum Narrow {
    Constant,
    Here,
    One(Slot, Scope),
}
