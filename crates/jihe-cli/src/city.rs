//! A synthetic city on disk.
//!
//! In: rows from the generator. Out: one CSV or Parquet file a record kind in a folder, the promises always as CSV.
//! Invariant: rows go to disk as they come, so memory does not grow with the city; the first failure is kept and told at
//! the end, since the generator itself cannot fail.

mod parquet;

use crate::args::CityFormat;
use crate::outcome::Failure;
use jihe_synth::{PROMISES, Row, Sink};
use parquet::ParquetTable;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file being written.
enum Table {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<ParquetTable>),
}

/// Writes a city as it is made.
pub(crate) struct CityFolder {
    folder: PathBuf,
    format: CityFormat,
    files: BTreeMap<&'static str, Table>,
    rows: u64,
    failure: Option<Failure>,
}

impl CityFolder {
    /// Makes the folder; it must be absent, empty, or hold an earlier city.
    pub(crate) fn create(folder: &Path, format: CityFormat) -> Result<Self, Failure> {
        let shown = folder.display();
        let taken = folder.is_dir()
            && !folder.join("truth.csv").is_file()
            && std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if taken {
            return Err(Failure::usage(
                format!("{shown} 里有别的文件；请换一个 --out"),
                format!("{shown} holds other files; choose another --out"),
            ));
        }
        if folder.is_dir() {
            std::fs::remove_dir_all(folder).map_err(|error| Failure::path(folder, &error))?;
        }
        std::fs::create_dir_all(folder).map_err(|error| Failure::path(folder, &error))?;
        let folder = folder.to_path_buf();
        Ok(Self { folder, format, files: BTreeMap::new(), rows: 0, failure: None })
    }

    /// Closes the files and says how many rows were written.
    pub(crate) fn finish(self) -> Result<u64, Failure> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        for (name, table) in self.files {
            let closed = match table {
                Table::Csv(mut file) => file.flush(),
                Table::Parquet(table) => table.finish(),
            };
            closed.map_err(|error| Failure::path(&self.folder.join(name), &error))?;
        }
        Ok(self.rows)
    }

    fn write(&mut self, name: &'static str, header: &[&str], row: &Row) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::path(&self.folder.join(name), &error);
        if !self.files.contains_key(name) {
            let table = open(&self.folder, name, header, self.format).map_err(failed)?;
            self.files.insert(name, table);
        }
        match self.files.get_mut(name) {
            Some(Table::Csv(writer)) => {
                writer.write_record(row.cells()).map_err(std::io::Error::other).map_err(failed)?;
            }
            Some(Table::Parquet(table)) => table.push(row).map_err(failed)?,
            None => {}
        }
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }
}

fn open(folder: &Path, name: &str, header: &[&str], format: CityFormat) -> std::io::Result<Table> {
    let kind = name.trim_end_matches(".csv");
    if format == CityFormat::Parquet && !PROMISES.contains(&name) {
        let path = folder.join(format!("{kind}.parquet"));
        return Ok(Table::Parquet(Box::new(ParquetTable::create(&path, kind, header)?)));
    }
    let mut writer = csv::Writer::from_writer(BufWriter::new(File::create(folder.join(name))?));
    writer.write_record(header).map_err(std::io::Error::other)?;
    Ok(Table::Csv(Box::new(writer)))
}

impl Sink for CityFolder {
    fn row(&mut self, file: &'static str, header: &'static [&'static str], row: &Row) {
        if self.failure.is_none() {
            self.failure = self.write(file, header, row).err();
        }
    }

    fn text(&mut self, file: &'static str, text: &str) {
        let path = self.folder.join(file);
        let written = File::create(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            self.failure.get_or_insert(Failure::path(&path, &error));
        }
    }
}
