//! Lowers sets: windows are split into what depends on the candidate alone and the rest.
//!
//! In: typed sets. Out: set nodes.
//! Invariant: `fixed` and `open` together are the window's condition.

use super::expr::kind_of;
use super::free::free_in_expr;
use super::{Lowered, Lowering, Scope};
use crate::ir::{DensestOp, ExprId, ExprOp, PeriodOp, SetId, SetOp, Traits, WindowOp};
use jihe_check::typed::{
    Densest, Expr, ExprKind, Lookup, Period, Row, Set, SetKind, Source, SummaryId, VarId, Window,
};
use jihe_model::schema::FieldId;
use jihe_model::types::Type;

impl Lowering<'_> {
    pub(super) fn set_here(&mut self, set: &Set, scope: &Scope) -> SetId {
        let source = self.source(set.source);
        match &set.kind {
            SetKind::All => self.arena.put_set(SetOp::All, source, Traits::NONE.heavy()),
            SetKind::Window(window) => self.window(window, source, scope),
            SetKind::Children { of, field } => self.children(of, *field, source, scope),
            SetKind::Members(row) => {
                let row = self.row(row, scope);
                let traits = self.arena.row_traits(row).heavy();
                self.arena.put_set(SetOp::Members(row), source, traits)
            }
            SetKind::Each { set, var, inner } => {
                let outer = self.set(set, scope);
                let (within, slot) = scope.with(*var, self.source(set.source));
                let inner = self.set(inner, &within);
                let traits = self.arena.set_traits(outer).and(self.arena.set_traits(inner).without(slot));
                self.arena.put_set(SetOp::Each(outer, slot, inner), source, traits)
            }
            SetKind::FollowEach { set, var, row } => {
                let outer = self.set(set, scope);
                let (within, slot) = scope.with(*var, self.source(set.source));
                let row = self.row(row, &within);
                let traits = self.arena.set_traits(outer).and(self.arena.row_traits(row).without(slot));
                self.arena.put_set(SetOp::FollowEach(outer, slot, row), source, traits)
            }
            SetKind::Filter { set, var, condition } => {
                let outer = self.set(set, scope);
                let (within, slot) = scope.with(*var, self.source(set.source));
                let condition = self.expr(condition, &within);
                let traits =
                    self.arena.set_traits(outer).and(self.arena.expr_traits(condition).without(slot));
                self.arena.put_set(SetOp::Filter(outer, slot, condition), source, traits)
            }
            SetKind::Except(a, b) => {
                let (a, b) = (self.set(a, scope), self.set(b, scope));
                let traits = self.arena.set_traits(a).and(self.arena.set_traits(b));
                self.arena.put_set(SetOp::Except(a, b), source, traits)
            }
            SetKind::Single(row) => {
                let row = self.row(row, scope);
                let traits = self.arena.row_traits(row);
                self.arena.put_set(SetOp::Single(row), source, traits)
            }
            SetKind::Densest(densest) => self.densest(densest, source, scope),
            SetKind::Lookup(lookup) => self.lookup(lookup, source, scope),
            SetKind::Let(id) => match self.let_value(*id) {
                Some(Lowered::Set(set)) => set,
                Some(Lowered::Expr(_) | Lowered::Row(_)) | None => {
                    self.arena.put_set(SetOp::All, source, Traits::NONE)
                }
            },
            SetKind::Derived(row, id) => self.derived_set(row, *id, scope),
        }
    }

    fn derived_set(&mut self, row: &Row, id: jihe_check::typed::DerivedId, scope: &Scope) -> SetId {
        let outer = self.row(row, scope);
        let traits = self.arena.row_traits(outer).heavy();
        let Some(Lowered::Set(body)) = self.derived(id) else {
            return self.arena.put_set(SetOp::All, self.arena.row(outer).source, Traits::NONE);
        };
        let source = self.arena.set(body).source;
        self.arena.put_set(SetOp::At(outer, body), source, traits)
    }

    /// An expression of a candidate alone, over slot 0.
    fn over(&mut self, expr: &Expr, var: VarId, source: Source) -> ExprId {
        self.expr(expr, &Scope::of(var, source))
    }

    fn children(&mut self, of: &Row, field: FieldId, source: Source, scope: &Scope) -> SetId {
        let anchor = self.row(of, scope);
        let anchor_source = self.arena.row(anchor).source;
        let ty = Type::Reference(kind_of(anchor_source));
        let key = self.reference(of, ty, scope);
        let traits = self.arena.expr_traits(key).heavy();
        let candidate = self.var(0, source);
        let child =
            self.arena.put_expr(ExprOp::Field(candidate, kind_of(source), field), ty, Traits::slot(0));
        let window = WindowOp {
            slot: u8::try_from(scope.vars.len()).unwrap_or(u8::MAX),
            anchor,
            anchor_source,
            others: false,
            keys: vec![(child, key)],
            period: None,
            until_anchor: false,
            fixed: None,
            open: None,
            filter: None,
            neighbour: None,
        };
        self.arena.put_set(SetOp::Window(Box::new(window)), source, traits)
    }

    fn window(&mut self, window: &Window, source: Source, scope: &Scope) -> SetId {
        let anchor = self.row(&window.anchor, scope);
        let mut traits = self.arena.row_traits(anchor);
        let mut keys = Vec::new();
        for (candidate, of_anchor) in &window.keys {
            let candidate = self.over(candidate, window.var, source);
            let of_anchor = self.expr(of_anchor, scope);
            traits = traits.and(self.arena.expr_traits(of_anchor));
            keys.push((candidate, of_anchor));
        }
        let period = window.period.as_ref().map(|period| self.period(period, window.var, source, scope));
        for used in period.iter().flat_map(PeriodOp::outer) {
            traits = traits.and(self.arena.expr_traits(used));
        }
        let (fixed, open) = self.conditions(window, source, scope);
        let (inner, slot) = scope.with(window.var, source);
        let filter = window.filter.as_ref().map(|filter| self.expr(filter, &inner));
        if let Some(filter) = filter {
            traits = traits.and(self.arena.expr_traits(filter).without(slot));
        }
        let op = WindowOp {
            slot,
            anchor,
            anchor_source: self.arena.row(anchor).source,
            others: window.others,
            keys,
            period,
            until_anchor: window.until_anchor,
            fixed,
            open,
            filter,
            neighbour: window.neighbour,
        };
        self.arena.put_set(SetOp::Window(Box::new(op)), source, traits.heavy())
    }

    fn conditions(
        &mut self,
        window: &Window,
        source: Source,
        scope: &Scope,
    ) -> (Option<ExprId>, Option<ExprId>) {
        let mut conjuncts = Vec::new();
        if let Some(filter) = &window.filter {
            flatten(filter, &mut conjuncts);
        }
        let (mut fixed, mut open) = (Vec::new(), Vec::new());
        for conjunct in conjuncts {
            let free = free_in_expr(conjunct, self);
            if free.iter().all(|var| *var == window.var) { fixed.push(conjunct) } else { open.push(conjunct) }
        }
        let (inner, _) = scope.with(window.var, source);
        let fixed: Vec<ExprId> =
            fixed.into_iter().map(|conjunct| self.over(conjunct, window.var, source)).collect();
        let open: Vec<ExprId> = open.into_iter().map(|conjunct| self.expr(conjunct, &inner)).collect();
        (self.all_of(fixed), self.all_of(open))
    }

    pub(crate) fn all_of(&mut self, conjuncts: Vec<ExprId>) -> Option<ExprId> {
        if conjuncts.len() < 2 {
            return conjuncts.first().copied();
        }
        let traits =
            conjuncts.iter().fold(Traits::NONE, |traits, id| traits.and(self.arena.expr_traits(*id)));
        Some(self.arena.put_expr(ExprOp::And(conjuncts), Type::Bool, traits))
    }

    fn period(&mut self, period: &Period, var: VarId, source: Source, scope: &Scope) -> PeriodOp {
        match period {
            Period::Rolling { direction, length, from, clock } => PeriodOp::Rolling {
                direction: *direction,
                length: length.as_ref().map(|length| self.expr(length, scope)),
                from: self.expr(from, scope),
                clock: self.over(clock, var, source),
            },
            Period::Nearest { direction, count } => {
                PeriodOp::Nearest { direction: *direction, count: self.expr(count, scope) }
            }
            Period::During { interval, clock } => PeriodOp::During {
                interval: self.expr(interval, scope),
                clock: self.over(clock, var, source),
            },
            Period::Overlapping { interval, candidate } => PeriodOp::Overlapping {
                interval: self.expr(interval, scope),
                candidate: self.over(candidate, var, source),
            },
            Period::ValidAt { at, candidate } => {
                PeriodOp::ValidAt { at: self.expr(at, scope), candidate: self.over(candidate, var, source) }
            }
        }
    }

    fn densest(&mut self, of: &Densest, source: Source, scope: &Scope) -> SetId {
        let set = self.set(&of.set, scope);
        let (inner, slot) = scope.with(of.var, self.source(of.set.source));
        let value = self.expr(&of.value, &inner);
        let width = self.expr(&of.width, scope);
        let traits = self
            .arena
            .set_traits(set)
            .and(self.arena.expr_traits(value).without(slot))
            .and(self.arena.expr_traits(width));
        let op = DensestOp { set, slot, value, width, relative: of.relative };
        self.arena.put_set(SetOp::Densest(Box::new(op)), source, traits)
    }

    fn lookup(&mut self, of: &Lookup, source: Source, scope: &Scope) -> SetId {
        let keys: Vec<(usize, ExprId)> =
            of.keys.iter().map(|(column, key)| (*column, self.expr(key, scope))).collect();
        let as_of = of.as_of.as_ref().map(|day| self.expr(day, scope));
        let used = keys.iter().map(|key| key.1).chain(as_of);
        let traits = used.fold(Traits::NONE, |traits, id| traits.and(self.arena.expr_traits(id)));
        self.arena.put_set(SetOp::Lookup(of.table, keys, as_of), source, traits)
    }

    /// A column of a summary, over its row as slot 0.
    pub(crate) fn summary_column(&mut self, id: SummaryId, column: usize) -> Option<ExprId> {
        let rules = self.rules;
        let summary = rules.summaries.get(id.index())?;
        let column = summary.columns.get(column)?;
        let source = Source::Summary(id);
        let owner = super::Owner { subject: summary.row, source, lets: Vec::new() };
        let outer = core::mem::replace(&mut self.owner, owner);
        let body = self.expr(&column.value, &Scope::of(summary.row, source));
        self.owner = outer;
        Some(body)
    }
}

impl PeriodOp {
    /// The expressions in the anchor's scope.
    pub(crate) fn outer(&self) -> Vec<ExprId> {
        match self {
            PeriodOp::Rolling { length, from, .. } => length.iter().copied().chain([*from]).collect(),
            PeriodOp::Nearest { count, .. } => vec![*count],
            PeriodOp::During { interval, .. } | PeriodOp::Overlapping { interval, .. } => vec![*interval],
            PeriodOp::ValidAt { at, .. } => vec![*at],
        }
    }
}

fn flatten<'e>(filter: &'e Expr, conjuncts: &mut Vec<&'e Expr>) {
    if let ExprKind::And(all) = &filter.kind {
        for conjunct in all {
            flatten(conjunct, conjuncts);
        }
    } else {
        conjuncts.push(filter);
    }
}
