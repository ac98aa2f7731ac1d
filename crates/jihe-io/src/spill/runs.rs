//! Findings of buckets, in order on disk, merged into one order.
//!
//! In: the findings of each bucket. Out: all of them, by rule id, then subject key, then id.
//! Invariant: of each run one finding is held in memory; at most [`AT_ONCE`] runs are open.

use super::finding;
use super::scratch::{Scratch, failed};
use crate::error::Error;
use jihe::model::finding::Finding;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};

/// Runs that are open at once: each is a file.
const AT_ONCE: usize = 64;

/// Runs on disk.
#[derive(Debug, Default)]
pub(super) struct Runs {
    names: VecDeque<String>,
    made: usize,
}

/// One finding of a run, and the run it came from.
struct Head {
    finding: Finding,
    run: usize,
}

impl Head {
    fn key(&self) -> (&str, &str, &str, usize) {
        let held = &self.finding;
        (&held.rule_id, &held.subject_key, &held.finding_id, self.run)
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Head {}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

impl Runs {
    /// Writes findings that are in order already.
    pub(super) fn add(&mut self, findings: &[Finding], scratch: &Scratch) -> Result<(), Error> {
        if findings.is_empty() {
            return Ok(());
        }
        self.write(findings.iter().map(Ok::<_, Error>), scratch)
    }

    fn write<F: std::borrow::Borrow<Finding>>(
        &mut self,
        findings: impl Iterator<Item = Result<F, Error>>,
        scratch: &Scratch,
    ) -> Result<(), Error> {
        let name = format!("findings-{}", self.made);
        self.made = self.made.saturating_add(1);
        let (file, path) = scratch.create_file(&name)?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let mut bytes = Vec::new();
        for found in findings {
            bytes.clear();
            finding::put(found?.borrow(), &mut bytes);
            out.write_all(&bytes).map_err(|error| failed(&path, &error))?;
        }
        out.flush().map_err(|error| failed(&path, &error))?;
        self.names.push_back(name);
        Ok(())
    }

    /// Every finding, run by run.
    pub(super) fn each(
        &self,
        scratch: &Scratch,
        mut take: impl FnMut(&Finding) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for name in &self.names {
            let Some(mut input) = scratch.open(name)? else { continue };
            while let Some(found) = finding::read(&mut input).map_err(|_| scratch.damaged(name))? {
                take(&found)?;
            }
        }
        Ok(())
    }

    /// All findings in order.
    pub(super) fn merged(mut self, scratch: &Scratch) -> Result<Merged<'_>, Error> {
        while self.names.len() > AT_ONCE {
            let some: Vec<String> = self.names.drain(..AT_ONCE).collect();
            let merged = Merged::open(scratch, &some)?;
            self.write(merged, scratch)?;
            for name in &some {
                scratch.remove(name);
            }
        }
        Merged::open(scratch, self.names.make_contiguous())
    }
}

/// Findings of several runs in one order.
pub(super) struct Merged<'f> {
    scratch: &'f Scratch,
    inputs: Vec<BufReader<File>>,
    heads: BinaryHeap<Reverse<Head>>,
}

impl<'f> Merged<'f> {
    fn open(scratch: &'f Scratch, names: &[String]) -> Result<Self, Error> {
        let mut inputs = Vec::new();
        for name in names {
            inputs.extend(scratch.open(name)?);
        }
        let count = inputs.len();
        let mut merged = Self { scratch, inputs, heads: BinaryHeap::new() };
        for run in 0..count {
            merged.advance(run)?;
        }
        Ok(merged)
    }

    fn advance(&mut self, run: usize) -> Result<(), Error> {
        let Some(input) = self.inputs.get_mut(run) else { return Ok(()) };
        let read = finding::read(input).map_err(|_| self.scratch.damaged("findings"))?;
        self.heads.extend(read.map(|finding| Reverse(Head { finding, run })));
        Ok(())
    }
}

impl Iterator for Merged<'_> {
    type Item = Result<Finding, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse(Head { finding, run }) = self.heads.pop()?;
        Some(self.advance(run).map(|()| finding))
    }
}
