//! `jihe synth`: a synthetic city on disk.
//!
//! In: how many persons, a seed. Out: a folder that `jihe audit --data` reads, with `truth.csv` and `near_miss.csv`.
//! Invariant: the same arguments write the same bytes.

use crate::city::CityFolder;
use crate::outcome::{Exit, Failure};
use jihe::Language;
use std::path::Path;

/// Makes a city.
pub(crate) fn run(persons: u32, seed: u64, out: &Path, language: Language) -> Result<Exit, Failure> {
    let mut folder = CityFolder::create(out)?;
    let config = jihe_synth::Config { persons, seed };
    jihe_synth::generate(&config, &mut folder);
    let rows = folder.finish()?;
    let shown = out.display();
    match language {
        Language::Chinese => eprintln!("模拟城市：{persons} 人，{rows} 行，见 {shown}"),
        Language::English => eprintln!("synthetic city: {persons} persons, {rows} rows, in {shown}"),
    }
    Ok(Exit::Clean)
}
