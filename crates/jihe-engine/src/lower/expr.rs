//! Lowers expressions and rows.
//!
//! In: typed expressions in a scope that holds just what they need. Out: nodes.
//! Invariant: every typed node has one meaning here; nothing is dropped.

use super::{Lowered, Lowering, Scope};
use crate::ir::{AggregateOp, ExcessOp, ExprId, ExprOp, RowId, RowOp, Slot, Traits, WhichOp};
use jihe_check::typed::{
    Aggregate, Builtin, DerivedId, Excess, Expr, ExprKind, Literal, ParameterId, Pick, Row, Source,
    SummaryId, TableId, Which,
};
use jihe_model::schema::KindId;
use jihe_model::types::Type;

impl Lowering<'_> {
    pub(super) fn expr_here(&mut self, expr: &Expr, scope: &Scope) -> ExprId {
        let ty = expr.ty;
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(literal, ty),
            ExprKind::Parameter(id) => self.parameter(*id, ty, scope),
            ExprKind::AsOf => self.arena.put_expr(ExprOp::AsOf, ty, Traits::NONE),
            ExprKind::Field(row, field) => {
                let (row, traits, source) = self.placed(row, scope);
                self.arena.put_expr(ExprOp::Field(row, kind_of(source), *field), ty, traits)
            }
            ExprKind::Clock(row) => {
                let (row, traits, source) = self.placed(row, scope);
                self.arena.put_expr(ExprOp::Clock(row, source), ty, traits)
            }
            ExprKind::Derived(row, id) => self.derived_value(row, *id, scope),
            ExprKind::Key(row, key) => {
                let (row, traits, source) = self.placed(row, scope);
                self.arena.put_expr(ExprOp::Key(row, summary_of(source), *key), ty, traits)
            }
            ExprKind::Column(row, column) => self.column(row, *column, scope),
            ExprKind::Cell(row, column) => {
                let (row, traits, source) = self.placed(row, scope);
                self.arena.put_expr(ExprOp::Cell(row, table_of(source), *column), ty, traits)
            }
            ExprKind::Reference(row) => self.reference(row, ty, scope),
            ExprKind::Let(id) => match self.let_value(*id) {
                Some(Lowered::Expr(body)) => body,
                Some(Lowered::Row(_) | Lowered::Set(_)) | None => self.nothing(ty),
            },
            ExprKind::Aggregate(of) => self.aggregate(of, ty, scope),
            ExprKind::Excess(of) => self.excess(of, false, scope),
            ExprKind::ExcessDays(of) => self.excess(of, true, scope),
            ExprKind::InTable(of) => {
                let (values, mut traits) = self.many(&of.values, scope);
                let as_of = of.as_of.as_ref().map(|day| self.expr(day, scope));
                traits = as_of.map_or(traits, |day| traits.and(self.arena.expr_traits(day)));
                self.arena.put_expr(ExprOp::InTable(of.table, values, of.columns.clone(), as_of), ty, traits)
            }
            _ => self.operation(expr, scope),
        }
    }

    /// What is computed from operands alone.
    fn operation(&mut self, expr: &Expr, scope: &Scope) -> ExprId {
        let mut used = Vec::new();
        let mut of = |lowering: &mut Self, operand: &Expr| {
            let id = lowering.expr(operand, scope);
            used.push(id);
            id
        };
        let op = match &expr.kind {
            ExprKind::Not(a) => ExprOp::Not(of(self, a)),
            ExprKind::Negate(a) => ExprOp::Negate(of(self, a)),
            ExprKind::IsKnown(a) => ExprOp::IsKnown(of(self, a)),
            ExprKind::InCodes(a, codes) => ExprOp::InCodes(of(self, a), *codes),
            ExprKind::And(all) => ExprOp::And(all.iter().map(|one| of(self, one)).collect()),
            ExprKind::Or(all) => ExprOp::Or(all.iter().map(|one| of(self, one)).collect()),
            ExprKind::Call(function, all) => {
                ExprOp::Call(*function, all.iter().map(|one| of(self, one)).collect())
            }
            ExprKind::Compare(how, a, b) => ExprOp::Compare(*how, of(self, a), of(self, b)),
            ExprKind::Arithmetic(how, a, b) => ExprOp::Arithmetic(*how, of(self, a), of(self, b)),
            ExprKind::InCell(a, b) => ExprOp::InCell(of(self, a), of(self, b)),
            ExprKind::Contains(a, b) => ExprOp::Contains(of(self, a), of(self, b)),
            ExprKind::Default(a, b) => ExprOp::Default(of(self, a), of(self, b)),
            ExprKind::If(a, b, c) => ExprOp::If(of(self, a), of(self, b), of(self, c)),
            ExprKind::Interval(a, end) => {
                let (a, b) = (of(self, a), of(self, end));
                ExprOp::Interval(a, b, self.is_open_end(end, scope))
            }
            // Everything else is lowered by its own function before this one is asked.
            _ => ExprOp::Word(0),
        };
        let traits = used.iter().fold(Traits::NONE, |traits, id| traits.and(self.arena.expr_traits(*id)));
        self.arena.put_expr(op, expr.ty, traits)
    }

    fn many(&mut self, exprs: &[Expr], scope: &Scope) -> (Vec<ExprId>, Traits) {
        let ids: Vec<ExprId> = exprs.iter().map(|expr| self.expr(expr, scope)).collect();
        let traits = ids.iter().fold(Traits::NONE, |traits, id| traits.and(self.arena.expr_traits(*id)));
        (ids, traits)
    }

    fn placed(&mut self, row: &Row, scope: &Scope) -> (RowId, Traits, Source) {
        let id = self.row(row, scope);
        (id, self.arena.row_traits(id), self.arena.row(id).source)
    }

    pub(crate) fn literal(&mut self, literal: &Literal, ty: Type) -> ExprId {
        match literal {
            Literal::Word(word) => self.arena.put_expr(ExprOp::Word(*word), ty, Traits::NONE),
            Literal::Text(text) => {
                let text = self.arena.put_text(text);
                self.arena.put_expr(ExprOp::Text(text), ty, Traits::NONE)
            }
        }
    }

    fn parameter(&mut self, id: ParameterId, ty: Type, scope: &Scope) -> ExprId {
        let rules = self.rules;
        let values = rules.parameters.get(id.index()).map_or(&[][..], |held| &held.values);
        if let [(_, only)] = values {
            return self.literal(only, ty);
        }
        for (_, literal) in values {
            self.literal(literal, ty);
        }
        let Some((slot, source)) = scope.slot(self.owner.subject) else {
            return self.nothing(ty);
        };
        let row = self.var(slot, source);
        let day = self.arena.put_expr(ExprOp::Service(row, source), Type::Date, Traits::slot(slot));
        self.arena.put_expr(ExprOp::Parameter(id, day), ty, Traits::slot(slot))
    }

    fn derived_value(&mut self, row: &Row, id: DerivedId, scope: &Scope) -> ExprId {
        let (row, mut traits, source) = self.placed(row, scope);
        let Some(Lowered::Expr(body)) = self.derived(id) else { return self.nothing(Type::Bool) };
        traits.heavy |= self.arena.expr_traits(body).heavy;
        let asked = if matches!(self.arena.row(row).op, RowOp::Var(_)) { None } else { Some(id) };
        self.body_at((row, source), body, (traits, asked), scope)
    }

    fn column(&mut self, row: &Row, column: usize, scope: &Scope) -> ExprId {
        let (row, traits, source) = self.placed(row, scope);
        let Some(body) = self.summary_column(summary_of(source), column) else {
            return self.nothing(Type::Bool);
        };
        // A column of a summary is wanted for all its rows, so it counts as light.
        self.body_at((row, source), body, (traits, None), scope)
    }

    /// What is computed for a row of its own, asked of a row of this scope.
    fn body_at(
        &mut self,
        (row, source): (RowId, Source),
        body: ExprId,
        (traits, asked): (Traits, Option<DerivedId>),
        scope: &Scope,
    ) -> ExprId {
        if self.is_only_variable(row, scope) {
            return body;
        }
        let ty = self.arena.expr(body).ty;
        self.arena.put_expr(ExprOp::At(row, source, body, asked), ty, traits)
    }

    fn is_only_variable(&self, row: RowId, scope: &Scope) -> bool {
        self.arena.row(row).op == RowOp::Var(0) && scope.vars.len() == 1
    }

    /// Stands where the checker lets nothing stand.
    fn nothing(&mut self, ty: Type) -> ExprId {
        self.arena.put_expr(ExprOp::Word(0), ty, Traits::NONE)
    }

    pub(crate) fn reference(&mut self, row: &Row, ty: Type, scope: &Scope) -> ExprId {
        let (row, traits, source) = self.placed(row, scope);
        match self.arena.row(row).op.clone() {
            RowOp::Follow(reference, _) => reference,
            RowOp::At(outer, body) => match self.arena.row(body).op {
                RowOp::Follow(reference, _) => {
                    let from = self.arena.row(outer).source;
                    let ty = self.arena.expr(reference).ty;
                    self.arena.put_expr(ExprOp::At(outer, from, reference, None), ty, traits)
                }
                RowOp::Var(_) | RowOp::Pick(..) | RowOp::At(..) => {
                    self.arena.put_expr(ExprOp::Reference(row, kind_of(source)), ty, traits)
                }
            },
            RowOp::Var(_) | RowOp::Pick(..) => {
                self.arena.put_expr(ExprOp::Reference(row, kind_of(source)), ty, traits)
            }
        }
    }

    fn aggregate(&mut self, of: &Aggregate, ty: Type, scope: &Scope) -> ExprId {
        let set = self.set(&of.set, scope);
        let mut traits = self.arena.set_traits(set);
        let (inner, slot) = scope.with(of.var, self.source(of.set.source));
        let value = of.value.as_ref().map(|value| self.expr(value, &inner));
        if let Some(value) = value {
            traits = traits.and(self.arena.expr_traits(value).without(slot));
        }
        let argument = of.argument.as_ref().map(|argument| self.expr(argument, scope));
        if let Some(argument) = argument {
            traits = traits.and(self.arena.expr_traits(argument));
        }
        let op = AggregateOp { function: of.function, set, slot, value, argument };
        self.arena.put_expr(ExprOp::Aggregate(op), ty, traits.heavy())
    }

    fn excess(&mut self, of: &Excess, days: bool, scope: &Scope) -> ExprId {
        let set = self.set(&of.set, scope);
        let (inner, slot) = scope.with(of.var, self.source(of.set.source));
        let value = self.expr(&of.value, &inner);
        let limit = self.expr(&of.limit, scope);
        let traits = self
            .arena
            .set_traits(set)
            .and(self.arena.expr_traits(value).without(slot))
            .and(self.arena.expr_traits(limit))
            .heavy();
        self.arena.put_expr(ExprOp::Excess(ExcessOp { days, set, slot, value, limit }), Type::Money, traits)
    }

    /// Whether a missing end means "still open": it is the end of a declared open-ended interval.
    fn is_open_end(&mut self, end: &Expr, scope: &Scope) -> bool {
        match &end.kind {
            ExprKind::Field(row, field) => {
                let (_, _, source) = self.placed(row, scope);
                let kind = self.rules.schema.kind(kind_of(source));
                kind.is_some_and(|kind| {
                    kind.open_ended && kind.interval.is_some_and(|(_, last)| last == *field)
                })
            }
            ExprKind::Call(Builtin::DayOfInstant | Builtin::InstantOfDay, inner) => {
                inner.first().is_some_and(|inner| self.is_open_end(inner, scope))
            }
            _ => false,
        }
    }

    pub(super) fn row_here(&mut self, row: &Row, scope: &Scope) -> RowId {
        match row {
            Row::Var(var) => {
                let (slot, source) = scope.slot(*var).unwrap_or((0, self.owner.source));
                self.var(slot, source)
            }
            Row::Follow { reference, to } => {
                let reference = self.expr(reference, scope);
                let traits = self.arena.expr_traits(reference);
                self.arena.put_row(RowOp::Follow(reference, *to), Source::Kind(*to), traits)
            }
            Row::Pick(pick) => self.pick(pick, scope),
            Row::Let(id) => match self.let_value(*id) {
                Some(Lowered::Row(row)) => row,
                Some(Lowered::Expr(_) | Lowered::Set(_)) | None => self.var(0, self.owner.source),
            },
            Row::Derived(row, id) => {
                let (outer, traits, source) = self.placed(row, scope);
                let Some(Lowered::Row(body)) = self.derived(*id) else { return self.var(0, source) };
                if self.is_only_variable(outer, scope) {
                    return body;
                }
                let heavy = self.arena.row_traits(body).heavy;
                let to = self.arena.row(body).source;
                let traits = Traits { heavy: heavy || traits.heavy, ..traits };
                self.arena.put_row(RowOp::At(outer, body), to, traits)
            }
        }
    }

    fn pick(&mut self, pick: &Pick, scope: &Scope) -> RowId {
        let source = self.source(pick.set.source);
        let set = self.set(&pick.set, scope);
        let mut traits = self.arena.set_traits(set);
        let mut best = |lowering: &mut Self, var, value: &Expr| -> (Slot, ExprId) {
            let (inner, slot) = scope.with(var, source);
            let value = lowering.expr(value, &inner);
            traits = traits.and(lowering.arena.expr_traits(value).without(slot));
            (slot, value)
        };
        let which = match &pick.which {
            Which::First => WhichOp::First,
            Which::Last => WhichOp::Last,
            Which::Max(var, value) => {
                let (slot, value) = best(self, *var, value);
                WhichOp::Max(slot, value)
            }
            Which::Min(var, value) => {
                let (slot, value) = best(self, *var, value);
                WhichOp::Min(slot, value)
            }
        };
        self.arena.put_row(RowOp::Pick(set, which), source, traits)
    }
}

/// The kind of a source that must be one; the checker sees to it.
pub(crate) fn kind_of(source: Source) -> KindId {
    match source {
        Source::Kind(kind) => kind,
        Source::Summary(_) | Source::Table(_) => KindId(u16::MAX),
    }
}

fn summary_of(source: Source) -> SummaryId {
    match source {
        Source::Summary(id) => id,
        Source::Kind(_) | Source::Table(_) => SummaryId(u32::MAX),
    }
}

fn table_of(source: Source) -> TableId {
    match source {
        Source::Table(id) => id,
        Source::Kind(_) | Source::Summary(_) => TableId(u32::MAX),
    }
}
