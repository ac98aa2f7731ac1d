//! Steps from a record: fields, derived fields, parents and relations.
//!
//! In: a row and a name. Out: the value, record or set it leads to.
//! Invariant: a step looks at the record itself first, then at its nearest parents; two at one distance are an error.

use jihe_diagnostics::Span;
use jihe_model::schema::KindId;
use jihe_model::types::Type;
use jihe_syntax::tree;

use super::{Element, Elements, Infer, NamedSet, Place, Scope, Shape, Thing, expr, set};
use crate::errors;
use crate::typed::{Expr, ExprKind, Row, SetKind, Source, SummaryId};

/// How far up bare names are looked for.
const LEVELS: usize = 5;

impl Infer<'_> {
    /// `甲.乙`
    pub(crate) fn dot(&mut self, base: Thing, name: &tree::Name, scope: &Scope) -> Option<Thing> {
        match base {
            Thing::Row(place) => self.step(&place, name, scope),
            Thing::Value(value) => {
                let Some(place) = follow(&value) else {
                    return self.report(errors::types::no_fields(self.schema(), &value, name));
                };
                self.step(&place, name, scope)
            }
            Thing::Set(set) => {
                let (var, place) = self.fresh_place(set.set.source);
                let elements = Elements { set, var, steps: Vec::new(), item: Element::Row(place) };
                self.step_each(elements, name, scope)
            }
            Thing::Elements(elements) => self.step_each(*elements, name, scope),
            Thing::Table(table) => self.table_column(table, name).map(|column| Thing::Column(table, column)),
            Thing::Summary(_) | Thing::Kind(_) => self.report(errors::structure::bare_kind(name.span)),
            Thing::Column(..) | Thing::Codes(_) => self.report(errors::types::no_fields_at_all(name)),
        }
    }

    fn step_each(&mut self, elements: Elements, name: &tree::Name, scope: &Scope) -> Option<Thing> {
        let place = match &elements.item {
            Element::Row(place) => place.clone(),
            Element::Value(value) => match follow(value) {
                Some(place) => place,
                None => return self.report(errors::types::no_fields(self.schema(), value, name)),
            },
        };
        let mut elements = elements;
        let item = match self.step(&place, name, scope)? {
            Thing::Value(value) => Element::Value(value),
            Thing::Row(place) => Element::Row(place),
            Thing::Set(inner) => return Some(Thing::Set(union(elements, inner, name.span))),
            Thing::Elements(_)
            | Thing::Table(_)
            | Thing::Column(..)
            | Thing::Codes(_)
            | Thing::Kind(_)
            | Thing::Summary(_) => return None,
        };
        elements.steps.push(name.clone());
        elements.item = item;
        Some(Thing::Elements(Box::new(elements)))
    }

    /// A name after a dot, or reported as unknown.
    pub(crate) fn step(&mut self, place: &Place, name: &tree::Name, scope: &Scope) -> Option<Thing> {
        if let Some(found) = self.direct(place, name, scope) {
            return found;
        }
        if let Some(found) = self.through_parents(place, name, scope) {
            return found;
        }
        let mut known = Vec::new();
        self.names_of(place.source, &mut known);
        let of = self.source_name(place.source);
        self.report(errors::names::unknown_field(name, &of, &known))
    }

    /// A field, derived field, key, column or relation of the record itself.
    pub(crate) fn direct(
        &mut self,
        place: &Place,
        name: &tree::Name,
        scope: &Scope,
    ) -> Option<Option<Thing>> {
        match place.source {
            Source::Kind(kind) => self.direct_of_kind(place, kind, name, scope),
            Source::Summary(id) => self.direct_of_summary(place, id, name).map(Some),
            Source::Table(id) => {
                let table = self.typed.tables.get(id.index())?;
                let at = table.columns.iter().position(|column| column.name == name.text)?;
                let ty = table.columns.get(at)?.ty;
                Some(Some(Thing::Value(expr(ExprKind::Cell(place.row.clone(), at), ty, name.span))))
            }
        }
    }

    fn direct_of_kind(
        &mut self,
        place: &Place,
        kind: KindId,
        name: &tree::Name,
        scope: &Scope,
    ) -> Option<Option<Thing>> {
        if let Some(field) = self.schema().kind(kind)?.find_field(&name.text) {
            let ty = self.schema().field(kind, field)?.ty;
            let value = expr(ExprKind::Field(place.row.clone(), field), ty, name.span);
            return Some(Some(follow(&value).map_or(Thing::Value(value), Thing::Row)));
        }
        if let Some(at) = self.names.derived_by_name.get(&(kind, name.text.as_str())).copied() {
            return Some(self.derived_field(place, at, name.span));
        }
        if let Some(found) = self.children(place, kind, name) {
            return Some(Some(found));
        }
        if matches!(name.text.as_str(), "年龄" | "age") {
            return self.age(place, name.span, scope).map(Some);
        }
        None
    }

    fn derived_field(&mut self, place: &Place, at: usize, span: Span) -> Option<Thing> {
        let info = self.derived(at, span)?;
        Some(match info.shape {
            Shape::Value(ty) => Thing::Value(expr(ExprKind::Derived(place.row.clone(), info.id), ty, span)),
            Shape::Row(source) => {
                Thing::Row(Place { row: Row::Derived(Box::new(place.row.clone()), info.id), source })
            }
            Shape::Set(source) => {
                let kind = SetKind::Derived(place.row.clone(), info.id);
                let key = format!("derived:{}:{:?}", info.id.0, row_key(&place.row));
                Thing::Set(NamedSet { set: set(kind, source, span), key })
            }
        })
    }

    fn direct_of_summary(&mut self, place: &Place, id: SummaryId, name: &tree::Name) -> Option<Thing> {
        let summary = self.typed.summaries.get(id.index())?;
        if let Some(at) = summary.keys.iter().position(|key| self.key_answers(key, &name.text)) {
            let ty = summary.keys.get(at)?.ty;
            let value = expr(ExprKind::Key(place.row.clone(), at), ty, name.span);
            return Some(follow(&value).map_or(Thing::Value(value), Thing::Row));
        }
        if let Some(at) = summary.columns.iter().position(|column| column.name == name.text) {
            let ty = summary.columns.get(at)?.value.ty;
            return Some(Thing::Value(expr(ExprKind::Column(place.row.clone(), at), ty, name.span)));
        }
        if matches!(name.text.as_str(), "本组" | "group") {
            let kind = SetKind::Members(place.row.clone());
            let key = format!("members:{:?}", row_key(&place.row));
            return Some(Thing::Set(NamedSet { set: set(kind, summary.records.source, name.span), key }));
        }
        None
    }

    /// A key answers to its own name and, if it is a record, to every name of the record's kind.
    fn key_answers(&self, key: &crate::typed::GroupKey, name: &str) -> bool {
        key.name == name
            || matches!(key.ty, Type::Reference(kind)
                if self.schema().kind(kind).is_some_and(|kind| (kind.zh == key.name || kind.en == key.name)
                    && (kind.zh == name || kind.en == name)))
    }

    /// 就诊.明细: the records of a kind that refer to this one.
    fn children(&mut self, place: &Place, kind: KindId, name: &tree::Name) -> Option<Thing> {
        let child = self.schema().find_kind(&name.text)?;
        let fields = self.schema().references(child, kind);
        let named = fields.iter().find(|field| self.is_parent(child, **field)).or(match fields.as_slice() {
            // 原明细 of 明细 is a role, not a relation that could be meant by the bare name.
            [only] if child != kind => Some(only),
            _ => None,
        });
        let field = *named?;
        let key = format!("{:?}.{}#{}", row_key(&place.row), child.0, field.0);
        let kind = SetKind::Children { of: place.row.clone(), field };
        Some(Thing::Set(NamedSet { set: set(kind, Source::Kind(child), name.span), key }))
    }

    /// The nearest parent that has the name; fields only, and relations of the parents last.
    pub(crate) fn through_parents(
        &mut self,
        place: &Place,
        name: &tree::Name,
        scope: &Scope,
    ) -> Option<Option<Thing>> {
        let mut level = vec![place.clone()];
        for _ in 0..LEVELS {
            level = level.iter().flat_map(|place| self.parent_places(place, name.span)).collect();
            let mut found = self.among(&level, name, scope);
            if let [(first, _), (second, _), ..] = found.as_slice() {
                let (first, second) = (self.source_name(*first), self.source_name(*second));
                return Some(self.report(errors::names::ambiguous(name, &first, &second)));
            }
            if let Some((_, thing)) = found.pop() {
                return Some(thing);
            }
        }
        self.descendants(place, name).map(Some)
    }

    /// What a name means in each record of a level that has it.
    fn among(&mut self, level: &[Place], name: &tree::Name, scope: &Scope) -> Vec<(Source, Option<Thing>)> {
        let mut found = Vec::new();
        for parent in level {
            let has = matches!(parent.source, Source::Kind(kind) if self.has_field(kind, &name.text));
            let thing = if has { self.direct(parent, name, scope) } else { None };
            found.extend(thing.map(|thing| (parent.source, thing)));
        }
        found
    }

    fn has_field(&self, kind: KindId, name: &str) -> bool {
        self.schema().kind(kind).is_some_and(|kind| kind.find_field(name).is_some())
            || self.names.derived_by_name.contains_key(&(kind, name))
    }

    /// The parents of a source: its to-one relations that are named like their kind.
    pub(crate) fn parents(&self, source: Source) -> Vec<(ExprKey, KindId)> {
        match source {
            Source::Kind(kind) => {
                let Some(declared) = self.schema().kind(kind) else { return Vec::new() };
                let fields = (0u16..).map(jihe_model::schema::FieldId).zip(&declared.fields);
                fields
                    .filter_map(|(at, field)| match field.ty {
                        Type::Reference(to) if self.is_parent(kind, at) => Some((ExprKey::Field(at), to)),
                        _ => None,
                    })
                    .collect()
            }
            Source::Summary(id) => {
                let keys = self.typed.summaries.get(id.index()).map_or(&[][..], |summary| &summary.keys);
                keys.iter()
                    .enumerate()
                    .filter_map(|(at, key)| match key.ty {
                        Type::Reference(to) => Some((ExprKey::Key(at), to)),
                        _ => None,
                    })
                    .collect()
            }
            Source::Table(_) => Vec::new(),
        }
    }

    /// 开单医师 is a role, 就诊 a parent.
    fn is_parent(&self, kind: KindId, field: jihe_model::schema::FieldId) -> bool {
        let Some(field) = self.schema().field(kind, field) else { return false };
        let Type::Reference(to) = field.ty else { return false };
        self.schema().kind(to).is_some_and(|to| field.zh == to.zh)
    }

    /// The parents of a row.
    pub(crate) fn parent_places(&self, place: &Place, span: Span) -> Vec<Place> {
        self.parents(place.source)
            .into_iter()
            .filter_map(|(key, to)| {
                let kind = match key {
                    ExprKey::Field(field) => ExprKind::Field(place.row.clone(), field),
                    ExprKey::Key(at) => ExprKind::Key(place.row.clone(), at),
                };
                follow(&expr(kind, Type::Reference(to), span))
            })
            .collect()
    }

    /// What a source is called in messages.
    pub(crate) fn source_name(&self, source: Source) -> String {
        match source {
            Source::Kind(kind) => self.schema().kind(kind).map(|kind| kind.zh.clone()),
            Source::Summary(id) => self.typed.summaries.get(id.index()).map(|summary| summary.name.clone()),
            Source::Table(id) => self.typed.tables.get(id.index()).map(|table| table.name.clone()),
        }
        .unwrap_or_default()
    }

    /// The key of a record, as a value.
    pub(crate) fn reference(&mut self, place: Place, span: Span) -> Option<Expr> {
        let Source::Kind(kind) = place.source else {
            return self.report(errors::lookups::row_as_value(span));
        };
        if let Row::Follow { reference, .. } = place.row {
            return Some(Expr { span, ..*reference });
        }
        Some(expr(ExprKind::Reference(place.row), Type::Reference(kind), span))
    }
}

/// How a parent is reached from its child.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ExprKey {
    Field(jihe_model::schema::FieldId),
    Key(usize),
}

/// The record a reference refers to.
pub(crate) fn follow(value: &Expr) -> Option<Place> {
    let Type::Reference(to) = value.ty else { return None };
    Some(Place { row: Row::Follow { reference: Box::new(value.clone()), to }, source: Source::Kind(to) })
}

/// 他处.明细: the union of the inner sets.
fn union(elements: Elements, inner: NamedSet, span: Span) -> NamedSet {
    let source = inner.set.source;
    let names: Vec<&str> = elements.steps.iter().map(|step| step.text.as_str()).collect();
    let key = format!("{}.{}.{:?}", elements.set.key, names.join("."), source);
    let kind =
        SetKind::Each { set: Box::new(elements.set.set), var: elements.var, inner: Box::new(inner.set) };
    NamedSet { set: set(kind, source, span), key }
}

/// A name for a row that does not depend on where it was written.
pub(crate) fn row_key(row: &Row) -> String {
    match row {
        Row::Var(var) => format!("v{}", var.0),
        Row::Follow { reference, to } => match &reference.kind {
            ExprKind::Field(row, field) => format!("{}.f{}", row_key(row), field.0),
            ExprKind::Key(row, key) => format!("{}.k{key}", row_key(row)),
            _ => format!("{:?}>{}", reference.span, to.0),
        },
        Row::Pick(pick) => format!("{:?}", pick.set.span),
        Row::Let(id) => format!("l{}", id.0),
        Row::Derived(row, id) => format!("{}.d{}", row_key(row), id.0),
    }
}
