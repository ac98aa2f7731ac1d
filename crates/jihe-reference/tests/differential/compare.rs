//! One case through both, and the smallest part of it that still differs.
//!
//! In: typed rules and claims. Out: the outcomes, or what differs.
//! Invariant: everything but the list of subjects, which is only recorded on request, is compared.

use super::case;
use super::claims::{Claims, KEY_PARTS};
use super::rules::Rules;
use jihe_check::typed::TypedRules;
use jihe_engine::Options;
use jihe_model::finding::Outcomes;

/// A set of rules and records to try them on.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) rules: Rules,
    pub(crate) claims: Claims,
}

/// The outcomes if both agree, however the engine's work is cut, else what differs.
pub(crate) fn difference(typed: &TypedRules, claims: &Claims) -> Result<Outcomes, String> {
    let records = case::records(&typed.schema, &claims.text(), claims.run.clone());
    let expected = jihe_reference::audit(typed, &records);
    for (buckets, chunk) in [(None, 1 << 20), (Some(3), 5)] {
        let options = Options { buckets, chunk, ..Options::default() };
        let mut found = jihe_engine::audit(typed, &records, &options);
        found.subjects.clone_from(&expected.subjects);
        if found != expected {
            return Err(format!("{}\n in buckets {buckets:?}", told(&expected, &found)));
        }
    }
    Ok(expected)
}

/// The first thing that differs.
fn told(expected: &Outcomes, found: &Outcomes) -> String {
    for (id, coverage) in &expected.coverage {
        if found.coverage.get(id) != Some(coverage) {
            let subjects = case::told(expected);
            return format!(
                "coverage of {id}\n reference {coverage:?}\n engine    {:?}\n {subjects}",
                found.coverage.get(id)
            );
        }
    }
    for (left, right) in expected.findings.iter().zip(&found.findings) {
        if left != right {
            return format!("finding\n reference {left:?}\n engine    {right:?}");
        }
    }
    format!(
        "findings {} and {}, unmatched {} and {}, over-refunded {} and {}",
        expected.findings.len(),
        found.findings.len(),
        expected.unmatched_refunds,
        found.unmatched_refunds,
        expected.over_refunded,
        found.over_refunded
    )
}

/// Leaves out one row, one block, one column after another while the two still differ.
pub(crate) fn smallest(typed: &TypedRules, mut case: Case) -> (Case, String) {
    let mut known = difference(typed, &case.claims).err().unwrap_or_default();
    loop {
        let smaller = parts(&case.claims).into_iter().find_map(|claims| {
            let text = difference(typed, &claims).err()?;
            Some((claims, text))
        });
        let Some((claims, text)) = smaller else { return (case, known) };
        case.claims = claims;
        known = text;
    }
}

/// Every way to leave out one row, or to empty one cell.
fn parts(claims: &Claims) -> Vec<Claims> {
    let mut parts = Vec::new();
    for (block, rows) in claims.blocks.iter().enumerate() {
        for row in 0..rows.rows.len() {
            let mut fewer = claims.clone();
            fewer.blocks[block].rows.remove(row);
            parts.push(fewer);
        }
        if rows.rows.is_empty() {
            let mut fewer = claims.clone();
            fewer.blocks.remove(block);
            parts.push(fewer);
        }
        for column in 1..rows.columns.len() {
            if KEY_PARTS.contains(&rows.columns[column]) {
                continue;
            }
            let mut fewer = claims.clone();
            fewer.blocks[block].columns.remove(column);
            for row in &mut fewer.blocks[block].rows {
                row.remove(column);
            }
            parts.push(fewer);
        }
    }
    parts
}
