//! The description of a mapping, read from TOML.
//!
//! In: text. Out: [`Mapping`].
//! Invariant: every key, kind and field is known, or the error names it, its place, and the nearest name there is.

use super::{Lookup, Mapping, RecordMap, Source, TableNote};
use crate::error::Error;
use jihe::model::nearest::nearest;
use jihe::model::schema::{FieldId, Kind, Schema};
use std::collections::BTreeMap;
use toml::{Table, Value};

const TOP: &[&str] = &["version", "description", "file", "lookup", "table", "optional"];
const FILE: &[&str] = &[
    "name",
    "kind",
    "fields",
    "repeat",
    "split",
    "separator",
    "one_per_key",
    "needs",
    "only",
    "except",
    "optional",
];
const SOURCE: &[&str] = &[
    "column", "join", "with", "value", "number", "digest", "first", "map", "else", "lookup", "keep", "times",
    "positive", "optional",
];
const LOOKUP: &[&str] = &["file", "key", "value"];
const TABLE: &[&str] =
    &["name", "zh", "columns", "required", "present", "refunds", "id", "sum", "date", "refund", "of", "must"];

/// A place in the description, for messages.
#[derive(Clone)]
struct At<'a> {
    file: &'a str,
    path: String,
}

impl At<'_> {
    fn below(&self, key: &str) -> Self {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        At { file: self.file, path }
    }

    fn error(&self, zh: &str, en: &str) -> Error {
        let At { file, path } = self;
        Error::usage(format!("{file}：{path}：{zh}"), format!("{file}: {path}: {en}"))
    }

    fn unknown<'n>(&self, what: (&str, &str), name: &str, names: impl IntoIterator<Item = &'n str>) -> Error {
        let near = nearest(name, names);
        let (mut zh, mut en) = (String::new(), String::new());
        if !near.is_empty() {
            zh = format!("，是否指“{}”", near.join("”“"));
            en = format!("; did you mean `{}`", near.join("`, `"));
        }
        self.error(&format!("没有{}“{name}”{zh}", what.0), &format!("there is no {} `{name}`{en}", what.1))
    }
}

pub(super) fn mapping(schema: &Schema, name: &str, text: &str) -> Result<Mapping, Error> {
    let top: Table = text.parse().map_err(|error: toml::de::Error| {
        Error::usage(
            format!("{name} 不是合法的 TOML（中文作键要加引号，如 \"就诊\" = \"ZYH\"）：{error}"),
            format!("{name} is not valid TOML (Chinese keys are quoted, as in \"就诊\" = \"ZYH\"): {error}"),
        )
    })?;
    let at = At { file: name, path: String::new() };
    known_keys(&at, &top, TOP)?;
    let optional = flag(&at, &top, "optional")?;
    let mut mapping = Mapping::default();
    for (number, file) in list(&at, &top, "file")?.into_iter().enumerate() {
        let at = at.below(&format!("file[{}]", number.saturating_add(1)));
        mapping.records.push(record(schema, &at, table(&at, file)?, optional)?);
    }
    if let Some(lookups) = top.get("lookup") {
        for (name, spec) in table(&at, lookups)? {
            let at = at.below("lookup").below(name);
            let spec = table(&at, spec)?;
            known_keys(&at, spec, LOOKUP)?;
            mapping.lookups.push(Lookup {
                name: name.clone(),
                files: texts(&at, spec, "file")?,
                key: text_of(&at, spec, "key")?.unwrap_or_default(),
                value: text_of(&at, spec, "value")?.unwrap_or_default(),
            });
        }
    }
    for (number, note) in list(&at, &top, "table")?.into_iter().enumerate() {
        let at = at.below(&format!("table[{}]", number.saturating_add(1)));
        mapping.tables.push(table_note(&at, table(&at, note)?)?);
    }
    lookups_exist(&at, &mapping)?;
    if mapping.records.is_empty() {
        return Err(at.error("没有 [[file]]，没有可读的文件", "no [[file]]: nothing is mapped"));
    }
    Ok(mapping)
}

fn lookups_exist(at: &At<'_>, mapping: &Mapping) -> Result<(), Error> {
    let names: Vec<&str> = mapping.lookups.iter().map(|lookup| lookup.name.as_str()).collect();
    let used = mapping
        .records
        .iter()
        .flat_map(|record| &record.fields)
        .filter_map(|(_, source)| source.lookup.as_ref());
    for name in used {
        if !names.contains(&name.as_str()) {
            return Err(at.below("lookup").unknown(("查找表", "lookup"), name, names.iter().copied()));
        }
    }
    Ok(())
}

fn record(schema: &Schema, at: &At<'_>, file: &Table, optional: bool) -> Result<RecordMap, Error> {
    known_keys(at, file, FILE)?;
    let names = texts(at, file, "name")?;
    if names.is_empty() {
        return Err(
            at.error("缺少 name：文件名（不含后缀）", "no `name`: the name of the file without its ending")
        );
    }
    let kind_name = text_of(at, file, "kind")?
        .ok_or_else(|| at.error("缺少 kind：记录种类", "no `kind`: the kind of record"))?;
    let id = schema.find_kind(&kind_name).ok_or_else(|| {
        let names = schema.kinds.iter().flat_map(|kind| [kind.zh.as_str(), kind.en.as_str()]);
        at.below("kind").unknown(("记录种类", "kind"), &kind_name, names)
    })?;
    let kind = schema.kind(id).ok_or_else(|| at.error("未知的记录种类", "unknown kind"))?;
    let mut fields = Vec::new();
    if let Some(value) = file.get("fields") {
        let at = at.below("fields");
        for (name, value) in table(&at, value)? {
            fields.push((field(&at, kind, name)?, source(&at.below(name), value)?));
        }
    }
    let key = kind.fields.iter().position(|field| field.required);
    let has_key = fields.iter().any(|(id, _)| key == Some(usize::from(id.0)));
    if let Some(required) = key.and_then(|key| kind.fields.get(key)).filter(|_| !has_key) {
        return Err(at.below("fields").error(
            &format!("{} 缺少主键“{}”", kind.zh, required.zh),
            &format!("{} has no `{}`, its key", kind.en, required.en),
        ));
    }
    let needs = texts(at, file, "needs")?;
    Ok(RecordMap {
        files: names,
        kind: id,
        key: key.and_then(|key| u16::try_from(key).ok()).map(FieldId),
        repeat: repeat(at, file)?,
        split: texts(at, file, "split")?,
        separator: text_of(at, file, "separator")?
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| "|".to_owned()),
        one_per_key: flag(at, file, "one_per_key")?,
        needs: needs.iter().map(|name| field(&at.below("needs"), kind, name)).collect::<Result<_, _>>()?,
        only: conditions(at, file, "only")?,
        except: conditions(at, file, "except")?,
        optional: optional || flag(at, file, "optional")?,
        fields,
    })
}

fn field(at: &At<'_>, kind: &Kind, name: &str) -> Result<FieldId, Error> {
    kind.find_field(name).ok_or_else(|| {
        let names = kind.fields.iter().flat_map(|field| {
            [field.zh.as_str(), field.en.as_str()].into_iter().chain(field.national.as_deref())
        });
        at.unknown((&format!("{}的字段", kind.zh), &format!("field of {}", kind.en)), name, names)
    })
}

fn source(at: &At<'_>, value: &Value) -> Result<Source, Error> {
    if let Some(column) = value.as_str() {
        return Ok(Source { columns: vec![column.to_owned()], ..Source::default() });
    }
    let spec = table(at, value)?;
    known_keys(at, spec, SOURCE)?;
    let mut map = BTreeMap::new();
    if let Some(pairs) = spec.get("map") {
        for (from, to) in table(&at.below("map"), pairs)? {
            map.insert(from.clone(), scalar(&at.below("map").below(from), to)?);
        }
    }
    let source = Source {
        columns: texts(at, spec, "column")?,
        join: texts(at, spec, "join")?,
        with: text_of(at, spec, "with")?.unwrap_or_else(|| "-".to_owned()),
        value: text_of(at, spec, "value")?,
        number: spec.get("number").map(|value| integer(&at.below("number"), value)).transpose()?,
        digest: flag(at, spec, "digest")?,
        first: flag(at, spec, "first")?,
        map,
        otherwise: text_of(at, spec, "else")?,
        lookup: text_of(at, spec, "lookup")?,
        keep: flag(at, spec, "keep")?,
        times: text_of(at, spec, "times")?,
        positive: flag(at, spec, "positive")?,
        optional: flag(at, spec, "optional")?,
    };
    let ways = [
        !source.columns.is_empty(),
        !source.join.is_empty(),
        source.value.is_some(),
        source.number.is_some(),
    ];
    match ways.iter().filter(|way| **way).count() {
        1 => Ok(source),
        0 if source.digest => Ok(source),
        0 => Err(at
            .error("应有 column、join、value 或 number 之一", "expected one of column, join, value, number")),
        _ => {
            Err(at.error("column、join、value、number 只能有一个", "only one of column, join, value, number"))
        }
    }
}

fn table_note(at: &At<'_>, note: &Table) -> Result<TableNote, Error> {
    known_keys(at, note, TABLE)?;
    let text = |key: &str| text_of(at, note, key);
    Ok(TableNote {
        name: text("name")?.unwrap_or_default(),
        zh: text("zh")?.unwrap_or_default(),
        columns: texts(at, note, "columns")?,
        required: texts(at, note, "required")?,
        present: texts(at, note, "present")?,
        refunds: texts(at, note, "refunds")?,
        id: text("id")?,
        sum: text("sum")?,
        date: text("date")?,
        refund: text("refund")?,
        of: text("of")?,
        must: flag(at, note, "must")?,
    })
}

fn repeat(at: &At<'_>, file: &Table) -> Result<Option<(u32, u32)>, Error> {
    let Some(value) = file.get("repeat") else { return Ok(None) };
    let wrong = || at.below("repeat").error("写作 [1, 15]", "is written [1, 15]");
    let ends = value.as_array().filter(|ends| ends.len() == 2).ok_or_else(wrong)?;
    let end = |at: usize| ends.get(at).and_then(Value::as_integer).and_then(|end| u32::try_from(end).ok());
    match (end(0), end(1)) {
        (Some(from), Some(to)) if from <= to && to <= 1_000 => Ok(Some((from, to))),
        _ => Err(wrong()),
    }
}

fn conditions(at: &At<'_>, file: &Table, key: &str) -> Result<Vec<(String, Vec<String>)>, Error> {
    let Some(value) = file.get(key) else { return Ok(Vec::new()) };
    let at = at.below(key);
    let wanted = table(&at, value)?;
    wanted.keys().map(|column| Ok((column.clone(), texts(&at, wanted, column)?))).collect()
}

fn known_keys(at: &At<'_>, table: &Table, known: &[&str]) -> Result<(), Error> {
    match table.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(at.unknown(("配置项", "setting"), key, known.iter().copied())),
    }
}

fn table<'v>(at: &At<'_>, value: &'v Value) -> Result<&'v Table, Error> {
    value.as_table().ok_or_else(|| {
        at.error("应为表，如 { column = \"列名\" }", "expected a table such as { column = \"NAME\" }")
    })
}

fn list<'v>(at: &At<'_>, table: &'v Table, key: &str) -> Result<Vec<&'v Value>, Error> {
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items.iter().collect()),
        Some(_) => Err(at.below(key).error("应写作 [[…]]", "is written [[…]]")),
    }
}

/// A text, or a list of texts.
fn texts(at: &At<'_>, table: &Table, key: &str) -> Result<Vec<String>, Error> {
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(|item| scalar(&at.below(key), item)).collect(),
        Some(one) => Ok(vec![scalar(&at.below(key), one)?]),
    }
}

fn text_of(at: &At<'_>, table: &Table, key: &str) -> Result<Option<String>, Error> {
    table.get(key).map(|value| scalar(&at.below(key), value)).transpose()
}

fn scalar(at: &At<'_>, value: &Value) -> Result<String, Error> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Boolean(yes) => Ok(if *yes { "1" } else { "0" }.to_owned()),
        Value::Datetime(moment) => Ok(moment.to_string()),
        Value::Float(_) | Value::Array(_) | Value::Table(_) => Err(at.error("应为文本", "expected a text")),
    }
}

fn integer(at: &At<'_>, value: &Value) -> Result<i64, Error> {
    value.as_integer().ok_or_else(|| at.error("应为整数", "expected an integer"))
}

fn flag(at: &At<'_>, table: &Table, key: &str) -> Result<bool, Error> {
    match table.get(key) {
        None => Ok(false),
        Some(Value::Boolean(yes)) => Ok(*yes),
        Some(_) => Err(at.below(key).error("应为 true 或 false", "expected true or false")),
    }
}
