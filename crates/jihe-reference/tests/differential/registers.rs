//! Kinds beside visits and lines: people, institutions, reports, traces, stock, devices, filings.
//!
//! In: nothing. Out: tables of names.
//! Invariant: every name resolves from a record of its kind.

use super::vocabulary::{Kind, Ty};

const fn kind(
    name: &'static str,
    fields: &'static [(&'static str, Ty)],
    keys: &'static [&'static str],
    (clock, end): (Option<&'static str>, Option<&'static str>),
) -> Kind {
    let interval = match (clock, end) {
        (Some(start), Some(end)) => Some((start, end)),
        _ => None,
    };
    Kind { name, fields, keys, clock, interval, is_line: false }
}

pub(crate) static PERSON: Kind =
    kind("参保人", &[("性别", Ty::Sex), ("出生日期", Ty::Date), ("村居", Ty::Text)], &[], (None, None));

pub(crate) static INSTITUTION: Kind =
    kind("机构", &[("级别", Ty::Level), ("核定床位", Ty::Number), ("投诉举报", Ty::Bool)], &[], (None, None));

pub(crate) static PRACTITIONER: Kind = kind(
    "医师",
    &[("机构", Ty::Reference), ("机构.级别", Ty::Level), ("机构.核定床位", Ty::Number)],
    &["机构"],
    (None, None),
);

pub(crate) static REPORT: Kind = kind(
    "检验检查",
    &[
        ("报告时间", Ty::Instant),
        ("采样时间", Ty::Instant),
        ("结果数值", Ty::Number),
        ("异常标志", Ty::Bool),
        ("结果", Ty::Text),
        ("项目编码", Ty::Item),
        ("就诊", Ty::Reference),
        ("收费明细", Ty::Reference),
        ("收费明细.金额", Ty::Money),
        ("就诊.医疗类别", Ty::VisitType),
    ],
    &["就诊", "参保人", "项目编码"],
    (Some("报告时间"), None),
);

pub(crate) static ROUND: Kind = kind(
    "查房",
    &[
        ("时间", Ty::Instant),
        ("在床", Ty::Bool),
        ("就诊", Ty::Reference),
        ("就诊.医疗类别", Ty::VisitType),
        ("就诊.总费用", Ty::Money),
    ],
    &["就诊", "参保人"],
    (Some("时间"), None),
);

pub(crate) static TRACE: Kind = kind(
    "追溯码",
    &[
        ("码", Ty::Text),
        ("销售时间", Ty::Instant),
        ("数量", Ty::Number),
        ("拆零", Ty::Bool),
        ("明细", Ty::Reference),
        ("明细.金额", Ty::Money),
        ("明细.项目编码", Ty::Item),
    ],
    &["码", "明细"],
    (Some("销售时间"), None),
);

pub(crate) static STOCK: Kind = kind(
    "进销存",
    &[
        ("日期", Ty::Date),
        ("数量", Ty::Number),
        ("单价", Ty::Price),
        ("项目编码", Ty::Item),
        ("批号", Ty::Text),
        ("机构", Ty::Reference),
        ("机构.级别", Ty::Level),
    ],
    &["机构", "项目编码"],
    (Some("日期"), None),
);

pub(crate) static DEVICE: Kind = kind(
    "设备注册",
    &[
        ("开始日期", Ty::Date),
        ("终止日期", Ty::Date),
        ("设备编号", Ty::Text),
        ("类别", Ty::Text),
        ("机构", Ty::Reference),
        ("机构.级别", Ty::Level),
    ],
    &["机构"],
    (Some("开始日期"), Some("终止日期")),
);

pub(crate) static FILING: Kind = kind(
    "收费备案",
    &[
        ("开始日期", Ty::Date),
        ("终止日期", Ty::Date),
        ("项目编码", Ty::Item),
        ("比照项目", Ty::Item),
        ("单价", Ty::Price),
        ("机构", Ty::Reference),
    ],
    &["机构", "项目编码"],
    (Some("开始日期"), Some("终止日期")),
);

pub(crate) static DEVICE_USE: Kind = kind(
    "设备使用",
    &[
        ("开始时间", Ty::Instant),
        ("结束时间", Ty::Instant),
        ("次数", Ty::Number),
        ("项目编码", Ty::Item),
        ("明细", Ty::Reference),
        ("明细.金额", Ty::Money),
        ("机构", Ty::Reference),
    ],
    &["机构", "明细", "项目编码"],
    (Some("开始时间"), Some("结束时间")),
);
