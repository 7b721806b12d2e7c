//! The nation: the basic service list, the law on the rights of older people,
//! tekun and dibao, the two disability subsidies, the health check.

use super::calendar::Day;
use super::words::{
    advanced_age, cannot_care_for_self, dependent, disabled, grade, hardship, older,
    severely_disabled, six_groups,
};
use super::{Layer, right};

/// The national list was published on 2023-05-21.
const LIST: Day = Day(2023, 5, 21);
/// 特困人员认定办法.
const TEKUN: Day = Day(2021, 7, 1);
/// 国发〔2015〕52号.
const DISABILITY: Day = Day(2016, 1, 1);
/// The law was revised in 2018; the facts do not name the day.
const LAW: Day = Day(2019, 1, 1);
const LAW_PERHAPS: Day = Day(2018, 1, 1);

pub fn layers() -> Vec<Layer> {
    let mut all = list();
    all.extend(law());
    all.extend(assistance());
    all.extend([
        // C.5, 国发〔2015〕52号: disabled in a dibao household, the place may extend it.
        right("disability-living-subsidy", DISABILITY, |w| {
            disabled(w) && (w.economic_status() == "dibao" || w.local())
        }),
        right("disability-nursing-subsidy", DISABILITY, |w| {
            severely_disabled(w) && w.is("needs_long_term_care")
        }),
        // C.5: once a year from 65, resident for six months, no hukou asked.
        right("senior-health-check", Day(2015, 1, 1), |w| {
            w.age() >= 65 && w.months_since("resident_since", 6)
        })
        .once_a("year"),
    ]);
    all
}

/// Section B, items 1 to 16.
fn list() -> Vec<Layer> {
    vec![
        right("employee-pension", LIST, |w| {
            w.one_of("pension_scheme", &["employee", "resident"]) == "employee"
                && w.is("pension_entitled")
        }),
        right("resident-pension", LIST, |w| {
            w.one_of("pension_scheme", &["employee", "resident"]) == "resident"
                && w.is("pension_entitled")
        }),
        right("ability-assessment", LIST, |w| w.age() >= 65),
        right("advanced-age-allowance", LIST, advanced_age),
        right("elder-service-subsidy", LIST, |w| older(w) && hardship(w)),
        right("home-modification", LIST, |w| older(w) && hardship(w)),
        right("nursing-subsidy", LIST, |w| {
            older(w) && hardship(w) && cannot_care_for_self(w)
        }),
        // Item 8: 符合条件的 and 按规定.
        right("family-caregiver-support", LIST, |w| {
            older(w) && cannot_care_for_self(w) && w.is("caregiver_in_training") && w.local()
        }),
        right("minimum-living-guarantee", LIST, |w| {
            older(w) && w.economic_status() == "dibao" && w.is("hardship_after_dibao")
        }),
        right("tekun-dispersed-support", LIST, |w| {
            older(w) && super::words::dispersed_tekun(w)
        }),
        right("tekun-centralised-support", LIST, |w| {
            older(w) && centralised(w)
        }),
        right("welfare-visits", LIST, |w| older(w) && six_groups(w)),
        // Item 13 is cut short: the rest of its condition is C.
        right("special-contribution-support", LIST, |w| {
            older(w) && w.contributed(&[]) && w.silent("B item 13 is not complete")
        }),
        right("family-planning-priority-admission", LIST, |w| {
            older(w) && w.is("family_planning_special")
        }),
        right("homeless-relief", LIST, |w| {
            older(w) && w.is("homeless_without_support")
        }),
    ]
}

/// 老年人权益保障法: §30, §37, §41; of §56 the facts name the subject only.
fn law() -> Vec<Layer> {
    vec![
        right("nursing-subsidy", LAW, |w| {
            older(w) && hardship(w) && cannot_care_for_self(w)
        })
        .unsure_from(LAW_PERHAPS),
        right("elder-service-subsidy", LAW, |w| older(w) && hardship(w)).unsure_from(LAW_PERHAPS),
        right("public-home-priority", LAW, |w| {
            older(w) && hardship(w) && (w.is("without_family") || dependent(w) || advanced_age(w))
        })
        .unsure_from(LAW_PERHAPS),
        right("legal-help", LAW, |w| {
            w.silent("§56 is named, its condition is not")
        })
        .unsure_from(LAW_PERHAPS),
    ]
}

/// C.5: tekun and dibao.
fn assistance() -> Vec<Layer> {
    vec![
        right("tekun-dispersed-support", TEKUN, |w| {
            super::words::dispersed_tekun(w)
        }),
        right("tekun-centralised-support", TEKUN, centralised),
        // 低保: the status itself; 2014/2019 is all that the facts say of its date.
        right("minimum-living-guarantee", TEKUN, |w| {
            w.economic_status() == "dibao"
        })
        .unsure_from(Day(2014, 1, 1)),
        // 单人保: on the edge of dibao, grade 1 or 2, or 3 of mind, or seriously ill.
        // Of a document of 2021 whose day the facts do not name.
        right("minimum-living-guarantee", Day(2022, 1, 1), |w| {
            w.economic_status() == "dibao_edge"
                && (severely_disabled(w) || third_grade_of_mind(w) || w.is("serious_illness"))
        })
        .unsure_from(Day(2021, 1, 1)),
    ]
}

/// Grade 3, 智力 or 精神; a certificate of several types may hold one of them,
/// which the place sees.
fn third_grade_of_mind(w: &super::World<'_>) -> bool {
    let kind = w.one_of(
        "disability_certificate_type",
        &["intellectual", "mental", "multiple"],
    );
    grade(w) == Some(3)
        && match kind {
            "intellectual" | "mental" => true,
            "multiple" => w.local(),
            _ => false,
        }
}

/// Tekun in centralised support, or wishing for it: the person chooses.
fn centralised(w: &super::World<'_>) -> bool {
    w.economic_status() == "tekun"
        && (w.one_of("tekun_support", &["dispersed", "centralised"]) == "centralised"
            || w.is("wants_institution"))
}
