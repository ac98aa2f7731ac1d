//! 诊断, a diagnosis of a visit.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a visit, code, class and rank.

record_kind! {
    Diagnosis, "诊断", "diagnosis", "就诊的一条诊断。A diagnosis of a visit.";
    key: [visit, code, phase, rank];
    clock: [];
    interval: [];
    open_ended: false;
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    code: Code("诊断") = "编码" / "diag_code" + ["诊断编码", "诊断代码", "diagnosis_code"], "诊断编码（医保版 ICD-10）";
    name: Text = "名称" / "diag_name" + ["诊断名称"], "诊断名称";
    phase: Code("出入院诊断类别") = "出入院类别" / "inout_diag_type" + ["inout_dise_type"], "入院诊断或出院诊断";
    diagnosis_type: Code("诊断类别") = "诊断类别" / "diag_type", "西医诊断、中医主病、中医主证";
    rank: Number = "排序号" / "diag_srt_no" + ["诊断排序号"], "诊断排序号";
    main: Bool = "主诊断标志" / "maindiag_flag" + ["是否主诊断"], "是否主要诊断";
    admission_condition: Code("入院病情") = "入院病情" / "adm_cond_type" + ["adm_cond"], "入院时病情";
    department: Code("科室") = "科室" / "diag_dept" + ["诊断科室"], "诊断科室";
    diagnosing_practitioner: Ref("医师") = "诊断医师" / "dise_dor_no", "诊断医师";
    time: Instant = "诊断时间" / "diag_time", "诊断时间";
}
