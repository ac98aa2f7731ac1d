//! Sets: what stands before and after a base.
//!
//! In: a set expression. Out: a set, at most one record (上一, 下一), or the elements of a path.
//! Invariant: suffixes apply to the set of a path, whatever field is written after it (sentence 7).

use jihe_diagnostics::Span;
use jihe_syntax::tree::{Calendar, Expr as Tree, ExprKind as Node, SetExpr, SetSuffix};

use super::ranges::single;
use super::{Infer, NamedSet, Place, Scope, Shape, Thing, set};
use crate::errors;
use crate::typed::{Bound, Expr, SetKind, Source, VarId};

impl Infer<'_> {
    pub(super) fn set_expression(&mut self, written: &SetExpr, scope: &Scope, span: Span) -> Option<Thing> {
        if let Some(source) = self.windowed_source(written) {
            return self.without_range(|infer| infer.window(source?, Vec::new(), (written, span), scope));
        }
        let base = self.thing(&written.base, scope)?;
        if self.is_unkeyed_kind(written, &base, scope) {
            return self.report(errors::structure::bare_kind(span));
        }
        if let Some((_, at)) = written.prefixes.first() {
            return self.report(errors::structure::prefix_needs_kind(*at));
        }
        match base {
            Thing::Kind(kind) => self
                .without_range(|infer| infer.window(Source::Kind(kind), Vec::new(), (written, span), scope)),
            Thing::Summary(id) => self
                .without_range(|infer| infer.window(Source::Summary(id), Vec::new(), (written, span), scope)),
            Thing::Set(set) => self.suffixed(set, (written, span), scope),
            Thing::Row(place) => {
                let set = single(place, written.base.span);
                self.suffixed(set, (written, span), scope)
            }
            Thing::Elements(elements) => {
                let steps = elements.steps.clone();
                let mut reached = self.suffixed(elements.set, (written, span), scope)?;
                for step in &steps {
                    reached = self.dot(reached, step, scope)?;
                }
                Some(reached)
            }
            Thing::Value(_) | Thing::Table(_) | Thing::Column(..) | Thing::Codes(_) => self.report(
                errors::aggregates::not_a_set(written.base.span, self.input.sources.text(written.base.span)),
            ),
        }
    }

    /// `明细 最近 30 天`, and `明细 其中 …` in a rule over 明细: a kind is meant, not the record of that name.
    fn is_unkeyed_kind(&self, written: &SetExpr, base: &Thing, scope: &Scope) -> bool {
        let Node::Name(name) = &written.base.kind else { return false };
        let Some(kind) = self.schema().find_kind(name) else { return false };
        let timed = written.suffixes.iter().any(|(suffix, _)| {
            matches!(suffix, SetSuffix::Calendar(_) | SetSuffix::Rolling(_) | SetSuffix::Interval(_))
        });
        let is_itself =
            [&scope.current, &scope.subject].into_iter().any(|place| place.source == Source::Kind(kind));
        matches!(base, Thing::Row(_)) && (timed || is_itself)
    }

    /// A kind or summary that 同一, 本次 or a prefix makes a window. The inner option is empty where its declaration is wrong.
    fn windowed_source(&mut self, written: &SetExpr) -> Option<Option<Source>> {
        let Node::Name(name) = &written.base.kind else { return None };
        let keyed = written
            .suffixes
            .iter()
            .any(|(suffix, _)| matches!(suffix, SetSuffix::Same(_) | SetSuffix::Calendar(Calendar::Visit)));
        if !keyed && written.prefixes.is_empty() {
            return None;
        }
        if self.owner.lets.iter().any(|bound| bound.name == *name) {
            return None;
        }
        if let Some(kind) = self.schema().find_kind(name) {
            return Some(Some(Source::Kind(kind)));
        }
        let at = self.names.summary_by_name.get(name.as_str()).copied()?;
        Some(self.summary(at, written.base.span).map(Source::Summary))
    }

    fn suffixed(
        &mut self,
        base: NamedSet,
        (written, span): (&SetExpr, Span),
        scope: &Scope,
    ) -> Option<Thing> {
        let timed = written.suffixes.iter().find(|(suffix, _)| {
            matches!(
                suffix,
                SetSuffix::Calendar(_) | SetSuffix::Rolling(_) | SetSuffix::Interval(_) | SetSuffix::Same(_)
            )
        });
        if let Some((_, at)) = timed {
            return self.children_window(base, (written, span), *at, scope);
        }
        self.with_suffixes(base, &written.suffixes, scope).map(Thing::Set)
    }

    /// A relation with a period is a window over the kind, keyed by the relation.
    fn children_window(
        &mut self,
        base: NamedSet,
        written: (&SetExpr, Span),
        at: Span,
        scope: &Scope,
    ) -> Option<Thing> {
        let SetKind::Children { of, field } = base.set.kind else {
            return self.report(errors::structure::period_needs_kind(at));
        };
        let Source::Kind(child) = base.set.source else { return None };
        let ty = self.schema().field(child, field)?.ty;
        let jihe_model::types::Type::Reference(parent) = ty else { return None };
        let parent = self.reference(Place { row: of, source: Source::Kind(parent) }, at)?;
        let source = base.set.source;
        self.without_range(|infer| infer.window(source, vec![(field, parent)], written, scope))
    }

    /// 其中 and 除 of a set.
    pub(crate) fn with_suffixes(
        &mut self,
        base: NamedSet,
        suffixes: &[(SetSuffix, Span)],
        scope: &Scope,
    ) -> Option<NamedSet> {
        let mut result = base;
        for (suffix, at) in suffixes {
            result = match suffix {
                SetSuffix::Where(condition) => self.filtered(result, condition, *at, scope)?,
                SetSuffix::Except(other) => self.except(result, other, *at, scope)?,
                SetSuffix::Same(_)
                | SetSuffix::Calendar(_)
                | SetSuffix::Rolling(_)
                | SetSuffix::Interval(_) => {
                    return self.report(errors::structure::period_needs_kind(*at));
                }
            };
        }
        Some(result)
    }

    fn filtered(&mut self, base: NamedSet, condition: &Tree, at: Span, scope: &Scope) -> Option<NamedSet> {
        let source = base.set.source;
        let (var, candidate) = self.fresh_place(source);
        self.note_candidate(source);
        let inner = scope.within(candidate);
        let condition = self.without_range(|infer| infer.condition(condition, &inner))?;
        let span = base.set.span.to(at);
        let key = format!("{} where {at:?}", base.key);
        let kind = SetKind::Filter { set: Box::new(base.set), var, condition };
        Some(NamedSet { set: set(kind, source, span), key })
    }

    pub(super) fn except(
        &mut self,
        base: NamedSet,
        other: &Tree,
        at: Span,
        scope: &Scope,
    ) -> Option<NamedSet> {
        let taken = self.without_range(|infer| infer.set_value(other, scope))?;
        if taken.set.source != base.set.source {
            let (left, right) = (self.source_name(base.set.source), self.source_name(taken.set.source));
            return self.report(errors::aggregates::except_differs(at, &left, &right));
        }
        let source = base.set.source;
        let key = format!("{} except {at:?}", base.key);
        let kind = SetKind::Except(Box::new(base.set), Box::new(taken.set));
        Some(NamedSet { set: set(kind, source, at), key })
    }

    /// An expression that must be a set of records.
    pub(crate) fn set_value(&mut self, tree: &Tree, scope: &Scope) -> Option<NamedSet> {
        let thing = self.thing(tree, scope)?;
        let text = self.input.sources.text(tree.span);
        match thing {
            Thing::Set(set) => Some(set),
            Thing::Row(place) => Some(single(place, tree.span)),
            Thing::Elements(elements) => match elements.item {
                super::Element::Row(place) => {
                    let source = place.source;
                    let key = format!("follow:{:?}", tree.span);
                    let outer = Box::new(elements.set.set);
                    let kind = SetKind::FollowEach { set: outer, var: elements.var, row: place.row };
                    Some(NamedSet { set: set(kind, source, tree.span), key })
                }
                super::Element::Value(_) => self.report(errors::aggregates::not_a_set(tree.span, text)),
            },
            Thing::Value(value) => match Self::followed(&value) {
                Some(place) => Some(single(place, tree.span)),
                None => self.report(errors::aggregates::not_a_set(tree.span, text)),
            },
            Thing::Kind(_) | Thing::Summary(_) => self.report(errors::structure::bare_kind(tree.span)),
            Thing::Table(_) | Thing::Column(..) | Thing::Codes(_) => {
                self.report(errors::aggregates::not_a_set(tree.span, text))
            }
        }
    }

    /// What a 设 or a derived field is bound to.
    pub(crate) fn bound(&mut self, tree: &Tree, scope: &Scope) -> Option<(Bound, Shape)> {
        match self.thing(tree, scope)? {
            Thing::Value(value) => {
                let ty = value.ty;
                Some((Bound::Value(value), Shape::Value(ty)))
            }
            Thing::Row(place) => Some((Bound::Row(place.row), Shape::Row(place.source))),
            Thing::Set(set) => Some((Bound::Set(set.set.clone()), Shape::Set(set.set.source))),
            thing @ Thing::Elements(_) => self.bound_elements(thing, tree, scope),
            Thing::Kind(_) | Thing::Summary(_) => self.report(errors::structure::bare_kind(tree.span)),
            Thing::Table(_) | Thing::Column(..) => self.report(errors::lookups::table_as_value(tree.span)),
            Thing::Codes(_) => self.report(errors::lookups::codes_as_value(tree.span)),
        }
    }

    fn bound_elements(&mut self, thing: Thing, tree: &Tree, scope: &Scope) -> Option<(Bound, Shape)> {
        let Thing::Elements(elements) = &thing else { return None };
        if matches!(elements.item, super::Element::Value(_)) {
            self.as_value(thing, tree.span, scope)?;
            return None;
        }
        let set = self.set_value(tree, scope)?;
        let source = set.set.source;
        Some((Bound::Set(set.set), Shape::Set(source)))
    }

    /// 针对 and 统计: a bare kind or summary, perhaps with 其中.
    pub(crate) fn records(&mut self, tree: &Tree) -> Option<Records> {
        let (base, suffixes): (&Tree, &[(SetSuffix, Span)]) = match &tree.kind {
            Node::Set(written) => {
                if let Some((_, at)) = written.prefixes.first() {
                    return self.report(errors::structure::subject_is_bare(*at));
                }
                (&written.base, &written.suffixes)
            }
            _ => (tree, &[]),
        };
        let source = self.named_source(base)?;
        let (var, place) = self.fresh_place(source);
        let scope = Scope::of(place);
        let mut conditions = Vec::new();
        for (suffix, at) in suffixes {
            let SetSuffix::Where(condition) = suffix else {
                return self.report(errors::structure::subject_is_bare(*at));
            };
            conditions.push(self.condition(condition, &scope)?);
        }
        Some(Records { source, var, filter: all_of(conditions), span: base.span })
    }

    fn named_source(&mut self, base: &Tree) -> Option<Source> {
        let Node::Name(name) = &base.kind else {
            return self.report(errors::structure::subject_is_bare(base.span));
        };
        if let Some(kind) = self.schema().find_kind(name) {
            return Some(Source::Kind(kind));
        }
        if let Some(at) = self.names.summary_by_name.get(name.as_str()).copied() {
            return self.summary(at, base.span).map(Source::Summary);
        }
        let name = jihe_syntax::tree::Name { text: name.clone(), span: base.span };
        let summaries: Vec<String> =
            self.names.summary_by_name.keys().map(|name| (*name).to_owned()).collect();
        let error = errors::names::unknown_records(self.schema(), &name, &summaries);
        self.report(error)
    }

    /// Remembers a candidate's kind, whose fields no 设 may be named like.
    pub(super) fn note_candidate(&mut self, source: Source) {
        if let Source::Kind(kind) = source
            && !self.owner.candidates.contains(&kind)
        {
            self.owner.candidates.push(kind);
        }
    }
}

/// The records of 针对 or 统计.
#[derive(Debug, Clone)]
pub(crate) struct Records {
    pub(crate) source: Source,
    pub(crate) var: VarId,
    pub(crate) filter: Option<Expr>,
    pub(crate) span: Span,
}

/// All of several conditions; none if there are none.
pub(crate) fn all_of(conditions: Vec<Expr>) -> Option<Expr> {
    let first = conditions.first()?.clone();
    if conditions.len() == 1 {
        return Some(first);
    }
    let span = conditions.iter().fold(first.span, |span, condition| span.to(condition.span));
    Some(super::expr(crate::typed::ExprKind::And(conditions), jihe_model::types::Type::Bool, span))
}
