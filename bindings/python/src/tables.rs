//! Claims on their way in: tables by pointer, JSON rows and files, one after the other.
//!
//! In: tables of record kinds. Out: [`jihe::Claims`].
//! Invariant: a kind comes once; what was read does not depend on the threads or on how a table is cut into batches.

use crate::capsule;
use crate::errors::{error, of_file, of_rows, of_table};
use crate::ruleset::Ruleset;
use arrow_array::RecordBatch;
use jihe::Claims;
use jihe::model::ingest::{ClaimError, Draft, RecordsBuilder};
use jihe::model::schema::{KindId, Schema};
use jihe_arrow::{IgnoredColumn, Reader, Rename};
use jihe_io::{FileRead, Input, InputReader, NamedBytes, ReadOptions};
use pyo3::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Rows held before they are read: enough for every thread to have a share.
const GATHERED: usize = 1 << 20;

/// Claims being read for a ruleset.
#[pyclass(frozen, module = "jihe._native")]
pub(crate) struct Tables {
    rules: jihe::Ruleset,
    threads: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    draft: Draft,
    kinds: BTreeSet<KindId>,
    ignored: Vec<(String, String, Vec<String>)>,
    /// A folder read whole, which is finished already.
    folder: Option<Claims>,
}

/// What a table's rows were, and which of its columns were renamed.
type Read = (u64, Vec<String>);

#[pymethods]
impl Tables {
    #[new]
    fn new(rules: &Ruleset, threads: usize) -> Self {
        Self { rules: rules.0.clone(), threads: threads.max(1), state: Mutex::default() }
    }

    /// Reads a table by pointer; none if the object has no Arrow interface. `rename` pairs columns with fields, and says
    /// whether pairs that do not fit are left to other tables.
    fn add_table(
        &self,
        kind: &str,
        table: &Bound<'_, PyAny>,
        rename: (Vec<(String, String)>, bool),
    ) -> PyResult<Option<Read>> {
        let Some(batches) = capsule::import(table, kind)? else { return Ok(None) };
        let pairs = rename.0.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
        let rename = Rename { pairs, lenient: rename.1 };
        table.py().detach(|| self.read_batches(kind, batches, &rename)).map(Some)
    }

    /// Reads rows given as a JSON array of objects.
    fn add_rows(&self, python: Python<'_>, kind: &str, rows: &str) -> PyResult<()> {
        python.detach(|| {
            let rows = parsed(rows)?;
            self.with(kind, |builder| builder.push_json(kind, &rows).map_err(|fault| of_rows(&fault)))
        })
    }

    /// Reads claims given as a JSON object with an array a kind.
    fn add_claims(&self, python: Python<'_>, claims: &str) -> PyResult<()> {
        python.detach(|| {
            let claims = parsed(claims)?;
            let kinds = claims.as_object().ok_or_else(|| of_rows(&ClaimError::Shape("$".to_owned())))?;
            for (kind, rows) in kinds {
                self.with(kind, |builder| builder.push_json(kind, rows).map_err(|fault| of_rows(&fault)))?;
            }
            Ok(())
        })
    }

    /// Reads a file, or a folder of files, of one kind.
    fn add_path(&self, python: Python<'_>, kind: &str, path: PathBuf) -> PyResult<()> {
        python.detach(|| self.read_files(kind, &path))
    }

    /// Reads a folder with a file or folder a kind.
    fn add_folder(&self, python: Python<'_>, folder: PathBuf) -> PyResult<()> {
        let options = ReadOptions { threads: self.threads, ..ReadOptions::default() };
        let read = python.detach(|| Input::read_with(self.rules.schema(), &folder, &options));
        let input = read.map_err(|fault| of_file(&fault))?;
        self.state().folder = Some(input.claims);
        Ok(())
    }

    /// Columns that no field goes by: table, column, similar fields.
    fn ignored(&self) -> Vec<(String, String, Vec<String>)> {
        self.state().ignored.clone()
    }
}

impl Tables {
    /// Hands over what was read; nothing is left.
    pub(crate) fn finish(&self, python: Python<'_>) -> PyResult<Claims> {
        let state = std::mem::take(&mut *self.state());
        if let Some(claims) = state.folder {
            return Ok(claims);
        }
        Ok(python.detach(|| {
            let read = state.draft.resume(self.rules.schema()).finish();
            Claims { records: read.records, rejects: read.rejects }
        }))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on with the builder, for a kind that has not come yet.
    fn with<T>(&self, kind: &str, read: impl FnOnce(&mut RecordsBuilder<'_>) -> PyResult<T>) -> PyResult<T> {
        let mut state = self.state();
        once(self.rules.schema(), &mut state, kind)?;
        let mut builder = std::mem::take(&mut state.draft).resume(self.rules.schema());
        let done = read(&mut builder)?;
        state.draft = builder.pause();
        Ok(done)
    }

    fn read_batches(&self, kind: &str, batches: capsule::Batches, rename: &Rename<'_>) -> PyResult<Read> {
        let mut state = self.state();
        let schema = self.rules.schema();
        once(schema, &mut state, kind)?;
        let builder = std::mem::take(&mut state.draft).resume(schema);
        let mut reader = Reader::with(schema, builder).validating();
        let faulty = |fault: jihe_arrow::Error| of_table(&fault);
        let mut table = reader.open((kind, kind), &batches.schema(), rename).map_err(faulty)?;
        let mut gathered: Vec<RecordBatch> = Vec::new();
        let (mut rows, mut held) = (0u64, 0usize);
        for batch in batches {
            let batch = batch.map_err(|fault| {
                error(
                    "claims",
                    &format!("读不了表 {kind}：{fault}"),
                    &format!("cannot read table {kind}: {fault}"),
                )
            })?;
            held += batch.num_rows();
            rows += batch.num_rows() as u64;
            gathered.push(batch);
            if held >= GATHERED {
                reader.read(&mut table, &gathered, self.threads).map_err(faulty)?;
                gathered.clear();
                held = 0;
            }
        }
        reader.read(&mut table, &gathered, self.threads).map_err(faulty)?;
        let told =
            |column: &IgnoredColumn| (column.table.clone(), column.column.clone(), column.nearest.clone());
        state.ignored.extend(reader.ignored().iter().map(told));
        state.draft = reader.into_builder().pause();
        Ok((rows, table.renamed))
    }

    fn read_files(&self, kind: &str, path: &Path) -> PyResult<()> {
        let mut state = self.state();
        let schema = self.rules.schema();
        once(schema, &mut state, kind)?;
        let options = ReadOptions { threads: self.threads, ..ReadOptions::default() };
        let mut reader = InputReader::new(schema, &options).map_err(|fault| of_file(&fault))?;
        for file in files(path)? {
            let bytes = std::fs::read(&file).map_err(|fault| unreadable(&file, &fault))?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            // The folder's name says what the file holds, whatever the file is called.
            let told = reader.add(NamedBytes { name: format!("{kind}/{name}"), bytes });
            told.into_iter().try_for_each(refused)?;
        }
        let mut builder = std::mem::take(&mut state.draft).resume(schema);
        builder.append(reader.into_builder());
        state.draft = builder.pause();
        Ok(())
    }
}

fn parsed(json: &str) -> PyResult<serde_json::Value> {
    serde_json::from_str(json).map_err(|fault| {
        error("claims", &format!("不是合法的 JSON：{fault}"), &format!("not valid JSON: {fault}"))
    })
}

/// Refuses a kind that is unknown or came before, perhaps under its other name.
fn once(schema: &Schema, state: &mut State, kind: &str) -> PyResult<()> {
    let Some(id) = schema.find_kind(kind) else {
        let names = schema.kinds.iter().flat_map(|known| [known.zh.as_str(), known.en.as_str()]);
        let near = jihe::model::nearest::nearest(kind, names);
        let (zh, en) = match near.first() {
            Some(near) => (format!("，是否指“{near}”"), format!("; did you mean `{near}`")),
            None => (String::new(), String::new()),
        };
        return Err(error(
            "claims",
            &format!("未知的记录种类“{kind}”{zh}"),
            &format!("unknown kind `{kind}`{en}"),
        ));
    };
    let origin = schema.kind(id).and_then(|kind| kind.raw_of).unwrap_or(id);
    if state.kinds.insert(origin) {
        return Ok(());
    }
    Err(error(
        "claims",
        &format!("“{kind}”以中文名和英文名各给出一次"),
        &format!("`{kind}` is given twice, under its Chinese and its English name"),
    ))
}

/// An error for a file that could not be read.
fn refused(read: FileRead) -> PyResult<()> {
    let Some(problem) = read.problem else { return Ok(()) };
    let problem_en = read.problem_en.unwrap_or_else(|| problem.clone());
    Err(error("files", &problem, &problem_en))
}

/// The file, or the files of a folder in order of name.
fn files(path: &Path) -> PyResult<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let entries = std::fs::read_dir(path).map_err(|fault| unreadable(path, &fault))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && !hidden(path))
        .collect();
    files.sort();
    if files.is_empty() {
        let shown = path.display();
        return Err(error("files", &format!("{shown} 里没有文件"), &format!("{shown} holds no files")));
    }
    Ok(files)
}

/// Spark and others leave such files beside the data.
fn hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['.', '_']))
}

fn unreadable(path: &Path, fault: &std::io::Error) -> PyErr {
    let shown = path.display();
    error("files", &format!("读不了 {shown}：{fault}"), &format!("cannot read {shown}: {fault}"))
}
