//! The case as canonical JSON, written directly: see [`Canonical`].

use super::{Answer, Assessment, Assessor, Case, Cost, Informant, Rejection, Used};
use crate::json::{Canonical, by_serde, objects};

objects! {
    Case {
        as_of, assessments, case_id, costs if any, facts if any, interpretations if any,
        jurisdiction if any, replaces if any, schema, used if any,
    }
    Assessment {
        answers, assessors if any, date, informant if any, instrument, reason if any,
    }
    Assessor { background, id }
    Informant { relation }
    Cost { days if any, fen, month, setting }
    Used { fen, programme }
}

impl Canonical for Answer {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Flag(flag) => flag.write(out),
            Self::Number(number) => number.write(out),
            Self::Text(text) => text.write(out),
            Self::List(keys) => keys.write(out),
        }
    }
}

impl Canonical for Rejection {
    fn write(&self, out: &mut Vec<u8>) {
        by_serde(self, out);
    }
}
