//! Who pays: the insurance first, the voucher of what it leaves, the person
//! the rest; to the fen.

use super::calendar::last_of_month;
use super::case::{Case, Cost};
use super::ltci::{self, Cap, Share};
use super::{Said, voucher};

/// The payers of each cost in order, `self` last; an amount that cannot be
/// told is none.
pub type Payers = Vec<(&'static str, Option<i64>)>;

/// One list of payers for each cost, or why the facts do not say.
pub fn payments(case: &Case) -> Result<Vec<Payers>, &'static str> {
    // A cap of the insurance in Tianjin: a reading.
    let of_payment = case.reads("120000/cap_reading", "payment", "counted_cost");
    let insurance = match ltci::status(case) {
        Said::Silent(why) => return Err(why),
        Said::Entitled => Some(true),
        Said::Undetermined => Some(false),
        _ => None,
    };
    let voucher = match voucher::status(case) {
        Said::Silent(why) => return Err(why),
        Said::Entitled => Some(true),
        Said::Undetermined => Some(false),
        _ => None,
    };

    // Paid this month, by each; none once an amount could not be told.
    let used = |fund: &str| Some(case.used.get(fund).copied().unwrap_or(0));
    let mut paid_by_insurance = used("ltci");
    let mut paid_by_voucher = used("care-voucher");

    let mut all = Vec::new();
    for cost in &case.costs {
        let mut payers: Payers = Vec::new();
        let mut rest = Some(cost.fen);
        if let Some(certain) = insurance {
            let pays = match certain {
                true => insurance_pays(case, cost, paid_by_insurance, of_payment)?,
                false => None,
            };
            payers.push(("ltci", pays));
            paid_by_insurance = add(paid_by_insurance, pays);
            rest = subtract(rest, pays);
        }
        if let Some(certain) = voucher {
            let pays = match certain {
                true => voucher_pays(case, cost, rest, paid_by_voucher)?,
                false => None,
            };
            payers.push(("care-voucher", pays));
            paid_by_voucher = add(paid_by_voucher, pays);
            rest = subtract(rest, pays);
        }
        payers.push(("self", rest));
        all.push(payers);
    }
    Ok(all)
}

/// The case with the other reading of the insurance's caps, and its name.
pub fn other_reading(case: &Case) -> (&'static str, Case) {
    let payment = case.reads("120000/cap_reading", "payment", "counted_cost");
    let choice = if payment { "counted_cost" } else { "payment" };
    let mut other = case.clone();
    let name = "120000/cap_reading".to_owned();
    other.readings.insert(name, choice.to_owned());
    (choice, other)
}

fn add(sum: Option<i64>, more: Option<i64>) -> Option<i64> {
    Some(sum? + more?)
}

fn subtract(from: Option<i64>, less: Option<i64>) -> Option<i64> {
    Some(from? - less?)
}

/// The same in every way of filling in what the rows depend on.
fn insurance_pays(
    case: &Case,
    cost: &Cost,
    paid: Option<i64>,
    of_payment: bool,
) -> Result<Option<i64>, &'static str> {
    let Some(scheme) = ltci::scheme(case)? else {
        return Ok(None);
    };
    let shares = ltci::shares(case, scheme, &cost.setting);
    let mut amounts = Vec::new();
    for share in shares {
        let amount = share_of(case, cost, share, paid, of_payment);
        if !amounts.contains(&amount) {
            amounts.push(amount);
        }
    }
    Ok(match amounts[..] {
        [amount] => amount,
        _ => None,
    })
}

fn share_of(
    case: &Case,
    cost: &Cost,
    share: Share,
    paid: Option<i64>,
    of_payment: bool,
) -> Option<i64> {
    let ratio = share.per_mille?;
    let part = |fen: i64| fen * ratio / 1000;
    let month = last_of_month(case.as_of.0, case.as_of.1);
    let days = cost.days.unwrap_or(month);
    let (this, in_month) = match share.cap {
        // Without a cap, what was paid before does not matter.
        Cap::None => return Some(part(cost.fen)),
        Cap::Unknown => return None,
        Cap::Day(cap) => (cap * days, cap * month),
        Cap::Month(cap) => (cap, cap),
    };
    let left = match of_payment {
        true => in_month - paid?,
        false => part(in_month) - paid?,
    };
    let most = match of_payment {
        true => part(cost.fen).min(this),
        // 70 % of at most the cap: the person pays the rest.
        false => part(cost.fen.min(this)),
    };
    Some(most.min(left.max(0)))
}

fn voucher_pays(
    case: &Case,
    cost: &Cost,
    rest: Option<i64>,
    paid: Option<i64>,
) -> Result<Option<i64>, &'static str> {
    let Some(scheme) = voucher::scheme(case)? else {
        return Ok(None);
    };
    let all = || {
        let ratio = voucher::per_mille(scheme, &cost.setting)?;
        let cap = voucher::cap_fen(scheme)?;
        Some((rest? * ratio / 1000).min((cap - paid?).max(0)))
    };
    Ok(all())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// Severe for the insurance, moderate for the voucher, in Heping.
    fn person(costs: Value, reading: &str) -> Case {
        let zeros = |instrument: &str| -> Value {
            super::super::super::item_codes(instrument)
                .into_iter()
                .map(|code| (code, json!(0)))
                .collect::<serde_json::Map<String, Value>>()
                .into()
        };
        let mut all_dependent = zeros("gbt-42195-2022");
        all_dependent["A.5.11"] = json!(true);
        Case::read(&json!({
            "as_of": "2026-06-30",
            "jurisdiction": "120101",
            "assessments": [
                { "instrument": "nhsa-37-2021", "date": "2026-05-20", "answers": zeros("nhsa-37-2021") },
                { "instrument": "gbt-42195-2022", "date": "2026-05-20", "answers": all_dependent },
            ],
            "facts": {
                "birth_date": "1941-03-02",
                "economic_status": "none",
                "medical_insurance": "employee",
                "ltci_insured_since": "2021-01-01",
                "care_dependent_since": "2023-01-01",
                "standard_treatment_done": true,
                "work_injury_nursing_allowance": false,
                "ltci_home_care_mode": "agency",
            },
            "costs": costs,
            "interpretations": { "120000/cap_reading": reading },
        }))
    }

    fn amounts(costs: Value, reading: &str) -> Vec<[Option<i64>; 3]> {
        let all = payments(&person(costs, reading)).expect("the facts say");
        all.iter()
            .map(|payers| {
                let names: Vec<&str> = payers.iter().map(|payer| payer.0).collect();
                assert_eq!(names, ["ltci", "care-voucher", "self"]);
                [payers[0].1, payers[1].1, payers[2].1]
            })
            .collect()
    }

    /// 2 000 yuan at home: 75 % is 1 500, half of the rest is 250.
    #[test]
    fn at_home_by_hand() {
        let costs = json!([{ "setting": "home", "fen": 200_000 }]);
        let expected = [Some(150_000), Some(25_000), Some(25_000)];
        assert_eq!(amounts(costs.clone(), "counted_cost"), [expected]);
        assert_eq!(amounts(costs, "payment"), [expected]);
    }

    /// 2 400 yuan in an institution in June: 70 % of at most 70 yuan a day is
    /// 1 470; by the other reading 70 % of all is 1 680. Then 40 % of the rest.
    #[test]
    fn in_an_institution_by_hand() {
        let costs = json!([{ "setting": "institution", "fen": 240_000 }]);
        let counted = [Some(147_000), Some(37_200), Some(55_800)];
        assert_eq!(amounts(costs.clone(), "counted_cost"), [counted]);
        let payment = [Some(168_000), Some(28_800), Some(43_200)];
        assert_eq!(amounts(costs, "payment"), [payment]);
    }

    /// The cap of the month is shared, and so is the voucher's 800 yuan. What
    /// the voucher gives in the community is not stated, and after it nobody
    /// knows what is left of it.
    #[test]
    fn one_month_by_hand() {
        let costs = json!([
            { "setting": "home", "fen": 250_000 },
            { "setting": "home", "fen": 100_001 },
            { "setting": "community", "fen": 100 },
            { "setting": "home", "fen": 100 },
        ]);
        let expected = [
            // 75 % of 2 100; half of 925.
            [Some(157_500), Some(46_250), Some(46_250)],
            // Nothing is left of the cap; the voucher has 337.50 left.
            [Some(0), Some(33_750), Some(66_251)],
            [None, None, None],
            [None, None, None],
        ];
        assert_eq!(amounts(costs, "counted_cost"), expected);
    }
}
