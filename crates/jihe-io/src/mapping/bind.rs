//! A mapping over the columns of one file.
//!
//! In: what a file gives, and the names of its columns. Out: [`Bound`], which gives the values of records row by row.
//! Invariant: a column that is named and absent is an error that says what is there, unless it is said to be optional.

use super::{Lookups, RecordMap, Source};
use crate::error::Error;
use crate::input::Row;
use jihe::model::ingest::Cell;
use jihe::model::nearest::nearest;
use jihe::model::schema::{FieldId, KindId};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A record that every row gives, with the places of its columns.
#[derive(Debug, Clone)]
pub(crate) struct Bound {
    pub(crate) kind: KindId,
    pub(crate) one_per_key: bool,
    pub(crate) fields: Vec<(FieldId, Feed)>,
    needs: Vec<usize>,
    split: Vec<usize>,
    separator: String,
    only: Vec<(Option<usize>, Vec<String>)>,
    except: Vec<(Option<usize>, Vec<String>)>,
    width: usize,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub(crate) struct Feed {
    columns: Vec<usize>,
    join: Vec<usize>,
    times: Option<usize>,
    source: Source,
}

/// The columns of a file.
struct Columns<'a> {
    file: &'a str,
    names: &'a [&'a str],
    number: Option<u32>,
}

impl Columns<'_> {
    fn find(&self, name: &str) -> Option<usize> {
        let clean = |column: &str| column.trim().to_owned();
        self.names.iter().position(|column| clean(column).eq_ignore_ascii_case(name.trim()))
    }

    fn place(&self, name: &str, optional: bool) -> Result<Option<usize>, Error> {
        let name = self.numbered(name);
        match self.find(&name) {
            None if !optional => Err(self.absent(&name)),
            found => Ok(found),
        }
    }

    fn places(&self, names: &[String], optional: bool) -> Result<Vec<usize>, Error> {
        let places = names.iter().map(|name| self.place(name, optional));
        places.filter_map(Result::transpose).collect()
    }

    /// Columns to be joined: none of them if the first, without which there is no value, is absent.
    fn joined(&self, names: &[String], optional: bool) -> Result<Vec<usize>, Error> {
        let found = self.places(names, optional)?;
        let first = names.first().and_then(|name| self.find(&self.numbered(name)));
        Ok(if first.is_some() { found } else { Vec::new() })
    }

    fn numbered(&self, name: &str) -> String {
        self.number.map_or_else(|| name.to_owned(), |number| name.replace("{n}", &number.to_string()))
    }

    fn absent(&self, name: &str) -> Error {
        let file = self.file;
        let near = nearest(name, self.names.iter().copied());
        let there = if near.is_empty() { self.names.join("、") } else { near.join("、") };
        Error::usage(
            format!("{file}：没有映射（或布局）所说的列“{name}”；文件中有：{there}"),
            format!("{file}: no column `{name}`, which the mapping or layout names; there are: {there}"),
        )
    }
}

impl Bound {
    /// Finds the columns; a record that repeats becomes several, and one whose key the file does not have none.
    pub(crate) fn new(file: &str, record: &RecordMap, names: &[&str]) -> Result<Vec<Bound>, Error> {
        let numbers = match record.repeat {
            Some((from, to)) => (from..=to).map(Some).collect(),
            None => vec![None],
        };
        let mut bounds = Vec::new();
        for number in numbers {
            let bound = Self::one(file, record, names, number)?;
            let keyed = record.key.is_none_or(|key| bound.fields.iter().any(|(field, _)| *field == key));
            // Rows that only mention a person need not have the key of one; rows of bills must.
            if !keyed && !record.one_per_key {
                let columns = Columns { file, names, number };
                return Err(columns.absent(&record.key_column()));
            }
            bounds.extend(keyed.then_some(bound));
        }
        Ok(bounds)
    }

    fn one(file: &str, record: &RecordMap, names: &[&str], number: Option<u32>) -> Result<Bound, Error> {
        let columns = Columns { file, names, number };
        let mut fields = Vec::new();
        for (field, source) in &record.fields {
            let optional = record.optional || source.optional;
            let from = Feed {
                columns: columns.places(&source.columns, optional)?,
                join: columns.joined(&source.join, optional)?,
                times: source.times.as_ref().map(|name| columns.place(name, optional)).transpose()?.flatten(),
                source: Source {
                    value: source.value.as_ref().map(|value| columns.numbered(value)),
                    number: source.number.map(|base| base.saturating_add(number.map_or(0, i64::from))),
                    ..source.clone()
                },
            };
            let fed = !from.columns.is_empty()
                || !from.join.is_empty()
                || source.value.is_some()
                || source.number.is_some()
                || source.digest;
            if fed {
                fields.push((*field, from));
            }
        }
        let conditions = |wanted: &[(String, Vec<String>)]| -> Result<Vec<_>, Error> {
            let place = |name: &String| columns.place(name, record.optional);
            wanted.iter().map(|(name, values)| Ok((place(name)?, values.clone()))).collect()
        };
        let needs =
            |field: &FieldId| fields.iter().position(|(known, _)| known == field).unwrap_or(usize::MAX);
        Ok(Bound {
            kind: record.kind,
            one_per_key: record.one_per_key,
            needs: record.needs.iter().map(needs).collect(),
            split: columns.places(&record.split, record.optional)?,
            separator: record.separator.clone(),
            only: conditions(&record.only)?,
            except: conditions(&record.except)?,
            width: names.len(),
            fields,
        })
    }

    /// The columns that feed a field: their places, and the field.
    pub(crate) fn used(&self) -> impl Iterator<Item = (usize, FieldId)> {
        self.fields.iter().flat_map(|(field, from)| {
            from.columns.iter().chain(&from.join).chain(&from.times).map(|column| (*column, *field))
        })
    }

    /// Whether it cannot be told what records a row gives, because a cell that decides it is no text.
    fn is_unreadable(&self, row: &Row<'_>) -> bool {
        let conditions = self.only.iter().chain(&self.except).filter_map(|(place, _)| *place);
        conditions.chain(self.split.iter().copied()).any(|place| matches!(row.cell(place), Cell::Unreadable))
    }

    /// How many records a row gives: none, one, or one a value of its cells. A row of which that cannot be told counts as
    /// one, whose values are unreadable, so that it is rejected and not passed over.
    pub(crate) fn count(&self, row: &Row<'_>) -> usize {
        if self.is_unreadable(row) {
            return 1;
        }
        let holds = |(place, values): &(Option<usize>, Vec<String>)| {
            place.is_some_and(|place| {
                matches!(row.cell(place), Cell::Text(text) if values.iter().any(|value| value == text.trim()))
            })
        };
        if self.only.iter().any(|condition| !holds(condition)) || self.except.iter().any(holds) {
            return 0;
        }
        let parts = self.split.iter().map(|place| match row.cell(*place) {
            Cell::Text(text) if !text.trim().is_empty() => text.split(self.separator.as_str()).count(),
            Cell::Text(_) | Cell::Missing | Cell::Word(_) | Cell::Unreadable => 0,
        });
        if self.split.is_empty() { 1 } else { parts.max().unwrap_or(0) }
    }

    /// The values of a record in the order of [`Bound::fields`]; none if it lacks what it needs.
    pub(crate) fn values<'r>(&self, row: &Row<'r>, part: usize, lookups: &Lookups) -> Option<Vec<Value<'r>>> {
        if self.is_unreadable(row) {
            return Some(vec![Value::Unreadable; self.fields.len()]);
        }
        let values: Vec<Value<'r>> =
            self.fields.iter().map(|(_, from)| self.value(from, (row, part), lookups)).collect();
        let lacks = |at: &usize| match values.get(*at) {
            Some(Value::Text(text)) => text.trim().is_empty(),
            Some(Value::Unreadable) => false,
            None => true,
        };
        (!self.needs.iter().any(lacks)).then_some(values)
    }

    fn value<'r>(&self, from: &Feed, (row, part): (&Row<'r>, usize), lookups: &Lookups) -> Value<'r> {
        let source = &from.source;
        let found = if let Some(value) = &source.value {
            Value::Text(Cow::Owned(value.clone()))
        } else if let Some(base) = source.number {
            let part =
                if self.split.is_empty() { 0 } else { i64::try_from(part).unwrap_or(0).saturating_add(1) };
            Value::Text(Cow::Owned(base.saturating_add(part).to_string()))
        } else if from.join.is_empty() {
            self.first(from, row, part)
        } else {
            self.joined(from, row, part)
        };
        let Value::Text(text) = found else { return found };
        if text.trim().is_empty() {
            return Value::Text(if source.digest { Cow::Owned(self.digest(row)) } else { Cow::Borrowed("") });
        }
        self.changed(from, (text, row), lookups)
    }

    /// What the value means.
    fn changed<'r>(
        &self,
        from: &Feed,
        (text, row): (Cow<'r, str>, &Row<'r>),
        lookups: &Lookups,
    ) -> Value<'r> {
        let source = &from.source;
        let mut text = text;
        if source.first {
            text =
                Cow::Owned(text.split(self.separator.as_str()).next().unwrap_or_default().trim().to_owned());
        }
        if let Some(name) = &source.lookup {
            let found = lookups.get(name).and_then(|table| table.get(text.trim()));
            text = match found {
                Some(value) => Cow::Owned(value.clone()),
                None if source.keep => text,
                None => Cow::Borrowed(""),
            };
        }
        if let Some(value) = source.map.get(text.trim()).or(source.otherwise.as_ref()) {
            text = Cow::Owned(value.clone());
        }
        if let Some(place) = from.times
            && let Cell::Text(factor) = row.cell(place)
            && !factor.trim().is_empty()
        {
            text = Cow::Owned(product(&text, factor).unwrap_or_else(|| text.clone().into_owned()));
        }
        if source.positive
            && let Some(digits) = text.trim().strip_prefix('-')
        {
            text = Cow::Owned(digits.to_owned());
        }
        Value::Text(text)
    }

    fn first<'r>(&self, from: &Feed, row: &Row<'r>, part: usize) -> Value<'r> {
        for column in &from.columns {
            match self.cell(row, *column, part) {
                Value::Text(text) if text.trim().is_empty() => {}
                found @ (Value::Text(_) | Value::Unreadable) => return found,
            }
        }
        Value::Text(Cow::Borrowed(""))
    }

    fn joined<'r>(&self, from: &Feed, row: &Row<'r>, part: usize) -> Value<'r> {
        let mut joined = String::new();
        for (at, column) in from.join.iter().enumerate() {
            let Value::Text(text) = self.cell(row, *column, part) else { return Value::Unreadable };
            let text = text.trim();
            match (at, text) {
                (0, "") => return Value::Text(Cow::Borrowed("")),
                (_, "") => {}
                (0, _) => joined.push_str(text),
                (_, _) => joined.extend([from.source.with.as_str(), text]),
            }
        }
        Value::Text(Cow::Owned(joined))
    }

    fn cell<'r>(&self, row: &Row<'r>, column: usize, part: usize) -> Value<'r> {
        match row.cell(column) {
            Cell::Unreadable => Value::Unreadable,
            Cell::Text(text) if self.split.contains(&column) => {
                Value::Text(Cow::Borrowed(text.split(self.separator.as_str()).nth(part).unwrap_or("").trim()))
            }
            Cell::Text(text) => Value::Text(Cow::Borrowed(text)),
            Cell::Missing | Cell::Word(_) => Value::Text(Cow::Borrowed("")),
        }
    }

    /// A digest of all cells of a row: rows that differ have different ones, wherever they stand.
    fn digest(&self, row: &Row<'_>) -> String {
        let mut hasher = Sha256::new();
        for column in 0..self.width {
            if let Cell::Text(text) = row.cell(column) {
                hasher.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
                hasher.update(text.as_bytes());
            }
        }
        let hex = format!("{:x}", hasher.finalize());
        hex.get(..16).unwrap_or_default().to_owned()
    }
}

/// A value of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Unreadable,
}

impl Value<'_> {
    pub(crate) fn cell(&self) -> Cell<'_> {
        match self {
            Value::Text(text) => Cell::Text(text),
            Value::Unreadable => Cell::Unreadable,
        }
    }
}

/// The product of two decimals, digit for digit; none if one is no number.
fn product(left: &str, right: &str) -> Option<String> {
    let read = |text: &str| jihe::model::decimal::parse(text.trim(), 6).ok().map(i128::from);
    let product = read(left)?.checked_mul(read(right)?)?;
    let (sign, digits) = (if product < 0 { "-" } else { "" }, product.unsigned_abs());
    let (whole, part) = (digits.checked_div(1_000_000_000_000)?, digits.checked_rem(1_000_000_000_000)?);
    let part = format!("{part:012}");
    let part = part.trim_end_matches('0');
    Some(if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") })
}

#[cfg(test)]
mod tests {
    use super::product;

    #[test]
    fn products_are_exact() {
        assert_eq!(product("3", "12").as_deref(), Some("36"));
        assert_eq!(product("-1.5", "0.25").as_deref(), Some("-0.375"));
        assert_eq!(product("x", "1"), None);
    }
}
