//! What the reader should look at, between two results.

use super::Side;
use super::forms::Forms;
use crate::case::{Answer, CategoryRange, Reason, diagnosis_range};
use crate::determination::{Arg, Finding, Level};
use crate::entitlement::months_since;
use crate::instrument::definition::{FieldType, Severity, SinceLast, Vanished};
use crate::json::child;
use crate::rulebook::Rulebook;
use crate::text::Text;

pub(super) fn findings(
    rulebook: &Rulebook,
    previous: &Side<'_>,
    new: &Side<'_>,
    forms: &[Forms<'_>],
) -> Vec<Finding> {
    let mut out = Vec::new();
    for (side, name) in [(previous, "previous"), (new, "new")] {
        let mut add = |code, severity| {
            let at = format!("/{name}").into();
            let finding = Finding::new(Text::fixed(code), severity, at);
            out.push(finding.with("side", Arg::Text(Text::fixed(name))));
        };
        if side.record.is_some_and(|record| !record.seal_holds()) {
            add("seal_broken", Severity::Warning);
        }
        if side.determination.rulebook.digest != rulebook.digest() {
            add("other_rulebook", Severity::Info);
        }
    }
    let mut add = |code, severity, at| {
        out.push(Finding::new(Text::fixed(code), severity, Text::fixed(at)));
    };
    if forms.is_empty() {
        add("nothing_to_compare", Severity::Warning, "/new/assessments");
    }
    let asked =
        previous.determination.entitlements.is_some() && new.determination.entitlements.is_some();
    if asked && previous.case.jurisdiction != new.case.jurisdiction {
        add("other_place", Severity::Info, "/new/jurisdiction");
    }
    for form in forms {
        form.findings(&mut out);
    }
    out
}

impl Forms<'_> {
    fn findings(&self, out: &mut Vec<Finding>) {
        let at = format!("/new/assessments/{}", self.position);
        let instrument = &self.instrument.definition().id;
        let new = |code: &Text, severity, at: String| {
            Finding::new(code.clone(), severity, at.into())
                .with("instrument", Arg::Text(instrument.clone()))
        };
        let (then, now) = (self.results.previous, self.results.new);
        if then.interpretations != now.interpretations {
            out.push(new(
                &Text::fixed("other_readings"),
                Severity::Warning,
                at.clone(),
            ));
        }
        if self.new.reason == Some(Reason::Initial) && self.new.date > self.previous.date {
            let code = Text::fixed("not_the_first");
            out.push(new(&code, Severity::Info, format!("{at}/reason")));
        }
        for rule in &self.instrument.definition().since_last {
            if !self.soon_enough(rule) {
                continue;
            }
            let finding = match (&rule.vanished, &then.level, &now.level) {
                (Some(vanished), _, _) => self.vanished(vanished).map(|what| {
                    let place = child(&format!("{at}/answers"), &vanished.code);
                    new(&rule.finding, rule.severity, place)
                        .with("code", Arg::Text(vanished.code.clone()))
                        .with("what", Arg::Codes(what))
                }),
                (None, Some(before), Some(after)) => jump(rule, before, after).map(|levels| {
                    new(&rule.finding, rule.severity, at.clone())
                        .with("after", Arg::Text(after.key.clone()))
                        .with("before", Arg::Text(before.key.clone()))
                        .with("levels", Arg::Number(i64::from(levels)))
                }),
                _ => None,
            };
            let months = rule.within_months.map(i64::from);
            out.extend(finding.map(|finding| match months {
                Some(months) => finding.with("months", Arg::Number(months)),
                None => finding,
            }));
        }
    }

    /// Whether fewer months are full than the rule looks back.
    fn soon_enough(&self, rule: &SinceLast) -> bool {
        let months = months_since(self.previous.date, self.new.date);
        rule.within_months
            .is_none_or(|within| months < i64::from(within))
    }

    /// What a rule looks for that was there and is there no longer.
    fn vanished(&self, rule: &Vanished) -> Option<Vec<Text>> {
        let fields = &self.instrument.definition().fields;
        let field = fields.iter().find(|field| field.code == rule.code)?;
        if field.answer == FieldType::Diagnoses {
            let ranges: Vec<CategoryRange> = rule
                .within
                .iter()
                .filter_map(|one| CategoryRange::parse(one))
                .collect();
            let mut gone = self.diagnoses(field)?.vanished;
            gone.retain(|entry| {
                diagnosis_range(entry)
                    .is_some_and(|found| ranges.iter().any(|range| range.contains(found)))
            });
            return (!gone.is_empty()).then(|| gone.into_iter().map(Text::from).collect());
        }
        let among = |answer: Option<&Answer>| {
            let key = &field.option_answered(answer?)?.key;
            Some((key.clone(), rule.options.contains(key)))
        };
        let (key, then) = among(self.previous.answers.get(rule.code.as_str()))?;
        let (_, now) = among(self.new.answers.get(rule.code.as_str()))?;
        (then && !now).then(|| vec![key])
    }
}

/// By how many levels, where that is as many as the rule looks for.
fn jump(rule: &SinceLast, before: &Level, after: &Level) -> Option<u8> {
    let better = before.code.checked_sub(after.code);
    let worse = after.code.checked_sub(before.code);
    let wide = |wanted: Option<u8>, found: Option<u8>| {
        found.filter(|found| wanted.is_some_and(|wanted| wanted <= *found))
    };
    wide(rule.levels_better, better).or_else(|| wide(rule.levels_worse, worse))
}
