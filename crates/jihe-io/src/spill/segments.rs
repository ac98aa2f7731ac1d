//! Rows on disk, some at a time, each with its owner.
//!
//! In: rows of a builder as bytes, and whose they are. Out: a file of such segments, read in the order of writing.
//! Invariant: a segment is whole or the file is damaged; owners can be looked through without reading the rows.

use super::scratch::{Scratch, read_exact};
use crate::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};

/// Some rows.
#[derive(Debug, Default)]
pub(super) struct Segment {
    /// The owner of each row; none for rows that are not cut by owner.
    pub(super) owners: Vec<u32>,
    pub(super) rows: Vec<u8>,
}

/// Adds a segment to a file.
pub(super) fn append(scratch: &Scratch, name: &str, owners: &[u32], rows: &[u8]) -> Result<(), Error> {
    let length = |count: usize| u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes();
    let mut bytes =
        Vec::with_capacity(rows.len().saturating_add(owners.len().saturating_mul(4)).saturating_add(16));
    bytes.extend(length(owners.len()));
    bytes.extend(length(rows.len()));
    for owner in owners {
        bytes.extend(owner.to_le_bytes());
    }
    bytes.extend_from_slice(rows);
    scratch.append(name, &bytes)
}

/// Reads the segments of a file.
pub(super) struct Segments<'f> {
    scratch: &'f Scratch,
    name: String,
    input: Option<BufReader<File>>,
}

impl<'f> Segments<'f> {
    pub(super) fn open(scratch: &'f Scratch, name: &str) -> Result<Self, Error> {
        Ok(Self { scratch, name: name.to_owned(), input: scratch.open(name)? })
    }

    /// The next segment; its rows are passed over unless `wanted` says so of its owners.
    pub(super) fn next(
        &mut self,
        segment: &mut Segment,
        wanted: impl FnOnce(&[u32]) -> bool,
    ) -> Result<bool, Error> {
        let Some(input) = &mut self.input else { return Ok(false) };
        let damaged = |_| self.scratch.damaged(&self.name);
        let mut lengths = [[0u8; 8]; 2];
        let [owners, rows] = &mut lengths;
        if !read_exact(input, owners).map_err(damaged)? {
            return Ok(false);
        }
        input.read_exact(rows).map_err(damaged)?;
        let length = |bytes: [u8; 8]| usize::try_from(u64::from_le_bytes(bytes));
        let (Ok(owners), Ok(rows)) = (length(lengths[0]), length(lengths[1])) else {
            return Err(self.scratch.damaged(&self.name));
        };
        let mut bytes = vec![0; owners.saturating_mul(4)];
        input.read_exact(&mut bytes).map_err(damaged)?;
        segment.owners.clear();
        let (words, _) = bytes.as_chunks();
        segment.owners.extend(words.iter().copied().map(u32::from_le_bytes));
        segment.rows.clear();
        if wanted(&segment.owners) {
            segment.rows.resize(rows, 0);
            input.read_exact(&mut segment.rows).map_err(damaged)?;
        } else {
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            input.seek_relative(rows).map_err(damaged)?;
        }
        Ok(true)
    }
}
