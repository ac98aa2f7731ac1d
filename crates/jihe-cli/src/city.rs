//! A synthetic city on disk.
//!
//! In: rows from the generator. Out: one CSV file a table in a folder.
//! Invariant: the first failure is kept and told at the end; the generator itself cannot fail.

use crate::outcome::Failure;
use jihe_synth::{Row, Sink};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a city as it is made.
pub(crate) struct CityFolder {
    folder: PathBuf,
    files: BTreeMap<&'static str, csv::Writer<BufWriter<File>>>,
    rows: u64,
    failure: Option<Failure>,
}

impl CityFolder {
    /// Makes the folder; it must be absent, empty, or hold an earlier city.
    pub(crate) fn create(folder: &Path) -> Result<Self, Failure> {
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
        Ok(Self { folder: folder.to_path_buf(), files: BTreeMap::new(), rows: 0, failure: None })
    }

    /// Closes the files and says how many rows were written.
    pub(crate) fn finish(mut self) -> Result<u64, Failure> {
        for (name, file) in &mut self.files {
            if let Err(error) = file.flush() {
                return Err(Failure::path(&self.folder.join(name), &error));
            }
        }
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.rows),
        }
    }

    fn write(&mut self, name: &'static str, header: &[&str], row: &Row) -> Result<(), Failure> {
        let path = self.folder.join(name);
        let failed = |error: csv::Error| Failure::path(&path, &std::io::Error::other(error));
        if !self.files.contains_key(name) {
            let file = File::create(&path).map_err(|error| Failure::path(&path, &error))?;
            let mut writer = csv::Writer::from_writer(BufWriter::new(file));
            writer.write_record(header).map_err(failed)?;
            self.files.insert(name, writer);
        }
        let Some(writer) = self.files.get_mut(name) else { return Ok(()) };
        writer.write_record(row.cells()).map_err(failed)?;
        self.rows = self.rows.saturating_add(1);
        Ok(())
    }
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
