//! Which old records a rule must be asked about again after records were added.
//!
//! In: the ways of a rule, and where the new rows of every kind begin. Out: old rows, sorted.
//! Invariant: a row that is left out has the outcome and the finding it had.

use super::anchors::{Far, Matched};
use super::fresh::Fresh;
use super::reads::{Reads, RuleReads, Way, WaysId};
use super::{Rows, new_rows};
use crate::column::{Found, ix};
use crate::context::Context;
use crate::frame::Coverage;
use crate::ir::{RowId, SetId, SetOp, Slot, WindowOp};
use crate::live::locality::Locality;
use crate::maps::HashMap;
use jihe_check::typed::Source;
use jihe_model::schema::KindId;
use std::cell::RefCell;
use std::rc::Rc;

/// A claim being added.
pub(super) struct Delta<'d, 'a> {
    pub(super) context: &'d Context<'a>,
    pub(super) reads: &'d Reads,
    pub(super) locality: &'d Locality,
    /// The first new row of every kind.
    pub(super) firsts: &'d [u32],
    /// The coverage of every kind before.
    pub(super) coverage: &'d [Coverage],
    /// Whether 截止日 moved.
    pub(super) moved: bool,
    bodies: HashMap<(WaysId, Source), Rows>,
    windows: HashMap<(SetId, Source), Rows>,
    /// Old anchors that were looked for before.
    pub(super) matched: RefCell<Matched>,
    /// Old anchors beyond what was covered, by what decides which they are.
    beyond: RefCell<HashMap<(KindId, Far, Source), Rows>>,
    pub(super) fresh: RefCell<Fresh>,
}

impl<'d, 'a> Delta<'d, 'a> {
    pub(super) fn new(
        context: &'d Context<'a>,
        of: (&'d Reads, &'d Locality),
        before: (&'d [u32], &'d [Coverage]),
        moved: bool,
    ) -> Self {
        Delta {
            context,
            reads: of.0,
            locality: of.1,
            firsts: before.0,
            coverage: before.1,
            moved,
            bodies: HashMap::default(),
            windows: HashMap::default(),
            matched: RefCell::default(),
            beyond: RefCell::default(),
            fresh: RefCell::default(),
        }
    }

    /// The old subjects of a rule that must be asked again.
    pub(super) fn subjects(&mut self, rule: &RuleReads, source: Source) -> Rows {
        if self.moved && rule.moving {
            return Rows::All;
        }
        let changed = (0u16..).map(KindId).zip(&rule.kinds).any(|(kind, read)| *read && self.grew(kind));
        if !changed {
            return Rows::None;
        }
        self.dirty(&rule.ways, source)
    }

    /// New rows of a kind: from one up to another.
    pub(super) fn added(&self, kind: KindId) -> (u32, u32) {
        let from = self.firsts.get(usize::from(kind.0)).copied().unwrap_or(0);
        let to = self.context.kind(kind).map_or(0, crate::frame::KindTable::len);
        (from.min(to), to)
    }

    fn grew(&self, kind: KindId) -> bool {
        let (from, to) = self.added(kind);
        from < to
    }

    fn dirty(&mut self, ways: &[Way], source: Source) -> Rows {
        let mut found = Rows::None;
        for way in ways {
            found = found.and(self.way(way, source));
            if found == Rows::All {
                break;
            }
        }
        found
    }

    fn way(&mut self, way: &Way, source: Source) -> Rows {
        match way {
            Way::Everything => Rows::All,
            Way::Window(set, slot) => {
                if let Some(known) = self.windows.get(&(*set, source)) {
                    return known.clone();
                }
                let rows = self.opened(*set, *slot, source);
                self.windows.insert((*set, source), rows.clone());
                rows
            }
            Way::Through(row, to, id) => {
                let there = self.body(*id, *to);
                self.through(*row, &there, source)
            }
            Way::Members(set, id) => {
                let members = self.body(*id, self.context.run.plan.arena.set(*set).source);
                self.reached(*set, &members, source)
            }
        }
    }

    fn body(&mut self, id: WaysId, source: Source) -> Rows {
        if let Some(known) = self.bodies.get(&(id, source)) {
            return known.clone();
        }
        let reads = self.reads;
        let rows = reads.bodies.get(id).map_or(Rows::All, |ways| self.dirty(ways, source));
        self.bodies.insert((id, source), rows.clone());
        rows
    }

    /// Old rows of a source that lead to rows of a set of rows.
    fn through(&self, row: RowId, there: &Rows, source: Source) -> Rows {
        let arena = &self.context.run.plan.arena;
        match there {
            Rows::None => Rows::None,
            _ if arena.row_traits(row).slots != 1 || !self.locality.row(row) => Rows::All,
            Rows::All => Rows::All,
            Rows::Some(_) => {
                let rows = self.context.eval_row(row, &self.context.full(source));
                let leads = |at: &u32| matches!(rows.get(ix(*at)), Found::Row(to) if there.holds(to));
                Rows::of((0..self.old(source)).filter(leads).collect())
            }
        }
    }

    /// How many old rows a source has.
    pub(super) fn old(&self, source: Source) -> u32 {
        match source {
            Source::Kind(kind) => self.added(kind).0,
            Source::Summary(_) | Source::Table(_) => 0,
        }
    }

    /// Old anchors whose window new rows, or new coverage, can have changed.
    fn opened(&self, set: SetId, slot: Slot, source: Source) -> Rows {
        let node = self.context.run.plan.arena.set(set);
        let (SetOp::Window(window), Source::Kind(kind)) = (&node.op, node.source) else { return Rows::All };
        let (from, to) = self.added(kind);
        if from == to {
            return Rows::None;
        }
        let found = self.matching(window, (node.source, new_rows(from, to), true), (source, slot));
        found.and(self.uncovered(window, kind, (source, slot)))
    }

    /// Old anchors whose window reaches beyond what was covered before.
    fn uncovered(&self, window: &WindowOp, kind: KindId, anchor: (Source, Slot)) -> Rows {
        let now = self.context.coverage(Source::Kind(kind));
        let before = self.coverage.get(usize::from(kind.0)).copied().unwrap_or(now);
        let placed = window.period.is_some() || window.neighbour.is_some();
        if now == before || !placed {
            return Rows::None;
        }
        match (before, now) {
            (Coverage::Days(first, last), Coverage::Days(from, _)) if first == from => {
                let asked = (kind, self.far(window, anchor), anchor.0);
                if let Some(known) = self.beyond.borrow().get(&asked) {
                    return known.clone();
                }
                let old = 0..self.old(anchor.0);
                let found = match self.reach(asked.1, anchor.0) {
                    Some(reach) => Rows::sorted(old.filter(|row| reach(*row) > last).collect()),
                    None => Rows::All,
                };
                self.beyond.borrow_mut().insert(asked, found.clone());
                found
            }
            _ => Rows::All,
        }
    }

    /// Old anchors whose set may hold one of some old rows.
    fn reached(&mut self, set: SetId, rows: &Rows, source: Source) -> Rows {
        let context = self.context;
        let node = context.run.plan.arena.set(set);
        let rows = match rows {
            Rows::None => return Rows::None,
            Rows::All => return Rows::All,
            Rows::Some(rows) => rows,
        };
        let slots = context.run.plan.arena.set_traits(set).slots;
        match &node.op {
            SetOp::Window(window) => {
                let Some(slot) = super::reads::one_slot(slots) else { return Rows::All };
                let fixed = window.keys.iter().all(|key| self.locality.expr(key.0));
                if !fixed {
                    return Rows::All;
                }
                self.matching(window, (node.source, Rc::from(rows.as_slice()), false), (source, slot))
            }
            SetOp::Filter(inner, ..) => self.reached(*inner, &Rows::Some(rows.clone()), source),
            SetOp::Densest(of) => self.reached(of.set, &Rows::Some(rows.clone()), source),
            SetOp::Except(a, b) => {
                let rows = Rows::Some(rows.clone());
                self.reached(*a, &rows, source).and(self.reached(*b, &rows, source))
            }
            SetOp::Single(row) => self.through(*row, &Rows::Some(rows.clone()), source),
            SetOp::Each(of, _, inner) => {
                let elements = context.run.plan.arena.set(*of).source;
                let inside = self.reached(*inner, &Rows::Some(rows.clone()), elements);
                self.reached(*of, &inside, source)
            }
            SetOp::At(row, body) => {
                let there = context.run.plan.arena.row(*row).source;
                let found = self.reached(*body, &Rows::Some(rows.clone()), there);
                self.through(*row, &found, source)
            }
            SetOp::Lookup(..) => Rows::None,
            SetOp::All | SetOp::Members(_) | SetOp::FollowEach(..) => Rows::All,
        }
    }
}
