//! Which rules an index of rows by code serves.
//!
//! In: the plan, and the steps of every rule. Out: for each source and code the rules that look for rows by it.
//! Invariant: a code is named only if an audit with its usual options indexes rows by it.

use super::walk::Step;
use crate::audit::Options;
use crate::ir::{ExprId, SetOp};
use crate::plan::Plan;
use jihe_check::typed::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The places of rules by the source and the code whose index finds the rows of their conditions.
pub(super) fn by_code(plan: &Plan, steps: &[BTreeSet<Step>]) -> BTreeMap<(Source, ExprId), BTreeSet<usize>> {
    let from = Options::default().index_from;
    let mut found: BTreeMap<(Source, ExprId), BTreeSet<usize>> = BTreeMap::new();
    for (at, steps) in steps.iter().enumerate() {
        let conditions = steps.iter().filter_map(|step| condition(plan, step));
        for (source, condition) in conditions.filter(|(source, _)| !matches!(source, Source::Table(_))) {
            let probes = plan.probes.of(condition).iter().filter(|probe| probe.shared >= from);
            for probe in probes {
                found.entry((source, probe.key)).or_default().insert(at);
            }
        }
    }
    found
}

/// The condition by which a step looks for rows, and of what.
fn condition(plan: &Plan, step: &Step) -> Option<(Source, ExprId)> {
    match step {
        Step::Filter(source, filter) => Some((*source, *filter)),
        Step::Window(set) => {
            let node = plan.arena.set(*set);
            match &node.op {
                SetOp::Window(window) => window.fixed.map(|fixed| (node.source, fixed)),
                _ => None,
            }
        }
        Step::Gather(_)
        | Step::Summary(_)
        | Step::Keys(..)
        | Step::Sort(_)
        | Step::Aggregate(_)
        | Step::Lookup(_) => None,
    }
}
