//! `表[键, 名 = 键 于 日期]`, and the day whose rows count.
//!
//! In: a table, keys and perhaps a date. Out: one row of a unique lookup, or a set of rows.
//! Invariant: a dated table is always read as of a day (sentence 26).

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{Expr as Tree, Key, Name};

use super::compare::day_of;
use super::paths::follow;
use super::{Infer, NamedSet, Place, Scope, Thing, expr, set};
use crate::errors;
use crate::typed::{
    AggregateFunction, Expr, ExprKind, Lookup, Pick, Row, Seen, SetKind, Source, SummaryId, TableId, Which,
};

impl Infer<'_> {
    pub(super) fn lookup(
        &mut self,
        base: &Tree,
        (keys, on): (&[Key], Option<&Tree>),
        scope: &Scope,
        span: Span,
    ) -> Option<Thing> {
        let Thing::Table(table) = self.thing(base, scope)? else {
            return self.report(errors::lookups::only_tables_have_keys(base.span));
        };
        let keys = self.lookup_keys(table, keys, scope, span)?;
        let date = match on {
            Some(date) => {
                let value = self.value(date, scope, None)?;
                Some(self.time(value)?)
            }
            None => self.as_of(table, keys.first().map(|(_, value)| value), scope, span),
        };
        let declared = self.typed.tables.get(table.index())?;
        let as_of = declared.validity.and(date);
        let whole_key = declared.key.iter().all(|column| keys.iter().any(|(given, _)| given == column));
        let one_row = declared.unique && whole_key && !declared.key.is_empty();
        let source = Source::Table(table);
        if as_of.is_some() && on.is_none() {
            self.note_group_date(as_of.as_ref(), table, |date| {
                let lookup = Lookup { table, keys: keys.clone(), as_of: Some(date) };
                Seen::Rows(set(SetKind::Lookup(Box::new(lookup)), source, span))
            });
        }
        let rows = set(SetKind::Lookup(Box::new(Lookup { table, keys, as_of })), source, span);
        if one_row {
            let pick = Pick { set: rows, which: Which::First };
            return Some(Thing::Row(Place { row: Row::Pick(Box::new(pick)), source }));
        }
        Some(Thing::Set(NamedSet { set: rows, key: format!("lookup:{span:?}") }))
    }

    fn lookup_keys(
        &mut self,
        table: TableId,
        keys: &[Key],
        scope: &Scope,
        span: Span,
    ) -> Option<Vec<(usize, Expr)>> {
        let key_columns = self.typed.tables.get(table.index())?.key.clone();
        let mut in_order = key_columns.iter();
        let mut typed = Vec::new();
        for key in keys {
            let column = match &key.name {
                Some(name) => self.table_column(table, name)?,
                None => match in_order.next() {
                    Some(column) => *column,
                    None => return self.report(errors::lookups::too_many_keys(span, key_columns.len())),
                },
            };
            let ty = self.typed.tables.get(table.index())?.columns.get(column)?.ty;
            let value = self.value(&key.value, scope, Some(ty))?;
            let fits = match (value.ty, ty) {
                (Type::Duration(_), Type::Duration(_)) => true,
                (Type::Code(value), Type::CodeSet(column)) => value == column,
                (value, column) => value == column,
            };
            if !fits {
                let declared = self.names.tables.get(table.index()).map(|table| table.name.span);
                let error = errors::lookups::wrong_key(self.schema(), &value, (ty, declared));
                return self.report(error);
            }
            typed.push((column, value));
        }
        Some(typed)
    }

    /// A column of a table by name.
    pub(crate) fn table_column(&mut self, table: TableId, name: &Name) -> Option<usize> {
        let declared = self.typed.tables.get(table.index())?;
        if let Some(at) = declared.columns.iter().position(|column| column.name == name.text) {
            return Some(at);
        }
        let error = errors::names::unknown_column(name, declared);
        self.report(error)
    }

    /// The clock of the record that supplies a key; none for undated tables.
    pub(crate) fn as_of(
        &mut self,
        table: TableId,
        key: Option<&Expr>,
        scope: &Scope,
        span: Span,
    ) -> Option<Expr> {
        self.typed.tables.get(table.index())?.validity?;
        let supplier = key.and_then(|key| self.root(key)).unwrap_or_else(|| scope.current.clone());
        let clock = self.service_clock(&supplier, span).or_else(|| self.service_clock(&scope.subject, span));
        if clock.is_none() {
            return self.report(errors::lookups::no_day_for_lookup(span));
        }
        clock
    }

    /// The date of service of a row: of a group the clock of its last record, else its clock.
    fn service_clock(&mut self, place: &Place, span: Span) -> Option<Expr> {
        match place.source {
            Source::Summary(id) => self.last_clock(place, id, span),
            Source::Kind(_) => self.clock(place, span),
            Source::Table(_) => None,
        }
    }

    /// The time of a row: its clock, or the start of its calendar key (sentence 20).
    pub(crate) fn clock(&mut self, place: &Place, span: Span) -> Option<Expr> {
        match place.source {
            Source::Kind(kind) => {
                if !self.schema().kind(kind)?.clock.is_empty() {
                    return Some(expr(ExprKind::Clock(place.row.clone()), Type::Instant, span));
                }
                let parents = self.parent_places(place, span);
                parents.iter().find_map(|parent| self.clock(parent, span))
            }
            Source::Summary(id) => {
                let summary = self.typed.summaries.get(id.index())?;
                let Some(at) = summary.calendar else { return self.last_clock(place, id, span) };
                let ty = summary.keys.get(at)?.ty;
                let key = expr(ExprKind::Key(place.row.clone(), at), ty, span);
                self.time(key)
            }
            Source::Table(_) => None,
        }
    }

    fn last_clock(&mut self, place: &Place, id: SummaryId, span: Span) -> Option<Expr> {
        let source = self.typed.summaries.get(id.index())?.records.source;
        let members = set(SetKind::Members(place.row.clone()), source, span);
        let (var, member) = self.fresh_place(source);
        let clock = self.clock(&member, span)?;
        Some(Self::aggregate(AggregateFunction::Last, members, var, Some(clock), span))
    }

    /// The row a value is read from, parents followed back to the record they were reached from.
    fn root(&self, value: &Expr) -> Option<Place> {
        match &value.kind {
            ExprKind::Field(row, _)
            | ExprKind::Derived(row, _)
            | ExprKind::Key(row, _)
            | ExprKind::Column(row, _)
            | ExprKind::Clock(row)
            | ExprKind::Reference(row) => self.root_row(row),
            ExprKind::Call(_, operands) => operands.iter().find_map(|operand| self.root(operand)),
            _ => None,
        }
    }

    fn root_row(&self, row: &Row) -> Option<Place> {
        match row {
            Row::Follow { reference, .. } => self.root(reference),
            Row::Let(id) => {
                let source = self.owner.lets.iter().find_map(|bound| match bound.shape {
                    Some((let_id, super::Shape::Row(source))) if let_id == *id => Some(source),
                    _ => None,
                })?;
                Some(Place { row: row.clone(), source })
            }
            Row::Pick(pick) => match pick.set.source {
                Source::Table(_) => None,
                source @ (Source::Kind(_) | Source::Summary(_)) => Some(Place { row: row.clone(), source }),
            },
            Row::Var(var) => match self.owner.sources.get(var.index())? {
                Source::Table(_) => None,
                source @ (Source::Kind(_) | Source::Summary(_)) => {
                    Some(Place { row: row.clone(), source: *source })
                }
            },
            Row::Derived(_, id) => {
                self.typed.derived.get(id.index()).and_then(|derived| match &derived.value {
                    crate::typed::Bound::Row(inner) => {
                        derived_source(inner).map(|source| Place { row: row.clone(), source })
                    }
                    _ => None,
                })
            }
        }
    }

    /// 年龄: completed years, months or days at the clock of the record.
    pub(super) fn age(&mut self, place: &Place, span: Span, scope: &Scope) -> Option<Thing> {
        let person_kind = self.schema().find_kind("person")?;
        let person = if place.source == Source::Kind(person_kind) {
            place.clone()
        } else {
            self.nearest(place, person_kind, span)?
        };
        let birth = self.schema().kind(person_kind)?.find_field("birth_date")?;
        let birth = expr(ExprKind::Field(person.row, birth), Type::Date, span);
        let clock = self.clock(place, span).or_else(|| self.clock(&scope.current, span))?;
        let at = day_of(clock);
        let age = expr(ExprKind::Call(crate::builtins::Builtin::AgeAt, vec![birth, at]), Type::Age, span);
        Some(Thing::Value(age))
    }

    /// The nearest parent of a kind.
    pub(crate) fn nearest(
        &self,
        place: &Place,
        kind: jihe_model::schema::KindId,
        span: Span,
    ) -> Option<Place> {
        let mut level = vec![place.clone()];
        for _ in 0..5 {
            level = level.iter().flat_map(|place| self.parent_places(place, span)).collect();
            if let Some(found) = level.iter().find(|place| place.source == Source::Kind(kind)) {
                return Some(found.clone());
            }
        }
        None
    }

    /// 就诊.追溯码: records of a kind below this one, through the parents in between.
    pub(super) fn descendants(&mut self, place: &Place, name: &Name) -> Option<Thing> {
        let Source::Kind(kind) = place.source else { return None };
        let child = self.schema().find_kind(&name.text)?;
        let (var, candidate) = self.fresh_place(Source::Kind(child));
        let found = self.nearest(&candidate, kind, name.span)?;
        let candidate_key = self.reference(found, name.span)?;
        let anchor_key = expr(ExprKind::Reference(place.row.clone()), Type::Reference(kind), name.span);
        let window = crate::typed::Window {
            var,
            anchor: place.row.clone(),
            anchor_source: place.source,
            others: false,
            keys: vec![(candidate_key, anchor_key)],
            period: None,
            until_anchor: false,
            filter: None,
            neighbour: None,
        };
        let key = format!("below:{}:{}", super::paths::row_key(&place.row), child.0);
        let kind = SetKind::Window(Box::new(window));
        Some(Thing::Set(NamedSet { set: set(kind, Source::Kind(child), name.span), key }))
    }

    /// Follows a value of a reference type.
    pub(crate) fn followed(value: &Expr) -> Option<Place> {
        follow(value)
    }
}

fn derived_source(inner: &Row) -> Option<Source> {
    match inner {
        Row::Pick(pick) => Some(pick.set.source),
        Row::Follow { to, .. } => Some(Source::Kind(*to)),
        Row::Var(_) | Row::Let(_) | Row::Derived(..) => None,
    }
}
