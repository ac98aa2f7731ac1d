//! The output folder: findings, coverage, rejects.
//!
//! In: a report and what was read. Out: `findings.*`, `coverage.json`, `rejects.csv`.
//! Invariant: everything is written beside the folder first and renamed into place at the end.

mod findings_csv;
#[cfg(feature = "parquet")]
mod findings_parquet;

use crate::error::Error;
use crate::input::{FileRead, Input, KindRead};
use jihe::model::finding::Finding;
use jihe::{Manifest, Report};
use serde::Serialize;
use std::borrow::Borrow;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The format of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `findings.csv`: UTF-8, LF, RFC 4180.
    Csv {
        /// With a byte order mark, for Excel.
        bom: bool,
    },
    /// `findings.parquet`: amounts as Decimal128(18, 4).
    #[cfg(feature = "parquet")]
    Parquet,
    /// `findings.json`: one array, a finding a line.
    Json,
}

/// A folder to be written whole.
#[derive(Debug)]
pub struct OutputFolder {
    target: PathBuf,
}

/// `coverage.json`: the manifest and what was read.
#[derive(Serialize)]
struct CoverageFile<'a> {
    #[serde(flatten)]
    manifest: &'a Manifest,
    rows: &'a [KindRead],
    inputs: &'a [FileRead],
    ignored_columns: &'a [String],
}

impl OutputFolder {
    /// Says where to write. The folder must be absent, empty, or hold a previous run (contract 14).
    ///
    /// # Errors
    /// The path is a file, or a folder with something else in it.
    pub fn open(target: &Path) -> Result<Self, Error> {
        if target.is_dir() && !replaceable(target) {
            let shown = target.display();
            return Err(Error::usage(
                format!("{shown} 里有别的文件，不是上次的结果；请换一个 --out"),
                format!("{shown} holds other files and is no previous run; choose another --out"),
            ));
        }
        if target.exists() && !target.is_dir() {
            let shown = target.display();
            return Err(Error::usage(format!("{shown} 不是文件夹"), format!("{shown} is not a folder")));
        }
        Ok(Self { target: target.to_path_buf() })
    }

    /// Tells which folder to remove if the run is broken off while it is written.
    #[cfg(feature = "spill")]
    pub fn removed_with(&self, cleanup: &crate::spill::Cleanup) {
        cleanup.add(&self.beside("new"));
    }

    /// Writes everything and puts it in place.
    ///
    /// # Errors
    /// A file cannot be written; nothing is in place then.
    pub fn write(&self, report: &Report, input: &Input, format: Format) -> Result<(), Error> {
        self.write_all((report, input), format, report.findings().iter().map(Ok))
    }

    /// The same with the findings from elsewhere, one after the other.
    pub(crate) fn write_all<F: Borrow<Finding>>(
        &self,
        (report, input): (&Report, &Input),
        format: Format,
        findings: impl Iterator<Item = Result<F, Error>>,
    ) -> Result<(), Error> {
        let scratch = self.beside("new");
        remove(&scratch)?;
        fs::create_dir_all(&scratch).map_err(|error| Error::write(&scratch, &error))?;
        let written = write_findings(&scratch, format, findings)
            .and_then(|()| write_account(&scratch, report, input))
            .and_then(|()| self.put_in_place(&scratch));
        if written.is_err() {
            remove(&scratch)?;
        }
        written
    }

    fn put_in_place(&self, scratch: &Path) -> Result<(), Error> {
        let old = self.beside("old");
        remove(&old)?;
        let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(|error| Error::write(to, &error));
        if self.target.exists() {
            rename(&self.target, &old)?;
        }
        rename(scratch, &self.target)?;
        remove(&old)
    }

    /// A hidden name beside the target, on the same file system.
    fn beside(&self, what: &str) -> PathBuf {
        let name =
            self.target.file_name().map_or_else(|| "out".into(), |name| name.to_string_lossy().into_owned());
        let parent = self.target.parent().unwrap_or(Path::new(""));
        parent.join(format!(".{name}.{}.{what}", std::process::id()))
    }
}

fn replaceable(folder: &Path) -> bool {
    let empty = fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    let ours = fs::read_to_string(folder.join("coverage.json"))
        .is_ok_and(|text| text.contains("\"engine_version\""));
    empty || ours
}

fn remove(folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| Error::write(folder, &error))?;
    }
    Ok(())
}

fn write_findings<F: Borrow<Finding>>(
    folder: &Path,
    format: Format,
    findings: impl Iterator<Item = Result<F, Error>>,
) -> Result<(), Error> {
    let name = match format {
        Format::Csv { .. } => "findings.csv",
        #[cfg(feature = "parquet")]
        Format::Parquet => "findings.parquet",
        Format::Json => "findings.json",
    };
    let path = folder.join(name);
    let failed = |error: std::io::Error| Error::write(&path, &error);
    let mut out = BufWriter::with_capacity(1 << 18, fs::File::create(&path).map_err(failed)?);
    match format {
        Format::Csv { bom } => findings_csv::write(findings, bom, &mut out)?,
        #[cfg(feature = "parquet")]
        Format::Parquet => findings_parquet::write(findings, &mut out)?,
        Format::Json => write_json(findings, &mut out, &failed)?,
    }
    out.flush().map_err(failed)
}

/// One array, a finding a line.
fn write_json<F: Borrow<Finding>>(
    findings: impl Iterator<Item = Result<F, Error>>,
    out: &mut dyn Write,
    failed: &dyn Fn(std::io::Error) -> Error,
) -> Result<(), Error> {
    let mut before = "[\n";
    for finding in findings {
        out.write_all(before.as_bytes()).map_err(failed)?;
        let finding = finding?;
        let line = jihe::wire::finding_line(finding.borrow());
        serde_json::to_writer(&mut *out, &line).map_err(|error| failed(error.into()))?;
        before = ",\n";
    }
    let end = if before == ",\n" { "\n]\n" } else { "[]\n" };
    out.write_all(end.as_bytes()).map_err(failed)
}

fn write_account(folder: &Path, report: &Report, input: &Input) -> Result<(), Error> {
    let coverage = CoverageFile {
        manifest: report.manifest(),
        rows: &input.kinds,
        inputs: &input.files,
        ignored_columns: &input.ignored_columns,
    };
    let coverage = serde_json::to_string_pretty(&coverage).map_err(|error| Error::write(folder, &error))?;
    put(folder, "coverage.json", format!("{coverage}\n").as_bytes())?;
    if let Some(preflight) = &input.preflight {
        let checks = preflight.report(input.claims.records.run.coverage);
        let checks = serde_json::to_string_pretty(&checks).map_err(|error| Error::write(folder, &error))?;
        put(folder, "preflight.json", format!("{checks}\n").as_bytes())?;
    }
    put(folder, "rejects.csv", &findings_csv::rejects(&input.claims.rejects)?)
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(|error| Error::write(&path, &error))
}

/// Writes one file whole: beside its place first, then renamed over it.
///
/// # Errors
/// The file cannot be written.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let scratch = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    fs::write(&scratch, bytes).map_err(|error| Error::write(&scratch, &error))?;
    fs::rename(&scratch, path).map_err(|error| Error::write(path, &error))
}
