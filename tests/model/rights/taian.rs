//! Tai'an's opinions of 2025-05-07 (S2), a plan.

use super::calendar::Day;
use super::case::Case;
use super::shuangqiao::home_medical;
use super::words::{
    advanced_age, at_home, dependent, hardship, home_modification_core, home_modification_further,
    older, six_groups, special_hardship, willing_tekun,
};
use super::{Layer, may, right};

const PLAN: Day = Day(2025, 5, 7);

pub fn layers(case: &Case) -> Vec<Layer> {
    let named = case.reads("370900/home_medical_group", "named", "difficulty");
    vec![
        // S2-2
        right("tekun-centralised-support", PLAN, willing_tekun),
        // S2-4: on application.
        right("ability-assessment", PLAN, |w| w.age() >= 65),
        // S2-5: the scheme of the province, which is for 低保.
        right("elder-service-subsidy", PLAN, |w| {
            older(w) && w.economic_status() == "dibao"
        }),
        // S2-6
        right("advanced-age-allowance", PLAN, advanced_age),
        right("elder-preferential-treatment", PLAN, older),
        // S2-7
        right("welfare-visits", PLAN, |w| older(w) && six_groups(w)).once_a("month"),
        // S2-8
        right("public-home-priority", PLAN, |w| {
            older(w) && (willing_tekun(w) || special_hardship(w))
        }),
        // S2-10
        right("concentrated-care-aid", PLAN, |w| {
            older(w) && w.is("wants_institution") && hardship(w) && dependent(w)
        }),
        // S2-11
        right("charity-meals-and-visits", PLAN, |w| {
            older(w) && (advanced_age(w) || w.is("lives_alone") || w.is("mobility_limited"))
        }),
        // S2-12
        right("home-modification", PLAN, |w| {
            older(w) && home_modification_core(w)
        }),
        may("home-modification", PLAN, |w| {
            older(w) && home_modification_further(w)
        }),
        // S2-14: 符合条件的.
        right("home-care-purchase", PLAN, |w| {
            older(w) && hardship(w) && dependent(w) && w.local()
        }),
        // S2-16: of the insurance, so for those insured.
        may("ltci-dementia-care", PLAN, |w| {
            older(w) && w.dementia() && super::ltci::kind(w) != "none"
        }),
        may("assistive-device-rental", PLAN, |w| {
            w.silent("S2-16 explores it for the insured and names no group")
        }),
        // S2-18: 居家.
        may("home-sickbed", PLAN, move |w| {
            at_home(w) && home_medical(w, named)
        }),
        may("home-medical-care", PLAN, move |w| {
            at_home(w) && home_medical(w, named)
        }),
    ]
}
