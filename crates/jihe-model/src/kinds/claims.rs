//! All records of a run as Rust structs.
//!
//! In: structs of the kinds. Out: [`Claims`], which serialises to the JSON object of contract 15.
//! Invariant: one list a kind; a kind left out is not supplied, an empty list is supplied and empty.

use super::{
    ChargeFiling, DeviceRegistration, DeviceUse, Diagnosis, Enrolment, Execution, Institution, Item,
    Operation, Person, Practitioner, Refund, Registration, Report, Round, Settlement, Stock, Trace, Visit,
};

/// Claim records, one list a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Claims {
    /// 参保人
    #[serde(alias = "参保人", skip_serializing_if = "Option::is_none")]
    pub person: Option<Vec<Person>>,
    /// 参保
    #[serde(alias = "参保", skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<Vec<Enrolment>>,
    /// 慢特病备案
    #[serde(alias = "慢特病备案", skip_serializing_if = "Option::is_none")]
    pub registration: Option<Vec<Registration>>,
    /// 机构
    #[serde(alias = "机构", skip_serializing_if = "Option::is_none")]
    pub institution: Option<Vec<Institution>>,
    /// 医师
    #[serde(alias = "医师", skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<Vec<Practitioner>>,
    /// 就诊
    #[serde(alias = "就诊", skip_serializing_if = "Option::is_none")]
    pub visit: Option<Vec<Visit>>,
    /// 诊断
    #[serde(alias = "诊断", skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Vec<Diagnosis>>,
    /// 手术
    #[serde(alias = "手术", skip_serializing_if = "Option::is_none")]
    pub operation: Option<Vec<Operation>>,
    /// 明细
    #[serde(alias = "明细", skip_serializing_if = "Option::is_none")]
    pub item: Option<Vec<Item>>,
    /// 结算
    #[serde(alias = "结算", skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Vec<Settlement>>,
    /// 退费
    #[serde(alias = "退费", skip_serializing_if = "Option::is_none")]
    pub refund: Option<Vec<Refund>>,
    /// 追溯码
    #[serde(alias = "追溯码", skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<Trace>>,
    /// 进销存
    #[serde(alias = "进销存", skip_serializing_if = "Option::is_none")]
    pub stock: Option<Vec<Stock>>,
    /// 检验检查
    #[serde(alias = "检验检查", skip_serializing_if = "Option::is_none")]
    pub report: Option<Vec<Report>>,
    /// 医嘱执行
    #[serde(alias = "医嘱执行", skip_serializing_if = "Option::is_none")]
    pub execution: Option<Vec<Execution>>,
    /// 查房
    #[serde(alias = "查房", skip_serializing_if = "Option::is_none")]
    pub round: Option<Vec<Round>>,
    /// 设备注册
    #[serde(alias = "设备注册", skip_serializing_if = "Option::is_none")]
    pub device_registration: Option<Vec<DeviceRegistration>>,
    /// 收费备案
    #[serde(alias = "收费备案", skip_serializing_if = "Option::is_none")]
    pub charge_filing: Option<Vec<ChargeFiling>>,
    /// 设备使用
    #[serde(alias = "设备使用", skip_serializing_if = "Option::is_none")]
    pub device_use: Option<Vec<DeviceUse>>,
}
