#![no_main]

#[path = "../../wrappers/abi/tests/fuzzed/mod.rs"]
mod fuzzed;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzzed::abi(bytes));
