//! A seeded generator of a believable city of claims with planted violations.
//!
//! In: a [`Config`]. Out: rows of every record kind in a [`Sink`], with what must be found (`truth`), what must not
//! (`near_miss`), the nature of some findings (`nature`), what is bad data (`data_quality`), and `run.toml`.
//! Invariant: the same configuration gives the same bytes on every machine; it shares no code with rules or engine.
//!
//! ```
//! let mut sink = jihe_synth::MemorySink::default();
//! jihe_synth::generate(&jihe_synth::Config::new(50, 1), &mut sink);
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
    /// Which kind of city.
    pub variant: Variant,
}

/// Kinds of cities; the same seed gives the same persons in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// Evenly spread claims and planted violations.
    #[default]
    Planted,
    /// One person in a thousand lies in intensive care for one to two years with thousands of lines, few hospitals have
    /// them all, and some clinics and pharmacies are visited far more than others; violations are planted as well.
    Skewed,
    /// Evenly spread claims and not one violation.
    Clean,
}

impl Config {
    /// A city with planted violations.
    pub fn new(persons: u32, seed: u64) -> Self {
        Self { persons, seed, variant: Variant::Planted }
    }
}

/// The files that are not record kinds; every other one is named by its kind.
pub const PROMISES: [&str; 4] = ["truth.csv", "near_miss.csv", "nature.csv", "data_quality.csv"];

/// Writes a city into a sink, row by row as it is made. Nothing that grows with the number of persons is held: the
/// promises are those of the planted cases, whose number is the same in every city.
pub fn generate(config: &Config, sink: &mut dyn Sink) {
    let mut city = city::City::new(sink);
    background::write(config, &mut city);
    if config.variant != Variant::Clean {
        plants::write(&mut city);
    }
    city.finish(&run_file(config));
}

fn run_file(config: &Config) -> String {
    let generator = match config.variant {
        Variant::Planted => "jihe-synth",
        Variant::Skewed => "jihe-synth, skewed",
        Variant::Clean => "jihe-synth, clean",
    };
    format!(
        "generator = \"{generator}\"\npersons = {}\nseed = {}\ncoverage = [\"2022-07-01\", \"2024-12-31\"]\n\
         warm_up = [\"2022-07-01\", \"2022-12-31\"]\nperiod = [\"2023-01-01\", \"2024-12-31\"]\nas_of = \"2025-01-31\"\n",
        config.persons, config.seed
    )
}
