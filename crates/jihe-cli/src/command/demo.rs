//! `jihe demo`: a small city, audited with the shipped rulebook.
//!
//! In: a place for the files. Out: the city, its findings, and a word about both.
//! Invariant: nothing but the synthetic city is touched.

use crate::args::{AuditArgs, CityFormat, ColumnsArg, FindingFormat, ReadingArgs};
use crate::command::{audit, synth};
use crate::outcome::{Exit, Failure};
use jihe::Language;
use std::path::Path;

const PERSONS: u32 = 1_000;
const SEED: u64 = 1;

/// Runs the demonstration.
pub(crate) fn run(out: &Path, language: Language) -> Result<Exit, Failure> {
    let data = out.join("city");
    synth::run(&jihe_synth::Config::new(PERSONS, SEED), CityFormat::Csv, &data, language)?;
    let args = AuditArgs {
        rules: Vec::new(),
        data,
        params: None,
        coverage: None,
        as_of: None,
        reading: ReadingArgs::default(),
        columns: ColumnsArg::default(),
        out: out.join("findings"),
        format: FindingFormat::Csv,
        csv_bom: false,
        fail_on: None,
        memory: None,
        temp_dir: None,
    };
    audit::run(&args, language)
}
