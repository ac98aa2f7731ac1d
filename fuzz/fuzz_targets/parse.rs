//! Any text is parsed, or refused with diagnostics; never a panic. The body is an ordinary function that the tests run too.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jihe::fuzz::parse(data));
