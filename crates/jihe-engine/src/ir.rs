//! The plan's expressions: hash-consed, scopes numbered, lets and derived fields inlined.
//!
//! In: what [`crate::lower`] builds. Out: [`Arena`], from which the evaluator reads.
//! Invariant: structurally equal steps have equal ids, whatever rule they were written in; a node that depends on one
//! variable only is written with that variable as slot 0, so that all rules share it.

mod parts;

pub(crate) use parts::Node;

use crate::maps::HashMap;
use core::hash::Hash;
use jihe_check::typed::{
    AggregateFunction, ArithmeticOp, Builtin, CodeSetId, CompareOp, DerivedId, Direction, Neighbour,
    ParameterId, Source, SummaryId, TableId,
};
use jihe_model::schema::{FieldId, KindId};
use jihe_model::types::Type;

/// An expression of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ExprId(pub(crate) u32);
/// A row of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowId(pub(crate) u32);
/// A set of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(pub(crate) u32);
/// A text constant of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TextId(pub(crate) u32);
/// A variable of the current scope, outermost first.
pub(crate) type Slot = u8;

/// What an expression computes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ExprOp {
    Word(i64),
    Text(TextId),
    AsOf,
    /// The value of a parameter on a day.
    Parameter(ParameterId, ExprId),
    Field(RowId, KindId, FieldId),
    Clock(RowId, Source),
    /// The date of service of a record or summary row.
    Service(RowId, Source),
    Key(RowId, SummaryId, usize),
    Cell(RowId, TableId, usize),
    Reference(RowId, KindId),
    /// An expression of one row of a source, asked of a row; the derived field it stands for, if any.
    At(RowId, Source, ExprId, Option<DerivedId>),
    Not(ExprId),
    And(Vec<ExprId>),
    Or(Vec<ExprId>),
    Compare(CompareOp, ExprId, ExprId),
    Arithmetic(ArithmeticOp, ExprId, ExprId),
    Negate(ExprId),
    If(ExprId, ExprId, ExprId),
    InCodes(ExprId, CodeSetId),
    InCell(ExprId, ExprId),
    InTable(TableId, Vec<ExprId>, Vec<usize>, Option<ExprId>),
    Contains(ExprId, ExprId),
    IsKnown(ExprId),
    Default(ExprId, ExprId),
    Call(Builtin, Vec<ExprId>),
    /// Start, end, and whether a missing end is open.
    Interval(ExprId, ExprId, bool),
    Aggregate(AggregateOp),
    Excess(ExcessOp),
}

/// An aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AggregateOp {
    pub(crate) function: AggregateFunction,
    pub(crate) set: SetId,
    pub(crate) slot: Slot,
    pub(crate) value: Option<ExprId>,
    pub(crate) argument: Option<ExprId>,
}

/// 超出部分, 超出天数部分.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ExcessOp {
    pub(crate) days: bool,
    pub(crate) set: SetId,
    pub(crate) slot: Slot,
    pub(crate) value: ExprId,
    pub(crate) limit: ExprId,
}

/// What a row is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum RowOp {
    Var(Slot),
    Follow(ExprId, KindId),
    Pick(SetId, WhichOp),
    At(RowId, RowId),
}

/// Which record of a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum WhichOp {
    First,
    Last,
    Max(Slot, ExprId),
    Min(Slot, ExprId),
}

/// What a set is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum SetOp {
    All,
    Window(Box<WindowOp>),
    Members(RowId),
    Each(SetId, Slot, SetId),
    FollowEach(SetId, Slot, RowId),
    Filter(SetId, Slot, ExprId),
    Except(SetId, SetId),
    Single(RowId),
    Densest(Box<DensestOp>),
    Lookup(TableId, Vec<(usize, ExprId)>, Option<ExprId>),
    At(RowId, SetId),
}

/// A window: candidates by key, period and condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WindowOp {
    pub(crate) slot: Slot,
    pub(crate) anchor: RowId,
    pub(crate) anchor_source: Source,
    pub(crate) others: bool,
    /// Over the candidate alone (slot 0), and over the anchor's scope.
    pub(crate) keys: Vec<(ExprId, ExprId)>,
    pub(crate) period: Option<PeriodOp>,
    pub(crate) until_anchor: bool,
    /// The conjuncts over the candidate alone, as one condition over slot 0.
    pub(crate) fixed: Option<ExprId>,
    /// The other conjuncts.
    pub(crate) open: Option<ExprId>,
    /// The whole condition, asked for the cause when a candidate is undecided.
    pub(crate) filter: Option<ExprId>,
    pub(crate) neighbour: Option<Neighbour>,
}

/// A period; what depends on the candidate is written over slot 0.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum PeriodOp {
    Rolling { direction: Direction, length: Option<ExprId>, from: ExprId, clock: ExprId },
    Nearest { direction: Direction, count: ExprId },
    During { interval: ExprId, clock: ExprId },
    Overlapping { interval: ExprId, candidate: ExprId },
    ValidAt { at: ExprId, candidate: ExprId },
}

/// 最密.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct DensestOp {
    pub(crate) set: SetId,
    pub(crate) slot: Slot,
    pub(crate) value: ExprId,
    pub(crate) width: ExprId,
    pub(crate) relative: bool,
}

/// What is known of a node besides its operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Traits {
    /// The slots it depends on, a bit each.
    pub(crate) slots: u32,
    /// Whether it reads a set, so that it is not worth computing where nobody asks.
    pub(crate) heavy: bool,
}

impl Traits {
    pub(crate) const NONE: Traits = Traits { slots: 0, heavy: false };

    pub(crate) fn slot(slot: Slot) -> Traits {
        Traits { slots: 1u32.wrapping_shl(u32::from(slot)), heavy: false }
    }

    pub(crate) fn and(self, other: Traits) -> Traits {
        Traits { slots: self.slots | other.slots, heavy: self.heavy || other.heavy }
    }

    pub(crate) fn heavy(self) -> Traits {
        Traits { heavy: true, ..self }
    }

    /// As seen from outside the scope of a slot.
    pub(crate) fn without(self, slot: Slot) -> Traits {
        Traits { slots: self.slots & !Traits::slot(slot).slots, ..self }
    }
}

/// An expression with its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TypedOp {
    pub(crate) op: ExprOp,
    pub(crate) ty: Type,
}

/// A row with its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SourcedRow {
    pub(crate) op: RowOp,
    pub(crate) source: Source,
}

/// A set with its source.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SourcedSet {
    pub(crate) op: SetOp,
    pub(crate) source: Source,
}

/// Nodes of one sort, each held once.
#[derive(Debug, Clone)]
struct Pool<T> {
    nodes: Vec<(T, Traits)>,
    index: HashMap<T, u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool { nodes: Vec::new(), index: HashMap::default() }
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    fn put(&mut self, node: T, traits: Traits) -> u32 {
        if let Some(found) = self.index.get(&node) {
            return *found;
        }
        let id = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push((node.clone(), traits));
        self.index.insert(node, id);
        id
    }
}

/// All nodes of a plan.
#[derive(Debug, Clone, Default)]
pub(crate) struct Arena {
    exprs: Pool<TypedOp>,
    rows: Pool<SourcedRow>,
    sets: Pool<SourcedSet>,
    texts: Pool<String>,
}

/// What an id of another arena reads as; it cannot happen, and must not panic.
const NOWHERE: (TypedOp, Traits) = (TypedOp { op: ExprOp::AsOf, ty: Type::Date }, Traits::NONE);

impl Arena {
    pub(crate) fn put_expr(&mut self, op: ExprOp, ty: Type, traits: Traits) -> ExprId {
        ExprId(self.exprs.put(TypedOp { op, ty }, traits))
    }

    pub(crate) fn put_row(&mut self, op: RowOp, source: Source, traits: Traits) -> RowId {
        RowId(self.rows.put(SourcedRow { op, source }, traits))
    }

    pub(crate) fn put_set(&mut self, op: SetOp, source: Source, traits: Traits) -> SetId {
        SetId(self.sets.put(SourcedSet { op, source }, traits))
    }

    pub(crate) fn put_text(&mut self, text: &str) -> TextId {
        TextId(self.texts.put(text.to_owned(), Traits::NONE))
    }

    pub(crate) fn expr(&self, id: ExprId) -> &TypedOp {
        self.exprs.nodes.get(index(id.0)).map_or(&NOWHERE.0, |node| &node.0)
    }

    pub(crate) fn row(&self, id: RowId) -> &SourcedRow {
        const NO_ROW: SourcedRow = SourcedRow { op: RowOp::Var(0), source: Source::Kind(KindId(0)) };
        self.rows.nodes.get(index(id.0)).map_or(&NO_ROW, |node| &node.0)
    }

    pub(crate) fn set(&self, id: SetId) -> &SourcedSet {
        const NO_SET: SourcedSet = SourcedSet { op: SetOp::All, source: Source::Kind(KindId(0)) };
        self.sets.nodes.get(index(id.0)).map_or(&NO_SET, |node| &node.0)
    }

    pub(crate) fn expr_traits(&self, id: ExprId) -> Traits {
        self.exprs.nodes.get(index(id.0)).map_or(Traits::NONE, |node| node.1)
    }

    pub(crate) fn row_traits(&self, id: RowId) -> Traits {
        self.rows.nodes.get(index(id.0)).map_or(Traits::NONE, |node| node.1)
    }

    pub(crate) fn set_traits(&self, id: SetId) -> Traits {
        self.sets.nodes.get(index(id.0)).map_or(Traits::NONE, |node| node.1)
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.nodes.iter().map(|node| node.0.as_str())
    }

    pub(crate) fn sets(&self) -> impl Iterator<Item = &SourcedSet> {
        self.sets.nodes.iter().map(|node| &node.0)
    }

    /// How many expressions, rows and sets.
    pub(crate) fn sizes(&self) -> (usize, usize, usize) {
        (self.exprs.nodes.len(), self.rows.nodes.len(), self.sets.nodes.len())
    }

    pub(crate) fn exprs(&self) -> impl Iterator<Item = (ExprId, &TypedOp)> {
        (0u32..).map(ExprId).zip(self.exprs.nodes.iter().map(|node| &node.0))
    }

    /// The expression over slot 0 that an expression over one slot alone stands for.
    pub(crate) fn of_element(&self, id: ExprId, slot: Slot) -> Option<ExprId> {
        if let ExprOp::At(row, _, body, None) = &self.expr(id).op
            && self.row(*row).op == RowOp::Var(slot)
        {
            return Some(*body);
        }
        let slots = self.expr_traits(id).slots;
        (slots == 0 || (slot == 0 && slots == 1)).then_some(id)
    }
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}
