//! The names of types, in rules and in messages.
//!
//! In: a name as written, or a type. Out: the type, or its name.
//! Invariant: every type a column can have has a Chinese and an English name, and both resolve to it.

use crate::schema::Schema;
use crate::types::{DurationUnit, PeriodUnit, Type};
use jihe_diagnostics::Language;

/// The names of the types that no schema declares.
const PLAIN: [(Type, &str, &str); 12] = [
    (Type::Text, "文本", "text"),
    (Type::Number, "数量", "quantity"),
    (Type::Money, "金额", "money"),
    (Type::UnitPrice, "单价", "unit_price"),
    (Type::Date, "日期", "date"),
    (Type::Instant, "时间", "instant"),
    (Type::Duration(DurationUnit::Day), "天数", "days"),
    (Type::Duration(DurationUnit::Minute), "分钟", "minutes"),
    (Type::Duration(DurationUnit::Hour), "小时", "hours"),
    (Type::Months, "月数", "months"),
    (Type::AgeLimit, "年龄", "age"),
    (Type::Bool, "是否", "bool"),
];

/// Second names of plain types.
const SYNONYMS: [(Type, &str); 5] = [
    (Type::Number, "比例"),
    (Type::Number, "ratio"),
    (Type::Number, "number"),
    (Type::Bool, "boolean"),
    (Type::Instant, "time"),
];

/// The type a column or field declaration names: a plain type, a code system, or a kind (a reference to its records).
///
/// Where a code system and a kind share a name (诊断), the code system is meant.
///
/// ```
/// use jihe_model::{kinds::base_schema, names::type_by_name, types::Type};
/// let schema = base_schema();
/// assert_eq!(type_by_name(&schema, "金额"), Some(Type::Money));
/// assert!(matches!(type_by_name(&schema, "诊断"), Some(Type::Code(_))));
/// assert!(matches!(type_by_name(&schema, "就诊"), Some(Type::Reference(_))));
/// assert_eq!(type_by_name(&schema, "不存在的类型"), None);
/// ```
pub fn type_by_name(schema: &Schema, name: &str) -> Option<Type> {
    plain_type(name)
        .or_else(|| schema.find_system(name).map(Type::Code))
        .or_else(|| schema.find_kind(name).map(Type::Reference))
}

fn plain_type(name: &str) -> Option<Type> {
    let main = PLAIN.iter().find(|(_, zh, en)| *zh == name || *en == name).map(|(ty, _, _)| *ty);
    main.or_else(|| SYNONYMS.iter().find(|(_, synonym)| *synonym == name).map(|(ty, _)| *ty))
}

/// Every name [`type_by_name`] accepts, for suggestions.
pub fn type_names(schema: &Schema) -> Vec<String> {
    let plain = PLAIN.iter().flat_map(|(_, zh, en)| [*zh, *en]).map(str::to_owned);
    let systems = schema
        .systems
        .iter()
        .flat_map(|system| [&system.zh, &system.en].into_iter().chain(&system.synonyms).cloned());
    let kinds = schema.kinds.iter().flat_map(|kind| [kind.zh.clone(), kind.en.clone()]);
    plain.chain(systems).chain(kinds).collect()
}

/// A type as people call it.
pub fn type_name(schema: &Schema, ty: Type, language: Language) -> String {
    let (zh, en) = names(schema, ty);
    match language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

fn names(schema: &Schema, ty: Type) -> (String, String) {
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match ty {
        Type::Number => both("数", "number"),
        Type::Bool => both("是否", "yes or no"),
        Type::Duration(DurationUnit::Day) => both("天数", "days"),
        Type::Duration(DurationUnit::Hour) => both("时长（小时）", "hours"),
        Type::Duration(DurationUnit::Minute) => both("时长（分钟）", "minutes"),
        Type::Age => both("年龄", "age"),
        Type::AgeLimit => both("年龄界限", "age bound"),
        Type::Interval => both("时间段", "interval"),
        Type::Period(unit) => period_name(unit),
        Type::Text | Type::Money | Type::UnitPrice | Type::Date | Type::Instant | Type::Months => PLAIN
            .iter()
            .find(|(plain, _, _)| *plain == ty)
            .map_or_else(|| both("", ""), |(_, zh, en)| both(zh, en)),
        Type::Code(system) => schema.system(system).map_or_else(
            || both("编码", "code"),
            |system| {
                (
                    format!("{}编码", system.zh.trim_end_matches("编码")),
                    format!("{} code", system.en.trim_end_matches("_code")),
                )
            },
        ),
        Type::CodeSet(system) => schema.system(system).map_or_else(
            || both("编码集", "code set"),
            |system| (format!("{}集", system.zh), format!("{} set", system.en)),
        ),
        Type::Reference(kind) => schema
            .kind(kind)
            .map_or_else(|| both("记录", "record"), |kind| (kind.zh.clone(), kind.en.clone())),
    }
}

fn period_name(unit: PeriodUnit) -> (String, String) {
    let (zh, en) = match unit {
        PeriodUnit::Hour => ("小时（日历）", "calendar hour"),
        PeriodUnit::Day => ("日", "calendar day"),
        PeriodUnit::Week => ("周", "calendar week"),
        PeriodUnit::Month => ("月", "calendar month"),
        PeriodUnit::Quarter => ("季", "calendar quarter"),
        PeriodUnit::Year => ("年", "calendar year"),
        PeriodUnit::BenefitYear(_) => ("医保年度", "benefit year"),
    };
    (zh.to_owned(), en.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::base_schema;

    #[test]
    fn both_names_of_every_plain_type_resolve() {
        let schema = base_schema();
        for (ty, zh, en) in PLAIN {
            assert_eq!(type_by_name(&schema, zh), Some(ty));
            assert_eq!(type_by_name(&schema, en), Some(ty));
        }
    }

    #[test]
    fn every_system_and_kind_is_a_type() {
        let schema = base_schema();
        for name in type_names(&schema) {
            assert!(type_by_name(&schema, &name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_type_has_a_name_in_both_languages() {
        let schema = base_schema();
        let systems = type_by_name(&schema, "诊断").unwrap();
        assert_eq!(type_name(&schema, systems, Language::Chinese), "诊断编码");
        assert_eq!(type_name(&schema, Type::Money, Language::Chinese), "金额");
        assert_eq!(type_name(&schema, Type::Money, Language::English), "money");
        assert_eq!(type_name(&schema, Type::Period(PeriodUnit::Week), Language::Chinese), "周");
    }
}
