//! 机构, a designated institution.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row an institution.

record_kind! {
    Institution, "机构", "institution", "定点医药机构。A designated hospital, clinic or pharmacy.";
    key: [institution_id];
    clock: [];
    interval: [];
    open_ended: false, impersonal: true;
    institution_id: Text = "机构编号" / "fixmedins_code" + ["机构编码", "定点医药机构编号"], "定点医药机构编号";
    name: Text = "名称" / "fixmedins_name" + ["机构名称", "定点医药机构名称"], "机构名称";
    level: Code("机构级别") = "级别" / "hosp_lv" + ["机构级别", "医院等级", "medins_lv"], "机构级别，由低到高可比较";
    institution_type: Code("机构类型") = "类型" + ["机构类型", "medins_type", "fixmedins_type"], "医疗机构或零售药店";
    region: Code("地区") = "地区" + ["医保区划", "admdvs"], "所在医保区划，六位代码";
    licensed_beds: Number = "核定床位" + ["核定床位数"], "核定床位，张";
    medical_care_home: Bool = "医养结合", "是否医养结合机构";
    rehabilitation_home: Bool = "康养结合", "是否康养结合机构";
    complaint: Bool = "投诉举报" + ["有投诉举报"], "是否有投诉举报";
    note: Text = "备注" / "memo", "备注";
}
