//! Shuangqiao's plan of 2022-09-22 (S1).

use super::calendar::Day;
use super::case::Case;
use super::words::{
    advanced_age, at_home, dependent, disabled, dispersed_tekun, hardship, home_modification_core,
    older, special_hardship, willing_tekun,
};
use super::{Layer, World, may, right};

const PLAN: Day = Day(2022, 9, 22);

pub fn layers(case: &Case) -> Vec<Layer> {
    let named = case.reads("130802/home_medical_group", "named", "difficulty");
    vec![
        // S1-1
        right("ability-assessment", PLAN, |w| {
            older(w) && w.silent("S1-1 names no age for the assessment")
        }),
        // S1-5
        right("tekun-centralised-support", PLAN, willing_tekun),
        // S1-6
        right("minimum-living-guarantee", PLAN, |w| {
            older(w) && w.silent("S1-6 leaves who qualifies to other rules")
        }),
        // S1-7
        right("advanced-age-allowance", PLAN, advanced_age),
        // S1-8
        right("elder-service-subsidy", PLAN, |w| {
            hardship(w) && advanced_age(w)
        }),
        right("nursing-subsidy", PLAN, |w| {
            older(w) && hardship(w) && dependent(w)
        }),
        // S1-9, S1-25
        right("care-home-priority", PLAN, |w| {
            older(w) && (special_hardship(w) || w.contributed(&[]))
        }),
        // S1-10
        right("home-modification", PLAN, |w| {
            older(w) && home_modification_core(w)
        }),
        may("home-modification", PLAN, |w| {
            older(w) && hardship(w) && (advanced_age(w) || dependent(w) || disabled(w))
        }),
        // S1-11, S1-26
        right("welfare-visits", PLAN, |w| older(w) && special_hardship(w)).once_a("month"),
        // S1-12
        may("welfare-visits", PLAN, |w| {
            older(w) && (w.is("rural") && w.is("left_behind") || hardship(w) && dependent(w))
        }),
        // S1-16
        right("emergency-call", PLAN, |w| older(w) && special_hardship(w)),
        // S1-17
        may("family-care-bed", PLAN, |w| {
            older(w) && w.is("wants_family_care_bed")
        }),
        // S1-18
        right("family-caregiver-support", PLAN, |w| {
            older(w) && w.is("has_family_caregiver")
        }),
        // S1-19
        may("cleaning-service", PLAN, |w| {
            older(w) && special_hardship(w)
        }),
        // S1-21
        may("home-sickbed", PLAN, move |w| home_medical(w, named)),
        may("home-medical-care", PLAN, move |w| home_medical(w, named)),
        right("family-doctor", PLAN, older),
        // S1-22
        may("respite", PLAN, |w| {
            older(w) && w.is("needs_long_term_care") && at_home(w) && (dependent(w) || w.dementia())
        }),
        right("legal-help", PLAN, |w| {
            w.silent("S1-23 mixes three kinds of help")
        }),
        // S1-27
        right("daily-life-help", PLAN, |w| older(w) && special_hardship(w)),
        // S1-28: kind P or X; what only may be X is no right.
        may("integrated-care-priority", PLAN, |w| {
            older(w)
                && (dependent(w)
                    || advanced_age(w)
                    || w.is("serious_illness")
                    || w.is("end_of_life"))
        }),
        right("hospice-care", PLAN, |w| {
            w.silent("S1-28 names hospice care beside a priority")
        }),
        // S1-29
        may("community-services", PLAN, |w| {
            older(w) && (dispersed_tekun(w) || w.is("left_behind") || w.is("lives_alone"))
        }),
    ]
}

/// S1-21, S2-18: limited mobility or real difficulty; the named groups are
/// examples of it, or groups of their own by the other reading.
pub fn home_medical(w: &World<'_>, named: bool) -> bool {
    let group =
        named && (dependent(w) || w.is("chronic_disease") || advanced_age(w) || disabled(w));
    older(w) && (w.is("mobility_limited") || group || w.local())
}
