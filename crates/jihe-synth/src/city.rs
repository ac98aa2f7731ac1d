//! The pen that writes a city: numbers its records and keeps what the planters promise.
//!
//! In: a [`Sink`]. Out: rows in it, and at the end `truth`, `near_miss`, `nature` and `data_quality`, sorted.
//! Invariant: keys are numbered in the order of writing, which the seed alone decides.

use crate::decimal::Money;
use crate::sink::{Row, Sink};

/// Counts 1, 2, 3 …
#[derive(Debug, Default)]
pub(crate) struct Counter(i64);

impl Counter {
    /// The next number.
    pub(crate) fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }
}

/// The counters of all keys.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    pub(crate) person: Counter,
    pub(crate) institution: Counter,
    pub(crate) visit: Counter,
    pub(crate) refund: Counter,
    pub(crate) trace: Counter,
    pub(crate) report: Counter,
}

/// 性质, where a planter knows more than that there is a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    Violation,
    Likely,
    Suspicious,
}

impl Nature {
    fn code(self) -> &'static str {
        match self {
            Nature::Violation => "violation",
            Nature::Likely => "likely",
            Nature::Suspicious => "suspicious",
        }
    }
}

/// What a planter promises of one subject.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Promise {
    rule: &'static str,
    subject: String,
    /// The amount of a finding, or why there is none.
    note: String,
}

impl Promise {
    /// Two or three cells: bad data has no third column.
    fn fill(&self, row: &mut Row, columns: usize) {
        row.push(self.rule);
        row.push(&self.subject);
        if columns > 2 {
            row.push(&self.note);
        }
    }
}

/// Writes a city.
pub(crate) struct City<'a> {
    pub(crate) numbers: Numbers,
    sink: &'a mut dyn Sink,
    buffer: Row,
    truth: Vec<Promise>,
    near_misses: Vec<Promise>,
    quality: Vec<Promise>,
    natures: Vec<Promise>,
}

const TRUTH_HEADER: &[&str] = &["rule_id", "subject_key", "amount"];
const NEAR_MISS_HEADER: &[&str] = &["rule_id", "subject_key", "why"];
const NATURE_HEADER: &[&str] = &["rule_id", "subject_key", "nature"];
const QUALITY_HEADER: &[&str] = &["rule_id", "subject_key"];

impl<'a> City<'a> {
    /// An empty city.
    pub(crate) fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            numbers: Numbers::default(),
            sink,
            buffer: Row::default(),
            truth: Vec::new(),
            near_misses: Vec::new(),
            quality: Vec::new(),
            natures: Vec::new(),
        }
    }

    /// Writes one row.
    pub(crate) fn row(
        &mut self,
        table: &'static str,
        header: &'static [&'static str],
        fill: impl FnOnce(&mut Row),
    ) {
        self.buffer.clear();
        fill(&mut self.buffer);
        self.sink.row(table, header, &self.buffer);
    }

    /// Promises a finding.
    pub(crate) fn finding(&mut self, rule: &'static str, subject: impl Into<String>, amount: Option<Money>) {
        let note = amount.map(|amount| amount.to_string()).unwrap_or_default();
        self.truth.push(Promise { rule, subject: subject.into(), note });
    }

    /// Promises that there is none, though one step would make one.
    pub(crate) fn near_miss(&mut self, rule: &'static str, subject: impl Into<String>, why: &str) {
        self.near_misses.push(Promise { rule, subject: subject.into(), note: why.to_owned() });
    }

    /// Promises the nature of a finding where it hangs on a threshold of its own.
    pub(crate) fn nature(&mut self, rule: &'static str, subject: impl Into<String>, nature: Nature) {
        self.natures.push(Promise { rule, subject: subject.into(), note: nature.code().to_owned() });
    }

    /// Promises a finding of nature 数据质量.
    pub(crate) fn quality_finding(&mut self, rule: &'static str, subject: impl Into<String>) {
        self.quality.push(Promise { rule, subject: subject.into(), note: String::new() });
    }

    /// Writes the promises, sorted as findings are, and the dates of the run.
    pub(crate) fn finish(mut self, run: &str) {
        let truth = std::mem::take(&mut self.truth);
        self.promises("truth.csv", TRUTH_HEADER, truth);
        let near_misses = std::mem::take(&mut self.near_misses);
        self.promises("near_miss.csv", NEAR_MISS_HEADER, near_misses);
        let natures = std::mem::take(&mut self.natures);
        self.promises("nature.csv", NATURE_HEADER, natures);
        let quality = std::mem::take(&mut self.quality);
        self.promises("data_quality.csv", QUALITY_HEADER, quality);
        self.sink.text("run.toml", run);
    }

    fn promises(&mut self, table: &'static str, header: &'static [&'static str], mut promises: Vec<Promise>) {
        if promises.is_empty() {
            self.sink.text(table, &format!("{}\n", header.join(",")));
        }
        promises.sort();
        for promise in promises {
            self.row(table, header, |row| promise.fill(row, header.len()));
        }
    }
}
