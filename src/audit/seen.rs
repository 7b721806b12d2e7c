//! Case ids that have been met.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};

/// The case ids of a file so far, and the row in which each came first.
///
/// Of an id 16 bytes of its SHA-256 are kept, and the row: some 40 bytes a decision,
/// whatever else a row holds.
#[derive(Debug, Default)]
pub struct Seen(HashMap<[u8; 16], u64>);

impl Seen {
    /// Notes an id of a row; gives the earlier row that has it, if there is one.
    pub fn note(&mut self, case_id: &str, row: u64) -> Option<u64> {
        let digest = Sha256::digest(case_id.as_bytes());
        let mut key = [0; 16];
        for (byte, from) in key.iter_mut().zip(digest) {
            *byte = from;
        }
        match self.0.entry(key) {
            Entry::Occupied(first) => Some(*first.get()),
            Entry::Vacant(place) => {
                place.insert(row);
                None
            }
        }
    }
}
