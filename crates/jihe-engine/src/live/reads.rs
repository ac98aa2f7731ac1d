//! How each rule can be touched by records that are added.
//!
//! In: rules, plan. Out: [`Reads`]: for every rule the windows it looks through, and how its subjects lead to them.
//! Invariant: a way that is not understood is [`Way::Everything`].
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use super::groups::own_groups;
use super::locality::Locality;
use crate::ir::{ExprOp, Node, PeriodOp, RowId, RowOp, SetId, SetOp, Slot, WhichOp, WindowOp};
use crate::maps::HashMap;
use crate::plan::{KeyValuePlan, NaturePlan, PartPlan, Plan, RulePlan};
use jihe_check::typed::{Scope as RuleScope, Source, SummaryId, TypedRules};
use std::collections::BTreeSet;

/// Ways of one body, by number.
pub(super) type WaysId = usize;

/// A way from a record to records that may be added.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// A window whose anchor is the record, in this slot.
    Window(SetId, Slot),
    /// The ways of another record that this one leads to.
    Through(RowId, Source, WaysId),
    /// The ways of the members of a set.
    Members(SetId, WaysId),
    /// One that is not understood.
    Everything,
}

/// The ways of a rule's subjects.
#[derive(Debug, Default)]
pub(super) struct RuleReads {
    pub(super) ways: Vec<Way>,
    /// Every kind the rule reads, by number.
    pub(super) kinds: Vec<bool>,
    /// Whether it reads 截止日.
    pub(super) moving: bool,
    /// Its own groups, if it asks of them only what their members say.
    pub(super) groups: Option<SummaryId>,
}

/// The ways of all rules.
#[derive(Debug)]
pub(super) struct Reads {
    pub(super) rules: Vec<RuleReads>,
    /// The ways of bodies that are asked of other records.
    pub(super) bodies: Vec<Vec<Way>>,
}

impl Reads {
    pub(super) fn of(rules: &TypedRules, plan: &Plan, locality: &Locality) -> Self {
        let mut work = Work { rules, plan, locality, bodies: Vec::new(), known: HashMap::default() };
        let all = plan.rules.iter().zip(&rules.rules).map(|(rule, typed)| {
            let kinds = Kinds::of(plan, rules.schema.kinds.len(), rule);
            let mut scope = Scope::default();
            work.rule(rule, &mut scope);
            let groups = own_groups(plan, (typed, rule), locality);
            let ways = scope.ways.into_iter().collect();
            RuleReads { ways, kinds: kinds.read, moving: kinds.moving, groups }
        });
        let all = all.collect();
        Reads { rules: all, bodies: work.bodies }
    }
}

/// Everything a rule computes.
pub(super) fn roots(rule: &RulePlan) -> Vec<Node> {
    let mut found: Vec<Node> = rule
        .filter
        .iter()
        .chain([&rule.when])
        .chain(&rule.exemptions)
        .chain(&rule.amount)
        .chain(rule.values.iter().map(|value| &value.1))
        .map(|id| Node::Expr(*id))
        .collect();
    found.extend(rule.offending.iter().chain(&rule.involved).map(|id| Node::Set(*id)));
    for part in &rule.message {
        if let PartPlan::Value(value) = part {
            found.push(Node::Expr(*value));
        }
    }
    nature(&rule.nature, &mut found);
    found
}

fn nature(of: &NaturePlan, found: &mut Vec<Node>) {
    if let NaturePlan::If(condition, yes, no) = of {
        found.push(Node::Expr(*condition));
        nature(yes, found);
        nature(no, found);
    }
}

/// Where a node stands: for every slot after the first the set whose member it is.
#[derive(Default)]
struct Scope {
    binders: Vec<(Slot, SetId)>,
    seen: BTreeSet<(Node, Vec<(Slot, SetId)>)>,
    ways: BTreeSet<Way>,
}

struct Work<'p> {
    rules: &'p TypedRules,
    plan: &'p Plan,
    locality: &'p Locality,
    bodies: Vec<Vec<Way>>,
    known: HashMap<Node, WaysId>,
}

impl Work<'_> {
    /// The ways of a rule's subjects; groups are not followed.
    fn rule(&mut self, rule: &RulePlan, scope: &mut Scope) {
        if !matches!(rule.subject, Source::Kind(_)) {
            scope.ways.insert(Way::Everything);
            return;
        }
        for root in roots(rule) {
            self.node(root, scope);
        }
    }

    /// The ways of a node over one record.
    fn body(&mut self, node: Node) -> WaysId {
        if let Some(known) = self.known.get(&node) {
            return *known;
        }
        let mut scope = Scope::default();
        self.node(node, &mut scope);
        let id = self.list(scope.ways.into_iter().collect());
        self.known.insert(node, id);
        id
    }

    fn list(&mut self, ways: Vec<Way>) -> WaysId {
        self.bodies.push(ways);
        self.bodies.len().saturating_sub(1)
    }

    /// Notes a way that starts at the rows of a slot; from a member of a set it leads back to whose set it is.
    fn emit(&mut self, way: Way, slot: Option<Slot>, scope: &mut Scope) {
        let Some(slot) = slot else {
            scope.ways.insert(Way::Everything);
            return;
        };
        if slot == 0 {
            scope.ways.insert(way);
            return;
        }
        let Some(set) = scope.binders.iter().rev().find(|held| held.0 == slot).map(|held| held.1) else {
            scope.ways.insert(Way::Everything);
            return;
        };
        let id = self.list(vec![way]);
        self.emit(Way::Members(set, id), one_slot(self.plan.arena.set_traits(set).slots), scope);
    }

    fn node(&mut self, node: Node, scope: &mut Scope) {
        if self.locality.node(node) || !scope.seen.insert((node, scope.binders.clone())) {
            return;
        }
        let plan = self.plan;
        match node {
            Node::Expr(id) => match &plan.arena.expr(id).op {
                ExprOp::At(row, source, body, _) => self.asked((*row, *source), Node::Expr(*body), scope),
                ExprOp::Aggregate(of) => {
                    self.node(Node::Set(of.set), scope);
                    self.inner((of.slot, of.set), of.value.map(Node::Expr), scope);
                    of.argument.iter().for_each(|argument| self.node(Node::Expr(*argument), scope));
                }
                ExprOp::Excess(of) => {
                    self.node(Node::Set(of.set), scope);
                    self.inner((of.slot, of.set), [Node::Expr(of.value)], scope);
                    self.node(Node::Expr(of.limit), scope);
                }
                // A change of 截止日 is asked for rule by rule.
                _ => self.parts(node, scope),
            },
            Node::Row(id) => self.row(id, scope),
            Node::Set(id) => self.set(id, scope),
        }
    }

    fn parts(&mut self, node: Node, scope: &mut Scope) {
        for part in self.plan.arena.parts(node) {
            self.node(part, scope);
        }
    }

    /// What is computed for the members of a set.
    fn inner(&mut self, binder: (Slot, SetId), nodes: impl IntoIterator<Item = Node>, scope: &mut Scope) {
        scope.binders.push(binder);
        nodes.into_iter().for_each(|node| self.node(node, scope));
        scope.binders.pop();
    }

    /// A node asked of another row.
    fn asked(&mut self, of: (RowId, Source), body: Node, scope: &mut Scope) {
        let (row, source) = of;
        self.node(Node::Row(row), scope);
        if self.locality.node(body) {
            return;
        }
        if self.is_supplied(source) {
            return;
        }
        if matches!(source, Source::Summary(_)) {
            scope.ways.insert(Way::Everything);
            return;
        }
        let id = self.body(body);
        let slot = one_slot(self.plan.arena.row_traits(row).slots);
        match &self.plan.arena.row(row).op {
            RowOp::Var(0) => scope.ways.extend(self.bodies.get(id).cloned().unwrap_or_default()),
            _ if self.locality.row(row) => self.emit(Way::Through(row, source, id), slot, scope),
            _ => {
                let set = self.picked(row);
                let from = set.and_then(|set| one_slot(self.plan.arena.set_traits(set).slots));
                let way = set.map_or(Way::Everything, |set| Way::Members(set, id));
                self.emit(way, from, scope);
            }
        }
    }

    /// Whether rows of a source come from a snapshot, and never change: a rule that reads a summary of the population
    /// runs in a session only with one.
    fn is_supplied(&self, source: Source) -> bool {
        let Source::Summary(id) = source else { return false };
        self.rules.summaries.get(id.index()).is_some_and(|summary| summary.scope == RuleScope::Population)
    }

    /// The set a row is chosen from, in the scope it is asked in.
    fn picked(&self, row: RowId) -> Option<SetId> {
        match &self.plan.arena.row(row).op {
            RowOp::Pick(set, _) => Some(*set),
            RowOp::At(outer, body) if self.plan.arena.row(*outer).op == RowOp::Var(0) => self.picked(*body),
            RowOp::At(..) | RowOp::Var(_) | RowOp::Follow(..) => None,
        }
    }

    fn row(&mut self, id: RowId, scope: &mut Scope) {
        let plan = self.plan;
        match &plan.arena.row(id).op {
            RowOp::At(row, body) => {
                self.asked((*row, plan.arena.row(*row).source), Node::Row(*body), scope);
            }
            // A variable that is not local is a row of a summary.
            RowOp::Var(_) if self.is_supplied(plan.arena.row(id).source) => {}
            RowOp::Var(_) => {
                scope.ways.insert(Way::Everything);
            }
            RowOp::Pick(set, which) => {
                self.node(Node::Set(*set), scope);
                if let WhichOp::Max(slot, value) | WhichOp::Min(slot, value) = which {
                    self.inner((*slot, *set), [Node::Expr(*value)], scope);
                }
            }
            RowOp::Follow(reference, _) => self.node(Node::Expr(*reference), scope),
        }
    }

    fn set(&mut self, id: SetId, scope: &mut Scope) {
        let plan = self.plan;
        let node = plan.arena.set(id);
        match (&node.op, node.source) {
            (SetOp::Window(window), source) if self.is_supplied(source) => {
                for node in Self::anchored(window) {
                    self.node(node, scope);
                }
                let open: Vec<Node> = window.open.into_iter().chain(window.filter).map(Node::Expr).collect();
                self.inner((window.slot, id), open, scope);
            }
            (SetOp::All | SetOp::Members(_), _) | (_, Source::Summary(_)) => {
                scope.ways.insert(Way::Everything);
            }
            (SetOp::Window(window), _) => self.window(id, window, scope),
            (SetOp::Each(set, slot, inner), _) => {
                self.node(Node::Set(*set), scope);
                self.inner((*slot, *set), [Node::Set(*inner)], scope);
            }
            (SetOp::FollowEach(set, slot, row), _) => {
                self.node(Node::Set(*set), scope);
                self.inner((*slot, *set), [Node::Row(*row)], scope);
            }
            (SetOp::Filter(set, slot, condition), _) => {
                self.node(Node::Set(*set), scope);
                self.inner((*slot, *set), [Node::Expr(*condition)], scope);
            }
            (SetOp::Densest(of), _) => {
                self.node(Node::Set(of.set), scope);
                self.inner((of.slot, of.set), [Node::Expr(of.value)], scope);
                self.node(Node::Expr(of.width), scope);
            }
            (SetOp::At(row, body), _) => {
                self.asked((*row, plan.arena.row(*row).source), Node::Set(*body), scope);
            }
            (SetOp::Except(..) | SetOp::Single(_) | SetOp::Lookup(..), _) => {
                self.parts(Node::Set(id), scope);
            }
        }
    }

    /// What a window asks of its anchor.
    fn anchored(window: &WindowOp) -> Vec<Node> {
        let mut asked: Vec<Node> = window.keys.iter().map(|key| Node::Expr(key.1)).collect();
        asked.push(Node::Row(window.anchor));
        asked.extend(window.period.iter().flat_map(PeriodOp::outer).map(Node::Expr));
        asked
    }

    fn window(&mut self, id: SetId, window: &WindowOp, scope: &mut Scope) {
        let arena = &self.plan.arena;
        let mut fixed: Vec<Node> = window.keys.iter().map(|key| Node::Expr(key.1)).collect();
        fixed.push(Node::Row(window.anchor));
        if let Some(period) = &window.period {
            fixed.extend(period.all().into_iter().map(Node::Expr));
        }
        let local = fixed.into_iter().all(|node| self.locality.node(node));
        let slot = one_slot(arena.set_traits(id).slots).filter(|_| local);
        self.emit(slot.map_or(Way::Everything, |slot| Way::Window(id, slot)), slot, scope);
        // What is asked of candidates may lead on from them.
        for candidate in window.keys.iter().map(|key| key.0).chain(window.fixed) {
            if !self.locality.expr(candidate) {
                let ways = self.body(Node::Expr(candidate));
                self.emit(Way::Members(id, ways), slot, scope);
            }
        }
        let conditions: Vec<Node> = window.open.into_iter().chain(window.filter).map(Node::Expr).collect();
        self.inner((window.slot, id), conditions, scope);
    }
}

/// The slot, if there is just one.
pub(super) fn one_slot(slots: u32) -> Option<Slot> {
    let slot = Slot::try_from(slots.trailing_zeros()).ok()?;
    slots.is_power_of_two().then_some(slot)
}

/// Everything a rule reads, whatever the way.
struct Kinds<'p> {
    plan: &'p Plan,
    read: Vec<bool>,
    moving: bool,
    seen: BTreeSet<Node>,
    summaries: BTreeSet<SummaryId>,
}

impl<'p> Kinds<'p> {
    fn of(plan: &'p Plan, count: usize, rule: &RulePlan) -> Self {
        let mut found = Kinds {
            plan,
            read: vec![false; count],
            moving: false,
            seen: BTreeSet::new(),
            summaries: BTreeSet::new(),
        };
        found.source(rule.subject);
        for root in roots(rule) {
            found.node(root);
        }
        found
    }

    fn source(&mut self, source: Source) {
        match source {
            Source::Kind(kind) => {
                if let Some(held) = self.read.get_mut(usize::from(kind.0)) {
                    *held = true;
                }
            }
            Source::Table(_) => {}
            Source::Summary(id) => {
                let Some(summary) = self.plan.summaries.get(id.index()) else { return };
                if !self.summaries.insert(id) {
                    return;
                }
                self.source(summary.source);
                summary.filter.iter().for_each(|filter| self.node(Node::Expr(*filter)));
                summary.keys.iter().for_each(|key| self.key(key.value));
            }
        }
    }

    fn key(&mut self, value: KeyValuePlan) {
        match value {
            KeyValuePlan::One(value) | KeyValuePlan::EachDay(value) => self.node(Node::Expr(value)),
            KeyValuePlan::Each(set, _, value) => {
                self.node(Node::Set(set));
                self.node(Node::Expr(value));
            }
        }
    }

    fn node(&mut self, node: Node) {
        if !self.seen.insert(node) {
            return;
        }
        let arena = &self.plan.arena;
        match node {
            Node::Expr(id) => match &arena.expr(id).op {
                ExprOp::AsOf => self.moving = true,
                ExprOp::At(_, source, ..) | ExprOp::Clock(_, source) | ExprOp::Service(_, source) => {
                    self.source(*source);
                }
                ExprOp::Field(_, kind, _) | ExprOp::Reference(_, kind) => self.source(Source::Kind(*kind)),
                _ => {}
            },
            Node::Row(id) => self.source(arena.row(id).source),
            Node::Set(id) => self.source(arena.set(id).source),
        }
        arena.parts(node).into_iter().for_each(|part| self.node(part));
    }
}
