//! What a reading is for.
//!
//! In: the kinds and fields somebody will look at. Out: [`Needs`].
//! Invariant: what is read is a part of what reading everything gives; a kind that is read keeps all its rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{FieldId, Kind, KindId};
use crate::types::Type;

/// Which kinds and fields to read; by default all.
///
/// The rows of a kind that is not needed are counted, and its first and last day are noted
/// ([`crate::records::Records::counted`]). A cell of a field that is not needed is not looked at, so it rejects no row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    only: Option<BTreeMap<KindId, NeededKind>>,
    dates_given: bool,
}

/// What is needed of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NeededKind {
    /// The fields. Key and clock are not needed unless they are among them.
    pub fields: BTreeSet<FieldId>,
    /// Whether its keys are only shown: no needed field refers to the kind, and no rule compares its records. Then keys
    /// are held as texts that are not looked up, and its key field has no column.
    pub keys_shown: bool,
}

/// How the rows of a kind are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading<'n> {
    Whole,
    Part(&'n NeededKind),
    /// Rows are counted; with their days, or without.
    Counted(bool),
}

impl Needs {
    /// These kinds only; a view such as 原始明细 goes by its origin.
    pub fn only(kinds: BTreeMap<KindId, NeededKind>) -> Self {
        Self { only: Some(kinds), dates_given: false }
    }

    /// The run's coverage and as-of day are given: days of kinds that are not needed need not be looked for.
    #[must_use]
    pub fn with_dates_given(self) -> Self {
        Self { dates_given: true, ..self }
    }

    /// The same, and all of one kind.
    #[must_use]
    pub fn and_whole(mut self, kind: &Kind, id: KindId) -> Self {
        if let Some(only) = &mut self.only {
            let fields = (0u16..).map(FieldId).take(kind.fields.len()).collect();
            only.insert(id, NeededKind { fields, keys_shown: false });
        }
        self
    }

    /// Whether everything is read.
    pub fn is_everything(&self) -> bool {
        self.only.is_none()
    }

    /// The fields needed of a kind; none where all are read.
    pub fn of(&self, kind: KindId) -> Option<&NeededKind> {
        self.only.as_ref().and_then(|only| only.get(&kind))
    }

    pub(super) fn reading(&self, kind: KindId) -> Reading<'_> {
        match self.only.as_ref().map(|only| only.get(&kind)) {
            None => Reading::Whole,
            Some(Some(needed)) => Reading::Part(needed),
            Some(None) => Reading::Counted(!self.dates_given),
        }
    }

    /// Whether the keys of a kind are held as texts: those of several fields are put together from words.
    pub(super) fn keys_as_texts(&self, id: KindId, kind: &Kind) -> bool {
        let Reading::Part(needed) = self.reading(id) else { return false };
        let [key] = kind.key.as_slice() else { return false };
        let is_text = kind.fields.get(usize::from(key.0)).is_some_and(|field| field.ty == Type::Text);
        // A refund record and the negative line that is the same refund share their key, so one of them is looked up.
        is_text && needed.keys_shown && !needed.fields.contains(key) && kind.en != "refund"
    }

    /// Whether a field is read.
    pub(super) fn reads(&self, (id, kind): (KindId, &Kind), field: FieldId) -> bool {
        match self.reading(id) {
            Reading::Whole => true,
            Reading::Part(needed) => {
                needed.fields.contains(&field) || (kind.key.contains(&field) && !self.keys_as_texts(id, kind))
            }
            Reading::Counted(days) => days && kind.clock.contains(&field),
        }
    }
}
