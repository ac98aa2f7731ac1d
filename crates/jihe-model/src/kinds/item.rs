//! 明细, a fee line.
//!
//! In: nothing. Out: the record struct and its schema entry.
//! Invariant: one row a line as charged; refunds are netted later.

record_kind! {
    Item, "明细", "item", "一条收费明细；规则所见为冲减退费之后的净额。A fee line; rules see it net of refunds.";
    key: [item_id];
    clock: [used_time, billed_time];
    interval: [];
    open_ended: false;
    item_id: Text = "明细号" / "feedetl_sn" + ["费用明细流水号", "明细流水号"], "费用明细流水号";
    original_item: Ref("明细") = "原明细" / "init_feedetl_sn" + ["原费用流水号"], "退费行所冲减的原明细";
    visit: Ref("就诊") = "就诊" / "mdtrt_id", "就诊号";
    settlement: Ref("结算") = "结算" / "setl_id", "结算编号，未结算为空";
    item_code: Code("项目") = "项目编码" / "med_list_codg" + ["医疗目录编码", "hilist_code", "医保目录编码"], "医保药品、诊疗项目或耗材编码";
    item_name: Text = "项目名称" / "hilist_name" + ["医保目录名称"], "医保目录名称";
    hospital_code: Text = "院内编码" / "medins_list_codg" + ["医药机构目录编码"], "医药机构目录编码";
    hospital_name: Text = "院内名称" / "medins_list_name" + ["医药机构目录名称"], "医药机构目录名称";
    generic_name: Text = "通用名", "药品通用名";
    catalogue_type: Code("目录类别") = "目录类别" / "list_type" + ["hilist_type"], "药品、饮片、服务项目、耗材";
    fee_type: Code("费用类别") = "费用类别" / "med_chrgitm_type" + ["chrg_type", "收费类别"], "医疗收费项目类别";
    payment_class: Code("支付类别") = "支付类别" / "chrgitm_lv" + ["hilist_lv", "收费项目等级"], "甲类、乙类、丙类";
    quantity: Number = "数量" / "cnt", "数量，按计价单位；退费为负";
    unit: Text = "单位", "计价单位";
    unit_price: UnitPrice = "单价" / "pric", "单价，元，至多六位小数";
    amount: Money = "金额" / "det_item_fee_sumamt" + ["明细项目费用总额", "sumamt"], "金额，元；退费为负";
    covered_amount: Money = "医保范围内金额" / "inscp_scp_amt" + ["符合政策范围金额"], "符合政策范围的金额，元";
    own_amount: Money = "全自费金额" / "fulamt_ownpay_amt", "全自费金额，元";
    over_limit_amount: Money = "超限价金额" / "overlmt_amt", "超限价金额，元";
    prepaid_amount: Money = "先行自付金额" / "preselfpay_amt", "先行自付金额，元";
    price_limit: UnitPrice = "定价上限" / "pric_uplmt_amt" + ["定价上限金额"], "定价上限，元";
    own_ratio: Number = "自付比例" / "selfpay_prop", "自付比例，0 至 1";
    used_time: Instant = "使用时间" / "fee_ocur_time" + ["费用发生时间", "执行时间"], "项目使用（执行）时间；国家接口的费用发生时间";
    billed_time: Instant = "计费时间" + ["记账时间", "billing_time"], "计费时间";
    ordered_time: Instant = "开单时间" + ["开立时间", "drord_time"], "开单（开立医嘱）时间";
    ordering_department: Code("科室") = "开单科室" / "bilg_dept_codg" + ["开单科室编码"], "开单科室";
    performing_department: Code("科室") = "执行科室" / "acord_dept_codg" + ["受单科室编码"], "执行（受单）科室";
    ordering_practitioner: Ref("医师") = "开单医师" / "bilg_dr_codg" + ["开单医生编码"], "开单医师";
    performing_practitioner: Ref("医师") = "执行医师" / "orders_dr_code" + ["受单医师", "受单医生编码"], "执行（受单）医师";
    prescription: Text = "处方号" / "rxno" + ["rx_drord_no"], "处方号";
    order: Text = "医嘱号" / "drord_no", "医嘱号";
    days_of_supply: Days = "供药天数" / "prd_days" + ["used_days", "用药周期天数", "使用天数"], "本次药量可用天数，天";
    daily_dose: Number = "日用量" + ["日剂量"], "每日用量，按说明书剂量单位";
    single_dose: Number = "单次剂量" / "sin_dos", "单次剂量，按单次剂量单位";
    dose_unit: Text = "单次剂量单位" / "sin_dosunt", "单次剂量单位";
    frequency: Text = "频次" / "used_frqu_dscr" + ["frqu_dscr", "用药频次"], "使用频次描述";
    route: Code("给药途径") = "给药途径" / "medc_way_dscr" + ["用药途径"], "给药途径";
    specification: Text = "规格" / "spec", "规格";
    dosage_form: Text = "剂型" / "dosform_name", "剂型";
    herbal_use: Code("饮片用法") = "饮片用法" / "tcmdrug_used_way" + ["中药使用方式"], "饮片复方或单方";
    by_analogy: Bool = "比照标志" + ["比照收费"], "是否比照其他项目收费";
    discharge_drug: Bool = "出院带药" / "dscg_tkdrug_flag" + ["出院带药标志"], "是否出院带药";
    external: Bool = "外检" / "etip_flag" + ["外检标志"], "是否外送检查检验";
    approved: Code("审批标志") = "审批标志" / "hosp_appr_flag" + ["医院审批标志"], "医院审批（限制用药）标志";
    maternity: Bool = "生育标志" / "matn_fee_flag" + ["生育费用标志"], "是否生育费用";
    body_part: Text = "部位", "检查、治疗的部位";
    device: Text = "设备编号", "所用设备编号";
    note: Text = "备注" / "memo", "备注";
}
