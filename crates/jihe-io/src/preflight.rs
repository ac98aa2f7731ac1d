//! The official checks of a national extract, before anything is audited.
//!
//! In: a tally of every table, taken while it is read. Out: [`Preflight`] and its lines.
//! Invariant: what could not be checked is said to be unchecked, never passed; the limits are those of the 2024 list.

mod lines;
mod tally;

pub use lines::{CheckLine, CheckResult, PreflightReport};
pub(crate) use tally::Tally;

use crate::mapping::TableNote;
use std::collections::BTreeMap;

/// What the tables of an extract hold, as far as the checks need it.
#[derive(Debug, Clone, Default)]
pub struct Preflight {
    pub(crate) notes: Vec<TableNote>,
    pub(crate) tallies: BTreeMap<String, Tally>,
}

impl Preflight {
    /// The checks. `period` is the first and last day the extract is to cover (days since 1970-01-01), if that is known.
    pub fn report(&self, period: Option<(i64, i64)>) -> PreflightReport {
        lines::report(self, period)
    }
}
