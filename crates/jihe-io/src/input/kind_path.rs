//! Files of one kind, whatever they are called.
//!
//! In: a kind, and the path of a file or of a folder of files. Out: their records, in the reader.
//! Invariant: only records of that kind come of it; files of a folder are read in the order of their paths.

use super::bytes::Data;
use super::folder::{inside, walk};
use super::name::{FileFormat, FileName};
use super::opened::open;
#[cfg(feature = "xlsx")]
use super::opened::{Hash, OpenedFile, hash_of};
use super::portion::Flow;
use super::reader::{InputReader, nameless, unknown_format};
use crate::error::Error;
use jihe::model::schema::KindId;
use std::path::{Path, PathBuf};

impl InputReader<'_> {
    /// Reads a file, or all files below a folder, as records of a kind; rejects call them `kind/name`. Of a workbook the
    /// sheet named for the kind is read, or the first.
    ///
    /// # Errors
    /// The kind is unknown; the path cannot be read, holds no claim file, or one that is cut off, damaged, empty or without
    /// the key of the kind.
    pub fn read_path(&mut self, kind: &str, path: &Path) -> Result<(), Error> {
        let id = self.schema().find_kind(kind).ok_or_else(|| nameless(kind))?;
        for (name, file) in files(kind, path)? {
            self.read_file(id, &name, &Data::Path(file))?;
        }
        Ok(())
    }

    fn read_file(&mut self, kind: KindId, name: &FileName, data: &Data) -> Result<(), Error> {
        match name.format {
            None => Err(unknown_format(&name.shown)),
            #[cfg(feature = "xlsx")]
            Some(FileFormat::Xlsx) => self.read_sheet(kind, name, data),
            Some(format) => {
                let opened = open((name, data), format, self.longest_row())?;
                self.read_rows((name, Some(kind)), opened, &mut Flow::keep())
            }
        }
    }

    #[cfg(feature = "xlsx")]
    fn read_sheet(&mut self, kind: KindId, name: &FileName, data: &Data) -> Result<(), Error> {
        let bytes = data.whole().map_err(|error| Error::broken(&name.shown, &error))?;
        let hash = hash_of(&bytes);
        let mut book = super::xlsx::Workbook::open(&name.shown, bytes.to_vec())?;
        let sheets = book.sheets();
        let named = sheets.iter().find(|sheet| self.schema().find_kind(sheet.trim()) == Some(kind));
        let chosen = named.or(sheets.first());
        let sheet = chosen.ok_or_else(|| Error::file(&name.shown, "没有工作表", "no sheets"))?;
        let shown = format!("{}#{sheet}", name.shown);
        let rows = book.rows(&shown, sheet)?;
        let place = FileName { shown, ..name.clone() };
        let opened = OpenedFile::rows(rows, Hash::Known(hash));
        self.read_rows((&place, Some(kind)), opened, &mut Flow::keep())
    }
}

/// The file, or the files below a folder, with the names they go by.
fn files(kind: &str, path: &Path) -> Result<Vec<(FileName, PathBuf)>, Error> {
    if !path.is_dir() {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(vec![(FileName::new(&format!("{kind}/{name}")), path.to_path_buf())]);
    }
    let mut found = Vec::new();
    walk(path, &mut found)?;
    if found.is_empty() {
        let shown = path.display();
        return Err(Error::unreadable(
            format!("{shown} 里没有可读的文件；可读 csv、tsv、ndjson、parquet、xlsx"),
            format!("{shown} holds no files that can be read: csv, tsv, ndjson, parquet or xlsx"),
        ));
    }
    let named = |file: PathBuf| (FileName::new(&format!("{kind}/{}", inside(path, &file))), file);
    Ok(found.into_iter().map(named).collect())
}
