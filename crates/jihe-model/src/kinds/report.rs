//! 检验检查, a laboratory or examination report.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a report and item.

record_kind! {
    Report, "检验检查", "report", "一份检验或检查报告中的一项。One item of a laboratory or examination report.";
    key: [report_id];
    clock: [report_time];
    interval: [];
    open_ended: false;
    report_id: Text = "报告号" / "RPT_NO" + ["报告单号", "rpotc_no"], "报告单号；一单多项时加项目序号";
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    item: Ref("明细") = "收费明细" / "feedetl_sn", "对应的收费明细";
    item_code: Code("项目") = "项目编码" / "med_list_codg", "检验检查项目编码";
    item_name: Text = "项目名称" / "EXAM_ITEM_NAME", "检验检查项目名称";
    sampled_time: Instant = "采样时间" + ["送检时间"], "采样时间";
    machine_time: Instant = "上机时间" / "MACHINE_TIME" + ["检查时间"], "上机或检查时间";
    report_time: Instant = "报告时间" / "RPT_DATE" + ["报告日期"], "报告时间";
    result: Text = "结果" / "EXAM_RESULT" + ["检查结果"], "结果";
    result_unit: Text = "结果单位" / "EXAM_RESULT_UNIT", "结果单位";
    result_number: Number = "结果数值", "结果的数值";
    result_digest: Text = "结果摘要" + ["结果指纹"], "结果全文的摘要值，用于比对雷同";
    abnormal: Bool = "异常标志" / "EXAM_RSTL_ABN", "结果是否异常";
    specimen: Text = "标本号" / "EXAM_SAMPLE_NO", "送检标本号";
    part: Text = "部位" / "EXAM_PART", "检查部位";
    device: Text = "设备编号" / "EXAM_DEV_NO", "检查设备编号";
    reporting_practitioner: Ref("医师") = "报告医师" / "RPT_DOC", "报告医师";
}
