//! An inquiry in words: distances, answers that carry the result, what would settle it.

use super::UNCITED;
use super::levels::Assessed;
use super::names::Names;
use super::why::{answered, option, plain};
use super::words::{comma, either};
use super::{Account, Line, Mark, Told, names_of};
use crate::case::{Answer, Case};
use crate::determination::{Determination, Found, Level};
use crate::inquiry::{
    AssessmentInquiry, Inquiry, LevelMove, Neighbour, RightMove, Sensitive, Settling,
};
use crate::instrument::definition::{Rule, Step};
use crate::rulebook::Rulebook;
use crate::text::strings;
use crate::words::Lang;

/// An inquiry into a case in words. `determination` is that of the case, by `rulebook`.
#[must_use]
pub fn inquiry(
    inquiry: &Inquiry,
    case: &Case,
    determination: &Determination,
    rulebook: &Rulebook,
    lang: Lang,
) -> Vec<Account> {
    let names = names_of(determination, rulebook, lang);
    let mut out = Vec::new();
    let assessed = inquiry.assessments.iter().zip(&determination.assessments);
    for (asked, result) in assessed {
        let Some(instrument) = rulebook.instrument(&result.instrument) else {
            continue;
        };
        let form = Assessed {
            result,
            instrument,
            lang,
        };
        out.extend(names.distance(asked, &form));
    }
    out.extend(names.carried(&inquiry.sensitive, case, false));
    out.extend(names.carried(&inquiry.sensitive, case, true));
    for (asked, result) in inquiry.assessments.iter().zip(&determination.assessments) {
        let heading = names.say_with(
            "ask.level",
            &[
                ("instrument", &names.instrument(&result.instrument)),
                ("day", &result.date.to_string()),
            ],
        );
        out.extend(names.settling(&asked.settle, heading, Some(&result.instrument)));
    }
    for right in &inquiry.rights {
        let heading = names.say_with("ask.right", &[("name", &names.programme(&right.programme))]);
        out.extend(names.settling(&right.settle, heading, None));
    }
    out
}

/// What would come out otherwise, in words: levels, rights and payments of two
/// determinations by one rulebook.
#[must_use]
pub fn moved(
    before: &Determination,
    after: &Determination,
    rulebook: &Rulebook,
    lang: Lang,
) -> Vec<Line> {
    let names = names_of(before, rulebook, lang);
    let mut lines = Vec::new();
    for then in &after.assessments {
        let now = before
            .assessments
            .iter()
            .find(|now| (&now.instrument, now.date) == (&then.instrument, then.date));
        let change = LevelMove::new(
            &then.instrument,
            now.and_then(|now| now.level.as_ref()),
            then.level.as_ref(),
        );
        let mark = match change.from == change.to {
            true => Mark::Plain,
            false => Mark::Warning,
        };
        let step = rulebook
            .instrument(&then.instrument)
            .and_then(|instrument| {
                let definition = instrument.definition();
                let mut steps = definition.steps.iter();
                steps.find(|step| step.id == definition.result.level)
            });
        let cite = step.map(|step| step.cite.as_slice());
        lines.push(Line::new(
            mark,
            names.level_move(&change),
            cite.unwrap_or_default(),
        ));
    }
    for change in crate::inquiry::right_moves(before, after) {
        let right = after
            .entitlements
            .iter()
            .chain(&before.entitlements)
            .flatten()
            .find(|right| right.programme == change.programme);
        let rule = right.and_then(|right| names.rule(&right.rule));
        let cite = rule.map(|rule| rule.layer.cite.as_slice());
        lines.push(Line::new(
            Mark::Warning,
            names.right_move(&change),
            cite.unwrap_or_default(),
        ));
    }
    let payments = |determination: &Determination| -> Vec<String> {
        let names = names_of(determination, rulebook, lang);
        let payments = determination.payments.iter().flatten();
        payments
            .map(|payment| {
                let report = names.payment(payment, determination);
                let payers = report.payers.iter();
                let payers: Vec<String> = payers
                    .map(|payer| format!("{} {}", payer.name, payer.amount))
                    .collect();
                let value = payers.join(comma(lang));
                names.say_with("reason", &[("name", &report.heading), ("value", &value)])
            })
            .collect()
    };
    let (now, then) = (payments(before), payments(after));
    for (now, then) in now.iter().zip(&then).filter(|(now, then)| now != then) {
        let text = names.say_with("what_if.payment", &[("from", now), ("to", then)]);
        lines.push(Line::new(Mark::Warning, text, UNCITED));
    }
    lines
}

impl Names<'_> {
    /// How far a level is from those beside it.
    fn distance(&self, asked: &AssessmentInquiry, form: &Assessed<'_>) -> Option<Account> {
        let level = asked.level.as_ref()?;
        let lines = asked.neighbours.iter().map(|neighbour| {
            let ways = self.ways(neighbour, form);
            let text = match ways.is_empty() {
                true => self.say_with("distance.none", &[("level", &form.level(&neighbour.level))]),
                false => self.say_with(
                    "distance",
                    &[
                        ("level", &form.level(&neighbour.level)),
                        ("ways", &ways.join(self.say("distance.or"))),
                    ],
                ),
            };
            Told::new(0, Mark::Plain, text, &self.clauses(neighbour, form))
        });
        Some(Account {
            heading: self.say_with(
                "distance.from",
                &[("level", &form.level(level)), ("form", &form.heading())],
            ),
            lines: lines.collect(),
        })
    }

    fn ways(&self, neighbour: &Neighbour, form: &Assessed<'_>) -> Vec<String> {
        let points = neighbour.by_points.iter().map(|points| {
            let sums = points.sums.iter().map(|(id, moved)| {
                let name = form
                    .step(id)
                    .map_or(id.as_str(), |step| self.of(&step.names));
                format!("{name} {} → {}", moved.from, moved.to)
            });
            let sums = sums.collect::<Vec<_>>().join(comma(self.lang));
            let counts = points.sums.keys().all(|id| {
                let step = form.step(id).map(|step| &step.rule);
                matches!(step, Some(Rule::Count(_)))
            });
            let key = match (counts, points.points) {
                (true, 1) => "distance.item",
                (true, _) => "distance.items",
                (false, 1) => "distance.point",
                (false, _) => "distance.points",
            };
            let points = points.points.to_string();
            self.say_with(key, &[("sums", &sums), ("points", &points)])
        });
        let grounds = neighbour.by_grounds.iter().map(|way| {
            let rules = way.iter().map(|(id, met)| {
                let name = rule_names(form, id).unwrap_or(id);
                let key = match met {
                    true => "distance.met",
                    false => "distance.not_met",
                };
                self.say_with(key, &[("rule", name)])
            });
            rules.collect::<Vec<_>>().join(self.say("distance.and"))
        });
        points.chain(grounds).collect()
    }

    /// The clauses of the steps that a way to a neighbour goes through.
    fn clauses(&self, neighbour: &Neighbour, form: &Assessed<'_>) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        let mut add = |step: &Step| {
            for cite in &step.cite {
                if !out.iter().any(|known| known == cite) {
                    out.push(cite.to_string());
                }
            }
        };
        let steps = &form.instrument.definition().steps;
        for id in neighbour
            .by_points
            .iter()
            .flat_map(|points| points.sums.keys())
        {
            let bands = steps.iter().filter(|step| match &step.rule {
                Rule::Band(band) => band.of == *id,
                _ => false,
            });
            bands.for_each(&mut add);
        }
        // Of tables and grounds the last step decides.
        if !neighbour.by_grounds.is_empty() {
            steps.last().into_iter().for_each(&mut add);
        }
        if out.is_empty() {
            let last = steps.last().map(|step| strings(&step.cite));
            out.extend(last.unwrap_or_default());
        }
        out
    }

    /// The answers, or the facts, that carry the result: those that change the same stand
    /// together.
    fn carried(&self, sensitive: &[Sensitive], case: &Case, facts: bool) -> Option<Account> {
        let mut groups: Vec<(&Sensitive, Vec<String>)> = Vec::new();
        for one in sensitive {
            if one.at.starts_with("/facts/") != facts {
                continue;
            }
            let said = self.answer_move(one, case);
            let same = groups.iter_mut().find(|(first, _)| {
                (&first.levels, &first.rights, first.payments)
                    == (&one.levels, &one.rights, one.payments)
            });
            match same {
                Some((_, answers)) => answers.push(said),
                None => groups.push((one, vec![said])),
            }
        }
        let lines: Vec<Told> = groups
            .into_iter()
            .flat_map(|(one, answers)| {
                let text = answers.join(self.say("carried.or"));
                let mut lines = vec![Told::new(0, Mark::Plain, text, UNCITED)];
                let levels = one.levels.iter().map(|change| self.level_move(change));
                let rights = one.rights.iter().map(|change| self.right_move(change));
                let payments = one
                    .payments
                    .then(|| self.say("carried.payments").to_owned());
                lines.extend(
                    levels
                        .chain(rights)
                        .chain(payments)
                        .map(|text| Told::new(1, Mark::Info, text, UNCITED)),
                );
                lines
            })
            .collect();
        let key = match facts {
            true => "carried.facts",
            false => "carried.answers",
        };
        (!lines.is_empty()).then(|| Account {
            heading: self.say(key).to_owned(),
            lines,
        })
    }

    /// An answer or fact, as it is and as it might be.
    fn answer_move(&self, one: &Sensitive, case: &Case) -> String {
        let mut parts = one.at.split('/').skip(1);
        let (name, from, to) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some("assessments"), Some(index), _, Some(code)) => {
                let form = index
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| case.assessments.get(index));
                let instrument = form.map_or("", |form| form.instrument.as_str());
                (
                    self.code_name(instrument, code),
                    self.answer(instrument, code, &one.from),
                    self.answer(instrument, code, &one.to),
                )
            }
            (Some("facts"), Some(id), ..) => (
                self.fact_name(id),
                self.value(id, &found(&one.from)),
                self.value(id, &found(&one.to)),
            ),
            _ => (one.at.clone(), String::new(), String::new()),
        };
        self.say_with(
            "carried.move",
            &[("name", &name), ("from", &from), ("to", &to)],
        )
    }

    /// A code of a form with its name.
    fn code_name(&self, instrument: &str, code: &str) -> String {
        let Some(instrument) = self.rulebook.instrument(instrument) else {
            return code.to_owned();
        };
        let item = instrument.items().find(|item| item.code == code);
        let mut fields = instrument.definition().fields.iter();
        let field = fields.find(|field| field.code == code);
        let names = item
            .map(|item| &item.names)
            .or_else(|| field.map(|field| &field.names));
        names.map_or_else(
            || code.to_owned(),
            |names| format!("{code} {}", self.of(names)),
        )
    }

    fn answer(&self, instrument: &str, code: &str, answer: &Answer) -> String {
        let Some(instrument) = self.rulebook.instrument(instrument) else {
            return plain(answer, self.lang);
        };
        if let Some(item) = instrument.items().find(|item| item.code == code) {
            let option = option(item, answer, self.lang);
            // The label is long; the score tells as much here.
            let score = item
                .options
                .iter()
                .find(|option| option.is_named_by(answer));
            return match (answer, score.and_then(|option| option.score)) {
                (Answer::Number(_), Some(score)) => score.to_string(),
                _ => option,
            };
        }
        let mut fields = instrument.definition().fields.iter();
        match fields.find(|field| field.code == code) {
            Some(field) => answered(field, answer, self.lang),
            None => plain(answer, self.lang),
        }
    }

    fn level_move(&self, change: &LevelMove) -> String {
        let level = |level: &Option<Level>| match level {
            Some(level) => self.level(&change.instrument, i64::from(level.code)),
            None => self.say("level.none").to_owned(),
        };
        let key = match change.from == change.to {
            true => "what_if.level.same",
            false => "what_if.level",
        };
        self.say_with(
            key,
            &[
                ("instrument", &self.instrument(&change.instrument)),
                ("from", &level(&change.from)),
                ("to", &level(&change.to)),
            ],
        )
    }

    fn right_move(&self, change: &RightMove) -> String {
        let status = |status: Option<crate::determination::Status>| match status {
            Some(status) => self.status(status),
            None => self.say("status.none").to_owned(),
        };
        self.say_with(
            "what_if.right",
            &[
                ("name", &self.programme(&change.programme)),
                ("from", &status(change.from)),
                ("to", &status(change.to)),
            ],
        )
    }

    /// What would settle something that is open.
    fn settling(
        &self,
        sets: &[Settling],
        heading: String,
        instrument: Option<&str>,
    ) -> Option<Account> {
        let lines = sets.iter().flat_map(|set| {
            let asked = set.ask.iter().map(|ask| match instrument {
                Some(instrument) => self.code_name(instrument, ask),
                None => self.asked(ask, None),
            });
            let asked = self.list(asked);
            let key = match (set.always, set.answers.is_empty()) {
                (true, true) => "ask.all",
                (true, false) => "ask.always",
                (false, _) => "ask.some",
            };
            let mark = match set.always {
                true => Mark::Yes,
                false => Mark::Open,
            };
            let text = self.say_with(key, &[("asked", &asked)]);
            let mut lines = vec![Told::new(0, mark, text, UNCITED)];
            for answer in &set.answers {
                let given = answer.given.iter().map(|(asks, value)| match instrument {
                    Some(instrument) => {
                        let value = self.answer(instrument, asks, &self::answer(value));
                        let name = self.code_name(instrument, asks);
                        self.say_with("reason", &[("name", &name), ("value", &value)])
                    }
                    None => self.given_value(asks, value),
                });
                let given = self.list(given);
                let to = match instrument {
                    Some(instrument) => match self.code(instrument, &answer.to) {
                        Some(code) => self.level(instrument, code),
                        None => answer.to.clone(),
                    },
                    None => self.say_with(&format!("status.{}", answer.to), &[]),
                };
                let text = self.say_with("ask.answer", &[("given", &given), ("to", &to)]);
                lines.push(Told::new(1, Mark::Info, text, UNCITED));
            }
            lines
        });
        let lines: Vec<Told> = lines.collect();
        (!lines.is_empty()).then_some(Account { heading, lines })
    }

    /// What a condition asks, and a value of it.
    fn given_value(&self, asks: &str, value: &Found) -> String {
        let (kind, id) = asks.split_once(':').unwrap_or((asks, ""));
        let (name, value) = match kind {
            "fact" => (self.fact_name(id), self.value(id, value)),
            "level" => {
                let level = |key: &str| match self.code(id, key) {
                    Some(code) => self.level(id, code),
                    None => key.to_owned(),
                };
                let value = match value {
                    Found::Text(key) => level(key),
                    Found::List(keys) => {
                        let levels: Vec<String> = keys.iter().map(|key| level(key)).collect();
                        levels.join(either(self.lang))
                    }
                    _ => String::new(),
                };
                (self.instrument(id), value)
            }
            _ => {
                let flag = matches!(value, Found::Flag(true));
                (self.asked(asks, None), self.flag(flag).to_owned())
            }
        };
        self.say_with("reason", &[("name", &name), ("value", &value)])
    }
}

/// The name of a rule of the level change.
fn rule_names<'a>(form: &'a Assessed<'_>, id: &str) -> Option<&'a str> {
    let steps = form.instrument.definition().steps.iter();
    steps
        .filter_map(|step| match &step.rule {
            Rule::LevelChange(change) => Some(&change.rules),
            _ => None,
        })
        .flatten()
        .find(|rule| rule.id == id)
        .map(|rule| rule.names.within(form.lang))
}

fn found(answer: &Answer) -> Found {
    match answer {
        Answer::Flag(flag) => Found::Flag(*flag),
        Answer::Number(number) => Found::Number(*number),
        Answer::Text(text) => Found::Text(text.into()),
        Answer::List(list) => Found::List(list.clone()),
    }
}

fn answer(found: &Found) -> Answer {
    match found {
        Found::Flag(flag) => Answer::Flag(*flag),
        Found::Number(number) => Answer::Number(*number),
        Found::Text(text) => Answer::Text(text.to_string()),
        Found::List(list) => Answer::List(list.clone()),
        Found::Numbers(_) => Answer::List(Vec::new()),
    }
}
