//! Long-term care insurance: the nation's frame of 2026, Tianjin, Hebei,
//! Chengde's pilot, Tai'an. Of several the nearest in force decides alone.

use super::calendar::Day;
use super::case::Case;
use super::world::{Truth, World, outcomes, try_every_way};
use super::{Said, barred};

/// The opinions of the nation, public on this day.
pub const FRAME: Day = Day(2026, 3, 25);
const TIANJIN: Day = Day(2022, 12, 15);
/// Tianjin's pilot began, by rules that were not found.
const TIANJIN_PERHAPS: Day = Day(2020, 12, 1);
const HEBEI: Day = Day(2026, 4, 1);
const TAIAN: Day = Day(2024, 6, 1);
const TAIAN_PLAN: Day = Day(2025, 5, 7);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Frame,
    Tianjin,
    Hebei,
    Chengde,
    Taian,
}

/// The scheme that decides; none if there is none, or why that is not known.
pub fn scheme(case: &Case) -> Result<Option<Scheme>, &'static str> {
    let day = case.as_of;
    let frame = (day >= FRAME).then_some(Scheme::Frame);
    if case.place.starts_with("12") {
        return match day {
            day if day >= TIANJIN => Ok(Some(Scheme::Tianjin)),
            day if day >= TIANJIN_PERHAPS => Err("C.1: the rules before 2022-12-15 were not found"),
            _ => Ok(None),
        };
    }
    if case.place.starts_with("13") && day >= HEBEI {
        return Ok(Some(Scheme::Hebei));
    }
    if case.place.starts_with("1308") {
        // In the first pilots of 2016, under rules of 2016 or 2017: a reading.
        let start = match case.reads("130800/pilot_start", "y2016", "y2017") {
            true => Day(2016, 1, 1),
            false => Day(2017, 1, 1),
        };
        return Ok((day >= start).then_some(Scheme::Chengde));
    }
    if case.place.starts_with("3709") {
        return match day >= TAIAN {
            true => Ok(Some(Scheme::Taian)),
            false => Err("C.3: Tai'an is known as of 2024-06"),
        };
    }
    Ok(frame)
}

pub fn status(case: &Case) -> Said {
    let scheme = match scheme(case) {
        Ok(Some(scheme)) => scheme,
        Ok(None) => return Said::Absent,
        Err(why) => return Said::Silent(why),
    };
    let said = match try_every_way(case, "ltci", "000000", &|w| covered(w, scheme)) {
        Truth::Yes => Said::Entitled,
        Truth::No => Said::NotEntitled,
        Truth::Open => Said::Undetermined,
        Truth::Silent(why) => Said::Silent(why),
    };
    // Not on top of the nursing allowance of work-injury insurance (C.4).
    if case.as_of < FRAME {
        return said;
    }
    let bar = try_every_way(case, "ltci", "000000", &|w| {
        w.is("work_injury_nursing_allowance")
    });
    barred(said, bar)
}

pub fn kind(w: &World<'_>) -> &'static str {
    w.one_of(
        "medical_insurance",
        &["employee", "retired_employee", "flexible", "resident"],
    )
}

fn is_employee(kind: &str) -> bool {
    ["employee", "retired_employee", "flexible"].contains(&kind)
}

/// 重度失能: levels 3 to 5 of the scale of the insurance, and no other scale.
fn severe(w: &World<'_>) -> bool {
    if w.level("nhsa-37-2021").is_none_or(|level| level < 3) {
        return false;
    }
    match expired(w.case) {
        Some(false) => true,
        // Reassessment is due: what it will say is open.
        Some(true) => w.perhaps("a new assessment says severe"),
        None => w.silent("the day of the conclusion is not known"),
    }
}

/// Whether the conclusion on severe dependency is past its validity: two years
/// at most (医保发〔2023〕29号, A; of Tianjin C.1). It is given within 30 working
/// days of the application, and counts from its own day. None: the case does
/// not tell.
pub fn expired(case: &Case) -> Option<bool> {
    let tianjin = case.place.starts_with("12");
    let Some(form) = case.forms.get("nhsa-37-2021") else {
        return Some(false);
    };
    if !tianjin && case.as_of < Day(2023, 12, 1) || case.as_of < form.date.plus_months(24) {
        return Some(false);
    }
    if case.as_of >= form.date.plus_months(26) {
        return Some(true);
    }
    let stated = case.facts.get("ltci_conclusion_date")?.as_str()?;
    let conclusion = Day::parse(stated);
    // A conclusion before the form is of an earlier form.
    (conclusion >= form.date).then(|| case.as_of >= conclusion.plus_months(24))
}

/// Only E, F or G of the self-assessment may apply; it is the way to an
/// assessment, and asks nothing more once there is one.
fn may_apply(w: &World<'_>) -> bool {
    w.case.forms.contains_key("nhsa-37-2021")
        || !w.case.forms.contains_key("nhsa-37-2021-self")
        || w.level("nhsa-37-2021-self").is_none_or(|level| level >= 4)
}

/// Not insured for long-term care is a ground to refuse. Tianjin insures the
/// members of employee medical insurance without more; elsewhere the case must
/// tell.
fn insured(w: &World<'_>, scheme: Scheme) -> bool {
    match w.date("ltci_insured_since") {
        Some(since) => since <= w.case.as_of,
        None if w.states_none("ltci_insured_since") => false,
        None => scheme == Scheme::Tianjin || w.perhaps("insured for long-term care"),
    }
}

fn covered(w: &World<'_>, scheme: Scheme) -> bool {
    let kind = kind(w);
    if !insured(w, scheme) || !may_apply(w) {
        return false;
    }
    let long = |w: &World<'_>| w.months_since("care_dependent_since", 6);
    let waited = |w: &World<'_>| w.months_since("ltci_insured_since", 6);
    match scheme {
        Scheme::Frame => kind != "none" && severe(w) && long(w) && waited(w),
        Scheme::Tianjin => {
            is_employee(kind) && severe(w) && long(w) && w.is("standard_treatment_done")
        }
        Scheme::Hebei => {
            // 2026: employees, retirees, flexible workers; residents by the end of 2027.
            let resident = match w.case.as_of.0 {
                2026 => false,
                2027 => w.local(),
                _ => true,
            };
            let in_turn = is_employee(kind) || kind == "resident" && resident;
            in_turn && severe(w) && long(w) && waited(w)
        }
        Scheme::Chengde => {
            let taken_in = w.case.place == "130802"
                && w.case.as_of >= Day(2022, 9, 22)
                && !is_employee(kind)
                && ["dibao", "dibao_edge", "low_income"].contains(&w.economic_status());
            if taken_in && severe(w) {
                return w.silent("S1-13: further groups are taken in step by step");
            }
            // Which degree the pilot asks is a reading.
            let local_degree =
                w.case
                    .reads("130800/pilot_degree", "severe_or_local", "severe_only");
            // The wait comes from the frame, of which the pilot still saw a week.
            let wait = w.case.as_of >= FRAME;
            if !is_employee(kind) || !long(w) || wait && !waited(w) {
                return false;
            }
            if local_degree && !severe(w) {
                return w.silent("C.2: the degrees of the pilot were not found");
            }
            severe(w)
        }
        Scheme::Taian => {
            let residents = w.case.as_of >= TAIAN_PLAN;
            let in_turn = is_employee(kind) || kind == "resident" && residents && w.local();
            // Six months of dependency by 医保发〔2020〕37号; the wait by the frame.
            in_turn && severe(w) && long(w) && (w.case.as_of < FRAME || waited(w))
        }
    }
}

/// What the insurance pays of a cost: per mille and cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// None: set locally, or not stated for this setting.
    pub per_mille: Option<i64>,
    pub cap: Cap,
    /// Paid in addition each month.
    pub cash_fen: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cap {
    None,
    Day(i64),
    Month(i64),
    /// There is one, and its amount was not found.
    Unknown,
}

const UNKNOWN: Share = Share {
    per_mille: None,
    cap: Cap::None,
    cash_fen: None,
};

/// The shares still possible for care in a setting.
pub fn shares(case: &Case, scheme: Scheme, setting: &str) -> Vec<Share> {
    outcomes(case, "ltci", "000000", |w| share(w, scheme, setting)).expect("no row is silent")
}

fn share(w: &World<'_>, scheme: Scheme, setting: &str) -> Share {
    match scheme {
        // C.4: about 70 % under the employee policy, about 50 % for residents.
        Scheme::Frame | Scheme::Hebei => Share {
            per_mille: Some(if is_employee(kind(w)) { 700 } else { 500 }),
            ..UNKNOWN
        },
        // What Tai'an does not state comes from the frame (design, section 6).
        Scheme::Taian if w.case.as_of >= FRAME => share(w, Scheme::Frame, setting),
        Scheme::Chengde | Scheme::Taian => UNKNOWN,
        Scheme::Tianjin => match setting {
            "institution" => Share {
                per_mille: Some(700),
                cap: Cap::Day(7_000),
                cash_fen: None,
            },
            "home" => match w.one_of("ltci_home_care_mode", &["agency", "relative"]) {
                "agency" => Share {
                    per_mille: Some(750),
                    cap: Cap::Month(210_000),
                    cash_fen: None,
                },
                "relative" => Share {
                    per_mille: Some(750),
                    cap: Cap::Month(110_000),
                    cash_fen: Some(75_000),
                },
                _ => UNKNOWN,
            },
            _ => UNKNOWN,
        },
    }
}
