//! Claims as JSON (contract 15): one object with an array a record kind.
//!
//! In: JSON text, or a JSON value. Out: records, with rows rejected one by one.
//! Invariant: an unknown kind or field is an error that names what was probably meant; nothing is silently left out.

mod stream;

use std::collections::BTreeMap;

use jihe_diagnostics::Text;
use serde::de::DeserializeSeed;
use serde_json::Value;
use serde_json::error::Category;

use super::header::{Header, HeaderError, nearest_fields, resolve};
use super::{Cell, Fault, Ingested, Needs, RecordsBuilder, Reject};
use crate::nearest::nearest;
use crate::records::Records;
use crate::schema::{Kind, KindId, Schema};
use stream::{Kinds, Listener, Next, Row, Rows, Scalar};

/// Why claims cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// Not JSON at all.
    #[error("not valid JSON: {0}")]
    Json(String),
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
    /// A kind under both its names, or twice under one.
    #[error("`{0}` is given twice, perhaps under its Chinese and its English name")]
    KindTwice(String),
    /// A field of a record twice under one name.
    #[error("{place}: `{name}` is given twice")]
    FieldTwice {
        /// `item[3]`
        place: String,
        /// As written.
        name: String,
    },
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
            ClaimError::Json(why) => format!("不是合法的 JSON：{why}"),
            ClaimError::Shape(place) => format!("{place}：应为对象，每种记录一个数组，数组元素为对象"),
            ClaimError::UnknownKind { name, nearest } => {
                format!("未知的记录种类“{name}”{}", suggestion_zh(nearest))
            }
            ClaimError::Value(what) => format!("字段的值不合类型：{what}"),
            ClaimError::KindTwice(name) => format!("“{name}”给出了两次，或以中文名和英文名各一次"),
            ClaimError::FieldTwice { place, name } => format!("{place}：“{name}”给出了两次"),
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

/// Reads claims given as a JSON value. A row with a bad value is rejected, its line counted from 1 within its array.
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
    let mut builder = RecordsBuilder::new(schema);
    builder.listen(|reading| Next(Kinds(reading)).deserialize(claims))?;
    let Ingested { records, rejects, .. } = builder.finish();
    Ok((records, rejects))
}

/// Reads claims given as JSON text, row by row: no tree of values is made.
///
/// ```
/// use jihe_model::{ingest::claims_from_json_text, kinds::base_schema};
/// let schema = base_schema();
/// let text = r#"{ "item": [{ "item_id": "1", "amount": 60 }, { "item_id": "2", "amount": "sixty" }] }"#;
/// let (records, rejects) = claims_from_json_text(&schema, text).unwrap();
/// assert_eq!(records.tables[&schema.find_kind("item").unwrap()].rows, 1);
/// assert_eq!((rejects[0].line, rejects[0].value.as_str()), (2, "sixty"));
/// ```
///
/// # Errors
/// When it is not JSON, the shape is wrong, or a kind or field is unknown.
pub fn claims_from_json_text(schema: &Schema, text: &str) -> Result<(Records, Vec<Reject>), ClaimError> {
    let mut builder = RecordsBuilder::new(schema);
    builder.push_claims_json(text)?;
    let Ingested { records, rejects, .. } = builder.finish();
    Ok((records, rejects))
}

impl RecordsBuilder<'_> {
    /// Takes claims as JSON text: an object with an array of objects a kind.
    ///
    /// # Errors
    /// When it is not JSON, the shape is wrong, a kind or a field is unknown, or a kind was supplied before.
    pub fn push_claims_json(&mut self, text: &str) -> Result<(), ClaimError> {
        self.listen(|reading| whole(text, |json| Next(Kinds(reading)).deserialize(json)))
    }

    /// Takes the rows of a kind, under any of its names, as JSON text: an array of objects.
    ///
    /// # Errors
    /// When it is not JSON, the shape is wrong, the kind or a field is unknown, or the kind was supplied before.
    pub fn push_json(&mut self, name: &str, rows: &str) -> Result<(), ClaimError> {
        self.listen(|reading| {
            reading.begin(name);
            if reading.fault.is_some() {
                return Ok(());
            }
            whole(rows, |json| Next(Rows(reading)).deserialize(json))
        })
    }

    /// Has something read that tells of kinds and rows.
    fn listen(
        &mut self,
        read: impl FnOnce(&mut Reading<'_, '_>) -> serde_json::Result<()>,
    ) -> Result<(), ClaimError> {
        let mut reading =
            Reading { builder: self, kind: None, line: 0, columns: Columns::default(), fault: None };
        let done = read(&mut reading);
        match (reading.fault.take(), done) {
            (Some(fault), _) => Err(fault),
            (None, Ok(())) => Ok(()),
            // Text that is JSON, but not of this shape.
            (None, Err(error)) if error.classify() == Category::Data => {
                Err(ClaimError::Shape(reading.place()))
            }
            (None, Err(error)) => Err(ClaimError::Json(error.to_string())),
        }
    }
}

/// Reads a text to its end.
fn whole(
    text: &str,
    read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::StrRead<'_>>) -> serde_json::Result<()>,
) -> serde_json::Result<()> {
    let mut json = serde_json::Deserializer::from_str(text);
    read(&mut json)?;
    json.end()
}

/// Columns that were resolved: those of the row before, and others that rows had.
#[derive(Debug, Default)]
struct Columns {
    last: Option<(Vec<String>, Header)>,
    known: BTreeMap<Vec<String>, Header>,
}

/// Claims being read.
#[derive(Debug)]
struct Reading<'b, 's> {
    builder: &'b mut RecordsBuilder<'s>,
    /// The kind at hand, and its name as written.
    kind: Option<(KindId, String)>,
    /// The row at hand, from 1.
    line: u64,
    columns: Columns,
    fault: Option<ClaimError>,
}

impl Listener for Reading<'_, '_> {
    fn kind(&mut self, name: &str) -> Option<()> {
        self.begin(name);
        self.fault.is_none().then_some(())
    }

    fn next_row(&mut self) {
        self.line = self.line.saturating_add(1);
    }

    fn row(&mut self, row: &Row<'_>) -> Option<()> {
        self.fault = self.take(row).err();
        self.fault.is_none().then_some(())
    }
}

impl Reading<'_, '_> {
    /// Where the reading is: `$`, `item`, `item[3]`.
    fn place(&self) -> String {
        match (&self.kind, self.line.checked_sub(1)) {
            (None, _) => "$".to_owned(),
            (Some((_, name)), None) => name.clone(),
            (Some((_, name)), Some(row)) => format!("{name}[{row}]"),
        }
    }

    /// Supplies a kind.
    fn begin(&mut self, name: &str) {
        let builder = &mut *self.builder;
        self.fault = match find_kind(builder.schema, name) {
            Err(fault) => Some(fault),
            Ok(kind) => {
                let origin = builder.schema.kind(kind).and_then(|kind| kind.raw_of).unwrap_or(kind);
                let twice = builder.tables.contains_key(&origin);
                builder.supply(kind);
                (self.kind, self.line, self.columns) = (Some((kind, name.to_owned())), 0, Columns::default());
                twice.then(|| ClaimError::KindTwice(name.to_owned()))
            }
        };
    }

    fn take(&mut self, row: &Row<'_>) -> Result<(), ClaimError> {
        // Rows mostly have the columns of the row before.
        let names = || row.iter().map(|cell| &*cell.0);
        if self
            .columns
            .last
            .as_ref()
            .is_none_or(|(columns, _)| !names().eq(columns.iter().map(String::as_str)))
        {
            self.resolve(names().map(str::to_owned).collect())?;
        }
        if let Some((_, header)) = &self.columns.last {
            push(self.builder, header, self.line, row);
        }
        Ok(())
    }

    /// Finds the fields of columns; rows without a key are rejected.
    fn resolve(&mut self, columns: Vec<String>) -> Result<(), ClaimError> {
        self.columns.known.extend(self.columns.last.take());
        let Some((kind, name)) = &self.kind else { return Ok(()) };
        if let Some(known) = self.columns.known.remove(&columns) {
            self.columns.last = Some((columns, known));
            return Ok(());
        }
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        if let Some(declared) = self.builder.schema.kind(*kind) {
            refuse_unknown(declared, &names, || self.place())?;
        }
        if let Some(name) = twice(&names) {
            return Err(ClaimError::FieldTwice { place: self.place(), name: name.to_owned() });
        }
        match self.builder.header(*kind, name, &names) {
            Ok(header) => self.columns.last = Some((columns, header)),
            Err(error) => keyless(self.builder, (*kind, name), self.line, error),
        }
        Ok(())
    }
}

fn twice<'n>(names: &[&'n str]) -> Option<&'n str> {
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}

/// The kind of a name.
///
/// # Errors
/// When there is none; names what was probably meant.
pub fn find_kind(schema: &Schema, name: &str) -> Result<KindId, ClaimError> {
    schema.find_kind(name).ok_or_else(|| {
        let names = schema.kinds.iter().flat_map(|kind| [kind.zh.as_str(), kind.en.as_str()]);
        let nearest = nearest(name, names).into_iter().map(str::to_owned).collect();
        ClaimError::UnknownKind { name: name.to_owned(), nearest }
    })
}

/// Refuses a record with a field its kind does not have.
pub(crate) fn refuse_unknown_fields(kind: &Kind, record: &Value) -> Result<(), ClaimError> {
    let object = record.as_object().ok_or_else(|| ClaimError::Shape(kind.en.clone()))?;
    let columns: Vec<&str> = object.keys().map(String::as_str).collect();
    refuse_unknown(kind, &columns, || kind.en.clone())
}

fn refuse_unknown(kind: &Kind, columns: &[&str], place: impl FnOnce() -> String) -> Result<(), ClaimError> {
    let stranger = columns.iter().find(|name| !kind.fields.iter().any(|field| field.answers_to(name)));
    match stranger {
        None => Ok(()),
        Some(name) => Err(ClaimError::UnknownField {
            place: place(),
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

fn push(builder: &mut RecordsBuilder<'_>, header: &Header, line: u64, row: &Row<'_>) {
    for (name, value) in row {
        if let Some((value, reason)) = fault(value) {
            let counts = builder.counts.entry(header.kind).or_default();
            counts.read = counts.read.saturating_add(1);
            builder.reject(header, line, Fault { column: Some(name.clone().into_owned()), value, reason });
            return;
        }
    }
    builder.push_row(header, line, |column| match row.get(column) {
        Some((_, Scalar::Text(text))) => Cell::Text(text),
        Some((_, Scalar::Null | Scalar::TooLong(_) | Scalar::Nested(_))) | None => Cell::Missing,
    });
}

/// The text of a value that cannot be a cell, and why not.
fn fault(value: &Scalar<'_>) -> Option<(String, Text)> {
    match value {
        Scalar::Null | Scalar::Text(_) => None,
        Scalar::TooLong(number) => Some((
            Value::from(*number).to_string(),
            Text::new(
                "数位超出 JSON 数的精度，请写成文本",
                "more digits than a JSON number keeps; write it as text",
            ),
        )),
        Scalar::Nested(value) => {
            Some((value.to_string(), Text::new("应为单个值", "expected a single value")))
        }
    }
}
