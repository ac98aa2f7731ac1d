//! 慢特病备案, a registration for chronic or special diseases.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a person, disease and starting day.

record_kind! {
    Registration, "慢特病备案", "registration", "门诊慢特病（门诊大病）待遇的备案。A registration for outpatient chronic or special diseases.";
    key: [person, disease, start_date];
    clock: [start_date];
    interval: [start_date, end_date];
    open_ended: true;
    person: Ref("参保人") = "参保人" / "psn_no", "参保人编号";
    disease: Code("病种") = "病种" / "opsp_dise_code" + ["病种编码", "门慢门特病种目录代码"], "备案病种代码";
    disease_name: Text = "病种名称" / "opsp_dise_name", "备案病种名称";
    start_date: Date = "开始日期" / "begndate", "待遇开始日";
    end_date: Date = "终止日期" / "enddate" + ["结束日期"], "待遇终止日（含当日），未终止为空";
    institution: Ref("机构") = "机构" / "fixmedins_code" + ["认定机构"], "认定或选定的医药机构";
    practitioner: Ref("医师") = "医师" / "dise_dor_no" + ["认定医师", "dr_code"], "认定医师";
    qualifying_diagnosis: Code("诊断") = "诊断编码" / "diag_code", "认定所依据的诊断";
    note: Text = "备注" / "memo", "备注";
}
