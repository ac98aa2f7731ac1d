//! 设备注册, the certificate of a device.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row an institution, certificate and device.

record_kind! {
    DeviceRegistration, "设备注册", "device_registration", "机构设备的医疗器械注册证。The certificate of a device at an institution.";
    key: [institution, certificate, device];
    clock: [start_date];
    interval: [start_date, end_date];
    open_ended: true;
    institution: Ref("机构") = "机构" / "fixmedins_code", "机构编号";
    certificate: Text = "注册证号" / "MDRCN" + ["注册证编号"], "医疗器械注册证编号";
    device: Text = "设备编号", "设备编号";
    device_name: Text = "设备名称", "设备名称";
    category: Text = "类别" + ["设备类别"], "设备类别，与知识表一致";
    scope: Text = "适用范围", "注册证的适用范围";
    start_date: Date = "开始日期" + ["生效日期", "发证日期"], "注册证生效日";
    end_date: Date = "终止日期" + ["失效日期", "有效期至"], "注册证失效日（含当日），长期为空";
    note: Text = "备注" / "memo", "备注";
}
