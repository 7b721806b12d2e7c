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
