//! The determination as canonical JSON, written directly: see [`Canonical`].

use super::{Alternative, Arg, Asked, Because, Benefit, Found};
use super::{
    AssessmentResult, Basis, CareLevel, Cash, CashKind, Change, CostShare, CostShareKind,
    Determination, Due, Entitlement, FeeWaiver, FeeWaiverKind, Finding, FurtherBenefit,
    LayerStatus, Level, Outcome, Payer, Payment, PaymentAlternative, Priority, PriorityKind,
    Question, RightAlternative, RulebookId, ScoreRange, Service, ServiceKind, Severity, Status,
    TraceStep, WhyNot, Works, WorksKind,
};
use crate::entitlement::definition::{Access, Ceiling, Per, Stated};
use crate::json::{Canonical, end_object, objects, words};
use crate::rulebook::Grade;

impl Determination {
    /// About how long its JSON is; rather too much, so that it is not moved.
    pub(crate) fn likely_length(&self) -> usize {
        let rights = self.entitlements.iter().flatten();
        let leaves = |because: &[Because]| because.len() * 192;
        let rights: usize = rights
            .map(|right| {
                let layers = right.layers.iter().flatten();
                let layers: usize = layers.map(|layer| 96 + leaves(&layer.because)).sum();
                640 + leaves(&right.because) + layers
            })
            .sum();
        let steps = |one: &AssessmentResult| one.steps.as_ref().map_or(0, Vec::len);
        let assessments: usize = self
            .assessments
            .iter()
            .map(|one| 1024 + steps(one) * 192)
            .sum();
        1024 + assessments + rights + self.findings.len() * 256 + self.questions.len() * 128
    }
}

objects! {
    Determination {
        as_of, assessments, care_levels, case_id, due, engine, entitlements if any, findings,
        jurisdiction if any, payments if any, questions if any, rulebook, schema,
    }
    RulebookId { digest, version }
    Level { code, key }
    AssessmentResult {
        alternatives, changes, citations, confidence, date, grades if any, instrument,
        interpretations, level, missing if any, outcome, possible_levels if any, preliminary,
        score_range if any, score_ranges if any, scores, steps if any,
    }
    ScoreRange { max, min }
    Change { applied, grounds if any, met, rule, why if any }
    Alternative { choice, interpretation, level, possible_levels if any }
    TraceStep { citations, confidence, inputs, result, row if any, step }
    CareLevel { basis, citations, confidence, from, key, scheme }
    Due { by if any, citations, upon if any, what }
    Finding { args, at, code, severity }
    Entitlement {
        access, alternatives if any, because, benefit, citations, confidence, excluded_by if any,
        from_frame if any, further_benefits if any, interpretations if any, layer, layers if any,
        missing if any, programme, rule, status,
    }
    RightAlternative { benefit if any, choice, interpretation, status }
    LayerStatus { because, rule, status }
    FurtherBenefit { benefit, rule }
    Cash { at_least if any, fen, form if any, kind, per, possible_fen if any }
    Service { by if any, kind, per, service, times }
    Works { fen, kind, works }
    FeeWaiver { fen if any, kind, of, per if any, per_mille, times if any, times_per if any }
    CostShare {
        cap_fen, cap_per if any, cash_fen if any, cash_per if any, ceiling if any, kind,
        mode if any, per_mille, setting if any, starts if any, valid_until if any,
        validity_months if any,
    }
    Ceiling { fen, of, per, per_mille }
    Payment { alternatives if any, confidence, interpretations if any, month, payers, setting }
    Payer { fen, programme }
    PaymentAlternative { choice, interpretation, payers }
    Question { ask, concerns, settles }
}

words! {
    Outcome { Determined = "determined", Undetermined = "undetermined" }
    Basis { Official = "official", Customary = "customary", Institution = "institution" }
    Severity { Info = "info", Warning = "warning" }
    Access { Automatic = "automatic", Application = "application" }
    CashKind { Kind = "cash" }
    ServiceKind { Kind = "service" }
    WorksKind { Kind = "works" }
    FeeWaiverKind { Kind = "fee_waiver" }
    PriorityKind { Kind = "priority" }
    CostShareKind { Kind = "cost_share" }
}

/// Enums that know their word.
macro_rules! by_word {
    ($($type:ident),+) => {$(
        impl Canonical for $type {
            fn write(&self, out: &mut Vec<u8>) {
                self.as_str().write(out);
            }
        }
    )+};
}

by_word!(Grade, Per, Status, WhyNot);

impl Canonical for Priority {
    fn write(&self, out: &mut Vec<u8>) {
        // Its first member is a word of Rust.
        let Self { within, kind, tier } = self;
        let start = out.len();
        out.extend_from_slice(b",\"in\":");
        within.write(out);
        objects!(@member out, kind);
        objects!(@member out, tier);
        end_object(start, out);
    }
}

impl Canonical for Benefit {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Cash(benefit) => benefit.write(out),
            Self::Service(benefit) => benefit.write(out),
            Self::Works(benefit) => benefit.write(out),
            Self::FeeWaiver(benefit) => benefit.write(out),
            Self::Priority(benefit) => benefit.write(out),
            Self::CostShare(benefit) => benefit.write(out),
        }
    }
}

impl<T: Canonical> Canonical for Stated<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }
}

impl Canonical for Arg {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Number(number) => number.write(out),
            Self::Text(text) => text.write(out),
            Self::Codes(codes) => codes.write(out),
        }
    }
}

impl Canonical for Found {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Flag(flag) => flag.write(out),
            Self::Number(number) => number.write(out),
            Self::Text(text) => text.write(out),
            Self::List(keys) => keys.write(out),
            Self::Numbers(numbers) => numbers.write(out),
        }
    }
}

impl Canonical for Because {
    fn write(&self, out: &mut Vec<u8>) {
        let around = self.leaf.around();
        out.extend_from_slice(&around.holds);
        self.holds.write(out);
        out.extend_from_slice(&around.value);
        self.value.write(out);
        out.extend_from_slice(&around.end);
    }
}

/// What a leaf says, as it stands around what was found.
#[derive(Debug, Clone)]
pub(super) struct Around {
    /// Up to whether it holds.
    holds: Box<[u8]>,
    /// From there up to the value.
    value: Box<[u8]>,
    /// From there to the end.
    end: Box<[u8]>,
}

impl Around {
    pub(super) fn of(leaf: &Asked) -> Self {
        let Asked {
            asks,
            id,
            op,
            under,
            want,
        } = leaf;
        let (mut holds, mut value, mut end) = (Vec::new(), Vec::new(), Vec::new());
        let out = &mut holds;
        out.extend_from_slice(b"{\"asks\":");
        asks.write(out);
        out.extend_from_slice(b",\"holds\":");
        let out = &mut value;
        objects!(@member out, id);
        objects!(@member out, op);
        objects!(@member out, under, any);
        out.extend_from_slice(b",\"value\":");
        let out = &mut end;
        objects!(@member out, want);
        out.push(b'}');
        Self {
            holds: holds.into(),
            value: value.into(),
            end: end.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::determination::Leaf;
    use crate::json::written;

    /// Texts that break a careless writer.
    const TEXTS: [&str; 6] = [
        "",
        "a-1",
        "a \"quoted\" \\ and /",
        "\u{0}\t\n\r\u{8}\u{c}\u{1f}\u{7f}",
        "老年人 é \u{2028} 😀",
        "a text of more than sixteen characters and, at its end, a quote\"",
    ];

    const NUMBERS: [i64; 6] = [0, 7, -1, 210_000, i64::MIN, i64::MAX];

    /// Makes things up: every member in every variant, by a simple generator.
    struct Made(u64);

    impl Made {
        fn next(&mut self, count: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) as usize % count
        }

        fn of<T: Clone>(&mut self, all: &[T]) -> T {
            all[self.next(all.len())].clone()
        }

        fn maybe<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Option<T> {
            (self.next(2) == 0).then(|| make(self))
        }

        fn list<T>(&mut self, make: impl Fn(&mut Self) -> T) -> Vec<T> {
            (0..self.next(4)).map(|_| make(self)).collect()
        }

        fn map<K: From<&'static str> + Ord, T>(
            &mut self,
            make: impl Fn(&mut Self) -> T,
        ) -> BTreeMap<K, T> {
            let entries = self.list(|made| (K::from(made.of(&TEXTS)), make(made)));
            entries.into_iter().collect()
        }

        fn text<T: From<&'static str>>(&mut self) -> T {
            self.of(&TEXTS).into()
        }

        fn number(&mut self) -> i64 {
            self.of(&NUMBERS)
        }

        fn small(&mut self) -> u8 {
            self.of(&[0, 1, 10, 99, u8::MAX])
        }

        fn flag(&mut self) -> bool {
            self.next(2) == 0
        }

        fn date(&mut self) -> jiff::civil::Date {
            let (year, month) = self.of(&[(2026, 6), (1, 1), (9999, 12), (0, 1), (-5, 10)]);
            jiff::civil::date(year, month, 9)
        }

        fn grade(&mut self) -> Grade {
            self.of(&[Grade::A, Grade::B, Grade::C])
        }

        fn per(&mut self) -> Per {
            self.of(&[
                Per::Day,
                Per::Week,
                Per::Month,
                Per::Year,
                Per::Meal,
                Per::Once,
            ])
        }

        fn setting(&mut self) -> crate::case::Setting {
            self.of(crate::case::Setting::ALL)
        }

        fn status(&mut self) -> Status {
            self.of(&[
                Status::Entitled,
                Status::Undetermined,
                Status::Discretionary,
                Status::NotEntitled,
                Status::Excluded,
            ])
        }

        fn level(&mut self) -> Level {
            Level {
                code: self.small(),
                key: self.text(),
            }
        }

        fn range(&mut self) -> ScoreRange {
            ScoreRange {
                max: self.small(),
                min: self.small(),
            }
        }

        fn found(&mut self) -> Found {
            match self.next(5) {
                0 => Found::Flag(self.flag()),
                1 => Found::Number(self.number()),
                2 => Found::Text(self.text()),
                3 => Found::List(self.list(Self::text)),
                _ => Found::Numbers(self.list(Self::number)),
            }
        }

        fn because(&mut self) -> Because {
            let leaf = Leaf::new(Asked {
                asks: self.text(),
                id: self.text(),
                op: self.text(),
                under: self.list(Self::text),
                want: self.found(),
            });
            Because {
                holds: self.maybe(Self::flag),
                leaf: Arc::new(leaf),
                value: self.maybe(Self::found),
            }
        }

        fn benefit(&mut self) -> Benefit {
            let kind = self.next(6);
            self.benefit_of(kind)
        }

        fn benefit_of(&mut self, kind: usize) -> Benefit {
            match kind {
                0 => Benefit::Cash(Cash {
                    at_least: self.flag(),
                    fen: self.maybe(Self::number),
                    form: self.maybe(Self::text),
                    kind: CashKind::Kind,
                    per: self.per(),
                    possible_fen: self.list(Self::number),
                }),
                1 => Benefit::Service(Service {
                    by: self.list(Self::text),
                    kind: ServiceKind::Kind,
                    per: self.maybe(Self::per),
                    service: self.text(),
                    times: self.maybe(|made| made.of(&[0, 12, u16::MAX])),
                }),
                2 => Benefit::Works(Works {
                    fen: self.maybe(Self::number),
                    kind: WorksKind::Kind,
                    works: self.text(),
                }),
                3 => Benefit::FeeWaiver(FeeWaiver {
                    fen: self.maybe(Self::number),
                    kind: FeeWaiverKind::Kind,
                    of: self.text(),
                    per: self.maybe(Self::per),
                    per_mille: self.maybe(|made| made.of(&[0, 1000])),
                    times: self.maybe(|made| made.of(&[3, u16::MAX])),
                    times_per: self.maybe(Self::per),
                }),
                4 => Benefit::Priority(Priority {
                    within: self.text(),
                    kind: PriorityKind::Kind,
                    tier: self.maybe(Self::small),
                }),
                _ => Benefit::CostShare(CostShare {
                    cap_fen: self.maybe(Self::number),
                    cap_per: self.maybe(Self::per),
                    cash_fen: self.maybe(Self::number),
                    cash_per: self.maybe(Self::per),
                    ceiling: self.maybe(|made| Ceiling {
                        fen: Stated(made.maybe(Self::number)),
                        of: made.text(),
                        per: made.per(),
                        per_mille: 500,
                    }),
                    kind: CostShareKind::Kind,
                    mode: self.maybe(Self::text),
                    per_mille: self.maybe(|made| made.of(&[0, 750])),
                    setting: self.maybe(Self::setting),
                    starts: self.maybe(Self::date),
                    valid_until: self.maybe(Self::date),
                    validity_months: self.maybe(|made| made.of(&[0, 24])),
                }),
            }
        }

        fn payer(&mut self) -> Payer {
            Payer {
                fen: self.maybe(Self::number),
                programme: self.text(),
            }
        }

        fn assessment(&mut self) -> AssessmentResult {
            AssessmentResult {
                alternatives: self.list(|made| Alternative {
                    choice: made.text(),
                    interpretation: made.text(),
                    level: made.maybe(Self::level),
                    possible_levels: made.list(Self::small),
                }),
                changes: self.list(|made| Change {
                    applied: made.flag(),
                    grounds: made.list(Self::text),
                    met: made.maybe(Self::flag),
                    rule: made.text(),
                    why: made.maybe(|made| {
                        made.of(&[
                            WhyNot::OneLevelOnly,
                            WhyNot::AlreadyWorst,
                            WhyNot::DecidedByOther,
                            WhyNot::Unanswered,
                            WhyNot::NoLevel,
                        ])
                    }),
                }),
                citations: self.list(Self::text),
                confidence: self.grade(),
                date: self.date(),
                grades: self.map(Self::small),
                instrument: self.text(),
                interpretations: self.map(Self::text),
                level: self.maybe(Self::level),
                missing: self.list(Self::text),
                outcome: self.of(&[Outcome::Determined, Outcome::Undetermined]),
                possible_levels: self.list(Self::small),
                preliminary: self.maybe(Self::level),
                score_range: self.maybe(Self::range),
                score_ranges: self.map(Self::range),
                scores: self.map(Self::small),
                steps: self.maybe(|made| {
                    made.list(|made| TraceStep {
                        citations: made.list(Self::text),
                        confidence: made.grade(),
                        inputs: made.map(|made| made.maybe(Self::small)),
                        result: made.maybe(Self::small),
                        row: made.maybe(Self::small),
                        step: made.text(),
                    })
                }),
            }
        }

        fn entitlement(&mut self) -> Entitlement {
            Entitlement {
                access: self.maybe(|made| made.of(&[Access::Automatic, Access::Application])),
                alternatives: self.list(|made| RightAlternative {
                    benefit: made.maybe(Self::benefit),
                    choice: made.text(),
                    interpretation: made.text(),
                    status: made.maybe(Self::status),
                }),
                because: self.list(Self::because),
                benefit: self.maybe(Self::benefit),
                citations: self.list(Self::text).into(),
                confidence: self.grade(),
                excluded_by: self.maybe(Self::text),
                from_frame: self.list(Self::text),
                further_benefits: self.list(|made| FurtherBenefit {
                    benefit: made.benefit(),
                    rule: made.text(),
                }),
                interpretations: self.map(Self::text).into(),
                layer: self.text(),
                layers: self.maybe(|made| {
                    made.list(|made| LayerStatus {
                        because: made.list(Self::because),
                        rule: made.text(),
                        status: made.status(),
                    })
                }),
                missing: self.list(Self::text),
                programme: self.text(),
                rule: self.text(),
                status: self.status(),
            }
        }

        fn determination(&mut self) -> Determination {
            Determination {
                as_of: self.date(),
                assessments: self.list(Self::assessment),
                care_levels: self.list(|made| CareLevel {
                    basis: made.of(&[Basis::Official, Basis::Customary, Basis::Institution]),
                    citations: made.list(Self::text),
                    confidence: made.grade(),
                    from: made.text(),
                    key: made.text(),
                    scheme: made.text(),
                }),
                case_id: self.text(),
                due: self.list(|made| Due {
                    by: made.maybe(Self::date),
                    citations: made.list(Self::text),
                    upon: made.maybe(Self::text),
                    what: made.text(),
                }),
                engine: self.text(),
                entitlements: self.maybe(|made| made.list(Self::entitlement)),
                findings: self.list(|made| Finding {
                    args: made.map(|made| match made.next(3) {
                        0 => Arg::Number(made.number()),
                        1 => Arg::Text(made.text()),
                        _ => Arg::Codes(made.list(Self::text)),
                    }),
                    at: made.text(),
                    code: made.text(),
                    severity: made.of(&[Severity::Info, Severity::Warning]),
                }),
                jurisdiction: self.maybe(Self::text),
                payments: self.maybe(|made| {
                    made.list(|made| Payment {
                        alternatives: made.list(|made| PaymentAlternative {
                            choice: made.text(),
                            interpretation: made.text(),
                            payers: made.list(Self::payer),
                        }),
                        confidence: made.grade(),
                        interpretations: made.map(Self::text),
                        month: made.text(),
                        payers: made.list(Self::payer),
                        setting: made.setting(),
                    })
                }),
                questions: self.list(|made| Question {
                    ask: made.text(),
                    concerns: made.list(Self::text),
                    settles: made.list(Self::text),
                }),
                rulebook: RulebookId {
                    digest: self.text(),
                    version: self.text(),
                },
                schema: self.small(),
            }
        }
    }

    #[test]
    fn whatever_it_says_as_serde_writes_it() {
        for seed in 0..4_000 {
            let one = Made(seed).determination();
            let theirs = serde_json::to_string(&one).unwrap();
            assert_eq!(written(&one, 0), theirs);
            // A second time, with what leaves keep.
            assert_eq!(written(&one, one.likely_length()), theirs);
        }
    }

    #[test]
    fn every_kind_of_benefit_as_serde_writes_it() {
        for seed in 0..12_000 {
            let one = Made(seed).benefit_of(seed as usize % 6);
            assert_eq!(written(&one, 0), serde_json::to_string(&one).unwrap());
        }
    }

    /// A leaf that was written has another JSON under another name.
    #[test]
    fn a_renamed_leaf_is_written_anew() {
        let because = |leaf: Leaf| Because {
            holds: Some(true),
            leaf: Arc::new(leaf),
            value: None,
        };
        let leaf = Made(3).because().leaf;
        let first = because(Leaf::clone(&leaf));
        let text = written(&first, 0);
        let other = because(first.leaf.with_id("another".to_owned()));
        assert_ne!(written(&other, 0), text);
        assert_eq!(written(&other, 0), serde_json::to_string(&other).unwrap());
        assert_eq!(other.id, "another");
        // What was written once is equal to what was not.
        assert_eq!(first, because(Leaf::clone(&leaf)));
        assert_ne!(first, other);
    }
}
