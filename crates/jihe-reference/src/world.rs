//! Everything a rule can look at: records, summaries, tables.
//!
//! In: typed rules and records. Out: [`World`].
//! Invariant: the records of a kind stand in the total order of sentence 15, after netting.

use crate::arithmetic::instant_of;
use crate::netting::{self, Netted};
use crate::rows::{Order, RowRef};
use crate::value::{Datum, Value};
use jihe_check::typed::{DerivedId, Source, SummaryId, Table, TableId, TypedRules};
use jihe_model::records::{Records, RunDates};
use jihe_model::schema::{FieldId, Kind, KindId, Schema};
use jihe_model::value::{CauseKind, Instant, Symbol};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A record with its texts spelled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) key: Rc<str>,
    pub(crate) fields: Vec<Option<Datum>>,
    /// Found by references only: refunds among the lines, and lines refunded in full (sentence 39).
    pub(crate) hidden: bool,
}

impl Record {
    pub(crate) fn field(&self, field: FieldId) -> Option<&Datum> {
        self.fields.get(usize::from(field.0)).and_then(Option::as_ref)
    }

    pub(crate) fn text(&self, field: Option<FieldId>) -> Option<Rc<str>> {
        match self.field(field?)? {
            Datum::Text(text) => Some(Rc::clone(text)),
            Datum::Word(_) | Datum::Codes(..) | Datum::Interval(_) => None,
        }
    }

    pub(crate) fn word(&self, field: Option<FieldId>) -> Option<i64> {
        match self.field(field?)? {
            Datum::Word(word) => Some(*word),
            Datum::Text(_) | Datum::Codes(..) | Datum::Interval(_) => None,
        }
    }

    /// The first clock field that has a value, as an instant.
    pub(crate) fn clock(&self, kind: &Kind) -> Option<i64> {
        kind.clock.iter().find_map(|field| self.time(kind, *field))
    }

    fn time(&self, kind: &Kind, field: FieldId) -> Option<i64> {
        let ty = kind.fields.get(usize::from(field.0))?.ty;
        Some(instant_of(self.word(Some(field))?, ty).0)
    }

    pub(crate) fn order(&self, kind: &Kind) -> Order {
        let end = kind.interval.and_then(|(_, end)| self.time(kind, end));
        Order::new(self.clock(kind), end, Rc::clone(&self.key))
    }
}

/// The days a kind's records are known for (sentence 32).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coverage {
    /// Whatever the day; also kinds without a clock.
    Unbounded,
    /// First and last day.
    Days(i64, i64),
    /// No day at all.
    Nothing,
}

/// The records of one kind.
#[derive(Debug, Clone)]
pub(crate) struct KindRows {
    pub(crate) supplied: bool,
    pub(crate) records: Vec<Record>,
    pub(crate) by_key: BTreeMap<Rc<str>, usize>,
    /// Which fields have a column at all.
    pub(crate) columns: Vec<bool>,
    pub(crate) coverage: Coverage,
}

/// A group.
#[derive(Debug, Clone)]
pub(crate) struct SummaryRow {
    pub(crate) keys: Vec<Datum>,
    pub(crate) text: Rc<str>,
    pub(crate) members: Vec<RowRef>,
    pub(crate) columns: Vec<Value>,
}

/// The groups of a summary, and the records that belong to none for want of a key.
#[derive(Debug, Clone, Default)]
pub(crate) struct SummaryRows {
    pub(crate) rows: Vec<SummaryRow>,
    pub(crate) undecided: Vec<(RowRef, CauseKind)>,
}

/// All that rules are evaluated over.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) rules: &'a TypedRules,
    pub(crate) kinds: BTreeMap<KindId, KindRows>,
    /// Filled one after another; a summary only reads those before it.
    pub(crate) summaries: Vec<SummaryRows>,
    pub(crate) as_of: Option<i64>,
    pub(crate) unmatched_refunds: u64,
    pub(crate) over_refunded: u64,
    /// Derived values already computed; each depends on its record alone.
    pub(crate) derived: RefCell<BTreeMap<(DerivedId, RowRef), Value>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(rules: &'a TypedRules, records: &Records) -> Self {
        let schema = &rules.schema;
        let mut raw: BTreeMap<KindId, Vec<Record>> = BTreeMap::new();
        for id in records.tables.keys() {
            raw.insert(*id, read(schema, *id, records));
        }
        let as_of = records.run.as_of.or_else(|| latest(schema, &raw));
        let Netted { views, unmatched_refunds, over_refunded } = netting::net(schema, &raw);
        let mut kinds = BTreeMap::new();
        for (id, kind) in numbered(schema) {
            let rows = views.get(&id).or_else(|| raw.get(&kind.raw_of.unwrap_or(id)));
            let supplied = rows.is_some();
            let columns = columns(records, kind.raw_of.unwrap_or(id), kind, views.contains_key(&id));
            let read = raw.get(&kind.raw_of.unwrap_or(id)).map_or(&[][..], Vec::as_slice);
            let seen = rows.map_or(&[][..], Vec::as_slice).iter().chain(read);
            let coverage = coverage((kind.raw_of.unwrap_or(id), kind), &records.run, supplied, seen);
            kinds.insert(
                id,
                kind_rows(kind, rows.cloned().unwrap_or_default(), columns, (supplied, coverage)),
            );
        }
        let summaries = Vec::new();
        Self { rules, kinds, summaries, as_of, unmatched_refunds, over_refunded, derived: RefCell::default() }
    }

    pub(crate) fn schema(&self) -> &'a Schema {
        &self.rules.schema
    }

    pub(crate) fn kind(&self, id: KindId) -> Option<&'a Kind> {
        self.rules.schema.kind(id)
    }

    pub(crate) fn kind_name(&self, id: KindId) -> String {
        self.kind(id).map_or_else(String::new, |kind| kind.en.clone())
    }

    pub(crate) fn supplied(&self, id: KindId) -> bool {
        self.kinds.get(&id).is_some_and(|rows| rows.supplied)
    }

    pub(crate) fn record(&self, id: KindId, place: usize) -> Option<&Record> {
        self.kinds.get(&id)?.records.get(place)
    }

    pub(crate) fn summary_row(&self, id: SummaryId, place: usize) -> Option<&SummaryRow> {
        self.summaries.get(id.index())?.rows.get(place)
    }

    pub(crate) fn table(&self, id: TableId) -> Option<&'a Table> {
        self.rules.tables.get(id.index())
    }

    /// The kind whose records are at the bottom of a source; none for a table.
    pub(crate) fn base_kind(&self, source: Source) -> Option<KindId> {
        match source {
            Source::Kind(kind) => Some(kind),
            Source::Summary(id) => self.base_kind(self.rules.summaries.get(id.index())?.records.source),
            Source::Table(_) => None,
        }
    }

    /// The cause of a field of a kind having no value; a kind not supplied comes first.
    pub(crate) fn field_cause(&self, id: KindId, field: &str) -> CauseKind {
        if self.supplied(id) {
            CauseKind::Field { kind: self.kind_name(id), field: field.into() }
        } else {
            CauseKind::Kind(self.kind_name(id))
        }
    }

    pub(crate) fn clock_cause(&self, id: KindId) -> CauseKind {
        if self.kind(id).is_some_and(|kind| kind.clock.is_empty()) {
            return CauseKind::Empty;
        }
        self.field_cause(id, &self.first_name(id, |kind| kind.clock.first().copied()))
    }

    pub(crate) fn key_cause(&self, id: KindId) -> CauseKind {
        self.field_cause(id, &self.first_name(id, |kind| kind.key.first().copied()))
    }

    fn first_name(&self, id: KindId, which: impl Fn(&Kind) -> Option<FieldId>) -> String {
        let field = self.kind(id).and_then(which).and_then(|field| self.schema().field(id, field));
        field.map_or_else(|| "clock".to_owned(), |field| field.en.clone())
    }

    /// Every row of a source, in its total order, without hidden lines.
    pub(crate) fn all(&self, source: Source) -> Vec<RowRef> {
        match source {
            Source::Kind(id) => {
                let rows = self.kinds.get(&id).map_or(&[][..], |rows| rows.records.as_slice());
                let visible = rows.iter().enumerate().filter(|(_, record)| !record.hidden);
                visible.map(|(place, _)| RowRef::Record(id, place)).collect()
            }
            Source::Summary(id) => {
                let rows = self.summaries.get(id.index()).map_or(0, |summary| summary.rows.len());
                (0..rows).map(|place| RowRef::Summary(id, place)).collect()
            }
            Source::Table(id) => {
                let rows = self.table(id).and_then(|table| table.rows.as_ref()).map_or(0, Vec::len);
                (0..rows).map(|place| RowRef::Table(id, place)).collect()
            }
        }
    }

    /// The place of a row in the total order; rows of tables stand as in their file.
    pub(crate) fn order(&self, row: RowRef) -> Order {
        match row {
            RowRef::Record(id, place) => match (self.record(id, place), self.kind(id)) {
                (Some(record), Some(kind)) => record.order(kind),
                _ => Order::new(None, None, "".into()),
            },
            RowRef::Summary(id, place) => {
                let text = self.summary_row(id, place).map_or_else(|| "".into(), |row| Rc::clone(&row.text));
                Order::new(self.summary_clock(id, place), None, text)
            }
            RowRef::Table(_, place) => Order::new(i64::try_from(place).ok(), None, "".into()),
        }
    }

    /// Sentence 20: the start of the calendar key, else the clock of the last record.
    pub(crate) fn summary_clock(&self, id: SummaryId, place: usize) -> Option<i64> {
        let row = self.summary_row(id, place)?;
        let summary = self.rules.summaries.get(id.index())?;
        if let Some(key) = summary.calendar {
            return match (row.keys.get(key)?, summary.keys.get(key)?.ty) {
                (Datum::Word(word), ty) => Some(instant_of(*word, ty).0),
                _ => None,
            };
        }
        self.row_clock(*row.members.last()?)
    }

    /// The clock of a row, as an instant.
    pub(crate) fn row_clock(&self, row: RowRef) -> Option<i64> {
        match row {
            RowRef::Record(id, place) => self.record(id, place)?.clock(self.kind(id)?),
            RowRef::Summary(id, place) => self.summary_clock(id, place),
            RowRef::Table(..) => None,
        }
    }

    /// The day whose rules, parameters and table rows apply to a row.
    pub(crate) fn service_day(&self, row: RowRef) -> Result<i64, CauseKind> {
        match row {
            RowRef::Record(id, _) => {
                let clock = self.row_clock(row).ok_or_else(|| self.clock_cause(id))?;
                Ok(Instant(clock).day())
            }
            RowRef::Summary(id, place) => {
                let members = self.summary_row(id, place).map_or(&[][..], |row| row.members.as_slice());
                match members.last() {
                    Some(last) => self.service_day(*last),
                    None => self
                        .summary_clock(id, place)
                        .map(|clock| Instant(clock).day())
                        .ok_or(CauseKind::Empty),
                }
            }
            RowRef::Table(..) => Err(CauseKind::Empty),
        }
    }

    /// Puts rows in the total order, each once.
    pub(crate) fn sorted(&self, mut rows: Vec<RowRef>) -> Vec<RowRef> {
        rows.sort_by_cached_key(|row| (self.order(*row), *row));
        rows.dedup();
        rows
    }
}

pub(crate) fn numbered(schema: &Schema) -> impl Iterator<Item = (KindId, &Kind)> {
    (0_u16..).map(KindId).zip(&schema.kinds)
}

fn read(schema: &Schema, id: KindId, records: &Records) -> Vec<Record> {
    let (Some(kind), Some(table)) = (schema.kind(id), records.tables.get(&id)) else { return Vec::new() };
    let text = |symbol: i64| -> Rc<str> {
        u32::try_from(symbol).map_or_else(|_| "".into(), |symbol| records.symbols.text(Symbol(symbol)).into())
    };
    let mut rows = Vec::new();
    for place in 0..table.rows {
        let mut fields = Vec::new();
        for (number, field) in (0_u16..).zip(&kind.fields) {
            let word = table.column(FieldId(number)).and_then(|column| column.get(place));
            fields.push(
                word.map(
                    |word| if field.ty.is_symbol() { Datum::Text(text(word)) } else { Datum::Word(word) },
                ),
            );
        }
        let key = table.keys.get(place).map_or_else(|| "".into(), |symbol| text(i64::from(*symbol)));
        rows.push(Record { key, fields, hidden: false });
    }
    rows.sort_by_cached_key(|record| record.order(kind));
    rows
}

fn latest(schema: &Schema, raw: &BTreeMap<KindId, Vec<Record>>) -> Option<i64> {
    let clocks = raw.iter().filter_map(|(id, rows)| Some((schema.kind(*id)?, rows)));
    let days = clocks.flat_map(|(kind, rows)| rows.iter().filter_map(|record| record.clock(kind)));
    days.map(|clock| Instant(clock).day()).max()
}

fn columns(records: &Records, id: KindId, kind: &Kind, view: bool) -> Vec<bool> {
    let table = records.tables.get(&id);
    let supplied = |number| table.is_some_and(|table| table.column(FieldId(number)).is_some());
    // A view made by netting has every field it fills in.
    (0_u16..).zip(&kind.fields).map(|(number, _)| supplied(number) || (view && table.is_none())).collect()
}

fn coverage<'r>(
    (read_as, kind): (KindId, &Kind),
    run: &RunDates,
    supplied: bool,
    rows: impl Iterator<Item = &'r Record>,
) -> Coverage {
    if !supplied {
        return Coverage::Nothing;
    }
    if kind.clock.is_empty() || run.unbounded {
        return Coverage::Unbounded;
    }
    if let Some((first, last)) = run.kinds.get(&read_as).copied().or(run.coverage) {
        return Coverage::Days(first, last);
    }
    let days: Vec<i64> =
        rows.filter_map(|record| record.clock(kind)).map(|clock| Instant(clock).day()).collect();
    match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) => Coverage::Days(*first, *last),
        _ => Coverage::Nothing,
    }
}

fn kind_rows(kind: &Kind, mut records: Vec<Record>, columns: Vec<bool>, known: (bool, Coverage)) -> KindRows {
    records.sort_by_cached_key(|record| record.order(kind));
    let by_key = records.iter().enumerate().map(|(place, record)| (Rc::clone(&record.key), place)).collect();
    KindRows { supplied: known.0, records, by_key, columns, coverage: known.1 }
}
