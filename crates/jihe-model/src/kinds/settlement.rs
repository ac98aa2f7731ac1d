//! 结算, a settlement.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a settlement; 基金支付 is the sum the funds pay.

record_kind! {
    Settlement, "结算", "settlement", "一次医保结算。A settlement of a visit.";
    key: [settlement_id];
    clock: [time];
    interval: [];
    open_ended: false;
    settlement_id: Text = "结算号" / "setl_id" + ["结算编号", "结算ID"], "结算的唯一编号";
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    time: Instant = "结算时间" / "setl_time" + ["settlement_time", "结算日期"], "结算时间";
    start_date: Date = "开始日期" / "begndate", "结算费用的开始日";
    end_date: Date = "结束日期" / "enddate", "结算费用的结束日";
    total_amount: Money = "总费用" / "medfee_sumamt" + ["医疗费总额"], "医疗费总额，元";
    fund_amount: Money = "基金支付" / "fund_pay_sumamt" + ["基金支付总额", "报销金额"], "各项基金支付合计，元";
    pool_amount: Money = "统筹支付" / "hifp_pay", "基本医疗保险统筹基金支出，元";
    covered_amount: Money = "医保范围内金额" / "inscp_scp_amt" + ["符合政策范围金额"], "符合政策范围的金额，元";
    deductible: Money = "起付线" / "act_pay_dedc" + ["实际支付起付线"], "实际支付起付线，元";
    pool_ratio: Number = "统筹支付比例" / "pool_prop_selfpay", "统筹基金支付比例，0 至 1";
    serious_amount: Money = "大病支付" / "hifmi_pay", "居民大病保险资金支出，元";
    large_amount: Money = "大额补助支付" / "hifob_pay", "职工大额医疗费用补助支出，元";
    assistance_amount: Money = "医疗救助支付" / "maf_pay", "医疗救助基金支出，元";
    person_amount: Money = "个人负担" / "psn_part_amt" + ["psn_pay", "个人负担总金额"], "个人负担总金额，元";
    own_amount: Money = "全自费金额" / "fulamt_ownpay_amt", "全自费金额，元";
    account_amount: Money = "个人账户支付" / "acct_pay" + ["个人账户支出"], "个人账户支出，元";
    cash_amount: Money = "现金支付" / "psn_cash_pay" + ["cash_payamt"], "个人现金支出，元";
    channel: Code("结算方式") = "结算方式", "联网结算或手工报销";
    method: Code("个人结算方式") = "个人结算方式" / "psn_setlway", "按项目或按定额结算";
    clearing_type: Code("清算类别") = "清算类别" / "clr_type", "清算类别";
    clearing_way: Code("清算方式") = "清算方式" / "clr_way", "清算方式";
    invoice: Text = "票据号" / "invono" + ["发票号", "bill_no"], "票据号";
    refund_flag: Bool = "退费标志" / "refd_setl_flag" + ["退费结算标志"], "是否退费结算";
    claim_time: Instant = "申报时间" / "dcla_time", "机构向经办机构申报时间";
    paid_time: Instant = "拨付时间", "经办机构拨付时间，未拨付为空";
    note: Text = "备注" / "memo", "备注";
}
