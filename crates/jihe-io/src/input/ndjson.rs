//! A JSON object a line.
//!
//! In: decoded bytes. Out: batches of rows; the columns are all names seen so far.
//! Invariant: a number is taken digit for digit as it is written; a line that is no object is marked, not taken.

use super::batch::{Batch, RowFault};
use super::bytes::BoxedRead;
use super::lines::Lines;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;

/// Rows of JSON lines.
pub(crate) struct JsonLines {
    lines: Lines<BoxedRead>,
    limit: usize,
    names: Vec<String>,
    places: BTreeMap<String, usize>,
}

impl JsonLines {
    pub(crate) fn open(input: BoxedRead, limit: usize) -> Self {
        Self { lines: Lines::new(input, limit), limit, names: Vec::new(), places: BTreeMap::new() }
    }

    /// Fills a batch; false when nothing was left.
    pub(crate) fn fill(&mut self, batch: &mut Batch) -> io::Result<bool> {
        while !batch.is_full() {
            let Some(line) = self.lines.next()? else { break };
            if line.bytes.trim_ascii().is_empty() {
                continue;
            }
            batch.begin(line.number);
            if line.too_long {
                batch.fault(RowFault::too_long(line.bytes, self.limit));
                continue;
            }
            match read(line.bytes, &mut self.names, &mut self.places) {
                Ok(found) => push(batch, self.names.len(), found),
                Err((zh, en)) => batch.fault(RowFault::new(line.bytes, zh, en)),
            }
        }
        batch.columns = self.names.clone().into();
        Ok(batch.len() > 0)
    }
}

type Found = Vec<(usize, String)>;

/// Adds the cells in the order of the names; those without a value are empty.
fn push(batch: &mut Batch, width: usize, found: Found) {
    let mut cells: Vec<String> = vec![String::new(); width];
    for (place, text) in found {
        if let Some(slot) = cells.get_mut(place) {
            *slot = text;
        }
    }
    for cell in cells {
        batch.cell(cell.as_bytes());
    }
}

/// The cells of a line by the place of their names.
fn read(
    line: &[u8],
    names: &mut Vec<String>,
    places: &mut BTreeMap<String, usize>,
) -> Result<Found, (String, String)> {
    let pairs: Pairs<'_> = serde_json::from_slice(line)
        .map_err(|error| (format!("不是一个 JSON 对象：{error}"), format!("not a JSON object: {error}")))?;
    let mut found = Vec::with_capacity(pairs.0.len());
    for (name, value) in pairs.0 {
        let text = scalar(value.get()).ok_or_else(|| {
            (format!("“{name}”应为单个值，不是数组或对象"), format!("`{name}` must be a single value"))
        })?;
        let place = if let Some(place) = places.get(name.as_ref()) {
            *place
        } else {
            places.insert(name.clone().into_owned(), names.len());
            names.push(name.into_owned());
            names.len().saturating_sub(1)
        };
        found.push((place, text));
    }
    Ok(found)
}

/// The text of a JSON value; empty for null, none for arrays and objects.
fn scalar(raw: &str) -> Option<String> {
    match raw.as_bytes().first()? {
        b'"' => serde_json::from_str(raw).ok(),
        b'[' | b'{' => None,
        b'n' => Some(String::new()),
        _ => Some(raw.to_owned()),
    }
}

/// The members of an object in order, their values as written.
struct Pairs<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
            if pairs.iter().any(|(known, _)| *known == name.0) {
                return Err(A::Error::custom(format_args!("`{}` is given twice", name.0)));
            }
            pairs.push((name.0, value));
        }
        Ok(Pairs(pairs))
    }
}

/// A name, borrowed where it holds no escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
