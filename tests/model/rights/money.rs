//! Amounts of what is given in money or off a price, to the person alone.

use super::calendar::Day;
use super::case::Case;
use super::words::{dependent, hardship, older, special_hardship, willing_tekun};
use super::world::{World, outcomes};
use super::{Rights, Said, ltci, tianjin_money, voucher};
use serde_json::{Value, json};

/// What the benefit of an entitled person must hold, as part of the JSON of
/// the contract. None: the facts state no figure that the model knows.
pub fn stated(case: &Case, programme: &'static str) -> Option<Value> {
    let shandong = case.place.starts_with("37") && case.as_of >= Day(2019, 1, 8);
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
        // Heping's visits are regular, and monthly by an indicator alone.
        "welfare-visits" if case.place == "120101" => None,
        "welfare-visits" | "senior-health-check" => {
            Some(match Rights::of(case).how_often(programme).ok()? {
                Some(span) => json!({ "kind": "service", "times": 1, "per": span }),
                None => json!({ "kind": "service", "times": null }),
            })
        }
        "public-home-priority" if case.place.starts_with("37") => {
            let mut tiers = Vec::new();
            for order in [tier_in_shandong, tier_in_taian] {
                let possible = outcomes(case, "public-home-priority", "370000", order).ok()?;
                if let [Some(tier)] = possible[..] {
                    tiers.push(tier);
                }
            }
            Some(json!({ "kind": "priority", "tier": tiers.iter().min() }))
        }
        "free-city-bus" | "free-first-will" => {
            Some(json!({ "kind": "fee_waiver", "per_mille": 1000 }))
        }
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
            let mut share = json!({
                "kind": "cost_share",
                "cap_fen": voucher::cap_fen(scheme),
                "cap_per": "month",
            });
            if let Some(setting) = one_setting(case) {
                share["per_mille"] = json!(voucher::per_mille(scheme, setting));
            }
            Some(share)
        }
        "ltci" => insurance(case),
        _ => None,
    }
}

/// Where the case names the settings of its costs, the first row is of the
/// first of them.
fn insurance(case: &Case) -> Option<Value> {
    let scheme = ltci::scheme(case).ok()??;
    let shares = ltci::shares(case, scheme, one_setting(case)?);
    let [share] = shares[..] else { return None };
    share.per_mille?;
    let mut row = json!({ "kind": "cost_share", "per_mille": share.per_mille });
    match share.cap {
        ltci::Cap::Day(fen) => row["cap_fen"] = json!(fen),
        ltci::Cap::Month(fen) => row["cap_fen"] = json!(fen),
        _ => {}
    }
    if let Some(fen) = share.cash_fen {
        row["cash_fen"] = json!(fen);
    }
    // C.1: from the month after the conclusion, for two years; the day given is
    // the first one beyond. Elsewhere the place sets it.
    if scheme == ltci::Scheme::Tianjin
        && let Some(conclusion) = case.date("ltci_conclusion_date")
    {
        let next = conclusion.plus_months(1);
        row["starts"] = json!(Day(next.0, next.1, 1).to_string());
        row["valid_until"] = json!(conclusion.plus_months(24).to_string());
    }
    if case.as_of >= ltci::FRAME {
        row["ceiling"] = json!({
            "of": "disposable_income_per_capita", "per_mille": 500, "per": "year", "fen": null,
        });
    }
    Some(row)
}

/// The setting of all costs.
fn one_setting(case: &Case) -> Option<&str> {
    let first = &case.costs.first()?.setting;
    let same = case.costs.iter().all(|cost| cost.setting == *first);
    same.then_some(first.as_str())
}

/// §32: tekun come first, then two groups. Who has a priority by the law of the
/// nation alone has no tier.
fn tier_in_shandong(w: &World<'_>) -> Option<i64> {
    if !older(w) || w.case.as_of < Day(2020, 5, 1) {
        return None;
    }
    if w.economic_status() == "tekun" {
        return Some(1);
    }
    (w.is("family_planning_special") || hardship(w) && dependent(w)).then_some(2)
}

/// S2-8: tekun who wish it, then special hardship.
fn tier_in_taian(w: &World<'_>) -> Option<i64> {
    let plan = w.case.place.starts_with("3709") && w.case.as_of >= Day(2025, 5, 7);
    if !older(w) || !plan {
        return None;
    }
    if willing_tekun(w) {
        return Some(1);
    }
    special_hardship(w).then_some(2)
}

/// On application, or without: where the texts say so.
pub fn access(case: &Case, programme: &str) -> Option<&'static str> {
    let taian = case.place.starts_with("3709") && case.as_of >= Day(2025, 5, 7);
    match programme {
        "ltci" | "care-voucher" => Some("application"),
        // S2-5: 免申请静默认证, of the living allowance.
        "elder-service-subsidy" if taian && one(case, hardship_of_shandong).is_some() => {
            Some("automatic")
        }
        _ => None,
    }
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
