//! Files as they come, one after the other, and the records they make.
//!
//! In: named bytes. Out: what became of each file; the records, once asked for.
//! Invariant: what was read is in one place: set aside while files may come, and read out from the first run on.

use jihe::model::schema::Schema;
use jihe::wire::{ColumnLine, FileLine, usage_json};
use jihe_io::{FileRead, Input, InputReader, Layout, NamedBytes, PausedReader, ReadOptions};
use serde::Deserialize;

/// How to read, as JavaScript says it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    layout: Option<String>,
    mapping: Option<String>,
}

/// What has been read.
#[derive(Debug)]
pub(crate) enum Reading {
    /// More may come; what the files so far make, if somebody asked.
    Open(Option<PausedReader>, Option<Input>),
    /// A run has begun.
    Closed(Input),
}

impl Default for Reading {
    fn default() -> Self {
        Reading::Open(None, None)
    }
}

impl Reading {
    /// Reads a file: what became of it, as JSON.
    pub(crate) fn add(
        &mut self,
        schema: &Schema,
        (name, bytes): (String, Vec<u8>),
        options: &str,
    ) -> Result<String, String> {
        let options = read_options(options)?;
        let Reading::Open(paused, known) = self else {
            return Err(usage_json(
                "稽核已开始，不能再加文件：请新建 Auditor",
                "the audit has begun, no file can be added: make a new Auditor",
            ));
        };
        let mut reader = match paused.take() {
            Some(paused) => paused.resume(schema),
            None => InputReader::new(schema, &options).map_err(told)?,
        };
        *known = None;
        let read = reader.add(NamedBytes { name, bytes });
        *paused = Some(reader.pause());
        let lines: Vec<FileLine<'_>> = read.iter().map(line).collect();
        Ok(jihe::wire::files_json(&lines))
    }

    /// The records so far.
    pub(crate) fn input(&mut self, schema: &Schema) -> &Input {
        match self {
            Reading::Closed(input) => input,
            Reading::Open(paused, known) => known.get_or_insert_with(|| finish(paused.clone(), schema)),
        }
    }

    /// The records, for good.
    pub(crate) fn close(&mut self, schema: &Schema) -> &mut Input {
        if let Reading::Open(paused, known) = self {
            let input = known.take().unwrap_or_else(|| finish(paused.take(), schema));
            *self = Reading::Closed(input);
        }
        match self {
            Reading::Closed(input) => input,
            Reading::Open(_, known) => known.get_or_insert_with(Input::default),
        }
    }
}

fn finish(paused: Option<PausedReader>, schema: &Schema) -> Input {
    paused.map(|paused| paused.resume(schema).finish()).unwrap_or_default()
}

fn read_options(options: &str) -> Result<ReadOptions, String> {
    let options: Options = serde_json::from_str(options).map_err(|error| {
        usage_json(&format!("参数 JSON 有误：{error}"), &format!("malformed argument JSON: {error}"))
    })?;
    let layout = match options.layout.as_deref() {
        None | Some("folder") => Layout::Folder,
        Some("feijian2024") => Layout::Feijian2024,
        Some(other) => {
            return Err(usage_json(
                &format!("没有布局 `{other}`；可用：folder、feijian2024"),
                &format!("there is no layout `{other}`; there are: folder, feijian2024"),
            ));
        }
    };
    Ok(ReadOptions { layout, mapping: options.mapping, ..ReadOptions::default() })
}

fn told(error: jihe_io::Error) -> String {
    usage_json(error.message(jihe::Language::Chinese), error.message(jihe::Language::English))
}

fn line(read: &FileRead) -> FileLine<'_> {
    let columns = read.columns.iter();
    FileLine {
        file: &read.file,
        kind: read.kind.as_deref(),
        rows: read.rows,
        accepted: read.accepted,
        rejected: read.rejected,
        columns: columns.map(|one| ColumnLine { header: &one.header, field: one.field.as_deref() }).collect(),
        problem: read.problem.as_deref(),
        problem_en: read.problem_en.as_deref(),
    }
}
