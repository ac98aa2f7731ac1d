//! 手术, an operation or procedure.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a visit, code and starting time.

record_kind! {
    Operation, "手术", "operation", "就诊中的一次手术或操作。An operation or procedure of a visit.";
    key: [visit, code, start_time];
    clock: [start_time];
    interval: [start_time, end_time];
    open_ended: false;
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    code: Code("手术操作") = "编码" / "oprn_oprt_code" + ["手术编码", "手术操作代码"], "手术操作编码（医保版 ICD-9-CM-3）";
    name: Text = "名称" / "oprn_oprt_name" + ["手术名称", "手术操作名称"], "手术操作名称";
    start_time: Instant = "开始时间" / "oprn_oprt_date" + ["手术时间", "手术操作日期", "operation_time"], "手术开始时间";
    end_time: Instant = "结束时间" + ["手术结束时间"], "手术结束时间";
    main: Bool = "主手术" / "main_oprn_flag" + ["主手术操作标志"], "是否主要手术";
    incision: Code("切口等级") = "切口等级" + ["切口类别"], "切口等级";
    anaesthesia: Text = "麻醉方式" / "anst_way", "麻醉方式";
    surgeon: Ref("医师") = "主刀医师" / "oper_dr_code" + ["术者"], "主刀（术者）医师";
    anaesthetist: Ref("医师") = "麻醉医师" / "anst_dr_code", "麻醉医师";
}
