//! Benefits: amounts within bounds, conditions of rows, what a cap caps.

use super::{Compiler, Scope};
use crate::condition::Condition;
use crate::entitlement::definition::BenefitRule;
use crate::entitlement::program::Benefits;
use crate::rulebook::DiagnosticKind as Kind;
use crate::rulebook::FactType;

/// Most fen of one amount: a bound that keeps products with a ratio in 64 bits.
const MAX_FEN: i64 = 100_000_000_000;

impl<'c> Compiler<'c, '_> {
    pub(super) fn benefits(
        &mut self,
        at: &str,
        rule: &BenefitRule,
        scope: &Scope<'c>,
    ) -> Option<Benefits> {
        if !in_bounds(rule) {
            self.fault(
                scope.file,
                at,
                Kind::OutOfRange,
                "expected amounts from 1 to 10^11 fen, ratios up to 1000, tiers and times from 1",
            );
        }
        let mut conditions: Vec<(String, Option<&Condition>)> = Vec::new();
        match rule {
            BenefitRule::Cash(cash) => {
                conditions.extend(
                    cash.rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{at}/cash/rows/{i}/when"), Some(&row.when))),
                );
            }
            BenefitRule::Priority(priority) => {
                conditions.extend(
                    priority
                        .rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{at}/priority/rows/{i}/when"), Some(&row.when))),
                );
            }
            BenefitRule::CostShare(share) => {
                let place = format!("{at}/cost_share");
                conditions.extend(
                    share
                        .rows
                        .iter()
                        .enumerate()
                        .map(|(i, row)| (format!("{place}/rows/{i}/when"), row.when.as_ref())),
                );
                for (i, row) in share.rows.iter().enumerate() {
                    let ratio = row.per_mille.0.is_some_and(|ratio| ratio > 1000);
                    let cap = [row.cap, row.cash].into_iter().flatten().any(|amount| {
                        amount
                            .fen
                            .0
                            .is_some_and(|fen| !(1..=MAX_FEN).contains(&fen))
                    });
                    if ratio || cap {
                        self.fault(
                            scope.file,
                            &format!("{place}/rows/{i}"),
                            Kind::OutOfRange,
                            "expected at most 1000 per mille, and positive amounts up to 10^11 fen",
                        );
                    }
                }
                if let Some(id) = &share.cap_reads {
                    self.cap_reading(&format!("{place}/cap_reads"), id, scope);
                }
                if let Some(after) = share.starts.as_ref().and_then(|starts| starts.0.as_ref()) {
                    let fact = self.known.vocabulary.facts.get(&after.after);
                    if fact.is_none_or(|fact| fact.kind != FactType::Date) {
                        self.fault(
                            scope.file,
                            &format!("{place}/starts/after"),
                            Kind::UnknownReference,
                            "expected the id of a fact that is a date",
                        );
                    }
                }
            }
            BenefitRule::FeeWaiver(waiver) => {
                if waiver.per_mille.is_some() == waiver.fen.is_some() {
                    self.fault(
                        scope.file,
                        at,
                        Kind::Shape,
                        "expected either per_mille or fen",
                    );
                }
            }
            BenefitRule::Service(_) | BenefitRule::Works(_) => {}
        }
        let mut rows = Vec::new();
        for (at, condition) in conditions {
            rows.push(match condition {
                Some(condition) => Some(self.condition(&at, condition, scope)?),
                None => None,
            });
        }
        let cap_reads = match rule {
            BenefitRule::CostShare(share) => share
                .cap_reads
                .as_ref()
                .and_then(|id| self.reading(id, scope.jurisdiction)),
            _ => None,
        };
        Some(Benefits { rows, cap_reads })
    }

    fn cap_reading(&mut self, at: &str, id: &str, scope: &Scope<'_>) {
        let keys = self
            .reading(id, scope.jurisdiction)
            .and_then(|reading| self.readings.get(reading))
            .and_then(|reading| {
                let file = self.files.get(reading.file)?;
                let choices = &file.interpretations.get(reading.position)?.choices;
                let mut keys: Vec<&str> =
                    choices.iter().map(|choice| choice.key.as_str()).collect();
                keys.sort_unstable();
                Some(keys)
            });
        if keys.is_none_or(|keys| keys != ["counted_cost", "payment"]) {
            self.fault(
                scope.file,
                at,
                Kind::UnknownReference,
                "expected an interpretation with the choices counted_cost and payment",
            );
        }
    }
}

/// Whether amounts, ratios, tiers and times are such as can be; rows of shares are looked
/// at one by one.
fn in_bounds(rule: &BenefitRule) -> bool {
    let amount = |fen: Option<i64>| fen.is_none_or(|fen| (1..=MAX_FEN).contains(&fen));
    let ratio = |share: Option<u16>| share.is_none_or(|share| share <= 1000);
    match rule {
        BenefitRule::Cash(cash) => {
            amount(cash.fen.0) && cash.rows.iter().all(|row| amount(row.fen.0))
        }
        BenefitRule::Service(service) => service.times != Some(0),
        BenefitRule::Works(works) => amount(works.fen.0),
        BenefitRule::FeeWaiver(waiver) => {
            amount(waiver.fen)
                && ratio(waiver.per_mille.and_then(|share| share.0))
                && waiver.times != Some(0)
        }
        BenefitRule::Priority(priority) => {
            priority.tier != Some(0) && priority.rows.iter().all(|row| row.tier != 0)
        }
        BenefitRule::CostShare(share) => {
            let ceiling = share
                .ceiling
                .as_ref()
                .and_then(|ceiling| ceiling.0.as_ref());
            ceiling.is_none_or(|ceiling| amount(ceiling.fen.0) && ratio(Some(ceiling.per_mille)))
        }
    }
}
