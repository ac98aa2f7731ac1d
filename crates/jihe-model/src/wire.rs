//! The values of the record structs, with serde.
//!
//! In: JSON texts or numbers. Out: exact words, written back as texts.
//! Invariant: a value that is written and read back is the same word; a number that JSON may have rounded is refused.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::calendar::{format_day, format_instant};
use crate::cell::{parse_word, unit_seconds};
use crate::decimal::{div_scaled, format_fixed, format_trimmed};
use crate::types::{DurationUnit, Type};

/// Digits up to which every decimal survives a binary floating point number.
const SAFE_DIGITS: usize = 15;

macro_rules! wire_values {
    ($($(#[$doc:meta])* $name:ident, $ty:expr, $print:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub i64);

        impl $name {
            /// Reads the text of a cell.
            ///
            /// # Errors
            /// When the text is not of the type.
            pub fn parse(text: &str) -> Result<Self, crate::cell::CellError> {
                parse_word($ty, text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let print: fn(i64) -> String = $print;
                f.write_str(&print(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(WordVisitor($ty)).map(Self)
            }
        }
    )*};
}

wire_values! {
    /// 数量, 比例: value × 10⁶.
    Number, Type::Number, |word| format_trimmed(word, 6);
    /// 金额, 元: value × 10⁴; written with four decimals.
    Money, Type::Money, |word| format_fixed(word, 4, 4);
    /// 单价, 元: value × 10⁶.
    UnitPrice, Type::UnitPrice, |word| format_trimmed(word, 6);
    /// 日期: days since 1970-01-01.
    Date, Type::Date, format_day;
    /// 时间: the word of [`crate::value::Instant`].
    Instant, Type::Instant, |word| format_instant(crate::value::Instant(word));
    /// Seconds, written as a number of days.
    Days, Type::Duration(DurationUnit::Day), |word| in_unit(word, DurationUnit::Day);
    /// Seconds, written as a number of hours.
    Hours, Type::Duration(DurationUnit::Hour), |word| in_unit(word, DurationUnit::Hour);
    /// Seconds, written as a number of minutes.
    Minutes, Type::Duration(DurationUnit::Minute), |word| in_unit(word, DurationUnit::Minute);
}

/// Six decimals of a day are a tenth of a second, so every whole second is read back as itself.
fn in_unit(seconds: i64, unit: DurationUnit) -> String {
    format_trimmed(div_scaled(seconds, 0, unit_seconds(unit), 0, 6).unwrap_or(i64::MAX), 6)
}

/// The text of a JSON number, if it surely is what was written.
pub(crate) fn exact_float(value: f64) -> Option<String> {
    let text = value.to_string();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (digits <= SAFE_DIGITS).then_some(text)
}

struct WordVisitor(Type);

impl WordVisitor {
    fn read<E: Error>(&self, text: &str) -> Result<i64, E> {
        parse_word(self.0, text).map_err(|fault| E::custom(format!("`{text}`: {}", fault.text().en)))
    }
}

impl Visitor<'_> for WordVisitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
        self.read(text)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
        self.read(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
        self.read(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
        match exact_float(value) {
            Some(text) => self.read(&text),
            None => {
                Err(E::custom(format!("{value}: more digits than a JSON number keeps; write it as text")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        let money: Money = serde_json::from_str("12.34").unwrap();
        assert_eq!(money, Money(123_400));
        assert_eq!(serde_json::to_string(&money).unwrap(), "\"12.3400\"");
        let days: Days = serde_json::from_str("30").unwrap();
        assert_eq!(days.to_string(), "30");
        for seconds in [1, 7, 3_599, 86_399, 100_001] {
            assert_eq!(Days::parse(&Days(seconds).to_string()), Ok(Days(seconds)));
            assert_eq!(Minutes::parse(&Minutes(seconds).to_string()), Ok(Minutes(seconds)));
        }
        let moment: Instant = serde_json::from_str("\"2024-01-01T08:00\"").unwrap();
        assert_eq!(serde_json::to_string(&moment).unwrap(), "\"2024-01-01 08:00\"");
    }

    #[test]
    fn numbers_json_may_have_rounded_are_refused() {
        assert!(serde_json::from_str::<Money>("123456789012.3456").is_err());
        assert!(serde_json::from_str::<Money>("\"123456789012.3456\"").is_ok());
        assert!(serde_json::from_str::<Money>("true").is_err());
    }
}
