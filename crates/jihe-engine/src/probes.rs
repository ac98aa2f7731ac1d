//! Conditions that an index of codes can answer: equality with a text, membership in a code set or in a column of a table.
//!
//! In: the conditions of rules, windows and groups. Out: [`Probes`], part of the plan.
//! Invariant: a row whose code a probe refuses is refused by the whole condition.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]

use crate::ir::{Arena, ExprId, ExprOp, SetOp};
use crate::maps::{HashMap, HashSet};
use crate::plan::{RulePlan, SummaryPlan};
use jihe_check::typed::{CompareOp, TableId, TypedRules};

/// What is asked of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    /// It is one of these texts.
    Is(Vec<ExprId>),
    /// It belongs to a code set.
    Codes(usize),
    /// It stands in a column of a table.
    Table(TableId, usize),
}

/// A condition, or a conjunct of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The code, an expression of one row.
    pub(crate) key: ExprId,
    pub(crate) test: Test,
    /// Whether it is the whole condition.
    pub(crate) whole: bool,
    /// How many conditions of the plan ask for this code.
    pub(crate) shared: usize,
}

/// The probes of every condition that has some.
#[derive(Debug, Clone, Default)]
pub(crate) struct Probes {
    by_condition: HashMap<ExprId, Vec<Probe>>,
}

impl Probes {
    pub(crate) fn new(
        rules: &TypedRules,
        arena: &Arena,
        (planned, summaries): (&[RulePlan], &[SummaryPlan]),
    ) -> Self {
        let windows = arena.sets().filter_map(|set| match &set.op {
            SetOp::Window(window) => window.fixed,
            _ => None,
        });
        let filters = planned.iter().filter_map(|rule| rule.filter);
        let conditions: HashSet<ExprId> =
            filters.chain(summaries.iter().filter_map(|summary| summary.filter)).chain(windows).collect();
        let mut conditions: Vec<ExprId> = conditions.into_iter().collect();
        conditions.sort_unstable();
        let work = Work { rules, arena };
        let mut found: Vec<(ExprId, Vec<Probe>)> =
            conditions.into_iter().map(|condition| (condition, work.probes(condition))).collect();
        let mut counts: HashMap<ExprId, usize> = HashMap::default();
        for probe in found.iter().flat_map(|(_, probes)| probes) {
            let held = counts.entry(probe.key).or_insert(0);
            *held = held.saturating_add(1);
        }
        for probe in found.iter_mut().flat_map(|(_, probes)| probes) {
            probe.shared = counts.get(&probe.key).copied().unwrap_or(1);
        }
        Probes { by_condition: found.into_iter().filter(|(_, probes)| !probes.is_empty()).collect() }
    }

    /// The probes of a condition.
    pub(crate) fn of(&self, condition: ExprId) -> &[Probe] {
        self.by_condition.get(&condition).map_or(&[], |probes| probes)
    }
}

struct Work<'w> {
    rules: &'w TypedRules,
    arena: &'w Arena,
}

impl Work<'_> {
    fn probes(&self, condition: ExprId) -> Vec<Probe> {
        match &self.arena.expr(condition).op {
            ExprOp::And(all) => all.iter().filter_map(|part| self.single(*part, false)).collect(),
            _ => self.single(condition, true).into_iter().collect(),
        }
    }

    fn single(&self, condition: ExprId, whole: bool) -> Option<Probe> {
        let (key, test) = match &self.arena.expr(condition).op {
            ExprOp::Compare(CompareOp::Equal, a, b) => {
                let (key, text) = if self.is_text(*b) { (*a, *b) } else { (*b, *a) };
                (key, self.is_text(text).then(|| Test::Is(vec![text]))?)
            }
            ExprOp::Or(all) => {
                let parts = all.iter().map(|part| self.single(*part, whole));
                let mut parts = parts.map(|part| match part? {
                    Probe { key, test: Test::Is(texts), .. } => Some((key, texts)),
                    Probe { .. } => None,
                });
                let (key, mut texts) = parts.next()??;
                for part in parts {
                    let (_, more) = part.filter(|(other, _)| *other == key)?;
                    texts.extend(more);
                }
                (key, Test::Is(texts))
            }
            ExprOp::InCodes(key, codes) => (*key, Test::Codes(codes.index())),
            ExprOp::InTable(table, values, columns, as_of) => {
                let ([key], [column]) = (values.as_slice(), columns.as_slice()) else { return None };
                let held = self.rules.tables.get(table.index())?;
                let timeless = as_of.is_none() || held.validity.is_none();
                let plain = held.columns.get(*column).is_some_and(|column| column.ty.is_symbol());
                (*key, (timeless && plain).then_some(Test::Table(*table, *column))?)
            }
            _ => return None,
        };
        self.is_code(key).then_some(Probe { key, test, whole, shared: 1 })
    }

    fn is_text(&self, id: ExprId) -> bool {
        matches!(self.arena.expr(id).op, ExprOp::Text(_))
    }

    /// Whether an expression is a code of one row, cheap to read.
    fn is_code(&self, id: ExprId) -> bool {
        let traits = self.arena.expr_traits(id);
        self.arena.expr(id).ty.is_symbol() && traits.slots == 1 && !traits.heavy
    }
}
