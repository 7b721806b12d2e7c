//! What differs: two results of one person, and two rulebooks over the same cases.
//!
//! [`Succession`]: the previous result of a person beside the new one. [`Impact`]: what
//! another rulebook makes of the same cases, counted.

mod impact;
mod succession;
mod tally;

pub use impact::Impact;
pub use succession::{
    AssessmentSuccession, CareLevelSuccession, ChangeSuccession, CompareSide, Decided,
    DiagnosesSuccession, FieldSuccession, ItemAnswer, ItemSuccession, Pair, PayerSuccession,
    PaymentSuccession, RightSuccession, Standing, Step, Succession, Turn,
};
pub use tally::{Cases, Count, Findings, Money, Rights, Transitions};
