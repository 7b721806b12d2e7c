//! The border: the only place of the project with `unsafe`, each use with its reason.

#![allow(unsafe_code)]

use std::panic::catch_unwind;
use std::ptr;
use std::slice;

use crate::call::{call, refusal};

/// The longest text that a call takes, in bytes: 4 MiB. A case or a record may be 1 MiB
/// long and stands within other JSON in some calls.
pub const NENGLI_MAX_TEXT: usize = 4_194_304;

/// Bytes before the text of an answer: its length.
const HEAD: usize = size_of::<u32>();

/// Memory of `len` bytes, for a name or a text; null where `len` is 0 or above
/// `NENGLI_MAX_TEXT`, or where there is no memory left. Give it back with `nengli_free`.
///
/// It is there for WebAssembly, whose caller has no memory of the module. A C program can
/// hand over its own.
#[unsafe(no_mangle)]
pub extern "C" fn nengli_alloc(len: usize) -> *mut u8 {
    if len == 0 || len > NENGLI_MAX_TEXT {
        return ptr::null_mut();
    }
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(len).is_err() {
        return ptr::null_mut();
    }
    bytes.resize(len, 0);
    into_raw(bytes)
}

/// Gives back memory of `nengli_alloc`. Null is ignored.
///
/// # Safety
///
/// `ptr` is null, or was given by `nengli_alloc` for this very `len` and is given back
/// once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nengli_free(ptr: *mut u8, len: usize) {
    if !ptr.is_null() {
        // SAFETY: the caller says that it is what `into_raw` made of a box of this length.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(ptr, len)) });
    }
}

/// Answers a call: `name` says which, `text` is what it is asked, both UTF-8 without a
/// closing zero.
///
/// The answer is one buffer: 4 bytes with the length of the text, little endian, and the
/// text, which is JSON in UTF-8. Give it back with `nengli_release`. A bad call is answered
/// as well, by `{"error":{…}}`; null comes only where there is no memory left.
///
/// May be called from several threads at once. The first call of a process loads the
/// rulebook, which takes some milliseconds.
///
/// # Safety
///
/// Each pointer is null (which is refused), or may be read for its length and is not
/// written to during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nengli_call(
    name: *const u8,
    name_len: usize,
    text: *const u8,
    text_len: usize,
) -> *mut u8 {
    // SAFETY: the caller says so of both.
    let (name, text) = unsafe { (borrowed(name, name_len), borrowed(text, text_len)) };
    let answered = catch_unwind(|| match (name, text) {
        (Ok(name), Ok(text)) => call(name, text),
        (Err(found), _) => refusal("the name of a call, in UTF-8", found),
        (_, Err(found)) => refusal("a text in UTF-8", found),
    });
    let answer = answered.unwrap_or_else(|_| {
        let message = "the engine failed at this call; this is a fault of nengli";
        refusal("an answer", message)
    });
    handed_over(&answer)
}

/// Gives back an answer of `nengli_call`. Null is ignored.
///
/// # Safety
///
/// `answer` is null, or was given by `nengli_call`, still has its first 4 bytes, and is
/// given back once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nengli_release(answer: *mut u8) {
    if answer.is_null() {
        return;
    }
    // SAFETY: the caller says that it is an answer, and every answer begins with its length.
    let head = unsafe { answer.cast::<[u8; HEAD]>().read() };
    let len = usize::try_from(u32::from_le_bytes(head)).unwrap_or_default();
    // SAFETY: `handed_over` made it as a box of this length.
    drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(answer, HEAD + len)) });
}

/// The text that a caller hands over, or what is wrong with it.
///
/// # Safety
///
/// `start` is null, or may be read for `len` bytes and stays as it is while the text is
/// used.
unsafe fn borrowed<'t>(start: *const u8, len: usize) -> Result<&'t str, &'static str> {
    if start.is_null() {
        return Err("found a null pointer");
    }
    if len > NENGLI_MAX_TEXT {
        return Err("found a length above 4194304 bytes");
    }
    // SAFETY: not null, within the bounds of a slice, and readable as the caller says.
    let bytes = unsafe { slice::from_raw_parts(start, len) };
    str::from_utf8(bytes).map_err(|_| "found bytes that are not UTF-8")
}

/// An answer as its buffer; null where there is no memory for it.
fn handed_over(answer: &str) -> *mut u8 {
    let Ok(len) = u32::try_from(answer.len()) else {
        return ptr::null_mut();
    };
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(HEAD + answer.len()).is_err() {
        return ptr::null_mut();
    }
    bytes.extend(len.to_le_bytes());
    bytes.extend(answer.as_bytes());
    into_raw(bytes)
}

/// Bytes as a pointer to a box of exactly their length.
fn into_raw(bytes: Vec<u8>) -> *mut u8 {
    Box::into_raw(bytes.into_boxed_slice()).cast()
}
