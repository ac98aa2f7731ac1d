//! The temporary folder that records spill to.
//!
//! In: where to make it, how much it will have to hold. Out: a folder of files that are appended to and read.
//! Invariant: the folder goes when its owner goes, whatever the reason; whoever holds a [`Cleanup`] can take it away before.

use super::size::shown;
use crate::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Folders to be removed when a run is broken off: hand one to the handler of Ctrl-C.
#[derive(Debug, Clone, Default)]
pub struct Cleanup {
    folders: Arc<Mutex<Vec<PathBuf>>>,
    begun: Arc<AtomicBool>,
}

impl Cleanup {
    /// Removes them. What is being written into may need a second try.
    pub fn remove_all(&self) {
        self.begun.store(true, Ordering::SeqCst);
        let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        for folder in folders.iter() {
            let gone = || !folder.exists() || std::fs::remove_dir_all(folder).is_ok();
            let _ = (0..20).any(|_| gone());
        }
    }

    /// Whether they are being removed: a run that fails then fails for that.
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::SeqCst)
    }

    pub(crate) fn add(&self, folder: &Path) {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).push(folder.to_path_buf());
    }
}

/// A temporary folder.
#[derive(Debug)]
pub(super) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    /// Makes a folder inside `parent` (by default the system's) if about `need` bytes are free there.
    pub(super) fn create(parent: Option<&Path>, need: u64, cleanup: &Cleanup) -> Result<Self, Error> {
        let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
        if !parent.is_dir() {
            let place = parent.display();
            return Err(Error::usage(
                format!("临时文件夹 {place} 不存在；请先建好，或换一个 --temp-dir"),
                format!(
                    "the temporary folder {place} does not exist; make it first, or choose another --temp-dir"
                ),
            ));
        }
        let free = fs4::available_space(&parent).map_err(|error| Error::read(&parent, &error))?;
        if free < need {
            let (place, free, need) = (parent.display(), shown(free), shown(need));
            return Err(Error::unreadable(
                format!(
                    "临时文件夹 {place} 所在磁盘只剩 {free}，约需 {need}；请用 --temp-dir 指到更大的磁盘，或加大 --memory"
                ),
                format!(
                    "only {free} are free on the disk of the temporary folder {place}, about {need} are needed; choose another disk with --temp-dir, or give more --memory"
                ),
            ));
        }
        let folder = tempfile::Builder::new().prefix("jihe-spill-").tempdir_in(&parent);
        let folder = folder.map_err(|error| Error::write(&parent, &error))?;
        cleanup.add(folder.path());
        Ok(Self { folder })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Adds bytes to the end of a file.
    pub(super) fn append(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = self.path(name);
        let file = OpenOptions::new().create(true).append(true).open(&path);
        file.and_then(|mut file| file.write_all(bytes)).map_err(|error| failed(&path, &error))
    }

    /// A file to be written from its beginning.
    pub(super) fn create_file(&self, name: &str) -> Result<(File, PathBuf), Error> {
        let path = self.path(name);
        let file = File::create(&path).map_err(|error| failed(&path, &error))?;
        Ok((file, path))
    }

    /// A file from its beginning; none if nothing was ever added to it.
    pub(super) fn open(&self, name: &str) -> Result<Option<BufReader<File>>, Error> {
        let path = self.path(name);
        match File::open(&path) {
            Ok(file) => Ok(Some(BufReader::with_capacity(1 << 17, file))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::read(&path, &error)),
        }
    }

    /// Removes a file, if there is one.
    pub(super) fn remove(&self, name: &str) {
        // The folder goes with all it holds; this only makes room early.
        drop(std::fs::remove_file(self.path(name)));
    }

    /// What to say of a file that cannot be read again.
    pub(super) fn damaged(&self, name: &str) -> Error {
        Error::read(&self.path(name), &"damaged")
    }
}

/// What cannot be written is most often a full disk.
pub(super) fn failed(path: &Path, error: &io::Error) -> Error {
    if error.kind() == io::ErrorKind::StorageFull {
        let place = path.parent().unwrap_or(path).display();
        return Error::unreadable(
            format!("临时文件夹 {place} 所在磁盘已满；请用 --temp-dir 指到更大的磁盘"),
            format!("the disk of the temporary folder {place} is full; choose another with --temp-dir"),
        );
    }
    Error::write(path, error)
}

/// Fills a buffer; false at the end of the input.
pub(super) fn read_exact(input: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match input.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
