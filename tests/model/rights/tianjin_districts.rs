//! Ninghe (S3) and Heping (S4): undated plans, whose first day is a reading.

use super::calendar::Day;
use super::case::Case;
use super::words::{
    advanced_age, dependent, dependent_or_semi, disabled, hardship, home_modification_groups,
    older, severely_disabled, willing_tekun,
};
use super::{Layer, may, right};

/// Default 2022-01-01.
pub fn ninghe(case: &Case) -> Vec<Layer> {
    let plan = match case.reads("120117/plan_start", "y2021", "y2022") {
        true => Day(2021, 1, 1),
        false => Day(2022, 1, 1),
    };
    vec![
        // S3-2
        right("minimum-living-guarantee", plan, |w| {
            older(w) && w.economic_status() == "dibao"
        }),
        // S3-4
        right("family-caregiver-support", plan, |w| {
            older(w)
                && w.is("has_family_caregiver")
                && (dependent(w) || w.dementia() || advanced_age(w))
        }),
        // S3-5
        right("tekun-centralised-support", plan, willing_tekun),
        // S3-6
        right("welfare-visits", plan, |w| {
            older(w)
                && (w.is("empty_nest")
                    || w.is("left_behind")
                    || dependent(w)
                    || severely_disabled(w)
                    || w.is("family_planning_special"))
        })
        .once_a("month"),
        right("community-help", plan, |w| older(w) && dependent(w)),
        // S3-7
        may("family-care-bed", plan, |w| {
            older(w) && w.silent("S3-7 names no group for family care beds")
        }),
        may("respite", plan, |w| {
            older(w) && w.is("has_family_caregiver") && (dependent(w) || advanced_age(w))
        }),
        // S3-9
        right("senior-health-check", plan, |w| w.age() >= 65),
        right("family-doctor", plan, |w| {
            older(w) && w.silent("S3-9 names family doctors and no group")
        }),
        // S3-10
        right("dependent-elder-health-service", plan, |w| {
            older(w) && dependent(w)
        }),
        // S3-11
        right("home-modification", plan, |w| {
            older(w) && home_modification_groups(w)
        }),
        // S3-13
        right("free-first-will", plan, |w| {
            advanced_age(w) && w.is("first_will_notarisation")
        }),
        // S3-14
        may("notary-help", plan, |w| {
            older(w) && (hardship(w) || w.is("mobility_limited"))
        }),
        right("legal-help", plan, |w| {
            w.silent("S3-14 names a green channel and no group")
        }),
        // S3-15
        right("elder-preferential-treatment", plan, older),
        // S3-16
        may("home-medical-care", plan, |w| older(w) && dependent(w)),
    ]
}

/// Default 2023-01-01.
pub fn heping(case: &Case) -> Vec<Layer> {
    let plan = match case.reads("120101/plan_start", "y2022", "y2023") {
        true => Day(2022, 1, 1),
        false => Day(2023, 1, 1),
    };
    vec![
        // S4-1; 特殊家庭 is 计划生育特殊家庭.
        right("welfare-visits", plan, |w| {
            older(w)
                && (w.is("without_family")
                    || dependent(w)
                    || w.dementia()
                    || severely_disabled(w)
                    || w.is("no_carer")
                    || w.is("family_planning_special"))
        }),
        // S4-2 is a target; whether it gives a right is not said.
        right("community-help", plan, |w| {
            w.silent("S4-2 is a target of the district")
        }),
        // S4-3
        right("tekun-centralised-support", plan, willing_tekun),
        // S4-5
        right("home-modification", plan, |w| {
            older(w) && home_modification_groups(w)
        }),
        right("barrier-free-works", plan, |w| hardship(w) && disabled(w)),
        // S4-6
        right("home-medical-care", plan, |w| {
            older(w) && dependent_or_semi(w)
        }),
        right("home-sickbed", plan, |w| older(w) && dependent_or_semi(w)),
        // S4-7: the place of the case is where the person lives.
        right("family-doctor", plan, older),
        // S4-8
        right("dependent-elder-health-service", plan, |w| {
            w.age() >= 65 && dependent(w)
        }),
        // S4-9
        may("family-caregiver-support", plan, older),
        // S4-11
        right("medical-green-channel", plan, older),
        // S4-12
        right("emergency-call", plan, |w| w.silent("S4-12 names no group")),
    ]
}
