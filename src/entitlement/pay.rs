//! Who pays what: funds in their order, each on what those before it leave.

use std::collections::BTreeMap;

use super::benefit::{Share, Shares};
use super::decide::{Decided, Decider};
use super::program::LinkKind;
use crate::case::Cost;
use crate::determination::{Entitlement, Payer, Payment, PaymentAlternative, Status};
use crate::text::Text;

/// The last payer.
const SELF: &str = "self";
/// The choice of an interpretation of caps by which the cap limits the cost that
/// counts; by any other it limits the payment.
const COUNTED_COST: &str = "counted_cost";

/// One payment for each cost.
pub(crate) fn payments(
    decider: &Decider<'_>,
    decided: &[Decided<'_>],
    entitlements: &[Entitlement],
) -> Vec<Payment> {
    let costs = decider.case.costs.as_deref().unwrap_or_default();
    let funds = funds(decider, decided);
    let chosen = decider.evaluation.choices;
    let base = divide(decider, &funds, costs, chosen);
    // Readings of what a cap caps, where they come to other amounts.
    let rights = decider.evaluation.rights;
    let mut others: Vec<(usize, usize, Vec<Vec<Payer>>)> = Vec::new();
    let mut readings: Vec<usize> = funds
        .iter()
        .filter_map(|fund| fund.shares.cap_reads)
        .collect();
    readings.sort_unstable();
    readings.dedup();
    let taken: BTreeMap<Text, Text> = readings
        .iter()
        .filter_map(|reading| {
            let key = rights.readings.get(*reading)?.key.clone();
            Some((key, rights.choice(*reading, *chosen.get(*reading)?)))
        })
        .collect();
    let of_readings = readings
        .iter()
        .filter_map(|reading| rights.interpretation(*reading))
        .map(|found| found.grade);
    let of_rights = funds.iter().filter_map(|fund| {
        let one = entitlements.iter().find(|one| one.programme == *fund.id)?;
        Some(one.confidence)
    });
    let confidence = of_readings.chain(of_rights).max().unwrap_or_default();
    for reading in readings {
        let count = rights
            .interpretation(reading)
            .map_or(0, |found| found.choices.len());
        for choice in 0..count {
            let mut choices = chosen.to_vec();
            match choices.get_mut(reading) {
                Some(place) if *place != choice => *place = choice,
                _ => continue,
            }
            let divided = divide(decider, &funds, costs, &choices);
            others.push((reading, choice, divided));
        }
    }
    let written = costs
        .iter()
        .zip(base)
        .enumerate()
        .map(|(i, (cost, payers))| {
            let alternatives = others
                .iter()
                .filter_map(|(reading, choice, divided)| {
                    let other = divided.get(i).filter(|other| **other != payers)?;
                    Some(PaymentAlternative {
                        choice: rights.choice(*reading, *choice),
                        interpretation: rights.readings.get(*reading)?.key.clone(),
                        payers: other.clone(),
                    })
                })
                .collect();
            Payment {
                alternatives,
                confidence,
                interpretations: taken.clone(),
                month: cost.month.clone(),
                payers,
                setting: cost.setting,
            }
        });
    written.collect()
}

/// A programme that pays or may pay a share of costs, by this layer.
struct Fund<'d> {
    programme: usize,
    id: &'d Text,
    shares: &'d Shares,
    /// It pays; else that is open.
    pays: bool,
}

/// The layer by which a programme pays a share, whatever else it gives: one that
/// entitles, else one that may.
fn fund<'d>(one: &Decided<'d>) -> Option<Fund<'d>> {
    if !matches!(one.status, Status::Entitled | Status::Undetermined) {
        return None;
    }
    let of = |status: Status| {
        let deciding = one.standings.get(one.deciding).into_iter();
        deciding
            .chain(one.standings)
            .filter(|standing| standing.status == status)
            .find_map(|standing| Some((status, standing.view.shares.as_ref()?)))
    };
    let (status, shares) = of(Status::Entitled).or_else(|| of(Status::Undetermined))?;
    Some(Fund {
        programme: one.planned.programme,
        id: &one.planned.id,
        shares,
        pays: one.status == Status::Entitled && status == Status::Entitled,
    })
}

/// Programmes that pay or may pay a share of costs, in the order of payment.
fn funds<'d>(decider: &Decider<'d>, decided: &[Decided<'d>]) -> Vec<Fund<'d>> {
    let mut waiting: Vec<Fund<'_>> = decided.iter().filter_map(fund).collect();
    let links = decider.links().filter(|link| link.kind == LinkKind::After);
    let mut before: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for link in links {
        if let Some((later, earlier)) = link.programmes.split_first() {
            before.entry(*later).or_default().extend(earlier);
        }
    }
    let mut out: Vec<Fund<'_>> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = waiting.iter().position(|one| {
            let earlier = before.get(&one.programme);
            !earlier.is_some_and(|earlier| {
                waiting
                    .iter()
                    .any(|other| earlier.contains(&other.programme))
            })
        });
        // Orders that go round in a circle are refused at load; the register decides.
        out.push(waiting.remove(free.unwrap_or(0)));
    }
    out
}

/// Divides each cost among the funds and the person.
fn divide(
    decider: &Decider<'_>,
    funds: &[Fund<'_>],
    costs: &[Cost],
    choices: &[usize],
) -> Vec<Vec<Payer>> {
    // What each fund has paid this month; unknown once a payment is.
    let mut paid: Vec<Option<i64>> = funds
        .iter()
        .map(|fund| {
            let used = decider.case.used.iter();
            let used = used.filter(|used| used.programme == *fund.id);
            used.map(|used| used.fen).try_fold(0i64, i64::checked_add)
        })
        .collect();
    let mut out = Vec::with_capacity(costs.len());
    for cost in costs {
        let mut rest = Some(cost.fen);
        let mut payers = Vec::with_capacity(funds.len() + 1);
        for (fund, paid) in funds.iter().zip(&mut paid) {
            let fen = match (fund.pays, rest, *paid) {
                (true, Some(rest), Some(before)) => {
                    pays(decider, fund, cost, rest, before, choices)
                }
                _ => None,
            };
            *paid = paid.zip(fen).and_then(|(paid, fen)| paid.checked_add(fen));
            rest = rest.zip(fen).and_then(|(rest, fen)| rest.checked_sub(fen));
            payers.push(Payer {
                fen,
                programme: fund.id.clone(),
            });
        }
        payers.push(Payer {
            fen: rest,
            programme: Text::fixed(SELF),
        });
        out.push(payers);
    }
    out
}

/// What one fund pays of `rest`, after `before` in the month; none where its share or
/// its cap is not known.
fn pays(
    decider: &Decider<'_>,
    fund: &Fund<'_>,
    cost: &Cost,
    rest: i64,
    before: i64,
    choices: &[usize],
) -> Option<i64> {
    let fitting = fund.shares.fitting(decider, cost.setting);
    let counted = fund.shares.cap_reads.is_some_and(|reading| {
        let choice = choices.get(reading).copied().unwrap_or(0);
        decider.evaluation.rights.choice(reading, choice) == COUNTED_COST
    });
    // Rows that are open are told apart by something missing: they must agree.
    let mut amounts = fitting
        .iter()
        .map(|share| amount(decider, share, cost, rest, before, counted));
    let first = amounts.next()??;
    let decided = fitting.last().is_some_and(|share| !share.open);
    let agree = amounts.all(|other| other == Some(first));
    (decided && agree).then_some(first)
}

fn amount(
    decider: &Decider<'_>,
    share: &Share<'_>,
    cost: &Cost,
    rest: i64,
    before: i64,
    counted: bool,
) -> Option<i64> {
    use super::definition::Per;

    let ratio = i64::from(share.line.per_mille?);
    let of = |fen: i64| fen.checked_mul(ratio).map(|fen| fen / 1000);
    let pays = of(rest)?;
    let Some(cap) = share.line.cap else {
        return Some(pays);
    };
    let cap_of = |times: i64| {
        let cap = cap.fen.0?.checked_mul(times)?;
        // By one reading the cap is of the cost that counts, by the other of the payment.
        if counted { of(cap) } else { Some(cap) }
    };
    let month = i64::from(decider.case.as_of.days_in_month());
    let (this, in_month) = match cap.per {
        Per::Month => (cap_of(1)?, cap_of(1)?),
        Per::Day => (cap_of(cost.days.map_or(month, i64::from))?, cap_of(month)?),
        // No month's share of such a cap is known.
        Per::Week | Per::Year | Per::Meal | Per::Once => return None,
    };
    let left = in_month.checked_sub(before)?.max(0);
    Some(pays.min(this).min(left))
}
