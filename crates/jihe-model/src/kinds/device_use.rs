//! 设备使用, a use of a device.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a device and starting time.

record_kind! {
    DeviceUse, "设备使用", "device_use", "设备的一次使用。One use of a device.";
    key: [institution, device, start_time];
    clock: [start_time];
    interval: [start_time, end_time];
    open_ended: false;
    institution: Ref("机构") = "机构" / "fixmedins_code", "机构编号";
    device: Text = "设备编号" / "EXAM_DEV_NO", "设备编号";
    start_time: Instant = "开始时间" + ["开机时间"], "开始使用时间";
    end_time: Instant = "结束时间" + ["关机时间"], "结束使用时间";
    item: Ref("明细") = "明细" / "feedetl_sn", "对应的收费明细";
    item_code: Code("项目") = "项目编码" / "med_list_codg", "所做项目编码";
    quantity: Number = "次数", "使用次数";
    duration: Minutes = "时长" + ["分钟数"], "使用时长，分钟";
    operator: Ref("医师") = "操作人", "操作人员";
    note: Text = "备注" / "memo", "备注";
}
