//! 参保人, an insured person.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a person.

record_kind! {
    Person, "参保人", "person", "参加基本医疗保险的人。An insured person.";
    key: [person_id];
    clock: [];
    interval: [];
    open_ended: false;
    person_id: Text = "人员编号" / "psn_no" + ["参保人编号", "个人编码"], "参保人的唯一编号";
    name: Text = "姓名" / "psn_name" + ["人员姓名"], "姓名，可脱敏";
    sex: Code("性别") = "性别" / "gend", "性别代码";
    birth_date: Date = "出生日期" / "brdy", "出生日期";
    death_date: Date = "死亡日期" / "die_date", "死亡日期，在世为空";
    person_type: Code("人员类别") = "人员类别" / "psn_type" + ["psn_idet_type", "人员身份类别"], "人员类别，含建档立卡、特困供养、低保等重点人群";
    insurance: Code("险种") = "险种" / "insutype" + ["险种类型"], "现参加的险种";
    village: Text = "村居" + ["community"], "居住的村或居委会，名称或编码";
    region: Code("地区") = "参保地" / "insuplc_admdvs" + ["insured_region"], "参保地医保区划，六位代码";
    employer: Text = "单位名称" / "emp_name", "单位名称";
    address: Text = "住址" / "curr_addr" + ["现住址"], "现住址";
    phone: Text = "电话" / "tel" + ["联系电话"], "联系电话";
    note: Text = "备注" / "memo", "备注";
}
