//! 追溯码, a trace code sold.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a code and line.

record_kind! {
    Trace, "追溯码", "trace", "随明细采集的药品追溯码。A trace code recorded with a line.";
    key: [code, item];
    clock: [time];
    interval: [];
    open_ended: false;
    code: Text = "码" / "drug_trac_codg" + ["药品追溯码", "trace_code"], "追溯码";
    item: Ref("明细") = "明细" / "feedetl_sn", "所属明细";
    institution: Ref("机构") = "机构" / "fixmedins_code", "销售机构";
    time: Instant = "销售时间" / "sel_retn_time" + ["sale_time"], "销售时间";
    item_code: Code("项目") = "项目编码" / "med_list_codg", "药品编码";
    quantity: Number = "数量" / "sel_retn_cnt", "销售数量";
    split: Bool = "拆零" / "trdn_flag" + ["拆零标志"], "是否拆零销售";
    lot: Text = "批号" / "manu_lotnum" + ["生产批号"], "生产批号";
}
