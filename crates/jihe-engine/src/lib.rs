//! The vectorised engine of Jihe: typed rules over claim records to findings.
//!
//! In: typed rules and records. Out: [`jihe_model::finding::Outcomes`].
//! Invariant: the same rules and records give the same bytes, whatever the number of threads, buckets or portions and
//! whatever the order of the input.

mod aggregate;
mod audit;
mod column;
mod context;
mod domain;
mod eval;
mod explain;
mod frame;
mod ir;
mod live;
mod lower;
mod maps;
mod mutants;
mod plan;
mod portions;
mod postings;
mod probes;
mod rules;
mod run;
mod sets;
mod summaries;

pub use audit::{EffectiveDates, Options, Watch, audit, audit_dated, audit_planned, dates_by_kind};
pub use explain::explain;
pub use live::{
    Added, BadCell, Changed, Engine, Person, Prepared, SummaryCell, SummaryRows, prepare, snapshot_needs,
    summary_rows,
};
pub use mutants::Mutant;
#[cfg(feature = "mutants")]
pub use mutants::with_mutant;
pub use plan::{Plan, is_personal, plan};
