//! The schema keeps its promises.
//!
//! In: the declarations. Out: nothing.
//! Invariant: no name is ambiguous, every field is documented, every reference resolves.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

fn names(field: &Field) -> Vec<&str> {
    let mut names = vec![field.zh.as_str(), field.en.as_str()];
    names.extend(field.national.as_deref());
    names.extend(field.synonyms.iter().map(String::as_str));
    names
}

#[test]
fn every_name_is_unique_within_its_kind() {
    for kind in &base_schema().kinds {
        let mut seen = BTreeMap::new();
        for field in &kind.fields {
            for name in names(field) {
                let before = seen.insert(name.to_owned(), field.en.clone());
                assert_eq!(before, None, "{}: `{name}`", kind.en);
            }
        }
    }
}

#[test]
fn kinds_and_systems_have_unique_names() {
    let schema = base_schema();
    let kinds: Vec<&String> = schema.kinds.iter().flat_map(|kind| [&kind.zh, &kind.en]).collect();
    assert_eq!(kinds.iter().collect::<BTreeSet<_>>().len(), kinds.len());
    let systems: Vec<&String> = schema
        .systems
        .iter()
        .flat_map(|system| [&system.zh, &system.en].into_iter().chain(&system.synonyms))
        .collect();
    assert_eq!(systems.iter().collect::<BTreeSet<_>>().len(), systems.len());
}

#[test]
fn everything_is_documented() {
    for kind in &base_schema().kinds {
        assert!(!kind.doc.is_empty() && !kind.key.is_empty(), "{}", kind.en);
        for field in &kind.fields {
            assert!(!field.doc.is_empty(), "{}.{}", kind.en, field.en);
        }
    }
}

#[test]
fn every_declared_name_resolves() {
    let schema = base_schema();
    for spec in &KINDS {
        let kind = schema.kind(schema.find_kind(spec.zh).unwrap()).unwrap();
        for name in spec.key.iter().chain(spec.clock).chain(spec.interval) {
            assert!(spec.fields.iter().any(|field| field.en == *name), "{}.{name}", kind.en);
        }
        for field in spec.fields {
            if let TypeSpec::Code(system) = field.ty {
                assert!(schema.find_system(system).is_some(), "{system}");
            }
            if let TypeSpec::Ref(of) = field.ty {
                assert!(schema.find_kind(of).is_some(), "{of}");
            }
        }
    }
}

#[test]
fn clocks_and_intervals_are_times() {
    let schema = base_schema();
    for kind in &schema.kinds {
        let interval = kind.interval.map(|(from, to)| vec![from, to]).unwrap_or_default();
        for id in kind.clock.iter().copied().chain(interval) {
            let ty = kind.fields[usize::from(id.0)].ty;
            assert!(matches!(ty, Type::Date | Type::Instant), "{}", kind.en);
        }
    }
}

/// A field called like another kind would hide the relation to that kind's records.
#[test]
fn a_field_named_like_a_kind_refers_to_it() {
    let schema = base_schema();
    for kind in &schema.kinds {
        for field in &kind.fields {
            for other in names(field).into_iter().filter_map(|name| schema.find_kind(name)) {
                assert_eq!(field.ty, Type::Reference(other), "{}.{}", kind.en, field.en);
            }
        }
    }
}

#[test]
fn names_of_a_code_system_belong_to_one_code() {
    for system in &base_schema().systems {
        let mut seen = BTreeMap::new();
        for (code, name) in &system.values {
            assert_eq!(seen.insert(name.clone(), code.clone()), None, "{}: {name}", system.zh);
        }
        for (code, _) in &system.values {
            assert!(seen.get(code).is_none_or(|of| of == code), "{}: {code}", system.zh);
        }
    }
}

#[test]
fn the_names_the_draft_rules_use_exist() {
    let schema = base_schema();
    let used = [
        ("参保人", "性别 出生日期 死亡日期 人员类别 村居 险种 psn_no gend brdy"),
        ("参保", "参保人 险种 开始日期 终止日期"),
        ("慢特病备案", "参保人 机构 医师 病种 开始日期 终止日期"),
        ("机构", "名称 级别 类型 地区 核定床位 fixmedins_code"),
        ("医师", "姓名 机构 参保人 职称"),
        (
            "就诊",
            "参保人 机构 医师 医疗类别 险种 时间 入院时间 就诊时间 admission_time 出院时间 主诊断 主诊断名称 科室 离院方式 \
             入院途径 计划再入院 互联网 药品费 总费用 备注 地区 就诊号 mdtrt_id begntime endtime adm_time",
        ),
        ("诊断", "就诊 编码 diag_code"),
        ("手术", "就诊 切口等级 开始时间 结束时间 手术时间"),
        (
            "明细",
            "就诊 结算 项目编码 项目名称 通用名 供药天数 used_days 数量 单价 金额 费用类别 使用时间 计费时间 开单时间 开单科室 \
             开单医师 执行医师 处方号 给药途径 日用量 医保范围内金额 比照标志 原明细 init_feedetl_sn",
        ),
        ("原始明细", "就诊 数量 原明细"),
        ("结算", "就诊 基金支付 总费用 起付线 结算时间 结算方式 拨付时间 申报时间"),
        ("退费", "明细 结算 就诊 退费时间 金额 数量"),
        ("追溯码", "明细 机构 码 拆零"),
        ("进销存", "机构 项目编码 类型 数量 日期"),
        ("检验检查", "就诊 项目编码 结果摘要 采样时间 报告时间"),
        ("医嘱执行", "明细 执行时间"),
        ("查房", "就诊 时间 在床"),
        ("设备注册", "机构 类别 开始日期 终止日期"),
        ("收费备案", "机构 项目编码 开始日期"),
        ("设备使用", "机构 设备编号 开始时间 结束时间"),
    ];
    for (kind, fields) in used {
        let kind = schema.kind(schema.find_kind(kind).unwrap()).unwrap();
        for field in fields.split_whitespace() {
            assert!(kind.find_field(field).is_some(), "{}.{field}", kind.zh);
        }
    }
}

#[test]
fn parents_are_named_like_their_kind() {
    let schema = base_schema();
    let item = schema.find_kind("item").unwrap();
    let parents: Vec<&str> = schema
        .parents(item)
        .into_iter()
        .filter_map(|field| schema.field(item, field))
        .map(|field| field.zh.as_str())
        .collect();
    assert_eq!(parents, ["就诊", "结算"]);
}

#[test]
fn structs_and_schema_are_one() {
    let item = Item {
        item_id: Some("1".into()),
        amount: Some(crate::wire::Money(123_400)),
        days_of_supply: Some(crate::wire::Days(86_400 * 7)),
        ..Item::default()
    };
    let text = serde_json::to_string(&item).unwrap();
    assert_eq!(text, r#"{"item_id":"1","amount":"12.3400","days_of_supply":"7"}"#);
    assert_eq!(serde_json::from_str::<Item>(&text).unwrap(), item);
    let spoken: Item =
        serde_json::from_str(r#"{"明细号":"1","det_item_fee_sumamt":12.34,"供药天数":7}"#).unwrap();
    assert_eq!(spoken, item);
    assert!(serde_json::from_str::<Item>(r#"{"itemid":"1"}"#).is_err());
}
