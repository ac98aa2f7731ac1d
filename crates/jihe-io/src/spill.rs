//! Audits within bounded memory.
//!
//! In: a folder of claims of any size, and how much memory may be used. Out: the report of the whole, its findings on disk.
//! Invariant: findings, manifest, totals and rejects are those of a run that holds everything; the temporary folder is gone
//! when the result is.
//!
//! 1. Every row is sent to a slot on disk by the person it belongs to ([`route`]).
//! 2. Slots are put together into buckets that fit; rules by person run over one after the other ([`bucket`], [`run`]).
//! 3. Rules that need everybody run over the fields they read, if those fit; otherwise they are skipped and said to be.
//! 4. Findings of all buckets are merged in order ([`runs`]), manifests added up ([`jihe::Merge`]).

mod bucket;
mod finding;
mod keys;
mod kinds;
mod mentions;
mod route;
mod run;
mod runs;
mod scratch;
mod segments;
mod share;
mod size;
mod totals;

pub use scratch::Cleanup;
pub use size::parse_size;

use crate::error::Error;
use crate::input::{Data, FileFormat, FileName, Flow, Input, InputReader, ReadOptions, files};
use crate::output::{Format, OutputFolder};
use crate::run_file::RunFile;
use jihe::model::finding::Nature;
use jihe::model::ingest::RecordsBuilder;
use jihe::model::schema::KindId;
use jihe::{Report, Ruleset};
use kinds::Kinds;
use route::{Routed, Router};
use run::Outcome;
use runs::Runs;
use scratch::Scratch;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How much memory a run may use, and where records go meanwhile.
#[derive(Debug, Clone)]
pub struct MemoryBound {
    /// Bytes of memory.
    pub bytes: u64,
    /// Where the temporary folder is made; by default the system's place for such.
    pub temp_dir: Option<PathBuf>,
    /// Learns which folders to remove if the run is broken off from outside.
    pub cleanup: Cleanup,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpillStage {
    /// Everything was read and routed.
    Routed {
        /// Kinds of record.
        kinds: usize,
        /// Their rows.
        rows: u64,
        /// Buckets to audit.
        buckets: usize,
    },
    /// So many buckets are done, of so many.
    Audited(usize, usize),
    /// The rules that need everybody are next.
    Everybody,
}

/// What a bounded run found; its findings are on disk until it is dropped.
#[derive(Debug)]
pub struct SpillAudit {
    /// Counts, amounts and manifest of the whole; its list of findings is empty.
    pub report: Report,
    /// The account of the files, and the rejects; its records are empty.
    pub input: Input,
    /// The natures that findings have.
    pub natures: BTreeSet<Nature>,
    runs: Runs,
    scratch: Scratch,
}

impl SpillAudit {
    /// Writes everything and puts it in place.
    ///
    /// # Errors
    /// A file cannot be read or written; nothing is in place then.
    pub fn write(self, out: &OutputFolder, format: Format) -> Result<(), Error> {
        let findings = self.runs.merged(&self.scratch)?;
        out.write_all((&self.report, &self.input), format, findings)
    }
}

/// What a run is told.
pub(crate) struct Job<'j> {
    ruleset: &'j Ruleset,
    options: &'j ReadOptions,
    dates: &'j RunFile,
    memory: u64,
}

/// Audits a folder within bounded memory.
///
/// # Errors
/// As [`Input::read_with`]; the bound is too small for the records; the temporary folder cannot be made, has too little room,
/// or cannot be written.
pub fn audit_within(
    ruleset: &Ruleset,
    (folder, options): (&Path, &ReadOptions),
    (dates, bound): (&RunFile, &MemoryBound),
    told: &mut dyn FnMut(SpillStage),
) -> Result<SpillAudit, Error> {
    let mut options = options.clone();
    loop {
        let job = Job { ruleset, options: &options, dates, memory: bound.bytes };
        let again = match job.audit(folder, bound, told)? {
            Outcome::Done(audit) => return Ok(*audit),
            Outcome::Again(kinds) => kinds,
        };
        for id in again {
            let Some(kind) = ruleset.schema().kind(id) else { continue };
            options.needs = std::mem::take(&mut options.needs).and_whole(kind, id);
        }
    }
}

/// About how many bytes of memory the records of all files take.
fn expected_bytes(files: &[(FileName, PathBuf)]) -> Result<u64, Error> {
    let mut total = 0u64;
    for (name, path) in files {
        let length = std::fs::metadata(path).map_err(|error| Error::read(path, &error))?.len();
        let packed = match name.format {
            Some(FileFormat::Parquet | FileFormat::Xlsx) => true,
            Some(FileFormat::Delimited(_) | FileFormat::JsonLines) | None => path
                .extension()
                .is_some_and(|ending| ["gz", "gzip", "zst", "zstd"].iter().any(|known| ending == *known)),
        };
        // Columns in dictionaries and packed texts take several times their size on disk.
        total =
            total.saturating_add(if packed { length.saturating_mul(8) } else { length.saturating_mul(3) });
    }
    Ok(total)
}

impl Job<'_> {
    /// Reads and audits once.
    fn audit(
        &self,
        folder: &Path,
        bound: &MemoryBound,
        told: &mut dyn FnMut(SpillStage),
    ) -> Result<Outcome, Error> {
        let schema = self.ruleset.schema();
        let kinds = Kinds::new(schema, &self.ruleset.layout())?;
        let reader = InputReader::new(schema, self.options)?;
        let files = files(schema, folder, &reader)?;
        let expected = expected_bytes(&files)?;
        let scratch = Scratch::create(bound.temp_dir.as_deref(), expected.div_euclid(2), &bound.cleanup)?;
        let (input, routed) = self.read((reader, &files), &kinds, (&scratch, expected))?;
        let order = |name: &str| files.iter().position(|(file, _)| file.shown == name).unwrap_or(usize::MAX);
        run::run(self, (input, routed), scratch, (&order, told))
    }

    /// Memory for the records and the audit of a bucket.
    fn room(&self) -> u64 {
        self.memory.saturating_mul(6).div_euclid(10)
    }

    fn read(
        &self,
        (mut reader, files): (InputReader<'_>, &[(FileName, PathBuf)]),
        kinds: &Kinds,
        (scratch, expected): (&Scratch, u64),
    ) -> Result<(Input, Routed), Error> {
        let schema = self.ruleset.schema();
        let kind = |name: &FileName| -> Option<KindId> {
            let found = name.speaking.iter().find_map(|word| schema.find_kind(word))?;
            schema.kind(found)?.raw_of.or(Some(found))
        };
        let plain = |name: &FileName| !reader.is_mapped(name) && name.format != Some(FileFormat::Xlsx);
        let in_order = files.iter().all(|(name, _)| plain(name));
        let mut order: Vec<&(FileName, PathBuf)> = files.iter().collect();
        if in_order {
            order.sort_by_key(|(name, _)| kind(name).map_or(0, |kind| kinds.place(kind)));
        }
        let wanted = expected.saturating_mul(bucket::TIMES * 4).div_euclid(self.room().max(1));
        let slots = usize::try_from(wanted).unwrap_or(usize::MAX).clamp(8, 1_024);
        let limits = (slots, self.memory.div_euclid(6));
        let mut router = Router::new((schema, kinds), scratch, limits, in_order);
        let portion = usize::try_from(self.memory.div_euclid(8_000)).unwrap_or(usize::MAX);
        let mut sink = |part: RecordsBuilder<'_>| router.take(part);
        let mut flow = Flow::into_portions(portion.clamp(8_192, 400_000), &mut sink);
        for (name, path) in order {
            reader.read_into((name, &Data::Path(path.clone())), &mut flow)?;
        }
        if let Some((_, why)) = reader.idle_renames().into_iter().next() {
            return Err(Error::usage(why.zh, why.en));
        }
        let input = reader.close(&mut flow)?;
        Ok((input, router.finish()?))
    }
}
