//! GB18030, line by line.
//!
//! In: lines. Out: UTF-8; one byte 0xFF for what is no GB18030, and for text that is plainly UTF-8.
//! Invariant: a line end is never part of a character, so that a bad line spoils no other.

use super::super::bytes::BoxedRead;
use encoding_rs::{DecoderResult, GB18030};
use std::io::{self, BufRead, Read};

/// How much of a line is decoded at once.
const PORTION: u64 = 1 << 16;

pub(super) struct Decoder {
    inner: encoding_rs::Decoder,
    line: Vec<u8>,
    /// Whether `line` is yet to be decoded.
    waiting: bool,
    done: bool,
}

impl Decoder {
    pub(super) fn new(line: Vec<u8>) -> Self {
        Self { inner: GB18030.new_decoder_without_bom_handling(), line, waiting: true, done: false }
    }

    /// Appends about a portion of decoded text; false at the end.
    pub(super) fn decode(&mut self, input: &mut BoxedRead, out: &mut Vec<u8>) -> io::Result<bool> {
        while !self.done && u64::try_from(out.len()).unwrap_or(u64::MAX) < PORTION {
            self.next(input)?;
            if self.line.is_empty() {
                self.done = true;
                self.flush(&[], true, out);
                break;
            }
            let line = std::mem::take(&mut self.line);
            self.line(&line, out);
            self.line = line;
        }
        Ok(!out.is_empty())
    }

    /// Reads the next line, unless one is waiting.
    fn next(&mut self, input: &mut BoxedRead) -> io::Result<()> {
        if !std::mem::take(&mut self.waiting) {
            self.line.clear();
            input.take(PORTION).read_until(b'\n', &mut self.line)?;
        }
        Ok(())
    }

    fn line(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let masked = |byte: &u8| if byte.is_ascii() { *byte } else { 0xff };
        if line.is_ascii() {
            out.extend_from_slice(line);
        } else if plainly_utf8(line) {
            out.extend(line.iter().map(masked));
        } else {
            self.flush(line, false, out);
        }
    }

    fn flush(&mut self, mut bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let room = self.inner.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len());
        let mut decoded = vec![0; room.max(16)];
        loop {
            let (result, read, written) =
                self.inner.decode_to_utf8_without_replacement(bytes, &mut decoded, last);
            out.extend_from_slice(decoded.get(..written).unwrap_or_default());
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => (),
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
