//! Standard output that may be closed early (`jihe … | head`).
//!
//! In: text. Out: the same on standard output.
//! Invariant: a reader that has seen enough ends the output, never the work: nothing panics.

use std::io::Write;

/// Prints a line.
pub(crate) fn line(text: &str) {
    print(&format!("{text}\n"));
}

/// Prints text as it is.
pub(crate) fn print(text: &str) {
    // Who closed the pipe does not want the rest; there is nobody to tell.
    drop(std::io::stdout().lock().write_all(text.as_bytes()));
}
