//! Values as the reference sees them: texts are texts, not symbols.
//!
//! In: literals and records. Out: [`Datum`], [`Value`], [`Ends`].
//! Invariant: a value is known, known from below, or missing with a cause; nothing else.

use jihe_check::typed::{Literal, TableId};
use jihe_model::types::Type;
use jihe_model::value::CauseKind;
use std::rc::Rc;

/// A present value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Datum {
    /// The word of its type (the table in `jihe_model::value::Value`).
    Word(i64),
    /// Text, code or reference.
    Text(Rc<str>),
    /// The code patterns in a cell: table, row, column.
    Codes(TableId, usize, usize),
    /// 甲 至 乙
    Interval(Box<Ends>),
}

/// The ends of an interval, each with its type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ends {
    pub(crate) start: Value,
    pub(crate) start_type: Type,
    pub(crate) end: End,
    pub(crate) end_type: Type,
}

/// The later end of an interval.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    /// A value, possibly missing.
    At(Value),
    /// Still open (sentence 14); the cause of the field that is empty.
    Open(CauseKind),
}

/// A value of an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// Present.
    Known(Datum),
    /// The true value is at least this (sentence 32).
    AtLeast(i64, CauseKind),
    /// Missing.
    Missing(CauseKind),
}

impl Value {
    pub(crate) fn word(word: i64) -> Self {
        Value::Known(Datum::Word(word))
    }

    pub(crate) fn text(text: &str) -> Self {
        Value::Known(Datum::Text(text.into()))
    }

    pub(crate) fn truth(truth: bool) -> Self {
        Value::word(i64::from(truth))
    }

    pub(crate) fn literal(literal: &Literal) -> Self {
        match literal {
            Literal::Word(word) => Value::word(*word),
            Literal::Text(text) => Value::text(text),
        }
    }

    /// A result that may not fit its word.
    pub(crate) fn wide(word: Option<i128>) -> Self {
        match word.and_then(|word| i64::try_from(word).ok()) {
            Some(word) => Value::word(word),
            None => Value::Missing(CauseKind::Overflow),
        }
    }

    /// What every use other than a comparison sees: a value known from below counts as missing.
    pub(crate) fn plain(self) -> Result<Datum, CauseKind> {
        match self {
            Value::Known(datum) => Ok(datum),
            Value::AtLeast(_, cause) | Value::Missing(cause) => Err(cause),
        }
    }

    /// The word of a plain value.
    pub(crate) fn plain_word(self) -> Result<i64, CauseKind> {
        match self.plain()? {
            Datum::Word(word) => Ok(word),
            Datum::Text(_) | Datum::Codes(..) | Datum::Interval(_) => Err(mismatch()),
        }
    }

    /// The text of a plain value.
    pub(crate) fn plain_text(self) -> Result<Rc<str>, CauseKind> {
        match self.plain()? {
            Datum::Text(text) => Ok(text),
            Datum::Word(_) | Datum::Codes(..) | Datum::Interval(_) => Err(mismatch()),
        }
    }

    /// The ends of a plain interval.
    pub(crate) fn plain_ends(self) -> Result<Ends, CauseKind> {
        match self.plain()? {
            Datum::Interval(ends) => Ok(*ends),
            Datum::Word(_) | Datum::Text(_) | Datum::Codes(..) => Err(mismatch()),
        }
    }

    /// A condition: true, false, or undecided with a cause.
    pub(crate) fn decide(self) -> Result<bool, CauseKind> {
        self.plain_word().map(|word| word != 0)
    }

    pub(crate) fn from_result(result: Result<Value, CauseKind>) -> Self {
        result.unwrap_or_else(Value::Missing)
    }
}

/// The checker settles types, so this is never counted; it is here so that nothing panics.
pub(crate) fn mismatch() -> CauseKind {
    CauseKind::Contradiction("type".into())
}
