//! Which column may be which field.
//!
//! In: the columns of a sample and the fields of a kind. Out: a guess a field, at most.
//! Invariant: a column feeds one field of a kind, and the surer guess has it.

use super::Sample;
use crate::error::Error;
use crate::mapping::Mapping;
use jihe::model::cell::parse_word;
use jihe::model::nearest::nearest;
use jihe::model::schema::{Field, FieldId, Kind, KindId, Schema};
use jihe::model::types::Type;
use std::collections::BTreeSet;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    /// The column goes by a name of the field.
    Name,
    /// The column has the name that the national extraction list or hospital systems have for it.
    Elsewhere,
    /// The names are near.
    Near,
    /// Only the values look like it.
    Shape,
}

impl Sure {
    pub(super) fn weight(self) -> usize {
        match self {
            Sure::Name => 4,
            Sure::Elsewhere => 3,
            Sure::Near => 1,
            Sure::Shape => 0,
        }
    }
}

/// A column that may be a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) field: FieldId,
    pub(super) column: usize,
    pub(super) sure: Sure,
    /// A value that is not of the field's type.
    pub(super) odd: Option<String>,
}

/// Names from elsewhere.
pub(super) struct Known(Vec<(KindId, FieldId, String)>);

/// What hospital systems often call a field: kind, field, names.
const HABITS: [(&str, &str, &str); 22] = [
    ("visit", "visit_id", "就诊流水号 住院流水号 登记流水号 就诊序号 ZYLSH JZLSH VISIT_NO"),
    ("visit", "person", "患者编号 病人编号 病人ID 患者ID BRID PATIENTID"),
    ("visit", "time", "入院时间 就诊日期 RYSJ RYRQ JZRQ"),
    ("visit", "discharge_time", "出院时间 CYSJ CYRQ"),
    ("visit", "department", "科室名称 就诊科室 KSMC"),
    ("visit", "practitioner", "医生工号 主管医生 YSGH"),
    ("settlement", "settlement_id", "结算流水号 结算单号 JSLSH JSDH"),
    ("settlement", "time", "结算时间 结算日期 JSSJ JSRQ"),
    ("settlement", "total_amount", "总金额 费用总额 ZFY ZJE"),
    ("settlement", "fund_amount", "医保支付 统筹金额 YBZF"),
    ("item", "item_id", "收费流水号 明细序号 费用流水号 FYLSH MXXH"),
    ("item", "visit", "就诊流水号 住院流水号 ZYLSH JZLSH"),
    ("item", "item_code", "国家编码 医保编码 项目国家码 GJBM YBBM"),
    ("item", "item_name", "收费项目 项目名称 收费项目名称 XMMC"),
    ("item", "hospital_code", "院内项目编码 收费编码 SFBM"),
    ("item", "quantity", "收费数量 SL"),
    ("item", "unit_price", "收费单价 DJ"),
    ("item", "amount", "收费金额 总价 JE"),
    ("item", "billed_time", "收费时间 记账日期 收费日期 SFSJ JZSJ"),
    ("item", "used_time", "执行日期 发生时间 ZXSJ"),
    ("person", "person_id", "患者编号 病人编号 病人ID BRID"),
    ("person", "birth_date", "出生年月 生日 CSRQ"),
];

impl Known {
    /// The names of the national extraction list, and habits.
    pub(super) fn new(schema: &Schema) -> Result<Self, Error> {
        let mut names: Vec<(KindId, FieldId, String)> = Vec::new();
        for record in Mapping::feijian2024(schema)?.records {
            for (field, source) in record.fields.iter().filter(|(_, source)| source.lookup.is_none()) {
                names.extend(source.columns.iter().map(|name| (record.kind, *field, name.clone())));
            }
        }
        for (kind, field, words) in HABITS {
            let Some(id) = schema.find_kind(kind) else { continue };
            let Some(field) = schema.kind(id).and_then(|kind| kind.find_field(field)) else { continue };
            names.extend(words.split(' ').map(|word| (id, field, word.to_owned())));
        }
        Ok(Self(names))
    }

    /// Whether a column may be a field.
    fn guess_one(
        &self,
        (id, at): (KindId, FieldId),
        field: &Field,
        (sample, column): (&Sample, usize),
    ) -> Option<Guess> {
        let name = sample.columns.get(column)?.trim();
        let is = |(of, to, known): &(KindId, FieldId, String)| {
            *of == id && *to == at && known.eq_ignore_ascii_case(name)
        };
        let sure = likeness(field, name, self.0.iter().any(is))?;
        let odd = odd_value(field.ty, sample, column);
        // A near name with other values is no likeness at all.
        let likely = sure != Sure::Near || odd.is_none();
        likely.then_some(Guess { field: at, column, sure, odd })
    }

    /// The best guess for every field of a kind.
    pub(super) fn guess(&self, id: KindId, kind: &Kind, sample: &Sample) -> Vec<Guess> {
        let mut guesses: Vec<Guess> = Vec::new();
        for (at, field) in (0u16..).map(FieldId).zip(&kind.fields) {
            let columns = 0..sample.columns.len();
            guesses.extend(columns.filter_map(|column| self.guess_one((id, at), field, (sample, column))));
        }
        guesses.sort_by_key(|guess| (guess.sure, guess.odd.is_some(), guess.field, guess.column));
        let (mut fields, mut columns) = (BTreeSet::new(), BTreeSet::new());
        guesses.retain(|guess| {
            let free = !fields.contains(&guess.field) && !columns.contains(&guess.column);
            fields.extend(free.then_some(guess.field));
            columns.extend(free.then_some(guess.column));
            free
        });
        if let Some(key) = kind.key.first().filter(|key| !fields.contains(*key)) {
            guesses.extend(key_by_shape(*key, sample, &columns));
        }
        guesses.sort_by_key(|guess| guess.field);
        guesses
    }
}

fn likeness(field: &Field, name: &str, elsewhere: bool) -> Option<Sure> {
    let names = || {
        [field.zh.as_str(), field.en.as_str()]
            .into_iter()
            .chain(field.national.as_deref())
            .chain(field.synonyms.iter().map(String::as_str))
    };
    if names().any(|known| known.eq_ignore_ascii_case(name)) {
        Some(Sure::Name)
    } else if elsewhere {
        Some(Sure::Elsewhere)
    } else if name.chars().count() >= 2 && !nearest(name, names()).is_empty() {
        Some(Sure::Near)
    } else {
        None
    }
}

/// A value that cannot be of the type.
fn odd_value(ty: Type, sample: &Sample, column: usize) -> Option<String> {
    if ty.is_symbol() {
        return None;
    }
    sample.values(column).find(|text| parse_word(ty, text).is_err()).map(str::to_owned)
}

/// A column called a number of something, whose values are all different.
fn key_by_shape(key: FieldId, sample: &Sample, taken: &BTreeSet<usize>) -> Option<Guess> {
    let endings = ["ID", "id", "_NO", "_no", "号", "流水", "主键", "序号"];
    let free = sample.columns.iter().enumerate().filter(|(at, name)| {
        !taken.contains(at) && endings.iter().any(|ending| name.trim().ends_with(ending))
    });
    let mut distinct = free.filter(|(at, _)| {
        let values: Vec<&str> = sample.values(*at).collect();
        values.len() > 1 && values.iter().collect::<BTreeSet<_>>().len() == values.len()
    });
    distinct.next().map(|(column, _)| Guess { field: key, column, sure: Sure::Shape, odd: None })
}

/// How far a file's name speaks for a kind.
pub(super) fn named(kind: &Kind, file: &str) -> usize {
    let file = file.trim();
    if kind.zh == file || kind.en.eq_ignore_ascii_case(file) {
        100
    } else if file.contains(&kind.zh) || file.to_ascii_lowercase().contains(&kind.en) {
        4
    } else {
        0
    }
}
