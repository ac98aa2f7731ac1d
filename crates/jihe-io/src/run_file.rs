//! `run.toml` beside the claims: the days they cover.
//!
//! In: a data folder. Out: [`RunFile`].
//! Invariant: a folder without the file gives empty dates; an unknown key is an error, never ignored.

use crate::error::Error;
use jihe::model::calendar::parse_date;
use jihe::model::records::RunDates;
#[cfg(feature = "fs")]
use std::path::Path;

/// Dates of a run (contract 11): `as_of = "2025-01-31"`, `coverage = ["2022-07-01", "2024-12-31"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFile {
    /// 截止日, days since 1970-01-01.
    pub as_of: Option<i64>,
    /// Covered days, both ends included.
    pub coverage: Option<(i64, i64)>,
}

impl RunFile {
    /// Reads `run.toml` of a folder, if there is one.
    ///
    /// # Errors
    /// The file cannot be read, is no TOML, or has an unknown key or a bad day.
    #[cfg(feature = "fs")]
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("run.toml");
        if !path.is_file() {
            return Ok(Self::default());
        }
        let text = std::fs::read_to_string(&path).map_err(|error| Error::read(&path, &error))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads the text of a `run.toml`; `name` is what messages call it.
    ///
    /// # Errors
    /// The text is no TOML, or has an unknown key or a bad day.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| Error::named(name, &error))?;
        let mut run = Self::default();
        for (key, value) in &table {
            match (key.as_str(), value) {
                ("as_of", value) => run.as_of = Some(day(name, value)?),
                ("coverage", toml::Value::Array(days)) if days.len() == 2 => {
                    let days = days.iter().map(|value| day(name, value)).collect::<Result<Vec<_>, _>>()?;
                    run.coverage = days.first().copied().zip(days.last().copied());
                }
                // What the generator says about itself is for people.
                ("warm_up" | "period" | "persons" | "seed" | "generator", _) => {}
                _ => return Err(bad(name, key)),
            }
        }
        Ok(run)
    }

    /// Lays the dates over those of a run.
    pub fn apply(&self, run: &mut RunDates) {
        run.as_of = self.as_of.or(run.as_of);
        run.coverage = self.coverage.or(run.coverage);
    }
}

fn day(name: &str, value: &toml::Value) -> Result<i64, Error> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    parse_date(&text).ok_or_else(|| bad(name, &text))
}

fn bad(shown: &str, what: &str) -> Error {
    Error::usage(
        format!(
            "{shown}：看不懂“{what}”，应有 as_of = \"2024-12-31\" 与 coverage = [\"2023-01-01\", \"2024-12-31\"]"
        ),
        format!(
            "{shown}: `{what}` is not understood; expected as_of = \"2024-12-31\" and coverage = [\"2023-01-01\", \"2024-12-31\"]"
        ),
    )
}
