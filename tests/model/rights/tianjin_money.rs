//! Tianjin's home-care subsidy and meal subsidy (C.1).

use super::calendar::Day;
use super::case::Case;
use super::words::{advanced_age, dependent, older, seven_groups, severely_disabled};
use super::world::{Truth, World, try_every_way};
use super::{Layer, right};

/// The amounts by care grade are of 2017-04-01.
const SUBSIDY: Day = Day(2017, 4, 1);
/// 津民发〔2019〕46号 gave the countryside other groups.
const RURAL: Day = Day(2019, 12, 1);

/// 一至十级伤残, 三属, 在乡老复员, 带病回乡退伍军人, 参战参试.
const VETERANS: [&str; 7] = [
    "disabled_soldier",
    "martyr_family",
    "killed_on_duty_family",
    "deceased_soldier_family",
    "demobilised_soldier",
    "returned_sick_veteran",
    "war_or_test_veteran",
];

pub fn layers(case: &Case) -> Vec<Layer> {
    // The plan has no date: a reading.
    let meals = match case.reads("120000/meals_start", "y2023", "y2024") {
        true => Day(2023, 1, 1),
        false => Day(2024, 1, 1),
    };
    vec![
        right("home-care-subsidy", SUBSIDY, home_care),
        right("meal-subsidy", meals, meal),
    ]
}

fn home_care(w: &World<'_>) -> bool {
    if !w.hukou_in("12") || !older(w) || !needs_care(w) {
        return false;
    }
    if !w.is("rural") {
        return urban(w);
    }
    match w.case.as_of < RURAL {
        true => rural_to_2019(w),
        false => rural_from_2019(w),
    }
}

/// In need of care: the scale of this subsidy is Tianjin's own care grade
/// (reading rule 2), and the amounts know no person without one.
fn needs_care(w: &World<'_>) -> bool {
    care_grade(w) != "none"
}

fn care_grade(w: &World<'_>) -> &'static str {
    w.one_of("tianjin_care_grade", &["mild", "moderate", "severe"])
}

fn urban(w: &World<'_>) -> bool {
    let status = w.economic_status();
    if status == "dibao" || status == "tekun" || w.contributed(&VETERANS) {
        return true;
    }
    // Income below the minimum wage of the city, whose figure was not found.
    advanced_age(w)
        && (w.is("only_child_parent")
            || w.is("municipal_model_worker")
            || dependent(w)
            || w.is("empty_nest"))
        && w.local()
}

fn rural_to_2019(w: &World<'_>) -> bool {
    let status = w.economic_status();
    if status == "dibao" || status == "tekun" || w.contributed(&VETERANS) {
        return true;
    }
    advanced_age(w)
        && (w.is("only_child_parent") || dependent(w) || w.is("empty_nest"))
        && w.local()
}

fn rural_from_2019(w: &World<'_>) -> bool {
    let status = w.economic_status();
    if status == "dibao" || status == "low_income" || w.contributed(&VETERANS) {
        return true;
    }
    let old = advanced_age(w);
    let child = |w: &World<'_>| {
        w.number("only_child_age", &[40, 65])
            .is_some_and(|age| age >= 60)
    };
    if old && (w.is("no_children") || w.is("only_child_parent") && child(w)) {
        return true;
    }
    w.silent("C.1: the list of rural groups is cut short")
}

/// 轻度 200, 中度 400, 重度 600 yuan a month.
pub fn home_care_fen(w: &World<'_>) -> Option<i64> {
    match care_grade(w) {
        "mild" => Some(20_000),
        "moderate" => Some(40_000),
        "severe" => Some(60_000),
        _ => None,
    }
}

fn meal(w: &World<'_>) -> bool {
    let age = w.age();
    let registered = |w: &World<'_>| w.hukou_in("12");
    // (1), (2)
    if age >= 80 && registered(w) || age >= 70 && registered(w) && seven_groups(w) {
        return true;
    }
    // (3) 失能等级重度以上: the scale is not stated, read as GB/T 42195.
    let status = w.economic_status();
    if age >= 60
        && (status == "dibao" || status == "dibao_edge")
        && w.receives("home-care-subsidy")
        && w.level("gbt-42195-2022").is_some_and(|level| level >= 3)
    {
        return true;
    }
    // (4)
    (60..70).contains(&age) && w.receives("disability-living-subsidy") && severely_disabled(w)
}

/// The meal subsidy rests while the person lives in an institution.
pub fn meals_rest(case: &Case) -> Truth {
    try_every_way(case, "meal-subsidy", "120000", &|w| {
        w.one_of("setting", &["home", "institution"]) == "institution"
    })
}
