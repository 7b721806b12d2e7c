//! Words that the texts use without saying what they mean, as the table of
//! definitions in the facts reads them.

use super::calendar::Day;
use super::world::World;

/// 老年人: 60 years (老年人权益保障法 §2).
pub fn older(w: &World<'_>) -> bool {
    w.age() >= 60
}

/// 高龄: 80 years.
pub fn advanced_age(w: &World<'_>) -> bool {
    w.age() >= 80
}

/// 居家.
pub fn at_home(w: &World<'_>) -> bool {
    w.one_of("setting", &["home", "institution"]) == "home"
}

/// 特殊困难老年人 of S3-11 and S4-5: the groups of S2-12, the further ones where
/// the place takes them in (有条件的地方可以扩大).
pub fn home_modification_groups(w: &World<'_>) -> bool {
    home_modification_core(w) || home_modification_further(w) && w.local()
}

/// 失能 alone: from a level of GB/T 42195 on, the threshold being a reading; or
/// any level of another scale that is there. Shandong's regulation says for its
/// own texts, from 2020-05-01, that who cannot do all alone counts, 失智
/// included (§74(4)).
pub fn dependent(w: &World<'_>) -> bool {
    let shandong = w.text_of.starts_with("37") && w.case.as_of >= Day(2020, 5, 1);
    let threshold = if shandong {
        1
    } else if w.case.reads("000000/dependency_threshold", "3", "1") {
        3
    } else if w.case.reads("000000/dependency_threshold", "2", "1") {
        2
    } else {
        1
    };
    if w.level("gbt-42195-2022")
        .is_some_and(|level| level >= threshold)
    {
        return true;
    }
    for other in ["mzt-039-2013", "nhsa-37-2021", "tekun-self-care"] {
        if w.level_if_there(other).is_some_and(|level| level >= 1) {
            return true;
        }
    }
    shandong && w.dementia()
}

/// 失能、半失能 together: any level of GB/T 42195, or partly unable by the six
/// activities.
pub fn dependent_or_semi(w: &World<'_>) -> bool {
    let gbt = w.level("gbt-42195-2022").is_some_and(|level| level >= 1);
    gbt || dependent(w)
}

/// 生活不能自理: severe is, intact is not, between them the place decides.
pub fn cannot_care_for_self(w: &World<'_>) -> bool {
    match w.level("gbt-42195-2022") {
        Some(3 | 4) => true,
        Some(1 | 2) => w.local(),
        _ => false,
    }
}

/// Grade of the disability certificate, if there is one.
pub fn grade(w: &World<'_>) -> Option<i64> {
    w.number("disability_certificate_grade", &[1, 2, 3, 4])
}

/// 残疾: a certificate of any grade.
pub fn disabled(w: &World<'_>) -> bool {
    grade(w).is_some()
}

/// 重残, 重度残疾: grade 1 or 2; 1 is the worst.
pub fn severely_disabled(w: &World<'_>) -> bool {
    grade(w).is_some_and(|grade| grade <= 2)
}

/// 经济困难: tekun, dibao, the edge of dibao; low income only where the place
/// says so.
pub fn hardship(w: &World<'_>) -> bool {
    match w.economic_status() {
        "tekun" | "dibao" | "dibao_edge" => true,
        "low_income" => w.local(),
        _ => false,
    }
}

/// Tekun, supported at home.
pub fn dispersed_tekun(w: &World<'_>) -> bool {
    w.economic_status() == "tekun"
        && w.one_of("tekun_support", &["dispersed", "centralised"]) == "dispersed"
}

/// Tekun who wish to live in an institution.
pub fn willing_tekun(w: &World<'_>) -> bool {
    w.economic_status() == "tekun" && w.is("wants_institution")
}

/// The groups whose homes are adapted (S2-12): 分散供养特困 of high age,
/// dependent or disabled.
pub fn home_modification_core(w: &World<'_>) -> bool {
    dispersed_tekun(w) && (advanced_age(w) || dependent(w) || disabled(w))
}

/// The further groups of S2-12, among those on dibao, where the place takes
/// them in.
pub fn home_modification_further(w: &World<'_>) -> bool {
    w.economic_status() == "dibao"
        && (advanced_age(w)
            || dependent(w)
            || w.is("left_behind")
            || w.is("empty_nest")
            || disabled(w)
            || w.is("family_planning_special"))
}

/// 经济困难的空巢、留守、失能、残疾、高龄老年人以及计划生育特殊家庭老年人
/// (S1-4, S2-8).
pub fn special_hardship(w: &World<'_>) -> bool {
    w.is("family_planning_special")
        || hardship(w)
            && (w.is("empty_nest")
                || w.is("left_behind")
                || dependent(w)
                || disabled(w)
                || advanced_age(w))
}

/// The six groups of list item 12.
pub fn six_groups(w: &World<'_>) -> bool {
    w.is("lives_alone")
        || w.is("empty_nest")
        || w.is("left_behind")
        || dependent(w)
        || severely_disabled(w)
        || w.is("family_planning_special")
}

/// Tianjin's seven: the six, and those without family (孤寡).
pub fn seven_groups(w: &World<'_>) -> bool {
    w.is("without_family") || six_groups(w)
}
