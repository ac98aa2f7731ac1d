//! Finds the steps a rule takes.
//!
//! In: a rule of the plan. Out: its conditions, groups, sorts, windows, aggregates, lookups and gathers.
//! Invariant: every node is visited once.

use crate::ir::{ExprId, ExprOp, RowId, RowOp, SetId, SetOp, WhichOp, WindowOp};
use crate::plan::base_of;
use crate::plan::{KeyValuePlan, NaturePlan, PartPlan, Plan, RulePlan};
use crate::sets::index::IndexKey;
use crate::sets::window::index_key;
use jihe_check::typed::{Source, SummaryId, TableId, TypedRules};
use std::collections::BTreeSet;

/// A step that rules may share.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A field of a record referred to.
    Gather(ExprId),
    /// The records of a source by a condition.
    Filter(Source, ExprId),
    /// Records grouped.
    Summary(SummaryId),
    /// Candidates by equal keys.
    Keys(Source, Vec<ExprId>),
    /// Candidates by equal keys, sorted by time.
    Sort(IndexKey),
    /// For every record its candidates.
    Window(SetId),
    /// One value of every window or group.
    Aggregate(ExprId),
    Lookup(TableId),
}

pub(super) fn steps_of(rules: &TypedRules, plan: &Plan, rule: &RulePlan) -> BTreeSet<Step> {
    let mut walk = Walk {
        rules,
        plan,
        steps: BTreeSet::new(),
        exprs: BTreeSet::new(),
        rows: BTreeSet::new(),
        sets: BTreeSet::new(),
    };
    walk.source(rule.subject);
    walk.steps.extend(rule.filter.map(|filter| Step::Filter(rule.subject, filter)));
    walk.exprs(rule.filter.iter().chain([&rule.when]).chain(&rule.exemptions).chain(&rule.amount));
    walk.nature(&rule.nature);
    for set in rule.offending.iter().chain(&rule.involved) {
        walk.set(*set);
    }
    walk.exprs(rule.values.iter().map(|value| &value.1));
    for part in &rule.message {
        if let PartPlan::Value(value) = part {
            walk.expr(*value);
        }
    }
    walk.steps
}

struct Walk<'a> {
    rules: &'a TypedRules,
    plan: &'a Plan,
    steps: BTreeSet<Step>,
    exprs: BTreeSet<ExprId>,
    rows: BTreeSet<RowId>,
    sets: BTreeSet<SetId>,
}

impl<'a> Walk<'a> {
    fn source(&mut self, source: Source) {
        let Source::Summary(id) = source else { return };
        if !self.steps.insert(Step::Summary(id)) {
            return;
        }
        let Some(summary) = self.plan.summaries.get(id.index()) else { return };
        self.source(summary.source);
        self.steps.extend(summary.filter.map(|filter| Step::Filter(summary.source, filter)));
        self.exprs(&summary.filter);
        for key in &summary.keys {
            match key.value {
                KeyValuePlan::One(value) | KeyValuePlan::EachDay(value) => self.expr(value),
                KeyValuePlan::Each(set, _, value) => {
                    self.set(set);
                    self.expr(value);
                }
            }
        }
    }

    fn nature(&mut self, nature: &NaturePlan) {
        if let NaturePlan::If(condition, yes, no) = nature {
            self.expr(*condition);
            self.nature(yes);
            self.nature(no);
        }
    }

    fn exprs<'e>(&mut self, all: impl IntoIterator<Item = &'e ExprId>) {
        for expr in all {
            self.expr(*expr);
        }
    }

    fn expr(&mut self, id: ExprId) {
        if !self.exprs.insert(id) {
            return;
        }
        let plan: &'a Plan = self.plan;
        match &plan.arena.expr(id).op {
            ExprOp::Word(_) | ExprOp::Text(_) | ExprOp::AsOf => {}
            ExprOp::Field(row, ..) => {
                if matches!(plan.arena.row(*row).op, RowOp::Follow(..)) {
                    self.steps.insert(Step::Gather(id));
                }
                self.row(*row);
            }
            ExprOp::Clock(row, _)
            | ExprOp::Service(row, _)
            | ExprOp::Key(row, ..)
            | ExprOp::Cell(row, ..)
            | ExprOp::Reference(row, _) => self.row(*row),
            ExprOp::At(row, source, body, _) => {
                self.source(*source);
                self.row(*row);
                self.expr(*body);
            }
            ExprOp::Parameter(_, a)
            | ExprOp::Not(a)
            | ExprOp::Negate(a)
            | ExprOp::InCodes(a, _)
            | ExprOp::IsKnown(a) => self.expr(*a),
            ExprOp::And(all) | ExprOp::Or(all) | ExprOp::Call(_, all) => self.exprs(all),
            ExprOp::Compare(_, a, b)
            | ExprOp::Arithmetic(_, a, b)
            | ExprOp::InCell(a, b)
            | ExprOp::Contains(a, b)
            | ExprOp::Default(a, b)
            | ExprOp::Interval(a, b, _) => self.exprs([a, b]),
            ExprOp::If(a, b, c) => self.exprs([a, b, c]),
            ExprOp::InTable(table, values, _, as_of) => {
                self.steps.insert(Step::Lookup(*table));
                self.exprs(values.iter().chain(as_of));
            }
            ExprOp::Aggregate(of) => {
                self.steps.insert(Step::Aggregate(id));
                self.set(of.set);
                self.exprs(of.value.iter().chain(&of.argument));
            }
            ExprOp::Excess(of) => {
                self.steps.insert(Step::Aggregate(id));
                self.set(of.set);
                self.exprs([&of.value, &of.limit]);
            }
        }
    }

    fn row(&mut self, id: RowId) {
        if !self.rows.insert(id) {
            return;
        }
        let plan: &'a Plan = self.plan;
        match &plan.arena.row(id).op {
            RowOp::Var(_) => {}
            RowOp::Follow(reference, _) => self.expr(*reference),
            RowOp::Pick(set, which) => {
                self.set(*set);
                if let WhichOp::Max(_, value) | WhichOp::Min(_, value) = which {
                    self.expr(*value);
                }
            }
            RowOp::At(outer, body) => {
                self.row(*outer);
                self.row(*body);
            }
        }
    }

    fn set(&mut self, id: SetId) {
        if !self.sets.insert(id) {
            return;
        }
        let plan: &'a Plan = self.plan;
        let node = plan.arena.set(id);
        self.source(node.source);
        match &node.op {
            SetOp::All => {}
            SetOp::Window(window) => {
                let key = self.index_of(window, node.source);
                self.steps.insert(Step::Keys(key.source, key.keys.clone()));
                self.steps.extend(key.time.is_some().then_some(Step::Sort(key)));
                self.steps.insert(Step::Window(id));
                self.window(window);
            }
            SetOp::Members(row) | SetOp::Single(row) => self.row(*row),
            SetOp::Each(set, _, inner) => {
                self.set(*set);
                self.set(*inner);
            }
            SetOp::FollowEach(set, _, row) => {
                self.set(*set);
                self.row(*row);
            }
            SetOp::Filter(set, _, condition) => {
                self.set(*set);
                self.expr(*condition);
            }
            SetOp::Except(a, b) => {
                self.set(*a);
                self.set(*b);
            }
            SetOp::Densest(of) => {
                self.set(of.set);
                self.exprs([&of.value, &of.width]);
            }
            SetOp::Lookup(table, keys, as_of) => {
                self.steps.insert(Step::Lookup(*table));
                self.exprs(keys.iter().map(|key| &key.1).chain(as_of));
            }
            SetOp::At(row, body) => {
                self.row(*row);
                self.set(*body);
            }
        }
    }

    fn index_of(&self, window: &WindowOp, source: Source) -> IndexKey {
        let kind = base_of(&self.plan.summaries, source).and_then(|kind| self.rules.schema.kind(kind));
        let clocked = kind.is_some_and(|kind| !kind.clock.is_empty());
        index_key(&self.plan.arena, window, source, clocked)
    }

    fn window(&mut self, window: &WindowOp) {
        self.row(window.anchor);
        for (candidate, anchor) in &window.keys {
            self.exprs([candidate, anchor]);
        }
        if let Some(period) = &window.period {
            self.exprs(&period.outer());
        }
        self.exprs(window.fixed.iter().chain(&window.open));
    }
}
