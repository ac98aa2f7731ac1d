//! A claim folder on disk.
//!
//! In: a folder. Out: [`Input`].
//! Invariant: files are read in the order of their paths, and the first that cannot be read ends the reading.

use super::bytes::Data;
use super::name::FileName;
use super::reader::InputReader;
use super::{Input, ReadOptions};
use crate::error::Error;
use crate::mapping::Sample;
use jihe::model::schema::{KindId, Schema};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Reads a folder. Kinds read in part, in which rows turn out to share a key, are read in full the second time.
pub(super) fn read(schema: &Schema, folder: &Path, options: &ReadOptions) -> Result<Input, Error> {
    let mut input = read_once(schema, folder, options)?;
    let mut options = options.clone();
    while !input.read_again.is_empty() {
        for id in &input.read_again {
            let Some(kind) = schema.kind(*id) else { continue };
            options.needs = core::mem::take(&mut options.needs).and_whole(kind, *id);
        }
        input = read_once(schema, folder, &options)?;
    }
    Ok(input)
}

fn read_once(schema: &Schema, folder: &Path, options: &ReadOptions) -> Result<Input, Error> {
    let mut reader = InputReader::new(schema, options)?;
    for (name, path) in files(schema, folder, &reader)? {
        reader.read(&name, &Data::Path(path))?;
    }
    if let Some((_, why)) = reader.idle_renames().into_iter().next() {
        return Err(Error::usage(why.zh, why.en));
    }
    Ok(reader.finish())
}

/// The files of a folder in the order in which they are read, with the names they go by.
pub(crate) fn files(
    schema: &Schema,
    folder: &Path,
    reader: &InputReader<'_>,
) -> Result<Vec<(FileName, PathBuf)>, Error> {
    let mut files = kind_files(schema, folder, reader)?;
    files.sort_by_key(|path| !reader.is_looked_up(&inside(folder, path)));
    if files.is_empty() {
        let shown = folder.display();
        return Err(Error::unreadable(
            format!("{shown} 里没有记录文件；每种记录一个文件，如 visit.csv、item.parquet 或 明细.csv"),
            format!("{shown} holds no record files; one file a kind, such as visit.csv or item.parquet"),
        ));
    }
    Ok(files.into_iter().map(|path| (FileName::new(&inside(folder, &path)), path)).collect())
}

/// The first rows of every file in a folder, for [`crate::suggest`].
///
/// # Errors
/// The folder or a file cannot be read.
pub fn samples(schema: &Schema, folder: &Path) -> Result<Vec<Sample>, Error> {
    let reader = InputReader::new(schema, &ReadOptions::default())?;
    let mut samples: Vec<Sample> = Vec::new();
    for path in entries(folder)? {
        let mut files = Vec::new();
        if path.is_dir() {
            walk(&path, &mut files)?;
        } else {
            files.push(path.clone());
        }
        // The files of a sub-folder are parts of one table, which goes by the name of the folder.
        for file in files.into_iter().take(1) {
            let shown = inside(folder, &path);
            let name = FileName::new(&inside(folder, &file));
            if FileName::is_hidden(&shown) {
                continue;
            }
            let found = reader.sample(&name, &Data::Path(file))?;
            let part = path.is_dir();
            let named = |sample: Sample| if part { Sample { file: shown.clone(), ..sample } } else { sample };
            samples.extend(found.into_iter().map(named));
        }
    }
    Ok(samples)
}

/// The path inside the folder, with forward slashes.
pub(super) fn inside(folder: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(folder).unwrap_or(path);
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The files of each kind, in order of kind and path. A kind under two names is an error (contract 12).
fn kind_files(schema: &Schema, folder: &Path, reader: &InputReader<'_>) -> Result<Vec<PathBuf>, Error> {
    let mut found: BTreeMap<KindId, Vec<PathBuf>> = BTreeMap::new();
    let mut names: BTreeMap<KindId, BTreeSet<String>> = BTreeMap::new();
    let mut others = Vec::new();
    for path in entries(folder)? {
        let shown = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let name = FileName::new(&shown);
        if FileName::is_hidden(&shown) || (name.format.is_none() && !path.is_dir()) {
            continue;
        }
        let spoken = FileName { speaking: vec![shown.clone()], ..name.clone() };
        if reader.is_mapped(if path.is_dir() { &spoken } else { &name }) {
            if path.is_dir() {
                walk(&path, &mut others)?;
            } else {
                others.push(path);
            }
            continue;
        }
        let word = if path.is_dir() { Some(&shown) } else { name.speaking.last() };
        let Some(kind) = word.and_then(|word| schema.find_kind(word)) else {
            // A workbook may hold kinds by the names of its sheets.
            if is_workbook(&name) {
                others.push(path);
            }
            continue;
        };
        let mut paths = Vec::new();
        if path.is_dir() {
            walk(&path, &mut paths)?;
        } else {
            paths.push(path);
        }
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
    Ok(found.into_values().flatten().chain(others).collect())
}

fn is_workbook(name: &FileName) -> bool {
    name.format == Some(super::name::FileFormat::Xlsx)
}

/// The files below the folder of a kind, however deep.
pub(super) fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    for path in entries(folder)? {
        let shown = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if FileName::is_hidden(&shown) {
            continue;
        }
        if path.is_dir() {
            walk(&path, found)?;
        } else if FileName::new(&shown).format.is_some() {
            found.push(path);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::read(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}
