//! Calls: scalar functions, and the forms that are neither scalar nor aggregate.
//!
//! In: a name and arguments. Out: a value, record or set.
//! Invariant: what a name means is looked up in the records of `builtins` and `aggregates` only.

use jihe_diagnostics::Span;
use jihe_model::types::{DurationUnit, PeriodUnit, Type};
use jihe_syntax::tree::{Expr as Tree, ExprKind as Node, Name};

use super::{Infer, NamedSet, Place, Scope, Thing, expr, set};
use crate::aggregates::{self, Form};
use crate::builtins::{self, Builtin, Function, Gives, Takes};
use crate::errors;
use crate::typed::{AggregateFunction, Densest, Excess, Expr, ExprKind, Pick, Row, SetKind, Source, Which};

impl Infer<'_> {
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[Tree],
        scope: &Scope,
        span: Span,
    ) -> Option<Thing> {
        if let Some(function) = builtins::function(&name.text)
            && (function.takes != Takes::Several || arguments.len() > 1)
        {
            return self.scalar(function, (name, arguments), scope, span).map(Thing::Value);
        }
        if let Some(record) = aggregates::aggregate(&name.text) {
            return self.aggregate_call(record, (name, arguments), scope, span).map(Thing::Value);
        }
        match aggregates::form(&name.text) {
            Some(form) => self.form(form, (name, arguments), scope, span),
            None if matches!(name.text.as_str(), "年龄" | "age") && arguments.is_empty() => {
                self.bare(name, scope)
            }
            None => {
                let callable = aggregates::callable_names();
                if let Some((word, rest)) = run_together(&name.text, &callable) {
                    return self.report(errors::names::missing_spaces(name, ("", word, rest)));
                }
                self.report(errors::names::unknown_function(name, &callable))
            }
        }
    }

    fn scalar(
        &mut self,
        function: &Function,
        (name, arguments): (&Name, &[Tree]),
        scope: &Scope,
        span: Span,
    ) -> Option<Expr> {
        if function.takes == Takes::Several {
            return self.several(function, arguments, scope, span);
        }
        let [argument] = arguments else {
            return self.report(errors::aggregates::argument_count(name, 1, arguments.len()));
        };
        let value = self.value(argument, scope, None)?;
        if !self.accepts(function.takes, value.ty) {
            let error = errors::aggregates::wrong_argument(self.schema(), name, &value);
            return self.report(error);
        }
        let (builtin, gives) = match function.gives {
            Gives::Period(PeriodUnit::BenefitYear(_)) => {
                let unit = PeriodUnit::BenefitYear(self.typed.package.benefit_year);
                (Builtin::PeriodOf(unit), Gives::Period(unit))
            }
            gives => (function.builtin, gives),
        };
        let ty = match gives {
            Gives::Number => Type::Number,
            Gives::Date | Gives::Period(PeriodUnit::Day) => Type::Date,
            Gives::Bool => Type::Bool,
            Gives::Period(unit) => Type::Period(unit),
            Gives::Same => value.ty,
        };
        if function.builtin == Builtin::NumberOf && value.ty == Type::Age {
            return Some(expr(ExprKind::Call(Builtin::AgeYears, vec![value]), ty, span));
        }
        // The day of a date is that date.
        if function.builtin == Builtin::PeriodOf(PeriodUnit::Day) && value.ty == Type::Date {
            return Some(Expr { span, ..value });
        }
        Some(expr(ExprKind::Call(builtin, vec![value]), ty, span))
    }

    fn accepts(&self, takes: Takes, ty: Type) -> bool {
        match takes {
            Takes::Time => matches!(ty, Type::Date | Type::Instant | Type::Period(_)),
            Takes::Period => matches!(ty, Type::Period(_) | Type::Date),
            Takes::Measure => is_measure(ty) || ty == Type::Age,
            Takes::Diagnosis => {
                matches!(ty, Type::Code(system) if self.schema().system(system).is_some_and(|system| system.en == "diagnosis" || system.zh == "诊断"))
            }
            Takes::Money => ty == Type::Money,
            Takes::Several => true,
        }
    }

    fn several(
        &mut self,
        function: &Function,
        arguments: &[Tree],
        scope: &Scope,
        span: Span,
    ) -> Option<Expr> {
        let mut values: Vec<Expr> = Vec::new();
        let mut ty = None;
        for argument in arguments {
            let value = self.value(argument, scope, ty)?;
            ty = ty.or(Some(value.ty));
            values.push(value);
        }
        let first = values.first()?.clone();
        if let Some(other) = values.iter().find(|value| !alike(value.ty, first.ty)) {
            let error = errors::types::branches_differ(self.schema(), &first, other);
            return self.report(error);
        }
        let ordered =
            is_measure(first.ty) || matches!(first.ty, Type::Date | Type::Instant | Type::Period(_));
        if !ordered {
            let error = errors::aggregates::not_ordered(self.schema(), &first);
            return self.report(error);
        }
        Some(expr(ExprKind::Call(function.builtin, values), first.ty, span))
    }

    fn form(
        &mut self,
        form: Form,
        (name, arguments): (&Name, &[Tree]),
        scope: &Scope,
        span: Span,
    ) -> Option<Thing> {
        let wanted = match form {
            Form::AsOf => 0,
            Form::First | Form::Last | Form::ArgMax | Form::ArgMin | Form::Known | Form::EachDay => 1,
            Form::Rank | Form::Densest | Form::Excess | Form::ExcessDays | Form::Default => 2,
        };
        if arguments.len() != wanted {
            return self.report(errors::aggregates::argument_count(name, wanted, arguments.len()));
        }
        match (form, arguments) {
            (Form::AsOf, []) => Some(Thing::Value(expr(ExprKind::AsOf, Type::Date, span))),
            (Form::First, [argument]) => self.end(AggregateFunction::First, argument, scope, span),
            (Form::Last, [argument]) => self.end(AggregateFunction::Last, argument, scope, span),
            (Form::ArgMax | Form::ArgMin, [argument]) => self.extreme(form, argument, scope, span),
            (Form::Known, [argument]) => {
                let value = self.value(argument, scope, None)?;
                Some(Thing::Value(expr(ExprKind::IsKnown(Box::new(value)), Type::Bool, span)))
            }
            (Form::Default, [value, otherwise]) => {
                let (value, otherwise) = self.alike((value, otherwise), scope, None)?;
                let ty = value.ty;
                Some(Thing::Value(expr(ExprKind::Default(Box::new(value), Box::new(otherwise)), ty, span)))
            }
            (Form::Rank, [value, range]) => self.rank(value, range, scope, span).map(Thing::Value),
            (Form::Densest, [range, width]) => self.densest(range, width, scope, span).map(Thing::Set),
            (Form::Excess | Form::ExcessDays, [range, limit]) => {
                self.excess(form, (range, limit), scope, span).map(Thing::Value)
            }
            _ => self.report(errors::structure::each_day_outside_key(span)),
        }
    }

    /// 首, 末: a record of a set, or the value of that record.
    fn end(
        &mut self,
        function: AggregateFunction,
        argument: &Tree,
        scope: &Scope,
        span: Span,
    ) -> Option<Thing> {
        let range = self.range(argument, scope)?;
        if let Some(value) = range.value {
            return Some(Thing::Value(Self::aggregate(
                function,
                range.set.set,
                range.var,
                Some(value),
                span,
            )));
        }
        let which = if function == AggregateFunction::First { Which::First } else { Which::Last };
        Some(picked(range.set, which))
    }

    fn extreme(&mut self, form: Form, argument: &Tree, scope: &Scope, span: Span) -> Option<Thing> {
        let range = self.range(argument, scope)?;
        let Some(value) = range.value else {
            return self
                .report(errors::aggregates::needs_field(span, self.input.sources.text(argument.span)));
        };
        let which =
            if form == Form::ArgMax { Which::Max(range.var, value) } else { Which::Min(range.var, value) };
        Some(picked(range.set, which))
    }

    fn rank(&mut self, value: &Tree, range: &Tree, scope: &Scope, span: Span) -> Option<Expr> {
        let argument = self.value(value, scope, None)?;
        let range = self.range(range, scope)?;
        let Some(element) = range.value.clone() else {
            return self.report(errors::aggregates::needs_field(span, ""));
        };
        if !alike(element.ty, argument.ty) {
            let error = errors::types::branches_differ(self.schema(), &argument, &element);
            return self.report(error);
        }
        let mut rank =
            Self::aggregate(AggregateFunction::Rank, range.set.set, range.var, Some(element), span);
        if let ExprKind::Aggregate(aggregate) = &mut rank.kind {
            aggregate.argument = Some(argument);
        }
        Some(rank)
    }

    /// 最密(集.字段, 宽度)
    fn densest(&mut self, argument: &Tree, width: &Tree, scope: &Scope, span: Span) -> Option<NamedSet> {
        let range = self.range(argument, scope)?;
        let Some(value) = range.value else {
            return self
                .report(errors::aggregates::needs_field(span, self.input.sources.text(argument.span)));
        };
        let percent = self.is_percent(width);
        let width = self.value(width, scope, Some(value.ty))?;
        let relative = percent || (width.ty == Type::Number && value.ty != Type::Number);
        let time = matches!(value.ty, Type::Date | Type::Instant);
        let fits = match width.ty {
            Type::Number if relative => is_measure(value.ty),
            Type::Duration(_) => time || matches!(value.ty, Type::Duration(_)),
            ty => ty == value.ty && is_measure(ty),
        };
        if !fits {
            let error = errors::aggregates::wrong_width(self.schema(), &value, &width);
            return self.report(error);
        }
        let source = range.set.set.source;
        let densest = Densest { set: range.set.set, var: range.var, value, width, relative };
        let kind = SetKind::Densest(Box::new(densest));
        Some(NamedSet { set: set(kind, source, span), key: format!("densest:{span:?}") })
    }

    fn is_percent(&self, width: &Tree) -> bool {
        match &width.kind {
            Node::Percent(_) => true,
            Node::Paren(inner) => self.is_percent(inner),
            Node::Name(name) => self
                .names
                .parameter_by_name
                .get(name.as_str())
                .and_then(|at| self.names.parameters.get(*at))
                .is_some_and(|parameter| matches!(parameter.value.kind, Node::Percent(_))),
            _ => false,
        }
    }

    /// 超出部分, 超出天数部分
    fn excess(
        &mut self,
        form: Form,
        (lines, limit): (&Tree, &Tree),
        scope: &Scope,
        span: Span,
    ) -> Option<Expr> {
        let range = self.range(lines, scope)?;
        if range.set.set.source != self.item_source() {
            let of = self.source_name(range.set.set.source);
            return self.report(errors::aggregates::excess_needs_lines(lines.span, &of));
        }
        let Some(value) = range.value else {
            return self.report(errors::aggregates::needs_field(span, self.input.sources.text(lines.span)));
        };
        let by_days = form == Form::ExcessDays;
        let limit = self.value(limit, scope, None)?;
        let fits = if by_days {
            matches!(value.ty, Type::Date | Type::Instant) && limit.ty == Type::Duration(DurationUnit::Day)
        } else {
            matches!(value.ty, Type::Number | Type::Duration(_)) && alike(value.ty, limit.ty)
        };
        if !fits {
            let error = errors::aggregates::wrong_limit(self.schema(), &value, &limit);
            return self.report(error);
        }
        let excess = Box::new(Excess { set: range.set.set, var: range.var, value, limit });
        let kind = if by_days { ExprKind::ExcessDays(excess) } else { ExprKind::Excess(excess) };
        Some(expr(kind, Type::Money, span))
    }

    /// The fee lines.
    pub(crate) fn item_source(&self) -> Source {
        Source::Kind(self.schema().find_kind("item").unwrap_or(jihe_model::schema::KindId(u16::MAX)))
    }
}

fn picked(set: NamedSet, which: Which) -> Thing {
    let source = set.set.source;
    Thing::Row(Place { row: Row::Pick(Box::new(Pick { set: set.set, which })), source })
}

/// Whether a type measures something.
pub(crate) fn is_measure(ty: Type) -> bool {
    matches!(ty, Type::Number | Type::Money | Type::UnitPrice | Type::Duration(_) | Type::Months)
}

/// Whether values of two types can stand for each other.
pub(crate) fn alike(left: Type, right: Type) -> bool {
    left == right || matches!((left, right), (Type::Duration(_), Type::Duration(_)))
}

/// `非存在(…)` is a reserved word and a function.
fn run_together<'n>(name: &'n str, callable: &[String]) -> Option<(&'static str, &'n str)> {
    const WORDS: [&str; 5] = ["非", "若", "则", "且", "或"];
    WORDS.into_iter().find_map(|word| {
        let rest = name.strip_prefix(word)?;
        callable.iter().any(|known| known == rest).then_some((word, rest))
    })
}
