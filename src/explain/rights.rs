//! Rights in words: what a person has, may have and has not, and why.

use serde::Serialize;

use super::benefits::Given;
use super::names::Names;
use super::reasons::Reason;
use super::words::{either, known, say};
use super::{Line, Mark};
use crate::condition::Condition;
use crate::determination::{Determination, Entitlement, Finding, LayerStatus, Status};
use crate::entitlement::definition::{Access, RelationRule};
use crate::instrument::definition::Severity;
use crate::rulebook::Grade;
use crate::text::strings;
use crate::words::Lang;

/// Rights of one status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RightsGroup {
    /// The status.
    pub status: Status,
    /// The status in words.
    pub heading: String,
    /// The rights, in the order of the determination.
    pub rights: Vec<Right>,
}

/// One programme and what the person's case comes to under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Right {
    /// Id of the programme.
    pub programme: String,
    /// Its name.
    pub name: String,
    /// What is or may be given, that of the deciding layer first. Nothing where the
    /// person is not entitled.
    pub benefits: Vec<Given>,
    /// How one comes to it, where the text says so.
    pub access: Option<String>,
    /// Division code of the place whose layer decided.
    pub layer: String,
    /// Name of that place.
    pub place: String,
    /// Short name of the source that the layer stands in.
    pub source: String,
    /// What keeps it from the person, where something does.
    pub excluded: Option<Line>,
    /// Every leaf of the condition.
    pub reasons: Vec<Reason>,
    /// What is not known and could change the status.
    pub missing: Vec<String>,
    /// What comes from the frame above a scheme.
    pub from_frame: Vec<String>,
    /// The readings that were taken.
    pub readings: Vec<String>,
    /// What other readings come to.
    pub alternatives: Vec<Line>,
    /// What its rules say besides.
    pub notes: Vec<Line>,
    /// What the worst grade of evidence means; only where it is C.
    pub confidence: Option<String>,
    /// Each layer that was asked and its own status, if the trace was asked for.
    pub layers: Vec<Line>,
    /// Citations, as the determination carries them; those of the deciding layer first.
    pub citations: Vec<String>,
}

/// The order of the groups.
const ORDER: [Status; 5] = [
    Status::Entitled,
    Status::Undetermined,
    Status::Discretionary,
    Status::Excluded,
    Status::NotEntitled,
];

/// The rights of a determination by status, without groups that are empty.
pub(super) fn groups(determination: &Determination, names: Names<'_>) -> Vec<RightsGroup> {
    let entitlements = determination.entitlements.as_deref().unwrap_or_default();
    ORDER
        .into_iter()
        .map(|status| RightsGroup {
            status,
            heading: names.say_with(&format!("group.{}", status.as_str()), &[]),
            rights: entitlements
                .iter()
                .filter(|entitlement| entitlement.status == status)
                .map(|entitlement| names.right(entitlement, determination))
                .collect(),
        })
        .filter(|group| !group.rights.is_empty())
        .collect()
}

/// Whether a finding is a note that one of the rights carries.
pub(super) fn is_note(finding: &Finding, determination: &Determination, names: Names<'_>) -> bool {
    let entitlements = determination.entitlements.as_deref().unwrap_or_default();
    let programme = finding.text("programme");
    names.note(finding).is_some()
        && entitlements
            .iter()
            .any(|one| Some(one.programme.as_str()) == programme)
}

pub(super) fn access(access: Access, lang: Lang) -> &'static str {
    let key = match access {
        Access::Automatic => "access.automatic",
        Access::Application => "access.application",
    };
    say(key, lang)
}

impl Names<'_> {
    pub(super) fn status(&self, status: Status) -> String {
        self.say_with(&format!("status.{}", status.as_str()), &[])
    }

    fn right(&self, entitlement: &Entitlement, determination: &Determination) -> Right {
        let rule = self.rule(&entitlement.rule);
        let layer = rule.map(|rule| rule.layer);
        let programme = &entitlement.programme;
        let leaves = || {
            entitlement
                .because
                .iter()
                .map(|because| (because, self.leaf(because, layer, programme)))
        };
        let further = entitlement
            .further_benefits
            .iter()
            .map(|further| self.given(&further.benefit, &further.rule));
        let mut notes: Vec<Line> = Vec::new();
        for finding in &determination.findings {
            if finding.text("programme") == Some(programme)
                && let Some(note) = self.note(finding)
                && !notes.contains(&note)
            {
                notes.push(note);
            }
        }
        Right {
            programme: programme.to_string(),
            name: self.programme(programme),
            benefits: entitlement
                .benefit
                .iter()
                .map(|benefit| self.given(benefit, &entitlement.rule))
                .chain(further)
                .collect(),
            access: entitlement
                .access
                .map(|one| access(one, self.lang).to_owned()),
            layer: entitlement.layer.to_string(),
            place: self.place_of(&entitlement.layer),
            source: rule.map_or_else(String::new, |rule| self.of(&rule.file.names).to_owned()),
            excluded: self.excluded(entitlement, determination),
            reasons: leaves()
                .map(|(because, leaf)| self.reason(because, leaf, determination))
                .collect(),
            missing: entitlement
                .missing
                .iter()
                .map(|ask| self.missing(ask, entitlement))
                .collect(),
            from_frame: entitlement
                .from_frame
                .iter()
                .map(|value| self.of_frame(value, programme))
                .collect(),
            readings: entitlement
                .interpretations
                .iter()
                .map(|(key, choice)| {
                    let (question, answer) = self.reading(key, choice);
                    self.say_with("reason", &[("name", &question), ("value", &answer)])
                })
                .collect(),
            alternatives: self.other_readings(entitlement),
            notes,
            confidence: (entitlement.confidence == Grade::C)
                .then(|| self.say("right.grade.c").to_owned()),
            layers: entitlement
                .layers
                .iter()
                .flatten()
                .map(|layer| self.layer_line(layer))
                .collect(),
            citations: strings(&entitlement.citations),
        }
    }

    /// What is missing, by the name that the condition itself gives it.
    pub(super) fn missing(&self, ask: &str, entitlement: &Entitlement) -> String {
        let layer = self.rule(&entitlement.rule).map(|rule| rule.layer);
        // One answer of the place settles all that it sets for the programme.
        let local: Vec<&str> = entitlement
            .because
            .iter()
            .filter(|because| because.holds.is_none() && because.asks == ask)
            .filter_map(|because| self.leaf(because, layer, &entitlement.programme))
            .filter_map(|leaf| match leaf.condition {
                Condition::LocallySet(local) => Some(self.of(&local.names)),
                _ => None,
            })
            .collect();
        if local.is_empty() {
            self.asked(ask, None)
        } else {
            self.asked(ask, Some(&local.join(either(self.lang))))
        }
    }

    pub(super) fn excluded(
        &self,
        entitlement: &Entitlement,
        determination: &Determination,
    ) -> Option<Line> {
        let relation = self.relation(entitlement.excluded_by.as_ref()?)?;
        let (key, when) = match &relation.rule {
            RelationRule::Excludes(bars) => ("excluded.excludes", &bars.when),
            RelationRule::Suspends(bars) => ("excluded.suspends", &bars.when),
            _ => return None,
        };
        let grounds: Vec<String> = entitlement
            .because
            .iter()
            .filter(|because| because.holds == Some(true))
            .filter_map(|because| {
                let leaf = self.leaf_in(when, because, &because.under, true)?;
                Some(self.ground(because, Some(leaf), determination))
            })
            .collect();
        let grounds = if grounds.is_empty() {
            self.condition(when)
        } else {
            self.list(grounds)
        };
        let text = self.say_with(key, &[("grounds", &grounds)]);
        Some(Line::new(Mark::No, text, &relation.cite))
    }

    /// A value or part that comes from the frame above a scheme.
    fn of_frame(&self, value: &str, programme: &str) -> String {
        let key = format!("frame.{value}");
        if let Some(name) = known(&key, self.lang) {
            return name.to_owned();
        }
        let when = self
            .layers_of(programme)
            .find_map(|rule| rule.layer.parts.get(value)?.when.as_ref());
        let mut subjects = Vec::new();
        if let Some(when) = when {
            self.subjects(when, &mut subjects);
        }
        if subjects.is_empty() {
            // A part that the frame waives asks nothing.
            return self.say("frame.waived").to_owned();
        }
        self.list(subjects)
    }

    pub(super) fn other_readings(&self, entitlement: &Entitlement) -> Vec<Line> {
        let lines = entitlement.alternatives.iter().map(|alternative| {
            let key = &alternative.interpretation;
            let (question, answer) = self.reading(key, &alternative.choice);
            let status = match alternative.status {
                Some(status) => self.status(status),
                None => self.say("status.none").to_owned(),
            };
            let text = self.say_with(
                "right.alternative",
                &[
                    ("question", &question),
                    ("answer", &answer),
                    ("status", &status),
                ],
            );
            let cite = self.interpretation(key).map(|found| found.cite.as_slice());
            Line::new(Mark::Info, text, cite.unwrap_or_default())
        });
        lines.collect()
    }

    fn layer_line(&self, layer: &LayerStatus) -> Line {
        let rule = self.rule(&layer.rule);
        let mark = match layer.status {
            Status::Entitled => Mark::Yes,
            Status::Undetermined => Mark::Open,
            Status::Discretionary => Mark::Held,
            Status::NotEntitled | Status::Excluded => Mark::No,
        };
        let text = self.say_with(
            "right.layer",
            &[
                (
                    "place",
                    &rule.map_or_else(String::new, |rule| self.place_of(&rule.file.jurisdiction)),
                ),
                ("source", rule.map_or("", |rule| self.of(&rule.file.names))),
                ("status", &self.status(layer.status)),
            ],
        );
        let cite = rule.map(|rule| rule.layer.cite.as_slice());
        Line::new(mark, text, cite.unwrap_or_default())
    }

    /// The note of a rule that a finding stands for.
    pub(super) fn note(&self, finding: &Finding) -> Option<Line> {
        let rule = self.rule(finding.text("rule")?)?;
        let note = rule
            .layer
            .notes
            .iter()
            .find(|note| note.finding == finding.code)?;
        let mark = match finding.severity {
            Severity::Info => Mark::Info,
            Severity::Warning => Mark::Warning,
        };
        Some(Line::new(mark, self.of(&note.says).to_owned(), &note.cite))
    }
}
