//! One person's claims as they arrive: records that only grow, and what was computed over them.
//!
//! In: a person's history, then claims. Out: the findings of the subjects a claim can have changed.
//! Invariant: gives what a batch over all records so far gives; whatever a claim does beyond adding rows makes everything
//! be computed anew.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]

mod anchors;
mod append;
mod dirty;
mod fresh;
mod groups;
mod locality;
mod person;
mod reads;
mod sketches;
mod snapshot;

pub use person::{Added, Changed, Engine, Person};
pub use snapshot::{BadCell, SummaryCell, SummaryRows, snapshot_needs, summary_rows};

use crate::column::{Column, RowColumn, ix, small};
use crate::context::Context;
use crate::domain::{Domain, Shape};
use crate::ir::{ExprId, RowId};
use crate::maps::HashMap;
use crate::plan::Plan;
use crate::rules::evidence::Kin;
use crate::run::Constants;
use crate::sets::index::Grouping;
use jihe_check::typed::{Source, TypedRules};
use jihe_model::schema::KindId;
use locality::Locality;
use reads::Reads;
pub(crate) use sketches::Sketch;
use sketches::{OfRule, Sketches};
use std::cell::RefCell;
use std::rc::Rc;

/// What all sessions of a ruleset share.
#[derive(Debug)]
pub struct Prepared {
    constants: Constants,
    locality: Locality,
    reads: Reads,
}

/// Prepares rules for sessions.
pub fn prepare(rules: &TypedRules, plan: &Plan) -> Prepared {
    let locality = Locality::of(plan);
    let reads = Reads::of(rules, plan, &locality);
    Prepared { constants: Constants::first(rules, plan), locality, reads }
}

/// A list of keys over a source.
type GroupingKey = (Source, Vec<ExprId>);

/// Columns over all rows of a kind, each with how many rows it was computed for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    exprs: HashMap<ExprId, (Column, usize)>,
    rows: HashMap<RowId, RowColumn>,
    groupings: HashMap<GroupingKey, Grouping>,
    /// Whom records belong to; no reference that leads nowhere may lead somewhere later without all being made anew.
    kin: HashMap<(KindId, u32), Kin>,
    /// What findings were made of, by rule and subject.
    sketches: HashMap<usize, OfRule>,
}

/// Domains of some rows of a source.
type RowDomains = HashMap<(Source, Rc<[u32]>), Rc<Domain>>;

/// What a context has in a session.
#[derive(Debug)]
pub(crate) struct LiveContext<'a> {
    locality: &'a Locality,
    kept: RefCell<Kept>,
    domains: RefCell<RowDomains>,
    sketches: RefCell<Sketches>,
    supplied: &'a [snapshot::Supplied],
}

impl<'a> LiveContext<'a> {
    fn new(locality: &'a Locality, mut kept: Kept, supplied: &'a [snapshot::Supplied]) -> Self {
        let sketches = RefCell::new(Sketches::of(core::mem::take(&mut kept.sketches)));
        LiveContext { locality, kept: RefCell::new(kept), domains: RefCell::default(), sketches, supplied }
    }
}

impl LiveContext<'_> {
    /// Forgets what was computed over some rows of a source.
    pub(crate) fn forget(&self, source: Source) {
        self.domains.borrow_mut().retain(|key, _| key.0 != source);
    }
}

impl Context<'_> {
    pub(crate) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Whether an expression is not worth computing where nobody asks: it reads a set, and nothing of it is kept.
    pub(crate) fn is_heavy(&self, id: ExprId) -> bool {
        let kept = self.live.as_ref().is_some_and(|live| live.locality.expr(id));
        !kept && self.run.plan.arena.expr_traits(id).heavy
    }

    /// The domain of some rows of a source; in a session the same rows have the same domain.
    pub(crate) fn rows_domain(&self, source: Source, rows: Rc<[u32]>) -> Rc<Domain> {
        let Some(live) = &self.live else { return Domain::rows(rows) };
        let mut domains = live.domains.borrow_mut();
        let held = domains.entry((source, Rc::clone(&rows))).or_insert_with(|| Domain::rows(rows));
        Rc::clone(held)
    }

    /// The rows of a source from one on.
    fn tail(&self, source: Source, from: usize, to: usize) -> Rc<Domain> {
        self.rows_domain(source, (small(from)..small(to)).collect())
    }

    /// A column kept from before, with the values of new rows.
    pub(crate) fn kept_column(&self, id: ExprId, domain: &Domain) -> Option<Column> {
        let live = self.live.as_ref()?;
        let Shape::Full(source) = domain.shape else { return None };
        let (mut column, len) = live.kept.borrow_mut().exprs.remove(&id)?;
        if len < domain.len {
            let more = self.eval(id, &self.tail(source, len, domain.len));
            column.append(len, &more, domain.len.saturating_sub(len));
        }
        Some(column)
    }

    /// Rows kept from before, with those of new rows.
    pub(crate) fn kept_rows(&self, id: RowId, domain: &Domain) -> Option<RowColumn> {
        let live = self.live.as_ref()?;
        let Shape::Full(source) = domain.shape else { return None };
        let mut column = live.kept.borrow_mut().rows.remove(&id)?;
        let len = column.rows.len();
        if len < domain.len {
            column.append(&self.eval_row(id, &self.tail(source, len, domain.len)));
        }
        Some(column)
    }

    pub(crate) fn kept_grouping(&self, key: &GroupingKey) -> Option<Grouping> {
        self.live.as_ref()?.kept.borrow_mut().groupings.remove(key)
    }

    /// What may be kept for the next claim: everything that depends on single rows of kinds alone.
    fn into_kept(self) -> Kept {
        let Some(live) = self.live else { return Kept::default() };
        let locality = live.locality;
        let mut kept = live.kept.into_inner();
        kept.kin = self.kin.into_inner();
        kept.sketches = live.sketches.into_inner().held;
        drop((live.domains, self.indexes, self.filtered));
        let is_kind = |source: &Source| matches!(source, Source::Kind(_));
        let full = self.full.into_inner();
        for (_, domain) in full.into_iter().filter(|(source, _)| is_kind(source)).collect::<Vec<_>>() {
            let len = domain.len;
            let columns = domain.exprs.borrow_mut().drain().collect::<Vec<_>>();
            let local = columns.into_iter().filter(|(id, _)| locality.expr(*id));
            kept.exprs.extend(local.map(|(id, column)| (id, (Rc::unwrap_or_clone(column), len))));
            let rows = domain.rows.borrow_mut().drain().collect::<Vec<_>>();
            let local = rows.into_iter().filter(|(id, _)| locality.row(*id));
            kept.rows.extend(local.map(|(id, column)| (id, Rc::unwrap_or_clone(column))));
        }
        let keeps = |(key, _): &(GroupingKey, Rc<Grouping>)| {
            is_kind(&key.0) && key.1.iter().all(|key| locality.expr(*key))
        };
        let groupings = self.groupings.into_inner().into_iter().filter(keeps);
        kept.groupings.extend(groupings.map(|(key, grouping)| (key, Rc::unwrap_or_clone(grouping))));
        kept
    }
}

/// The rows of a kind from one on.
fn new_rows(from: u32, to: u32) -> Rc<[u32]> {
    (from..to).collect()
}

/// A set of rows of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rows {
    None,
    Some(Vec<u32>),
    All,
}

impl Rows {
    fn of(mut rows: Vec<u32>) -> Rows {
        rows.sort_unstable();
        rows.dedup();
        if rows.is_empty() { Rows::None } else { Rows::Some(rows) }
    }

    /// Rows that are sorted already.
    fn sorted(rows: Vec<u32>) -> Rows {
        if rows.is_empty() { Rows::None } else { Rows::Some(rows) }
    }

    /// The rows, if they are some.
    fn listed(&self) -> Rc<[u32]> {
        match self {
            Rows::Some(rows) => Rc::from(rows.as_slice()),
            Rows::None | Rows::All => Rc::from(Vec::new()),
        }
    }

    fn and(self, other: Rows) -> Rows {
        match (self, other) {
            (Rows::All, _) | (_, Rows::All) => Rows::All,
            (Rows::None, rows) | (rows, Rows::None) => rows,
            (Rows::Some(mut a), Rows::Some(b)) => {
                a.extend(b);
                Rows::of(a)
            }
        }
    }

    fn holds(&self, row: u32) -> bool {
        match self {
            Rows::None => false,
            Rows::Some(rows) => rows.binary_search(&row).is_ok(),
            Rows::All => true,
        }
    }
}

/// Whether a bit is set.
fn bit(bits: &[bool], at: u32) -> bool {
    bits.get(ix(at)).copied().unwrap_or(false)
}
