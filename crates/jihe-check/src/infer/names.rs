//! What a bare name stands for.
//!
//! In: a name and the scope it stands in. Out: a [`Thing`].
//! Invariant: a field of the innermost record comes first, then 设, parameters, code sets and tables, then parents.

use jihe_diagnostics::Span;
use jihe_model::schema::KindId;
use jihe_model::types::Type;
use jihe_syntax::tree;

use super::paths::row_key;
use super::{Infer, NamedSet, Place, Scope, Shape, Thing, expr, set};
use crate::errors;
use crate::typed::{
    AggregateFunction, CodeSetId, ExprKind, LetId, ParameterId, Row, SetKind, Source, TableId,
};

impl Infer<'_> {
    /// The meaning of a bare name.
    pub(crate) fn bare(&mut self, name: &tree::Name, scope: &Scope) -> Option<Thing> {
        if let Some(found) = self.direct(&scope.current, name, scope) {
            if let Some(declared) = self.declared_at(&name.text) {
                let of = self.source_name(scope.current.source);
                let error = errors::names::clashes_with_field(name, &of);
                return self.report(errors::names::declared_here(error, declared));
            }
            return found;
        }
        if let Some(found) = self.declared(name) {
            if let Some(declared) = self.declared_at(&name.text) {
                self.owner.used.push((name.clone(), declared));
            }
            return found;
        }
        if let Some(found) = self.through_parents(&scope.current, name, scope) {
            return found;
        }
        if let Some(found) = self.innermost_of_kind(name, scope) {
            return Some(found);
        }
        if matches!(name.text.as_str(), "截止日" | "as_of_date") {
            return Some(Thing::Value(expr(ExprKind::AsOf, Type::Date, name.span)));
        }
        if let Some(kind) = self.schema().find_kind(&name.text) {
            return Some(Thing::Kind(kind));
        }
        if let Some(at) = self.names.summary_by_name.get(name.text.as_str()).copied() {
            return self.summary(at, name.span).map(Thing::Summary);
        }
        if let Some(found) = self.first_member_field(name, scope) {
            return found;
        }
        self.unknown(name, scope)
    }

    /// 设, parameters, code sets and tables. The inner option is empty where the declaration itself was wrong.
    fn declared(&mut self, name: &tree::Name) -> Option<Option<Thing>> {
        if let Some(at) = self.owner.lets.iter().position(|bound| bound.name == name.text) {
            return Some(self.bound_let(at, name.span));
        }
        if let Some(at) = self.names.parameter_by_name.get(name.text.as_str()).copied() {
            let parameter = u32::try_from(at).ok().map(ParameterId);
            let ty = self.typed.parameters.get(at).map(|parameter| parameter.ty);
            return Some(
                parameter.zip(ty).map(|(id, ty)| Thing::Value(expr(ExprKind::Parameter(id), ty, name.span))),
            );
        }
        if let Some(at) = self.names.code_set_by_name.get(name.text.as_str()) {
            return Some(u32::try_from(*at).ok().map(|at| Thing::Codes(CodeSetId(at))));
        }
        let at = self.names.table_by_name.get(name.text.as_str())?;
        Some(u32::try_from(*at).ok().map(|at| Thing::Table(TableId(at))))
    }

    /// Where a parameter, code set or table of this name is declared.
    fn declared_at(&self, name: &str) -> Option<Span> {
        let names = self.names;
        let parameter = names.parameter_by_name.get(name).and_then(|at| names.parameters.get(*at));
        let codes = names.code_set_by_name.get(name).and_then(|at| names.code_sets.get(*at));
        let table = names.table_by_name.get(name).and_then(|at| names.tables.get(*at));
        parameter
            .map(|parameter| parameter.name.span)
            .or(codes.map(|codes| codes.name.span))
            .or(table.map(|table| table.name.span))
    }

    fn bound_let(&mut self, at: usize, span: Span) -> Option<Thing> {
        let (id, shape) = self.owner.lets.get(at)?.shape?;
        Some(match shape {
            Shape::Value(ty) => Thing::Value(expr(ExprKind::Let(id), ty, span)),
            Shape::Row(source) => Thing::Row(Place { row: Row::Let(id), source }),
            Shape::Set(source) => Thing::Set(let_set(id, source, span)),
        })
    }

    /// Sentence 5: the innermost record of the kind named.
    fn innermost_of_kind(&self, name: &tree::Name, scope: &Scope) -> Option<Thing> {
        let kind = self.schema().find_kind(&name.text)?;
        [&scope.current, &scope.subject]
            .into_iter()
            .find(|place| place.source == Source::Kind(kind))
            .map(|place| Thing::Row(place.clone()))
    }

    /// Inside 说明 of a group, a member field is the first record's.
    fn first_member_field(&mut self, name: &tree::Name, scope: &Scope) -> Option<Option<Thing>> {
        if !scope.message {
            return None;
        }
        let members = self.members(scope, name.span)?;
        let (var, place) = self.fresh_place(members.set.source);
        let found = self.direct(&place, name, scope).or_else(|| self.through_parents(&place, name, scope))?;
        let Some(found) = found else { return Some(None) };
        let value = match found {
            Thing::Value(value) => value,
            Thing::Row(place) => self.reference(place, name.span)?,
            Thing::Set(_)
            | Thing::Elements(_)
            | Thing::Table(_)
            | Thing::Column(..)
            | Thing::Codes(_)
            | Thing::Kind(_)
            | Thing::Summary(_) => return None,
        };
        let first = Self::aggregate(AggregateFunction::First, members.set, var, Some(value), name.span);
        Some(Some(Thing::Value(first)))
    }

    /// 本组 of the scope.
    pub(crate) fn members(&self, scope: &Scope, span: Span) -> Option<NamedSet> {
        let group = scope.group.as_ref()?;
        let Source::Summary(summary) = group.source else { return None };
        let source = self.typed.summaries.get(summary.index()).map(|summary| summary.records.source)?;
        let kind = SetKind::Members(group.row.clone());
        Some(NamedSet { set: set(kind, source, span), key: format!("members:{:?}", row_key(&group.row)) })
    }

    fn unknown<T>(&mut self, name: &tree::Name, scope: &Scope) -> Option<T> {
        if self.names.broken.contains(name.text.as_str()) {
            return None;
        }
        let subject = scope.in_candidate().then(|| scope.subject.clone());
        if let Some(place) = subject
            && (self.direct(&place, name, scope).or_else(|| self.through_parents(&place, name, scope)))
                .is_some()
        {
            return self.report(errors::names::only_in_subject(name));
        }
        if let Some(members) = self.members(scope, name.span) {
            let (_, place) = self.fresh_place(members.set.source);
            let found =
                self.direct(&place, name, scope).or_else(|| self.through_parents(&place, name, scope));
            if found.is_some() {
                return self.report(errors::names::only_in_members(name));
            }
        }
        if let Some((left, word, right)) = self.split_at_reserved_word(&name.text, scope) {
            return self.report(errors::names::missing_spaces(name, (&left, word, &right)));
        }
        let known = self.known_names(scope);
        self.report(errors::names::unknown(name, &known))
    }

    /// `上限且数量` is two known names around a reserved word.
    fn split_at_reserved_word(
        &mut self,
        text: &str,
        scope: &Scope,
    ) -> Option<(String, &'static str, String)> {
        const WORDS: [&str; 12] =
            ["不属于", "属于", "不含", "含", "否则", "若", "则", "且", "或", "非", "至", "除"];
        let known = self.known_names(scope);
        let is_known = |part: &str| part.is_empty() || known.iter().any(|name| name == part);
        WORDS.into_iter().find_map(|word| {
            let (left, right) = text.split_once(word)?;
            let fits = is_known(left) && is_known(right) && !(left.is_empty() && right.is_empty());
            fits.then(|| (left.to_owned(), word, right.to_owned()))
        })
    }

    /// Every name that would be understood here, for suggestions.
    pub(crate) fn known_names(&self, scope: &Scope) -> Vec<String> {
        let mut known: Vec<String> = self.owner.lets.iter().map(|bound| bound.name.clone()).collect();
        for by_name in
            [&self.names.parameter_by_name, &self.names.code_set_by_name, &self.names.table_by_name]
        {
            known.extend(by_name.keys().map(|name| (*name).to_owned()));
        }
        self.names_of(scope.current.source, &mut known);
        for (_, parent) in self.parents(scope.current.source) {
            self.names_of(Source::Kind(parent), &mut known);
        }
        known.sort();
        known.dedup();
        known
    }

    /// The names of the fields of a source.
    pub(crate) fn names_of(&self, source: Source, known: &mut Vec<String>) {
        match source {
            Source::Kind(kind) => self.kind_names(kind, known),
            Source::Summary(id) => {
                let Some(summary) = self.typed.summaries.get(id.index()) else { return };
                known.extend(summary.keys.iter().map(|key| key.name.clone()));
                known.extend(summary.columns.iter().map(|column| column.name.clone()));
            }
            Source::Table(id) => {
                let Some(table) = self.typed.tables.get(id.index()) else { return };
                known.extend(table.columns.iter().map(|column| column.name.clone()));
            }
        }
    }

    fn kind_names(&self, kind: KindId, known: &mut Vec<String>) {
        let Some(declared) = self.schema().kind(kind) else { return };
        for field in &declared.fields {
            known.push(field.zh.clone());
            known.push(field.en.clone());
            known.extend(field.synonyms.iter().cloned());
        }
        let derived = self.names.derived.iter().filter(|derived| derived.kind == kind);
        known.extend(derived.map(|derived| derived.bind.name.text.clone()));
    }
}

/// The set a 设 stands for.
fn let_set(id: LetId, source: Source, span: Span) -> NamedSet {
    NamedSet { set: set(SetKind::Let(id), source, span), key: format!("let:{}", id.0) }
}
