//! The bytes of a file, unpacked and hashed on the way.
//!
//! In: a path or bytes. Out: a reader of the unpacked bytes; the hash of those on disk.
//! Invariant: the packing is seen from the first bytes, not from the name; data that is cut off is an error, not an end.

#[cfg(feature = "zstd")]
mod zstd;

use crate::error::Said;
use sha2::{Digest, Sha256};
#[cfg(feature = "fs")]
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
#[cfg(feature = "fs")]
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Where the bytes are.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    #[cfg(feature = "fs")]
    Path(PathBuf),
    Bytes(Arc<Vec<u8>>),
}

/// Says what the hash of the bytes read is.
#[derive(Debug, Clone, Default)]
pub(crate) struct HashHandle(Arc<Mutex<Sha256>>);

impl HashHandle {
    pub(crate) fn hex(&self) -> String {
        let hasher = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        format!("{:x}", hasher.finalize())
    }

    fn update(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).update(bytes);
    }
}

/// A reader that may be sent to another thread.
pub(crate) type BoxedRead = Box<dyn BufRead + Send>;

impl Data {
    /// The bytes as they are on disk.
    pub(crate) fn raw(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            #[cfg(feature = "fs")]
            Data::Path(path) => Ok(Box::new(File::open(path)?)),
            Data::Bytes(bytes) => Ok(Box::new(Cursor::new(Shared(Arc::clone(bytes))))),
        }
    }

    /// All bytes as they are on disk, unpacked if they are packed.
    #[cfg(any(feature = "xlsx", feature = "parquet"))]
    pub(crate) fn whole(&self) -> io::Result<Arc<Vec<u8>>> {
        match self {
            Data::Bytes(bytes) => Ok(Arc::clone(bytes)),
            #[cfg(feature = "fs")]
            Data::Path(path) => Ok(Arc::new(std::fs::read(path)?)),
        }
    }

    /// The unpacked bytes, and a handle that knows the hash once all have been read.
    pub(crate) fn unpacked(&self) -> io::Result<(BoxedRead, HashHandle)> {
        let hash = HashHandle::default();
        let hashing = Hashing { inner: self.raw()?, hash: hash.clone() };
        let mut input = BufReader::with_capacity(1 << 18, hashing);
        let packing = Packing::of(input.fill_buf()?);
        let read: BoxedRead = match packing {
            Packing::None => Box::new(input),
            #[cfg(feature = "gzip")]
            Packing::Gzip => {
                Box::new(BufReader::with_capacity(1 << 17, flate2::bufread::MultiGzDecoder::new(input)))
            }
            #[cfg(feature = "zstd")]
            Packing::Zstd => Box::new(BufReader::with_capacity(1 << 17, zstd::Frames::new(input))),
            packing => return Err(packing.unsupported()),
        };
        Ok((read, hash))
    }
}

/// How bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Zstd,
    Zip,
}

impl Packing {
    fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
            [b'P', b'K', 3, 4, ..] => Packing::Zip,
            _ => Packing::None,
        }
    }

    fn unsupported(self) -> io::Error {
        match self {
            Packing::None => io::Error::other("no packing"),
            Packing::Gzip => {
                Said::error("此处不支持 gzip，请先解压", "gzip is not supported here; unpack it first")
            }
            Packing::Zstd => {
                Said::error("此处不支持 zstd，请先解压", "zstd is not supported here; unpack it first")
            }
            Packing::Zip => Said::error(
                "是 zip 压缩包，请先解压；Excel 工作簿请保留 .xlsx 后缀",
                "this is a zip archive; unpack it first, and let workbooks keep their ending .xlsx",
            ),
        }
    }
}

/// Bytes that several readers share.
#[derive(Debug)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Hashes what passes through.
struct Hashing {
    inner: Box<dyn Read + Send>,
    hash: HashHandle,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}
