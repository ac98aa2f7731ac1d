//! Files that have been opened, in every format.
//!
//! In: a file by name and format. Out: its rows, or its columns, and its hash.
//! Invariant: a format that was left out of the build is refused by name.

use super::batch::Batch;
use super::bytes::{Data, HashHandle};
use super::decode;
use super::delimited::Delimited;
use super::name::{FileFormat, FileName};
use super::ndjson::JsonLines;
use super::portion::Rows;
use crate::error::Error;

/// Opens a file.
pub(crate) fn open(
    (name, data): (&FileName, &Data),
    format: FileFormat,
    limit: usize,
) -> Result<OpenedFile, Error> {
    let file = &name.shown;
    let broken = |error: std::io::Error| Error::broken(file, &error);
    let text = || -> Result<_, Error> {
        let (input, hash) = data.unpacked().map_err(broken)?;
        Ok((decode::text(input).map_err(broken)?, hash))
    };
    Ok(match format {
        FileFormat::Delimited(separator) => {
            let (input, hash) = text()?;
            let rows = Delimited::open(file, input, separator, limit)?;
            OpenedFile::rows(Streamed { file: file.clone(), rows }, Hash::Later(hash))
        }
        FileFormat::JsonLines => {
            let (input, hash) = text()?;
            let rows = JsonLines::open(input, limit);
            OpenedFile::rows(Streamed { file: file.clone(), rows }, Hash::Later(hash))
        }
        #[cfg(feature = "parquet")]
        FileFormat::Parquet => {
            let rows = super::parquet::ParquetRows::open(file, data)?;
            OpenedFile { source: Opened::Columns(Box::new(rows)), hash: Hash::Known(String::new()) }
        }
        #[cfg(not(feature = "parquet"))]
        FileFormat::Parquet => return Err(left_out(file, "Parquet")),
        FileFormat::Xlsx => return Err(left_out(file, "xlsx")),
    })
}

fn left_out(file: &str, format: &str) -> Error {
    Error::file(file, &format!("此处不支持 {format}"), &format!("{format} is not supported here"))
}

/// A file that has been opened.
pub(crate) struct OpenedFile {
    pub(crate) source: Opened,
    /// The hash of its bytes; columns are hashed while they are read.
    pub(crate) hash: Hash,
}

pub(crate) enum Opened {
    /// Row by row.
    Rows(Box<dyn Rows>),
    /// Column by column.
    #[cfg(feature = "parquet")]
    Columns(Box<super::parquet::ParquetRows>),
}

impl OpenedFile {
    pub(crate) fn rows(rows: impl Rows + 'static, hash: Hash) -> Self {
        Self { source: Opened::Rows(Box::new(rows)), hash }
    }
}

/// The hash of a file: known, or known once it has been read.
pub(crate) enum Hash {
    Known(String),
    Later(HashHandle),
}

impl Hash {
    pub(crate) fn hex(&self) -> String {
        match self {
            Hash::Known(hex) => hex.clone(),
            Hash::Later(handle) => handle.hex(),
        }
    }
}

#[cfg(feature = "xlsx")]
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    format!("{:x}", Sha256::digest(bytes))
}

/// Rows of a format, under the name of their file.
pub(crate) struct Streamed<R> {
    pub(crate) file: String,
    pub(crate) rows: R,
}

impl Rows for Streamed<Delimited> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        self.rows.fill(batch).map_err(|error| Error::broken(&self.file, &error))
    }
}

impl Rows for Streamed<JsonLines> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        self.rows.fill(batch).map_err(|error| Error::broken(&self.file, &error))
    }
}

#[cfg(feature = "parquet")]
impl Rows for Streamed<super::parquet::ParquetRows> {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        self.rows.fill(&self.file, batch)
    }
}

#[cfg(feature = "xlsx")]
impl Rows for super::xlsx::SheetRows {
    fn fill(&mut self, batch: &mut Batch) -> Result<bool, Error> {
        Ok(super::xlsx::SheetRows::fill(self, batch))
    }
}
