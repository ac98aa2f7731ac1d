//! What a host needs to run rules in parts: on the partitions of a cluster, or bucket by bucket.
//!
//! In: a ruleset. Out: [`Layout`]: how kinds refer to each other, which rules need whole persons only, which fields the
//! others read.
//! Invariant: rules by person over parts closed under references, and the other rules over the fields listed here of all
//! records, give together what one run gives, if every part is told the coverage and the as-of day of the whole.

use crate::requirements::{Reach, Requirements, reach_of, requirements_of};
use crate::ruleset::Ruleset;
use jihe_check::typed::{Rule, TypedRules};
use jihe_model::schema::{Field, FieldId, Kind, KindId, Schema};
use jihe_model::types::Type;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How records and rules fall into parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// Every kind that may be supplied, in the order of the schema.
    pub kinds: Vec<KindLayout>,
    /// Ids of the rules that whole persons suffice for.
    pub by_person: Vec<String>,
    /// Ids of the rules that need all records at once.
    pub common: Vec<String>,
    /// How far each rule's own windows reach, by rule id and English kind name; for drawing evidence.
    pub reach: BTreeMap<String, BTreeMap<String, KindReach>>,
}

/// How far a rule looks from its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KindReach {
    /// Into the past.
    pub look_back: Reach,
    /// Into the future.
    pub look_ahead: Reach,
}

/// A kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KindLayout {
    /// English name.
    pub name: String,
    /// 中文名.
    pub name_zh: String,
    /// Whether its records belong to persons; others are needed whole in every part.
    pub personal: bool,
    /// English names of the fields of its key, in order.
    pub key: Vec<String>,
    /// English names of the fields of its clock, the first with a value counts; empty if it has none.
    pub clock: Vec<String>,
    /// English names of the fields that bound its interval.
    pub interval: Option<[String; 2]>,
    /// Its fields.
    pub fields: Vec<FieldLayout>,
    /// English names of the fields that the rules in [`Layout::common`] need; empty if they do not need the kind.
    pub common_fields: Vec<String>,
}

/// A field of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldLayout {
    /// English name.
    pub name: String,
    /// Every name it goes by, in the order in which columns of these names are preferred.
    pub names: Vec<String>,
    /// English name of the kind it refers to.
    pub refers_to: Option<String>,
}

/// What netting reads of a line or a refund beside keys, clocks and references.
const NETTED: [&str; 4] = ["quantity", "amount", "item_code", "unit_price"];

pub(crate) fn layout(ruleset: &Ruleset) -> Layout {
    let typed = ruleset.typed();
    let held = ruleset.plan().by_person().zip(&typed.rules);
    let by_person: Vec<bool> = held.map(|(held, rule)| held && !looks_past_persons(typed, rule)).collect();
    let ids = |wanted: bool| -> Vec<String> {
        let held = typed.rules.iter().zip(&by_person).filter(|(_, held)| **held == wanted);
        held.map(|(rule, _)| rule.id.clone()).collect()
    };
    let common = ids(false);
    let needed = requirements_of(typed, &|rule| common.contains(&rule.id));
    let reached =
        if common.is_empty() { BTreeSet::new() } else { reached(&typed.schema, &needed, &|_, _| true) };
    let kinds = (0u16..).map(KindId).zip(&typed.schema.kinds).filter(|(_, kind)| kind.raw_of.is_none());
    Layout {
        kinds: kinds.map(|(id, kind)| kind_layout(typed, (id, kind), &needed, &reached)).collect(),
        by_person: ids(true),
        common,
        reach: typed.rules.iter().map(|rule| (rule.id.clone(), reach_of(typed, rule))).collect(),
    }
}

/// Whether a rule may look at a person through a place or a professional (出生日期 of a 医师 as a 参保人): that person can be
/// in another part than the rule's subject.
fn looks_past_persons(typed: &TypedRules, rule: &Rule) -> bool {
    let needed = requirements_of(typed, &|other| other.id == rule.id).kinds;
    let schema = &typed.schema;
    let is_read = |to: KindId| {
        let kind = schema.kind(to).and_then(|kind| needed.get(&kind.en));
        jihe_engine::is_personal(typed, to) && kind.is_some_and(|kind| !kind.fields.is_empty())
    };
    let leads = |field: &Field, read: &BTreeSet<String>| {
        matches!(field.ty, Type::Reference(to) if is_read(to)) && read.contains(&field.en)
    };
    needed.iter().any(|(name, read)| {
        let place = schema.find_kind(name).filter(|id| !jihe_engine::is_personal(typed, *id));
        let kind = place.and_then(|id| schema.kind(id));
        kind.is_some_and(|kind| kind.fields.iter().any(|field| leads(field, &read.fields)))
    })
}

/// Whether a reference of a kind is followed.
pub(crate) type Follows<'f> = &'f dyn Fn(&Kind, &Field) -> bool;

/// The kinds that rules need, and those their records lead to: whom a finding names is found through them.
pub(crate) fn reached(schema: &Schema, needed: &Requirements, follows: Follows<'_>) -> BTreeSet<KindId> {
    let mut waiting: Vec<KindId> = needed.kinds.keys().filter_map(|name| schema.find_kind(name)).collect();
    let mut reached = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        let Some(kind) = schema.kind(id).filter(|_| reached.insert(id)) else { continue };
        let target = |field: &Field| {
            let Type::Reference(to) = field.ty else { return None };
            follows(kind, field).then_some(to)
        };
        waiting.extend(kind.fields.iter().filter_map(target));
        // Lines are netted by refunds, and refunds stand for negative lines.
        match kind.en.as_str() {
            "item" => waiting.extend(schema.find_kind("refund")),
            "refund" => waiting.extend(schema.find_kind("item")),
            _ => {}
        }
    }
    reached
}

fn kind_layout(
    typed: &TypedRules,
    (id, kind): (KindId, &Kind),
    needed: &Requirements,
    reached: &BTreeSet<KindId>,
) -> KindLayout {
    let schema = &typed.schema;
    let refers_to = |ty: Type| {
        let Type::Reference(to) = ty else { return None };
        schema.kind(to).map(|to| to.en.clone())
    };
    let fields = kind.fields.iter().map(|field| FieldLayout {
        name: field.en.clone(),
        names: [&field.zh, &field.en]
            .into_iter()
            .chain(&field.national)
            .chain(&field.synonyms)
            .cloned()
            .collect(),
        refers_to: refers_to(field.ty),
    });
    KindLayout {
        name: kind.en.clone(),
        name_zh: kind.zh.clone(),
        personal: jihe_engine::is_personal(typed, id),
        key: in_order(kind, &kind.key),
        clock: in_order(kind, &kind.clock),
        interval: kind.interval.and_then(|(from, to)| in_order(kind, &[from, to]).try_into().ok()),
        fields: fields.collect(),
        common_fields: if reached.contains(&id) {
            names(kind, &common_fields(kind, needed, &|_, _| true))
        } else {
            Vec::new()
        },
    }
}

fn in_order(kind: &Kind, fields: &[FieldId]) -> Vec<String> {
    let held = fields.iter().filter_map(|field| kind.fields.get(usize::from(field.0)));
    held.map(|field| field.en.clone()).collect()
}

fn names(kind: &Kind, places: &BTreeSet<usize>) -> Vec<String> {
    places.iter().filter_map(|at| kind.fields.get(*at)).map(|field| field.en.clone()).collect()
}

/// What rules read of a kind, and what every run reads: key, times, references, and what netting needs.
pub(crate) fn common_fields(kind: &Kind, needed: &Requirements, follows: Follows<'_>) -> BTreeSet<usize> {
    let read = needed.kinds.get(&kind.en).map(|wanted| &wanted.fields);
    let nets = matches!(kind.en.as_str(), "item" | "refund");
    let structural = kind.key.iter().chain(&kind.clock).map(|field| usize::from(field.0));
    let ends = kind.interval.into_iter().flat_map(|(from, to)| [usize::from(from.0), usize::from(to.0)]);
    let wanted = kind.fields.iter().enumerate().filter(|(_, field)| {
        read.is_some_and(|read| read.contains(&field.en))
            || (matches!(field.ty, Type::Reference(_)) && follows(kind, field))
            || (nets && NETTED.contains(&field.en.as_str()))
    });
    structural.chain(ends).chain(wanted.map(|(at, _)| at)).collect()
}

#[cfg(test)]
mod tests {
    use crate::RuleFiles;

    const RULES: &str = r#"
        规则包 "示例" 版本 "1"
        统计 机构单价 = 明细 按(就诊.机构) { 均价 = 平均(本组.单价) }
        规则 大额 { 编号 "X1" 针对 明细 当 金额 > 100 元 且 项目名称 含 "针" 性质 可疑 说明 "大额" }
        规则 偏高 { 编号 "X9" 针对 机构单价 当 均价 > 100 元 性质 可疑 说明 "{均价}" }
    "#;

    fn layout(rules: &str) -> super::Layout {
        let ruleset = crate::compile(&RuleFiles::new().rule("demo.jihe", rules));
        ruleset.map_err(|error| error.render(crate::Language::Chinese)).unwrap().layout()
    }

    #[test]
    fn rules_fall_into_those_by_person_and_the_others() {
        let layout = layout(RULES);
        assert_eq!(layout.by_person, ["X1"]);
        assert_eq!(layout.common, ["X9"]);
        let personal = |name: &str| layout.kinds.iter().find(|kind| kind.name == name).unwrap().personal;
        assert!(personal("person") && personal("trace") && personal("refund"));
        assert!(!personal("institution") && !personal("practitioner") && !personal("stock"));
    }

    #[test]
    fn the_other_rules_need_what_they_read_and_what_leads_to_whom_they_name() {
        let layout = layout(RULES);
        let fields =
            |name: &str| layout.kinds.iter().find(|kind| kind.name == name).unwrap().common_fields.clone();
        let item = fields("item");
        for wanted in
            ["item_id", "visit", "used_time", "billed_time", "unit_price", "quantity", "original_item"]
        {
            assert!(item.iter().any(|field| field == wanted), "{wanted} of {item:?}");
        }
        assert!(!item.iter().any(|field| field == "item_name"), "X1 alone reads it");
        assert!(fields("institution").contains(&"institution_id".to_owned()));
        assert!(fields("refund").contains(&"quantity".to_owned()));
        assert!(fields("stock").is_empty());
    }

    #[test]
    fn a_window_says_how_far_it_reaches() {
        let rules = r#"
            规则 再诊 { 编号 "X3" 针对 就诊 设 近 = 就诊 同一(参保人) 最近 30 天 当 计数(近) > 9 性质 可疑 说明 "多" }
        "#;
        let layout = layout(rules);
        assert_eq!(layout.reach["X3"]["visit"].look_back, crate::Reach::Days(30));
        let visit = layout.kinds.iter().find(|kind| kind.name == "visit").unwrap();
        assert_eq!(visit.interval, Some(["time".to_owned(), "discharge_time".to_owned()]));
    }

    #[test]
    fn without_such_rules_nothing_is_needed() {
        let only = r#"规则 大额 { 编号 "X1" 针对 明细 当 金额 > 100 元 性质 可疑 说明 "大额" }"#;
        assert!(layout(only).kinds.iter().all(|kind| kind.common_fields.is_empty()));
    }
}
