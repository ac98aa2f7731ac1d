//! Reads one cell of a file or table by its type.
//!
//! In: a text and a type. Out: the word of [`crate::value::Value`], or why the text has none.
//! Invariant: nothing is guessed: a text that is not plainly of the type is refused, with the reason in both languages.

use jihe_diagnostics::Text;

use crate::calendar::{parse_date, parse_instant};
use crate::decimal::{DecimalError, mul_scaled, parse};
use crate::types::{DurationUnit, Type};
use crate::value::{AgeLimit, AgeUnit};

/// Why a cell was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellError {
    /// 是否: neither yes nor no.
    NotBool,
    /// Not a number.
    NotNumber,
    /// Scientific notation.
    Scientific,
    /// More decimals than the type carries.
    TooPrecise,
    /// Too large to carry.
    TooLarge,
    /// Not a date, or a date with a time of day.
    NotDate,
    /// Not a date with or without a time of day.
    NotInstant,
    /// Not a length of time.
    NotDuration,
    /// Not an age.
    NotAge,
    /// A type no cell can hold.
    NoCell,
    /// Bytes that are no UTF-8.
    NotText,
}

impl CellError {
    /// The reason, for people.
    pub fn text(self) -> Text {
        match self {
            CellError::NotBool => Text::new("应为是或否", "expected yes or no"),
            CellError::NotNumber => Text::new("不是数", "not a number"),
            CellError::Scientific => Text::new(
                "科学计数法可能已丢失数位，请导出为文本",
                "scientific notation may have lost digits; export as text",
            ),
            CellError::TooPrecise => Text::new("小数位过多", "too many decimals"),
            CellError::TooLarge => Text::new("数值过大", "too large"),
            CellError::NotDate => Text::new("不是日期", "not a date"),
            CellError::NotInstant => Text::new("不是日期或时间", "not a date or time"),
            CellError::NotDuration => Text::new("不是时长", "not a length of time"),
            CellError::NotAge => Text::new("不是年龄", "not an age"),
            CellError::NotText => Text::new(
                "不是本文件编码的文字（编码混用，或字节损坏）",
                "no text in the encoding of the file (mixed encodings, or damaged bytes)",
            ),
            CellError::NoCell => Text::new("此类型不能写在单元格里", "no cell can hold this type"),
        }
    }
}

impl From<DecimalError> for CellError {
    fn from(fault: DecimalError) -> Self {
        match fault {
            DecimalError::Malformed => CellError::NotNumber,
            DecimalError::Scientific => CellError::Scientific,
            DecimalError::TooPrecise => CellError::TooPrecise,
            DecimalError::Overflow => CellError::TooLarge,
        }
    }
}

/// The word of a non-empty text for a type that is not held as a symbol.
///
/// ```
/// use jihe_model::cell::parse_word;
/// use jihe_model::types::{DurationUnit, Type};
/// assert_eq!(parse_word(Type::Money, "60"), Ok(600_000));
/// assert_eq!(parse_word(Type::Duration(DurationUnit::Day), "30天"), Ok(30 * 86_400));
/// ```
///
/// # Errors
/// When the text is not of the type.
pub fn parse_word(ty: Type, text: &str) -> Result<i64, CellError> {
    let text = text.trim();
    match ty {
        Type::Bool => parse_bool(text),
        Type::Number => parse_number(text),
        Type::Money => Ok(parse(text.strip_suffix('元').unwrap_or(text), 4)?),
        Type::UnitPrice => Ok(parse(text.strip_suffix('元').unwrap_or(text), 6)?),
        Type::Date => parse_date(text).ok_or(CellError::NotDate),
        Type::Instant => parse_instant(text).map(|moment| moment.0).ok_or(CellError::NotInstant),
        Type::Duration(unit) => parse_duration(text, unit),
        Type::Months => parse_months(text),
        Type::AgeLimit | Type::Age => parse_age(text),
        Type::Text
        | Type::Code(_)
        | Type::Reference(_)
        | Type::Interval
        | Type::Period(_)
        | Type::CodeSet(_) => Err(CellError::NoCell),
    }
}

fn parse_bool(text: &str) -> Result<i64, CellError> {
    match text {
        "1" | "是" | "有" | "true" | "True" | "TRUE" | "yes" | "Y" | "y" => Ok(1),
        "0" | "否" | "无" | "false" | "False" | "FALSE" | "no" | "N" | "n" => Ok(0),
        _ => Err(CellError::NotBool),
    }
}

/// A plain number, or a percentage.
fn parse_number(text: &str) -> Result<i64, CellError> {
    match text.strip_suffix(['%', '％']) {
        Some(percent) => Ok(parse(percent, 4)?),
        None => Ok(parse(text, 6)?),
    }
}

/// A number, in the unit of the type unless the text names another.
fn parse_duration(text: &str, unit: DurationUnit) -> Result<i64, CellError> {
    let (number, unit_text) = split_unit(text);
    let seconds: i64 = match unit_text {
        "" => unit_seconds(unit),
        "天" | "日" | "days" | "day" | "d" => 86_400,
        "周" | "weeks" | "week" => 604_800,
        "小时" | "时" | "hours" | "hour" | "h" => 3_600,
        "分钟" | "分" | "minutes" | "minute" | "min" => 60,
        _ => return Err(CellError::NotDuration),
    };
    mul_scaled(parse(number, 6)?, 6, seconds, 0, 0).ok_or(CellError::TooLarge)
}

/// Seconds of one unit.
pub(crate) fn unit_seconds(unit: DurationUnit) -> i64 {
    match unit {
        DurationUnit::Day => 86_400,
        DurationUnit::Hour => 3_600,
        DurationUnit::Minute => 60,
    }
}

fn parse_months(text: &str) -> Result<i64, CellError> {
    let (number, unit) = split_unit(text);
    let months: i64 = match unit {
        "" | "月" | "个月" | "months" | "month" => 1,
        "季" | "季度" | "quarters" | "quarter" => 3,
        "年" | "years" | "year" => 12,
        _ => return Err(CellError::NotDuration),
    };
    parse(number, 0)?.checked_mul(months).ok_or(CellError::TooLarge)
}

/// An age bound; without a unit, years.
fn parse_age(text: &str) -> Result<i64, CellError> {
    let (number, unit) = split_unit(text);
    let unit = match unit {
        "" | "岁" | "周岁" | "年" | "years_old" | "years" => AgeUnit::Years,
        "月" | "个月" | "月龄" | "months" => AgeUnit::Months,
        "天" | "日" | "日龄" | "days" => AgeUnit::Days,
        _ => return Err(CellError::NotAge),
    };
    let count = parse(number, 0)?;
    if count.unsigned_abs() > 1_000_000 {
        return Err(CellError::TooLarge);
    }
    Ok(AgeLimit::new(count, unit).0)
}

/// `30 天` → `30`, `天`.
fn split_unit(text: &str) -> (&str, &str) {
    let end = text
        .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_every_type() {
        assert_eq!(parse_word(Type::Bool, "是"), Ok(1));
        assert_eq!(parse_word(Type::Number, "95%"), Ok(950_000));
        assert_eq!(parse_word(Type::Number, "-1.5"), Ok(-1_500_000));
        assert_eq!(parse_word(Type::UnitPrice, "1.234567"), Ok(1_234_567));
        assert_eq!(parse_word(Type::Date, "2024-01-01"), Ok(19_723));
        assert_eq!(parse_word(Type::Instant, "2024-01-01"), Ok(19_723 * 86_400 * 2));
        assert_eq!(parse_word(Type::Duration(DurationUnit::Day), "7.00"), Ok(7 * 86_400));
        assert_eq!(parse_word(Type::Duration(DurationUnit::Minute), "1.5 小时"), Ok(5_400));
        assert_eq!(parse_word(Type::Months, "1年"), Ok(12));
        assert_eq!(parse_word(Type::AgeLimit, "28天"), Ok(AgeLimit::new(28, AgeUnit::Days).0));
        assert_eq!(parse_word(Type::AgeLimit, "18"), Ok(AgeLimit::new(18, AgeUnit::Years).0));
    }

    #[test]
    fn refusals() {
        assert_eq!(parse_word(Type::Bool, "maybe"), Err(CellError::NotBool));
        assert_eq!(parse_word(Type::Money, "1,000.00"), Err(CellError::NotNumber));
        assert_eq!(parse_word(Type::Money, "1.00001"), Err(CellError::TooPrecise));
        assert_eq!(parse_word(Type::Money, "1e6"), Err(CellError::Scientific));
        assert_eq!(parse_word(Type::Date, "45000"), Err(CellError::NotDate));
        assert_eq!(parse_word(Type::Duration(DurationUnit::Day), "长期"), Err(CellError::NotDuration));
        assert_eq!(parse_word(Type::AgeLimit, "99999999岁"), Err(CellError::TooLarge));
        assert_eq!(parse_word(Type::Text, "x"), Err(CellError::NoCell));
    }
}
