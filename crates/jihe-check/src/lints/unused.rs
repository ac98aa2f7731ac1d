//! Declarations that nothing mentions.
//!
//! In: the declarations as written. Out: W0510.
//! Invariant: a declaration is said to be unused only if its name stands nowhere else; files without rules are left alone.

use std::collections::BTreeSet;

use jihe_diagnostics::{Diagnostic, Span};
use jihe_syntax::tree::{self, Clause, ClauseKind, CodeTerm, Codes, CodesBody, Expr, TemplatePart};

use crate::errors::lints::unused;
use crate::mentions::names_in;
use crate::resolve::Names;
use crate::typed::{Bound, Rule};

/// Parameters, code sets, tables, derived fields and summaries. A 设 is looked at with its rule.
pub(crate) fn check(names: &Names<'_>, diagnostics: &mut Vec<Diagnostic>) {
    // What could not be read may use anything.
    if names.rules.is_empty() || !names.broken.is_empty() {
        return;
    }
    let used = mentioned(names);
    let mut look = |name: &str, span: Span, what: (&str, &str)| {
        if !used.contains(name) {
            diagnostics.push(unused(name, span, what));
        }
    };
    for parameter in &names.parameters {
        look(&parameter.name.text, parameter.name.span, ("参数", "parameter"));
    }
    for codes in &names.code_sets {
        look(&codes.name.text, codes.name.span, ("编码集", "code set"));
    }
    for table in &names.tables {
        look(&table.name.text, table.name.span, ("知识表", "table"));
    }
    for derived in &names.derived {
        look(&derived.bind.name.text, derived.bind.name.span, ("派生字段", "derived field"));
    }
    for summary in &names.summaries {
        look(&summary.name.text, summary.name.span, ("统计", "summary"));
    }
}

/// Every name that some declaration mentions, its own name apart.
fn mentioned(names: &Names<'_>) -> BTreeSet<String> {
    let mut found = Vec::new();
    for derived in &names.derived {
        names_in(&derived.bind.value, &mut found);
    }
    for summary in &names.summaries {
        names_in(&summary.records, &mut found);
        for key in &summary.group.keys {
            names_in(&key.value, &mut found);
        }
        for column in &summary.columns {
            names_in(&column.value, &mut found);
        }
    }
    for declaration in &names.rules {
        for clause in &declaration.rule.clauses {
            names_in_clause(clause, &mut found);
        }
    }
    let mut used: BTreeSet<String> = found.into_iter().map(|(name, _)| name).collect();
    for codes in &names.code_sets {
        used.extend(names_in_codes(codes));
    }
    used
}

fn names_in_codes(codes: &Codes) -> Vec<String> {
    let CodesBody::Terms { base, except } = &codes.body else { return Vec::new() };
    let terms = std::iter::once(base).chain(except);
    let named =
        |term: &CodeTerm| if let CodeTerm::Name(name) = term { Some(name.text.clone()) } else { None };
    terms.filter_map(named).collect()
}

/// A 设 of records that no other clause names; one of a value stands in the finding anyway.
pub(crate) fn lets(rule: &tree::Rule, typed: &Rule, found: &mut Vec<Diagnostic>) {
    for (at, clause) in rule.clauses.iter().enumerate() {
        let ClauseKind::Let(bind) = &clause.kind else { continue };
        let of_records = typed
            .lets
            .iter()
            .any(|bound| bound.name == bind.name.text && !matches!(bound.value, Bound::Value(_)));
        if !of_records {
            continue;
        }
        let mut elsewhere = Vec::new();
        for (other, clause) in rule.clauses.iter().enumerate() {
            if other != at {
                names_in_clause(clause, &mut elsewhere);
            }
        }
        if !elsewhere.iter().any(|(name, _)| *name == bind.name.text) {
            found.push(unused(&bind.name.text, bind.name.span, ("设", "let")));
        }
    }
}

/// The names of a clause; of a 设 those of its value.
fn names_in_clause(clause: &Clause, found: &mut Vec<(String, Span)>) {
    let mut all = |exprs: &[Expr]| {
        for expr in exprs {
            names_in(expr, found);
        }
    };
    match &clause.kind {
        ClauseKind::For { records, group } => {
            all(std::slice::from_ref(records));
            for key in group.iter().flat_map(|group| &group.keys) {
                all(std::slice::from_ref(&key.value));
            }
        }
        ClauseKind::Let(bind) => all(std::slice::from_ref(&bind.value)),
        ClauseKind::When(expr)
        | ClauseKind::Unless { condition: expr, .. }
        | ClauseKind::Nature(expr)
        | ClauseKind::Amount(expr) => all(std::slice::from_ref(expr)),
        ClauseKind::Offending(exprs) | ClauseKind::Involving(exprs) | ClauseKind::Show(exprs) => all(exprs),
        ClauseKind::Message(template) => {
            for part in &template.parts {
                if let TemplatePart::Expr(expr) = part {
                    all(std::slice::from_ref(expr));
                }
            }
        }
        ClauseKind::Id(_)
        | ClauseKind::Title(_)
        | ClauseKind::Basis(_)
        | ClauseKind::Stages(_)
        | ClauseKind::Effective { .. }
        | ClauseKind::Precedes(_)
        | ClauseKind::Verify(_) => {}
    }
}
