//! What only shows when all rules are seen together.
//!
//! In: all rules. Out: ids used twice, circles of 优先于.
//! Invariant: runs once, after every rule was typed.

use std::collections::BTreeMap;

use jihe_diagnostics::{Diagnostic, Span};
use jihe_syntax::tree::ClauseKind;

use crate::errors;
use crate::resolve::Names;
use crate::typed::TypedRules;

/// Checks the rules against each other.
pub(crate) fn check(names: &Names<'_>, rules: &TypedRules, diagnostics: &mut Vec<Diagnostic>) {
    let _ = rules;
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for declaration in &names.rules {
        let id = declaration.rule.clauses.iter().find_map(|clause| match &clause.kind {
            ClauseKind::Id(id) => Some((id.text.as_str(), id.span)),
            _ => None,
        });
        let (id, span) = id.unwrap_or((&declaration.rule.name.text, declaration.rule.name.span));
        match seen.get(id) {
            Some(first) => diagnostics.push(errors::structure::same_rule_id(id, span, *first)),
            None => {
                seen.insert(id, span);
            }
        }
    }
    circles(names, diagnostics);
}

/// 优先于 must not lead back to a rule.
fn circles(names: &Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut state: BTreeMap<usize, bool> = BTreeMap::new();
    for start in 0..names.rules.len() {
        visit(names, start, &mut state, (0, diagnostics));
    }
}

/// Depth first; `false` while a rule is on the way, `true` when it is done.
fn visit(
    names: &Names<'_>,
    at: usize,
    state: &mut BTreeMap<usize, bool>,
    (depth, diagnostics): (usize, &mut Vec<Diagnostic>),
) {
    if state.contains_key(&at) || depth > 500 {
        return;
    }
    state.insert(at, false);
    for (name, span) in precedes(names, at) {
        let Some(next) = names.rule_by_name.get(name).copied() else { continue };
        if state.get(&next) == Some(&false) {
            diagnostics.push(errors::structure::precedence_circle(name, span));
            continue;
        }
        visit(names, next, state, (depth.saturating_add(1), diagnostics));
    }
    state.insert(at, true);
}

fn precedes<'a>(names: &Names<'a>, at: usize) -> Vec<(&'a str, Span)> {
    let Some(declaration) = names.rules.get(at) else { return Vec::new() };
    let rule = declaration.rule;
    rule.clauses
        .iter()
        .filter_map(|clause| if let ClauseKind::Precedes(names) = &clause.kind { Some(names) } else { None })
        .flatten()
        .map(|name| (name.text.as_str(), name.span))
        .collect()
}
