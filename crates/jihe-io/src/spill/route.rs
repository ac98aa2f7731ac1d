//! Sends every row to the slot of the person it belongs to.
//!
//! In: rows as they are read. Out: a file a slot, holding whole persons; what goes everywhere in a file of its own.
//! Invariant: rows that refer to each other, or share a key, have owners that are one at the end; a row waits until the rows
//! it refers to are known.

use super::keys::{KeyHash, KeyMap, Owners};
use super::kinds::{Kinds, NEGATIVE_LINES};
use super::mentions::{Mention, Mentions, PARTITIONS};
use super::scratch::Scratch;
use super::segments::{Segment, Segments, append};
use crate::error::Error;
use jihe::model::ingest::{Encoder, KindCounts, RecordsBuilder, Reject};
use jihe::model::records::Counted;
use jihe::model::schema::{KindId, Schema};
use std::collections::{BTreeMap, BTreeSet};

/// The file of what belongs to no person.
pub(super) const SHARED: &str = "shared";

/// Rows and bytes (in memory) of a slot.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) rows: u64,
    pub(super) bytes: u64,
}

impl Size {
    pub(super) fn add(&mut self, more: Size) {
        self.rows = self.rows.saturating_add(more.rows);
        self.bytes = self.bytes.saturating_add(more.bytes);
    }
}

/// What routing leaves behind.
#[derive(Debug, Default)]
pub(super) struct Routed {
    pub(super) owners: Owners,
    pub(super) slots: Vec<Size>,
    pub(super) shared: Size,
    /// The columns of each kind.
    pub(super) shapes: BTreeMap<KindId, BTreeSet<Vec<u8>>>,
    pub(super) rejects: Vec<Reject>,
    /// Rows by kind: read, and rejected as they were read.
    pub(super) counts: BTreeMap<KindId, KindCounts>,
    /// Rows of the kinds that nobody needs.
    pub(super) counted: BTreeMap<KindId, Counted>,
}

/// Routes.
pub(super) struct Router<'r> {
    empty: RecordsBuilder<'r>,
    scratch: &'r Scratch,
    kinds: &'r Kinds,
    /// Whether kinds come in order, so that nothing has to be set aside.
    in_order: bool,
    /// So many kinds of the order are complete.
    at: usize,
    maps: BTreeMap<KindId, KeyMap>,
    map_limit: u64,
    /// The keys of a partition of a kind whose keys are on disk.
    resolving: Option<(KindId, usize, KeyMap)>,
    mentions: Mentions,
    /// For each kind, the kinds its rows wait for.
    waiting: BTreeMap<KindId, BTreeSet<KindId>>,
    encoder: Encoder,
    bytes: Vec<u8>,
    routed: Routed,
}

/// Whose a row is.
enum Whose {
    Owner(u32),
    /// Not known before the keys of this kind are looked through.
    Waits(KindId, KeyHash),
}

impl<'r> Router<'r> {
    /// `slots` files; tables of keys may take `map_limit` bytes.
    pub(super) fn new(
        (schema, kinds): (&'r Schema, &'r Kinds),
        scratch: &'r Scratch,
        (slots, map_limit): (usize, u64),
        in_order: bool,
    ) -> Self {
        let targets = kinds.routes.iter().flat_map(|(kind, route)| {
            let own = route.is_person.then_some(*kind);
            route.references.iter().map(|(_, to)| *to).chain(own)
        });
        let maps = targets.map(|kind| (kind, KeyMap::default())).collect();
        let mut routed = Routed { slots: vec![Size::default(); slots], ..Routed::default() };
        routed.owners.add();
        Self {
            empty: RecordsBuilder::new(schema),
            scratch,
            kinds,
            in_order,
            at: 0,
            maps,
            map_limit,
            resolving: None,
            mentions: Mentions::default(),
            waiting: BTreeMap::new(),
            encoder: Encoder::default(),
            bytes: Vec::new(),
            routed,
        }
    }

    /// Takes rows as they were read.
    pub(super) fn take(&mut self, mut part: RecordsBuilder<'_>) -> Result<(), Error> {
        self.count(&mut part);
        part.look_up_keys();
        let held: Vec<(KindId, usize)> = part.held().collect();
        for (kind, rows) in held {
            let mut shape = Vec::new();
            part.encode((kind, &[]), &mut self.encoder, &mut shape);
            self.routed.shapes.entry(kind).or_default().insert(shape);
            let personal = self.kinds.routes.get(&kind).is_some_and(|route| route.personal);
            if rows == 0 {
                continue;
            }
            let all: Vec<usize> = (0..rows).collect();
            if !personal {
                let size = size_of(&part, rows);
                self.routed.shared.add(size);
                self.write(SHARED, (&part, kind), (&all, &[]))?;
            } else if self.in_order {
                self.close_before(self.kinds.place(kind))?;
                self.route((&part, kind), &all)?;
            } else {
                self.write(&spool(kind), (&part, kind), (&all, &[]))?;
            }
        }
        Ok(())
    }

    /// Takes what is to be told of rows, and the rows that are only counted.
    fn count(&mut self, part: &mut RecordsBuilder<'_>) {
        self.routed.rejects.extend(part.take_rejects());
        for (kind, more) in part.counts() {
            let counts = self.routed.counts.entry(*kind).or_default();
            counts.read = counts.read.saturating_add(more.read);
            counts.rejected = counts.rejected.saturating_add(more.rejected);
        }
        for (kind, more) in part.counted() {
            self.routed.counted.entry(*kind).or_default().add(*more);
        }
    }

    /// Everything has been read: routes what was set aside, and brings together what belongs together.
    pub(super) fn finish(mut self) -> Result<Routed, Error> {
        for kind in &self.kinds.order {
            self.close_before(self.kinds.place(*kind))?;
            let name = spool(*kind);
            self.each(&name, |router, part| {
                let rows: usize = part.held().map(|(_, rows)| rows).sum();
                router.route((part, *kind), &(0..rows).collect::<Vec<_>>())
            })?;
        }
        self.close_before(usize::MAX)?;
        self.mentions.settle(&self.maps, &mut self.routed.owners, self.scratch)?;
        self.move_strays()?;
        Ok(self.routed)
    }

    /// Decodes the segments of a file one by one, and removes it.
    fn each(
        &mut self,
        name: &str,
        mut take: impl FnMut(&mut Self, &RecordsBuilder<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut segments = Segments::open(self.scratch, name)?;
        let mut segment = Segment::default();
        while segments.next(&mut segment, |_| true)? {
            let mut part = self.empty.part();
            part.decode(&segment.rows, &[]).map_err(|_| self.scratch.damaged(name))?;
            take(self, &part)?;
        }
        self.scratch.remove(name);
        Ok(())
    }

    /// Kinds before a place are complete: rows that wait for them find them.
    fn close_before(&mut self, place: usize) -> Result<(), Error> {
        // Places count from 1; kinds at place 0 go everywhere and nothing waits for them.
        let kinds = self.kinds;
        let ready = kinds.order.iter().take(place.saturating_sub(1)).skip(self.at);
        self.at = self.at.max(place.saturating_sub(1));
        for kind in ready {
            for to in self.waiting.remove(kind).unwrap_or_default() {
                self.resolve(*kind, to)?;
            }
        }
        Ok(())
    }

    /// Routes the rows of a kind that wait for another.
    fn resolve(&mut self, kind: KindId, to: KindId) -> Result<(), Error> {
        for at in 0..PARTITIONS {
            let map = self.mentions.keys((to, at), &mut self.routed.owners, self.scratch)?;
            self.resolving = Some((to, at, map));
            self.each(&waits(kind, to, at), |router, part| {
                let rows: usize = part.held().map(|(_, rows)| rows).sum();
                router.route((part, kind), &(0..rows).collect::<Vec<_>>())
            })?;
        }
        self.resolving = None;
        Ok(())
    }

    fn route(&mut self, (part, kind): (&RecordsBuilder<'_>, KindId), rows: &[usize]) -> Result<(), Error> {
        let mut slots: BTreeMap<usize, (Vec<usize>, Vec<u32>)> = BTreeMap::new();
        let mut waiting: BTreeMap<(KindId, usize), Vec<usize>> = BTreeMap::new();
        for row in rows {
            match self.whose((part, kind), *row)? {
                Whose::Owner(owner) => {
                    let slot = slot_of(owner, self.routed.slots.len());
                    let (rows, owners) = slots.entry(slot).or_default();
                    rows.push(*row);
                    owners.push(owner);
                }
                Whose::Waits(to, key) => {
                    waiting.entry((to, key.partition(PARTITIONS))).or_default().push(*row);
                }
            }
        }
        for (slot, (rows, owners)) in slots {
            if let Some(size) = self.routed.slots.get_mut(slot) {
                size.add(size_of(part, rows.len()));
            }
            self.write(&slot_file(slot), (part, kind), (&rows, &owners))?;
        }
        for ((to, at), rows) in waiting {
            self.waiting.entry(kind).or_default().insert(to);
            self.write(&waits(kind, to, at), (part, kind), (&rows, &[]))?;
        }
        self.trim()
    }

    fn whose(&mut self, (part, kind): (&RecordsBuilder<'_>, KindId), row: usize) -> Result<Whose, Error> {
        let kinds = self.kinds;
        let Some(route) = kinds.routes.get(&kind) else { return Ok(Whose::Owner(0)) };
        let key = part.key_text(kind, row);
        let key_hash = KeyHash::of(kind, key);
        let mut owner = if route.is_person { self.look_up(kind, key_hash)? } else { None };
        let mut unknown = Vec::new();
        for (field, to) in &route.references {
            let Some(word) = part.word(kind, *field, row) else { continue };
            let hash = KeyHash::of(*to, part.text_of(word));
            match (self.look_up(*to, hash)?, owner) {
                (Some(found), Some(held)) => self.routed.owners.unite(held, found),
                (Some(found), None) => owner = Some(found),
                (None, _) => unknown.push((*to, hash)),
            }
        }
        let owner = match (owner, unknown.first()) {
            (None, Some((to, hash))) => return Ok(Whose::Waits(*to, *hash)),
            (owner, _) => owner.unwrap_or(0),
        };
        for (to, key) in unknown {
            self.mention(to, Mention { key, owner, weak: false })?;
        }
        self.own_key((part, kind), (row, owner), key_hash)?;
        Ok(Whose::Owner(owner))
    }

    /// Says whose the key of a row is, and which other keys of its kind it speaks of.
    fn own_key(
        &mut self,
        (part, kind): (&RecordsBuilder<'_>, KindId),
        (row, owner): (usize, u32),
        key: KeyHash,
    ) -> Result<(), Error> {
        let kinds = self.kinds;
        let Some(route) = kinds.routes.get(&kind) else { return Ok(()) };
        if let Some(map) = self.maps.get_mut(&kind) {
            let held = map.get_or(key, || owner);
            self.routed.owners.unite(held, owner);
        } else if !route.owned_by_key {
            self.mention(kind, Mention { key, owner, weak: false })?;
        }
        let text = part.key_text(kind, row);
        if let Some((base, number)) = text.rsplit_once('#')
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            // Repeated rows are numbered so: the number that is taken must be seen where the others are.
            self.mention(kind, Mention { key: KeyHash::of(kind, base), owner, weak: true })?;
        }
        for field in &route.own {
            if let Some(word) = part.word(kind, *field, row) {
                let key = KeyHash::of(kind, part.text_of(word));
                self.mention(kind, Mention { key, owner, weak: true })?;
            }
        }
        let negative =
            route.quantity.and_then(|field| part.word(kind, field, row)).is_some_and(|held| held < 0);
        let is_refund = kinds.refund == Some(kind);
        if negative || is_refund {
            let key = KeyHash::of(NEGATIVE_LINES, text);
            self.mention(NEGATIVE_LINES, Mention { key, owner, weak: is_refund })?;
        }
        Ok(())
    }

    fn mention(&mut self, kind: KindId, mention: Mention) -> Result<(), Error> {
        self.mentions.add(kind, mention, self.scratch)
    }

    /// The owner of a key, a new one if it was never seen; none if the keys of the kind are on disk.
    fn look_up(&mut self, to: KindId, key: KeyHash) -> Result<Option<u32>, Error> {
        let owners = &mut self.routed.owners;
        if let Some(map) = self.maps.get_mut(&to) {
            return Ok(Some(map.get_or(key, || owners.add())));
        }
        let Some((_, _, map)) =
            self.resolving.as_mut().filter(|(kind, at, _)| *kind == to && *at == key.partition(PARTITIONS))
        else {
            return Ok(None);
        };
        if let Some(owner) = map.get(key) {
            return Ok(Some(owner));
        }
        let owner = map.get_or(key, || owners.add());
        self.mentions.add(to, Mention { key, owner, weak: false }, self.scratch)?;
        Ok(Some(owner))
    }

    /// Puts the largest table of keys on disk when they grow too large together. Persons stay.
    fn trim(&mut self) -> Result<(), Error> {
        let total: u64 = self.maps.values().map(KeyMap::size).sum();
        if total <= self.map_limit {
            return Ok(());
        }
        let routes = &self.kinds.routes;
        let others =
            self.maps.iter().filter(|(kind, _)| routes.get(kind).is_none_or(|route| !route.is_person));
        let Some(kind) = others.max_by_key(|(_, map)| map.size()).map(|(kind, _)| *kind) else {
            return Ok(());
        };
        let map = self.maps.remove(&kind).unwrap_or_default();
        for (key, owner) in map.iter() {
            self.mention(kind, Mention { key, owner, weak: false })?;
        }
        Ok(())
    }

    fn write(
        &mut self,
        name: &str,
        (part, kind): (&RecordsBuilder<'_>, KindId),
        (rows, owners): (&[usize], &[u32]),
    ) -> Result<(), Error> {
        self.bytes.clear();
        part.encode((kind, rows), &mut self.encoder, &mut self.bytes);
        append(self.scratch, name, owners, &self.bytes)
    }

    /// Copies the rows of owners that turned out to be one with an owner of another slot to that slot.
    fn move_strays(&mut self) -> Result<(), Error> {
        let slots = self.routed.slots.len();
        let count = self.routed.owners.len();
        let strays = (0..count).any(|owner| {
            let root = self.routed.owners.root(owner);
            slot_of(root, slots) != slot_of(owner, slots)
        });
        if !strays {
            return Ok(());
        }
        (0..slots).try_for_each(|slot| self.move_from(slot))
    }

    fn move_from(&mut self, slot: usize) -> Result<(), Error> {
        let slots = self.routed.slots.len();
        let mut segments = Segments::open(self.scratch, &slot_file(slot))?;
        let mut segment = Segment::default();
        loop {
            let owners = &mut self.routed.owners;
            let stray = |held: &[u32]| held.iter().any(|owner| slot_of(owners.root(*owner), slots) != slot);
            if !segments.next(&mut segment, stray)? {
                return Ok(());
            }
            if !segment.rows.is_empty() {
                self.move_rows(slot, &segment)?;
            }
        }
    }

    fn move_rows(&mut self, slot: usize, segment: &Segment) -> Result<(), Error> {
        let slots = self.routed.slots.len();
        let mut part = self.empty.part();
        part.decode(&segment.rows, &[]).map_err(|_| self.scratch.damaged(&slot_file(slot)))?;
        let mut moved: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, owner) in segment.owners.iter().enumerate() {
            let to = slot_of(self.routed.owners.root(*owner), slots);
            if to != slot {
                moved.entry(to).or_default().push(row);
            }
        }
        let Some(kind) = part.held().map(|(kind, _)| kind).next() else { return Ok(()) };
        for (to, rows) in moved {
            if let Some(size) = self.routed.slots.get_mut(to) {
                size.add(size_of(&part, rows.len()));
            }
            self.write(&moved_file(to), (&part, kind), (&rows, &[]))?;
        }
        Ok(())
    }
}

/// What some rows of a part take in memory, about.
fn size_of(part: &RecordsBuilder<'_>, rows: usize) -> Size {
    let all: usize = part.held().map(|(_, rows)| rows).sum();
    let bytes = part.size().saturating_mul(rows).checked_div(all).unwrap_or(0);
    let wide = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    Size { rows: wide(rows), bytes: wide(bytes) }
}

/// The slot of an owner.
pub(super) fn slot_of(owner: u32, slots: usize) -> usize {
    // Owners are numbered as they come: neighbours should not all have the long histories.
    let mixed = owner.wrapping_mul(0x9e37_79b1);
    usize::try_from(mixed ^ (mixed >> 15)).unwrap_or(0).checked_rem(slots).unwrap_or(0)
}

/// The rows of a slot.
pub(super) fn slot_file(slot: usize) -> String {
    format!("slot-{slot}")
}

/// Rows that came to a slot later.
pub(super) fn moved_file(slot: usize) -> String {
    format!("moved-{slot}")
}

fn spool(kind: KindId) -> String {
    format!("read-{}", kind.0)
}

fn waits(kind: KindId, to: KindId, at: usize) -> String {
    format!("waits-{}-{}-{at}", kind.0, to.0)
}
