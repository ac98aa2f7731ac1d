//! Claim files: what they are called, how they are packed, what they hold.
//!
//! In: a folder or named bytes, and the schema. Out: [`Input`]: claims, rejects, and an account of every file.
//! Invariant: for every file rows = accepted + rejected, for every kind read = kept + rejected.

mod account;
mod batch;
mod bytes;
mod decode;
mod delimited;
#[cfg(feature = "fs")]
mod folder;
#[cfg(feature = "fs")]
mod kind_path;
mod lines;
mod name;
mod ndjson;
mod opened;
#[cfg(feature = "parquet")]
mod parquet;
mod portion;
mod reader;
mod rename;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use account::{ColumnRead, FileRead, KindRead};
#[cfg(feature = "spill")]
pub(crate) use account::{kinds_read, settle};
pub(crate) use batch::{Row, Sheet};
#[cfg(feature = "spill")]
pub(crate) use bytes::Data;
#[cfg(feature = "spill")]
pub(crate) use folder::files;
#[cfg(feature = "fs")]
pub use folder::samples;
#[cfg(feature = "spill")]
pub(crate) use name::{FileFormat, FileName};
#[cfg(feature = "spill")]
pub(crate) use portion::Flow;
pub use reader::{InputReader, PausedReader};

use crate::error::Error;
use crate::preflight::Preflight;
use jihe::Claims;
use jihe::model::ingest::{KindCounts, Needs};
use jihe::model::schema::{KindId, Schema};
use std::collections::BTreeMap;
#[cfg(feature = "fs")]
use std::path::Path;

/// A file that is in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedBytes {
    /// Its name, with folders if there are any: `item.csv`, `item/part-0.parquet`, `明细.csv.gz`.
    pub name: String,
    /// What it holds, as it is on disk.
    pub bytes: Vec<u8>,
}

/// How files are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// One file (or folder of files) a record kind, named by its English or Chinese name.
    #[default]
    Folder,
    /// The extraction list of the 2024 national inspections: `SETTLE_ZY`, `SETTLE_ZY_DETAIL`, `SETTLE_MZ` …, mapped to
    /// record kinds by `layouts/feijian2024.toml`, with its official checks ([`Input::preflight`]).
    Feijian2024,
}

/// How to read. What is read never depends on the threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    /// How the files are laid out.
    pub layout: Layout,
    /// A mapping (TOML, `docs/input.md`) of files that are laid out in another way; the others are read as the layout says.
    pub mapping: Option<String>,
    /// Threads; 1 where the feature `threads` is off.
    pub threads: usize,
    /// Columns that go by other names, in files that hold one kind each. [`Input::read_with`] refuses one that no file has a
    /// use for; [`InputReader::idle_renames`] tells them.
    pub rename: Vec<RenameColumn>,
    /// The longest row that is taken, in bytes; a longer one is rejected without being held.
    pub longest_row: usize,
    /// What the reading is for, as [`jihe::Ruleset::needs`] says; by default everything is read. Where rows of a kind read in
    /// part share a key, [`Input::read_again`] names the kind; [`Input::read_with`] has read it again, in full.
    pub needs: Needs,
}

/// A column that goes by another name than its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameColumn {
    /// The kind of the files it is meant for, under any of its names; none for all.
    pub kind: Option<String>,
    /// The column, as the files have it.
    pub column: String,
    /// The field, under any of its names.
    pub field: String,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            layout: Layout::default(),
            mapping: None,
            rename: Vec::new(),
            threads: 1,
            longest_row: 4 << 20,
            needs: Needs::default(),
        }
    }
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Records and rejected rows.
    pub claims: Claims,
    /// Every file, in the order in which they were read.
    pub files: Vec<FileRead>,
    /// `file: column` of columns that no field goes by; they were left out.
    pub ignored_columns: Vec<String>,
    /// What the official checks of the layout need; none for layouts that have none.
    pub preflight: Option<Preflight>,
    /// Rows by kind.
    pub counts: BTreeMap<KindId, KindCounts>,
    /// The same by name, for `coverage.json`.
    pub kinds: Vec<KindRead>,
    /// Kinds to be read again in full ([`jihe::model::ingest::Ingested::read_again`]).
    pub read_again: Vec<KindId>,
}

impl Input {
    /// Reads every file of a folder that is named for a record kind.
    ///
    /// # Errors
    /// As [`Input::read_with`].
    #[cfg(feature = "fs")]
    pub fn read(schema: &Schema, folder: &Path) -> Result<Self, Error> {
        Self::read_with(schema, folder, &ReadOptions::default())
    }

    /// Reads a folder, as the options say.
    ///
    /// # Errors
    /// The folder cannot be read, holds no file of a record kind, or names a kind twice; a file is cut off, damaged, empty
    /// or without the key of its kind. Then nothing is audited: a file read by half would be a wrong audit.
    #[cfg(feature = "fs")]
    pub fn read_with(schema: &Schema, folder: &Path, options: &ReadOptions) -> Result<Self, Error> {
        folder::read(schema, folder, options)
    }
}

/// Reads files that are in memory. A file that cannot be read is told in its [`FileRead::problem`], whole, and the others
/// are read.
///
/// # Errors
/// The mapping is no mapping.
pub fn read_files(schema: &Schema, files: Vec<NamedBytes>, options: &ReadOptions) -> Result<Input, Error> {
    let mut reader = InputReader::new(schema, options)?;
    let mut files = files;
    files.sort_by_key(|file| !reader.is_looked_up(&file.name));
    for file in files {
        reader.add(file);
    }
    Ok(reader.finish())
}
