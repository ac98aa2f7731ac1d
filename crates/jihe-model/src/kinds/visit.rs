//! 就诊, a visit: outpatient contact, pharmacy purchase or hospital stay.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a visit; its clock is 时间.

record_kind! {
    Visit, "就诊", "visit", "一次门诊、购药或住院。An outpatient contact, a pharmacy purchase or a hospital stay.";
    key: [visit_id];
    clock: [time];
    interval: [time, discharge_time];
    open_ended: true;
    visit_id: Text = "就诊号" / "mdtrt_id" + ["就诊编号", "就诊ID"], "就诊的唯一编号";
    person: Ref("参保人") = "参保人" / "psn_no", "参保人编号";
    institution: Ref("机构") = "机构" / "fixmedins_code", "就诊的定点医药机构";
    practitioner: Ref("医师") = "医师" / "atddr_no" + ["主诊医师", "主治医师", "chfpdr_code"], "主诊（接诊）医师";
    visit_type: Code("医疗类别") = "医疗类别" / "med_type" + ["medical_type"], "医疗类别代码";
    insurance: Code("险种") = "险种" / "insutype" + ["险种类型"], "本次就诊享受待遇的险种";
    region: Code("地区") = "地区" + ["就医地", "admdvs"], "就医地医保区划，六位代码";
    time: Instant = "时间" / "begntime" + ["入院时间", "就诊时间", "admission_time", "adm_time", "visit_time", "入院日期", "就诊日期"],
        "入院或就诊时间";
    discharge_time: Instant = "出院时间" / "endtime" + ["dscg_time", "出院日期"], "出院时间，未出院为空；门诊可空";
    main_diagnosis: Code("诊断") = "主诊断" / "dscg_maindiag_code" + ["主诊断编码", "住院主诊断代码"], "主要诊断编码";
    main_diagnosis_name: Text = "主诊断名称" / "dscg_maindiag_name" + ["住院主诊断名称"], "主要诊断名称";
    admission_diagnosis: Code("诊断") = "入院诊断" + ["门诊诊断"], "入院或门诊诊断编码";
    department: Code("科室") = "科室" / "adm_dept_codg" + ["科室编码", "dept_code", "入院科室"], "入院或就诊科室";
    discharge_department: Code("科室") = "出院科室" / "dscg_dept_codg", "出院科室";
    bed: Text = "床位" / "adm_bed" + ["入院床位"], "入院床位号";
    discharge_way: Code("离院方式") = "离院方式" / "dscg_way", "离院方式";
    admission_way: Code("入院途径") = "入院途径" / "adm_way", "入院途径";
    planned_readmission: Bool = "计划再入院" / "days_rinp_flag_31", "是否有出院31天内再住院计划";
    online: Bool = "互联网" + ["internet", "互联网诊疗"], "是否互联网诊疗";
    remote: Bool = "异地" / "out_setl_flag" + ["异地就医"], "是否异地就医";
    disease: Code("病种") = "病种" / "dise_codg" + ["病种编码"], "病种编码（慢特病、单病种）";
    disease_name: Text = "病种名称" / "dise_name", "病种名称";
    main_operation: Code("手术操作") = "主手术" / "oprn_oprt_code" + ["手术操作代码"], "主要手术操作编码";
    total_amount: Money = "总费用" / "medfee_sumamt" + ["医疗费总额"], "本次就诊医疗费总额，元";
    drug_amount: Money = "药品费" + ["药费"], "其中药品费，元";
    admission_number: Text = "住院号" / "ipt_otp_no" + ["门诊号", "住院/门诊号"], "住院号或门诊号";
    record_number: Text = "病案号" / "medcasno" + ["medrcdno"], "病案号";
    condition: Text = "病情描述" / "main_cond_dscr" + ["主诉", "主要病情描述"], "主要病情描述";
    text_digest: Text = "病历摘要" + ["病历指纹"], "病历文书的摘要值，用于比对雷同";
    newborn_weight: Number = "新生儿体重" / "nwb_bir_wt" + ["新生儿出生体重"], "新生儿出生体重，克";
    ventilation_hours: Hours = "呼吸机时长" / "vent_used_dura", "呼吸机使用时长，小时";
    work_injury: Bool = "工伤" + ["工伤标志"], "是否工伤";
    note: Text = "备注" / "memo", "备注，如长处方";
}
