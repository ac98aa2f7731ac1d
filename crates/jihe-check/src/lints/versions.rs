//! Groups whose members may see different rows of a dated table (sentence 21).
//!
//! In: a rule over groups. Out: W0506.
//! Invariant: a group with a calendar key is left alone.

use jihe_diagnostics::Diagnostic;

use crate::errors;
use crate::typed::{Rule, Seen, Source, TypedRules};

/// A table read on the date of service of a group without a calendar key.
pub(super) fn check(rule: &Rule, rules: &TypedRules, found: &mut Vec<Diagnostic>) {
    let Source::Summary(id) = rule.subject else { return };
    let Some(summary) = rules.summaries.get(id.index()) else { return };
    if summary.calendar.is_some() {
        return;
    }
    let first = rule.versions.iter().chain(&summary.versions).next();
    found.extend(first.and_then(|versions| {
        let table = rules.tables.get(versions.table.index())?;
        let span = match &versions.seen {
            Seen::Rows(rows) => rows.span,
            Seen::Listed(listed) => listed.span,
        };
        Some(errors::lints::several_versions(span, &table.name))
    }));
}
