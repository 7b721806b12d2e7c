//! What differs: two rulebooks over the same cases.

mod impact;
mod tally;

pub use impact::Impact;
pub use tally::{Cases, Count, Findings, Money, Rights, Transitions};
