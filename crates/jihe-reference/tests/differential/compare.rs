//! One case through both, the engine's work cut in several ways.
//!
//! In: typed rules and claims. Out: the outcomes, or what differs.
//! Invariant: everything but the list of subjects, which is only recorded on request, is compared.

use super::case;
use super::claims::{Block, Claims};
use super::package::Package;
use super::random::Random;
use jihe_check::typed::TypedRules;
use jihe_engine::Options;
use jihe_model::finding::Outcomes;
use jihe_model::records::Records;
use jihe_model::schema::Schema;

/// A package, records to try it on, and how to cut the engine's work.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) package: Package,
    pub(crate) claims: Vec<Claims>,
    pub(crate) cut: Cut,
}

/// How the engine's work is cut, and an order of the input.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) threads: usize,
    pub(crate) buckets: usize,
    pub(crate) chunk: usize,
    pub(crate) index_from: usize,
    pub(crate) shuffle: Random,
}

impl Cut {
    pub(crate) fn random(random: &mut Random) -> Self {
        Self {
            threads: 1 + random.below(2),
            buckets: 1 + random.below(6),
            chunk: *random.pick(&[1, 2, 3, 5, 17, 100, 1000]),
            index_from: *random.pick(&[1, 1, 2, 9]),
            shuffle: random.clone(),
        }
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(out, "{}", self.package.text())?;
        for claims in &self.claims {
            writeln!(out, "{}{:?}", claims.text(), claims.run)?;
        }
        writeln!(
            out,
            "{:?}\nthreads {} buckets {} chunk {} index {}",
            self.package.files, self.cut.threads, self.cut.buckets, self.cut.chunk, self.cut.index_from
        )
    }
}

impl Claims {
    /// What a schema knows of these records: the package may declare less than the schema they were made for.
    pub(crate) fn records(&self, schema: &Schema) -> Records {
        let mut known = self.clone();
        known.blocks.retain_mut(|block| leave_known(schema, block));
        case::records(schema, &known.text(), known.run.clone())
    }
}

/// Leaves out unknown columns, and says whether the kind is known at all.
fn leave_known(schema: &Schema, block: &mut Block) -> bool {
    let Some(kind) = schema.find_kind(block.kind).and_then(|kind| schema.kind(kind)) else { return false };
    for column in (0..block.columns.len()).rev() {
        if kind.find_field(block.columns[column]).is_some() {
            continue;
        }
        block.columns.remove(column);
        for row in &mut block.rows {
            row.remove(column);
        }
    }
    true
}

/// The outcomes if both agree, however the engine's work is cut and the input ordered, else what differs.
pub(crate) fn difference(typed: &TypedRules, claims: &Claims, cut: &Cut) -> Result<Outcomes, String> {
    let records = claims.records(&typed.schema);
    let expected = jihe_reference::audit(typed, &records);
    let whole = Options::default();
    let mut found = jihe_engine::audit(typed, &records, &whole);
    found.subjects.clone_from(&expected.subjects);
    if found != expected {
        return Err(told(&expected, &found));
    }
    let shuffled = shuffled(claims, &mut cut.shuffle.clone());
    let records = shuffled.records(&typed.schema);
    let parts = Options {
        threads: cut.threads,
        buckets: Some(cut.buckets),
        chunk: cut.chunk,
        index_from: cut.index_from,
        ..Options::default()
    };
    let mut found = jihe_engine::audit(typed, &records, &parts);
    found.subjects.clone_from(&expected.subjects);
    if found != expected {
        return Err(format!("{}\n cut as {cut:?}, shuffled", told(&expected, &found)));
    }
    Ok(expected)
}

/// The same records in another order.
pub(crate) fn shuffled(claims: &Claims, random: &mut Random) -> Claims {
    let mut claims = claims.clone();
    for block in &mut claims.blocks {
        random.shuffle(&mut block.rows);
    }
    random.shuffle(&mut claims.blocks);
    claims
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
