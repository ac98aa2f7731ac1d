//! Rows into records, a portion at a time.
//!
//! In: rows of a file as batches, and what the file holds. Out: a [`Part`]: the records of the whole file, and its account.
//! Invariant: the part is the same for every number of threads; a file that breaks off gives no part.

use super::account::ColumnRead;
use super::batch::Batch;
use crate::error::Error;
use jihe::model::ingest::{Cell, Header, HeaderError, RecordsBuilder};
use jihe::model::schema::{KindId, Schema};
use std::sync::Arc;

/// A source of batches.
pub(crate) trait Rows {
    /// Fills an empty batch; false when nothing was left.
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error>;
}

/// What a file holds.
#[derive(Debug, Clone)]
pub(crate) struct FilePlan<'s> {
    pub(crate) schema: &'s Schema,
    /// The name it goes by in rejects.
    pub(crate) file: String,
    pub(crate) kind: KindId,
    /// Columns that are the same in every row: the values of its folders.
    pub(crate) constants: Vec<(String, String)>,
}

/// Rows read apart from the others.
#[derive(Debug)]
pub(crate) struct Part<'s> {
    pub(crate) builder: RecordsBuilder<'s>,
    pub(crate) account: Account,
}

/// What is to be told of a file's rows and columns.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) rows: u64,
    pub(crate) columns: Vec<ColumnRead>,
    /// Columns left out, with what they may have meant.
    pub(crate) ignored: Vec<String>,
}

impl Account {
    fn append(&mut self, more: Account) {
        self.rows = self.rows.saturating_add(more.rows);
        // JSON lines may bring further names as they go.
        if more.columns.len() >= self.columns.len() {
            self.columns = more.columns;
            self.ignored = more.ignored;
        }
    }
}

impl<'s> Part<'s> {
    pub(crate) fn new(builder: RecordsBuilder<'s>) -> Self {
        Self { builder, account: Account::default() }
    }

    fn append(&mut self, more: Part<'s>) {
        self.builder.append(more.builder);
        self.account.append(more.account);
    }
}

impl<'s> FilePlan<'s> {
    /// Takes the rows of a batch.
    fn take(&self, part: &mut Part<'s>, batch: &Batch) -> Result<(), Error> {
        let constants: Vec<&(String, String)> =
            self.constants.iter().filter(|(name, _)| !batch.columns.contains(name)).collect();
        let names: Vec<&str> = batch
            .columns
            .iter()
            .map(String::as_str)
            .chain(constants.iter().map(|(name, _)| name.as_str()))
            .collect();
        let header = part.builder.header(self.kind, &self.file, &names);
        let header = header.map_err(|error| no_header(&self.file, &error))?;
        let width = batch.columns.len();
        for row in batch.rows() {
            match row.fault() {
                Some(fault) => {
                    let reason = (fault.zh.as_str(), fault.en.as_str());
                    part.builder.refuse_row(&header, (row.line(), &fault.value), reason);
                }
                None => {
                    part.builder.push_row(&header, row.line(), |column| {
                        let constant = column.checked_sub(width).and_then(|at| constants.get(at));
                        constant.map_or_else(|| row.cell(column), |(_, value)| Cell::Text(value))
                    });
                }
            }
        }
        let rows = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        part.account.append(Account { rows, ..self.account(&header, &names) });
        Ok(())
    }

    fn account(&self, header: &Header, names: &[&str]) -> Account {
        let kind = self.schema.kind(self.kind);
        let field = |column: usize| {
            let (_, field) = header.columns().find(|(at, _)| *at == column)?;
            kind?.fields.get(usize::from(field.0)).map(|field| field.en.clone())
        };
        let columns = names
            .iter()
            .enumerate()
            .map(|(at, name)| ColumnRead { header: (*name).to_owned(), field: field(at) })
            .collect();
        let ignored = header.unknown.iter().map(|column| match column.nearest.first() {
            Some(nearest) => format!("{}: {} (≈ {nearest})", self.file, column.name),
            None => format!("{}: {}", self.file, column.name),
        });
        Account { rows: 0, columns, ignored: ignored.collect() }
    }
}

fn no_header(file: &str, error: &HeaderError) -> Error {
    match error {
        HeaderError::UnknownKind => {
            Error::usage(format!("{file}：未知的记录种类"), format!("{file}: unknown kind of record"))
        }
        HeaderError::NoKey(zh, en) => Error::usage(
            format!("{file}：没有主键列“{zh}”（{en}）"),
            format!("{file}: no column for the key `{en}` ({zh})"),
        ),
    }
}

/// Reads a whole file.
pub(crate) fn read<'s>(
    plan: &FilePlan<'s>,
    rows: &mut dyn Rows,
    empty: &RecordsBuilder<'s>,
    threads: usize,
) -> Result<Part<'s>, Error> {
    #[cfg(feature = "threads")]
    if threads > 1 {
        return several::read(plan, rows, empty, threads);
    }
    let _ = threads;
    let mut part = Part::new(empty.part());
    loop {
        let mut batch = Batch::default();
        let more = rows.fill(&mut batch)?;
        if more || part.account.rows == 0 {
            plan.take(&mut part, &batch)?;
        }
        if !more {
            return Ok(part);
        }
    }
}

#[cfg(feature = "threads")]
mod several {
    //! The same on several threads: one takes the file apart, the others read cells.
    //!
    //! In: as for one thread. Out: the same part.
    //! Invariant: portions are put together in the order of the file; at most a few are held at once.

    use super::{Arc, Batch, Error, FilePlan, Part, RecordsBuilder, Rows};
    use std::collections::BTreeMap;
    use std::sync::Mutex;
    use std::sync::mpsc::{Receiver, Sender, channel};

    type Job = (u64, Batch);
    type Done<'s> = (u64, Result<Part<'s>, Error>);

    pub(super) fn read<'s>(
        plan: &FilePlan<'s>,
        rows: &mut dyn Rows,
        empty: &RecordsBuilder<'s>,
        threads: usize,
    ) -> Result<Part<'s>, Error> {
        let (jobs, waiting) = channel::<Job>();
        let (done, finished) = channel::<Done<'s>>();
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (waiting, done, empty) = (Arc::clone(&waiting), done.clone(), empty.part());
                scope.spawn(move || work(plan, &waiting, &done, &empty));
            }
            drop(done);
            distribute(rows, jobs, &finished, (empty, threads))
        })
    }

    fn work<'s>(
        plan: &FilePlan<'s>,
        waiting: &Mutex<Receiver<Job>>,
        done: &Sender<Done<'s>>,
        empty: &RecordsBuilder<'s>,
    ) {
        loop {
            let job = match waiting.lock() {
                Ok(queue) => queue.recv(),
                Err(_) => return,
            };
            let Ok((number, batch)) = job else { return };
            let mut part = Part::new(empty.part());
            let taken = plan.take(&mut part, &batch).map(|()| part);
            if done.send((number, taken)).is_err() {
                return;
            }
        }
    }

    fn distribute<'s>(
        rows: &mut dyn Rows,
        jobs: Sender<Job>,
        finished: &Receiver<Done<'s>>,
        (empty, threads): (&RecordsBuilder<'s>, usize),
    ) -> Result<Part<'s>, Error> {
        let mut whole = Part::new(empty.part());
        let mut early: BTreeMap<u64, Part<'s>> = BTreeMap::new();
        let (mut sent, mut joined) = (0u64, 0u64);
        let room = u64::try_from(threads.saturating_mul(2)).unwrap_or(u64::MAX);
        let mut more = true;
        while more || joined < sent {
            while more && sent.saturating_sub(joined) < room {
                let mut batch = Batch::default();
                more = rows.fill(&mut batch)?;
                // A file without rows still has columns.
                if (more || sent == 0) && jobs.send((sent, batch)).is_ok() {
                    sent = sent.saturating_add(1);
                }
            }
            let Ok((number, part)) = finished.recv() else { break };
            early.insert(number, part?);
            while let Some(part) = early.remove(&joined) {
                whole.append(part);
                joined = joined.saturating_add(1);
            }
        }
        Ok(whole)
    }
}
