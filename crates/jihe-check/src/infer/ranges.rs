//! The one range of an aggregate.
//!
//! In: the argument of an aggregate. Out: the set it runs over, its element, and the element's value.
//! Invariant: an argument has exactly one set path, however often it is written (sentence 7).

use jihe_diagnostics::Span;
use jihe_syntax::tree::{Expr as Tree, ExprKind as Node};

use super::{Infer, NamedSet, Place, RangeSlot, Scope, Thing, set};
use crate::errors;
use crate::typed::{Expr, Row, SetKind, VarId};

/// What an aggregate runs over.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    pub(crate) set: NamedSet,
    pub(crate) var: VarId,
    /// The value of an element; none where the argument is the set itself.
    pub(crate) value: Option<Expr>,
}

impl Range {
    /// The element.
    pub(crate) fn place(&self) -> Place {
        Place { row: Row::Var(self.var), source: self.set.set.source }
    }
}

impl Infer<'_> {
    /// The range of an argument.
    pub(crate) fn range(&mut self, tree: &Tree, scope: &Scope) -> Option<Range> {
        if let Node::Paren(inner) = &tree.kind {
            return self.range(inner, scope);
        }
        if let Node::Set(set) = &tree.kind
            && set.prefixes.is_empty()
            && is_computed(&set.base)
        {
            let mut range = self.range(&set.base, scope)?;
            range.set = self.with_suffixes(range.set, &set.suffixes, scope)?;
            return Some(range);
        }
        let saved = self.range.replace(RangeSlot::default());
        let found = self.thing(tree, scope);
        let entered = self.range.take().and_then(|slot| slot.entered);
        let range = match (found, entered) {
            (None, _) => None,
            (Some(thing), None) => self.path_range(thing, tree.span),
            (Some(thing), Some(entered)) => {
                self.range = Some(RangeSlot { entered: Some(entered.clone()) });
                self.as_value(thing, tree.span, scope).map(|value| Range {
                    set: entered.set,
                    var: entered.var,
                    value: Some(value),
                })
            }
        };
        self.range = saved;
        range
    }

    fn path_range(&mut self, thing: Thing, span: Span) -> Option<Range> {
        match thing {
            Thing::Set(set) => {
                let var = self.fresh(set.set.source);
                Some(Range { set, var, value: None })
            }
            Thing::Elements(elements) => {
                let value = self.element_value(elements.item, span)?;
                Some(Range { set: elements.set, var: elements.var, value: Some(value) })
            }
            Thing::Row(place) => {
                let set = single(place, span);
                let var = self.fresh(set.set.source);
                Some(Range { set, var, value: None })
            }
            Thing::Kind(_) | Thing::Summary(_) => self.report(errors::structure::bare_kind(span)),
            Thing::Value(_) | Thing::Table(_) | Thing::Column(..) | Thing::Codes(_) => {
                self.report(errors::aggregates::no_range(span, self.input.sources.text(span)))
            }
        }
    }
}

/// A record as a set of at most one.
pub(crate) fn single(place: Place, span: Span) -> NamedSet {
    let key = format!("single:{}", super::paths::row_key(&place.row));
    NamedSet { set: set(SetKind::Single(place.row), place.source, span), key }
}

/// Whether a base is computed from its range rather than a path to it.
fn is_computed(base: &Tree) -> bool {
    match &base.kind {
        Node::Binary(..)
        | Node::Chain(..)
        | Node::Negate(_)
        | Node::Not(_)
        | Node::Range(..)
        | Node::If(..) => true,
        Node::Paren(inner) => is_computed(inner),
        _ => false,
    }
}
