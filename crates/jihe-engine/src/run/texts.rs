//! The texts of a run: those that were there first, and those that came after.
//!
//! In: two tables of symbols. Out: [`Texts`], one numbering over both.
//! Invariant: no text of the second table is in the first, so equal texts have equal words.

use jihe_check::typed::Literal;
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_model::value::{Symbol, Symbols, Value};

/// Texts by word: in a batch those of the records, then those of the rules; in a session the other way round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texts<'a> {
    pub(crate) base: &'a Symbols,
    pub(crate) extra: &'a Symbols,
}

impl<'a> Texts<'a> {
    /// The text of a word.
    pub(crate) fn text(&self, word: i64) -> &'a str {
        let Ok(symbol) = u32::try_from(word) else { return "" };
        self.of(symbol)
    }

    /// The text of a symbol.
    pub(crate) fn of(&self, symbol: u32) -> &'a str {
        let base = u32::try_from(self.base.len()).unwrap_or(u32::MAX);
        if symbol < base {
            return self.base.text(Symbol(symbol));
        }
        self.extra.text(Symbol(symbol.saturating_sub(base)))
    }

    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.base.len().saturating_add(self.extra.len())
    }

    /// A value as people read it.
    pub(crate) fn display(&self, value: Value, ty: Type, schema: &Schema) -> Option<String> {
        let (value, symbols) = self.translated(value, ty);
        jihe_model::display::display_value(value, ty, symbols, schema)
    }

    /// A value as a part of a key.
    pub(crate) fn key_text(&self, word: i64, ty: Type) -> String {
        let (value, symbols) = self.translated(Value::Known(word), ty);
        let word = if let Value::Known(word) = value { word } else { word };
        jihe_model::display::key_text(word, ty, symbols)
    }

    fn translated(&self, value: Value, ty: Type) -> (Value, &'a Symbols) {
        let base = i64::try_from(self.base.len()).unwrap_or(i64::MAX);
        match value {
            Value::Known(word) if ty.is_symbol() && word >= base => {
                (Value::Known(word.saturating_sub(base)), self.extra)
            }
            Value::Known(_) | Value::AtLeast(..) | Value::Missing(_) => (value, self.base),
        }
    }
}

/// Texts that grow: new ones after those that were there.
#[derive(Debug)]
pub(crate) struct Growing<'a> {
    pub(crate) base: &'a Symbols,
    pub(crate) extra: Symbols,
}

impl Growing<'_> {
    /// The word of a text, new if need be.
    pub(crate) fn intern(&mut self, text: &str) -> i64 {
        i64::from(intern(self.base, &mut self.extra, text))
    }

    pub(crate) fn word(&mut self, literal: &Literal) -> i64 {
        match literal {
            Literal::Word(word) => *word,
            Literal::Text(text) => self.intern(text),
        }
    }
}

/// The symbol of a text, new in the second table if it is in neither.
pub(crate) fn intern(base: &Symbols, extra: &mut Symbols, text: &str) -> u32 {
    if let Some(found) = base.find(text) {
        return found.0;
    }
    let after = u32::try_from(base.len()).unwrap_or(u32::MAX);
    extra.intern(text).0.saturating_add(after)
}
