//! Whole and decimal numbers, read as numbers and amounts without a detour over text.
//!
//! In: an array of integers or decimals, a type with a scale. Out: a [`FieldColumn`].
//! Invariant: a value is moved between scales exactly, or refused for the reason its text would be.

use super::{Named, refuse};
use crate::texts::texts;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal128Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::DataType;
use jihe_model::cell::CellError;
use jihe_model::decimal::power_of_ten;
use jihe_model::ingest::{FieldColumn, RecordsBuilder};
use jihe_model::types::Type;

/// What one unit of the column is worth in words of the field.
#[derive(Clone, Copy)]
enum Factor {
    Times(i64),
    /// Only whole multiples are words.
    Over(i64),
}

/// Reads the column, if this is a shortcut for it.
pub(super) fn read(builder: &mut RecordsBuilder<'_>, ty: Type, column: Named<'_>) -> Option<FieldColumn> {
    match column.array.data_type() {
        DataType::Decimal128(_, scale) => {
            let factor = factor(ty.scale()?, *scale)?;
            numbers::<Decimal128Type>(ty, column, factor)
        }
        DataType::Int8 => numbers::<Int8Type>(ty, column, whole(builder, ty)?),
        DataType::Int16 => numbers::<Int16Type>(ty, column, whole(builder, ty)?),
        DataType::Int32 => numbers::<Int32Type>(ty, column, whole(builder, ty)?),
        DataType::Int64 => numbers::<Int64Type>(ty, column, whole(builder, ty)?),
        DataType::UInt8 => numbers::<UInt8Type>(ty, column, whole(builder, ty)?),
        DataType::UInt16 => numbers::<UInt16Type>(ty, column, whole(builder, ty)?),
        DataType::UInt32 => numbers::<UInt32Type>(ty, column, whole(builder, ty)?),
        DataType::UInt64 => numbers::<UInt64Type>(ty, column, whole(builder, ty)?),
        _ => None,
    }
}

/// From a column's scale to a field's; none beyond what 64 bits hold.
fn factor(wanted: u32, scale: i8) -> Option<Factor> {
    let difference = i64::from(wanted).checked_sub(i64::from(scale))?;
    let steps = u32::try_from(difference.unsigned_abs()).ok().filter(|steps| *steps <= 18)?;
    Some(if difference >= 0 { Factor::Times(power_of_ten(steps)) } else { Factor::Over(power_of_ten(steps)) })
}

/// The word of the number one, for types in which a plain number is so many of them.
fn whole(builder: &mut RecordsBuilder<'_>, ty: Type) -> Option<Factor> {
    match ty {
        Type::Number | Type::Money | Type::UnitPrice => {
            builder.read_text(ty, "1").ok().flatten().map(Factor::Times)
        }
        Type::Bool
        | Type::Text
        | Type::Code(_)
        | Type::Reference(_)
        | Type::Date
        | Type::Instant
        | Type::Duration(_)
        | Type::Months
        | Type::Age
        | Type::AgeLimit
        | Type::Interval
        | Type::Period(_)
        | Type::CodeSet(_) => None,
    }
}

fn numbers<T>(ty: Type, column: Named<'_>, factor: Factor) -> Option<FieldColumn>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i128>,
{
    let array: &PrimitiveArray<T> = column.array.as_primitive_opt::<T>()?;
    let text = texts(array)?;
    let mut read = FieldColumn::with_capacity(ty, array.len());
    for (row, value) in array.iter().enumerate() {
        let Some(value) = value else {
            read.push(None);
            continue;
        };
        match word(value.into(), factor) {
            Ok(word) => read.push(Some(word)),
            Err(error) => {
                let value = text(row).unwrap_or_default().into_owned();
                refuse(&mut read, row, column.name, (value, error));
            }
        }
    }
    Some(read)
}

fn word(value: i128, factor: Factor) -> Result<i64, CellError> {
    match factor {
        Factor::Times(times) => value
            .checked_mul(i128::from(times))
            .and_then(|word| i64::try_from(word).ok())
            .ok_or(CellError::TooLarge),
        Factor::Over(over) => {
            let over = i128::from(over);
            let word = i64::try_from(value.div_euclid(over).saturating_add(cut(value, over)));
            let word = word.map_err(|_| CellError::TooLarge)?;
            if value.rem_euclid(over) == 0 { Ok(word) } else { Err(CellError::TooPrecise) }
        }
    }
}

/// One where a negative number is no whole multiple: its text is cut towards zero.
fn cut(value: i128, over: i128) -> i128 {
    i128::from(value < 0 && value.rem_euclid(over) != 0)
}
