//! Gives every expression a type: declarations by name to typed rules.
//!
//! In: [`Names`] and the schema. Out: [`TypedRules`], and what is wrong.
//! Invariant: a function that gives nothing has reported why; nothing is reported twice.

#![expect(
    clippy::too_many_arguments,
    reason = "the state, what is written, and where it stands are three of the four"
)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the last arm refuses or leaves alone whatever else there is"
)]
#![expect(
    clippy::option_option,
    reason = "outside: whether the name was found; inside: whether its declaration is right"
)]

mod aggregates;
mod arithmetic;
mod calls;
mod codes;
mod compare;
mod conditions;
mod constants;
mod declarations;
mod groups;
mod lookups;
mod membership;
mod names;
mod paths;
mod periods;
mod ranges;
mod rule_clauses;
mod rules;
mod sets;
mod test_blocks;
mod values;
mod versions;
mod windows;

pub(crate) use calls::alike;
pub(crate) use codes::read_pattern;
pub(crate) use constants::constant_range;
pub(crate) use values::Binary;

use jihe_diagnostics::{Diagnostic, Sources, Span};
use jihe_model::schema::{KindId, Schema};
use jihe_model::types::Type;

use crate::resolve::Names;
use crate::typed::{
    self, CodeSetId, DerivedId, Expr, ExprKind, Literal, Row, Set, Source, SummaryId, TableId, TypedRules,
    VarId,
};

/// Types everything that was declared, in the order rules need it.
pub(crate) fn infer(names: &Names<'_>, input: Texts<'_>, start: TypedRules) -> (TypedRules, Vec<Diagnostic>) {
    let mut infer = Infer {
        names,
        input,
        typed: start,
        diagnostics: Vec::new(),
        derived: names.derived.iter().map(|_| Progress::Waiting).collect(),
        summaries: names.summaries.iter().map(|_| Progress::Waiting).collect(),
        owner: Owner::default(),
        range: None,
        depth: 0,
    };
    infer.all_declarations();
    (infer.typed, infer.diagnostics)
}

/// What inference reads besides the declarations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'a> {
    /// The texts, for 列示.
    pub(crate) sources: &'a Sources,
    /// Knowledge and code-set files by name.
    pub(crate) files: &'a crate::Files,
}

/// How far a declaration that others may need has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Progress<T> {
    Waiting,
    Working,
    Done(T),
    Failed,
}

/// What a name bound to an expression stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Value(Type),
    Row(Source),
    Set(Source),
}

/// A derived field that has been typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DerivedInfo {
    pub(crate) id: DerivedId,
    pub(crate) shape: Shape,
}

/// A 设 that has been typed; none if it was wrong, so that its uses stay quiet.
#[derive(Debug, Clone)]
pub(crate) struct LetInfo {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) shape: Option<(typed::LetId, Shape)>,
}

/// What belongs to the rule, derived field or summary being typed.
#[derive(Debug, Default)]
pub(crate) struct Owner {
    /// What each variable is a row of.
    pub(crate) sources: Vec<Source>,
    pub(crate) lets: Vec<LetInfo>,
    /// Kinds whose records were candidates here, for the clash of names of sentence 4.
    pub(crate) candidates: Vec<KindId>,
    /// Names that stood for a parameter, code set or table, and where that is declared.
    pub(crate) used: Vec<(jihe_syntax::tree::Name, Span)>,
    /// Dated tables read on the date of service of a group.
    pub(crate) versions: Vec<typed::Versions>,
}

/// A row and what it is a row of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) row: Row,
    pub(crate) source: Source,
}

/// Where an expression stands.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// 本条
    pub(crate) subject: Place,
    /// The innermost record, which bare names belong to.
    pub(crate) current: Place,
    /// The row whose records are 本组.
    pub(crate) group: Option<Place>,
    /// How many sets it is nested in.
    pub(crate) depth: u8,
    /// Inside 说明, where a bare member field prints the first record's value.
    pub(crate) message: bool,
}

impl Scope {
    /// The scope of a record that is the subject itself.
    pub(crate) fn of(place: Place) -> Self {
        Self { subject: place.clone(), current: place, group: None, depth: 0, message: false }
    }

    /// Inside 其中 of a set: the candidate becomes the innermost record.
    pub(crate) fn within(&self, candidate: Place) -> Self {
        Self { current: candidate, depth: self.depth.saturating_add(1), message: false, ..self.clone() }
    }

    /// Whether bare names belong to a candidate.
    pub(crate) fn in_candidate(&self) -> bool {
        self.depth > 0
    }
}

/// A set with a name for what it is, so that the same set written twice in an aggregate is one range.
#[derive(Debug, Clone)]
pub(crate) struct NamedSet {
    pub(crate) set: Set,
    pub(crate) key: String,
}

/// The values or records reached from every row of a set.
#[derive(Debug, Clone)]
pub(crate) struct Elements {
    pub(crate) set: NamedSet,
    pub(crate) var: VarId,
    pub(crate) steps: Vec<jihe_syntax::tree::Name>,
    pub(crate) item: Element,
}

/// What is reached from a row of a set.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Value(Expr),
    Row(Place),
}

/// What an expression turns out to be.
#[derive(Debug, Clone)]
pub(crate) enum Thing {
    Value(Expr),
    Row(Place),
    Set(NamedSet),
    Elements(Box<Elements>),
    Table(TableId),
    Column(TableId, usize),
    Codes(CodeSetId),
    Kind(KindId),
    Summary(SummaryId),
}

/// The one range of the aggregate whose argument is being typed.
#[derive(Debug, Clone, Default)]
pub(crate) struct RangeSlot {
    pub(crate) entered: Option<Entered>,
}

/// A range that was found.
#[derive(Debug, Clone)]
pub(crate) struct Entered {
    pub(crate) set: NamedSet,
    pub(crate) var: VarId,
}

/// The state of inference.
#[derive(Debug)]
pub(crate) struct Infer<'a> {
    pub(crate) names: &'a Names<'a>,
    pub(crate) input: Texts<'a>,
    pub(crate) typed: TypedRules,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) derived: Vec<Progress<DerivedInfo>>,
    pub(crate) summaries: Vec<Progress<SummaryId>>,
    pub(crate) owner: Owner,
    pub(crate) range: Option<RangeSlot>,
    /// How many declarations wait for each other.
    pub(crate) depth: u8,
}

impl Infer<'_> {
    /// The schema with its extensions.
    pub(crate) fn schema(&self) -> &Schema {
        &self.typed.schema
    }

    /// Says what is wrong, and gives nothing.
    pub(crate) fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    /// A new variable of the owner.
    pub(crate) fn fresh(&mut self, source: Source) -> VarId {
        let var = VarId(u32::try_from(self.owner.sources.len()).unwrap_or(u32::MAX));
        self.owner.sources.push(source);
        var
    }

    /// A new variable, as a row.
    pub(crate) fn fresh_place(&mut self, source: Source) -> (VarId, Place) {
        let var = self.fresh(source);
        (var, Place { row: Row::Var(var), source })
    }

    /// Runs with no aggregate around, and restores the one that was.
    pub(crate) fn without_range<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let saved = self.range.take();
        let result = run(self);
        self.range = saved;
        result
    }
}

/// An expression.
pub(crate) fn expr(kind: ExprKind, ty: Type, span: Span) -> Expr {
    Expr { kind, ty, span }
}

/// A constant.
pub(crate) fn word(word: i64, ty: Type, span: Span) -> Expr {
    expr(ExprKind::Literal(Literal::Word(word)), ty, span)
}

/// The rows of a source.
pub(crate) fn set(kind: typed::SetKind, source: Source, span: Span) -> Set {
    Set { kind, source, span }
}
