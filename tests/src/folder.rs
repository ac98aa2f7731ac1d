//! A folder of a test's own.
//!
//! In: a name no other test of the process uses, files. Out: paths, texts.
//! Invariant: the folder is empty when the test gets it, and goes when the test ends, however it ends.
#![expect(clippy::expect_used, reason = "test support writes files and fails loudly")]

use std::fs;
use std::path::{Path, PathBuf};

/// A folder below the system's folder for temporary files, which goes with this value.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("jihe-{name}-{}", std::process::id()));
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, in sub-folders that are made.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a temporary folder");
        fs::write(path, bytes).expect("a temporary file");
    }

    /// The text of a file.
    pub fn read(&self, name: &str) -> String {
        crate::text(self.0.join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}
