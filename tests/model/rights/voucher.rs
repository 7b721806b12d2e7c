//! The care voucher (养老服务消费补贴, C.0) and Shandong's pilot of it.

use super::calendar::Day;
use super::case::Case;
use super::words::older;
use super::world::{Truth, World, try_every_way};
use super::{Said, barred};

/// Twelve natural months.
const NATION: Day = Day(2026, 1, 1);
const NATION_ENDS: Day = Day(2027, 1, 1);
const PILOT: Day = Day(2025, 7, 1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Nation,
    Shandong,
}

pub fn scheme(case: &Case) -> Result<Option<Scheme>, &'static str> {
    let day = case.as_of;
    if day >= NATION_ENDS {
        return Ok(None);
    }
    if day >= NATION {
        return Ok(Some(Scheme::Nation));
    }
    if day < PILOT {
        return Ok(None);
    }
    match &case.place[..2] {
        "37" => Ok(Some(Scheme::Shandong)),
        "33" | "50" | "51" | "21" | "34" | "36" => Err("C.0: another pilot, known by name only"),
        _ => Ok(None),
    }
}

pub fn status(case: &Case) -> Said {
    match scheme(case) {
        Err(why) => return Said::Silent(why),
        Ok(None) => return Said::Absent,
        Ok(Some(_)) => {}
    }
    let said = match try_every_way(case, "care-voucher", "000000", &covered) {
        Truth::Yes => Said::Entitled,
        Truth::No => Said::NotEntitled,
        Truth::Open => Said::Undetermined,
        Truth::Silent(why) => Said::Silent(why),
    };
    let bar = try_every_way(case, "care-voucher", "000000", &|w| {
        w.states_that_it_receives("concentrated-care-aid")
    });
    barred(said, bar)
}

/// 60 years, moderate or worse by a form at most twelve months old, not tekun.
fn covered(w: &World<'_>) -> bool {
    older(w)
        && w.level_within("gbt-42195-2022", Some(12))
            .is_some_and(|level| (2..=4).contains(&level))
        && w.economic_status() != "tekun"
}

/// Per mille of the own cost; community care is not stated.
pub fn per_mille(scheme: Scheme, setting: &str) -> Option<i64> {
    match (scheme, setting) {
        (Scheme::Nation, "home") => Some(500),
        (Scheme::Nation, "institution") => Some(400),
        (Scheme::Nation, _) => None,
        (Scheme::Shandong, _) => Some(400),
    }
}

/// 800 yuan a month; of the pilot not found.
pub fn cap_fen(scheme: Scheme) -> Option<i64> {
    match scheme {
        Scheme::Nation => Some(80_000),
        Scheme::Shandong => None,
    }
}
