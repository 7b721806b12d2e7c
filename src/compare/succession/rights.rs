//! Rights, care levels and payments, one result beside the other.

use super::{
    CareLevelSuccession, Pair, PayerSuccession, PaymentSuccession, RightSuccession, Standing,
};
use crate::determination::{CareLevel, Determination, Entitlement, Payment};

/// Programmes in the order of the new one, then what only the previous has.
pub(super) fn rights(previous: &Determination, new: &Determination) -> Vec<RightSuccession> {
    let (Some(then), Some(now)) = (&previous.entitlements, &new.entitlements) else {
        return Vec::new();
    };
    let of = |list: &'_ [Entitlement], programme: &str| {
        list.iter().find(|one| one.programme == programme).cloned()
    };
    let gone = then
        .iter()
        .filter(|one| !now.iter().any(|other| other.programme == one.programme));
    let programmes = now.iter().chain(gone).map(|one| &one.programme);
    programmes
        .map(|programme| {
            let (now, then) = (of(now, programme), of(then, programme));
            let benefit =
                |one: &Option<Entitlement>| one.as_ref().and_then(|one| one.benefit.clone());
            let differs = benefit(&now) != benefit(&then);
            let standing = |one: Option<Entitlement>| {
                one.map(|one| Standing {
                    benefit: one.benefit.filter(|_| differs),
                    rule: one.rule.into(),
                    status: one.status,
                })
            };
            RightSuccession {
                new: standing(now),
                previous: standing(then),
                programme: programme.to_string(),
            }
        })
        .collect()
}

pub(super) fn care_levels(
    previous: &Determination,
    new: &Determination,
) -> Vec<CareLevelSuccession> {
    let alike =
        |one: &CareLevel, other: &CareLevel| one.scheme == other.scheme && one.from == other.from;
    let (then, now) = (&previous.care_levels, &new.care_levels);
    let key = |list: &[CareLevel], one: &CareLevel| {
        let found = list.iter().find(|other| alike(one, other));
        found.map(|found| found.key.to_string())
    };
    let gone = then
        .iter()
        .filter(|one| !now.iter().any(|other| alike(one, other)));
    now.iter()
        .chain(gone)
        .map(|one| CareLevelSuccession {
            from: one.from.to_string(),
            keys: Pair {
                new: key(now, one),
                previous: key(then, one),
            },
            scheme: one.scheme.to_string(),
        })
        .collect()
}

pub(super) fn payments(previous: &Determination, new: &Determination) -> Vec<PaymentSuccession> {
    let then: Vec<&Payment> = previous.payments.iter().flatten().collect();
    let mut used = vec![false; then.len()];
    let mut out = Vec::new();
    for now in new.payments.iter().flatten() {
        let mut free = then.iter().zip(&mut used);
        let found = free.find(|(one, used)| !**used && one.setting == now.setting);
        if let Some((then, used)) = found {
            *used = true;
            out.push(payment(then, now));
        }
    }
    out
}

fn payment(then: &Payment, now: &Payment) -> PaymentSuccession {
    let fen = |one: &Payment, programme: &str| {
        let payer = one.payers.iter().find(|payer| payer.programme == programme);
        payer.map_or(Some(0), |payer| payer.fen)
    };
    let gone = then.payers.iter().filter(|one| {
        !now.payers
            .iter()
            .any(|other| other.programme == one.programme)
    });
    // The person pays last.
    let (own, funds): (Vec<_>, Vec<_>) = now
        .payers
        .iter()
        .chain(gone)
        .partition(|payer| payer.programme == "self");
    PaymentSuccession {
        months: Pair {
            new: now.month.clone(),
            previous: then.month.clone(),
        },
        payers: funds
            .into_iter()
            .chain(own)
            .map(|payer| {
                let programme = &payer.programme;
                let (new, previous) = (fen(now, programme), fen(then, programme));
                let both = new.zip(previous);
                PayerSuccession {
                    difference: both.and_then(|(new, previous)| new.checked_sub(previous)),
                    new,
                    previous,
                    programme: programme.to_string(),
                }
            })
            .collect(),
        setting: now.setting,
    }
}
