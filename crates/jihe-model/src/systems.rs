//! The built-in code systems and the values known of them.
//!
//! In: nothing. Out: [`code_systems`].
//! Invariant: within a system a name belongs to one code; a code may have several names, the first of which is shown.
//!
//! The values are re-tabulated from published vendor code for the national interface and from the 2024 audit extract
//! (飞检清单); where no public source lists the national values (人员类别, 进销存类型, 结算方式 …) they are Jihe's own and
//! the system stays open, so that a region's codes are accepted as they are.

use crate::schema::CodeSystem;

struct SystemSpec {
    zh: &'static str,
    en: &'static str,
    synonyms: &'static [&'static str],
    closed: bool,
    ordered: bool,
    values: &'static [(&'static str, &'static str)],
}

/// All built-in code systems.
pub fn code_systems() -> Vec<CodeSystem> {
    SYSTEMS.iter().map(system).collect()
}

fn system(spec: &SystemSpec) -> CodeSystem {
    CodeSystem {
        zh: spec.zh.into(),
        en: spec.en.into(),
        synonyms: spec.synonyms.iter().map(|name| (*name).into()).collect(),
        closed: spec.closed,
        ordered: spec.ordered,
        values: spec.values.iter().map(|(code, name)| ((*code).into(), (*name).into())).collect(),
    }
}

const fn open(
    zh: &'static str,
    en: &'static str,
    synonyms: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
) -> SystemSpec {
    SystemSpec { zh, en, synonyms, closed: false, ordered: false, values }
}

const fn closed(
    zh: &'static str,
    en: &'static str,
    synonyms: &'static [&'static str],
    values: &'static [(&'static str, &'static str)],
) -> SystemSpec {
    SystemSpec { zh, en, synonyms, closed: true, ordered: false, values }
}

const SYSTEMS: [SystemSpec; 33] = [
    open("诊断", "diagnosis_code", &["诊断编码", "疾病诊断"], &[]),
    open("手术操作", "procedure_code", &["手术操作编码", "手术编码"], &[]),
    open("项目", "item_code", &["项目编码", "医保目录编码"], &[]),
    open("病种", "disease_code", &["病种编码"], &[]),
    open("科室", "department", &["科室编码"], &[]),
    open("地区", "region", &["地区编码", "医保区划"], &[("000000", "全国")]),
    open("给药途径", "route", &["用药途径"], &[]),
    open("医疗类别", "visit_type", &["就医方式"], MEDICAL_TYPES),
    open("险种", "insurance", &["险种类型"], INSURANCES),
    closed("性别", "sex", &[], &[("0", "未知"), ("1", "男"), ("2", "女"), ("9", "未说明")]),
    open("人员类别", "person_type", &["人员身份类别"], PERSON_TYPES),
    // The levels of the 2024 audit extract, lowest first; finer national grades are mapped by the reader's layout.
    SystemSpec {
        ordered: true,
        ..open(
            "机构级别",
            "institution_level",
            &["医院等级"],
            &[("0", "未定级"), ("1", "一级"), ("2", "二级"), ("3", "三级")],
        )
    },
    open("机构类型", "institution_type", &[], &[("1", "医疗机构"), ("2", "零售药店"), ("2", "药店")]),
    closed(
        "切口等级",
        "incision",
        &["切口类别"],
        &[("0", "0类切口"), ("1", "Ⅰ类切口"), ("2", "Ⅱ类切口"), ("3", "Ⅲ类切口")],
    ),
    open("费用类别", "fee_type", &["收费类别"], FEE_TYPES),
    open("目录类别", "list_type", &[], LIST_TYPES),
    open("支付类别", "payment_class", &[], &[("01", "甲类"), ("02", "乙类"), ("03", "丙类"), ("03", "自费")]),
    open("离院方式", "discharge_way", &[], DISCHARGE_WAYS),
    open(
        "入院途径",
        "admission_way",
        &[],
        &[("1", "急诊"), ("2", "门诊"), ("3", "其他医疗机构转入"), ("9", "其他")],
    ),
    closed(
        "入院病情",
        "admission_condition",
        &[],
        &[("1", "有"), ("2", "临床未确定"), ("3", "情况不明"), ("4", "无")],
    ),
    open(
        "诊断类别",
        "diagnosis_type",
        &[],
        &[("1", "西医诊断"), ("2", "中医主病诊断"), ("3", "中医主证诊断")],
    ),
    open("出入院诊断类别", "diagnosis_phase", &[], &[("1", "入院诊断"), ("2", "出院诊断")]),
    open("进销存类型", "stock_type", &["库存变更类型"], STOCK_TYPES),
    closed("结算方式", "settlement_channel", &[], &[("1", "联网"), ("2", "手工")]),
    open("个人结算方式", "settlement_method", &[], &[("01", "按项目结算"), ("02", "按定额结算")]),
    open(
        "清算类别",
        "clearing_type",
        &[],
        &[("11", "门诊"), ("21", "住院"), ("41", "药店购药"), ("99", "其他")],
    ),
    open("清算方式", "clearing_way", &[], CLEARING_WAYS),
    open("职称", "title", &[], TITLES),
    open("饮片用法", "herbal_use", &[], &[("1", "复方"), ("2", "单方")]),
    open("审批标志", "approval", &[], &[("0", "无须审批"), ("1", "审批通过"), ("2", "审批不通过")]),
    open(
        "就诊凭证",
        "credential",
        &[],
        &[("01", "医保电子凭证"), ("02", "居民身份证"), ("03", "社会保障卡")],
    ),
    open("审核场景", "trigger", &[], TRIGGERS),
    closed("违规程度", "severity", &[], &[("1", "明确违规"), ("2", "高度可疑"), ("3", "轻度可疑")]),
];

/// `med_type`; four-digit codes are provincial and mean different things in different provinces, so none is listed.
const MEDICAL_TYPES: &[(&str, &str)] = &[
    ("11", "普通门诊"),
    ("12", "门诊挂号"),
    ("13", "急诊"),
    ("14", "门诊慢特病"),
    ("15", "特药"),
    ("21", "普通住院"),
    ("22", "外伤住院"),
    ("23", "转外诊治住院"),
    ("24", "急诊转住院"),
    ("25", "异地住院"),
    ("26", "单病种住院"),
    ("27", "自主就医"),
    ("28", "日间手术"),
    ("41", "定点药店购药"),
    ("51", "生育门诊"),
    ("52", "生育住院"),
    ("53", "计划生育手术"),
];

/// `insutype`
const INSURANCES: &[(&str, &str)] = &[
    ("310", "职工基本医疗保险"),
    ("310", "职工"),
    ("320", "公务员医疗补助"),
    ("330", "大额医疗费用补助"),
    ("340", "离休人员医疗保障"),
    ("350", "一至六级残疾军人"),
    ("360", "老红军"),
    ("370", "企业补充"),
    ("380", "新农合"),
    ("390", "城乡居民基本医疗保险"),
    ("390", "居民"),
    ("391", "城镇居民"),
    ("392", "城乡居民大病保险"),
    ("399", "其他特殊人群"),
    ("410", "长期照护保险"),
    ("510", "生育保险"),
];

/// No public list of `psn_type` was found: the groups the notices screen carry codes of Jihe's own.
const PERSON_TYPES: &[(&str, &str)] = &[
    ("在职", "在职"),
    ("退休", "退休"),
    ("离休", "离休"),
    ("居民", "居民"),
    ("学生儿童", "学生儿童"),
    ("建档立卡", "建档立卡"),
    ("特困供养", "特困供养"),
    ("低保", "低保"),
    ("低保边缘", "低保边缘"),
];

/// `med_chrgitm_type`
const FEE_TYPES: &[(&str, &str)] = &[
    ("01", "床位费"),
    ("02", "诊察费"),
    ("02", "诊查费"),
    ("03", "检查费"),
    ("04", "化验费"),
    ("05", "治疗费"),
    ("06", "手术费"),
    ("07", "护理费"),
    ("08", "卫生材料费"),
    ("08", "材料费"),
    ("09", "西药费"),
    ("10", "中药饮片费"),
    ("11", "中成药费"),
    ("12", "一般诊疗费"),
    ("13", "挂号费"),
    ("14", "其他费"),
];

/// `list_type`
const LIST_TYPES: &[(&str, &str)] = &[
    ("101", "西药中成药"),
    ("102", "中药饮片"),
    ("103", "自制剂"),
    ("104", "民族药"),
    ("201", "医疗服务项目"),
    ("301", "医用耗材"),
];

/// `dscg_way`
const DISCHARGE_WAYS: &[(&str, &str)] = &[
    ("1", "医嘱离院"),
    ("2", "医嘱转院"),
    ("3", "医嘱转社区"),
    ("4", "非医嘱离院"),
    ("5", "死亡"),
    ("9", "其他"),
];

/// No public list of `inv_chg_type` was found: codes of Jihe's own.
const STOCK_TYPES: &[(&str, &str)] = &[
    ("期初", "期初"),
    ("入库", "入库"),
    ("出库", "出库"),
    ("退货", "退货"),
    ("报损", "报损"),
    ("期末", "期末"),
];

/// `clr_way`
const CLEARING_WAYS: &[(&str, &str)] = &[
    ("01", "按项目"),
    ("02", "单病种"),
    ("03", "按床日"),
    ("04", "按人头"),
    ("05", "DRG/点数"),
    ("99", "其他"),
];

/// `drord_dr_profttl`
const TITLES: &[(&str, &str)] = &[
    ("1", "医士"),
    ("2", "医师"),
    ("3", "主治医师"),
    ("4", "副主任医师"),
    ("5", "主任医师"),
    ("6", "无"),
    ("9", "其他"),
];

/// `trig_scen`
const TRIGGERS: &[(&str, &str)] = &[
    ("1", "门诊挂号"),
    ("2", "门诊收费登记"),
    ("3", "住院登记"),
    ("4", "住院收费登记"),
    ("5", "住院执行医嘱"),
    ("6", "门诊结算"),
    ("7", "门诊预结算"),
    ("8", "住院结算"),
    ("9", "住院预结算"),
];
