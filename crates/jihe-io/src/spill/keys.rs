//! Keys of records by their hashes, and whose they are.
//!
//! In: kinds and key texts. Out: 128-bit hashes; a table from hash to owner.
//! Invariant: a hash is long enough that no two keys of any folder share one, so that no row is led astray.

use hashbrown::HashTable;
use jihe::model::schema::KindId;
use twox_hash::XxHash3_128;

/// The hash of a key of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyHash([u32; 4]);

impl KeyHash {
    pub(super) const BYTES: usize = 16;

    pub(super) fn of(kind: KindId, text: &str) -> Self {
        Self::from_bytes(XxHash3_128::oneshot_with_seed(u64::from(kind.0), text.as_bytes()).to_le_bytes())
    }

    pub(super) fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        let mut words = [0u32; 4];
        for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = bytes.iter().rev().fold(0, |word, byte| (word << 8) | u32::from(*byte));
        }
        Self(words)
    }

    pub(super) fn bytes(self) -> impl Iterator<Item = u8> {
        self.0.into_iter().flat_map(u32::to_le_bytes)
    }

    /// One of some partitions, the same for equal keys.
    pub(super) fn partition(self, partitions: usize) -> usize {
        let [.., last] = self.0;
        usize::try_from(last).unwrap_or(0).checked_rem(partitions).unwrap_or(0)
    }

    fn place(self) -> u64 {
        let [first, second, ..] = self.0;
        u64::from(first) | (u64::from(second) << 32)
    }
}

/// Owners by key.
#[derive(Debug, Default)]
pub(super) struct KeyMap {
    table: HashTable<(KeyHash, u32)>,
}

impl KeyMap {
    pub(super) fn get(&self, key: KeyHash) -> Option<u32> {
        self.table.find(key.place(), |(held, _)| *held == key).map(|(_, owner)| *owner)
    }

    /// The owner of a key; `new` gives one if there is none yet.
    pub(super) fn get_or(&mut self, key: KeyHash, new: impl FnOnce() -> u32) -> u32 {
        if let Some(owner) = self.get(key) {
            return owner;
        }
        let owner = new();
        self.table.insert_unique(key.place(), (key, owner), |(held, _)| held.place());
        owner
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (KeyHash, u32)> {
        self.table.iter().copied()
    }

    /// Bytes it takes, and as many again while it grows.
    pub(super) fn size(&self) -> u64 {
        let slots = u64::try_from(self.table.capacity()).unwrap_or(u64::MAX);
        // Twenty bytes an entry and one to find it, eighth slots free.
        slots.saturating_mul(24)
    }
}

/// Owners, some of whom turn out to be one.
#[derive(Debug, Default)]
pub(super) struct Owners {
    parent: Vec<u32>,
}

impl Owners {
    /// A new one; the first is nobody.
    pub(super) fn add(&mut self) -> u32 {
        let next = u32::try_from(self.parent.len()).unwrap_or(u32::MAX);
        self.parent.push(next);
        next
    }

    fn up(&self, owner: u32) -> u32 {
        usize::try_from(owner).ok().and_then(|at| self.parent.get(at)).copied().unwrap_or(owner)
    }

    fn set(&mut self, owner: u32, up: u32) {
        if let Some(slot) = usize::try_from(owner).ok().and_then(|at| self.parent.get_mut(at)) {
            *slot = up;
        }
    }

    /// The one that stands for all that are one with it.
    pub(super) fn root(&mut self, owner: u32) -> u32 {
        let mut at = owner;
        loop {
            let up = self.up(at);
            if up == at {
                return at;
            }
            let over = self.up(up);
            self.set(at, over);
            at = over;
        }
    }

    pub(super) fn unite(&mut self, a: u32, b: u32) {
        if a == b {
            return;
        }
        let (a, b) = (self.root(a), self.root(b));
        self.set(a.max(b), a.min(b));
    }

    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.parent.len()).unwrap_or(u32::MAX)
    }
}
