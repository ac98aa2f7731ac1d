//! Expressions of one value.
//!
//! In: an expression of the syntax tree, and the type that would be welcome. Out: a typed expression.
//! Invariant: where a record, set or table stands for a value, it is turned into one here or refused.

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{self, BinaryOp, Expr as Tree, ExprKind as Node, Unit};

use super::{Element, Entered, Infer, NamedSet, Place, RangeSlot, Scope, Thing, expr, word};
use crate::typed::{Expr, ExprKind, Literal, Row};
use crate::{errors, literals};

impl Infer<'_> {
    /// The value of an expression. `expected` gives literals their type and is not enforced otherwise.
    pub(crate) fn value(&mut self, tree: &Tree, scope: &Scope, expected: Option<Type>) -> Option<Expr> {
        let span = tree.span;
        match &tree.kind {
            Node::Missing => None,
            Node::Number(text) => self.number(text, span),
            Node::Percent(text) => self.percent(text, span),
            Node::Quantity(text, unit) => self.quantity(text, *unit, span, expected),
            Node::Date(date) => self.date(*date).map(|day| word(day, Type::Date, span)),
            Node::Instant(date, second) => match literals::instant(*date, *second) {
                Some(instant) => Some(word(instant, Type::Instant, span)),
                None => self.report(errors::types::no_such_day(date.span)),
            },
            Node::Text(text) => self.text(text, span, expected),
            Node::Bool(value) => Some(word(i64::from(*value), Type::Bool, span)),
            Node::Paren(inner) => self.value(inner, scope, expected),
            Node::Negate(inner) => self.negate(inner, scope, expected),
            Node::Not(inner) => self.not(inner, scope, span),
            Node::Binary(left, op, at, right) => {
                self.binary(&Binary { left, op: *op, at: *at, right, span }, scope)
            }
            Node::Chain(operands, operators) => self.chain(operands, operators, span, scope),
            Node::Range(from, to) => self.interval(from, to, scope, span),
            Node::If(condition, then, otherwise) => {
                self.branches([condition, then, otherwise], scope, expected)
            }
            Node::Tuple(_) => self.report(errors::types::tuple_outside_in(span)),
            Node::CodeList(_) => self.report(errors::types::codes_outside_in(span)),
            Node::Name(_)
            | Node::This
            | Node::Group
            | Node::Dot(..)
            | Node::Index { .. }
            | Node::Call(..)
            | Node::Set(_) => {
                let thing = self.thing(tree, scope)?;
                self.as_value(thing, span, scope)
            }
        }
    }

    fn number(&mut self, text: &str, span: Span) -> Option<Expr> {
        match literals::decimal(text, 6) {
            Some(value) => Some(word(value, Type::Number, span)),
            None => self.report(errors::types::number_too_long(span)),
        }
    }

    fn percent(&mut self, text: &str, span: Span) -> Option<Expr> {
        match literals::decimal(text, 4) {
            Some(value) => Some(word(value, Type::Number, span)),
            None => self.report(errors::types::number_too_long(span)),
        }
    }

    fn quantity(&mut self, text: &str, unit: Unit, span: Span, expected: Option<Type>) -> Option<Expr> {
        let as_age = matches!(expected, Some(Type::Age | Type::AgeLimit));
        if expected == Some(Type::UnitPrice) && matches!(unit, Unit::Yuan | Unit::WanYuan) {
            let yuan = if unit == Unit::Yuan { 1 } else { 10_000 };
            return match literals::decimal(text, 6).and_then(|price| price.checked_mul(yuan)) {
                Some(price) => Some(word(price, Type::UnitPrice, span)),
                None => self.report(errors::types::number_too_long(span)),
            };
        }
        match literals::quantity(text, unit, as_age) {
            Some((ty, value)) => Some(word(value, ty, span)),
            None => self.report(errors::types::number_too_long(span)),
        }
    }

    /// A day that the calendar has.
    pub(crate) fn date(&mut self, date: tree::Date) -> Option<i64> {
        match literals::day(date) {
            Some(day) => Some(day),
            None => self.report(errors::types::no_such_day(date.span)),
        }
    }

    /// A text, read as a code where a code is expected.
    pub(crate) fn text(&mut self, text: &str, span: Span, expected: Option<Type>) -> Option<Expr> {
        let (ty, text) = match expected {
            Some(Type::Code(system) | Type::CodeSet(system)) => {
                (Type::Code(system), self.code(system, text, span)?)
            }
            Some(Type::Reference(kind)) => (Type::Reference(kind), text.to_owned()),
            Some(_) | None => (Type::Text, text.to_owned()),
        };
        Some(expr(ExprKind::Literal(Literal::Text(text)), ty, span))
    }

    fn negate(&mut self, inner: &Tree, scope: &Scope, expected: Option<Type>) -> Option<Expr> {
        let value = self.value(inner, scope, expected)?;
        let signed = matches!(
            value.ty,
            Type::Number | Type::Money | Type::UnitPrice | Type::Duration(_) | Type::Months
        );
        if !signed {
            return self.report(errors::types::not_negatable(self.schema(), &value));
        }
        let (ty, span) = (value.ty, inner.span);
        if let ExprKind::Literal(Literal::Word(positive)) = value.kind {
            return Some(word(positive.saturating_neg(), ty, span));
        }
        Some(expr(ExprKind::Negate(Box::new(value)), ty, span))
    }

    fn binary(&mut self, binary: &Binary<'_>, scope: &Scope) -> Option<Expr> {
        match binary.op {
            BinaryOp::Or | BinaryOp::And => self.logical(binary, scope),
            BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterEqual => self.compare(binary, scope),
            BinaryOp::In | BinaryOp::NotIn => self.membership(binary, scope),
            BinaryOp::Contains | BinaryOp::Lacks => self.contains(binary, scope),
            BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide => {
                self.arithmetic(binary, scope)
            }
        }
    }

    /// What an expression is: a value, record, set, table …
    pub(crate) fn thing(&mut self, tree: &Tree, scope: &Scope) -> Option<Thing> {
        let span = tree.span;
        match &tree.kind {
            Node::Name(text) => self.bare(&tree::Name { text: text.clone(), span }, scope),
            Node::This => Some(Thing::Row(scope.subject.clone())),
            Node::Group => match self.members(scope, span) {
                Some(members) => Some(Thing::Set(members)),
                None => self.report(errors::names::no_group(span)),
            },
            Node::Dot(base, name) => {
                let base = self.thing(base, scope)?;
                self.dot(base, name, scope)
            }
            Node::Index { base, keys, as_of } => self.lookup(base, (keys, as_of.as_deref()), scope, span),
            Node::Call(name, arguments) => self.call(name, arguments, scope, span),
            Node::Paren(inner) => self.thing(inner, scope),
            Node::Set(set) => self.set_expression(set, scope, span),
            Node::Missing
            | Node::Number(_)
            | Node::Percent(_)
            | Node::Quantity(..)
            | Node::Date(_)
            | Node::Instant(..)
            | Node::Text(_)
            | Node::Bool(_)
            | Node::Tuple(_)
            | Node::CodeList(_)
            | Node::Negate(_)
            | Node::Not(_)
            | Node::Binary(..)
            | Node::Chain(..)
            | Node::Range(..)
            | Node::If(..) => self.value(tree, scope, None).map(Thing::Value),
        }
    }

    /// A thing where a value must stand.
    pub(crate) fn as_value(&mut self, thing: Thing, span: Span, scope: &Scope) -> Option<Expr> {
        match thing {
            Thing::Value(value) => Some(Expr { span, ..value }),
            Thing::Row(place) => self.reference(place, span),
            Thing::Elements(elements) => {
                if self.range.is_none() {
                    return self.report(errors::aggregates::many_values(span, self.input.sources.text(span)));
                }
                let place = self.enter(&elements.set, span)?;
                let mut reached = Thing::Row(place);
                for step in &elements.steps {
                    reached = self.dot(reached, step, scope)?;
                }
                match reached {
                    Thing::Value(value) => Some(Expr { span, ..value }),
                    Thing::Row(place) => self.reference(place, span),
                    Thing::Set(_)
                    | Thing::Elements(_)
                    | Thing::Table(_)
                    | Thing::Column(..)
                    | Thing::Codes(_)
                    | Thing::Kind(_)
                    | Thing::Summary(_) => None,
                }
            }
            Thing::Set(set) => {
                if self.range.is_some() {
                    let place = self.enter(&set, span)?;
                    return self.reference(place, span);
                }
                self.report(errors::aggregates::set_as_value(span, self.input.sources.text(span)))
            }
            Thing::Column(table, column) => {
                let error = self
                    .typed
                    .tables
                    .get(table.index())
                    .map(|table| errors::lookups::implicit_row(table, column, span));
                self.report(error?)
            }
            Thing::Table(_) => self.report(errors::lookups::table_as_value(span)),
            Thing::Codes(_) => self.report(errors::lookups::codes_as_value(span)),
            Thing::Kind(_) | Thing::Summary(_) => self.report(errors::structure::bare_kind(span)),
        }
    }

    /// The element of the aggregate's one range; the set becomes that range if there is none yet.
    pub(crate) fn enter(&mut self, set: &NamedSet, span: Span) -> Option<Place> {
        let source = set.set.source;
        if let Some(entered) = self.range.as_ref().and_then(|slot| slot.entered.as_ref()) {
            if entered.set.key == set.key {
                return Some(Place { row: Row::Var(entered.var), source });
            }
            let first = entered.set.set.span;
            return self.report(errors::aggregates::two_ranges(first, span));
        }
        let (var, place) = self.fresh_place(source);
        self.range = Some(RangeSlot { entered: Some(Entered { set: set.clone(), var }) });
        Some(place)
    }

    /// An element, as a value.
    pub(crate) fn element_value(&mut self, element: Element, span: Span) -> Option<Expr> {
        match element {
            Element::Value(value) => Some(value),
            Element::Row(place) => self.reference(place, span),
        }
    }
}

/// An operator with its operands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Binary<'t> {
    pub(crate) left: &'t Tree,
    pub(crate) op: BinaryOp,
    pub(crate) at: Span,
    pub(crate) right: &'t Tree,
    pub(crate) span: Span,
}
