//! 跨有效期: the dated tables of which the records of a group see different rows (sentence 21).
//!
//! In: a rule, its subject, and the scope of the rule. Out: names of tables.
//! Invariant: every record is asked on its own date of service; one that cannot tell is passed over.

use crate::env::Env;
use crate::eval::eval;
use crate::rows::RowRef;
use crate::sets::rows;
use jihe_check::typed::{Rule, Seen, Source, Versions};
use std::collections::BTreeSet;

/// What one record sees: the rows, or whether the values are listed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum View {
    Rows(Vec<RowRef>),
    Listed(bool),
}

pub(crate) fn several_versions(rule: &Rule, subject: RowRef, env: &Env<'_>) -> Vec<String> {
    let mut tables = Vec::new();
    for versions in &rule.versions {
        add(versions, env, &mut tables);
    }
    if let Source::Summary(id) = rule.subject
        && let Some(summary) = env.world.rules.summaries.get(id.index())
    {
        let of_columns = Env::owner(env.world, summary.row, subject);
        for versions in &summary.versions {
            add(versions, &of_columns, &mut tables);
        }
    }
    tables
}

fn add(versions: &Versions, env: &Env<'_>, tables: &mut Vec<String>) {
    let views: BTreeSet<View> = rows(&versions.members, env)
        .rows
        .into_iter()
        .filter_map(|member| view(&versions.seen, &env.with(versions.var, member)))
        .collect();
    let Some(table) = env.world.table(versions.table) else { return };
    if views.len() > 1 && !tables.contains(&table.name) {
        tables.push(table.name.clone());
    }
}

fn view(seen: &Seen, env: &Env<'_>) -> Option<View> {
    match seen {
        Seen::Rows(set) => {
            let found = rows(set, env);
            found.incomplete.is_none().then_some(View::Rows(found.rows))
        }
        Seen::Listed(listed) => eval(listed, env).decide().ok().map(View::Listed),
    }
}
