//! Amounts of memory as people write them.
//!
//! In: `4GiB`, `512MB`, `2g`. Out: bytes; and bytes as a text.
//! Invariant: what cannot be understood is refused with an example.

use crate::error::Error;

/// Units by their letters; a bare letter is a power of 1,024.
const UNITS: [(&str, u64); 13] = [
    ("b", 1),
    ("k", 1 << 10),
    ("kb", 1_000),
    ("kib", 1 << 10),
    ("m", 1 << 20),
    ("mb", 1_000_000),
    ("mib", 1 << 20),
    ("g", 1 << 30),
    ("gb", 1_000_000_000),
    ("gib", 1 << 30),
    ("t", 1 << 40),
    ("tb", 1_000_000_000_000),
    ("tib", 1 << 40),
];

/// An amount of memory in bytes, from `4GiB`, `512MB`, `2g`.
///
/// ```
/// assert_eq!(jihe_io::parse_size("4GiB").unwrap(), 4 << 30);
/// assert_eq!(jihe_io::parse_size("512 MB").unwrap(), 512_000_000);
/// assert!(jihe_io::parse_size("much").is_err());
/// ```
///
/// # Errors
/// The text is no whole number with a unit.
pub fn parse_size(text: &str) -> Result<u64, Error> {
    let lower = text.trim().to_ascii_lowercase();
    let end = lower.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(lower.len());
    let (digits, unit) = lower.split_at_checked(end).unwrap_or((&lower, ""));
    let unit = UNITS.iter().find(|(name, _)| *name == unit.trim()).map(|(_, size)| *size);
    let size = digits.parse::<u64>().ok().zip(unit).and_then(|(count, unit)| count.checked_mul(unit));
    size.ok_or_else(|| {
        Error::usage(
            format!("看不懂内存大小“{text}”，写作 4GiB、512MB"),
            format!("`{text}` is no amount of memory; write it as 4GiB or 512MB"),
        )
    })
}

/// Bytes as people read them.
pub(super) fn shown(bytes: u64) -> String {
    let (unit, size) = match bytes {
        0x4000_0000.. => ("GiB", 1u64 << 30),
        _ => ("MiB", 1 << 20),
    };
    let tenths = bytes.saturating_mul(10).div_ceil(size);
    format!("{}.{} {unit}", tenths.div_euclid(10), tenths.rem_euclid(10))
}
