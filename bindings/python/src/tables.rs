//! Claims on their way in: tables by pointer, JSON rows and files, one after the other.
//!
//! In: tables of record kinds. Out: [`jihe::Claims`].
//! Invariant: a kind comes once; what was read does not depend on the threads or on how a table is cut into batches.

use crate::capsule;
use crate::errors::{error, of_file, of_rows, of_table};
use crate::ruleset::Ruleset;
use arrow_array::RecordBatch;
use jihe::Claims;
use jihe::model::ingest::{ClaimError, Draft, Needs, RecordsBuilder, find_kind};
use jihe::model::schema::{KindId, Schema};
use jihe_arrow::{IgnoredColumn, Reader, Rename};
use jihe_io::{Input, InputReader, ReadOptions, RenameColumn, RunFile};
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
    /// What is read of each kind.
    needs: Needs,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    draft: Draft,
    kinds: BTreeSet<KindId>,
    ignored: Vec<Ignored>,
    /// What was read, and kinds to be read again in full, once the reading has ended.
    settled: Option<Settled>,
}

/// Columns and fields, and whether pairs that do not fit are left to other tables.
type Pairs = (Vec<(String, String)>, bool);

/// The kind of the files it is meant for or none, a column and its field.
type KindRename = (Option<String>, String, String);

/// Table, column, similar fields.
type Ignored = (String, String, Vec<String>);

/// What a table's rows were, and which of its columns were renamed.
type Read = (u64, Vec<String>);

/// Of a reading of what the rules look at: whether the days of the run are given, and kinds to be read in full.
type Needed = (bool, Vec<String>);

/// What was read, and the kinds that have to be read again in full.
type Settled = (Claims, Vec<String>);

#[pymethods]
impl Tables {
    /// Nothing read yet; without `needed`, everything will be.
    #[new]
    fn new(rules: &Ruleset, threads: usize, needed: Option<Needed>) -> Self {
        let rules = rules.0.clone();
        let needs = needed.map(|needed| needs(&rules, &needed)).unwrap_or_default();
        let draft = RecordsBuilder::new(rules.schema()).reading(needs.clone()).pause();
        let state = Mutex::new(State { draft, ..State::default() });
        Self { rules, threads: threads.max(1), needs, state }
    }

    /// Reads a table by pointer; none if the object has no Arrow interface. `rename` pairs columns with fields, and says
    /// whether pairs that do not fit are left to other tables.
    fn add_table(&self, kind: &str, table: &Bound<'_, PyAny>, rename: Pairs) -> PyResult<Option<Read>> {
        let Some(batches) = capsule::import(table, kind)? else { return Ok(None) };
        let pairs = rename.0.iter().map(|(column, field)| (column.as_str(), field.as_str())).collect();
        let rename = Rename { pairs, lenient: rename.1 };
        table.py().detach(|| self.read_batches(kind, batches, &rename)).map(Some)
    }

    /// Reads rows given as a JSON array of objects.
    fn add_rows(&self, python: Python<'_>, kind: &str, rows: &str) -> PyResult<()> {
        python.detach(|| {
            self.with(kind, |builder| builder.push_json(kind, rows).map_err(|fault| of_rows(&fault)))
        })
    }

    /// Reads claims given as a JSON object with an array a kind.
    fn add_claims(&self, python: Python<'_>, claims: &str) -> PyResult<()> {
        python.detach(|| {
            let mut state = self.state();
            let mut builder = std::mem::take(&mut state.draft).resume(self.rules.schema());
            builder.push_claims_json(claims).map_err(|fault| of_rows(&fault))?;
            state.draft = builder.pause();
            Ok(())
        })
    }

    /// Reads a file, or a folder of files, of one kind; gives the columns renamed. `rename` is as for tables.
    fn add_path(tables: &Bound<'_, Self>, kind: &str, path: PathBuf, rename: Pairs) -> PyResult<Vec<String>> {
        let held = tables.get();
        tables.py().detach(|| held.read_path(kind, &path, rename))
    }

    /// Reads a folder with a file or folder a kind; renames are kind or none, column and field.
    fn add_folder(&self, python: Python<'_>, folder: PathBuf, rename: Vec<KindRename>) -> PyResult<()> {
        let rename = rename.into_iter().map(|(kind, column, field)| RenameColumn { kind, column, field });
        let mut options = self.options(rename.collect());
        let read = python.detach(|| {
            let dates = RunFile::read(&folder)?;
            if dates.as_of.is_some() && dates.coverage.is_some() {
                options.needs = std::mem::take(&mut options.needs).with_dates_given();
            }
            let mut input = Input::read_with(self.rules.schema(), &folder, &options)?;
            dates.apply(&mut input.claims.records.run);
            Ok(input)
        });
        let input = read.map_err(|fault: jihe_io::Error| of_file(&fault))?;
        let mut state = self.state();
        state.ignored.extend(input.ignored_columns.iter().filter_map(|told| ignored(told)));
        state.settled = Some((input.claims, Vec::new()));
        Ok(())
    }

    /// Ends the reading. Names the kinds that have to be read again in full: rows of theirs share a key, and only columns
    /// that were not read can tell whether they contradict each other.
    fn settle(&self, python: Python<'_>) -> Vec<String> {
        python.detach(|| self.settled(|(_, again)| again.clone()))
    }

    /// Columns that no field goes by: table, column, similar fields.
    fn ignored(&self) -> Vec<Ignored> {
        self.state().ignored.clone()
    }
}

impl Tables {
    /// Hands over what was read; nothing is left. Days that a folder tells are those of its records' run.
    pub(crate) fn finish(&self, python: Python<'_>) -> PyResult<Claims> {
        let (claims, again) = python.detach(|| self.settled(std::mem::take));
        let Some(kind) = again.first() else { return Ok(claims) };
        Err(error(
            "claims",
            &format!("表 {kind} 须再读一遍，读其全部列"),
            &format!("table {kind} has to be read again, all columns of it"),
        ))
    }

    /// Ends the reading, and gives what was read.
    fn settled<T>(&self, give: impl FnOnce(&mut Settled) -> T) -> T {
        let mut state = self.state();
        let State { draft, settled, .. } = &mut *state;
        give(settled.get_or_insert_with(|| {
            let schema = self.rules.schema();
            let read = std::mem::take(draft).resume(schema).finish();
            let name = |id: &KindId| schema.kind(*id).map(|kind| kind.en.clone());
            let again = read.read_again.iter().filter_map(name).collect();
            (Claims { records: read.records, rejects: read.rejects }, again)
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

    fn read_path(&self, kind: &str, path: &Path, (pairs, lenient): Pairs) -> PyResult<Vec<String>> {
        let mut state = self.state();
        let schema = self.rules.schema();
        once(schema, &mut state, kind)?;
        let rename = pairs.into_iter().map(|(column, field)| RenameColumn { kind: None, column, field });
        let options = self.options(rename.collect());
        let mut reader = InputReader::new(schema, &options).map_err(|fault| of_file(&fault))?;
        reader.read_path(kind, path).map_err(|fault| of_file(&fault))?;
        let idle = reader.idle_renames();
        if let (Some((_, why)), false) = (idle.first(), lenient) {
            return Err(error("usage", &why.zh, &why.en));
        }
        state.ignored.extend(reader.ignored_columns().iter().filter_map(|told| ignored(told)));
        let mut builder = std::mem::take(&mut state.draft).resume(schema);
        builder.append(reader.into_builder());
        state.draft = builder.pause();
        let used = options.rename.iter().enumerate();
        let used = used.filter(|(at, _)| idle.iter().all(|(place, _)| place != at));
        Ok(used.map(|(_, rename)| rename.column.clone()).collect())
    }

    fn options(&self, rename: Vec<RenameColumn>) -> ReadOptions {
        ReadOptions { threads: self.threads, rename, needs: self.needs.clone(), ..ReadOptions::default() }
    }
}

/// What the rules look at, the days of the run given or not, and some kinds in full.
fn needs(rules: &jihe::Ruleset, (dates_given, whole): &Needed) -> Needs {
    let needs = if *dates_given { rules.needs().with_dates_given() } else { rules.needs() };
    let schema = rules.schema();
    let found = whole.iter().filter_map(|name| schema.find_kind(name));
    let found = found.filter_map(|id| Some((id, schema.kind(id)?)));
    found.fold(needs, |needs, (id, kind)| needs.and_whole(kind, id))
}

/// A column that was left out though it is nearly a field's: `file: column (≈ field)`.
fn ignored(told: &str) -> Option<Ignored> {
    let (place, nearest) = told.strip_suffix(')')?.rsplit_once(" (≈ ")?;
    let (file, column) = place.split_once(": ")?;
    Some((file.to_owned(), column.to_owned(), vec![nearest.to_owned()]))
}

/// Refuses a kind that is unknown or came before, perhaps under its other name.
fn once(schema: &Schema, state: &mut State, kind: &str) -> PyResult<()> {
    let id = find_kind(schema, kind).map_err(|fault| of_rows(&fault))?;
    let origin = schema.kind(id).and_then(|kind| kind.raw_of).unwrap_or(id);
    if state.kinds.insert(origin) {
        return Ok(());
    }
    Err(of_rows(&ClaimError::KindTwice(kind.to_owned())))
}
