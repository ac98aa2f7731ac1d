//! Rows and sets of rows.
//!
//! In: nothing. Out: [`Row`], [`Set`] and what they are made of.
//! Invariant: a set has rows of one source; a period says of both sides which time is meant.

use jihe_diagnostics::Span;
use jihe_model::schema::{FieldId, KindId};

use super::{DerivedId, Expr, LetId, Source, TableId, VarId};

/// One record at most.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// A variable.
    Var(VarId),
    /// The record of kind `to` whose key the reference is.
    Follow {
        /// A value of type `Reference(to)`.
        reference: Box<Expr>,
        /// Its kind.
        to: KindId,
    },
    /// One record of a set.
    Pick(Box<Pick>),
    /// An earlier 设 holding a record.
    Let(LetId),
    /// A derived field holding a record.
    Derived(Box<Row>, DerivedId),
}

/// Choosing one record of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// The set.
    pub set: Set,
    /// Which.
    pub which: Which,
}

/// Which record of a set, in the total order of sentence 15.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// 首, and the row of a unique lookup
    First,
    /// 末
    Last,
    /// 最大者: the earliest of those with the greatest value
    Max(VarId, Expr),
    /// 最小者
    Min(VarId, Expr),
}

/// A set of rows of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Set {
    /// What it is.
    pub kind: SetKind,
    /// Whose rows.
    pub source: Source,
    /// Where it stands.
    pub span: Span,
}

/// What a set is.
#[derive(Debug, Clone, PartialEq)]
pub enum SetKind {
    /// Every row (针对, 统计).
    All,
    /// Candidates by key, period and condition.
    Window(Box<Window>),
    /// 就诊.明细: the rows of a kind whose `field` refers to the record.
    Children {
        /// The record.
        of: Row,
        /// The field that refers to it.
        field: FieldId,
    },
    /// 本组, 机构日入院.本组: the records behind a summary row.
    Members(Row),
    /// 他处.明细: the union over the rows of a set of an inner set that may use `var`.
    Each {
        /// The outer set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The inner set.
        inner: Box<Set>,
    },
    /// 他处.机构: the distinct records referred to by the rows of a set.
    FollowEach {
        /// The outer set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The record referred to.
        row: Row,
    },
    /// 其中
    Filter {
        /// The set.
        set: Box<Set>,
        /// Its element.
        var: VarId,
        /// The condition.
        condition: Expr,
    },
    /// 除
    Except(Box<Set>, Box<Set>),
    /// A record as a set of at most one.
    Single(Row),
    /// 最密
    Densest(Box<Densest>),
    /// `表[键]`: the rows of a table.
    Lookup(Box<Lookup>),
    /// An earlier 设 holding a set.
    Let(LetId),
    /// A derived field holding a set.
    Derived(Row, DerivedId),
}

/// `其他 KIND 同一(…) PERIOD 其中 …`
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The candidate.
    pub var: VarId,
    /// The record in whose scope the window is written (sentence 6).
    pub anchor: Row,
    /// The source of the anchor.
    pub anchor_source: Source,
    /// 其他: leaves the anchor out.
    pub others: bool,
    /// 同一, 本次 and calendar periods: the value of the candidate equals that of the anchor.
    /// A missing value on either side never matches; on the anchor's side it makes the set incomplete.
    pub keys: Vec<(Expr, Expr)>,
    /// The period, if any.
    pub period: Option<Period>,
    /// 至 本条: no candidate after the anchor in the total order.
    pub until_anchor: bool,
    /// 其中, over the candidate.
    pub filter: Option<Expr>,
    /// 上一, 下一: keep the nearest before or after the anchor in the total order.
    pub neighbour: Option<Neighbour>,
}

/// 上一 or 下一.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Neighbour {
    /// 上一
    Previous,
    /// 下一
    Following,
}

/// Periods that are not equalities.
#[derive(Debug, Clone, PartialEq)]
pub enum Period {
    /// 最近, 随后, 前后, 此前, 此后 (sentence 11).
    Rolling {
        /// Which way.
        direction: Direction,
        /// The length: a fixed duration or months; none is unbounded (此前, 此后).
        length: Option<Expr>,
        /// The anchor's time D, in the anchor's scope: date or instant.
        from: Expr,
        /// The candidate's time d, over the candidate: date or instant.
        clock: Expr,
    },
    /// 最近 N 次, 随后 N 次: so many records up to and including the anchor, in the total order.
    Nearest {
        /// Last or Next.
        direction: Direction,
        /// How many, a number.
        count: Expr,
    },
    /// 期间 X: X.start ≤ d ≤ X.end (dates) or < X.end (instants).
    During {
        /// An interval in the anchor's scope.
        interval: Expr,
        /// The candidate's time.
        clock: Expr,
    },
    /// 重叠 X: X.start < Y.end and Y.start < X.end (contract 17).
    Overlapping {
        /// An interval in the anchor's scope.
        interval: Expr,
        /// The candidate's interval.
        candidate: Expr,
    },
    /// 有效于 T: start ≤ T ≤ end by date.
    ValidAt {
        /// A time in the anchor's scope.
        at: Expr,
        /// The candidate's interval.
        candidate: Expr,
    },
}

/// The way a rolling window looks; ends as in sentence 11.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// 最近: D−N < d ≤ D
    Last,
    /// 随后: D ≤ d < D+N
    Next,
    /// 前后: D−N ≤ d ≤ D+N
    Around,
    /// 此前: D−N ≤ d < D
    Before,
    /// 此后: D < d ≤ D+N
    After,
}

/// 最密(集.字段, 宽度): the largest subset whose values lie within the width; of several the earliest.
#[derive(Debug, Clone, PartialEq)]
pub struct Densest {
    /// The set.
    pub set: Set,
    /// Its element.
    pub var: VarId,
    /// The value: instant, date, money, number …
    pub value: Expr,
    /// The width: a duration for times, the value's type, or a ratio for `%` (max − min ≤ ratio × min).
    pub width: Expr,
    /// Whether the width is relative.
    pub relative: bool,
}

/// `表[键, 名 = 键 于 日期]`
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// The table.
    pub table: TableId,
    /// Key columns and values; not every key column need be given.
    pub keys: Vec<(usize, Expr)>,
    /// The day whose row counts: after 于, or the clock of the record that supplies the key. None for undated tables.
    pub as_of: Option<Expr>,
}
