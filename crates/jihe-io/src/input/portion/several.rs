//! The same on several threads: one takes the file apart, the others read cells.
//!
//! In: as for one thread. Out: the same part.
//! Invariant: what is made of the parts does not depend on who read which batch; at most a few batches are held at once.

use super::{Batch, Error, FilePlan, Part, RecordsBuilder, Rows};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

type Waiting = Mutex<Receiver<Batch>>;

pub(super) fn read<'s>(
    plan: &FilePlan<'s, '_>,
    rows: &mut dyn Rows,
    empty: &RecordsBuilder<'s>,
    threads: usize,
) -> Result<Part<'s>, Error> {
    let mut parts = std::thread::scope(|scope| {
        // A few batches wait, so that nobody else does; the rest stays in the file.
        let (jobs, waiting) = sync_channel::<Batch>(threads);
        let waiting = Arc::new(Mutex::new(waiting));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (waiting, part) = (Arc::clone(&waiting), Part::new(empty.part()));
                scope.spawn(move || work(plan, &waiting, part))
            })
            .collect();
        drop(waiting);
        let sent = send_all(rows, &jobs);
        drop(jobs);
        let parts: Vec<Result<Part<'s>, Error>> = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect();
        sent.and_then(|()| parts.into_iter().collect::<Result<Vec<_>, Error>>())
    })?
    .into_iter();
    let mut whole = parts.next().unwrap_or_else(|| Part::new(empty.part()));
    parts.for_each(|part| whole.append(part));
    whole.builder.sort_rejects_by_line();
    Ok(whole)
}

/// Takes batches until none is left. The part of a thread holds the rows of all of its batches.
fn work<'s>(plan: &FilePlan<'s, '_>, waiting: &Waiting, mut part: Part<'s>) -> Result<Part<'s>, Error> {
    loop {
        let job = match waiting.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return Ok(part),
        };
        let Ok(batch) = job else { return Ok(part) };
        plan.take(&mut part, &batch)?;
    }
}

/// Sends batches until the file ends, or nobody listens any more for an error that was met.
fn send_all(rows: &mut dyn Rows, jobs: &SyncSender<Batch>) -> Result<(), Error> {
    let mut first = true;
    loop {
        let mut batch = Batch::default();
        let more = rows.fill(&mut batch)?;
        // A file without rows still has columns.
        if (more || first) && jobs.send(batch).is_err() {
            return Ok(());
        }
        if !more {
            return Ok(());
        }
        first = false;
    }
}
