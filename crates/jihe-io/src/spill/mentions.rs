//! Who mentions which key, on disk.
//!
//! In: hashes of keys with the owner of the row they stand in. Out: owners that must be one.
//! Invariant: all owners under one hash become one, whether the key is a row's own (the same key twice) or its reference
//! (to a row of another owner, or to one that is not there); a weak mention counts only if the row it leads to is there.

use super::keys::{KeyHash, KeyMap, Owners};
use super::scratch::{Scratch, read_exact};
use crate::error::Error;
use jihe::model::schema::KindId;
use std::collections::{BTreeMap, BTreeSet};

/// Files a kind's keys are cut into, so that one at a time is held in memory.
pub(super) const PARTITIONS: usize = 64;

const ENTRY: usize = KeyHash::BYTES + 4;
const BUFFERED: usize = 3_000;
const WEAK: u32 = 1 << 31;

/// A mention of a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub(super) key: KeyHash,
    pub(super) owner: u32,
    /// Whether it counts only if the row is there.
    pub(super) weak: bool,
}

/// Mentions, by kind and partition.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    buffers: BTreeMap<(KindId, usize), Vec<u8>>,
    kinds: BTreeSet<KindId>,
}

impl Mentions {
    pub(super) fn add(&mut self, kind: KindId, mention: Mention, scratch: &Scratch) -> Result<(), Error> {
        let at = mention.key.partition(PARTITIONS);
        self.kinds.insert(kind);
        let buffer = self.buffers.entry((kind, at)).or_default();
        buffer.extend(mention.key.bytes());
        let owner = mention.owner | if mention.weak { WEAK } else { 0 };
        buffer.extend_from_slice(&owner.to_le_bytes());
        if buffer.len() >= ENTRY.saturating_mul(BUFFERED) {
            scratch.append(&file(kind, at), buffer)?;
            buffer.clear();
        }
        Ok(())
    }

    /// Every mention of a partition.
    pub(super) fn each(
        &mut self,
        (kind, at): (KindId, usize),
        scratch: &Scratch,
        mut take: impl FnMut(Mention),
    ) -> Result<(), Error> {
        let name = file(kind, at);
        if let Some(buffer) = self.buffers.get_mut(&(kind, at))
            && !buffer.is_empty()
        {
            scratch.append(&name, buffer)?;
            buffer.clear();
        }
        let Some(mut input) = scratch.open(&name)? else { return Ok(()) };
        let mut entry = [0u8; ENTRY];
        while read_exact(&mut input, &mut entry).map_err(|_| scratch.damaged(&name))? {
            let Some((key, rest)) = entry.split_first_chunk() else { continue };
            let Some((owner, _)) = rest.split_first_chunk() else { continue };
            let owner = u32::from_le_bytes(*owner);
            take(Mention { key: KeyHash::from_bytes(*key), owner: owner & !WEAK, weak: owner & WEAK != 0 });
        }
        Ok(())
    }

    /// The keys of a partition with their owners; owners under one key become one.
    pub(super) fn keys(
        &mut self,
        place: (KindId, usize),
        owners: &mut Owners,
        scratch: &Scratch,
    ) -> Result<KeyMap, Error> {
        let mut map = KeyMap::default();
        self.each(place, scratch, |mention| {
            if !mention.weak {
                let first = map.get_or(mention.key, || mention.owner);
                owners.unite(first, mention.owner);
            }
        })?;
        Ok(map)
    }

    /// Makes one of all owners under one key, kind by kind, and forgets the mentions. `held` has the keys of kinds that are
    /// in memory.
    pub(super) fn settle(
        &mut self,
        held: &BTreeMap<KindId, KeyMap>,
        owners: &mut Owners,
        scratch: &Scratch,
    ) -> Result<(), Error> {
        let kinds = self.kinds.clone();
        for (kind, at) in kinds.into_iter().flat_map(|kind| (0..PARTITIONS).map(move |at| (kind, at))) {
            let map = self.keys((kind, at), owners, scratch)?;
            let in_memory = held.get(&kind);
            self.each((kind, at), scratch, |mention| {
                let other = in_memory.and_then(|held| held.get(mention.key)).or_else(|| map.get(mention.key));
                owners.unite(mention.owner, other.unwrap_or(mention.owner));
            })?;
            scratch.remove(&file(kind, at));
        }
        self.buffers.clear();
        Ok(())
    }
}

fn file(kind: KindId, at: usize) -> String {
    format!("keys-{}-{at}", kind.0)
}
