//! Lowers what the records behind a group see of dated tables (sentence 21).
//!
//! In: a rule. Out: [`VersionsPlan`]s over its subject as slot 0.
//! Invariant: what the columns of a summary read counts for every rule about its rows.

use super::{Lowering, Scope};
use crate::lower::Owner;
use crate::plan::{SeenPlan, VersionsPlan};
use jihe_check::typed::{Rule, Seen, Source, Versions};

impl Lowering<'_> {
    /// Those of the rule, then those of the summary it is about. Leaves the owner as that of the rule.
    pub(crate) fn versions(&mut self, rule: &Rule) -> Vec<VersionsPlan> {
        let source = self.source(rule.subject);
        let mut all: Vec<VersionsPlan> =
            rule.versions.iter().map(|versions| self.seen_by_members(versions, source)).collect();
        let Source::Summary(id) = rule.subject else { return all };
        let rules = self.rules;
        let Some(summary) = rules.summaries.get(id.index()) else { return all };
        let owner = Owner { subject: summary.row, source, lets: Vec::new() };
        let outer = core::mem::replace(&mut self.owner, owner);
        all.extend(summary.versions.iter().map(|versions| self.seen_by_members(versions, source)));
        self.owner = outer;
        all
    }

    fn seen_by_members(&mut self, versions: &Versions, source: Source) -> VersionsPlan {
        let scope = Scope::of(versions.group, source);
        let members = self.set(&versions.members, &scope);
        let (inner, slot) = scope.with(versions.var, self.source(versions.members.source));
        let seen = match &versions.seen {
            Seen::Rows(rows) => SeenPlan::Rows(self.set(rows, &inner)),
            Seen::Listed(listed) => SeenPlan::Listed(self.expr(listed, &inner)),
        };
        VersionsPlan { table: versions.table, members, slot, seen }
    }
}
