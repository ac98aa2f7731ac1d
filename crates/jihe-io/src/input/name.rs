//! What a file's name says about it.
//!
//! In: a name with folders. Out: its format, the names that may say what it holds, and the values that folders carry.
//! Invariant: the same name is understood the same way on disk and in memory.

/// How rows are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileFormat {
    /// Cells set apart by a byte, quoted as in RFC 4180.
    Delimited(u8),
    /// A JSON object a line.
    JsonLines,
    /// Parquet.
    Parquet,
    /// A workbook.
    Xlsx,
}

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileName {
    /// The name as given, with forward slashes.
    pub(crate) shown: String,
    pub(crate) format: Option<FileFormat>,
    /// Names that may say what it holds, the first that means something counts: its folders, the nearest first, then its
    /// own name without endings.
    pub(crate) speaking: Vec<String>,
    /// `key=value` folders (hive partitions), outermost first.
    pub(crate) partitions: Vec<(String, String)>,
}

impl FileName {
    pub(crate) fn new(name: &str) -> Self {
        let shown = name.replace('\\', "/");
        let mut parts: Vec<&str> = shown.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let file = parts.pop().unwrap_or_default().to_owned();
        let (stem, format) = format_of(&file);
        let mut speaking = Vec::new();
        let mut partitions = Vec::new();
        for part in parts {
            match part.split_once('=') {
                Some((key, value)) => partitions.push((key.to_owned(), unescape(value))),
                None => speaking.insert(0, part.to_owned()),
            }
        }
        speaking.push(stem.to_owned());
        Self { shown, format, speaking, partitions }
    }

    #[cfg(feature = "fs")]
    /// Whether the file is a by-product of a program, such as `_SUCCESS` or `.part.crc`.
    pub(crate) fn is_hidden(name: &str) -> bool {
        name.starts_with(['.', '_', '~'])
    }
}

/// The name without endings, and the format; the packing is seen from the bytes.
fn format_of(file: &str) -> (&str, Option<FileFormat>) {
    let plain = ending(file, &["gz", "gzip", "zst", "zstd"]).map_or(file, |(stem, _)| stem);
    let known: [(&[&str], FileFormat); 5] = [
        (&["csv", "txt"], FileFormat::Delimited(b',')),
        (&["tsv", "tab"], FileFormat::Delimited(b'\t')),
        (&["ndjson", "jsonl"], FileFormat::JsonLines),
        (&["parquet", "parq"], FileFormat::Parquet),
        (&["xlsx", "xlsm"], FileFormat::Xlsx),
    ];
    let found = known.iter().find_map(|(endings, format)| Some((ending(plain, endings)?.0, *format)));
    found.map_or((plain, None), |(stem, format)| (stem, Some(format)))
}

fn ending<'a>(name: &'a str, endings: &[&str]) -> Option<(&'a str, &'a str)> {
    let (stem, last) = name.rsplit_once('.')?;
    endings.iter().any(|known| known.eq_ignore_ascii_case(last)).then_some((stem, last))
}

/// `%3A` → `:`, as Hive and Spark write values; `__HIVE_DEFAULT_PARTITION__` is no value.
fn unescape(value: &str) -> String {
    if value == "__HIVE_DEFAULT_PARTITION__" {
        return String::new();
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *byte == b'%');
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let name = FileName::new("data\\明细/month=2024-01/region=a%2Fb/part-0.csv.gz");
        assert_eq!(name.speaking, ["明细", "data", "part-0"]);
        assert_eq!(name.format, Some(FileFormat::Delimited(b',')));
        assert_eq!(name.partitions, [("month".into(), "2024-01".into()), ("region".into(), "a/b".into())]);
        assert_eq!(FileName::new("item.TSV.zst").speaking, ["item"]);
        assert_eq!(FileName::new("item.tsv.zst").format, Some(FileFormat::Delimited(b'\t')));
        assert_eq!(FileName::new("truth.toml").format, None);
    }
}
