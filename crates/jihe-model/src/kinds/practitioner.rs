//! 医师, a practitioner.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a practitioner.

record_kind! {
    Practitioner, "医师", "practitioner", "医师、药师、护士等医保从业人员。A physician, pharmacist or nurse.";
    key: [practitioner_id];
    clock: [];
    interval: [];
    open_ended: false, impersonal: true;
    practitioner_id: Text = "医师编号" / "atddr_no" + ["医师编码", "dr_code"], "医保医师代码";
    name: Text = "姓名" / "dr_name" + ["医师姓名"], "姓名，可脱敏";
    institution: Ref("机构") = "机构" / "fixmedins_code" + ["主执业机构"], "主执业机构";
    person: Ref("参保人") = "参保人" / "psn_no", "医师本人的参保人编号，未知为空";
    title: Code("职称") = "职称" / "drord_dr_profttl", "专业技术职称";
    department: Code("科室") = "科室" / "dept_code" + ["科室编码", "caty"], "所在科室";
    practice_scope: Text = "执业范围", "执业范围";
    note: Text = "备注" / "memo", "备注";
}
