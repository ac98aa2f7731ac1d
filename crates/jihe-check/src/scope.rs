//! 个人 or 群体, and the cost class (sentences 41 and 43).
//!
//! In: typed rules and summaries. Out: [`Scope`] and [`Cost`].
//! Invariant: a rule is 个人 only if everything it reads is keyed by a person or visit.

#![expect(clippy::wildcard_enum_match_arm, reason = "only relations lead to other records")]

use jihe_diagnostics::Span;
use jihe_model::schema::{FieldId, KindId, Schema};
use jihe_model::types::Type;

use crate::typed::{
    Cost, Expr, ExprKind, GroupKey, KeyValue, Let, Row, Rule, Scope, Set, SetKind, Source, Summary,
    TypedRules, Window,
};
use crate::walk::{Part, walk_bound, walk_decision, walk_expr, walk_rule, walk_set};

/// The scope of the rows of a summary: 个人 if a key is a person, a visit or something below one.
pub(crate) fn of_summary(summary: &Summary, schema: &Schema) -> Scope {
    let keyed = summary.keys.iter().any(|key| is_personal_key(key, schema));
    if keyed { Scope::Person } else { Scope::Population }
}

fn is_personal_key(key: &GroupKey, schema: &Schema) -> bool {
    matches!(key.value, KeyValue::One(_))
        && matches!(key.ty, Type::Reference(kind) if is_personal(kind, schema))
}

/// Whether each record of a kind belongs to one person.
fn is_personal(kind: KindId, schema: &Schema) -> bool {
    let Some(person) = schema.find_kind("person") else { return false };
    if schema.kind(kind).is_none_or(|kind| kind.impersonal) {
        return false;
    }
    let mut level = vec![kind];
    for _ in 0..5 {
        if level.contains(&person) {
            return true;
        }
        level = level.iter().flat_map(|kind| parents(*kind, schema)).collect();
    }
    false
}

/// The records a kind belongs to; a person behind a practitioner does not own what the practitioner did.
fn parents(kind: KindId, schema: &Schema) -> Vec<KindId> {
    let Some(kind) = schema.kind(kind) else { return Vec::new() };
    kind.fields
        .iter()
        .filter_map(|field| match field.ty {
            Type::Reference(to) => schema.kind(to).filter(|to| to.zh == field.zh).map(|to| (to, field.ty)),
            _ => None,
        })
        .filter(|(to, _)| !to.impersonal)
        .filter_map(|(_, ty)| if let Type::Reference(to) = ty { Some(to) } else { None })
        .collect()
}

/// The scope and cost class of a rule, and what made them so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict {
    pub(crate) scope: Scope,
    /// Whether a 群体 rule about one person's records reads of others only rows of summaries.
    pub(crate) by_snapshot: bool,
    pub(crate) cost: Cost,
    /// The first set of records that is not keyed by a person or visit.
    pub(crate) population_at: Option<Span>,
    /// The first construct of class 丙.
    pub(crate) costly_at: Option<Span>,
}

/// The scope and cost class of a rule, its derived fields included.
pub(crate) fn of_rule(rule: &Rule, rules: &TypedRules) -> Verdict {
    let subject = source_scope(rule.subject, rules);
    let mut reads = Reads::new(rules, &rule.lets);
    walk_rule(rule, &mut |part| reads.part(part));
    // Messages and evidence are computed for hits only, so they do not count.
    let mut decides = Reads::new(rules, &rule.lets);
    walk_decision(rule, &mut |part| decides.part(part));
    let scope = reads.scope.max(subject);
    Verdict {
        scope,
        by_snapshot: scope > subject && reads.population_at.is_none(),
        cost: decides.cost,
        population_at: reads.population_at,
        costly_at: decides.costly_at,
    }
}

/// The scope of what a rule is about.
pub(crate) fn of_subject(rule: &Rule, rules: &TypedRules) -> Scope {
    source_scope(rule.subject, rules)
}

fn source_scope(source: Source, rules: &TypedRules) -> Scope {
    match source {
        Source::Summary(id) => {
            rules.summaries.get(id.index()).map_or(Scope::Population, |summary| summary.scope)
        }
        Source::Kind(_) | Source::Table(_) => Scope::Person,
    }
}

struct Reads<'a> {
    rules: &'a TypedRules,
    lets: &'a [Let],
    scope: Scope,
    cost: Cost,
    population_at: Option<Span>,
    costly_at: Option<Span>,
}

impl<'a> Reads<'a> {
    fn new(rules: &'a TypedRules, lets: &'a [Let]) -> Self {
        Self { rules, lets, scope: Scope::Person, cost: Cost::Linear, population_at: None, costly_at: None }
    }

    fn widen(&mut self, scope: Scope, at: Span) {
        if scope == Scope::Population && self.population_at.is_none() {
            self.population_at = Some(at);
        }
        self.scope = self.scope.max(scope);
    }

    fn charge(&mut self, cost: Cost, at: Span) {
        if cost == Cost::Window && self.costly_at.is_none() {
            self.costly_at = Some(at);
        }
        self.cost = self.cost.max(cost);
    }

    fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Set(set) => self.set(set),
            Part::Expr(expr) => self.expr(expr),
            Part::Row(Row::Derived(_, id)) => self.derived(*id, Span::default()),
            Part::Row(Row::Var(_) | Row::Follow { .. } | Row::Pick(_) | Row::Let(_)) => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Derived(_, id) => self.derived(*id, expr.span),
            ExprKind::Aggregate(aggregate) => {
                let cost = crate::cost::of_aggregate(aggregate, self.lets);
                self.charge(cost, expr.span);
            }
            _ => {}
        }
    }

    fn derived(&mut self, id: crate::typed::DerivedId, at: Span) {
        let Some(derived) = self.rules.derived.get(id.index()) else { return };
        let mut inner = Reads::new(self.rules, &[]);
        walk_bound(&derived.value, &mut |part| inner.part(part));
        self.widen(inner.scope, at);
        self.charge(inner.cost, at);
    }

    fn is_personal_relation(&self, child: Source, field: FieldId) -> bool {
        let Source::Kind(child) = child else { return false };
        let ty = self.rules.schema.field(child, field).map(|field| field.ty);
        matches!(ty, Some(Type::Reference(parent)) if is_personal(parent, &self.rules.schema))
    }

    /// The rows of a summary may come from the host as a snapshot (sentence 41).
    fn unkeyed(&mut self, set: &Set) {
        if matches!(set.source, Source::Summary(_)) {
            self.scope = Scope::Population;
        } else {
            self.widen(Scope::Population, set.span);
        }
    }

    fn set(&mut self, set: &Set) {
        match &set.kind {
            SetKind::Window(window) => {
                if !is_keyed(window, self.rules) {
                    self.unkeyed(set);
                }
                self.scope = self.scope.max(source_scope(set.source, self.rules));
                self.charge(crate::cost::of_window(window), set.span);
            }
            SetKind::Children { field, .. } => {
                if !self.is_personal_relation(set.source, *field) {
                    self.widen(Scope::Population, set.span);
                }
            }
            SetKind::Derived(_, id) => self.derived(*id, set.span),
            SetKind::All
            | SetKind::Members(_)
            | SetKind::Each { .. }
            | SetKind::FollowEach { .. }
            | SetKind::Filter { .. }
            | SetKind::Except(..)
            | SetKind::Single(_)
            | SetKind::Densest(_)
            | SetKind::Lookup(_)
            | SetKind::Let(_) => {}
        }
    }
}

/// Whether a window stays with the anchor's own person or visit.
pub(crate) fn is_keyed(window: &Window, rules: &TypedRules) -> bool {
    window.keys.iter().any(|(candidate, anchor)| {
        let Type::Reference(kind) = candidate.ty else { return false };
        is_personal(kind, &rules.schema) && !through_another(anchor, rules)
    })
}

/// 开单医师.参保人 is another person than the one the record belongs to.
fn through_another(anchor: &Expr, rules: &TypedRules) -> bool {
    let mut found = false;
    walk_expr(anchor, &mut |part| {
        if let Part::Row(Row::Follow { to, .. }) = part {
            found |= rules.schema.kind(*to).is_some_and(|kind| kind.impersonal);
        }
    });
    found
}

/// Everything a set reads, for the cost of windows inside aggregates.
pub(crate) fn any_set(set: &Set, test: &mut dyn FnMut(&Set) -> bool) -> bool {
    let mut found = false;
    walk_set(set, &mut |part| {
        if let Part::Set(set) = part {
            found |= test(set);
        }
    });
    found
}
