//! The same on several threads where rows go on while the file is read: one takes it apart, the others read cells.
//!
//! In: as for one thread. Out: the same part.
//! Invariant: portions are put together in the order of the file; at most a few are held at once.

use super::{Batch, Error, FilePlan, Flow, Part, RecordsBuilder, Rows};
use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

type Job = (u64, Batch);
type Done<'s> = (u64, Result<Part<'s>, Error>);

pub(super) fn read<'s>(
    plan: &FilePlan<'s, '_>,
    rows: &mut dyn Rows,
    empty: &RecordsBuilder<'s>,
    (threads, flow): (usize, &mut Flow<'_, 's>),
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
        let read = distribute(rows, &jobs, &finished, (empty, threads, flow));
        // The workers stop when nothing more can come.
        drop(jobs);
        read
    })
}

fn work<'s>(
    plan: &FilePlan<'s, '_>,
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

/// How far the distribution is.
struct Progress<'s> {
    whole: Part<'s>,
    early: BTreeMap<u64, Part<'s>>,
    sent: u64,
    joined: u64,
    more: bool,
}

fn distribute<'s>(
    rows: &mut dyn Rows,
    jobs: &Sender<Job>,
    finished: &Receiver<Done<'s>>,
    (empty, threads, flow): (&RecordsBuilder<'s>, usize, &mut Flow<'_, 's>),
) -> Result<Part<'s>, Error> {
    let whole = Part::new(empty.part());
    let mut progress = Progress { whole, early: BTreeMap::new(), sent: 0, joined: 0, more: true };
    let room = u64::try_from(threads.saturating_mul(2)).unwrap_or(u64::MAX);
    while progress.more || progress.joined < progress.sent {
        while progress.more && progress.sent.saturating_sub(progress.joined) < room {
            progress.send(rows, jobs)?;
        }
        let Ok((number, part)) = finished.recv() else { break };
        progress.early.insert(number, part?);
        progress.join();
        flow.pass(&mut progress.whole.builder)?;
    }
    Ok(progress.whole)
}

impl Progress<'_> {
    fn send(&mut self, rows: &mut dyn Rows, jobs: &Sender<Job>) -> Result<(), Error> {
        let mut batch = Batch::default();
        self.more = rows.fill(&mut batch)?;
        // A file without rows still has columns.
        if (self.more || self.sent == 0) && jobs.send((self.sent, batch)).is_ok() {
            self.sent = self.sent.saturating_add(1);
        }
        Ok(())
    }

    fn join(&mut self) {
        while let Some(part) = self.early.remove(&self.joined) {
            self.whole.append(part);
            self.joined = self.joined.saturating_add(1);
        }
    }
}
