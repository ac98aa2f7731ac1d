//! 参保, an enrolment.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a person, insurance and starting day.

record_kind! {
    Enrolment, "参保", "enrolment", "一人参加一个险种的一段时间。A span of time in which a person is insured.";
    key: [person, insurance, start_date];
    clock: [start_date];
    interval: [start_date, end_date];
    open_ended: true;
    person: Ref("参保人") = "参保人" / "psn_no", "参保人编号";
    insurance: Code("险种") = "险种" / "insutype" + ["险种类型"], "险种代码";
    start_date: Date = "开始日期" / "psn_insu_date" + ["begndate", "个人参保日期"], "参保开始日";
    end_date: Date = "终止日期" / "paus_insu_date" + ["enddate", "结束日期", "暂停参保日期"], "参保终止日（含当日），未终止为空";
    status: Text = "参保状态" / "psn_insu_stas", "参保状态";
    region: Code("地区") = "地区" / "insuplc_admdvs" + ["参保地"], "参保地医保区划，六位代码";
    paid_time: Instant = "缴费时间" + ["payment_time"], "缴费到账时间";
    paid_amount: Money = "缴费金额", "缴费金额，元";
}
