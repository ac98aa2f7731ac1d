//! A seeded generator of a believable city of claims with planted violations.
//!
//! In: a [`Config`]. Out: rows of every record kind in a [`Sink`], with what must be found (`truth`), what must not
//! (`near_miss`), the nature of some findings (`nature`), what is bad data (`data_quality`), and `run.toml`.
//! Invariant: the same configuration gives the same bytes on every machine; it shares no code with rules or engine.
//!
//! ```
//! let mut sink = jihe_synth::MemorySink::default();
//! jihe_synth::generate(&jihe_synth::Config { persons: 50, seed: 1 }, &mut sink);
//! assert_eq!(sink.tables["truth.csv"].header, ["rule_id", "subject_key", "amount"]);
//! ```
#![expect(
    clippy::arithmetic_side_effects,
    reason = "dates of a few years, prices of a catalogue and counters of at most 2³² persons stay far below 2⁶³"
)]

mod background;
mod calendar;
mod care;
mod catalogue;
mod city;
mod claim;
mod decimal;
mod filing;
mod people;
mod plants;
mod random;
mod sink;

pub use sink::{MemorySink, Row, Sink, Table, quoted};

/// What city to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How many insured persons live in it, the persons of planted cases apart.
    pub persons: u32,
    /// Another seed, another city.
    pub seed: u64,
}

/// The files that are not record kinds; every other one is named by its kind.
pub const PROMISES: [&str; 4] = ["truth.csv", "near_miss.csv", "nature.csv", "data_quality.csv"];

/// Writes a city into a sink.
pub fn generate(config: &Config, sink: &mut dyn Sink) {
    let mut city = city::City::new(sink);
    background::write(config, &mut city);
    plants::write(&mut city);
    city.finish(&run_file(config));
}

fn run_file(config: &Config) -> String {
    format!(
        "generator = \"jihe-synth\"\npersons = {}\nseed = {}\ncoverage = [\"2022-07-01\", \"2024-12-31\"]\n\
         warm_up = [\"2022-07-01\", \"2022-12-31\"]\nperiod = [\"2023-01-01\", \"2024-12-31\"]\nas_of = \"2025-01-31\"\n",
        config.persons, config.seed
    )
}
