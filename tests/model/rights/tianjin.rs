//! Tianjin's opinions of 2025-10-24 (S0), a plan.

use super::calendar::Day;
use super::words::{advanced_age, at_home, dependent, disabled, older, seven_groups};
use super::{Layer, may, right};

const PLAN: Day = Day(2025, 10, 24);

pub fn layers() -> Vec<Layer> {
    let beds_at_home = |w: &super::World<'_>| {
        older(w) && at_home(w) && (dependent(w) || w.is("chronic_disease") || advanced_age(w))
    };
    vec![
        // S0-5
        may("home-sickbed", PLAN, beds_at_home),
        may("family-care-bed", PLAN, beds_at_home),
        // S0-7: training is a right; works and rental are for no named group.
        right("family-caregiver-support", PLAN, |w| {
            older(w) && dependent(w) && w.is("has_family_caregiver")
        }),
        may("home-modification", PLAN, |w| {
            older(w) && w.silent("S0-7 names no group for home modification")
        }),
        may("assistive-device-rental", PLAN, older),
        // S0-8
        right("welfare-visits", PLAN, |w| older(w) && seven_groups(w)),
        may("respite", PLAN, |w| {
            older(w) && w.silent("S0-8 encourages respite and names no group")
        }),
        // S0-9: the safety net first; that spare beds open to all is encouraged.
        right("public-home-priority", PLAN, |w| {
            older(w) && w.economic_status() == "tekun"
        }),
        may("public-home-priority", PLAN, older),
        // S0-10
        may("special-care", PLAN, |w| {
            older(w) && (dependent(w) || disabled(w) || w.dementia())
        }),
        may("hospice-care", PLAN, |w| older(w) && w.is("end_of_life")),
        // S0-11
        may("joint-admission", PLAN, |w| {
            older(w) && w.is("has_disabled_child")
        }),
        // S0-12
        right("family-doctor", PLAN, older),
        right("dependency-prevention", PLAN, |w| {
            older(w) && w.is("care_dependency_risk")
        }),
        // S0-13
        may("residence-based-care", PLAN, |w| {
            older(w) && w.silent("S0-13 explores supply by residence and names no group")
        }),
        // S0-15
        may("designated-guardianship", PLAN, older),
    ]
}
