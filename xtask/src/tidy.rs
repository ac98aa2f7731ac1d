//! The checks no compiler makes: who may depend on whom, how long a file may be, what may not be written.
//!
//! In: the files git knows and `cargo metadata`. Out: `Ok`, or every fault with its place.
//! Invariant: all faults are listed at once, sorted by file.

mod edges;
mod files;
mod versions;

use crate::shell::Outcome;
use crate::tally::Tally;

/// Runs every check and lists all the faults.
pub(crate) fn check(_tally: &mut Tally) -> Outcome {
    let files = files::known()?;
    let mut faults = edges::faults()?;
    faults.extend(files::faults(&files));
    faults.extend(versions::faults()?);
    faults.sort();
    if faults.is_empty() {
        println!("{} files are tidy", files.len());
        return Ok(());
    }
    Err(format!("{} faults\n  {}", faults.len(), faults.join("\n  ")))
}
