//! CSV and TSV files.
//!
//! In: a file, UTF-8 with or without a byte order mark. Out: rows pushed to the builder, their number, the file's hash.
//! Invariant: the hash is of the bytes as they are on disk; a row of the wrong length is read as far as it goes.

use super::Reader;
use crate::error::Error;
use csv::ByteRecord;
use jihe::model::ingest::Cell;
use jihe::model::schema::KindId;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Reads one file.
pub(super) fn read(
    reader: &mut Reader<'_>,
    kind: KindId,
    path: &Path,
    separator: u8,
) -> Result<(u64, String), Error> {
    let file = File::open(path).map_err(|error| Error::read(path, &error))?;
    let mut hashing = Hashing { inner: file, hasher: Sha256::new() };
    let rows = {
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(BufReader::with_capacity(1 << 18, &mut hashing));
        read_rows(reader, kind, path, &mut csv)?
    };
    Ok((rows, hashing.finish().map_err(|error| Error::read(path, &error))?))
}

fn read_rows<R: Read>(
    reader: &mut Reader<'_>,
    kind: KindId,
    path: &Path,
    csv: &mut csv::Reader<R>,
) -> Result<u64, Error> {
    let mut record = ByteRecord::new();
    let failed = |error: csv::Error| Error::read(path, &error);
    if !csv.read_byte_record(&mut record).map_err(failed)? {
        let shown = path.display();
        return Err(Error::unreadable(
            format!("{shown} 是空文件，没有列名"),
            format!("{shown} is empty: no column names"),
        ));
    }
    let names: Vec<String> = record.iter().map(|cell| column_name(path, cell)).collect::<Result<_, _>>()?;
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let header = reader.header(kind, path, &names)?;
    let mut rows = 0u64;
    while csv.read_byte_record(&mut record).map_err(failed)? {
        let line = record.position().map_or(0, csv::Position::line);
        reader.builder.push_row(&header, line, |column| cell(&record, column));
        rows = rows.saturating_add(1);
    }
    Ok(rows)
}

fn column_name(path: &Path, cell: &[u8]) -> Result<String, Error> {
    let cell = cell.strip_prefix("\u{feff}".as_bytes()).unwrap_or(cell);
    let shown = path.display();
    std::str::from_utf8(cell).map(|name| name.trim().to_owned()).map_err(|_| {
        Error::unreadable(
            format!("{shown}：列名不是 UTF-8"),
            format!("{shown}: the column names are not UTF-8"),
        )
    })
}

fn cell(record: &ByteRecord, column: usize) -> Cell<'_> {
    match record.get(column).map(std::str::from_utf8) {
        None => Cell::Missing,
        Some(Ok(text)) => Cell::Text(text),
        Some(Err(_)) => Cell::Unreadable,
    }
}

/// Hashes what passes through.
struct Hashing {
    inner: File,
    hasher: Sha256,
}

impl Hashing {
    /// Reads what is left and gives the hash of everything.
    fn finish(mut self) -> io::Result<String> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(format!("{:x}", self.hasher.finalize()))
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
