//! How wide a text is on the screen.
//!
//! In: a line. Out: its columns, and the line padded to some.
//! Invariant: counts what a terminal shows, so that columns line up under Chinese characters.

use unicode_width::UnicodeWidthStr;

/// Columns a line should not exceed.
pub(super) const LINE: usize = 100;

pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text and blanks up to the column.
pub(super) fn padded(text: &str, column: usize) -> String {
    let blanks = column.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(blanks))
}
