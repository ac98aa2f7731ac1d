//! The groups of a rule that new records join.
//!
//! In: a rule with groups of its own, and the new rows of their kind. Out: those groups, whole.
//! Invariant: a group that no new record joins stays as it was, so nothing of it is asked.

use super::dirty::Delta;
use super::locality::Locality;
use super::new_rows;
use super::reads::roots;
use crate::column::{Column, ix};
use crate::domain::Domain;
use crate::ir::{ExprOp, Node, RowOp, SetOp};
use crate::maps::HashSet;
use crate::plan::{KeyValuePlan, Plan, RulePlan};
use crate::summaries::{SummaryData, group_rows};
use jihe_check::typed::{Rule, Source, SummaryId};
use jihe_model::value::Value;
use std::collections::BTreeSet;
use std::rc::Rc;

/// The groups of a rule, if it asks of them only what their own members say.
pub(super) fn own_groups(plan: &Plan, of: (&Rule, &RulePlan), locality: &Locality) -> Option<SummaryId> {
    let (rule, steps) = of;
    let Source::Summary(id) = steps.subject else { return None };
    let summary = plan.summaries.get(id.index()).filter(|_| rule.grouped)?;
    let single =
        summary.keys.iter().all(|key| matches!(key.value, KeyValuePlan::One(value) if locality.expr(value)));
    let unfilled = matches!(summary.source, Source::Kind(_)) && !summary.dense;
    let filter = summary.filter.is_none_or(|filter| locality.expr(filter));
    let mut walk = Walk { plan, id, locality, seen: BTreeSet::new() };
    (single && unfilled && filter && roots(steps).into_iter().all(|root| walk.own(root))).then_some(id)
}

struct Walk<'p> {
    plan: &'p Plan,
    id: SummaryId,
    locality: &'p Locality,
    seen: BTreeSet<Node>,
}

impl Walk<'_> {
    /// Whether a node asks only of the group, its members, and what those refer to.
    fn own(&mut self, node: Node) -> bool {
        if self.locality.node(node) || !self.seen.insert(node) {
            return true;
        }
        let arena = &self.plan.arena;
        let allowed = match node {
            Node::Expr(id) => arena.expr(id).op != ExprOp::AsOf,
            Node::Row(id) => {
                arena.row(id).op != RowOp::Var(0) || arena.row(id).source == Source::Summary(self.id)
            }
            Node::Set(id) => !matches!(arena.set(id).op, SetOp::All | SetOp::Window(_)),
        };
        allowed && arena.parts(node).into_iter().all(|part| self.own(part))
    }
}

/// The groups that new rows join, with all their members; none if no new row joins one.
pub(super) fn joined(delta: &Delta<'_, '_>, id: SummaryId) -> Option<SummaryData> {
    let context = delta.context;
    let plan = context.run.plan.summaries.get(id.index())?;
    let Source::Kind(kind) = plan.source else { return None };
    let (from, to) = delta.added(kind);
    if from == to {
        return None;
    }
    let keys: Vec<_> = plan
        .keys
        .iter()
        .filter_map(|key| if let KeyValuePlan::One(value) = key.value { Some(value) } else { None })
        .collect();
    let over = |domain: &Rc<Domain>| -> (Option<Rc<Column>>, Vec<Rc<Column>>) {
        let filter = plan.filter.map(|filter| context.eval(filter, domain));
        (filter, keys.iter().map(|key| context.eval(*key, domain)).collect())
    };
    let added = context.rows_domain(plan.source, new_rows(from, to));
    let new = over(&added);
    let touched: HashSet<Vec<i64>> = (0..added.len).filter_map(|at| words(&new, at)).collect();
    if touched.is_empty() {
        return None;
    }
    let firsts: HashSet<Option<i64>> = touched.iter().map(|words| words.first().copied()).collect();
    let old = over(&context.full(plan.source));
    let may = |row: u32| match old.1.first().map(|column| column.get(ix(row))) {
        Some(Value::Known(word)) => firsts.contains(&Some(word)),
        Some(_) => false,
        None => true,
    };
    let joins = |row: &u32| may(*row) && words(&old, ix(*row)).is_some_and(|words| touched.contains(&words));
    let members: Rc<[u32]> =
        (0..to).filter(|row| !context.is_hidden(plan.source, *row)).filter(joins).collect();
    Some(group_rows(context, plan, &context.rows_domain(plan.source, members)))
}

/// The keys of a row, if the filter holds of it and all are known.
fn words(of: &(Option<Rc<Column>>, Vec<Rc<Column>>), at: usize) -> Option<Vec<i64>> {
    let holds = of.0.as_ref().is_none_or(|filter| matches!(filter.get(at), Value::Known(word) if word != 0));
    let word = |column: &Rc<Column>| match column.get(at) {
        Value::Known(word) => Some(word),
        Value::AtLeast(..) | Value::Missing(_) => None,
    };
    if holds { of.1.iter().map(word).collect() } else { None }
}
