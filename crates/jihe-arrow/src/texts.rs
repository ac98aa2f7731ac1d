//! Any column as the text people would write: what a CSV file of the same table holds.
//!
//! In: an Arrow array. Out: the text of each row, none where there is no value.
//! Invariant: dates are ISO, decimals and floats have no exponent, a whole float has no point; a float that is no number is missing.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
    UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{AnyDictionaryArray, Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use jihe_model::calendar::{format_day, format_instant};
use jihe_model::value::Instant;
use std::borrow::Cow;

/// The text of a row.
pub(crate) type TextAt<'a> = Box<dyn Fn(usize) -> Option<Cow<'a, str>> + 'a>;

/// Milliseconds of a day.
const DAY_MILLISECONDS: i64 = 86_400_000;

/// How to write the rows of a column; none if its type holds no single values.
pub(crate) fn texts(array: &dyn Array) -> Option<TextAt<'_>> {
    match array.data_type() {
        DataType::Null => Some(Box::new(|_| None)),
        DataType::Utf8 => {
            let texts = array.as_string_opt::<i32>()?;
            Some(Box::new(|row| texts.is_valid(row).then(|| Cow::Borrowed(texts.value(row)))))
        }
        DataType::LargeUtf8 => {
            let texts = array.as_string_opt::<i64>()?;
            Some(Box::new(|row| texts.is_valid(row).then(|| Cow::Borrowed(texts.value(row)))))
        }
        DataType::Utf8View => {
            let texts = array.as_string_view_opt()?;
            Some(Box::new(|row| texts.is_valid(row).then(|| Cow::Borrowed(texts.value(row)))))
        }
        DataType::Boolean => {
            let bits = array.as_boolean_opt()?;
            let word = |row| Cow::Borrowed(if bits.value(row) { "true" } else { "false" });
            Some(Box::new(move |row| bits.is_valid(row).then(|| word(row))))
        }
        DataType::Dictionary(..) => of_dictionary(array),
        _ => of_numbers(array).or_else(|| of_times(array)),
    }
}

fn of_dictionary(array: &dyn Array) -> Option<TextAt<'_>> {
    let dictionary = array.as_any_dictionary_opt()?;
    let values = texts(dictionary.values().as_ref())?;
    let keys = keys(dictionary);
    Some(Box::new(move |row| {
        let key = keys.get(row).filter(|_| dictionary.keys().is_valid(row))?;
        values(*key)
    }))
}

/// The place of each row's value; anything where the row has none.
pub(crate) fn keys(dictionary: &dyn AnyDictionaryArray) -> Vec<usize> {
    // Keys into an empty dictionary are all missing, and are not looked up.
    if dictionary.values().is_empty() { vec![0; dictionary.len()] } else { dictionary.normalized_keys() }
}

fn of_numbers(array: &dyn Array) -> Option<TextAt<'_>> {
    match array.data_type() {
        DataType::Int8 => plain::<Int8Type>(array),
        DataType::Int16 => plain::<Int16Type>(array),
        DataType::Int32 => plain::<Int32Type>(array),
        DataType::Int64 => plain::<Int64Type>(array),
        DataType::UInt8 => plain::<UInt8Type>(array),
        DataType::UInt16 => plain::<UInt16Type>(array),
        DataType::UInt32 => plain::<UInt32Type>(array),
        DataType::UInt64 => plain::<UInt64Type>(array),
        DataType::Float16 => written::<Float16Type>(array, |value| float(f32::from(value).to_string())),
        DataType::Float32 => written::<Float32Type>(array, |value| float(value.to_string())),
        DataType::Float64 => written::<Float64Type>(array, |value| float(value.to_string())),
        DataType::Decimal32(..) => decimal::<Decimal32Type>(array),
        DataType::Decimal64(..) => decimal::<Decimal64Type>(array),
        DataType::Decimal128(..) => decimal::<Decimal128Type>(array),
        DataType::Decimal256(..) => decimal::<Decimal256Type>(array),
        _ => None,
    }
}

fn of_times(array: &dyn Array) -> Option<TextAt<'_>> {
    let offset = match array.data_type() {
        DataType::Timestamp(_, Some(zone)) => china_offset(zone)?,
        _ => 0,
    };
    match array.data_type() {
        DataType::Date32 => written::<Date32Type>(array, |day| Some(format_day(i64::from(day)))),
        DataType::Date64 => written::<Date64Type>(array, |moment| Some(date64(moment))),
        DataType::Timestamp(TimeUnit::Second, _) => moments::<TimestampSecondType>(array, 1, offset),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            moments::<TimestampMillisecondType>(array, 1_000, offset)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            moments::<TimestampMicrosecondType>(array, 1_000_000, offset)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            moments::<TimestampNanosecondType>(array, 1_000_000_000, offset)
        }
        _ => None,
    }
}

/// Seconds to add to a moment in a zone that keeps China's time, which has been +08:00 since 1992; none for any other.
pub(crate) fn china_offset(zone: &str) -> Option<i64> {
    matches!(zone, "+08:00" | "Asia/Shanghai" | "PRC" | "Asia/Chongqing" | "Asia/Harbin").then_some(28_800)
}

fn plain<T>(array: &dyn Array) -> Option<TextAt<'_>>
where
    T: ArrowPrimitiveType,
    T::Native: ToString,
{
    written::<T>(array, |value| Some(value.to_string()))
}

fn written<T: ArrowPrimitiveType>(
    array: &dyn Array,
    write: impl Fn(T::Native) -> Option<String> + 'static,
) -> Option<TextAt<'_>> {
    let array: &PrimitiveArray<T> = array.as_primitive_opt::<T>()?;
    Some(Box::new(move |row| array.is_valid(row).then(|| array.value(row)).and_then(&write).map(Cow::Owned)))
}

/// Data frames hold a missing number as one that is none.
fn float(text: String) -> Option<String> {
    (text != "NaN").then_some(text)
}

fn decimal<T: DecimalType + ArrowPrimitiveType>(array: &dyn Array) -> Option<TextAt<'_>> {
    let array: &PrimitiveArray<T> = array.as_primitive_opt::<T>()?;
    Some(Box::new(move |row| array.is_valid(row).then(|| Cow::Owned(array.value_as_string(row)))))
}

fn moments<T>(array: &dyn Array, unit: i64, offset: i64) -> Option<TextAt<'_>>
where
    T: ArrowPrimitiveType<Native = i64>,
{
    written::<T>(array, move |moment| {
        let second = moment.div_euclid(unit).saturating_add(offset);
        Some(format_instant(Instant::of_second(second)))
    })
}

/// A whole day is a day without a time of day.
fn date64(moment: i64) -> String {
    if moment.rem_euclid(DAY_MILLISECONDS) == 0 {
        return format_day(moment.div_euclid(DAY_MILLISECONDS));
    }
    format_instant(Instant::of_second(moment.div_euclid(1_000)))
}
