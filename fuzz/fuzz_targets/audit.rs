//! Rules, a line of three hyphens, claims in JSON: audited, or refused; never a panic. The body is an ordinary function that the tests run too.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jihe::fuzz::audit(data));
