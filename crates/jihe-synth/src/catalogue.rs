//! What the city's institutions charge and diagnose.
//!
//! In: nothing. Out: [`Item`]s with their list prices and [`Disease`]s.
//! Invariant: list prices have two decimals and lie below every ceiling of the shipped tables, so that only a planter oversteps one.

use crate::decimal::Price;

/// The statistical class of a charge, by its national code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fee {
    Bed,
    Consultation,
    Examination,
    Laboratory,
    Treatment,
    Surgery,
    Nursing,
    WesternDrug,
    ChineseDrug,
}

impl Fee {
    /// The national code (`med_chrgitm_type`).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Fee::Bed => "01",
            Fee::Consultation => "02",
            Fee::Examination => "03",
            Fee::Laboratory => "04",
            Fee::Treatment => "05",
            Fee::Surgery => "06",
            Fee::Nursing => "07",
            Fee::WesternDrug => "09",
            Fee::ChineseDrug => "11",
        }
    }

    /// Whether it is a drug, which is stocked and traced.
    pub(crate) fn is_drug(self) -> bool {
        matches!(self, Fee::WesternDrug | Fee::ChineseDrug)
    }

    /// Whether a report follows it.
    pub(crate) fn is_reported(self) -> bool {
        matches!(self, Fee::Examination | Fee::Laboratory)
    }
}

/// Something that can be charged.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) fee: Fee,
    pub(crate) price: Price,
}

const fn item(code: &'static str, name: &'static str, fee: Fee, cents: i64) -> Item {
    Item { code, name, fee, price: Price::cents(cents) }
}

pub(crate) static OUTPATIENT_CONSULTATION: Item =
    item("001102000010000", "普通门诊诊查费", Fee::Consultation, 1_000);
pub(crate) static EMERGENCY_CONSULTATION: Item =
    item("001102000030000", "急诊诊查费", Fee::Consultation, 1_500);
pub(crate) static EMERGENCY_OBSERVATION: Item = item("001103000010000", "急诊监护费", Fee::Treatment, 8_000);
pub(crate) static INPATIENT_CONSULTATION: Item =
    item("001102000050000", "住院诊查费", Fee::Consultation, 1_200);
pub(crate) static BED: Item = item("001109000010000", "普通病房床位费", Fee::Bed, 3_000);
pub(crate) static NURSING: Item = item("001201000040000", "Ⅱ级护理", Fee::Nursing, 1_100);
pub(crate) static NEWBORN_CARE: Item = item("001201000070000", "新生儿护理", Fee::Nursing, 2_500);
pub(crate) static INFUSION: Item = item("001204000060000", "静脉输液", Fee::Treatment, 800);
pub(crate) static DECOMPRESSION: Item = item("001209000010000", "胃肠减压", Fee::Treatment, 1_800);
pub(crate) static BLOOD_COUNT: Item = item("002501010150000", "血细胞分析", Fee::Laboratory, 1_600);
pub(crate) static MAGNETIC_RESONANCE: Item = item("002102000010000", "磁共振平扫", Fee::Examination, 34_000);
pub(crate) static HBA1C: Item = item("002503020030000", "糖化血红蛋白测定", Fee::Laboratory, 5_800);
pub(crate) static REHABILITATION_ASSESSMENT: Item =
    item("003402000390000", "康复评定", Fee::Treatment, 4_000);
pub(crate) static LIVER_PANEL: Item = item("002503059990000", "肝功能三项组套", Fee::Laboratory, 1_000);
pub(crate) static ALANINE_AMINOTRANSFERASE: Item =
    item("002503050070000", "血清丙氨酸氨基转移酶测定", Fee::Laboratory, 500);
pub(crate) static ASPARTATE_AMINOTRANSFERASE: Item =
    item("002503050080000", "血清天门冬氨酸氨基转移酶测定", Fee::Laboratory, 500);
pub(crate) static BILIRUBIN: Item = item("002503050010000", "血清总胆红素测定", Fee::Laboratory, 400);
pub(crate) static ECG: Item = item("003107010010000", "常规心电图检查", Fee::Examination, 2_000);
pub(crate) static CARDIAC_MONITORING: Item = item("003107010220000", "心电监测", Fee::Treatment, 300);
pub(crate) static INVASIVE_PRESSURE: Item =
    item("003107020020000", "持续有创性血压监测", Fee::Treatment, 1_000);
pub(crate) static PROSTATE_ANTIGEN: Item =
    item("002504040050000", "总前列腺特异性抗原测定", Fee::Laboratory, 5_000);
pub(crate) static HYSTEROSCOPY: Item = item("003313060030000", "宫腔镜检查", Fee::Surgery, 26_000);
pub(crate) static APPENDECTOMY: Item = item("003310030220000", "阑尾切除术", Fee::Surgery, 80_000);

pub(crate) static AMLODIPINE: Item =
    item("XC08CAA001A001010100001", "苯磺酸氨氯地平片", Fee::WesternDrug, 2_800);
pub(crate) static IRBESARTAN: Item = item("XC09CAE158A001010100001", "厄贝沙坦片", Fee::WesternDrug, 3_500);
pub(crate) static METFORMIN: Item =
    item("XA10BAE046A001010100001", "盐酸二甲双胍片", Fee::WesternDrug, 2_000);
pub(crate) static SITAGLIPTIN: Item =
    item("XA10BHX001A001010100001", "磷酸西格列汀片", Fee::WesternDrug, 10_000);
pub(crate) static ASPIRIN: Item = item("XB01ACA055A001010100001", "阿司匹林肠溶片", Fee::WesternDrug, 1_200);
pub(crate) static ATORVASTATIN: Item =
    item("XC10AAA027A001010100001", "阿托伐他汀钙片", Fee::WesternDrug, 3_000);
pub(crate) static METFORMIN_EMPAGLIFLOZIN: Item =
    item("XA10BDE083A001010104522", "二甲双胍恩格列净片(Ⅰ)", Fee::WesternDrug, 4_000);
pub(crate) static NILOTINIB: Item = item("XL01EAN092E001010100647", "尼洛替尼胶囊", Fee::WesternDrug, 60_000);
pub(crate) static CHILDREN_SYRUP: Item = item("ZA06CAJ0512010101463", "金振口服液", Fee::ChineseDrug, 3_600);
pub(crate) static AMOXICILLIN: Item =
    item("XJ01CAA040A001010100001", "阿莫西林胶囊", Fee::WesternDrug, 1_500);
pub(crate) static IBUPROFEN: Item =
    item("XM01AEB173A001010100001", "布洛芬缓释胶囊", Fee::WesternDrug, 1_850);
pub(crate) static OMEPRAZOLE: Item =
    item("XA02BCA195A001010100001", "奥美拉唑肠溶胶囊", Fee::WesternDrug, 2_560);
pub(crate) static COLD_GRANULES: Item = item("ZA04CAG0084010100001", "感冒清热颗粒", Fee::ChineseDrug, 1_480);
pub(crate) static CEFUROXIME: Item =
    item("XJ01DCT037B001010100001", "注射用头孢呋辛钠", Fee::WesternDrug, 3_130);
pub(crate) static SALINE: Item = item("XB05XAL106B001010100001", "氯化钠注射液", Fee::WesternDrug, 520);
pub(crate) static EDARAVONE: Item =
    item("XN07XXY154B001010100001", "依达拉奉注射液", Fee::WesternDrug, 4_270);

/// The drugs a hospital keeps in stock.
pub(crate) static HOSPITAL_DRUGS: [&Item; 13] = [
    &AMLODIPINE,
    &IRBESARTAN,
    &METFORMIN,
    &SITAGLIPTIN,
    &ASPIRIN,
    &ATORVASTATIN,
    &AMOXICILLIN,
    &IBUPROFEN,
    &OMEPRAZOLE,
    &COLD_GRANULES,
    &CEFUROXIME,
    &SALINE,
    &EDARAVONE,
];

/// The drugs a pharmacy sells over the counter of the insurance.
pub(crate) static PHARMACY_DRUGS: [&Item; 4] = [&AMOXICILLIN, &IBUPROFEN, &OMEPRAZOLE, &COLD_GRANULES];

/// A diagnosis.
#[derive(Debug)]
pub(crate) struct Disease {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
}

const fn disease(code: &'static str, name: &'static str) -> Disease {
    Disease { code, name }
}

pub(crate) static HYPERTENSION: Disease = disease("I10.x00x002", "高血压");
pub(crate) static DIABETES: Disease = disease("E11.900", "2型糖尿病");
pub(crate) static UPPER_RESPIRATORY_INFECTION: Disease = disease("J06.900", "急性上呼吸道感染");
pub(crate) static PNEUMONIA: Disease = disease("J18.900", "肺炎");
pub(crate) static GASTRITIS: Disease = disease("K29.500", "慢性胃炎");
pub(crate) static BACK_PAIN: Disease = disease("M54.500", "下背痛");
pub(crate) static APPENDICITIS: Disease = disease("K35.800", "急性阑尾炎");
pub(crate) static STROKE: Disease = disease("I63.900", "脑梗死");
pub(crate) static LUNG_DISEASE: Disease = disease("J44.100", "慢性阻塞性肺病伴急性加重");
pub(crate) static CHEMOTHERAPY: Disease = disease("Z51.100", "肿瘤化学治疗疗程");
pub(crate) static LEUKAEMIA: Disease = disease("C92.100", "慢性髓系白血病");
pub(crate) static OTHER_LEUKAEMIA: Disease = disease("C92.200", "非典型慢性髓系白血病");
pub(crate) static TYPE_1_DIABETES: Disease = disease("E10.900", "1型糖尿病");
pub(crate) static OTHER_DIABETES: Disease = disease("E14.900", "糖尿病");
pub(crate) static OTHER_PNEUMONIA: Disease = disease("J18.000", "支气管肺炎");
pub(crate) static INFLUENZA: Disease = disease("J11.100", "流行性感冒");
