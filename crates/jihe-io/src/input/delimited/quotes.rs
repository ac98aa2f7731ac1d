//! Where quotation marks open and close in a row of delimited text.
//!
//! In: the bytes of a row, in pieces of any length. Out: whether a mark is still open, and whether text follows a closed one.
//! Invariant: of a row that keeps to RFC 4180 neither is ever said; blanks after a closing mark are let be.

/// Follows the marks of one row after the other.
#[derive(Debug)]
pub(super) struct Quotes {
    separator: u8,
    place: Place,
    text_after: bool,
}

/// What stands before the next byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    CellStart,
    Plain,
    Quoted,
    /// A mark that closes, unless another follows it.
    Closed,
    /// Blanks after a mark that closed.
    Blank,
}

impl Quotes {
    pub(super) fn new(separator: u8) -> Self {
        Self { separator, place: Place::CellStart, text_after: false }
    }

    /// A row begins.
    pub(super) fn begin(&mut self) {
        (self.place, self.text_after) = (Place::CellStart, false);
    }

    /// More bytes of the row.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let unquoted = matches!(self.place, Place::CellStart | Place::Plain) && !bytes.contains(&b'"');
        // Without a mark only what stands last matters: whether a cell begins after it.
        let start = if unquoted { bytes.len().saturating_sub(1) } else { 0 };
        for byte in bytes.iter().skip(start) {
            self.step(*byte);
        }
    }

    fn step(&mut self, byte: u8) {
        self.place = match (self.place, byte) {
            (Place::Quoted, b'"') => Place::Closed,
            (Place::CellStart | Place::Closed, b'"') | (Place::Quoted, _) => Place::Quoted,
            (_, b'\r' | b'\n') => Place::CellStart,
            (_, byte) if byte == self.separator => Place::CellStart,
            (Place::Closed | Place::Blank, b' ' | b'\t') => Place::Blank,
            (Place::Closed | Place::Blank, _) => {
                self.text_after = true;
                Place::Plain
            }
            (Place::CellStart | Place::Plain, _) => Place::Plain,
        };
    }

    /// Whether a mark is open after the bytes so far.
    pub(super) fn is_open(&self) -> bool {
        self.place == Place::Quoted
    }

    /// Whether text followed a mark that closed a cell.
    pub(super) fn text_after(&self) -> bool {
        self.text_after
    }
}

#[cfg(test)]
mod tests {
    use super::Quotes;

    /// Whether a mark is open at the end, and whether text follows a closed one; in one piece and byte by byte.
    fn seen(row: &str) -> (bool, bool) {
        let (mut whole, mut slow) = (Quotes::new(b','), Quotes::new(b','));
        whole.pass(row.as_bytes());
        row.as_bytes().chunks(1).for_each(|byte| slow.pass(byte));
        let told = |quotes: &Quotes| (quotes.is_open(), quotes.text_after());
        assert_eq!(told(&whole), told(&slow), "{row}");
        told(&whole)
    }

    #[test]
    fn marks_open_and_close() {
        for row in
            ["a,b", "\"a,\"\"b\",c", "a\"b,5\" x", "\"a\" ,b", "\"\",\"\"", "\"a\nb\",c\n", "a,\"\"\"\""]
        {
            assert_eq!(seen(row), (false, false), "{row}");
        }
        for row in ["a,\"b", "\"a\"\"", "\"a,\nb\n", "\""] {
            assert_eq!(seen(row), (true, false), "{row}");
        }
        for row in ["\"a\nL2,\"b,c", "\"a\"b", "\"a\" \"b"] {
            assert_eq!(seen(row), (false, true), "{row}");
        }
    }
}
