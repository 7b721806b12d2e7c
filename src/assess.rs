//! The street from end to end: a case in, a determination out.

use crate::care_level::CareLevelMap;
use crate::case::{self, Assessment, CARE_LEVELS, Case, Prepared, Problems, Reason, Rejection};
use crate::condition::Truth;
use crate::determination::{Arg, Determination, Finding, Outcome, RulebookId, Status};
use crate::entitlement::Asked;
use crate::instrument::definition::Severity;
use crate::instrument::{Graded, Instrument};
use crate::json::{child, to_json};
use crate::rulebook::Rulebook;
use crate::text::Text;

/// How much evidence a determination carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Options {
    /// Give the full trace: each step with its inputs, row, result and citations.
    pub trace: bool,
}

impl Options {
    /// With the full trace.
    #[must_use]
    pub fn traced() -> Self {
        Self { trace: true }
    }
}

impl Rulebook {
    /// Decides a case.
    ///
    /// A pure function of the rulebook and the case: no clock, no environment, no
    /// randomness. The same case gives the same determination, always.
    ///
    /// # Errors
    ///
    /// When the case is refused: with every problem that was found, each with its
    /// JSON Pointer. Nothing is clipped, coerced or guessed.
    pub fn assess(&self, case: &Case) -> Result<Determination, Rejection> {
        self.assess_with(case, Options::default())
    }

    /// As [`Rulebook::assess`], with options.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess`].
    pub fn assess_with(&self, case: &Case, options: Options) -> Result<Determination, Rejection> {
        self.decide(case, Problems::default(), options)
    }

    /// Decides a case written in JSON; gives the determination or the rejection,
    /// in canonical JSON (RFC 8785).
    ///
    /// This is the door of every wrapper: text in, text out, whatever the text is.
    ///
    /// ```
    /// let rulebook = nengli::Rulebook::builtin()?;
    /// let answer = rulebook.assess_json(r#"{"case_id": "a-1"}"#);
    /// assert!(answer.contains(r#""kind":"missing_key""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn assess_json(&self, text: &str) -> String {
        match self.assess_text(text, Options::default()) {
            Ok(determination) => determination.text(),
            Err(rejection) => to_json(&rejection),
        }
    }

    /// Decides a case written in JSON.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess`], and when the text is no JSON, is longer than
    /// [`case::MAX_TEXT`] or nested deeper than [`case::MAX_DEPTH`].
    pub fn assess_text(&self, text: &str, options: Options) -> Result<Determination, Rejection> {
        let (case, problems) = case::from_text(text)?;
        self.decide(&case, problems, options)
    }

    /// What one layer would say by its own text, if one leaf of its condition came out
    /// otherwise: for finding what a right hangs on.
    ///
    /// `rule` is the id of the layer and `leaf` the id of the leaf, as in
    /// [`crate::determination::LayerStatus`]. None where the layer does not apply to the
    /// case or has no such leaf.
    ///
    /// # Errors
    ///
    /// As [`Rulebook::assess`].
    pub fn layer_if(
        &self,
        case: &Case,
        rule: &str,
        leaf: &str,
        truth: Truth,
    ) -> Result<Option<Status>, Rejection> {
        let results = self.assess(case)?.assessments;
        let mut problems = Problems::default();
        let prepared = case::check(case, self, &mut problems);
        let forms: Vec<_> = prepared.into_iter().zip(&case.assessments).collect();
        let asked = Asked::of(self.rights(), case, &forms, &results);
        Ok(asked.status_if(rule, leaf, truth))
    }

    pub(crate) fn decide(
        &self,
        case: &Case,
        mut problems: Problems,
        options: Options,
    ) -> Result<Determination, Rejection> {
        let forms = case::check(case, self, &mut problems);
        if !problems.is_empty() {
            let id = case::is_pseudonym(&case.case_id).then_some(case.case_id.as_str());
            return Err(problems.rejection(id));
        }
        let mut findings = Vec::new();
        let mut due = Vec::new();
        let mut assessments = Vec::with_capacity(forms.len());
        let forms: Vec<_> = forms.into_iter().zip(&case.assessments).collect();
        for (i, (prepared, form)) in forms.iter().enumerate() {
            let graded = prepared.instrument.grade(
                &prepared.inputs,
                form.date,
                prepared.readings,
                options.trace,
            );
            find(i, form, prepared, &graded, &mut findings);
            assessments.push(graded.result);
            due.extend(graded.due);
        }
        for checks in self.cross_checks() {
            checks.find(&forms, &mut findings);
        }
        let care_levels = self
            .care_levels()
            .filter(|map| is_on(map, case))
            .filter_map(|map| {
                let instrument = self.instrument(&map.instrument)?;
                map.of(instrument, &assessments, case.as_of)
            })
            .collect();
        let answered = (!case.asks_levels_alone()).then(|| {
            let asked = Asked::of(self.rights(), case, &forms, &assessments);
            asked.answer(options.trace, &mut findings)
        });
        let (entitlements, payments, questions) = match answered {
            Some(answered) => (
                Some(answered.entitlements),
                Some(answered.payments),
                answered.questions,
            ),
            None => (None, None, Vec::new()),
        };
        Ok(Determination {
            as_of: case.as_of,
            assessments,
            care_levels,
            case_id: case.case_id.clone(),
            due,
            engine: Text::fixed(crate::VERSION),
            entitlements,
            findings,
            jurisdiction: case.jurisdiction.clone(),
            payments,
            questions,
            rulebook: RulebookId {
                digest: self.digest_text().clone(),
                version: self.version_text().clone(),
            },
            schema: 1,
        })
    }
}

/// Whether a map is used: as the case chooses, else as its file says.
fn is_on(map: &CareLevelMap, case: &Case) -> bool {
    let chosen = case.interpretations.iter().find_map(|(key, choice)| {
        let id = key.strip_prefix(CARE_LEVELS)?.strip_prefix('/')?;
        (id == map.id).then_some(choice == "on")
    });
    chosen.unwrap_or(map.on)
}

/// What the reader should know about one assessment.
fn find(
    i: usize,
    form: &Assessment,
    prepared: &Prepared<'_>,
    graded: &Graded<'_>,
    findings: &mut Vec<Finding>,
) {
    let result = &graded.result;
    let instrument = prepared.instrument;
    let at = |key: &str| Text::from(format!("/assessments/{i}/{key}"));
    let text = |text: &Text| Arg::Text(text.clone());

    if instrument.ended_by(form.date) {
        let mut finding = Finding::new(Text::fixed("superseded"), Severity::Warning, at("date"))
            .with("instrument", text(&instrument.definition().id));
        if let Some(to) = instrument.definition().in_force.to {
            finding = finding.with("since", Arg::Text(to.to_string().into()));
        }
        findings.push(finding);
    }
    if let (Outcome::Undetermined, [code]) = (result.outcome, result.possible_levels.as_slice())
        && let Some(level) = instrument.level_of_code(*code)
    {
        findings.push(
            Finding::new(
                Text::fixed("only_one_level_possible"),
                Severity::Info,
                at("answers"),
            )
            .with("instrument", text(&instrument.definition().id))
            .with("level", text(&level.key)),
        );
    }
    if graded.open.is_some() {
        findings.push(
            Finding::new(
                Text::fixed("level_not_in_rulebook"),
                Severity::Warning,
                at("instrument"),
            )
            .with("instrument", text(&instrument.definition().id)),
        );
    }
    assessors(form, instrument, || at("assessors"), findings);
    reason(form, instrument, || at("reason"), findings);
    for check in &graded.checks {
        let answers = at("answers");
        // The first of the answers that was given: another may have stood in for one.
        let place = check
            .about
            .iter()
            .find(|code| form.answers.contains_key(code.as_str()))
            .map_or_else(|| answers.clone(), |code| child(&answers, code).into());
        findings.push(
            Finding::new(check.finding.clone(), check.severity, place)
                .with("codes", Arg::Codes(check.about.clone()))
                .with("instrument", text(&instrument.definition().id)),
        );
    }
}

/// Those who assessed, against what the standard asks; only where they are named.
fn assessors(
    form: &Assessment,
    instrument: &Instrument,
    at: impl Fn() -> Text,
    findings: &mut Vec<Finding>,
) {
    let Some(rule) = &instrument.definition().assessors else {
        return;
    };
    if form.assessors.is_empty() {
        return;
    }
    let mut ids: Vec<&str> = form
        .assessors
        .iter()
        .map(|assessor| assessor.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < usize::from(rule.at_least) {
        let found = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        findings.push(
            Finding::new(Text::fixed("too_few_assessors"), Severity::Warning, at())
                .with("at_least", Arg::Number(i64::from(rule.at_least)))
                .with("found", Arg::Number(found)),
        );
    }
    let qualified = form.assessors.iter().any(|assessor| {
        let background = assessor.background.as_str();
        rule.one_with.iter().any(|wanted| wanted == background)
    });
    if !qualified && !rule.one_with.is_empty() {
        findings.push(
            Finding::new(
                Text::fixed("no_assessor_with_background"),
                Severity::Warning,
                at(),
            )
            .with("one_with", Arg::Codes(rule.one_with.clone())),
        );
    }
}

/// The reason stands beside the answers and, on some forms, among them too.
fn reason(
    form: &Assessment,
    instrument: &Instrument,
    at: impl Fn() -> Text,
    findings: &mut Vec<Finding>,
) {
    let Some((reason, code)) = form.reason.zip(instrument.reason_field()) else {
        return;
    };
    let Some(answered) = form
        .answers
        .get(code.code.as_str())
        .and_then(|answer| code.option_answered(answer))
    else {
        return;
    };
    if answered.key != Reason::as_str(reason) {
        findings.push(
            Finding::new(Text::fixed("reason_contradicts"), Severity::Warning, at())
                .with("code", Arg::Text(code.code.clone())),
        );
    }
}
