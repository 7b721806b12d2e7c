//! Who pays what, and what to ask first.

use serde::Serialize;

use super::names::Names;
use super::words::yuan;
use crate::determination::{Determination, Payer, Payment};
use crate::text::{Text, strings};

/// Who pays one cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PaymentReport {
    /// Where, and in which month.
    pub heading: String,
    /// The payers, in the order of payment.
    pub payers: Vec<PayerReport>,
    /// The cost, in fen; none where a share cannot be told.
    pub total: Option<i64>,
    /// The cost in words.
    pub total_text: String,
    /// Who pays under other readings, where that differs.
    pub alternatives: Vec<PaymentReading>,
}

/// One who pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PayerReport {
    /// The fund, or the person.
    pub name: String,
    /// In fen; none where it cannot be told.
    pub fen: Option<i64>,
    /// In words.
    pub amount: String,
    /// Citations of the right that it is paid by; none of the person, who pays the rest.
    pub citations: Vec<String>,
}

/// Who pays by another reading of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PaymentReading {
    /// What is read, and how.
    pub heading: String,
    /// The payers, in the order of payment.
    pub payers: Vec<PayerReport>,
    /// Citations of the reading.
    pub citations: Vec<String>,
}

/// Something to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuestionReport {
    /// What.
    pub name: String,
    /// Names of the programmes that some answer would settle alone.
    pub settles: Vec<String>,
    /// Names of the undetermined programmes that it matters to.
    pub concerns: Vec<String>,
    /// How many rights it settles, in words.
    pub worth: String,
}

/// The last payer.
const SELF: &str = "self";

pub(super) fn payments(determination: &Determination, names: Names<'_>) -> Vec<PaymentReport> {
    let payments = determination.payments.iter().flatten();
    payments
        .map(|payment| names.payment(payment, determination))
        .collect()
}

/// What to ask, that which settles most first.
pub(super) fn questions(determination: &Determination, names: Names<'_>) -> Vec<QuestionReport> {
    let entitlements = determination.entitlements.as_deref().unwrap_or_default();
    let questions = determination.questions.iter().map(|question| {
        let asked = entitlements.iter().find(|one| {
            question.concerns.contains(&one.programme) && one.missing.contains(&question.ask)
        });
        let programmes = |ids: &[Text]| ids.iter().map(|id| names.programme(id)).collect();
        let key = match question.settles.len() {
            0 => "question.none",
            1 => "question.one",
            _ => "question",
        };
        QuestionReport {
            name: match asked {
                Some(entitlement) => names.missing(&question.ask, entitlement),
                None => names.asked(&question.ask, None),
            },
            settles: programmes(&question.settles),
            concerns: programmes(&question.concerns),
            worth: names.say_with(key, &[("count", &question.settles.len().to_string())]),
        }
    });
    questions.collect()
}

impl Names<'_> {
    pub(super) fn payment(
        &self,
        payment: &Payment,
        determination: &Determination,
    ) -> PaymentReport {
        let total = payment
            .payers
            .iter()
            .try_fold(0i64, |sum, payer| sum.checked_add(payer.fen?));
        let setting = self.setting(payment.setting);
        PaymentReport {
            heading: self.say_with(
                "payment",
                &[("setting", &setting), ("month", &payment.month)],
            ),
            payers: self.payers(&payment.payers, determination),
            total,
            total_text: self.amount(total),
            alternatives: payment
                .alternatives
                .iter()
                .map(|other| {
                    let (question, answer) = self.reading(&other.interpretation, &other.choice);
                    let found = self.interpretation(&other.interpretation);
                    PaymentReading {
                        heading: self.say_with(
                            "payment.alternative",
                            &[("question", &question), ("answer", &answer)],
                        ),
                        payers: self.payers(&other.payers, determination),
                        citations: found.map(|found| strings(&found.cite)).unwrap_or_default(),
                    }
                })
                .collect(),
        }
    }

    fn payers(&self, payers: &[Payer], determination: &Determination) -> Vec<PayerReport> {
        let cited = |programme: &str| {
            let mut rights = determination.entitlements.iter().flatten();
            let right = rights.find(|right| right.programme == programme);
            right.map(|right| strings(&right.citations))
        };
        let payers = payers.iter().map(|payer| PayerReport {
            name: match payer.programme.as_str() {
                SELF => self.say("payer.self").to_owned(),
                programme => self.programme(programme),
            },
            fen: payer.fen,
            amount: self.amount(payer.fen),
            citations: cited(&payer.programme).unwrap_or_default(),
        });
        payers.collect()
    }

    fn amount(&self, fen: Option<i64>) -> String {
        match fen {
            Some(fen) => yuan(fen, self.lang),
            None => self.say("payer.unknown").to_owned(),
        }
    }
}
