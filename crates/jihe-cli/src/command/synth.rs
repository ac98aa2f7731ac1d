//! `jihe synth`: a synthetic city on disk.
//!
//! In: how many persons, a seed, the kind of city, a format. Out: a folder that `jihe audit --data` reads, with
//! `truth.csv` and `near_miss.csv`.
//! Invariant: the same arguments write the same bytes.

use crate::args::{CityFormat, CityVariant};
use crate::city::CityFolder;
use crate::outcome::{Exit, Failure};
use jihe::Language;
use jihe_synth::{Config, Variant};
use std::path::Path;

/// Makes a city.
pub(crate) fn run(
    config: &Config,
    format: CityFormat,
    out: &Path,
    language: Language,
) -> Result<Exit, Failure> {
    let mut folder = CityFolder::create(out, format)?;
    jihe_synth::generate(config, &mut folder);
    let persons = config.persons;
    let rows = folder.finish()?;
    let shown = out.display();
    match language {
        Language::Chinese => eprintln!("模拟城市：{persons} 人，{rows} 行，见 {shown}"),
        Language::English => eprintln!("synthetic city: {persons} persons, {rows} rows, in {shown}"),
    }
    Ok(Exit::Clean)
}

impl From<CityVariant> for Variant {
    fn from(variant: CityVariant) -> Self {
        match variant {
            CityVariant::Planted => Variant::Planted,
            CityVariant::Skewed => Variant::Skewed,
            CityVariant::Clean => Variant::Clean,
        }
    }
}
