//! The records as the engine sees them: netted, in the total order, whole persons side by side.
//!
//! In: [`Records`] and the schema. Out: [`Frame`].
//! Invariant: rows of a kind are sorted by (person, clock, end of interval, key text), so a run of rows of one person is
//! in the total order, and neither the input order nor the number of buckets can be seen.
#![expect(
    clippy::indexing_slicing,
    reason = "every index is made by the engine from the length of what it indexes"
)]
#![expect(
    clippy::arithmetic_side_effects,
    reason = "offsets within tables of at most 2³² rows, counts of them, and sums in 128 bits"
)]
#![expect(
    clippy::too_many_arguments,
    reason = "an operation, its operands, their type and the tuples it is computed for"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here takes the general way, a new variant too"
)]
#![expect(
    clippy::excessive_nesting,
    reason = "a match on what is known of a value, inside the visit of a set"
)]

mod grow;
mod netting;
mod persons;

pub(crate) use grow::{attach, detach, push, times};

use crate::column::{NONE, ix, small};
use crate::maps::HashMap;
use crate::mutants::{Mutant, active};
use crate::portions;
use crate::run::Texts;
use jihe_model::records::{Column, Counted, Records, Table, Words};
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use jihe_model::types::Type;
use jihe_model::value::Instant;
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A time that is missing; sorts last.
pub(crate) const NO_TIME: i64 = i64::MAX;

/// The days of a kind that the run knows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// The kind has no clock, or the run no bounds.
    Always,
    /// No day.
    Never,
    /// From a day to a day, both included.
    Days(i64, i64),
}

impl Coverage {
    /// Whether all days of a span are covered; an empty span is.
    pub(crate) fn holds(self, from: i64, to: i64) -> bool {
        match self {
            Coverage::Always => true,
            Coverage::Never => from > to,
            Coverage::Days(first, last) => from > to || (first <= from && to <= last),
        }
    }

    pub(crate) fn last(self) -> i64 {
        match self {
            Coverage::Days(_, last) => last,
            Coverage::Always | Coverage::Never => i64::MAX,
        }
    }
}

/// In which order rows stand, whose they are and when.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowOrder {
    /// Whether rows belong to persons, so that a bucket holds a run of them.
    pub(crate) personal: bool,
    /// Row of the table as read of each row here.
    origin: Vec<u32>,
    pub(crate) clock: Vec<i64>,
    /// Empty for a kind without an interval.
    end: Vec<i64>,
    person: Vec<u32>,
    /// Whether all rows, whosever they are, are in the total order.
    pub(crate) in_order: bool,
}

/// The rows of a kind.
#[derive(Debug, Clone)]
pub(crate) struct KindTable<'a> {
    pub(crate) supplied: bool,
    table: Option<Cow<'a, Table>>,
    /// Columns that netting replaced, by row of `table`.
    overlay: Vec<(FieldId, Column)>,
    /// A view of the same records shares it.
    order: Arc<RowOrder>,
    /// Rows that are reached by reference only.
    pub(crate) hidden: Option<Vec<bool>>,
    pub(crate) coverage: Coverage,
    ranks: OnceLock<Vec<u32>>,
    by_key: OnceLock<KeyRows>,
}

/// Rows by key symbol.
#[derive(Debug, Clone)]
enum KeyRows {
    Dense(Vec<u32>),
    Sparse(HashMap<u32, u32>),
}

impl KeyRows {
    fn build(keys: impl ExactSizeIterator<Item = u32>, symbols: usize) -> Self {
        if keys.len().saturating_mul(16) >= symbols {
            let mut rows = vec![NONE; symbols];
            for (row, key) in (0u32..).zip(keys) {
                if let Some(held) = rows.get_mut(ix(key)) {
                    *held = row;
                }
            }
            KeyRows::Dense(rows)
        } else {
            KeyRows::Sparse(keys.zip(0u32..).collect())
        }
    }

    fn get(&self, key: i64) -> u32 {
        let Ok(key) = u32::try_from(key) else { return NONE };
        match self {
            KeyRows::Dense(rows) => rows.get(ix(key)).copied().unwrap_or(NONE),
            KeyRows::Sparse(rows) => rows.get(&key).copied().unwrap_or(NONE),
        }
    }
}

impl Deref for KindTable<'_> {
    type Target = RowOrder;

    fn deref(&self) -> &RowOrder {
        &self.order
    }
}

impl KindTable<'_> {
    /// The order to be changed, of this table alone.
    fn order_mut(&mut self) -> &mut RowOrder {
        Arc::make_mut(&mut self.order)
    }

    pub(crate) fn len(&self) -> u32 {
        small(self.origin.len())
    }

    pub(crate) fn column(&self, field: FieldId) -> Option<&Column> {
        let overlaid = self.overlay.iter().find(|(held, _)| *held == field).map(|(_, column)| column);
        overlaid.or_else(|| self.table.as_ref().and_then(|table| table.column(field)))
    }

    /// The end of a row's interval; [`NO_TIME`] if it has none.
    pub(crate) fn end_of(&self, row: u32) -> i64 {
        self.end.get(ix(row)).copied().unwrap_or(NO_TIME)
    }

    /// The row of the table as read.
    pub(crate) fn origin(&self, row: u32) -> usize {
        ix(self.origin[ix(row)])
    }

    /// The key's symbol.
    pub(crate) fn key(&self, row: u32) -> u32 {
        self.table.as_ref().and_then(|table| table.keys.get(self.origin(row))).copied().unwrap_or(NONE)
    }

    pub(crate) fn row_of_key(&self, key: i64, symbols: usize) -> u32 {
        let rows = self.by_key.get_or_init(|| {
            let keys: Vec<u32> = (0..self.len()).map(|row| self.key(row)).collect();
            KeyRows::build(keys.into_iter(), symbols)
        });
        rows.get(key)
    }

    /// The rows of a run of persons.
    pub(crate) fn rows_of(&self, persons: (u32, u32)) -> (u32, u32) {
        if !self.personal {
            return (0, self.len());
        }
        let from = self.person.partition_point(|person| *person < persons.0);
        let to = self.person.partition_point(|person| *person < persons.1);
        (small(from), small(to))
    }

    /// The place of each row in the total order of the whole kind.
    pub(crate) fn ranks(&self, texts: Texts<'_>) -> &[u32] {
        self.ranks.get_or_init(|| {
            let mut rows: Vec<u32> = (0..self.len()).collect();
            // Stable, because that is quick where rows come in sorted runs, as in a session.
            rows.sort_by(|a, b| {
                (self.clock[ix(*a)], self.end_of(*a))
                    .cmp(&(self.clock[ix(*b)], self.end_of(*b)))
                    .then_with(|| texts.of(self.key(*a)).cmp(texts.of(self.key(*b))))
            });
            let mut ranks = vec![0; rows.len()];
            for (rank, row) in (0u32..).zip(rows) {
                ranks[ix(row)] = rank;
            }
            ranks
        })
    }
}

/// All kinds of a run.
#[derive(Debug)]
pub(crate) struct Frame<'a> {
    pub(crate) kinds: Vec<KindTable<'a>>,
    /// 截止日.
    pub(crate) as_of: Option<i64>,
    /// One more than the last person.
    pub(crate) persons: u32,
    pub(crate) unmatched_refunds: u64,
    pub(crate) over_refunded: u64,
}

impl<'a> Frame<'a> {
    pub(crate) fn build(schema: &Schema, records: &'a Records, texts: Texts<'_>, threads: usize) -> Self {
        let netted = netting::net(schema, records, texts);
        let mut drafts: Vec<KindTable<'a>> =
            (0u16..).zip(&schema.kinds).map(|(at, kind)| draft(KindId(at), kind, records)).collect();
        netted.apply(schema, &mut drafts);
        let people = persons::assign(schema, &drafts, texts.len(), threads);
        let kinds = (0u16..).map(KindId).zip(&schema.kinds);
        for ((id, kind), person) in kinds.zip(people.of_rows) {
            let (before, rest) = drafts.split_at_mut(usize::from(id.0));
            let Some((table, _)) = rest.split_first_mut() else { continue };
            read_times(table, kind, threads);
            let origin = kind.raw_of.and_then(|origin| before.get(usize::from(origin.0)));
            if !origin.is_some_and(|origin| origin.orders(table, person.as_deref())) {
                sort(table, person, texts, threads);
            }
            table.coverage = coverage(table, (id, kind), records);
        }
        let as_of = records.run.as_of.or_else(|| latest(&drafts, records));
        Frame {
            kinds: drafts,
            as_of,
            persons: people.count,
            unmatched_refunds: netted.unmatched,
            over_refunded: netted.over,
        }
    }

    pub(crate) fn kind(&self, id: KindId) -> Option<&KindTable<'a>> {
        self.kinds.get(usize::from(id.0))
    }

    /// Cuts the persons into runs of about so many rows each.
    pub(crate) fn buckets(&self, wanted: usize) -> Vec<(u32, u32)> {
        let mut weights = vec![0u64; ix(self.persons)];
        for table in self.kinds.iter().filter(|table| table.personal) {
            for person in &table.person {
                weights[ix(*person)] = weights[ix(*person)].saturating_add(1);
            }
        }
        let total: u64 = weights.iter().sum();
        let share = total.div_ceil(u64::try_from(wanted.max(1)).unwrap_or(1)).max(1);
        let (mut buckets, mut from, mut held) = (Vec::new(), 0u32, 0u64);
        for (person, weight) in (0u32..).zip(weights) {
            held = held.saturating_add(weight);
            if held >= share {
                buckets.push((from, person.saturating_add(1)));
                (from, held) = (person.saturating_add(1), 0);
            }
        }
        if from < self.persons || buckets.is_empty() {
            buckets.push((from, self.persons));
        }
        buckets
    }
}

fn draft<'a>(id: KindId, kind: &Kind, records: &'a Records) -> KindTable<'a> {
    let table = records.tables.get(&kind.raw_of.unwrap_or(id));
    KindTable {
        supplied: table.is_some(),
        table: table.map(Cow::Borrowed),
        overlay: Vec::new(),
        order: Arc::new(RowOrder {
            origin: (0..table.map_or(0, |table| small(table.rows))).collect(),
            ..RowOrder::default()
        }),
        hidden: None,
        coverage: Coverage::Never,
        ranks: OnceLock::new(),
        by_key: OnceLock::new(),
    }
}

/// The instant a time field says, whatever its type.
pub(crate) fn instant_of(ty: Type, word: i64) -> i64 {
    if ty == Type::Date { Instant::of_day(word).0 } else { word }
}

fn read_times(table: &mut KindTable<'_>, kind: &Kind, threads: usize) {
    let clock = times_of(table, kind, &kind.clock, threads);
    let end = kind.interval.map(|(_, last)| times_of(table, kind, &[last], threads)).unwrap_or_default();
    let order = table.order_mut();
    (order.clock, order.end) = (clock, end);
}

/// The first time that is there, of each row.
fn times_of(table: &KindTable<'_>, kind: &Kind, fields: &[FieldId], threads: usize) -> Vec<i64> {
    let column = |field: &FieldId| {
        let ty = kind.fields.get(usize::from(field.0)).map_or(Type::Instant, |field| field.ty);
        Some((ty, table.column(*field)?))
    };
    let columns: Vec<(Type, &Column)> = fields.iter().filter_map(column).collect();
    portions::made(threads, table.origin.len(), |row| {
        let time = |(ty, column): &(Type, &Column)| Some(instant_of(*ty, column.get(ix(table.origin[row]))?));
        columns.iter().find_map(time).unwrap_or(NO_TIME)
    })
}

impl KindTable<'_> {
    /// Gives a view of the same records the order of these, if it says the same persons and times of them.
    fn orders(&self, view: &mut KindTable<'_>, person: Option<&[u32]>) -> bool {
        let is_same = self.personal == person.is_some()
            && self.origin.len() == view.origin.len()
            && (0..self.len()).all(|row| {
                let origin = self.origin[ix(row)];
                (self.clock[ix(row)], self.end_of(row)) == (view.clock[ix(origin)], view.end_of(origin))
                    && person.is_none_or(|person| person[ix(origin)] == self.person[ix(row)])
            });
        if is_same && view.hidden.is_none() {
            view.order = Arc::clone(&self.order);
            return true;
        }
        false
    }
}

fn sort(table: &mut KindTable<'_>, person: Option<Vec<u32>>, texts: Texts<'_>, threads: usize) {
    let length = table.origin.len();
    let order = table.order_mut();
    (order.personal, order.in_order) = (person.is_some(), person.is_none());
    let person = person.unwrap_or_else(|| vec![0; length]);
    let mut order = by_person(&person);
    let next_person = |rest: &[u32], at: usize| {
        let last = at.checked_sub(1).map_or(0, |last| person[ix(rest[last])]);
        rest.partition_point(|row| person[ix(*row)] <= last)
    };
    portions::portions(threads, &mut order, next_person, |_, rows| sort_runs(table, (&person, rows), texts));
    let take = |from: &[u32]| portions::made(threads, length, |row| from[ix(order[row])]);
    let times = |from: &[i64]| portions::made(threads, from.len(), |row| from[ix(order[row])]);
    table.hidden = table.hidden.take().map(|hidden| order.iter().map(|row| hidden[ix(*row)]).collect());
    let held = table.order_mut();
    held.person = if held.personal { take(&person) } else { Vec::new() };
    held.clock = times(&held.clock);
    held.end = times(&held.end);
    held.origin = take(&held.origin);
}

/// Puts the rows of each person in the total order.
fn sort_runs(table: &KindTable<'_>, (person, mut rows): (&[u32], &mut [u32]), texts: Texts<'_>) {
    let text = |row: u32| texts.of(table.key(row));
    let time = |row: u32| (table.clock[ix(row)], table.end_of(row));
    let turned = active(Mutant::TieOrder);
    let keys = |a: &str, b: &str| if turned { b.cmp(a) } else { a.cmp(b) };
    while let Some(first) = rows.first() {
        let held = person[ix(*first)];
        let length = rows.partition_point(|row| person[ix(*row)] <= held);
        let (run, rest) = rows.split_at_mut(length);
        run.sort_unstable_by(|a, b| time(*a).cmp(&time(*b)).then_with(|| keys(text(*a), text(*b))));
        rows = rest;
    }
}

/// Rows by person, in a counting sort.
fn by_person(person: &[u32]) -> Vec<u32> {
    let count = person.iter().max().map_or(0, |last| ix(*last) + 1);
    let mut starts = vec![0u32; count + 1];
    for held in person {
        starts[ix(*held) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut order = vec![0; person.len()];
    for (row, held) in (0u32..).zip(person) {
        let place = &mut starts[ix(*held)];
        order[ix(*place)] = row;
        *place += 1;
    }
    order
}

fn coverage(table: &KindTable<'_>, (id, kind): (KindId, &Kind), records: &Records) -> Coverage {
    if kind.clock.is_empty() || records.run.unbounded {
        return Coverage::Always;
    }
    let given = |id: KindId| records.run.kinds.get(&id).copied();
    let given = given(id).or_else(|| given(kind.raw_of?));
    if let Some((from, to)) = given.or(records.run.coverage) {
        return Coverage::Days(from, to);
    }
    let clocks = || table.clock.iter().filter(|clock| **clock != NO_TIME);
    let day = |clock: &i64| Instant(*clock).day();
    let mut held = Counted { rows: 0, days: clocks().min().map(day).zip(clocks().max().map(day)) };
    held.add(records.counted.get(&kind.raw_of.unwrap_or(id)).copied().unwrap_or_default());
    held.days.map_or(Coverage::Never, |(from, to)| Coverage::Days(from, to))
}

fn latest(tables: &[KindTable<'_>], records: &Records) -> Option<i64> {
    let clocks = tables.iter().flat_map(|table| &table.clock).filter(|clock| **clock != NO_TIME);
    let counted = records.counted.values().filter_map(|counted| counted.days).map(|(_, last)| last).max();
    clocks.max().map(|clock| Instant(*clock).day()).max(counted)
}

/// A column of plain words.
pub(crate) fn column_of(values: Vec<Option<i64>>) -> Column {
    let present = values.iter().any(Option::is_none).then(|| values.iter().map(Option::is_some).collect());
    Column { words: Words::Wide(values.into_iter().map(Option::unwrap_or_default).collect()), present }
}
