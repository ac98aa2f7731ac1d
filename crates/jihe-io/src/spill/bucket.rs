//! Slots put together into buckets that fit in memory, and read back.
//!
//! In: the slots of a run. Out: claims, whole persons, one bucket after the other.
//! Invariant: every row comes back in exactly one bucket, those that belong to no person in all of them.

use super::Job;
use super::route::{Routed, SHARED, Size, moved_file, slot_file, slot_of};
use super::scratch::Scratch;
use super::segments::{Segment, Segments};
use super::size::shown;
use crate::error::Error;
use jihe::model::ingest::{Ingested, RecordsBuilder};
use jihe::model::schema::KindId;
use std::ops::Range;

/// Memory that auditing takes for each byte of records, at most: rows in order, sets, findings, and what an allocator keeps.
pub(super) const TIMES: u64 = 3;

/// Runs of slots that fit in so many bytes each, together with what goes everywhere.
pub(super) fn buckets(routed: &Routed, room: u64) -> Result<Vec<Range<usize>>, Error> {
    let cost = |size: Size| size.bytes.saturating_mul(TIMES);
    let shared = cost(routed.shared);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut held = shared;
    for (slot, size) in routed.slots.iter().enumerate() {
        let next = cost(*size);
        let alone = shared.saturating_add(next);
        if alone > room && next > 0 {
            let need = shown(alone.saturating_mul(2));
            return Err(Error::usage(
                format!("--memory 太小：有一批人的记录约需 {need}（他们的记录必须一起看）"),
                format!(
                    "--memory is too small: the records of some persons, which have to be seen together, need about {need}"
                ),
            ));
        }
        if let Some(last) = found.last_mut().filter(|_| held.saturating_add(next) <= room) {
            last.end = slot.saturating_add(1);
            held = held.saturating_add(next);
        } else {
            found.push(slot..slot.saturating_add(1));
            held = alone;
        }
    }
    Ok(found)
}

/// Reads a bucket. `counts` says of which kinds the rows that are only counted belong to it.
pub(super) fn load(
    job: &Job<'_>,
    (scratch, routed): (&Scratch, &mut Routed),
    slots: Range<usize>,
    counts: impl Fn(KindId) -> bool,
) -> Result<Ingested, Error> {
    let mut builder = RecordsBuilder::new(job.ruleset.schema()).reading(job.options.needs.clone());
    for (kind, counted) in routed.counted.iter().filter(|(kind, _)| counts(**kind)) {
        builder.add_counted(*kind, *counted);
    }
    for shape in routed.shapes.values().flatten() {
        builder.decode(shape, &[]).map_err(|_| scratch.damaged("columns"))?;
    }
    let all = |_: &[u32]| Vec::new();
    add(&mut builder, scratch, SHARED, all)?;
    let count = routed.slots.len();
    for slot in slots {
        let owners = &mut routed.owners;
        let stays = |held: &[u32]| {
            held.iter().map(|owner| slot_of(owners.root(*owner), count) == slot).collect::<Vec<bool>>()
        };
        add(&mut builder, scratch, &slot_file(slot), stays)?;
        add(&mut builder, scratch, &moved_file(slot), all)?;
    }
    Ok(builder.finish())
}

fn add(
    builder: &mut RecordsBuilder<'_>,
    scratch: &Scratch,
    name: &str,
    mut keep: impl FnMut(&[u32]) -> Vec<bool>,
) -> Result<(), Error> {
    let mut segments = Segments::open(scratch, name)?;
    let mut segment = Segment::default();
    while segments.next(&mut segment, |_| true)? {
        let keep = keep(&segment.owners);
        builder.decode(&segment.rows, &keep).map_err(|_| scratch.damaged(name))?;
    }
    Ok(())
}
