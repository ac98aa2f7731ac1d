//! 按: group keys, and the rows they make.
//!
//! In: records and keys. Out: a [`Summary`] without columns.
//! Invariant: a set-valued key keeps the type of one element; at most one calendar key is the clock.

use jihe_diagnostics::Span;
use jihe_model::types::Type;
use jihe_syntax::tree::{Expr as Tree, ExprKind as Node, Group, Key};

use super::sets::Records;
use super::{Elements, Infer, Place, Scope, Thing, set};
use crate::aggregates::{Form, form};
use crate::errors;
use crate::typed::{self, Each, GroupKey, KeyValue, Row, SetKind, Source, Summary};

impl Infer<'_> {
    /// The groups of records; the caller gives the row and its columns.
    pub(crate) fn groups(&mut self, name: &str, records: Records, group: &Group) -> Option<Summary> {
        let place = Place { row: Row::Var(records.var), source: records.source };
        let scope = Scope::of(place);
        let keys: Vec<Option<GroupKey>> = group.keys.iter().map(|key| self.group_key(key, &scope)).collect();
        let keys: Vec<GroupKey> = keys.into_iter().collect::<Option<_>>()?;
        self.distinct_key_names(&keys, group)?;
        let calendar = only_calendar(&keys);
        if group.dense && calendar.is_none() {
            return self.report(errors::structure::dense_needs_calendar(group.span));
        }
        let all = set(SetKind::All, records.source, records.span);
        let records_set = match records.filter {
            Some(condition) => {
                let kind = SetKind::Filter { set: Box::new(all), var: records.var, condition };
                set(kind, records.source, records.span)
            }
            None => all,
        };
        let row = self.fresh(Source::Summary(self.next_summary()));
        Some(Summary {
            name: name.to_owned(),
            records: records_set,
            var: records.var,
            keys,
            calendar,
            dense: group.dense,
            row,
            columns: Vec::new(),
            scope: typed::Scope::Person,
            versions: Vec::new(),
        })
    }

    /// The place the next summary will have.
    pub(crate) fn next_summary(&self) -> typed::SummaryId {
        typed::SummaryId(u32::try_from(self.typed.summaries.len()).unwrap_or(u32::MAX))
    }

    fn group_key(&mut self, key: &Key, scope: &Scope) -> Option<GroupKey> {
        let name = key.name.as_ref().map(|name| name.text.clone()).or_else(|| last_name(&key.value));
        let Some(name) = name else {
            return self.report(errors::structure::key_needs_name(key.value.span));
        };
        if let Node::Call(function, arguments) = &key.value.kind
            && form(&function.text) == Some(Form::EachDay)
        {
            let [interval] = arguments.as_slice() else {
                return self.report(errors::aggregates::argument_count(function, 1, arguments.len()));
            };
            let value = self.interval_value(interval, scope)?;
            return Some(GroupKey { name, ty: Type::Date, value: KeyValue::EachDay(value) });
        }
        match self.thing(&key.value, scope)? {
            Thing::Elements(elements) => self.each_key(name, *elements, key.value.span),
            thing => {
                let value = self.as_value(thing, key.value.span, scope)?;
                self.groupable(value.ty, key.value.span)?;
                Some(GroupKey { name, ty: value.ty, value: KeyValue::One(value) })
            }
        }
    }

    fn each_key(&mut self, name: String, elements: Elements, span: Span) -> Option<GroupKey> {
        let var = elements.var;
        let value = self.element_value(elements.item, span)?;
        self.groupable(value.ty, span)?;
        let ty = value.ty;
        let each = Each { set: elements.set.set, var, value };
        Some(GroupKey { name, ty, value: KeyValue::Each(Box::new(each)) })
    }

    fn groupable(&mut self, ty: Type, span: Span) -> Option<()> {
        if matches!(ty, Type::Interval | Type::CodeSet(_) | Type::Age | Type::AgeLimit) {
            let error = errors::aggregates::not_a_group_key(self.schema(), ty, span);
            return self.report(error);
        }
        Some(())
    }

    fn distinct_key_names(&mut self, keys: &[GroupKey], group: &Group) -> Option<()> {
        for (at, key) in keys.iter().enumerate() {
            if keys.iter().take(at).any(|earlier| earlier.name == key.name) {
                let span = group.keys.get(at).map_or(group.span, |key| key.value.span);
                return self.report(errors::structure::key_named_twice(span, &key.name));
            }
        }
        Some(())
    }
}

fn only_calendar(keys: &[GroupKey]) -> Option<usize> {
    let is_calendar = |key: &GroupKey| matches!(key.ty, Type::Date | Type::Period(_));
    let mut calendars = keys.iter().enumerate().filter(|(_, key)| is_calendar(key)).map(|(at, _)| at);
    let first = calendars.next();
    if calendars.next().is_some() { None } else { first }
}

fn last_name(tree: &Tree) -> Option<String> {
    match &tree.kind {
        Node::Name(name) => Some(name.clone()),
        Node::Dot(_, name) => Some(name.text.clone()),
        Node::Paren(inner) => last_name(inner),
        _ => None,
    }
}
