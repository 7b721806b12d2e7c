//! What is given, in words: what a determination gives, and what a rule file says.

use serde::Serialize;

use super::names::{Names, Rule};
use super::words::{known, percent, yuan};
use crate::case::Setting;
use crate::condition::Condition;
use crate::determination::{Benefit, CostShare, FeeWaiver};
use crate::entitlement::definition::{BenefitRule, Ceiling, CostShareRule, Per, ShareRow};
use crate::words::Lang;

/// What is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Given {
    /// In a few words, as its rule calls it.
    pub name: String,
    /// Amounts, ratios, caps and terms, each in words; what is set locally says so.
    pub terms: Vec<String>,
    /// The place whose rule gives it.
    pub place: String,
}

impl<'a> Names<'a> {
    /// A benefit, as the rule with this id gives it.
    pub(super) fn given(&self, benefit: &Benefit, rule: &str) -> Given {
        let rule = self.rule(rule);
        Given {
            name: rule.map_or_else(String::new, |rule| {
                self.of(rule.layer.benefit.names()).to_owned()
            }),
            terms: self.terms(benefit, rule),
            place: rule.map_or_else(String::new, |rule| self.place_of(&rule.file.jurisdiction)),
        }
    }

    fn terms(&self, benefit: &Benefit, rule: Option<Rule<'a>>) -> Vec<String> {
        match benefit {
            Benefit::Cash(cash) => vec![match (cash.fen, cash.possible_fen.as_slice()) {
                (Some(fen), _) => self.cash(Some(fen), cash.per, cash.at_least),
                (None, []) => self.say("amount.local").to_owned(),
                (None, possible) => {
                    let amounts = possible.iter().map(|fen| yuan(*fen, self.lang));
                    let amounts = self.per(&self.list(amounts), cash.per);
                    self.say_with("amount.possible", &[("amounts", &amounts)])
                }
            }],
            Benefit::Service(service) => self.times(service.times, service.per, "times"),
            Benefit::Works(works) => vec![self.up_to(works.fen)],
            Benefit::FeeWaiver(waiver) => self.waiver(waiver),
            Benefit::Priority(priority) => self.tier(priority.tier),
            Benefit::CostShare(share) => self.share(share, rule),
        }
    }

    /// An amount for each span.
    pub(super) fn per(&self, amount: &str, per: Per) -> String {
        let key = format!("per.{}", per.as_str());
        // In Chinese a blank stands before a number, in English before every word.
        let number = amount.starts_with(|c: char| c.is_ascii_digit());
        let blank = if number || self.lang == Lang::En {
            " "
        } else {
            ""
        };
        self.say_with(&key, &[("amount", amount), ("blank", blank)])
    }

    fn cash(&self, fen: Option<i64>, per: Per, at_least: bool) -> String {
        let Some(fen) = fen else {
            return self.say("amount.local").to_owned();
        };
        let amount = self.per(&yuan(fen, self.lang), per);
        if at_least {
            self.say_with("amount.at_least", &[("amount", &amount)])
        } else {
            amount
        }
    }

    fn up_to(&self, fen: Option<i64>) -> String {
        match fen {
            Some(fen) => self.say_with("amount.up_to", &[("amount", &yuan(fen, self.lang))]),
            None => self.say("amount.local").to_owned(),
        }
    }

    fn times(&self, times: Option<u16>, per: Option<Per>, key: &str) -> Vec<String> {
        let Some(times) = times else {
            return Vec::new();
        };
        let count = match times {
            1 => self.say("count.1").to_owned(),
            2 => self.say("count.2").to_owned(),
            _ => self.say_with("count", &[("count", &times.to_string())]),
        };
        let count = match per {
            Some(per) => self.per(&count, per),
            None => count,
        };
        vec![self.say_with(key, &[("times", &count)])]
    }

    fn waiver(&self, waiver: &FeeWaiver) -> Vec<String> {
        let mut terms = vec![match (waiver.per_mille, waiver.fen) {
            (Some(1000), _) => self.say("waiver.all").to_owned(),
            (Some(share), _) => self.say_with("waiver.share", &[("share", &percent(share))]),
            (None, Some(fen)) => {
                let amount = yuan(fen, self.lang);
                let amount = waiver
                    .per
                    .map_or_else(|| amount.clone(), |per| self.per(&amount, per));
                self.say_with("waiver.amount", &[("amount", &amount)])
            }
            (None, None) => self.say("amount.local").to_owned(),
        }];
        terms.extend(self.times(waiver.times, waiver.times_per, "times.most"));
        terms
    }

    fn tier(&self, tier: Option<u8>) -> Vec<String> {
        let tier = tier.map(|tier| self.say_with("tier", &[("tier", &tier.to_string())]));
        tier.into_iter().collect()
    }

    fn ratio(&self, per_mille: Option<u16>) -> String {
        match per_mille {
            Some(share) => self.say_with("share", &[("share", &percent(share))]),
            None => self.say("share.local").to_owned(),
        }
    }

    fn cap(&self, fen: Option<i64>, per: Per) -> String {
        match fen {
            Some(fen) => {
                let amount = self.per(&yuan(fen, self.lang), per);
                self.say_with("amount.up_to", &[("amount", &amount)])
            }
            None => self.say("cap.local").to_owned(),
        }
    }

    fn beside(&self, fen: Option<i64>, per: Per) -> String {
        let amount = self.cash(fen, per, false);
        self.say_with("share.cash", &[("amount", &amount)])
    }

    fn share(&self, share: &CostShare, rule: Option<Rule<'a>>) -> Vec<String> {
        let mut terms: Vec<String> = Vec::new();
        terms.extend(share.setting.map(|setting| self.setting(setting)));
        if let Some(mode) = &share.mode {
            terms.extend(rule.and_then(|rule| self.mode(mode, rule)));
        }
        terms.push(self.ratio(share.per_mille));
        terms.extend(share.cap_per.map(|per| self.cap(share.cap_fen, per)));
        terms.extend(share.cash_per.map(|per| self.beside(share.cash_fen, per)));
        if let Some(starts) = share.starts {
            terms.push(self.say_with("share.starts", &[("day", &starts.to_string())]));
        }
        match (share.valid_until, share.validity_months) {
            (Some(until), _) => {
                let last = until.yesterday().unwrap_or(until);
                terms.push(self.say_with("share.valid_until", &[("day", &last.to_string())]));
            }
            (None, Some(months)) => terms.push(self.validity(months)),
            (None, None) => {}
        }
        terms.extend(share.ceiling.as_ref().map(|ceiling| self.ceiling(ceiling)));
        terms
    }

    fn validity(&self, months: u16) -> String {
        self.say_with("share.validity", &[("months", &months.to_string())])
    }

    pub(super) fn setting(&self, setting: Setting) -> String {
        let key = format!("setting.{}", setting.as_str());
        self.say_with(&key, &[])
    }

    fn ceiling(&self, ceiling: &Ceiling) -> String {
        let key = format!("ceiling.{}", ceiling.of);
        let of = known(&key, self.lang).unwrap_or_else(|| self.say("ceiling.other"));
        let share = percent(ceiling.per_mille);
        let amount = self.say_with("ceiling.share", &[("of", of), ("share", &share)]);
        let mut text = self.say_with("ceiling", &[("amount", &self.per(&amount, ceiling.per))]);
        if let Some(fen) = ceiling.fen.0 {
            let amount = yuan(fen, self.lang);
            text = self.say_with("ceiling.known", &[("ceiling", &text), ("amount", &amount)]);
        }
        text
    }

    /// The name of a mode of care: that of the value of the fact which tells it apart.
    fn mode(&self, mode: &str, rule: Rule<'a>) -> Option<String> {
        let layers = self.layers_of(&rule.layer.programme);
        let row = [rule]
            .into_iter()
            .chain(layers)
            .filter_map(|rule| match &rule.layer.benefit {
                BenefitRule::CostShare(shares) => Some(&shares.rows),
                _ => None,
            })
            .flatten()
            .find(|row| row.mode.as_deref() == Some(mode))?;
        self.mode_of(mode, row)
    }

    fn mode_of(&self, mode: &str, row: &ShareRow) -> Option<String> {
        let mut facts = Vec::new();
        facts_of(row.when.as_ref()?, &mut facts);
        let value = facts
            .into_iter()
            .filter_map(|id| self.fact(id))
            .flat_map(|fact| &fact.values)
            .find(|value| value.key == mode)?;
        Some(self.of(&value.names).to_owned())
    }

    /// What a rule gives, as its file says it, a line for each group.
    pub(super) fn benefit(&self, rule: &BenefitRule) -> Vec<String> {
        let name = self.of(rule.names()).to_owned();
        let mut lines = Vec::new();
        let mut head: Vec<String> = Vec::new();
        let mut row = |when: &Condition, text: String| {
            let when = self.condition(when);
            lines.push(self.say_with("reason", &[("name", &when), ("value", &text)]));
        };
        match rule {
            BenefitRule::Cash(cash) => {
                for part in &cash.rows {
                    row(&part.when, self.cash(part.fen.0, cash.per, cash.at_least));
                }
                let rest = self.cash(cash.fen.0, cash.per, cash.at_least);
                if cash.rows.is_empty() {
                    head.push(rest);
                } else {
                    let others = self.say("rows.others");
                    lines.push(self.say_with("reason", &[("name", others), ("value", &rest)]));
                }
            }
            BenefitRule::Service(service) => {
                head.extend(self.times(service.times, service.per, "times"));
            }
            BenefitRule::Works(works) => head.push(self.up_to(works.fen.0)),
            BenefitRule::FeeWaiver(waiver) => head.extend(self.waiver(&FeeWaiver {
                fen: waiver.fen,
                kind: Default::default(),
                of: waiver.of.clone(),
                per: waiver.per,
                per_mille: waiver.per_mille.and_then(|share| share.0),
                times: waiver.times,
                times_per: waiver.times_per,
            })),
            BenefitRule::Priority(priority) => {
                for part in &priority.rows {
                    let tier = self.tier(Some(part.tier)).concat();
                    row(&part.when, tier);
                }
                head.extend(self.tier(priority.tier));
            }
            BenefitRule::CostShare(shares) => {
                lines.extend(shares.rows.iter().map(|row| self.share_row(row)));
                head.extend(self.share_head(shares));
            }
        }
        let first = if head.is_empty() {
            name
        } else {
            let terms = self.list(&head);
            self.say_with("reason", &[("name", &name), ("value", &terms)])
        };
        [first].into_iter().chain(lines).collect()
    }

    fn share_row(&self, row: &ShareRow) -> String {
        let mut who: Vec<String> = Vec::new();
        let settings = row.setting.iter().map(|setting| self.setting(*setting));
        if !row.setting.is_empty() {
            who.push(self.list(settings));
        }
        let mode = row.mode.as_ref().and_then(|mode| self.mode_of(mode, row));
        match (mode, &row.when) {
            (Some(mode), _) => who.push(mode),
            (None, Some(when)) => who.push(self.condition(when)),
            (None, None) => {}
        }
        let mut terms = vec![self.ratio(row.per_mille.0)];
        terms.extend(row.cap.map(|cap| self.cap(cap.fen.0, cap.per)));
        terms.extend(row.cash.map(|cash| self.beside(cash.fen.0, cash.per)));
        let terms = self.list(terms);
        if who.is_empty() {
            return terms;
        }
        self.say_with("reason", &[("name", &self.list(who)), ("value", &terms)])
    }

    fn share_head(&self, shares: &CostShareRule) -> Vec<String> {
        let mut terms = Vec::new();
        if let Some(after) = shares.starts.as_ref().and_then(|starts| starts.0.as_ref()) {
            let months = after.months.to_string();
            let fact = self.fact_name(&after.after);
            terms.push(self.say_with("share.after", &[("fact", &fact), ("months", &months)]));
        }
        let months = shares.validity_months.and_then(|months| months.0);
        terms.extend(months.map(|months| self.validity(months)));
        let ceiling = shares
            .ceiling
            .as_ref()
            .and_then(|ceiling| ceiling.0.as_ref());
        terms.extend(ceiling.map(|ceiling| self.ceiling(ceiling)));
        terms
    }
}

/// Ids of the facts that a condition compares.
fn facts_of<'c>(condition: &'c Condition, into: &mut Vec<&'c str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                facts_of(part, into);
            }
        }
        Condition::Not(part) => facts_of(part, into),
        Condition::Fact(ask) => into.push(&ask.id),
        _ => {}
    }
}
