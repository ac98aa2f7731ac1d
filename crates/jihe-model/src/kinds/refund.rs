//! 退费, a refund.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: quantity and amount are positive.

record_kind! {
    Refund, "退费", "refund", "一次退费，数量与金额为正。A refund; quantity and amount are positive.";
    key: [refund_id];
    clock: [time];
    interval: [];
    open_ended: false;
    refund_id: Text = "退费号" + ["退费流水号", "feedetl_sn"], "退费流水号；与负数明细同号者只计一次";
    item: Ref("明细") = "明细" / "init_feedetl_sn" + ["原明细", "original_item"], "所退的原明细";
    settlement: Ref("结算") = "结算" / "setl_id" + ["原结算"], "所退的结算";
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号；为空时取自原明细或原结算";
    time: Instant = "退费时间" + ["refund_time"], "退费时间";
    quantity: Number = "数量" / "cnt", "所退数量，为正";
    amount: Money = "金额" / "det_item_fee_sumamt" + ["退费金额"], "所退金额，元，为正";
    way: Text = "退费方式" + ["refund_way"], "退到何处：现金、原路等";
    reason: Text = "退费原因", "退费原因";
    note: Text = "备注" / "memo", "备注";
}
