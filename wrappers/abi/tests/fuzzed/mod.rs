//! What must hold of any bytes that come over the border: the fuzzer (`fuzz/`) and
//! `fuzz_replay.rs` call it. It fails by a panic.

#![allow(dead_code, unreachable_pub, unsafe_code)]

use std::slice;

use nengli_abi::{CALLS, nengli_alloc, nengli_call, nengli_free, nengli_release};

/// The first byte chooses the call (or a name of the bytes themselves), the rest is its
/// text, in memory of the caller or of the library: the answer is JSON, twice the same.
pub fn abi(bytes: &[u8]) {
    let Some((first, text)) = bytes.split_first() else {
        return;
    };
    let which = usize::from(*first) % (CALLS.len() + 1);
    // The rules inside are long and ask nothing of the text: one look in passing.
    let name = CALLS.get(which).map_or(text, |name| name.as_bytes());
    let own = answer(name, text);
    assert_eq!(own, answer(name, text));
    // Through memory of the library, as WebAssembly does it.
    let lent = nengli_alloc(text.len());
    if lent.is_null() {
        assert!(text.is_empty());
        return;
    }
    // SAFETY: `lent` has room for as many bytes, and nobody else has it.
    unsafe { lent.copy_from_nonoverlapping(text.as_ptr(), text.len()) };
    // SAFETY: it was written just now, for its whole length.
    let copied = unsafe { slice::from_raw_parts(lent, text.len()) };
    assert_eq!(own, answer(name, copied));
    // SAFETY: given by `nengli_alloc` for this length, and given back once.
    unsafe { nengli_free(lent, text.len()) };
}

fn answer(name: &[u8], text: &[u8]) -> String {
    // SAFETY: both slices may be read for their lengths.
    let answer = unsafe { nengli_call(name.as_ptr(), name.len(), text.as_ptr(), text.len()) };
    assert!(!answer.is_null());
    // SAFETY: an answer begins with four bytes of its length.
    let head = unsafe { answer.cast::<[u8; 4]>().read() };
    let length = u32::from_le_bytes(head) as usize;
    // SAFETY: and goes on for as many bytes.
    let bytes = unsafe { slice::from_raw_parts(answer.add(4), length) };
    let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
    // SAFETY: given by `nengli_call`, its head untouched, and given back once.
    unsafe { nengli_release(answer) };
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    if let Some(error) = value.get("error") {
        assert!(
            error["expected"].is_string() && error["message"].is_string(),
            "{text}"
        );
    }
    text
}
