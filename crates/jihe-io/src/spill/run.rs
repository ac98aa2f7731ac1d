//! Rules over bucket after bucket.
//!
//! In: routed rows. Out: the report of the whole.
//! Invariant: at any time the records of one bucket are in memory, or of the fields that the rules over everybody read.

use super::bucket::{self, TIMES};
use super::route::Routed;
use super::runs::Runs;
use super::scratch::Scratch;
use super::segments::{Segment, Segments, append};
use super::share::Share;
use super::{Job, SpillAudit, SpillStage, totals};
use crate::error::Error;
use crate::input::{Input, kinds_read, settle};
use jihe::model::finding::Nature;
use jihe::model::ingest::{Encoder, Ingested, RecordsBuilder, Reject};
use jihe::model::records::{Records, RunDates};
use jihe::model::schema::{FieldId, KindId};
use jihe::{Claims, Language, Layout, Merge, Options, Portion, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The file of the records that rules over everybody read.
const COMMON: &str = "common";

/// Rows written at a time.
const CHUNK: usize = 1 << 16;

/// The place of a file among the files read.
type Order<'o> = &'o dyn Fn(&str) -> usize;

/// A run under way.
struct Run<'j> {
    job: &'j Job<'j>,
    scratch: Scratch,
    routed: Routed,
    layout: Layout,
    dates: RunDates,
    merge: Merge,
    runs: Runs,
    natures: BTreeSet<Nature>,
    /// How many rules run at once.
    share: Share,
    /// Whether rules ran apart from each other over the same records, so that lines may be charged twice.
    apart: bool,
    /// Rows found out to contradict others.
    rejects: Vec<Reject>,
    /// Bytes in memory of what rules over everybody read.
    common: u64,
    /// Kinds read in part in which rows share a key.
    read_again: BTreeSet<KindId>,
    /// Whether the rules over everybody have to be told the dates of the only bucket.
    tells_dates: bool,
}

/// What came of a run.
pub(super) enum Outcome {
    Done(Box<SpillAudit>),
    /// These kinds have to be read in full: in their rows, read in part, keys are shared.
    Again(BTreeSet<KindId>),
}

/// Whether records of a kind belong to persons.
fn is_personal(layout: &Layout, name: &str) -> bool {
    layout.kinds.iter().any(|kind| kind.name == name && kind.personal)
}

/// Runs all rules.
pub(super) fn run(
    job: &Job<'_>,
    (mut input, mut routed): (Input, Routed),
    scratch: Scratch,
    (order, told): (Order<'_>, &mut dyn FnMut(SpillStage)),
) -> Result<Outcome, Error> {
    let buckets = bucket::buckets(&routed, job.room())?;
    let (kinds, rows) = (routed.counts.len(), routed.counts.values().map(|counts| counts.read).sum());
    told(SpillStage::Routed { kinds, rows, buckets: buckets.len() });
    let mut rejects = std::mem::take(&mut routed.rejects);
    rejects.sort_by_key(|reject| order(&reject.file));
    let mut run = Run {
        job,
        scratch,
        routed,
        layout: job.ruleset.layout(),
        dates: RunDates::default(),
        merge: Merge::new(job.ruleset),
        runs: Runs::default(),
        natures: BTreeSet::new(),
        share: Share::of(job.memory),
        apart: false,
        rejects: Vec::new(),
        common: 0,
        read_again: BTreeSet::new(),
        tells_dates: false,
    };
    run.find_dates(&buckets)?;
    if !run.read_again.is_empty() {
        return Ok(Outcome::Again(run.read_again));
    }
    for (at, slots) in buckets.iter().enumerate() {
        run.bucket(at == 0, slots.clone())?;
        if run.read_again.is_empty() {
            told(SpillStage::Audited(at.saturating_add(1), buckets.len()));
        }
    }
    if !run.read_again.is_empty() {
        return Ok(Outcome::Again(run.read_again));
    }
    run.apart |= run.everybody(told)?;
    let schema = job.ruleset.schema();
    run.rejects.sort_by_cached_key(|reject| {
        (schema.find_kind(&reject.kind), order(&reject.file), reject.line, reject.value.clone())
    });
    rejects.append(&mut run.rejects);
    input.files.sort_by_key(|file| order(&file.file));
    input.ignored_columns.sort_by_key(|column| {
        let file = column.split(": ").next().unwrap_or_default();
        order(file)
    });
    settle(&mut input.files, &rejects);
    input.kinds = kinds_read(schema, &run.routed.counts);
    input.counts.clone_from(&run.routed.counts);
    let totals = if run.apart { Some(totals::of(job.ruleset, &run.runs, &run.scratch)?) } else { None };
    let report = run.merge.finish(rejects.len(), totals);
    let report = report.ok_or_else(|| run.scratch.damaged("slots"))?;
    input.claims = Claims { records: Records { run: run.dates, ..Records::default() }, rejects };
    let Run { natures, runs, scratch, .. } = run;
    Ok(Outcome::Done(Box::new(SpillAudit { report, input, natures, runs, scratch })))
}

impl Run<'_> {
    /// The dates of the whole: those given, else those of all buckets together.
    fn find_dates(&mut self, buckets: &[Range<usize>]) -> Result<(), Error> {
        let mut given = RunDates::default();
        self.job.dates.apply(&mut given);
        self.dates = given.clone();
        if given.as_of.is_some() && given.coverage.is_some() {
            return Ok(());
        }
        if buckets.len() <= 1 {
            self.tells_dates = !self.layout.common.is_empty();
            return Ok(());
        }
        for (at, slots) in buckets.iter().enumerate() {
            let mut records = self.load(at == 0, slots.clone())?.records;
            records.run = given.clone();
            self.learn_dates(&records);
        }
        Ok(())
    }

    /// Takes in the dates of a bucket that is told those given.
    fn learn_dates(&mut self, records: &Records) {
        let found = self.job.ruleset.run_dates(records);
        self.dates.as_of = self.dates.as_of.max(found.as_of);
        let open = records.run.coverage.is_none();
        for (kind, (from, to)) in found.kinds.into_iter().filter(|_| open) {
            let days = self.dates.kinds.entry(kind).or_insert((from, to));
            *days = (days.0.min(from), days.1.max(to));
        }
    }

    fn load(&mut self, first: bool, slots: Range<usize>) -> Result<Ingested, Error> {
        let schema = self.job.ruleset.schema();
        let personal =
            |kind: KindId| schema.kind(kind).is_some_and(|kind| is_personal(&self.layout, &kind.en));
        let counts = |kind: KindId| first || !personal(kind);
        let read = bucket::load(self.job, (&self.scratch, &mut self.routed), slots, counts)?;
        self.read_again.extend(&read.read_again);
        Ok(read)
    }

    fn bucket(&mut self, first: bool, slots: Range<usize>) -> Result<(), Error> {
        let sizes = self.routed.slots.get(slots.clone()).unwrap_or_default();
        let bytes = sizes.iter().map(|size| size.bytes).fold(self.routed.shared.bytes, u64::saturating_add);
        let Ingested { mut records, rejects, counts, .. } = self.load(first, slots)?;
        if !self.read_again.is_empty() {
            // The other buckets are only looked through for further such kinds.
            return Ok(());
        }
        records.run = self.dates.clone();
        if self.tells_dates {
            self.learn_dates(&records);
            records.run = self.dates.clone();
        }
        let schema = self.job.ruleset.schema();
        let personal = |name: &str| is_personal(&self.layout, name);
        // What goes everywhere is kept and rejected everywhere, and counts once.
        self.rejects.extend(rejects.into_iter().filter(|reject| first || personal(&reject.kind)));
        let counted = counts
            .into_iter()
            .filter(|(kind, _)| first || schema.kind(*kind).is_some_and(|kind| personal(&kind.en)));
        for (kind, more) in counted {
            let counts = self.routed.counts.entry(kind).or_default();
            counts.kept = counts.kept.saturating_add(more.kept);
            counts.rejected = counts.rejected.saturating_add(more.rejected);
            counts.repeated = counts.repeated.saturating_add(more.repeated);
        }
        let claims = Claims { records, rejects: Vec::new() };
        self.persons(&claims, bytes)?;
        self.set_aside(&claims.records, first)
    }

    /// Runs the rules by person over records of so many bytes, as many at once as findings leave room for.
    fn persons(&mut self, claims: &Claims, bytes: u64) -> Result<(), Error> {
        let rules = self.layout.by_person.clone();
        let mut rest = rules.as_slice();
        loop {
            let (now, after) = rest.split_at(self.share.rules(bytes).min(rest.len()));
            let report = self.audit(claims, now.to_vec())?;
            self.share.learn(report.findings(), now.len(), bytes);
            if rest.len() == rules.len() {
                self.merge.add_persons(&report);
            } else {
                self.merge.add_rules(&report);
            }
            self.keep(&report)?;
            if after.is_empty() {
                return Ok(());
            }
            self.apart = true;
            rest = after;
        }
    }

    fn audit(&self, claims: &Claims, only: Vec<String>) -> Result<Report, Error> {
        let options = Options { threads: self.job.options.threads };
        let portion = Portion { only: Some(only), watch: None };
        let audited = self.job.ruleset.audit_portion(claims, &options, portion);
        audited
            .map_err(|error| Error::usage(error.render(Language::Chinese), error.render(Language::English)))
    }

    fn keep(&mut self, report: &Report) -> Result<(), Error> {
        self.natures.extend(report.findings().iter().map(|finding| finding.nature));
        self.runs.add(report.findings(), &self.scratch)
    }

    /// Whether what the rules over everybody read still fits.
    fn fits(&self) -> bool {
        self.common.saturating_mul(TIMES) <= self.job.memory.saturating_mul(8).div_euclid(10)
    }

    /// Writes what the rules over everybody read of a bucket.
    fn set_aside(&mut self, records: &Records, first: bool) -> Result<(), Error> {
        let schema = self.job.ruleset.schema();
        let mut wanted: BTreeMap<KindId, BTreeSet<FieldId>> = BTreeMap::new();
        for kind in self.layout.kinds.iter().filter(|kind| first || kind.personal) {
            let Some(id) = schema.find_kind(&kind.name).filter(|_| !kind.common_fields.is_empty()) else {
                continue;
            };
            let places = (0u16..).zip(&kind.fields);
            let fields = places.filter(|(_, field)| kind.common_fields.contains(&field.name));
            wanted.insert(id, fields.map(|(at, _)| FieldId(at)).collect());
        }
        if wanted.is_empty() || !self.fits() {
            return Ok(());
        }
        let mut part = RecordsBuilder::new(schema);
        part.adopt(records, &wanted);
        self.common = self.common.saturating_add(u64::try_from(part.size()).unwrap_or(u64::MAX));
        let mut encoder = Encoder::default();
        let held: Vec<(KindId, usize)> = part.held().collect();
        for (kind, rows) in held {
            let all: Vec<usize> = (0..rows).collect();
            let none: &[usize] = &[];
            for chunk in all.chunks(CHUNK).chain(rows.eq(&0).then_some(none)) {
                let mut bytes = Vec::new();
                part.encode((kind, chunk), &mut encoder, &mut bytes);
                append(&self.scratch, COMMON, &[], &bytes)?;
            }
        }
        Ok(())
    }

    /// Runs the rules that need everybody, or says that there is no room for them; whether they found anything.
    fn everybody(&mut self, told: &mut dyn FnMut(SpillStage)) -> Result<bool, Error> {
        if self.layout.common.is_empty() {
            return Ok(false);
        }
        if !self.fits() {
            for rule in &self.layout.common {
                self.merge.skip(rule, "memory");
            }
            return Ok(false);
        }
        told(SpillStage::Everybody);
        let mut builder = RecordsBuilder::new(self.job.ruleset.schema());
        let mut segments = Segments::open(&self.scratch, COMMON)?;
        let mut segment = Segment::default();
        while segments.next(&mut segment, |_| true)? {
            builder.decode(&segment.rows, &[]).map_err(|_| self.scratch.damaged(COMMON))?;
        }
        let mut records = builder.finish().records;
        records.run = self.dates.clone();
        let claims = Claims { records, rejects: Vec::new() };
        let report = self.audit(&claims, self.layout.common.clone())?;
        self.merge.add_rules(&report);
        self.keep(&report)?;
        Ok(!report.findings().is_empty())
    }
}
