//! 进销存, a stock movement or count.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a movement or a counted balance.

record_kind! {
    Stock, "进销存", "stock", "药品耗材的入库、出库、盘存记录。A stock movement or count.";
    key: [institution, item_code, stock_type, date, lot, document];
    clock: [date];
    interval: [];
    open_ended: false;
    institution: Ref("机构") = "机构" / "fixmedins_code", "机构编号";
    item_code: Code("项目") = "项目编码" / "med_list_codg" + ["医疗目录编码"], "药品或耗材编码";
    item_name: Text = "项目名称" / "fixmedins_hilist_name", "药品或耗材名称";
    stock_type: Code("进销存类型") = "类型" / "inv_chg_type" + ["进销存类型", "库存变更类型"], "期初、入库、出库、退货、报损、期末";
    date: Date = "日期" / "invdate" + ["purc_retn_stoin_time", "inv_chg_time"], "发生或盘存日期";
    quantity: Number = "数量" / "inv_cnt" + ["purc_retn_cnt", "cnt"], "数量，按库存单位，为正";
    unit: Text = "单位", "库存单位";
    unit_price: UnitPrice = "单价" / "finl_trns_pric" + ["pric"], "单价，元";
    lot: Text = "批号" / "manu_lotnum" + ["生产批号"], "生产批号";
    document: Text = "单据号" / "dynt_no" + ["随货单号", "fixmedins_bchno"], "随货单号或批次流水号";
    supplier: Text = "供应商" / "spler_name" + ["供应商名称"], "供应商名称";
    expiry_date: Date = "有效期止" / "expy_end", "有效期止";
    note: Text = "备注" / "memo", "备注";
}
