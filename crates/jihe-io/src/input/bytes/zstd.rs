//! Zstandard frames, one after the other.
//!
//! In: packed bytes. Out: unpacked bytes.
//! Invariant: a file of several frames is read to its end.

use ruzstd::decoding::StreamingDecoder;
use std::io::{self, BufRead, Read};

/// The frame being read, or the bytes between frames.
enum State<R: Read> {
    Between(R),
    Inside(Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>),
    Done,
}

pub(super) struct Frames<R: BufRead>(State<R>);

impl<R: BufRead> Frames<R> {
    pub(super) fn new(input: R) -> Self {
        Self(State::Between(input))
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let state = std::mem::replace(&mut self.0, State::Done);
            let (next, count) = state.step(buffer)?;
            self.0 = next;
            if let Some(count) = count {
                return Ok(count);
            }
        }
    }
}

impl<R: BufRead> State<R> {
    /// Begins a frame, or reads on in it; a count if there is one to give.
    fn step(self, buffer: &mut [u8]) -> io::Result<(Self, Option<usize>)> {
        match self {
            State::Done => Ok((State::Done, Some(0))),
            State::Between(mut input) => {
                if input.fill_buf()?.is_empty() {
                    return Ok((State::Done, Some(0)));
                }
                let frame = StreamingDecoder::new(input).map_err(|error| damaged(&error))?;
                Ok((State::Inside(Box::new(frame)), None))
            }
            State::Inside(mut frame) => match frame.read(buffer).map_err(|error| damaged(&error))? {
                0 if !buffer.is_empty() => Ok((State::Between(frame.into_inner()), None)),
                count => Ok((State::Inside(frame), Some(count))),
            },
        }
    }
}

fn damaged(error: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}
