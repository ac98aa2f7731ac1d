//! The causes of a run, numbered.
//!
//! In: the rules. Out: [`Causes`].
//! Invariant: every cause the engine can give is numbered before evaluation starts, so threads agree.

use crate::column::Found;
use jihe_check::typed::{DerivedId, TableId, TypedRules};
use jihe_model::schema::{FieldId, KindId, SystemId};
use jihe_model::value::{Cause, CauseKind};

/// Causes that need no name.
pub(crate) const EMPTY: Cause = Cause(0);
pub(crate) const DIVISION_BY_ZERO: Cause = Cause(1);
pub(crate) const OVERFLOW: Cause = Cause(2);
pub(crate) const TOO_FEW: Cause = Cause(3);
pub(crate) const TIME_OF_DAY: Cause = Cause(4);
pub(crate) const TOO_MANY_DAYS: Cause = Cause(5);

/// The table of causes.
#[derive(Debug)]
pub(crate) struct Causes {
    kinds: Vec<CauseKind>,
    fields: Vec<u16>,
    kind: u16,
    coverage: u16,
    contradiction: u16,
    derived: u16,
    row: u16,
    table: u16,
    system: u16,
}

impl Causes {
    pub(crate) fn new(rules: &TypedRules) -> Self {
        let mut kinds = vec![
            CauseKind::Empty,
            CauseKind::DivisionByZero,
            CauseKind::Overflow,
            CauseKind::TooFew,
            CauseKind::TimeOfDay,
            CauseKind::TooManyDays,
        ];
        let mut fields = Vec::new();
        let schema = &rules.schema;
        for kind in &schema.kinds {
            fields.push(next(&kinds));
            kinds.extend(
                kind.fields
                    .iter()
                    .map(|field| CauseKind::Field { kind: kind.en.clone(), field: field.en.clone() }),
            );
        }
        let mut block = |all: &mut dyn Iterator<Item = CauseKind>| {
            let from = next(&kinds);
            kinds.extend(all);
            from
        };
        let names = || schema.kinds.iter().map(|kind| kind.en.clone());
        let kind = block(&mut names().map(CauseKind::Kind));
        let coverage = block(&mut names().map(CauseKind::Coverage));
        let contradiction = block(&mut names().map(CauseKind::Contradiction));
        let derived = block(&mut rules.derived.iter().map(|field| CauseKind::Field {
            kind: schema.kind(field.kind).map(|kind| kind.en.clone()).unwrap_or_default(),
            field: field.name.clone(),
        }));
        let row = block(&mut rules.tables.iter().map(|table| CauseKind::Row(table.name.clone())));
        let table = block(&mut rules.tables.iter().map(|table| CauseKind::Table(table.name.clone())));
        let system =
            block(&mut schema.systems.iter().map(|system| CauseKind::Contradiction(system.en.clone())));
        Causes { kinds, fields, kind, coverage, contradiction, derived, row, table, system }
    }

    /// What a cause is.
    pub(crate) fn text(&self, cause: Cause) -> String {
        self.kinds.get(usize::from(cause.0)).map(ToString::to_string).unwrap_or_default()
    }

    /// The cause that is printed so.
    pub(crate) fn find(&self, text: &str) -> Option<Cause> {
        let at = self.kinds.iter().position(|kind| kind.to_string() == text)?;
        u16::try_from(at).ok().map(Cause)
    }

    /// What a reference leads to when it is missing with this cause: a field or kind that is not there leads nowhere.
    pub(crate) fn led_nowhere(&self, cause: Cause) -> Found {
        match self.kinds.get(usize::from(cause.0)) {
            Some(CauseKind::Field { .. } | CauseKind::Kind(_)) => Found::Dangling,
            Some(CauseKind::Empty) => Found::Nothing(cause),
            _ => Found::Undecided(cause),
        }
    }

    pub(crate) fn field(&self, kind: KindId, field: FieldId) -> Cause {
        let from = self.fields.get(usize::from(kind.0)).copied().unwrap_or(0);
        Cause(from.saturating_add(field.0))
    }

    pub(crate) fn kind(&self, kind: KindId) -> Cause {
        Cause(self.kind.saturating_add(kind.0))
    }

    pub(crate) fn coverage(&self, kind: KindId) -> Cause {
        Cause(self.coverage.saturating_add(kind.0))
    }

    pub(crate) fn contradiction(&self, kind: KindId) -> Cause {
        Cause(self.contradiction.saturating_add(kind.0))
    }

    pub(crate) fn derived(&self, id: DerivedId) -> Cause {
        at(self.derived, id.0)
    }

    pub(crate) fn row(&self, id: TableId) -> Cause {
        at(self.row, id.0)
    }

    pub(crate) fn table(&self, id: TableId) -> Cause {
        at(self.table, id.0)
    }

    pub(crate) fn system(&self, id: SystemId) -> Cause {
        Cause(self.system.saturating_add(id.0))
    }
}

fn at(from: u16, place: u32) -> Cause {
    Cause(from.saturating_add(u16::try_from(place).unwrap_or(u16::MAX)))
}

fn next(kinds: &[CauseKind]) -> u16 {
    u16::try_from(kinds.len()).unwrap_or(u16::MAX)
}
