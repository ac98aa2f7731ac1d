//! Claims as JSON (contract 15): one object with an array a record kind.
//!
//! In: a JSON value. Out: records, with rows rejected one by one.
//! Invariant: an unknown kind or field is an error that names what was probably meant; nothing is silently left out.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jihe_diagnostics::Text;
use serde_json::{Map, Value};

use super::header::{Header, HeaderError, nearest_fields, resolve};
use super::{Cell, Fault, Ingested, Needs, RecordsBuilder, Reject};
use crate::nearest::nearest;
use crate::records::Records;
use crate::schema::{Kind, KindId, Schema};
use crate::wire::exact_float;

/// Why claims cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Not an object of arrays of objects: where.
    #[error("{0}: expected an object with an array of objects a kind")]
    Shape(String),
    /// An unknown kind.
    #[error("unknown kind `{name}`{}", suggestion(nearest))]
    UnknownKind {
        /// As written.
        name: String,
        /// Similar names.
        nearest: Vec<String>,
    },
    /// A kind under both its names.
    #[error("`{0}` is given twice, under its Chinese and its English name")]
    KindTwice(String),
    /// A value of a record struct that is not of its field's type.
    #[error("{0}")]
    Value(String),
    /// An unknown field.
    #[error("{place}: unknown field `{name}`{}", suggestion(nearest))]
    UnknownField {
        /// `item[3]`
        place: String,
        /// As written.
        name: String,
        /// Similar names.
        nearest: Vec<String>,
    },
}

impl ClaimError {
    /// The same in both languages.
    pub fn text(&self) -> Text {
        let zh = match self {
            ClaimError::Shape(place) => format!("{place}：应为对象，每种记录一个数组，数组元素为对象"),
            ClaimError::UnknownKind { name, nearest } => {
                format!("未知的记录种类“{name}”{}", suggestion_zh(nearest))
            }
            ClaimError::Value(what) => format!("字段的值不合类型：{what}"),
            ClaimError::KindTwice(name) => format!("“{name}”以中文名和英文名各给出一次"),
            ClaimError::UnknownField { place, name, nearest } => {
                format!("{place}：未知的字段“{name}”{}", suggestion_zh(nearest))
            }
        };
        Text::new(zh, self.to_string())
    }
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean `{}`", nearest.join("`, `")) }
}

fn suggestion_zh(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("，是否指“{}”", nearest.join("”“")) }
}

/// Reads claims given as JSON. A row with a bad value is rejected, its line counted from 1 within its array.
///
/// ```
/// use jihe_model::{ingest::claims_from_json, kinds::base_schema};
/// let schema = base_schema();
/// let claims = serde_json::json!({ "明细": [{ "明细号": "1", "就诊": "V1", "amount": 60, "prd_days": "30" }] });
/// let (records, rejects) = claims_from_json(&schema, &claims).unwrap();
/// assert!(rejects.is_empty());
/// assert_eq!(records.tables[&schema.find_kind("item").unwrap()].rows, 1);
///
/// let misspelt = serde_json::json!({ "item": [{ "item_id": "1", "amout": 60 }] });
/// assert!(claims_from_json(&schema, &misspelt).unwrap_err().to_string().contains("did you mean `amount`"));
/// ```
///
/// # Errors
/// When the shape is wrong or a kind or field is unknown.
pub fn claims_from_json(schema: &Schema, claims: &Value) -> Result<(Records, Vec<Reject>), ClaimError> {
    let read = ingest_json(schema, claims)?;
    Ok((read.records, read.rejects))
}

fn ingest_json(schema: &Schema, claims: &Value) -> Result<Ingested, ClaimError> {
    let object = claims.as_object().ok_or_else(|| ClaimError::Shape("$".into()))?;
    let mut builder = RecordsBuilder::new(schema);
    for (name, rows) in object {
        builder.push_json(name, rows)?;
    }
    Ok(builder.finish())
}

impl RecordsBuilder<'_> {
    /// Takes the rows of a kind, under any of its names, as a JSON array of objects.
    ///
    /// # Errors
    /// When the shape is wrong, the kind or a field is unknown, or the kind was supplied before.
    pub fn push_json(&mut self, name: &str, rows: &Value) -> Result<(), ClaimError> {
        let kind = find_kind(self.schema, name)?;
        let origin = self.schema.kind(kind).and_then(|kind| kind.raw_of).unwrap_or(kind);
        if self.tables.contains_key(&origin) {
            return Err(ClaimError::KindTwice(name.to_owned()));
        }
        self.supply(kind);
        let rows = rows.as_array().ok_or_else(|| ClaimError::Shape(name.to_owned()))?;
        read_rows(self, kind, name, rows)
    }
}

fn find_kind(schema: &Schema, name: &str) -> Result<KindId, ClaimError> {
    schema.find_kind(name).ok_or_else(|| {
        let names = schema.kinds.iter().flat_map(|kind| [kind.zh.as_str(), kind.en.as_str()]);
        let nearest = nearest(name, names).into_iter().map(str::to_owned).collect();
        ClaimError::UnknownKind { name: name.to_owned(), nearest }
    })
}

fn read_rows(
    builder: &mut RecordsBuilder<'_>,
    kind: KindId,
    name: &str,
    rows: &[Value],
) -> Result<(), ClaimError> {
    let Some(declared) = builder.schema.kind(kind) else { return Ok(()) };
    // Rows mostly have the columns of the row before.
    let mut last: Option<(Vec<&str>, Header)> = None;
    let mut known: BTreeMap<Vec<&str>, Header> = BTreeMap::new();
    for (line, row) in (1u64..).zip(rows) {
        let place = || format!("{name}[{}]", line.saturating_sub(1));
        let object = row.as_object().ok_or_else(|| ClaimError::Shape(place()))?;
        if last.as_ref().is_none_or(|(columns, _)| !object.keys().eq(columns)) {
            known.extend(last.take());
            let columns: Vec<&str> = object.keys().map(String::as_str).collect();
            let header = if let Some(header) = known.remove(&columns) {
                Ok(header)
            } else {
                refuse_unknown(declared, &columns, place())?;
                builder.header(kind, name, &columns)
            };
            match header {
                Ok(header) => last = Some((columns, header)),
                Err(error) => keyless(builder, (kind, name), line, error),
            }
        }
        if let Some((_, header)) = &last {
            push(builder, header, line, object);
        }
    }
    Ok(())
}

/// Refuses a record with a field its kind does not have.
pub(crate) fn refuse_unknown_fields(kind: &Kind, record: &Value) -> Result<(), ClaimError> {
    let object = record.as_object().ok_or_else(|| ClaimError::Shape(kind.en.clone()))?;
    let columns: Vec<&str> = object.keys().map(String::as_str).collect();
    refuse_unknown(kind, &columns, kind.en.clone())
}

fn refuse_unknown(kind: &Kind, columns: &[&str], place: String) -> Result<(), ClaimError> {
    let stranger = columns.iter().find(|name| !kind.fields.iter().any(|field| field.answers_to(name)));
    match stranger {
        None => Ok(()),
        Some(name) => Err(ClaimError::UnknownField {
            place,
            name: (*name).to_owned(),
            nearest: nearest_fields(kind, name),
        }),
    }
}

/// A single object without the key is a bad row, not a bad file.
fn keyless(builder: &mut RecordsBuilder<'_>, (kind, name): (KindId, &str), line: u64, error: HeaderError) {
    let Ok(empty) = resolve_any(builder.schema, kind, builder.files.len()) else { return };
    builder.files.push(name.to_owned());
    let counts = builder.counts.entry(empty.kind).or_default();
    counts.read = counts.read.saturating_add(1);
    let column = match error {
        HeaderError::NoKey(zh, _) => Some(zh),
        HeaderError::UnknownKind => None,
    };
    let reason = Text::new("缺少主键", "the key is missing");
    builder.reject(&empty, line, Fault { column, value: String::new(), reason });
}

fn resolve_any(schema: &Schema, kind: KindId, file: usize) -> Result<Header, HeaderError> {
    let declared = schema.kind(kind).ok_or(HeaderError::UnknownKind)?;
    let names: Vec<&str> = declared.fields.iter().map(|field| field.en.as_str()).collect();
    resolve(schema, kind, (file, &Needs::default()), &names)
}

fn push(builder: &mut RecordsBuilder<'_>, header: &Header, line: u64, object: &Map<String, Value>) {
    let mut texts: Vec<Option<Cow<'_, str>>> = Vec::with_capacity(object.len());
    for (name, value) in object {
        match json_text(value) {
            Ok(text) => texts.push(text),
            Err(reason) => {
                let counts = builder.counts.entry(header.kind).or_default();
                counts.read = counts.read.saturating_add(1);
                builder.reject(
                    header,
                    line,
                    Fault { column: Some(name.clone()), value: value.to_string(), reason },
                );
                return;
            }
        }
    }
    builder.push_row(header, line, |column| match texts.get(column) {
        Some(Some(text)) => Cell::Text(text),
        Some(None) | None => Cell::Missing,
    });
}

/// The text of a JSON scalar; none for null.
fn json_text(value: &Value) -> Result<Option<Cow<'_, str>>, Text> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(yes) => Ok(Some(Cow::Borrowed(if *yes { "true" } else { "false" }))),
        Value::String(text) => Ok(Some(Cow::Borrowed(text))),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => {
                exact_float(float).map(|text| Some(Cow::Owned(text))).ok_or_else(|| {
                    Text::new(
                        "数位超出 JSON 数的精度，请写成文本",
                        "more digits than a JSON number keeps; write it as text",
                    )
                })
            }
            _ => Ok(Some(Cow::Owned(number.to_string()))),
        },
        Value::Array(_) | Value::Object(_) => Err(Text::new("应为单个值", "expected a single value")),
    }
}
