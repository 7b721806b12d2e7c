//! Amounts of what is given in money or off a price, to the person alone.

use super::case::Case;
use super::words::older;
use super::world::{World, outcomes};
use super::{Said, ltci, tianjin_money, voucher};
use serde_json::{Value, json};

/// What the benefit of an entitled person must hold, as part of the JSON of
/// the contract. None: the facts state no figure that the model knows.
pub fn stated(case: &Case, programme: &str) -> Option<Value> {
    let shandong = case.place.starts_with("37") && case.as_of >= super::calendar::Day(2019, 1, 8);
    match programme {
        "home-care-subsidy" => Some(json!({
            "kind": "cash",
            "per": "month",
            "form": "service_card",
            "fen": one(case, tianjin_money::home_care_fen),
        })),
        // 3 yuan off one lunch a day, five a week.
        "meal-subsidy" => Some(json!({
            "kind": "fee_waiver", "fen": 300, "per": "meal", "times": 5, "times_per": "week",
        })),
        "free-first-will" => Some(json!({ "kind": "fee_waiver", "per_mille": 1000 })),
        "elder-service-subsidy" if shandong => Some(json!({
            "kind": "cash", "fen": one(case, hardship_of_shandong), "per": "month",
        })),
        // 百岁老人长寿补贴: at least 300 yuan.
        "advanced-age-allowance" if shandong => match one(case, |w| Some(w.age() / 100)) {
            Some(0) => Some(json!({ "kind": "cash", "fen": null })),
            Some(_) => Some(json!({
                "kind": "cash", "fen": 30_000, "per": "month", "at_least": true,
            })),
            None => None,
        },
        "advanced-age-allowance"
        | "elder-service-subsidy"
        | "nursing-subsidy"
        | "disability-living-subsidy"
        | "disability-nursing-subsidy" => Some(json!({ "kind": "cash", "fen": null })),
        "care-voucher" => {
            let scheme = voucher::scheme(case).ok()??;
            Some(json!({
                "kind": "cost_share",
                "cap_fen": voucher::cap_fen(scheme),
                "cap_per": "month",
            }))
        }
        "ltci" => insurance(case),
        _ => None,
    }
}

/// Where the case names the settings of its costs, the first row is of the
/// first of them.
fn insurance(case: &Case) -> Option<Value> {
    let scheme = ltci::scheme(case).ok()??;
    let setting = case.costs.first()?.setting.clone();
    let same = case.costs.iter().all(|cost| cost.setting == setting);
    let shares = ltci::shares(case, scheme, &setting);
    let [share] = shares[..] else { return None };
    if !same || share.per_mille.is_none() {
        return None;
    }
    let mut row = json!({ "kind": "cost_share", "per_mille": share.per_mille });
    match share.cap {
        ltci::Cap::Day(fen) => row["cap_fen"] = json!(fen),
        ltci::Cap::Month(fen) => row["cap_fen"] = json!(fen),
        _ => {}
    }
    if let Some(fen) = share.cash_fen {
        row["cash_fen"] = json!(fen);
    }
    Some(row)
}

/// 60-79 80 yuan, 80-89 100, 90-99 200, for elders on dibao.
fn hardship_of_shandong(w: &World<'_>) -> Option<i64> {
    if !older(w) || w.economic_status() != "dibao" {
        return None;
    }
    match w.age() {
        60..=79 => Some(8_000),
        80..=89 => Some(10_000),
        90..=99 => Some(20_000),
        _ => None,
    }
}

/// The amount that every way of filling in comes to.
fn one(case: &Case, amount: impl Fn(&World<'_>) -> Option<i64>) -> Option<i64> {
    match outcomes(case, "", "000000", amount).expect("no amount is silent")[..] {
        [amount] => amount,
        _ => None,
    }
}

/// Whether the model compares what is given: of an entitled person only.
pub fn compared(said: &Said) -> bool {
    *said == Said::Entitled
}
