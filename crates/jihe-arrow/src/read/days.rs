//! Dates and timestamps, read as days and moments without a detour over text.
//!
//! In: an array of dates or timestamps, 日期 or 时间. Out: a [`FieldColumn`].
//! Invariant: a date has no time of day, a timestamp has one, cut to whole seconds; years have four digits.

use super::{Named, refuse};
use crate::texts::{china_offset, texts};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use jihe_model::calendar::{NO_END, day_of};
use jihe_model::cell::CellError;
use jihe_model::ingest::FieldColumn;
use jihe_model::records::{Column, Words};
use jihe_model::types::Type;
use jihe_model::value::Instant;

/// Reads the column, if this is a shortcut for it.
pub(super) fn read(ty: Type, column: Named<'_>) -> Option<FieldColumn> {
    if !matches!(ty, Type::Date | Type::Instant) {
        return None;
    }
    if let Some(copied) = copied(ty, column) {
        return Some(copied);
    }
    let zone = match column.array.data_type() {
        DataType::Timestamp(_, Some(zone)) => china_offset(zone)?,
        _ => 0,
    };
    let moment =
        |unit: i64| move |value: i64| Instant::of_second(value.div_euclid(unit).saturating_add(zone));
    match column.array.data_type() {
        DataType::Date32 => moments::<Date32Type>(ty, column, |day| Instant::of_day(i64::from(day))),
        DataType::Timestamp(TimeUnit::Second, _) => moments::<TimestampSecondType>(ty, column, moment(1)),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            moments::<TimestampMillisecondType>(ty, column, moment(1_000))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            moments::<TimestampMicrosecondType>(ty, column, moment(1_000_000))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            moments::<TimestampNanosecondType>(ty, column, moment(1_000_000_000))
        }
        _ => None,
    }
}

/// Complete days within the calendar have the layout of the field's column.
fn copied(ty: Type, column: Named<'_>) -> Option<FieldColumn> {
    let days = column.array.as_primitive_opt::<Date32Type>().filter(|days| days.null_count() == 0)?;
    let first = day_of(0, 1, 1)?;
    let plain = |day: &i32| (first..NO_END).contains(&i64::from(*day));
    let copy = ty == Type::Date && days.values().iter().all(plain);
    copy.then(|| FieldColumn {
        column: Column { words: Words::Days(days.values().to_vec()), present: None },
        faults: Vec::new(),
    })
}

fn moments<T: ArrowPrimitiveType>(
    ty: Type,
    column: Named<'_>,
    moment: impl Fn(T::Native) -> Instant,
) -> Option<FieldColumn> {
    let array: &PrimitiveArray<T> = column.array.as_primitive_opt::<T>()?;
    let text = texts(array)?;
    let first = day_of(0, 1, 1)?;
    let mut read = FieldColumn::with_capacity(ty, array.len());
    for (row, value) in array.iter().enumerate() {
        let Some(value) = value else {
            read.push(None);
            continue;
        };
        match word(ty, moment(value), first) {
            Ok(word) => read.push(word),
            Err(error) => {
                let value = text(row).unwrap_or_default().into_owned();
                refuse(&mut read, row, column.name, (value, error));
            }
        }
    }
    Some(read)
}

/// The last day of the calendar stands for no end.
fn word(ty: Type, moment: Instant, first: i64) -> Result<Option<i64>, CellError> {
    let day = moment.day();
    let in_calendar = (first..=NO_END).contains(&day);
    let midnight = moment.second().rem_euclid(Instant::DAY) == 0;
    match ty {
        Type::Date if in_calendar && midnight => Ok((day < NO_END).then_some(day)),
        Type::Date => Err(CellError::NotDate),
        _ if in_calendar => Ok((day < NO_END).then_some(moment.0)),
        _ => Err(CellError::NotInstant),
    }
}
