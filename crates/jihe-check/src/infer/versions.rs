//! Dated tables read on the date of service of a group (sentence 21).
//!
//! In: a lookup or membership and the date it goes by. Out: [`Versions`] of the owner.
//! Invariant: only a date that nobody wrote, that of a group, is noted; what is noted needs no variable but the group's.

use std::collections::BTreeSet;

use jihe_diagnostics::Span;

use super::{Infer, Place, set};
use crate::typed::{
    AggregateFunction, Expr, ExprKind, Lookup, Row, Seen, Set, SetKind, Source, TableId, VarId, Versions,
    Which,
};
use crate::walk::{Part, walk_expr};

impl Infer<'_> {
    /// Notes what the members of a group would see of a table, if the date is that of a group.
    pub(super) fn note_group_date(
        &mut self,
        date: Option<&Expr>,
        table: TableId,
        seen: impl FnOnce(Expr) -> Seen,
    ) {
        let Some((group, span)) = date.and_then(group_of) else { return };
        let Some(Source::Summary(id)) = self.owner.sources.get(group.index()).copied() else { return };
        let Some(members) =
            self.records_behind(&Place { row: Row::Var(group), source: Source::Summary(id) }, span)
        else {
            return;
        };
        let (var, member) = self.fresh_place(members.source);
        let Some(own) = self.clock(&member, span) else { return };
        let seen = seen(own);
        let stays = free_in(&seen).iter().all(|used| *used == group || *used == var);
        let known = |noted: &Versions| noted.table == table && span_of(&noted.seen) == span_of(&seen);
        if stays && !self.owner.versions.iter().any(known) {
            self.owner.versions.push(Versions { table, group, members, var, seen });
        }
    }

    /// What was noted of one row.
    pub(super) fn versions_of(&mut self, group: VarId) -> Vec<Versions> {
        let all = std::mem::take(&mut self.owner.versions);
        all.into_iter().filter(|noted| noted.group == group).collect()
    }

    /// The records behind the row of a summary, through summaries of summaries.
    fn records_behind(&mut self, place: &Place, span: Span) -> Option<Set> {
        let Source::Summary(id) = place.source else { return None };
        let source = self.typed.summaries.get(id.index())?.records.source;
        let members = set(SetKind::Members(place.row.clone()), source, span);
        if !matches!(source, Source::Summary(_)) {
            return Some(members);
        }
        let (var, inner) = self.fresh_place(source);
        let inner = self.records_behind(&inner, span)?;
        let source = inner.source;
        let each = SetKind::Each { set: Box::new(members), var, inner: Box::new(inner) };
        Some(set(each, source, span))
    }
}

/// The group whose last member's clock a date is.
fn group_of(date: &Expr) -> Option<(VarId, Span)> {
    let ExprKind::Aggregate(last) = &date.kind else { return None };
    match (&last.function, &last.set.kind) {
        (AggregateFunction::Last, SetKind::Members(Row::Var(group))) => Some((*group, date.span)),
        _ => None,
    }
}

fn span_of(seen: &Seen) -> Span {
    match seen {
        Seen::Rows(rows) => rows.span,
        Seen::Listed(listed) => listed.span,
    }
}

/// The variables that are used and not bound inside; a variable is bound once in its owner.
fn free_in(seen: &Seen) -> BTreeSet<VarId> {
    let (mut used, mut bound) = (BTreeSet::new(), BTreeSet::new());
    let mut see = |part: Part<'_>| match part {
        Part::Row(Row::Var(var)) => {
            used.insert(*var);
        }
        Part::Row(Row::Pick(pick)) => {
            if let Which::Max(var, _) | Which::Min(var, _) = &pick.which {
                bound.insert(*var);
            }
        }
        Part::Expr(expr) => match &expr.kind {
            ExprKind::Aggregate(of) => {
                bound.insert(of.var);
            }
            ExprKind::Excess(of) | ExprKind::ExcessDays(of) => {
                bound.insert(of.var);
            }
            _ => {}
        },
        Part::Set(set) => bound.extend(bound_by(set)),
        Part::Row(_) => {}
    };
    match seen {
        Seen::Listed(listed) => walk_expr(listed, &mut see),
        Seen::Rows(rows) => {
            if let SetKind::Lookup(lookup) = &rows.kind {
                let Lookup { keys, as_of, .. } = lookup.as_ref();
                for expr in keys.iter().map(|(_, key)| key).chain(as_of) {
                    walk_expr(expr, &mut see);
                }
            }
        }
    }
    used.retain(|var| !bound.contains(var));
    used
}

fn bound_by(set: &Set) -> Option<VarId> {
    match &set.kind {
        SetKind::Window(window) => Some(window.var),
        SetKind::Each { var, .. } | SetKind::FollowEach { var, .. } | SetKind::Filter { var, .. } => {
            Some(*var)
        }
        SetKind::Densest(densest) => Some(densest.var),
        _ => None,
    }
}
