//! Claims as they come out of a JSON reader, row by row.
//!
//! In: what a serde deserializer of JSON says. Out: every kind by name, and every row as names and cells.
//! Invariant: no more than one row is held; who listens may stop the reading at any point.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::wire::exact_float;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'de> {
    Null,
    Text(Cow<'de, str>),
    /// More digits than a JSON number keeps.
    TooLong(f64),
    /// An array or an object, where a single value should be.
    Nested(Value),
}

/// A row: names and values, as they come.
pub(super) type Row<'de> = Vec<(Cow<'de, str>, Scalar<'de>)>;

/// Who takes what is read; an answer of none ends the reading.
pub(super) trait Listener {
    /// A kind begins.
    fn kind(&mut self, name: &str) -> Option<()>;
    /// The next of its rows is about to be read.
    fn next_row(&mut self);
    /// It was read.
    fn row(&mut self, row: &Row<'_>) -> Option<()>;
}

/// Reads whatever comes next as a visitor takes it.
pub(super) struct Next<V>(pub(super) V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Next<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

/// Why reading was ended; the listener knows more.
fn ended<E: Error>() -> E {
    E::custom("refused")
}

/// An object with an array of rows a kind.
pub(super) struct Kinds<'l, L>(pub(super) &'l mut L);

impl<'de, L: Listener> Visitor<'de> for Kinds<'_, L> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Next(Name))? {
            self.0.kind(&name).ok_or_else(ended)?;
            map.next_value_seed(Next(Rows(self.0)))?;
        }
        Ok(())
    }
}

/// An array of rows.
pub(super) struct Rows<'l, L>(pub(super) &'l mut L);

impl<'de, L: Listener> Visitor<'de> for Rows<'_, L> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        let mut row = Row::new();
        loop {
            self.0.next_row();
            if rows.next_element_seed(Next(Cells(&mut row)))?.is_none() {
                return Ok(());
            }
            self.0.row(&row).ok_or_else(ended)?;
        }
    }
}

/// A row.
struct Cells<'r, 'de>(&'r mut Row<'de>);

impl<'de> Visitor<'de> for Cells<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.clear();
        while let Some(name) = map.next_key_seed(Next(Name))? {
            self.0.push((name, map.next_value_seed(Next(Cell))?));
        }
        Ok(())
    }
}

/// A name, borrowed where it has no escapes.
struct Name;

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// A value of a row.
struct Cell;

impl<'de> Visitor<'de> for Cell {
    type Value = Scalar<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(if yes { "true" } else { "false" })))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(exact_float(number).map_or(Scalar::TooLong(number), |text| Scalar::Text(Cow::Owned(text))))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Value::deserialize(SeqAccessDeserializer::new(items)).map(Scalar::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self::Value, A::Error> {
        // Where another crate turns on serde_json's arbitrary_precision, numbers come as maps too.
        let value = Value::deserialize(MapAccessDeserializer::new(entries))?;
        Ok(match value.as_number() {
            Some(number) => Scalar::Text(Cow::Owned(number.to_string())),
            None => Scalar::Nested(value),
        })
    }
}
