//! What is kept of the fuzzer's texts for the border (`fuzz/corpus/abi/`), in every run of
//! the tests: each as it is, cut short, and under every call.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzzed;

use std::fs;
use std::path::Path;

#[test]
fn buffers() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/abi");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() > 3);
    for path in paths {
        let bytes = fs::read(path).unwrap();
        fuzzed::abi(&bytes);
        for cut in [0, 1, 2, bytes.len() / 2, bytes.len().saturating_sub(1)] {
            fuzzed::abi(bytes.get(..cut).unwrap_or_default());
        }
        for call in 0..12 {
            let mut other = bytes.clone();
            if let Some(first) = other.first_mut() {
                *first = call;
            }
            fuzzed::abi(&other);
        }
    }
}
