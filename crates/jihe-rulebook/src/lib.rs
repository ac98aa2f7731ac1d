//! The rules and knowledge tables shipped with Jihe, as data.
//!
//! In: nothing. Out: the texts of the rule files, of the tables they name, and of the catalogue of violations.
//! Invariant: every table a shipped rule names is here, and every rule id of the catalogue is a rule here.

/// The rule files, in the order they are read: file name and text.
pub fn files() -> &'static [(&'static str, &'static str)] {
    &[
        ("base.jihe", include_str!("../rules/base.jihe")),
        ("A.jihe", include_str!("../rules/A.jihe")),
        ("B.jihe", include_str!("../rules/B.jihe")),
        ("C.jihe", include_str!("../rules/C.jihe")),
        ("D.jihe", include_str!("../rules/D.jihe")),
        ("E.jihe", include_str!("../rules/E.jihe")),
        ("F.jihe", include_str!("../rules/F.jihe")),
        ("G.jihe", include_str!("../rules/G.jihe")),
    ]
}

/// The knowledge tables: file name as written after 来自, and CSV text.
pub fn tables() -> &'static [(&'static str, &'static str)] {
    &[
        ("限价.csv", include_str!("../tables/限价.csv")),
        ("重复收费对.csv", include_str!("../tables/重复收费对.csv")),
        ("组套.csv", include_str!("../tables/组套.csv")),
        ("套餐价.csv", include_str!("../tables/套餐价.csv")),
        ("限定频次.csv", include_str!("../tables/限定频次.csv")),
        ("周期频次.csv", include_str!("../tables/周期频次.csv")),
        ("换算.csv", include_str!("../tables/换算.csv")),
        ("适应症.csv", include_str!("../tables/适应症.csv")),
        ("性别限定.csv", include_str!("../tables/性别限定.csv")),
        ("年龄限定.csv", include_str!("../tables/年龄限定.csv")),
        ("日剂量.csv", include_str!("../tables/日剂量.csv")),
        ("病种目录.csv", include_str!("../tables/病种目录.csv")),
        ("关联诊疗.csv", include_str!("../tables/关联诊疗.csv")),
        ("串换对.csv", include_str!("../tables/串换对.csv")),
        ("设备要求.csv", include_str!("../tables/设备要求.csv")),
        ("手术组.csv", include_str!("../tables/手术组.csv")),
        ("险种限定.csv", include_str!("../tables/险种限定.csv")),
        ("级别限定.csv", include_str!("../tables/级别限定.csv")),
        ("就医方式.csv", include_str!("../tables/就医方式.csv")),
        ("支付疗程.csv", include_str!("../tables/支付疗程.csv")),
        ("不予支付饮片.csv", include_str!("../tables/不予支付饮片.csv")),
        ("单方饮片.csv", include_str!("../tables/单方饮片.csv")),
        ("麻精药品.csv", include_str!("../tables/麻精药品.csv")),
        ("项目时长.csv", include_str!("../tables/项目时长.csv")),
    ]
}

/// The catalogue of violations as CSV: id, name, status (shipped, planned, `not_from_claims`), rule ids, why.
pub fn catalogue() -> &'static str {
    include_str!("../catalogue.csv")
}
