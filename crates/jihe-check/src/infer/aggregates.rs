//! Aggregates over the one range of their argument.
//!
//! In: a record of `aggregates` and arguments. Out: a typed aggregate.
//! Invariant: an aggregate has the value its function needs, and no other.

use jihe_diagnostics::Span;
use jihe_model::types::{DurationUnit, Type};
use jihe_syntax::tree::{Expr as Tree, Name};

use super::calls::is_measure;
use super::compare::negated;
use super::ranges::Range;
use super::{Infer, Place, Scope, Thing, expr};
use crate::aggregates::{AggregateRecord, Needs, Result, Second};
use crate::errors;
use crate::typed::{Aggregate, AggregateFunction, Expr, ExprKind, Set, Source, VarId};

impl Infer<'_> {
    pub(super) fn aggregate_call(
        &mut self,
        record: &AggregateRecord,
        (name, arguments): (&Name, &[Tree]),
        scope: &Scope,
        span: Span,
    ) -> Option<Expr> {
        let (first, second) = match (arguments, record.second) {
            ([first], Second::None) => (first, None),
            ([first, second], Second::Share | Second::Interval) => (first, Some(second)),
            _ => {
                let wanted = if record.second == Second::None { 1 } else { 2 };
                return self.report(errors::aggregates::argument_count(name, wanted, arguments.len()));
            }
        };
        let range = self.range(first, scope)?;
        let value = self.needed(record, name, &range, first.span)?;
        let argument = match second {
            Some(tree) => Some(self.second_argument(record.second, tree, scope)?),
            None => None,
        };
        let ty = match record.gives {
            Result::Number => Type::Number,
            Result::Days => Type::Duration(DurationUnit::Day),
            Result::Bool => Type::Bool,
            Result::Same => value.as_ref()?.ty,
        };
        let aggregate =
            Aggregate { function: record.function, set: range.set.set, var: range.var, value, argument };
        let value = expr(ExprKind::Aggregate(Box::new(aggregate)), ty, span);
        Some(if record.negated { negated(value) } else { value })
    }

    /// The value of an element as the function needs it.
    fn needed(
        &mut self,
        record: &AggregateRecord,
        name: &Name,
        range: &Range,
        at: Span,
    ) -> Option<Option<Expr>> {
        match record.needs {
            Needs::Nothing => match &range.value {
                None => Some(None),
                Some(value) => self.nothing_needed(record, name, value),
            },
            Needs::Any => match range.value.clone() {
                Some(value) => Some(Some(value)),
                None => self.reference(range.place(), at).map(Some),
            },
            Needs::Interval => self.interval_of(range, at).map(Some),
            Needs::Measure | Needs::Ordered | Needs::Condition | Needs::Time => {
                let Some(value) = range.value.clone() else {
                    return self.report(errors::aggregates::needs_field(at, self.input.sources.text(at)));
                };
                let fits = match record.needs {
                    Needs::Condition => value.ty == Type::Bool,
                    Needs::Time => matches!(value.ty, Type::Date | Type::Instant | Type::Period(_)),
                    Needs::Measure => is_measure(value.ty),
                    _ => self.is_ordered(value.ty),
                };
                if fits {
                    return Some(Some(value));
                }
                let error = errors::aggregates::wrong_argument(self.schema(), name, &value);
                self.report(error)
            }
        }
    }

    /// 存在(集.记录) looks at the records reached; a value is a mistake.
    fn nothing_needed(
        &mut self,
        record: &AggregateRecord,
        name: &Name,
        value: &Expr,
    ) -> Option<Option<Expr>> {
        let proposal = match (record.function, record.negated, value.ty) {
            (AggregateFunction::Count, _, _) => ("去重计数", "count_distinct"),
            (_, true, Type::Bool) => ("非 任一", "not any"),
            (_, false, Type::Bool) => ("任一", "any"),
            _ => ("已知", "known"),
        };
        self.report(errors::aggregates::value_not_needed(name, value.span, proposal))
    }

    fn is_ordered(&self, ty: Type) -> bool {
        match ty {
            Type::Code(system) => self.schema().system(system).is_some_and(|system| system.ordered),
            ty => is_measure(ty) || matches!(ty, Type::Date | Type::Instant | Type::Period(_) | Type::Age),
        }
    }

    fn interval_of(&mut self, range: &Range, at: Span) -> Option<Expr> {
        match range.value.clone() {
            None => self.interval_of_record(&range.place(), at),
            Some(value) if value.ty == Type::Interval => Some(value),
            Some(value) => {
                if let Some(place) = Self::followed(&value) {
                    return self.interval_of_record(&place, at);
                }
                let error = errors::types::not_an_interval(self.schema(), &value);
                self.report(error)
            }
        }
    }

    /// The interval a record's kind declares.
    pub(crate) fn interval_of_record(&mut self, place: &Place, at: Span) -> Option<Expr> {
        let declared = match place.source {
            Source::Kind(kind) => {
                self.schema().kind(kind).and_then(|kind| kind.interval).map(|ends| (kind, ends))
            }
            Source::Summary(_) | Source::Table(_) => None,
        };
        let Some((kind, (start, end))) = declared else {
            let of = self.source_name(place.source);
            return self.report(errors::types::no_interval(at, &of));
        };
        let field = |field| {
            let ty = self.schema().field(kind, field)?.ty;
            Some(expr(ExprKind::Field(place.row.clone(), field), ty, at))
        };
        let (start, end) = (field(start)?, field(end)?);
        Some(expr(ExprKind::Interval(Box::new(start), Box::new(end)), Type::Interval, at))
    }

    fn second_argument(&mut self, second: Second, tree: &Tree, scope: &Scope) -> Option<Expr> {
        match second {
            Second::Interval => self.interval_value(tree, scope),
            Second::Share | Second::None => {
                let value = self.value(tree, scope, Some(Type::Number))?;
                if value.ty == Type::Number {
                    return Some(value);
                }
                let error = errors::aggregates::not_a_share(self.schema(), &value);
                self.report(error)
            }
        }
    }

    /// An interval, or the interval a record declares.
    pub(crate) fn interval_value(&mut self, tree: &Tree, scope: &Scope) -> Option<Expr> {
        let value = match self.thing(tree, scope)? {
            Thing::Row(place) => return self.interval_of_record(&place, tree.span),
            thing => self.as_value(thing, tree.span, scope)?,
        };
        if value.ty == Type::Interval {
            return Some(value);
        }
        if let Some(place) = Self::followed(&value) {
            return self.interval_of_record(&place, tree.span);
        }
        let error = errors::types::not_an_interval(self.schema(), &value);
        self.report(error)
    }

    /// An aggregate whose type follows from its function.
    pub(crate) fn aggregate(
        function: AggregateFunction,
        set: Set,
        var: VarId,
        value: Option<Expr>,
        span: Span,
    ) -> Expr {
        let ty = match function {
            AggregateFunction::Count | AggregateFunction::CountDistinct | AggregateFunction::Rank => {
                Type::Number
            }
            AggregateFunction::Exists | AggregateFunction::Any | AggregateFunction::All => Type::Bool,
            _ => value.as_ref().map_or(Type::Number, |value| value.ty),
        };
        expr(ExprKind::Aggregate(Box::new(Aggregate { function, set, var, value, argument: None })), ty, span)
    }
}
