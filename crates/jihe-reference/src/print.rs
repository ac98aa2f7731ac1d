//! Values as text.
//!
//! In: values and their types. Out: what findings show, and parts of subject keys.
//! Invariant: printing is the model's; nothing is decided here.

use crate::value::{Datum, Value};
use jihe_model::display;
use jihe_model::schema::Schema;
use jihe_model::types::Type;
use jihe_model::value::Symbols;

/// A value as people read it; none where it is missing.
pub(crate) fn shown(value: &Value, ty: Type, schema: &Schema) -> Option<String> {
    match value {
        Value::Known(datum) => {
            word_of(datum).map(|(word, symbols)| display::display(word, ty, &symbols, schema))
        }
        Value::AtLeast(word, _) => {
            Some(format!("至少{}", display::display(*word, ty, &Symbols::new(), schema)))
        }
        Value::Missing(_) => None,
    }
}

/// A part of a subject key, escaped (contract 2).
pub(crate) fn key_text(datum: &Datum, ty: Type) -> String {
    word_of(datum).map_or_else(String::new, |(word, symbols)| display::key_text(word, ty, &symbols))
}

/// The model prints words; a text is given a word for the occasion.
fn word_of(datum: &Datum) -> Option<(i64, Symbols)> {
    let mut symbols = Symbols::new();
    match datum {
        Datum::Word(word) => Some((*word, symbols)),
        Datum::Text(text) => {
            let symbol = symbols.intern(text);
            Some((i64::from(symbol.0), symbols))
        }
        Datum::Codes(..) | Datum::Interval(_) => None,
    }
}
