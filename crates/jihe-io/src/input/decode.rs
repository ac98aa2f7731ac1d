//! The encoding of a text file.
//!
//! In: bytes. Out: the same as UTF-8.
//! Invariant: the first line with a character beyond ASCII decides: it is UTF-8, or the file is GB18030. What is in neither
//! comes out as bytes that are no UTF-8, so that the rows it stands in are rejected and the others are not.

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
            let waiting = self.ready.get(self.at..).unwrap_or_default();
            if !waiting.is_empty() {
                let count = waiting.len().min(buffer.len());
                copy(buffer, waiting, count);
                self.at = self.at.saturating_add(count);
                return Ok(count);
            }
            match &mut self.state {
                State::Utf8 => return self.input.read(buffer),
                State::Ascii => {
                    let bytes = self.input.fill_buf()?;
                    let plain = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len());
                    let count = plain.min(buffer.len());
                    copy(buffer, bytes, count);
                    let decide = count == 0 && !bytes.is_empty();
                    self.input.consume(count);
                    if !decide {
                        return Ok(count);
                    }
                    self.decide()?;
                }
                #[cfg(feature = "gb18030")]
                State::Gb18030(decoder) => {
                    self.ready.clear();
                    self.at = 0;
                    if !decoder.decode(&mut self.input, &mut self.ready)? {
                        return Ok(0);
                    }
                }
            }
        }
    }
}

impl Text {
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

#[cfg(feature = "gb18030")]
mod gb {
    //! GB18030, line by line.
    //!
    //! In: lines. Out: UTF-8; one byte 0xFF for what is no GB18030, and for text that is plainly UTF-8.
    //! Invariant: a line end is never part of a character, so that a bad line spoils no other.

    use super::BoxedRead;
    use encoding_rs::{DecoderResult, GB18030};
    use std::io::{self, BufRead, Read};

    /// How much of a line is decoded at once.
    const PORTION: u64 = 1 << 16;

    pub(super) struct Decoder {
        decoder: encoding_rs::Decoder,
        line: Vec<u8>,
        /// Whether `line` is yet to be decoded.
        waiting: bool,
        done: bool,
    }

    impl Decoder {
        pub(super) fn new(line: Vec<u8>) -> Self {
            Self { decoder: GB18030.new_decoder_without_bom_handling(), line, waiting: true, done: false }
        }

        /// Appends about a portion of decoded text; false at the end.
        pub(super) fn decode(&mut self, input: &mut BoxedRead, out: &mut Vec<u8>) -> io::Result<bool> {
            let mut any = false;
            while !self.done && u64::try_from(out.len()).unwrap_or(u64::MAX) < PORTION {
                if !self.waiting {
                    self.line.clear();
                    input.take(PORTION).read_until(b'\n', &mut self.line)?;
                }
                self.waiting = false;
                if self.line.is_empty() {
                    self.done = true;
                    self.flush(&[], true, out);
                    return Ok(any || !out.is_empty());
                }
                any = true;
                let line = std::mem::take(&mut self.line);
                self.line(&line, out);
                self.line = line;
            }
            Ok(any)
        }

        fn line(&mut self, line: &[u8], out: &mut Vec<u8>) {
            if line.is_ascii() {
                out.extend_from_slice(line);
            } else if plainly_utf8(line) {
                out.extend(line.iter().map(|byte| if byte.is_ascii() { *byte } else { 0xff }));
            } else {
                self.flush(line, false, out);
            }
        }

        fn flush(&mut self, mut bytes: &[u8], last: bool, out: &mut Vec<u8>) {
            let room = self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
            let mut decoded = vec![0; room.max(16)];
            loop {
                let (result, read, written) =
                    self.decoder.decode_to_utf8_without_replacement(bytes, &mut decoded, last);
                out.extend_from_slice(decoded.get(..written).unwrap_or_default());
                bytes = bytes.get(read..).unwrap_or_default();
                match result {
                    DecoderResult::InputEmpty => return,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => out.push(0xff),
                }
            }
        }
    }

    /// Four characters of three bytes and nothing that is no UTF-8: by chance GB18030 hardly ever looks so.
    fn plainly_utf8(line: &[u8]) -> bool {
        std::str::from_utf8(line)
            .is_ok_and(|text| text.chars().filter(|letter| letter.len_utf8() == 3).nth(3).is_some())
    }
}
