//! One bucket at work: a range of rows a kind, and what was computed over it.
//!
//! In: [`Run`] and a run of persons, or everybody. Out: [`Context`], which evaluates.
//! Invariant: a context sees whole persons; kinds without persons are seen whole.

use crate::column::{NONE, ix};
use crate::domain::Domain;
use crate::frame::KindTable;
use crate::ir::ExprId;
use crate::live::LiveContext;
use crate::maps::HashMap;
use crate::postings::Postings;
use crate::rules::evidence::Kin;
use crate::run::{Run, TableIndex, symbol};
use crate::sets::index::{Grouping, Index, IndexKey};
use crate::summaries::SummaryData;
use jihe_check::typed::{Source, SummaryId, TableId};
use jihe_model::schema::KindId;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Which persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Persons {
    All,
    Some(u32, u32),
}

type Groupings = HashMap<(Source, Vec<ExprId>), Rc<Grouping>>;
type PostingsOf = HashMap<(Source, ExprId), Option<Rc<Postings>>>;
type FilteredSources = HashMap<(Source, Option<ExprId>), Rc<Filtered>>;

/// A bucket under evaluation.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) run: &'a Run<'a>,
    persons: Persons,
    pub(crate) full: RefCell<HashMap<Source, Rc<Domain>>>,
    pub(crate) unit: Rc<Domain>,
    pub(crate) indexes: RefCell<HashMap<IndexKey, Rc<Index>>>,
    pub(crate) groupings: RefCell<Groupings>,
    summaries: RefCell<HashMap<SummaryId, Rc<SummaryData>>>,
    members: RefCell<HashMap<(usize, u32), bool>>,
    pub(crate) filtered: RefCell<FilteredSources>,
    pub(crate) postings: RefCell<PostingsOf>,
    /// Names of kinds and summaries that findings share.
    pub(crate) names: RefCell<HashMap<Source, Arc<str>>>,
    /// Whom records of findings belong to.
    pub(crate) kin: RefCell<HashMap<(KindId, u32), Kin>>,
    /// What a session keeps between claims; none in a batch.
    pub(crate) live: Option<LiveContext<'a>>,
}

/// The rows of a source by a condition.
#[derive(Debug)]
pub(crate) struct Filtered {
    /// Tuples of the full domain for which it is true.
    pub(crate) domain: Rc<Domain>,
    /// Visible rows for which it is false.
    pub(crate) refused: u64,
    /// Rows for which it is undecided, with the cause.
    pub(crate) undecided: Rc<[(u32, jihe_model::value::Cause)]>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(run: &'a Run<'a>, persons: Persons) -> Self {
        Context {
            run,
            persons,
            full: RefCell::default(),
            unit: Domain::unit(),
            indexes: RefCell::default(),
            groupings: RefCell::default(),
            summaries: RefCell::default(),
            members: RefCell::default(),
            filtered: RefCell::default(),
            postings: RefCell::default(),
            names: RefCell::default(),
            kin: RefCell::default(),
            live: None,
        }
    }

    pub(crate) fn kind(&self, id: KindId) -> Option<&'a KindTable<'a>> {
        self.run.frame.kind(id)
    }

    /// The rows of a source in this bucket.
    pub(crate) fn range(&self, source: Source) -> (u32, u32) {
        match source {
            Source::Kind(kind) => match (self.kind(kind), self.persons) {
                (Some(table), Persons::Some(from, to)) => table.rows_of((from, to)),
                (Some(table), Persons::All) => (0, table.len()),
                (None, _) => (0, 0),
            },
            Source::Summary(id) => (0, self.summary(id).len),
            Source::Table(id) => (0, self.run.tables.get(id.index()).map_or(0, |table| table.rows)),
        }
    }

    /// Every row of a source in this bucket.
    pub(crate) fn full(&self, source: Source) -> Rc<Domain> {
        if let Some(held) = self.full.borrow().get(&source) {
            return Rc::clone(held);
        }
        let (from, to) = self.range(source);
        let domain = Domain::full(source, from, to);
        self.supply_columns(source, &domain);
        self.full.borrow_mut().insert(source, Rc::clone(&domain));
        domain
    }

    pub(crate) fn summary(&self, id: SummaryId) -> Rc<SummaryData> {
        if let Some(held) = self.summaries.borrow().get(&id) {
            return Rc::clone(held);
        }
        let data = self.supplied_data(id).unwrap_or_else(|| crate::summaries::group(self, id));
        let data = Rc::new(data);
        self.summaries.borrow_mut().insert(id, Rc::clone(&data));
        data
    }

    /// Sets the rows of a summary; what was computed over others is forgotten.
    pub(crate) fn put_summary(&self, id: SummaryId, data: Option<Rc<SummaryData>>) {
        let source = Source::Summary(id);
        self.full.borrow_mut().remove(&source);
        self.indexes.borrow_mut().retain(|key, _| key.source != source);
        self.groupings.borrow_mut().retain(|key, _| key.0 != source);
        self.filtered.borrow_mut().retain(|key, _| key.0 != source);
        if let Some(live) = &self.live {
            live.forget(source);
        }
        match data {
            Some(data) => self.summaries.borrow_mut().insert(id, data),
            None => self.summaries.borrow_mut().remove(&id),
        };
    }

    /// The rows of a table by columns; nothing for a way of looking that no rule has.
    pub(crate) fn table_index(
        &self,
        table: TableId,
        columns: &[usize],
        patterned: &[bool],
    ) -> Option<&'a TableIndex> {
        let data = self.run.tables.get(table.index())?;
        let held = self.run.table_indexes.get(&(table, columns.to_vec()))?;
        Some(held.get_or_init(|| data.index(columns, patterned)))
    }

    /// Whether a code belongs to a code set of the run.
    pub(crate) fn in_codes(&self, codes: usize, word: i64) -> bool {
        let Some(code) = symbol(word) else { return false };
        if let Some(known) = self.members.borrow().get(&(codes, code)) {
            return *known;
        }
        let holds =
            self.run.codes.get(codes).is_some_and(|matcher| matcher.contains(self.run.texts.text(word)));
        self.members.borrow_mut().insert((codes, code), holds);
        holds
    }

    /// The places of rows in the total order of their source; none when rows are in that order already.
    pub(crate) fn ranks(&self, source: Source) -> Option<&'a [u32]> {
        match source {
            // Rows of one person are in order, and a kind without persons is sorted whole.
            Source::Kind(kind) if self.persons == Persons::All => {
                self.kind(kind).filter(|table| !table.in_order).map(|table| table.ranks(self.run.texts))
            }
            Source::Kind(_) | Source::Summary(_) | Source::Table(_) => None,
        }
    }

    /// The place of a row in the total order.
    pub(crate) fn rank(ranks: Option<&[u32]>, row: u32) -> u32 {
        ranks.map_or(row, |ranks| ranks.get(ix(row)).copied().unwrap_or(NONE))
    }

    /// Forgets columns when they have grown large; summaries stay.
    pub(crate) fn trim(&self) {
        const MOST: usize = 1 << 30;
        let held: usize = self
            .full
            .borrow()
            .values()
            .chain(self.filtered.borrow().values().map(|filtered| &filtered.domain))
            .map(|domain| domain.len.saturating_mul(domain.exprs.borrow().len()).saturating_mul(8))
            .sum();
        if held > MOST {
            self.full.borrow_mut().clear();
            self.indexes.borrow_mut().clear();
            self.groupings.borrow_mut().clear();
            self.filtered.borrow_mut().clear();
            self.postings.borrow_mut().clear();
        }
    }
}
