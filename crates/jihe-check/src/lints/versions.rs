//! Groups whose members may see different rows of a dated table (sentence 21).
//!
//! In: a rule over groups. Out: W0506.
//! Invariant: a group with a calendar key is left alone.

use jihe_diagnostics::Diagnostic;

use crate::errors;
use crate::typed::{Rule, SetKind, Source, TypedRules};
use crate::walk::{Part, walk_rule};

/// A dated lookup in group scope without a calendar key.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let Source::Summary(id) = rule.subject else { return };
    let Some(summary) = rules.summaries.get(id.index()) else { return };
    if summary.calendar.is_some() {
        return;
    }
    let mut warning = None;
    walk_rule(rule, &mut |part| {
        let Part::Set(set) = part else { return };
        let SetKind::Lookup(lookup) = &set.kind else { return };
        if lookup.as_of.is_some()
            && warning.is_none()
            && let Some(table) = rules.tables.get(lookup.table.index())
        {
            warning = Some(errors::lints::several_versions(set.span, &table.name));
        }
    });
    found.extend(warning);
}
