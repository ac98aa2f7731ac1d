//! 医嘱执行, an order carried out.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a line and time of execution.

record_kind! {
    Execution, "医嘱执行", "execution", "医嘱或收费项目的一次执行。One execution of an order or line.";
    key: [item, time];
    clock: [time];
    interval: [time, end_time];
    open_ended: false;
    item: Ref("明细") = "明细" / "feedetl_sn", "对应的收费明细";
    time: Instant = "执行时间" / "EXEC_TIME" + ["开始时间", "execution_time"], "执行（开始）时间";
    end_time: Instant = "结束时间" / "EXEC_STOP_TIME" + ["执行结束时间"], "执行结束时间";
    performer: Ref("医师") = "执行人" + ["执行医师", "执行护士"], "执行的医师或护士";
    department: Code("科室") = "执行科室", "执行科室";
    quantity: Number = "数量", "执行数量";
    order: Text = "医嘱号" / "ORDER_ID", "医嘱号";
    note: Text = "备注" / "memo", "备注";
}
