//! How large and how deep a rule file may be.
//!
//! In: nothing. Out: the limits that the scanner and the tree builder keep.
//! Invariant: every recursion over text or tree in this crate is bounded by a constant of this file.

/// Bytes of a file.
pub const FILE_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of a string literal.
pub const LITERAL_BYTES: usize = 64 * 1024;

/// Brackets and open 若 inside one another.
pub const NESTING: usize = 64;

/// Nodes of an expression below one another: what a chain such as `a + b + …` may add up to.
pub const HEIGHT: u32 = 256;
