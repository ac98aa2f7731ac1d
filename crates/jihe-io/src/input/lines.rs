//! Lines of bounded length.
//!
//! In: bytes. Out: lines without their end, numbered from 1.
//! Invariant: a line longer than the bound is passed over without being held; only its beginning is kept.

use std::io::{self, BufRead};

/// Reads lines.
pub(crate) struct Lines<R> {
    input: R,
    limit: usize,
    number: u64,
    line: Vec<u8>,
}

/// A line read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    /// Its bytes; of a line that is too long, the beginning.
    pub(crate) bytes: &'a [u8],
    pub(crate) too_long: bool,
    /// Whether it had a line end.
    pub(crate) ended: bool,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, limit: usize) -> Self {
        Self { input, limit, number: 0, line: Vec::new() }
    }

    /// The next line; none at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        let (mut seen, mut too_long, mut ended) = (false, false, false);
        while !ended {
            let bytes = self.input.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            seen = true;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let (piece, used) = match end {
                Some(at) => (bytes.get(..at).unwrap_or_default(), at.saturating_add(1)),
                None => (bytes, bytes.len()),
            };
            ended = end.is_some();
            let room = self.limit.saturating_sub(self.line.len());
            too_long |= piece.len() > room;
            self.line.extend_from_slice(piece.get(..piece.len().min(room)).unwrap_or_default());
            self.input.consume(used);
        }
        if !seen {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1);
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(Some(Line { number: self.number, bytes: &self.line, too_long, ended }))
    }
}
