//! Rows and sets of rows.
//!
//! In: nothing. Out: [`RowRef`], [`RowState`], [`RowSet`], [`Order`].
//! Invariant: the rows of a set surely belong; whatever else may belong makes the set incomplete, with one cause.

use jihe_check::typed::{SummaryId, TableId};
use jihe_model::schema::KindId;
use jihe_model::value::CauseKind;
use std::rc::Rc;

/// A row of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowRef {
    /// A record: its kind, and its place among the records of that kind.
    Record(KindId, usize),
    /// A group.
    Summary(SummaryId, usize),
    /// A row of a knowledge table.
    Table(TableId, usize),
}

/// What stands where one row is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowState {
    /// A row.
    Row(RowRef),
    /// Surely none; its fields are missing for this reason.
    None(CauseKind),
    /// Not known which, or whether any.
    Undecided(CauseKind),
    /// A reference that leads nowhere: the kind it names, and the key where that is known.
    Dangling(KindId, Option<Rc<str>>),
}

/// The total order of sentence 15: clock, end of interval (missing last), key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Order {
    clock: Late,
    end: Late,
    key: Rc<str>,
}

/// A time; a missing one sorts last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Late {
    At(i64),
    Missing,
}

impl Order {
    pub(crate) fn new(clock: Option<i64>, end: Option<i64>, key: Rc<str>) -> Self {
        let late = |time: Option<i64>| time.map_or(Late::Missing, Late::At);
        Self { clock: late(clock), end: late(end), key }
    }

    pub(crate) fn has_clock(&self) -> bool {
        self.clock != Late::Missing
    }
}

/// Why a window is incomplete, after its kind and its anchor; the first of these names the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The window reaches outside coverage.
    Coverage,
    /// A candidate's condition or period is undecided.
    Condition,
    /// A candidate's clock is missing.
    Clock,
}

/// A reason with its rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Doubt {
    pub(crate) rank: Rank,
    pub(crate) cause: CauseKind,
}

impl Doubt {
    pub(crate) fn new(rank: Rank, cause: CauseKind) -> Self {
        Self { rank, cause }
    }
}

/// A set of rows, in the total order of their source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RowSet {
    /// Sure members.
    pub(crate) rows: Vec<RowRef>,
    /// Why others may belong; none if the set is complete.
    pub(crate) incomplete: Option<CauseKind>,
}

impl RowSet {
    pub(crate) fn of(rows: Vec<RowRef>) -> Self {
        Self { rows, incomplete: None }
    }

    pub(crate) fn unknown(cause: CauseKind) -> Self {
        Self { rows: Vec::new(), incomplete: Some(cause) }
    }
}
