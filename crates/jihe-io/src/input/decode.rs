//! The encoding of a text file.
//!
//! In: bytes. Out: the same as UTF-8.
//! Invariant: the first line with a character beyond ASCII decides: it is UTF-8, or the file is GB18030. What is in neither
//! comes out as bytes that are no UTF-8, so that the rows it stands in are rejected and the others are not.

#[cfg(feature = "gb18030")]
mod gb;

use super::bytes::BoxedRead;
use crate::error::Said;
use std::io::{self, BufRead, BufReader, Read};

/// Opens a text of either encoding.
pub(crate) fn text(input: BoxedRead) -> io::Result<BoxedRead> {
    let mut input = input;
    let start = input.fill_buf()?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(Said::error(
            "是 UTF-16 编码，请另存为 UTF-8（Excel：CSV UTF-8）",
            "is UTF-16; save it as UTF-8 (Excel: CSV UTF-8)",
        ));
    }
    let bom = if start.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
    input.consume(bom);
    if bom > 0 {
        return Ok(input);
    }
    Ok(Box::new(BufReader::with_capacity(
        1 << 17,
        Text { input, state: State::Ascii, ready: Vec::new(), at: 0 },
    )))
}

/// A text whose encoding shows itself on the way.
struct Text {
    input: BoxedRead,
    state: State,
    /// Decoded bytes not yet handed out, from `at` on.
    ready: Vec<u8>,
    at: usize,
}

enum State {
    /// Nothing beyond ASCII yet.
    Ascii,
    Utf8,
    #[cfg(feature = "gb18030")]
    Gb18030(gb::Decoder),
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(count) = self.step(buffer)? {
                return Ok(count);
            }
        }
    }
}

impl Text {
    /// Hands out bytes, or gets on with making some; none if there are none yet.
    fn step(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let waiting = self.ready.get(self.at..).unwrap_or_default();
        if !waiting.is_empty() {
            let count = waiting.len().min(buffer.len());
            copy(buffer, waiting, count);
            self.at = self.at.saturating_add(count);
            return Ok(Some(count));
        }
        match &mut self.state {
            State::Utf8 => self.input.read(buffer).map(Some),
            State::Ascii => self.plain(buffer),
            #[cfg(feature = "gb18030")]
            State::Gb18030(decoder) => {
                self.ready.clear();
                self.at = 0;
                let more = decoder.decode(&mut self.input, &mut self.ready)?;
                Ok((!more).then_some(0))
            }
        }
    }

    /// Passes on what is ASCII; decides on the encoding where it ends.
    fn plain(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let bytes = self.input.fill_buf()?;
        let plain = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len());
        let count = plain.min(buffer.len());
        copy(buffer, bytes, count);
        let decide = count == 0 && !bytes.is_empty();
        self.input.consume(count);
        if decide {
            self.decide()?;
        }
        Ok((!decide).then_some(count))
    }

    /// Reads the rest of the line, whose first byte is beyond ASCII, and sees what it is.
    fn decide(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        // A line may be of any length; a part of it decides as well.
        (&mut self.input).take(1 << 16).read_until(b'\n', &mut line)?;
        let is_utf8 = match std::str::from_utf8(&line) {
            Ok(_) => true,
            // Cut off in the middle of a character.
            Err(error) => error.error_len().is_none() && error.valid_up_to() > 0,
        };
        if is_utf8 {
            self.state = State::Utf8;
            self.ready = line;
            self.at = 0;
            return Ok(());
        }
        #[cfg(feature = "gb18030")]
        {
            self.state = State::Gb18030(gb::Decoder::new(line));
            Ok(())
        }
        #[cfg(not(feature = "gb18030"))]
        Err(Said::error("不是 UTF-8 编码；此处不支持 GB18030", "is not UTF-8; GB18030 is not supported here"))
    }
}

fn copy(to: &mut [u8], from: &[u8], count: usize) {
    if let (Some(to), Some(from)) = (to.get_mut(..count), from.get(..count)) {
        to.copy_from_slice(from);
    }
}
