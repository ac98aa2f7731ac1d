//! Rows of population summaries for sessions: what a bureau ships, so that a host can ask about one person.
//!
//! In: a batch, or JSON. Out: [`Snapshot`], and the same as JSON (version 1).
//! Invariant: keys and columns go by name; a name that is not one is refused with the nearest.

use crate::audit::Claims;
use crate::error::{Error, ErrorKind};
use crate::ruleset::Ruleset;
use jihe_check::typed::{Summary, SummaryId, TypedRules};
use jihe_engine::{SummaryCell, SummaryRows};
use jihe_model::calendar::parse_date;
use jihe_model::display::key_text;
use jihe_model::nearest::nearest;
use jihe_model::types::Type;
use jihe_model::value::Symbols;
use serde_json::{Map, Value, json};

/// Rows of summaries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    pub(crate) summaries: Vec<SummaryRows>,
}

impl Ruleset {
    /// The rows of summaries over a batch, to be shipped to sessions.
    ///
    /// # Errors
    /// Kind `Usage` for a name that is no summary of the rules.
    ///
    /// ```
    /// let files = jihe::RuleFiles::new().rule("demo.jihe", r#"
    ///     规则包 "示例" 版本 "1"
    ///     统计 项目均价 = 明细 按 (项目编码) { 均价 = 平均(本组.金额) }
    ///     规则 单价偏高 {
    ///       编号 "X9" 环节 事前 针对 明细
    ///       设 同类 = 项目均价 同一(项目编码)
    ///       当 金额 > 2 × 最大(同类.均价)
    ///       性质 可疑 说明 "{金额}"
    ///     }
    /// "#);
    /// let ruleset = jihe::compile(&files).unwrap();
    /// let claims = |line: &str, price: &str| ruleset.claims_from_json(&format!(
    ///     r#"{{ "item": [{{ "feedetl_sn": "{line}", "med_list_codg": "A", "amount": "{price}" }}] }}"#)).unwrap();
    /// let snapshot = ruleset.snapshot(&claims("L1", "10"), &["项目均价"]).unwrap();
    /// assert_eq!(snapshot.to_json()["summaries"]["项目均价"]["rows"][0]["均价"], "10");
    /// let mut session = jihe::Session::open_with(&ruleset, claims("L2", "15"), &snapshot).unwrap();
    /// assert_eq!(session.check(&claims("L3", "21")).findings[0].subject_key, "L3");
    /// ```
    pub fn snapshot(&self, claims: &Claims, names: &[&str]) -> Result<Snapshot, Error> {
        let mut summaries = Vec::with_capacity(names.len());
        for name in names {
            let (id, _) = find(self.typed(), name)?;
            summaries.extend(jihe_engine::summary_rows(self.typed(), self.plan(), &claims.records, id));
        }
        Ok(Snapshot { summaries })
    }

    /// Reads what [`Snapshot::to_json`] wrote, or what a host made: `{"version": 1, "summaries": {name: {"coverage":
    /// [from, to], "rows": [{key or column: text}]}}}`, or just `{name: [rows]}`.
    ///
    /// # Errors
    /// Kind `Claims` for an unknown name, a missing key, or another shape.
    pub fn snapshot_from_json(&self, value: &Value) -> Result<Snapshot, Error> {
        let whole = value.as_object().ok_or_else(shape)?;
        let summaries = match whole.get("version") {
            None => whole,
            Some(version) if *version == json!(1) => {
                whole.get("summaries").and_then(Value::as_object).ok_or_else(shape)?
            }
            Some(_) => return Err(shape()),
        };
        let one = |(name, held): (&String, &Value)| self.summary_from_json(name, held);
        Ok(Snapshot { summaries: summaries.iter().map(one).collect::<Result<_, _>>()? })
    }

    fn summary_from_json(&self, name: &str, value: &Value) -> Result<SummaryRows, Error> {
        let (_, summary) = find(self.typed(), name)?;
        let (rows, coverage) = match value {
            Value::Array(rows) => (rows, None),
            Value::Object(held) => (
                held.get("rows").and_then(Value::as_array).ok_or_else(shape)?,
                held.get("coverage").filter(|coverage| !coverage.is_null()).map(days).transpose()?,
            ),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => return Err(shape()),
        };
        let row = |row: &Value| row_from_json(summary, row.as_object().ok_or_else(shape)?);
        let rows = rows.iter().map(row).collect::<Result<_, _>>()?;
        Ok(SummaryRows {
            name: name.to_owned(),
            keys: summary.keys.iter().map(|key| key.name.clone()).collect(),
            columns: summary.columns.iter().map(|column| column.name.clone()).collect(),
            coverage,
            rows,
        })
    }
}

fn shape() -> Error {
    Error::plain(
        ErrorKind::Claims,
        "快照应为 {\"version\": 1, \"summaries\": {统计名: {\"coverage\": [起, 止], \"rows\": [{键或列: 值}]}}}，或 {统计名: [行]}",
        "a snapshot is {\"version\": 1, \"summaries\": {summary: {\"coverage\": [from, to], \"rows\": [{key or column: value}]}}}, or {summary: [rows]}",
    )
}

fn unknown(zh: &str, en: &str, name: &str, names: &[&str]) -> Error {
    let near = nearest(name, names.iter().copied());
    let (hint, hint_en) = match near.first() {
        Some(near) => (format!("；相近的名称：`{near}`"), format!("; did you mean `{near}`?")),
        None => (String::new(), String::new()),
    };
    Error::plain(
        ErrorKind::Claims,
        format!("快照：没有名为 `{name}` 的{zh}{hint}"),
        format!("snapshot: there is no {en} named `{name}`{hint_en}"),
    )
}

fn find<'r>(rules: &'r TypedRules, name: &str) -> Result<(SummaryId, &'r Summary), Error> {
    let found = (0u32..).map(SummaryId).zip(&rules.summaries).find(|(_, summary)| summary.name == name);
    let names: Vec<&str> = rules.summaries.iter().map(|summary| summary.name.as_str()).collect();
    found.ok_or_else(|| unknown("统计", "summary", name, &names))
}

fn days(value: &Value) -> Result<(i64, i64), Error> {
    let day = |at: usize| value.get(at).and_then(Value::as_str).and_then(parse_date).ok_or_else(shape);
    Ok((day(0)?, day(1)?))
}

type Row = (Vec<String>, Vec<SummaryCell>);

fn row_from_json(summary: &Summary, row: &Map<String, Value>) -> Result<Row, Error> {
    let keys: Vec<&str> = summary.keys.iter().map(|key| key.name.as_str()).collect();
    let columns: Vec<&str> = summary.columns.iter().map(|column| column.name.as_str()).collect();
    let names: Vec<&str> = keys.iter().chain(&columns).copied().collect();
    if let Some(name) = row.keys().find(|name| !names.contains(&name.as_str())) {
        return Err(unknown("键或列", "key or column", name, &names));
    }
    let key = |name: &&str| match row.get(*name) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(Error::plain(
            ErrorKind::Claims,
            format!("快照：统计 `{}` 的一行没有键 `{name}`", summary.name),
            format!("snapshot: a row of `{}` has no key `{name}`", summary.name),
        )),
    };
    let keys = keys.iter().map(key).collect::<Result<_, _>>()?;
    Ok((keys, columns.iter().map(|name| cell(row.get(*name))).collect::<Result<_, _>>()?))
}

fn cell(value: Option<&Value>) -> Result<SummaryCell, Error> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    Ok(match value {
        None | Some(Value::Null) => SummaryCell::Missing("empty".to_owned()),
        Some(Value::String(text)) => SummaryCell::Known(text.clone()),
        Some(Value::Number(number)) => SummaryCell::Known(number.to_string()),
        Some(Value::Bool(yes)) => SummaryCell::Known(yes.to_string()),
        Some(Value::Object(held)) => {
            let cause = text(held.get("cause")).ok_or_else(shape)?;
            match text(held.get("at_least")) {
                Some(bound) => SummaryCell::AtLeast(bound, cause),
                None => SummaryCell::Missing(cause),
            }
        }
        Some(Value::Array(_)) => return Err(shape()),
    })
}

impl Snapshot {
    /// Names of the summaries it has rows of.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.summaries.iter().map(|rows| rows.name.as_str())
    }

    /// As JSON, version 1; a value known from below is `{"at_least", "cause"}`, a missing one `{"cause"}`.
    pub fn to_json(&self) -> Value {
        let one = |rows: &SummaryRows| (rows.name.clone(), rows_json(rows));
        json!({ "version": 1, "summaries": self.summaries.iter().map(one).collect::<Map<String, Value>>() })
    }
}

fn rows_json(rows: &SummaryRows) -> Value {
    let day = |day: i64| key_text(day, Type::Date, &Symbols::new());
    let row = |(keys, columns): &Row| -> Value {
        let keys = rows.keys.iter().zip(keys).map(|(name, text)| (name.clone(), Value::from(text.as_str())));
        let columns = rows.columns.iter().zip(columns).map(|(name, cell)| (name.clone(), cell_json(cell)));
        Value::Object(keys.chain(columns).collect())
    };
    json!({
        "coverage": rows.coverage.map(|(from, to)| [day(from), day(to)]),
        "rows": rows.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn cell_json(cell: &SummaryCell) -> Value {
    match cell {
        SummaryCell::Known(text) => Value::from(text.as_str()),
        SummaryCell::AtLeast(text, cause) => json!({ "at_least": text, "cause": cause }),
        SummaryCell::Missing(cause) => json!({ "cause": cause }),
    }
}
