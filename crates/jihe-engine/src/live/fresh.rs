//! What codes the new rows of a claim have, so that rules about other codes are passed over.
//!
//! In: new rows and a condition. Out: whether the condition may hold of one of them.
//! Invariant: a condition that may hold, or be undecided, is never passed over.

use super::dirty::Delta;
use crate::column::Column;
use crate::domain::Domain;
use crate::ir::ExprId;
use crate::maps::{HashMap, HashSet};
use crate::probes::{Probe, Test};
use jihe_check::typed::Source;
use jihe_model::schema::KindId;
use jihe_model::value::Value;
use std::rc::Rc;

/// The new rows of kinds, and the words they have in fields that conditions ask for; none where one is not known.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    rows: HashMap<KindId, Rc<Domain>>,
    words: HashMap<(KindId, ExprId), Option<HashSet<i64>>>,
}

impl Delta<'_, '_> {
    /// The new rows of a kind, a domain that all rules about them share.
    pub(super) fn fresh(&self, kind: KindId) -> Rc<Domain> {
        let (from, to) = self.added(kind);
        let make = || self.context.rows_domain(Source::Kind(kind), super::new_rows(from, to));
        Rc::clone(self.fresh.borrow_mut().rows.entry(kind).or_insert_with(make))
    }

    /// Whether a condition may hold of a new row, by the codes it asks for.
    pub(super) fn may_hold(&self, kind: KindId, condition: ExprId) -> bool {
        self.context.run.plan.probes.of(condition).iter().all(|probe| self.has(kind, probe))
    }

    fn has(&self, kind: KindId, probe: &Probe) -> bool {
        let Test::Is(texts) = &probe.test else { return true };
        let rows = self.fresh(kind);
        let column = || words(&self.context.eval(probe.key, &rows), rows.len);
        let mut fresh = self.fresh.borrow_mut();
        let Some(words) = fresh.words.entry((kind, probe.key)).or_insert_with(column) else { return true };
        texts.iter().any(|text| match self.context.eval(*text, &self.context.unit).get(0) {
            Value::Known(word) => words.contains(&word),
            Value::AtLeast(..) | Value::Missing(_) => true,
        })
    }
}

fn words(column: &Column, rows: usize) -> Option<HashSet<i64>> {
    let word = |at: usize| match column.get(at) {
        Value::Known(word) => Some(word),
        Value::AtLeast(..) | Value::Missing(_) => None,
    };
    (0..rows).map(word).collect()
}
