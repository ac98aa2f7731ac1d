//! A claim folder: one file (or sub-folder of files) a record kind.
//!
//! In: a folder and the schema. Out: [`Input`]: claims, rejects, and every file with its rows and hash.
//! Invariant: rows read = rows kept + rows rejected, for every kind.

mod parquet;
mod text;

use crate::error::Error;
use jihe::Claims;
use jihe::model::ingest::{Header, HeaderError, KindCounts, RecordsBuilder};
use jihe::model::schema::{KindId, Schema};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a folder held.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Records and rejected rows.
    pub claims: Claims,
    /// Every file read, in order of kind and path.
    pub files: Vec<InputFile>,
    /// `file: column` of columns that no field goes by; they were left out.
    pub ignored_columns: Vec<String>,
    /// Rows by kind.
    pub counts: BTreeMap<KindId, KindCounts>,
}

/// A file read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// English name of its kind.
    pub kind: String,
    /// Its path inside the folder.
    pub file: String,
    /// Data rows it holds.
    pub rows: u64,
    /// SHA-256 of its bytes, hex.
    pub hash: String,
}

impl Input {
    /// Reads every file of the folder that is named for a record kind.
    ///
    /// # Errors
    /// The folder cannot be read, holds no file of a record kind, or names a kind twice; a file is not CSV, TSV or Parquet.
    pub fn read(schema: &Schema, folder: &Path) -> Result<Self, Error> {
        let files = kind_files(schema, folder)?;
        if files.is_empty() {
            let shown = folder.display();
            return Err(Error::unreadable(
                format!("{shown} 里没有记录文件；每种记录一个文件，如 visit.csv、item.parquet 或 明细.csv"),
                format!("{shown} holds no record files; one file a kind, such as visit.csv or item.parquet"),
            ));
        }
        let mut reader = Reader { builder: RecordsBuilder::new(schema), folder, input: Input::default() };
        for (kind, paths) in &files {
            for path in paths {
                reader.read_file(schema, *kind, path)?;
            }
        }
        let Reader { builder, mut input, .. } = reader;
        let read = builder.finish();
        input.claims = Claims { records: read.records, rejects: read.rejects };
        input.counts = read.counts;
        Ok(input)
    }
}

/// A folder being read.
pub(crate) struct Reader<'a> {
    pub(crate) builder: RecordsBuilder<'a>,
    folder: &'a Path,
    input: Input,
}

impl Reader<'_> {
    fn read_file(&mut self, schema: &Schema, kind: KindId, path: &Path) -> Result<(), Error> {
        let name = self.shown(path);
        let (rows, hash) = match format_of(path) {
            Some(FileFormat::Text(separator)) => text::read(self, kind, path, separator)?,
            Some(FileFormat::Parquet) => parquet::read(self, kind, path)?,
            None => return Ok(()),
        };
        let kind = schema.kind(kind).map(|kind| kind.en.clone()).unwrap_or_default();
        self.input.files.push(InputFile { kind, file: name, rows, hash });
        Ok(())
    }

    /// Resolves the columns of a file.
    pub(crate) fn header(&mut self, kind: KindId, path: &Path, columns: &[&str]) -> Result<Header, Error> {
        let name = self.shown(path);
        let header = self.builder.header(kind, &name, columns).map_err(|error| no_header(&name, &error))?;
        let ignored = header.unknown.iter().map(|column| match column.nearest.first() {
            Some(nearest) => format!("{name}: {} (≈ {nearest})", column.name),
            None => format!("{name}: {}", column.name),
        });
        self.input.ignored_columns.extend(ignored);
        Ok(header)
    }

    /// The path inside the folder, with forward slashes.
    fn shown(&self, path: &Path) -> String {
        let inside = path.strip_prefix(self.folder).unwrap_or(path);
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

fn no_header(file: &str, error: &HeaderError) -> Error {
    match error {
        HeaderError::UnknownKind => {
            Error::usage(format!("{file}：未知的记录种类"), format!("{file}: unknown kind of record"))
        }
        HeaderError::NoKey(zh, en) => Error::usage(
            format!("{file}：没有主键列“{zh}”（{en}）"),
            format!("{file}: no column for the key `{en}` ({zh})"),
        ),
    }
}

enum FileFormat {
    /// CSV or TSV with its separator.
    Text(u8),
    Parquet,
}

fn format_of(path: &Path) -> Option<FileFormat> {
    let extension = path.extension()?.to_string_lossy().to_ascii_lowercase();
    match extension.as_str() {
        "csv" => Some(FileFormat::Text(b',')),
        "tsv" => Some(FileFormat::Text(b'\t')),
        "parquet" => Some(FileFormat::Parquet),
        _ => None,
    }
}

/// The files of each kind, in path order. A kind under two names is an error (contract 10).
fn kind_files(schema: &Schema, folder: &Path) -> Result<BTreeMap<KindId, Vec<PathBuf>>, Error> {
    let mut found: BTreeMap<KindId, Vec<PathBuf>> = BTreeMap::new();
    let mut names: BTreeMap<KindId, BTreeSet<String>> = BTreeMap::new();
    for path in entries(folder)? {
        let Some(stem) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else { continue };
        let Some(kind) = schema.find_kind(&stem) else { continue };
        let paths = if path.is_dir() {
            entries(&path)?.into_iter().filter(|path| format_of(path).is_some()).collect()
        } else if format_of(&path).is_some() {
            vec![path.clone()]
        } else {
            continue;
        };
        let shown = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        names.entry(kind).or_default().insert(shown);
        found.entry(kind).or_default().extend(paths);
    }
    if let Some(twice) = names.values().find(|names| names.len() > 1) {
        let list = twice.iter().map(String::as_str).collect::<Vec<_>>().join("、");
        return Err(Error::usage(
            format!("同一种记录有多份：{list}；请只留一份，或放进一个子文件夹"),
            format!(
                "one kind of record is there more than once: {list}; keep one, or put them in one sub-folder"
            ),
        ));
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::read(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
