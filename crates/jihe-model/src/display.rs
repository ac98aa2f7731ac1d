//! Values as people read them, and as parts of keys.
//!
//! In: a word and its type. Out: text.
//! Invariant: two different words of one type never have the same key text, except amounts shown rounded to people.

use crate::calendar::{age_days, age_months, age_years, format_day, format_instant, format_period};
use crate::cell::unit_seconds;
use crate::decimal::{div_scaled, format_fixed, format_trimmed};
use crate::schema::{Schema, SystemId};
use crate::types::{DurationUnit, Type};
use crate::value::{Age, AgeLimit, AgeUnit, Instant, Symbol, Symbols, Value};

/// A value in a message or a finding; none where it is missing. A value known from below is `至少45天`.
pub fn display_value(value: Value, ty: Type, symbols: &Symbols, schema: &Schema) -> Option<String> {
    match value {
        Value::Known(word) => Some(display(word, ty, symbols, schema)),
        Value::AtLeast(word, _) => Some(format!("至少{}", display(word, ty, symbols, schema))),
        Value::Missing(_) => None,
    }
}

/// A word as people read it: `45天`, `60.00元`, `2024-03-01 08:30`, `男`.
///
/// Money is rounded `HALF_UP` to two decimals; unit prices keep up to six. A plain number has no unit and no per cent:
/// a share of one eighth is `0.125`. A code is shown by its Chinese name where one is known, else as it is.
///
/// ```
/// use jihe_model::{display::display, kinds::base_schema, types::{DurationUnit, Type}, value::Symbols};
/// let (schema, symbols) = (base_schema(), Symbols::new());
/// assert_eq!(display(45 * 86_400, Type::Duration(DurationUnit::Day), &symbols, &schema), "45天");
/// assert_eq!(display(600_000, Type::Money, &symbols, &schema), "60.00元");
/// ```
pub fn display(word: i64, ty: Type, symbols: &Symbols, schema: &Schema) -> String {
    match ty {
        Type::Bool => if word == 0 { "否" } else { "是" }.to_owned(),
        Type::Text | Type::Reference(_) | Type::CodeSet(_) => symbol_text(word, symbols).to_owned(),
        Type::Code(system) => code_name(symbol_text(word, symbols), system, schema).to_owned(),
        Type::Number => format_trimmed(word, 6),
        Type::Money => format!("{}元", format_fixed(word, 4, 2)),
        Type::UnitPrice => format!("{}元", price_text(word)),
        Type::Date => format_day(word),
        Type::Instant => format_instant(Instant(word)),
        Type::Duration(unit) => duration_text(word, unit),
        Type::Months => format!("{word}个月"),
        Type::Age => age_text(Age(word)),
        Type::AgeLimit => limit_text(AgeLimit(word)),
        Type::Period(unit) => format_period(unit, word),
        // An interval is two words and is never carried as one.
        Type::Interval => String::new(),
    }
}

fn symbol_text(word: i64, symbols: &Symbols) -> &str {
    u32::try_from(word).map_or("", |symbol| symbols.text(Symbol(symbol)))
}

/// The Chinese name of a code where it is known, else the code.
pub fn code_name<'a>(code: &'a str, system: SystemId, schema: &'a Schema) -> &'a str {
    schema
        .system(system)
        .and_then(|system| system.values.iter().find(|(known, _)| known == code))
        .map_or(code, |(_, name)| name)
}

/// At least two decimals, at most six.
fn price_text(word: i64) -> String {
    let whole_cents = word.checked_rem(10_000) == Some(0);
    if whole_cents { format_fixed(word, 6, 2) } else { format_trimmed(word, 6) }
}

fn duration_text(seconds: i64, unit: DurationUnit) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let mut rest = seconds.unsigned_abs();
    let mut text = String::new();
    let steps: [(u64, &str); 4] = [(86_400, "天"), (3_600, "小时"), (60, "分钟"), (1, "秒")];
    for (size, name) in steps {
        if size == 86_400 && unit != DurationUnit::Day {
            continue;
        }
        let count = rest.div_euclid(size);
        if count > 0 {
            text.push_str(&count.to_string());
            text.push_str(name);
            rest = rest.rem_euclid(size);
        }
    }
    if text.is_empty() {
        let name = match unit {
            DurationUnit::Day => "天",
            DurationUnit::Hour => "小时",
            DurationUnit::Minute => "分钟",
        };
        return format!("0{name}");
    }
    format!("{sign}{text}")
}

/// Years from one year on, months from one month on, else days.
fn age_text(age: Age) -> String {
    let years = age_years(age.birth(), age.at());
    if years >= 1 {
        return format!("{years}岁");
    }
    let months = age_months(age.birth(), age.at());
    if months >= 1 {
        return format!("{months}个月");
    }
    format!("{}天", age_days(age.birth(), age.at()))
}

fn limit_text(limit: AgeLimit) -> String {
    let unit = match limit.unit() {
        AgeUnit::Years => "岁",
        AgeUnit::Months => "个月",
        AgeUnit::Days => "天",
    };
    format!("{}{unit}", limit.count())
}

/// A word as one part of a subject key (contract 2), `\` and `|` escaped by `\`.
///
/// Codes and references are their own text, numbers plain decimals, lengths of time a number in the unit of their type.
///
/// ```
/// use jihe_model::{display::key_text, types::{PeriodUnit, Type}, value::Symbols};
/// let mut symbols = Symbols::new();
/// let word = i64::from(symbols.intern(r"a|b\c").0);
/// assert_eq!(key_text(word, Type::Text, &symbols), r"a\|b\\c");
/// assert_eq!(key_text(19_814, Type::Period(PeriodUnit::Month), &symbols), "2024-04");
/// ```
pub fn key_text(word: i64, ty: Type, symbols: &Symbols) -> String {
    let mut text = String::new();
    push_key_text(&mut text, word, ty, symbols);
    text
}

/// As [`key_text`], onto a text that is reused from row to row.
pub fn push_key_text(text: &mut String, word: i64, ty: Type, symbols: &Symbols) {
    match ty {
        Type::Text | Type::Reference(_) | Type::CodeSet(_) | Type::Code(_) => {
            push_escaped(text, symbol_text(word, symbols));
        }
        Type::Bool => text.push(if word == 0 { '0' } else { '1' }),
        Type::Number | Type::UnitPrice => text.push_str(&format_trimmed(word, 6)),
        Type::Money => text.push_str(&format_trimmed(word, 4)),
        Type::Date => text.push_str(&format_day(word)),
        Type::Instant => text.push_str(&format_instant(Instant(word))),
        Type::Duration(unit) => {
            let count = div_scaled(word, 0, unit_seconds(unit), 0, 6).unwrap_or(word);
            text.push_str(&format_trimmed(count, 6));
        }
        Type::Months => text.push_str(&word.to_string()),
        Type::Age => text.push_str(&age_text(Age(word))),
        Type::AgeLimit => text.push_str(&limit_text(AgeLimit(word))),
        Type::Period(unit) => text.push_str(&format_period(unit, word)),
        Type::Interval => {}
    }
}

/// Appends a text with `\` and `|` escaped.
pub fn push_escaped(text: &mut String, part: &str) {
    for letter in part.chars() {
        if matches!(letter, '\\' | '|') {
            text.push('\\');
        }
        text.push(letter);
    }
}

/// Joins parts that are already escaped into one key.
pub fn join_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            text.push('|');
        }
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::day_of;
    use crate::kinds::base_schema;
    use crate::types::PeriodUnit;
    use crate::value::Cause;

    fn shown(word: i64, ty: Type) -> String {
        display(word, ty, &Symbols::new(), &base_schema())
    }

    #[test]
    fn amounts_and_numbers() {
        assert_eq!(shown(1_005_050, Type::Money), "100.51元");
        assert_eq!(shown(12_500_000, Type::UnitPrice), "12.50元");
        assert_eq!(shown(1_234_567, Type::UnitPrice), "1.234567元");
        assert_eq!(shown(125_000, Type::Number), "0.125");
        assert_eq!(shown(3_000_000, Type::Number), "3");
        assert_eq!(shown(1, Type::Bool), "是");
    }

    #[test]
    fn lengths_of_time() {
        assert_eq!(shown(45 * 86_400, Type::Duration(DurationUnit::Day)), "45天");
        assert_eq!(shown(36 * 3_600, Type::Duration(DurationUnit::Day)), "1天12小时");
        assert_eq!(shown(9_000, Type::Duration(DurationUnit::Hour)), "2小时30分钟");
        assert_eq!(shown(50 * 3_600, Type::Duration(DurationUnit::Hour)), "50小时");
        assert_eq!(shown(1_800, Type::Duration(DurationUnit::Minute)), "30分钟");
        assert_eq!(shown(-61, Type::Duration(DurationUnit::Minute)), "-1分钟1秒");
        assert_eq!(shown(0, Type::Duration(DurationUnit::Day)), "0天");
        assert_eq!(shown(12, Type::Months), "12个月");
    }

    #[test]
    fn ages_choose_their_unit() {
        let born = day_of(2024, 1, 1).unwrap();
        assert_eq!(shown(Age::new(born, born + 20).0, Type::Age), "20天");
        assert_eq!(shown(Age::new(born, born + 40).0, Type::Age), "1个月");
        assert_eq!(shown(Age::new(born, born + 800).0, Type::Age), "2岁");
        assert_eq!(shown(AgeLimit::new(28, AgeUnit::Days).0, Type::AgeLimit), "28天");
    }

    #[test]
    fn codes_by_name_where_known() {
        let schema = base_schema();
        let mut symbols = Symbols::new();
        let (male, odd) = (symbols.intern("1"), symbols.intern("7"));
        let sex = Type::Code(schema.find_system("性别").unwrap());
        assert_eq!(display(i64::from(male.0), sex, &symbols, &schema), "男");
        assert_eq!(display(i64::from(odd.0), sex, &symbols, &schema), "7");
        assert_eq!(key_text(i64::from(male.0), sex, &symbols), "1");
    }

    #[test]
    fn periods_follow_the_contract() {
        let day = day_of(2024, 4, 1).unwrap();
        assert_eq!(shown(day, Type::Period(PeriodUnit::Day)), "2024-04-01");
        assert_eq!(shown(day, Type::Period(PeriodUnit::Week)), "2024-W14");
        assert_eq!(shown(day, Type::Period(PeriodUnit::Quarter)), "2024-Q2");
        assert_eq!(
            shown(day, Type::Period(PeriodUnit::BenefitYear(crate::types::YearStart::NATURAL))),
            "2024"
        );
    }

    #[test]
    fn values_known_from_below_say_so() {
        let (schema, symbols) = (base_schema(), Symbols::new());
        let days = Type::Duration(DurationUnit::Day);
        let least = Value::AtLeast(45 * 86_400, Cause(0));
        assert_eq!(display_value(least, days, &symbols, &schema).as_deref(), Some("至少45天"));
        assert_eq!(display_value(Value::Missing(Cause(0)), days, &symbols, &schema), None);
    }

    #[test]
    fn keys_join_escaped_parts() {
        assert_eq!(join_key(["H1", r"a\|b", "2024-04"]), r"H1|a\|b|2024-04");
    }
}
