//! The fields, keys and clocks that random rules speak of.
//!
//! In: nothing. Out: tables of names.
//! Invariant: every name resolves from a record of its kind.

use super::registers;

/// What a field holds, as far as the generator cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ty {
    Number,
    Money,
    Price,
    Days,
    Date,
    Instant,
    Bool,
    Item,
    Diagnosis,
    VisitType,
    Level,
    Sex,
    Text,
    Department,
    Reference,
}

/// A kind as random rules use it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Ty)],
    /// Keys that several kinds share, by the word that names them in each.
    pub(crate) keys: &'static [&'static str],
    pub(crate) clock: Option<&'static str>,
    /// Its declared interval.
    pub(crate) interval: Option<(&'static str, &'static str)>,
    pub(crate) is_line: bool,
}

pub(crate) const ITEM: Kind = Kind {
    name: "明细",
    fields: &[
        ("数量", Ty::Number),
        ("金额", Ty::Money),
        ("单价", Ty::Price),
        ("使用时间", Ty::Instant),
        ("计费时间", Ty::Instant),
        ("供药天数", Ty::Days),
        ("项目编码", Ty::Item),
        ("通用名", Ty::Text),
        ("比照标志", Ty::Bool),
        ("就诊", Ty::Reference),
        ("开单医师", Ty::Reference),
        ("就诊.医疗类别", Ty::VisitType),
        ("就诊.入院时间", Ty::Instant),
        ("就诊.总费用", Ty::Money),
        ("就诊.参保人", Ty::Reference),
        ("就诊.参保人.性别", Ty::Sex),
        ("就诊.机构.级别", Ty::Level),
        ("开单医师.机构", Ty::Reference),
        ("结算.基金支付", Ty::Money),
    ],
    keys: &["参保人", "就诊", "项目编码", "通用名", "开单医师", "机构"],
    clock: Some("使用时间"),
    interval: None,
    is_line: true,
};

pub(crate) const VISIT: Kind = Kind {
    name: "就诊",
    fields: &[
        ("总费用", Ty::Money),
        ("入院时间", Ty::Instant),
        ("出院时间", Ty::Instant),
        ("医疗类别", Ty::VisitType),
        ("主诊断", Ty::Diagnosis),
        ("科室", Ty::Department),
        ("参保人", Ty::Reference),
        ("机构", Ty::Reference),
        ("计划再入院", Ty::Bool),
        ("异地", Ty::Bool),
        ("参保人.出生日期", Ty::Date),
        ("参保人.性别", Ty::Sex),
        ("机构.级别", Ty::Level),
    ],
    keys: &["参保人", "机构", "医疗类别"],
    clock: Some("入院时间"),
    interval: Some(("入院时间", "出院时间")),
    is_line: false,
};

pub(crate) const OPERATION: Kind = Kind {
    name: "手术",
    fields: &[
        ("开始时间", Ty::Instant),
        ("结束时间", Ty::Instant),
        ("主手术", Ty::Bool),
        ("就诊", Ty::Reference),
        ("就诊.参保人", Ty::Reference),
        ("就诊.医疗类别", Ty::VisitType),
    ],
    keys: &["就诊", "参保人"],
    clock: Some("开始时间"),
    interval: Some(("开始时间", "结束时间")),
    is_line: false,
};

pub(crate) const REGISTRATION: Kind = Kind {
    name: "慢特病备案",
    fields: &[
        ("开始日期", Ty::Date),
        ("终止日期", Ty::Date),
        ("参保人", Ty::Reference),
        ("机构.级别", Ty::Level),
        ("参保人.性别", Ty::Sex),
    ],
    keys: &["参保人"],
    clock: Some("开始日期"),
    interval: Some(("开始日期", "终止日期")),
    is_line: false,
};

/// The lines before netting.
pub(crate) const RAW: Kind = Kind {
    name: "原始明细",
    fields: &[
        ("数量", Ty::Number),
        ("金额", Ty::Money),
        ("使用时间", Ty::Instant),
        ("项目编码", Ty::Item),
        ("就诊", Ty::Reference),
        ("就诊.医疗类别", Ty::VisitType),
    ],
    keys: &["就诊", "项目编码", "参保人"],
    clock: Some("使用时间"),
    interval: None,
    is_line: false,
};

pub(crate) const SETTLEMENT: Kind = Kind {
    name: "结算",
    fields: &[
        ("基金支付", Ty::Money),
        ("总费用", Ty::Money),
        ("结算时间", Ty::Instant),
        ("就诊", Ty::Reference),
        ("就诊.参保人", Ty::Reference),
        ("就诊.医疗类别", Ty::VisitType),
        ("就诊.出院时间", Ty::Instant),
    ],
    keys: &["参保人", "就诊", "机构"],
    clock: Some("结算时间"),
    interval: None,
    is_line: false,
};

pub(crate) const REFUND: Kind = Kind {
    name: "退费",
    fields: &[
        ("数量", Ty::Number),
        ("金额", Ty::Money),
        ("退费时间", Ty::Instant),
        ("明细.项目编码", Ty::Item),
        ("明细.数量", Ty::Number),
        ("就诊", Ty::Reference),
    ],
    keys: &["就诊"],
    clock: Some("退费时间"),
    interval: None,
    is_line: false,
};

pub(crate) const ENROLMENT: Kind = Kind {
    name: "参保",
    fields: &[
        ("开始日期", Ty::Date),
        ("终止日期", Ty::Date),
        ("参保人", Ty::Reference),
        ("参保人.性别", Ty::Sex),
    ],
    keys: &["参保人"],
    clock: Some("开始日期"),
    interval: Some(("开始日期", "终止日期")),
    is_line: false,
};

pub(crate) const EXECUTION: Kind = Kind {
    name: "医嘱执行",
    fields: &[
        ("执行时间", Ty::Instant),
        ("结束时间", Ty::Instant),
        ("明细", Ty::Reference),
        ("明细.数量", Ty::Number),
        ("明细.项目编码", Ty::Item),
    ],
    keys: &["明细"],
    clock: Some("执行时间"),
    interval: Some(("执行时间", "结束时间")),
    is_line: false,
};

pub(crate) const DIAGNOSIS: Kind = Kind {
    name: "诊断",
    fields: &[
        ("编码", Ty::Diagnosis),
        ("主诊断标志", Ty::Bool),
        ("就诊", Ty::Reference),
        ("就诊.参保人", Ty::Reference),
    ],
    keys: &["就诊", "参保人"],
    clock: None,
    interval: None,
    is_line: false,
};

/// Every kind of the base schema that rules speak of.
pub(crate) static BASE: [&Kind; 20] = [
    &ITEM,
    &VISIT,
    &SETTLEMENT,
    &REFUND,
    &ENROLMENT,
    &EXECUTION,
    &DIAGNOSIS,
    &RAW,
    &OPERATION,
    &REGISTRATION,
    &registers::PERSON,
    &registers::INSTITUTION,
    &registers::PRACTITIONER,
    &registers::REPORT,
    &registers::ROUND,
    &registers::TRACE,
    &registers::STOCK,
    &registers::DEVICE,
    &registers::FILING,
    &registers::DEVICE_USE,
];

/// Lines and visits most often, since most constructs speak of them.
pub(crate) const SUBJECTS: [&str; 26] = [
    "明细",
    "明细",
    "明细",
    "明细",
    "明细",
    "明细",
    "就诊",
    "就诊",
    "就诊",
    "就诊",
    "结算",
    "退费",
    "参保",
    "医嘱执行",
    "诊断",
    "原始明细",
    "手术",
    "参保人",
    "机构",
    "医师",
    "检验检查",
    "查房",
    "追溯码",
    "进销存",
    "设备使用",
    "慢特病备案",
];

impl Kind {
    /// Whether its clock is a date, which windows of hours cannot measure.
    pub(crate) fn is_dated(&self) -> bool {
        self.clock.is_some_and(|clock| self.fields.contains(&(clock, Ty::Date)))
    }

    pub(crate) fn of(&self, types: &[Ty]) -> Vec<(&'static str, Ty)> {
        self.fields.iter().filter(|(_, ty)| types.contains(ty)).copied().collect()
    }
}
