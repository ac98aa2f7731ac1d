//! One column of a batch, read as a field.
//!
//! In: an Arrow array, the field's type. Out: a [`FieldColumn`].
//! Invariant: a shortcut for an Arrow type gives the words and faults that the text of each cell would give.

mod days;
mod numbers;

use crate::texts::{self, TextAt, texts};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;
use jihe_model::cell::CellError;
use jihe_model::ingest::{CellFault, FieldColumn, FieldSource, KeyColumn, RecordsBuilder};
use jihe_model::types::Type;
use std::borrow::Cow;

/// A column as the table has it.
#[derive(Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    pub(crate) array: &'a ArrayRef,
}

/// Reads the columns a field is taken from; none if a column's type holds no single values.
pub(crate) fn field(
    builder: &mut RecordsBuilder<'_>,
    source: &FieldSource<'_>,
    columns: &[Named<'_>],
) -> Option<FieldColumn> {
    match columns {
        [column] => one(builder, source.ty, *column),
        columns => first_of(builder, source.ty, columns),
    }
}

/// Reads keys that are held as texts; none if a column's type holds no single values.
pub(crate) fn keys(into: &mut KeyColumn, columns: &[Named<'_>]) -> Option<()> {
    if let [column] = columns
        && let Some(texts) = column.array.as_string_opt::<i32>()
    {
        texts.iter().for_each(|text| into.push(text));
        return Some(());
    }
    let all: Vec<TextAt<'_>> =
        columns.iter().map(|column| texts(column.array.as_ref())).collect::<Option<_>>()?;
    for row in 0..columns.first().map_or(0, |column| column.array.len()) {
        let found = all.iter().find_map(|text| text(row).filter(|text| is_value(text)));
        into.push(found.as_deref());
    }
    Some(())
}

fn one(builder: &mut RecordsBuilder<'_>, ty: Type, column: Named<'_>) -> Option<FieldColumn> {
    let quick = match column.array.data_type() {
        DataType::Dictionary(..) => return of_dictionary(builder, ty, column),
        DataType::Boolean if ty == Type::Bool => booleans(column.array),
        _ => numbers::read(builder, ty, column).or_else(|| days::read(ty, column)),
    };
    if quick.is_some() {
        return quick;
    }
    if let Some(texts) = column.array.as_string_opt::<i32>() {
        return Some(of_texts(builder, ty, column.name, texts));
    }
    let text = texts(column.array.as_ref())?;
    let mut read = FieldColumn::with_capacity(ty, column.array.len());
    // Sorted tables repeat themselves from row to row.
    let mut before: Option<(Cow<'_, str>, Option<i64>)> = None;
    for row in 0..column.array.len() {
        let Some(now) = text(row) else {
            read.push(None);
            continue;
        };
        if let Some((same, word)) = &before
            && *same == now
        {
            read.push(*word);
            continue;
        }
        let last = before.and_then(|(_, word)| word);
        before = push_text(builder, (ty, last), &mut read, (row, column.name, now));
    }
    Some(read)
}

/// The same for the most common type.
fn of_texts(builder: &mut RecordsBuilder<'_>, ty: Type, name: &str, texts: &StringArray) -> FieldColumn {
    let mut read = FieldColumn::with_capacity(ty, texts.len());
    let mut before: Option<(&str, Option<i64>)> = None;
    for (row, text) in texts.iter().enumerate() {
        let Some(text) = text else {
            read.push(None);
            continue;
        };
        match before {
            Some((same, word)) if same == text => read.push(word),
            _ => match builder.read_text_after(ty, text, before.and_then(|(_, word)| word)) {
                Ok(word) => {
                    read.push(word);
                    before = Some((text, word));
                }
                Err(error) => refuse(&mut read, row, name, (text.to_owned(), error)),
            },
        }
    }
    read
}

/// Reads a text as the row's value, after that of the row before; gives both back if it is one.
fn push_text<'t>(
    builder: &mut RecordsBuilder<'_>,
    (ty, before): (Type, Option<i64>),
    read: &mut FieldColumn,
    (row, name, text): (usize, &str, Cow<'t, str>),
) -> Option<(Cow<'t, str>, Option<i64>)> {
    match builder.read_text_after(ty, &text, before) {
        Ok(word) => {
            read.push(word);
            Some((text, word))
        }
        Err(error) => {
            refuse(read, row, name, (text.into_owned(), error));
            None
        }
    }
}

/// Notes a cell that cannot be read.
fn refuse(read: &mut FieldColumn, row: usize, name: &str, (value, error): (String, CellError)) {
    read.push(None);
    read.faults.push(CellFault { row, column: name.to_owned(), value, reason: error.text() });
}

fn booleans(array: &ArrayRef) -> Option<FieldColumn> {
    let bits = array.as_boolean_opt()?;
    let mut read = FieldColumn::with_capacity(Type::Bool, bits.len());
    bits.iter().for_each(|bit| read.push(bit.map(i64::from)));
    Some(read)
}

/// Each value of the dictionary is read once, when the first row has it.
fn of_dictionary(builder: &mut RecordsBuilder<'_>, ty: Type, column: Named<'_>) -> Option<FieldColumn> {
    let dictionary = column.array.as_any_dictionary_opt()?;
    let values = texts(dictionary.values().as_ref())?;
    let mut known: Vec<Option<Result<Option<i64>, CellError>>> = vec![None; dictionary.values().len()];
    let mut read = FieldColumn::with_capacity(ty, column.array.len());
    for (row, key) in texts::keys(dictionary).into_iter().enumerate() {
        let slot = known.get_mut(key).filter(|_| dictionary.keys().is_valid(row));
        let Some(slot) = slot else {
            read.push(None);
            continue;
        };
        let word = slot.get_or_insert_with(|| match values(key) {
            Some(text) => builder.read_text(ty, &text),
            None => Ok(None),
        });
        match word {
            Ok(word) => read.push(*word),
            Err(error) => {
                let value = values(key).map(Cow::into_owned).unwrap_or_default();
                refuse(&mut read, row, column.name, (value, *error));
            }
        }
    }
    Some(read)
}

/// The first of several columns that has a value, row by row.
fn first_of(builder: &mut RecordsBuilder<'_>, ty: Type, columns: &[Named<'_>]) -> Option<FieldColumn> {
    let rows = columns.first().map_or(0, |column| column.array.len());
    let all: Vec<(&str, TextAt<'_>)> = columns
        .iter()
        .map(|column| Some((column.name, texts(column.array.as_ref())?)))
        .collect::<Option<_>>()?;
    let mut read = FieldColumn::with_capacity(ty, rows);
    for row in 0..rows {
        let found =
            all.iter().find_map(|(name, text)| Some((*name, text(row).filter(|text| is_value(text))?)));
        match found {
            Some((name, text)) => drop(push_text(builder, (ty, None), &mut read, (row, name, text))),
            None => read.push(None),
        }
    }
    Some(read)
}

/// Whether a text stands for a value: no reader takes these for one.
fn is_value(text: &str) -> bool {
    !matches!(text.trim(), "" | "NULL" | "null" | "\\N")
}
