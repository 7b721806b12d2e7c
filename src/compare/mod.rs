//! What differs between two results.
//!
//! [`Succession`]: the previous result of a person beside the new one.

mod succession;

pub use succession::{
    AssessmentSuccession, CareLevelSuccession, ChangeSuccession, CompareSide, Decided,
    DiagnosesSuccession, FieldSuccession, ItemAnswer, ItemSuccession, Pair, PayerSuccession,
    PaymentSuccession, RightSuccession, Standing, Step, Succession, Turn,
};
