//! `jihe map --suggest DIR`: a draft of a mapping.
//!
//! In: a folder of files in any layout. Out: TOML on standard output.
//! Invariant: what is printed is a mapping that `--mapping` takes as it stands.

use crate::outcome::{Exit, Failure};
use crate::terminal;
use std::path::Path;

/// Drafts a mapping.
pub(crate) fn run(folder: &Path) -> Result<Exit, Failure> {
    let schema = jihe::model::kinds::base_schema();
    let samples = jihe_io::samples(&schema, folder)?;
    terminal::print(&jihe_io::suggest(&schema, &samples)?);
    Ok(Exit::Clean)
}
