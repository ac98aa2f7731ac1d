//! 查房, a ward round.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a visit and time.

record_kind! {
    Round, "查房", "round", "一次查房或在床核查。A ward round or bed check.";
    key: [visit, time];
    clock: [time];
    interval: [];
    open_ended: false;
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    time: Instant = "时间" + ["查房时间"], "查房时间";
    in_bed: Bool = "在床" + ["在床标志"], "患者是否在床";
    inspector: Ref("医师") = "查房医师", "查房医师；核查人员为空";
    note: Text = "备注" / "memo", "备注";
}
