//! 收费备案, a filing that allows an institution to charge an item.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row an institution, item and starting day.

record_kind! {
    ChargeFiling, "收费备案", "charge_filing", "机构开展或比照收取某项目的备案。A filing that allows an institution to charge an item.";
    key: [institution, item_code, start_date];
    clock: [start_date];
    interval: [start_date, end_date];
    open_ended: true;
    institution: Ref("机构") = "机构" / "fixmedins_code", "机构编号";
    item_code: Code("项目") = "项目编码" / "med_list_codg", "备案的项目编码";
    item_name: Text = "项目名称", "备案的项目名称";
    reference_code: Code("项目") = "比照项目" + ["比照项目编码"], "所比照的项目编码";
    unit_price: UnitPrice = "单价" + ["备案价格"], "备案价格，元";
    start_date: Date = "开始日期" + ["备案日期", "生效日期"], "备案生效日";
    end_date: Date = "终止日期" + ["失效日期"], "备案失效日（含当日），长期为空";
    document: Text = "备案文号", "备案文号";
    note: Text = "备注" / "memo", "备注";
}
