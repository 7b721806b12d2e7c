//! Why a case came out as it did: from a right back to the level, the score, the item and
//! the clause, as one would tell it at a counter.

use serde::Serialize;

use super::UNCITED;
use super::levels::Assessed;
use super::names::{Names, conditions};
use super::reasons::Leaf;
use super::words::{comma, percent, say, say_with, span, yuan};
use super::{Line, Mark, names_of};
use crate::case::{Answer, Assessment, Case};
use crate::determination::{
    Because, Benefit, Determination, Entitlement, Found, Payment, Status, TraceStep,
};
use crate::entitlement::definition::{LayerDefinition, RelationRule};
use crate::instrument::definition::{Field, FieldType, Item, Outcome, Rule, Step};
use crate::rulebook::{Derived, Rulebook};
use crate::text::{Text, strings};
use crate::words::Lang;

/// One thing that is explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Account {
    /// What: a level, a right, a payment.
    pub heading: String,
    /// The way to it.
    pub lines: Vec<Told>,
}

/// One line of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Told {
    /// How deep it stands: what stands deeper is the ground of what stands above it.
    pub depth: u8,
    /// The statement, with the clauses that it rests on.
    pub line: Line,
}

/// Why a case came out as it did. `determination` is that of `case`, by `rulebook` and
/// with the full trace ([`crate::Options::traced`]); without it nothing is said of how a
/// level came about.
///
/// With a `programme` only its right is explained, and the levels that it asks for; without
/// one every level, every right that the person has or is kept from, and every payment.
#[must_use]
pub fn why(
    case: &Case,
    determination: &Determination,
    rulebook: &Rulebook,
    programme: Option<&str>,
    lang: Lang,
) -> Vec<Account> {
    let names = names_of(determination, rulebook, lang);
    let rights: Vec<&Entitlement> = determination
        .entitlements
        .iter()
        .flatten()
        .filter(|right| match programme {
            Some(id) => right.programme == id,
            None => matches!(right.status, Status::Entitled | Status::Excluded),
        })
        .collect();
    let asked = |instrument: &str| {
        let ends =
            |because: &Because| because.asks.split_once(':').map(|(_, id)| id) == Some(instrument);
        programme.is_none() || rights.iter().any(|right| right.because.iter().any(ends))
    };
    let forms = case.assessments.iter().zip(&determination.assessments);
    let levels = forms
        .filter(|(form, _)| asked(&form.instrument))
        .filter_map(|(form, result)| {
            let instrument = rulebook.instrument(&result.instrument)?;
            let assessed = Assessed {
                result,
                instrument,
                lang,
            };
            Some(Form { form, assessed }.account())
        });
    let mut out: Vec<Account> = levels.collect();
    out.extend(
        rights
            .iter()
            .map(|right| names.account(right, case, determination)),
    );
    let costs = case.costs.iter().flatten();
    out.extend(
        costs
            .zip(determination.payments.iter().flatten())
            .filter(|(_, payment)| {
                let paid = |id: &str| payment.payers.iter().any(|payer| payer.programme == id);
                programme.is_none_or(paid)
            })
            .map(|(cost, payment)| names.payment_account(cost.fen, payment, determination)),
    );
    out
}

impl Told {
    pub(super) fn new(depth: u8, mark: Mark, text: String, citations: &[impl AsRef<str>]) -> Self {
        Self {
            depth,
            line: Line::new(mark, text, citations),
        }
    }
}

// ---- a level -----------------------------------------------------------------

/// A form beside its result.
struct Form<'a> {
    form: &'a Assessment,
    assessed: Assessed<'a>,
}

impl Form<'_> {
    fn say(&self, key: &str, args: &[(&str, &str)]) -> String {
        say_with(key, self.assessed.lang, args)
    }

    fn account(&self) -> Account {
        let result = self.assessed.result;
        let mut lines = Vec::new();
        for step in result.steps.iter().flatten() {
            if let Some(written) = self.assessed.step(&step.step) {
                self.step(written, step, &mut lines);
            }
        }
        lines.push(Told {
            depth: 0,
            line: self.assessed.conclusion(),
        });
        let level = match &result.level {
            Some(level) => self.assessed.level(level),
            None => say("level.none", self.assessed.lang).to_owned(),
        };
        Account {
            heading: self.say(
                "why.level",
                &[("level", &level), ("form", &self.assessed.heading())],
            ),
            lines,
        }
    }

    /// A step, and below it what it rests on.
    fn step(&self, written: &Step, step: &TraceStep, lines: &mut Vec<Told>) {
        let lang = self.assessed.lang;
        let name = written.names.within(lang);
        let number = |value: Option<u8>| value.map_or_else(|| "?".to_owned(), |v| v.to_string());
        let mark = match step.result {
            Some(_) => Mark::Plain,
            None => Mark::Open,
        };
        // Parts in the order of the form: inputs are sorted by their codes.
        let parts = |of: &[Text], named: bool, by: &str| -> String {
            let parts = of.iter().map(|code| {
                let value = number(step.inputs.get(code).copied().flatten());
                match self.assessed.step(code).filter(|_| named) {
                    Some(part) => format!("{} {value}", part.names.within(lang)),
                    None => value,
                }
            });
            parts.collect::<Vec<_>>().join(by)
        };
        let (text, items): (String, &[Text]) = match &written.rule {
            Rule::Sum(sum) => {
                let args = [
                    ("name", name),
                    ("parts", &parts(&sum.of, true, " + ")),
                    ("result", &number(step.result)),
                ];
                (self.say("why.sum", &args), &sum.of)
            }
            Rule::Count(count) => {
                let args = [("name", name), ("result", &number(step.result))];
                (self.say("why.count", &args), &count.of)
            }
            Rule::Band(band) => {
                let row = step.row.and_then(|row| band.rows.get(usize::from(row)));
                let within = row.map_or_else(|| "?".to_owned(), |row| span(row.from, row.to));
                let args = [
                    ("name", name),
                    ("value", &parts(std::slice::from_ref(&band.of), true, "")),
                    ("row", &within),
                    ("result", &self.outcome(row.map(|row| &row.is), step.result)),
                ];
                (self.say("why.band", &args), &[])
            }
            Rule::WorstOf(worst) => {
                let parts = parts(&worst.of, true, comma(lang));
                let result = number(step.result);
                let args = [("name", name), ("parts", &parts), ("result", &result)];
                (self.say("why.worst", &args), &[])
            }
            Rule::Table(table) => {
                let of = [table.down.clone(), table.across.clone()];
                let cell = self.cell(table, step);
                let args = [
                    ("name", name),
                    ("parts", &parts(&of, true, comma(lang))),
                    ("result", &self.outcome(cell, step.result)),
                ];
                (self.say("why.table", &args), &[])
            }
            Rule::Cases(cases) => {
                let row = step.row.and_then(|row| cases.rows.get(usize::from(row)));
                let args = [
                    ("name", name),
                    ("parts", &parts(&cases.of, true, comma(lang))),
                    ("result", &self.outcome(row.map(|row| &row.is), step.result)),
                ];
                let items: &[Text] =
                    match cases.of.iter().any(|id| self.assessed.step(id).is_some()) {
                        true => &[],
                        false => &cases.of,
                    };
                (self.say("why.table", &args), items)
            }
            Rule::Open(open) => (open.says.within(lang).to_owned(), &[]),
            Rule::LevelChange(_) => {
                for change in &self.assessed.result.changes {
                    lines.push(Told {
                        depth: 0,
                        line: self.assessed.change(change),
                    });
                    for code in &change.grounds {
                        lines.extend(self.ground(code));
                    }
                }
                return;
            }
        };
        lines.push(Told::new(0, mark, text, &step.citations));
        for code in items {
            lines.extend(self.item(code));
        }
    }

    fn cell<'t>(
        &self,
        table: &'t crate::instrument::definition::Table,
        step: &TraceStep,
    ) -> Option<&'t Outcome> {
        let value = |id: &str| step.inputs.get(id).copied().flatten();
        let down = value(&table.down)?;
        let across = value(&table.across)?;
        let row = table.rows.iter().find(|row| row.at == down)?;
        let column = table.columns.iter().position(|column| *column == across)?;
        row.cells.get(column)
    }

    /// What a row or cell gives, in words.
    fn outcome(&self, outcome: Option<&Outcome>, result: Option<u8>) -> String {
        match (outcome, result) {
            (Some(Outcome::Level(_)), Some(code)) => self.assessed.level_of(code),
            (_, Some(grade)) => self.say("why.grade", &[("grade", &grade.to_string())]),
            (_, None) => "?".to_owned(),
        }
    }

    /// An item that was not answered with its best option.
    fn item(&self, code: &str) -> Option<Told> {
        let mut items = self.assessed.instrument.items();
        let item = items.find(|item| item.code == code)?;
        let lang = self.assessed.lang;
        let name = item.names.within(lang);
        let Some(answer) = self.form.answers.get(code) else {
            let text = self.say("why.item.open", &[("code", code), ("name", name)]);
            return Some(Told::new(1, Mark::Open, text, &item.cite));
        };
        let best = item.options.first();
        if best.is_some_and(|best| best.is_named_by(answer)) {
            return None;
        }
        let text = self.say(
            "why.item",
            &[
                ("code", code),
                ("name", name),
                ("answer", &option(item, answer, lang)),
            ],
        );
        Some(Told::new(1, Mark::Plain, text, &item.cite))
    }

    /// An answer on which a rule of the level change rests.
    fn ground(&self, code: &str) -> Option<Told> {
        let answer = self.form.answers.get(code)?;
        let lang = self.assessed.lang;
        let definition = self.assessed.instrument.definition();
        if let Some(field) = definition.fields.iter().find(|field| field.code == code) {
            let text = self.say(
                "why.item",
                &[
                    ("code", code),
                    ("name", field.names.within(lang)),
                    ("answer", &answered(field, answer, lang)),
                ],
            );
            return Some(Told::new(1, Mark::Plain, text, &field.cite));
        }
        let mut items = self.assessed.instrument.items();
        let item = items.find(|item| item.code == code)?;
        let text = self.say(
            "why.item",
            &[
                ("code", code),
                ("name", item.names.within(lang)),
                ("answer", &option(item, answer, lang)),
            ],
        );
        Some(Told::new(1, Mark::Plain, text, &item.cite))
    }
}

/// The option of an item in words: its score and label.
pub(super) fn option(item: &Item, answer: &Answer, lang: Lang) -> String {
    let mut options = item
        .options
        .iter()
        .filter(|option| option.is_named_by(answer));
    let labels: Vec<&str> = options
        .clone()
        .filter_map(|option| option.label.as_ref())
        .map(|label| label.within(lang))
        .collect();
    let label = labels.join(super::words::either(lang));
    let score = options.find_map(|option| option.score);
    match (score, label.is_empty()) {
        (Some(score), true) => say_with("why.score", lang, &[("score", &score.to_string())]),
        (Some(score), false) => {
            let score = score.to_string();
            say_with(
                "why.score.label",
                lang,
                &[("score", &score), ("label", &label)],
            )
        }
        (None, false) => label,
        (None, true) => plain(answer, lang),
    }
}

/// The answer to a field in words.
pub(super) fn answered(field: &Field, answer: &Answer, lang: Lang) -> String {
    match (field.answer, answer) {
        (FieldType::Choice, _) => match field.option_answered(answer) {
            Some(option) => option.label.within(lang).to_owned(),
            None => plain(answer, lang),
        },
        (FieldType::Choices, Answer::List(keys)) => {
            let labels = keys.iter().map(|key| {
                let option = field.options.iter().find(|option| option.key == *key);
                option.map_or(key.as_str(), |option| option.label.within(lang))
            });
            labels.collect::<Vec<_>>().join(comma(lang))
        }
        _ => plain(answer, lang),
    }
}

/// An answer as it stands.
pub(super) fn plain(answer: &Answer, lang: Lang) -> String {
    match answer {
        Answer::Flag(flag) => say(if *flag { "value.yes" } else { "value.no" }, lang).to_owned(),
        Answer::Number(number) => number.to_string(),
        Answer::Text(text) => text.clone(),
        Answer::List(list) if list.is_empty() => say("value.no_item", lang).to_owned(),
        Answer::List(list) => list.join(comma(lang)),
    }
}

// ---- a right -----------------------------------------------------------------

/// Whether a leaf is a reason for the status: what holds makes a right, what does not
/// denies it, and what is open keeps all of it in question.
fn counts(status: Status, mark: Mark) -> bool {
    match status {
        Status::Entitled | Status::Discretionary | Status::Excluded => mark == Mark::Yes,
        Status::NotEntitled => mark == Mark::No,
        Status::Undetermined => true,
    }
}

/// The clauses of what a layer gives: those that no leaf of its condition has for itself.
fn given_clauses(layer: &LayerDefinition) -> Vec<String> {
    let mut asked: Vec<&String> = Vec::new();
    for condition in conditions(layer) {
        condition.walk(&mut |part| asked.extend(part.own_clauses()));
    }
    let left: Vec<String> = layer
        .cite
        .iter()
        .filter(|cite| !asked.iter().any(|known| *known == cite.as_str()))
        .map(ToString::to_string)
        .collect();
    if left.is_empty() {
        strings(&layer.cite)
    } else {
        left
    }
}

impl<'a> Names<'a> {
    fn account(&self, right: &Entitlement, case: &Case, determination: &Determination) -> Account {
        let rule = self.rule(&right.rule);
        let layer = rule.map(|rule| rule.layer);
        let mut lines = Vec::new();
        if let Some(rule) = rule {
            let text = self.say_with(
                "why.rule",
                &[
                    ("place", &self.place_of(&rule.file.jurisdiction)),
                    ("source", self.of(&rule.file.names)),
                ],
            );
            lines.push(Told::new(0, Mark::Plain, text, &rule.layer.cite));
        }
        for because in &right.because {
            let leaf = self.leaf(because, layer, &right.programme);
            let reason = self.reason(because, leaf, determination);
            if !counts(right.status, reason.mark) {
                continue;
            }
            let text = match reason.under.as_str() {
                "" => reason.text,
                under => self.say_with("why.under", &[("text", &reason.text), ("under", under)]),
            };
            let cite = self.leaf_cite(because, leaf, layer, &right.programme);
            lines.push(Told::new(1, reason.mark, text, &cite));
            lines.extend(self.ground_of(because, case, determination));
        }
        lines.extend(
            self.excluded(right, determination)
                .map(|line| Told { depth: 0, line }),
        );
        let given = right.benefit.iter().map(|benefit| (benefit, &right.rule));
        let further = right
            .further_benefits
            .iter()
            .map(|one| (&one.benefit, &one.rule));
        if matches!(right.status, Status::Entitled | Status::Discretionary) {
            for (benefit, rule) in given.chain(further) {
                let given = self.given(benefit, rule);
                let cite = self.rule(rule).map(|rule| given_clauses(rule.layer));
                let text = match given.terms.is_empty() {
                    true => given.name,
                    false => self.say_with(
                        "reason",
                        &[
                            ("name", &given.name),
                            ("value", &given.terms.join(self.say("why.and"))),
                        ],
                    ),
                };
                let text = self.say_with("why.given", &[("text", &text)]);
                lines.push(Told::new(0, Mark::Plain, text, &cite.unwrap_or_default()));
            }
        }
        for alternative in self.other_readings(right) {
            lines.push(Told {
                depth: 0,
                line: alternative,
            });
        }
        Account {
            heading: self.say_with(
                "why.right",
                &[
                    ("name", &self.programme(&right.programme)),
                    ("status", &self.status(right.status)),
                ],
            ),
            lines,
        }
    }

    /// The clauses of a leaf: its own, else those of the definition that it stands in, else of the layer
    /// or part that asks it, else of what bars the programme.
    fn leaf_cite(
        &self,
        because: &Because,
        leaf: Option<Leaf<'a>>,
        layer: Option<&'a LayerDefinition>,
        programme: &str,
    ) -> Vec<String> {
        if let Some(own) = leaf.map(|leaf| leaf.condition.own_clauses())
            && !own.is_empty()
        {
            return own.to_vec();
        }
        let defined = because.under.iter().rev().find_map(|id| {
            let named = self.definitions(id).first().copied()?;
            (!named.cite.is_empty()).then(|| strings(&named.cite))
        });
        if let Some(cite) = defined {
            return cite;
        }
        let above = self.layers_of(programme).map(|rule| rule.layer);
        for layer in layer.into_iter().chain(above) {
            let asks = |condition| {
                self.leaf_in(condition, because, &because.under, false)
                    .is_some()
            };
            if layer.who.as_ref().is_some_and(asks) {
                return strings(&layer.cite);
            }
            let part = layer
                .parts
                .values()
                .find(|part| part.when.as_ref().is_some_and(asks));
            if let Some(part) = part {
                return match part.cite.is_empty() {
                    true => strings(&layer.cite),
                    false => strings(&part.cite),
                };
            }
        }
        let relations = self.files().flat_map(|file| &file.relations);
        let bar = relations.into_iter().find(|relation| match &relation.rule {
            RelationRule::Excludes(bars) | RelationRule::Suspends(bars) => {
                bars.programme == programme
                    && self
                        .leaf_in(&bars.when, because, &because.under, true)
                        .is_some()
            }
            _ => false,
        });
        match (bar, layer) {
            (Some(relation), _) => strings(&relation.cite),
            (None, Some(layer)) => strings(&layer.cite),
            (None, None) => Vec::new(),
        }
    }

    /// Where a leaf's value comes from, where the case does not state it as such.
    fn ground_of(
        &self,
        because: &Because,
        case: &Case,
        determination: &Determination,
    ) -> Option<Told> {
        let (kind, id) = because.asks.split_once(':')?;
        match kind {
            "level" => {
                because.value.as_ref()?;
                let result = determination
                    .assessments
                    .iter()
                    .filter(|result| result.instrument == id)
                    .max_by_key(|result| result.date)?;
                let level = result.level.as_ref()?;
                let instrument = self.rulebook.instrument(id)?.definition();
                let step = instrument
                    .steps
                    .iter()
                    .find(|step| step.id == instrument.result.level)?;
                let text = self.say_with(
                    "why.assessed",
                    &[
                        ("instrument", &self.instrument(id)),
                        ("day", &result.date.to_string()),
                        ("level", &self.level(id, i64::from(level.code))),
                    ],
                );
                Some(Told::new(2, Mark::Plain, text, &step.cite))
            }
            "fact" => {
                let fact = self.fact(id)?;
                let derived = fact.derived.as_ref()?;
                let of = derived.of();
                let since = case.facts.as_ref()?.get(of)?;
                let key = match derived {
                    Derived::YearsSince(_) => "why.years",
                    Derived::MonthsSince(_) => "why.months",
                };
                let Some(Found::Number(full)) = &because.value else {
                    return None;
                };
                let text = self.say_with(
                    key,
                    &[
                        ("name", &self.fact_name(of)),
                        ("since", &plain(since, self.lang)),
                        ("day", &determination.as_of.to_string()),
                        ("full", &full.to_string()),
                    ],
                );
                Some(Told::new(2, Mark::Plain, text, UNCITED))
            }
            _ => None,
        }
    }

    /// The clauses that put a payer after others.
    fn order_of(&self, programme: &str) -> Vec<String> {
        let relations = self.files().flat_map(|file| &file.relations);
        let after = relations.filter(|relation| match &relation.rule {
            RelationRule::After(after) => after.programme == programme,
            _ => false,
        });
        after.flat_map(|relation| strings(&relation.cite)).collect()
    }

    /// Who pays a cost, and how each share follows from what is left before it.
    fn payment_account(
        &self,
        cost: i64,
        payment: &Payment,
        determination: &Determination,
    ) -> Account {
        let heading = self.payment(payment, determination).heading;
        let mut left = Some(cost);
        let mut lines = Vec::new();
        for payer in &payment.payers {
            let right = determination
                .entitlements
                .iter()
                .flatten()
                .find(|right| right.programme == payer.programme);
            let amount = match payer.fen {
                Some(fen) => yuan(fen, self.lang),
                None => self.say("why.fen.open").to_owned(),
            };
            let base = left.filter(|_| payer.fen.is_some());
            let mark = match payer.fen {
                Some(_) => Mark::Plain,
                None => Mark::Open,
            };
            let share = right.and_then(|right| match &right.benefit {
                Some(Benefit::CostShare(share)) => Some(share),
                _ => None,
            });
            let text = match (right, share.zip(base)) {
                (Some(right), Some((share, base))) => {
                    let ratio = share
                        .per_mille
                        .map_or_else(|| self.say("amount.local").to_owned(), percent);
                    let cap = share.cap_fen.map(|cap| {
                        let cap = yuan(cap, self.lang);
                        let cap = share.cap_per.map_or(cap.clone(), |per| self.per(&cap, per));
                        self.say_with("why.cap", &[("cap", &cap)])
                    });
                    self.say_with(
                        "why.pays",
                        &[
                            ("name", &self.programme(&right.programme)),
                            ("amount", &amount),
                            ("base", &yuan(base, self.lang)),
                            ("ratio", &ratio),
                            ("cap", cap.as_deref().unwrap_or_default()),
                        ],
                    )
                }
                (Some(right), None) => self.say_with(
                    "reason",
                    &[
                        ("name", &self.programme(&right.programme)),
                        ("value", &amount),
                    ],
                ),
                (None, _) => self.say_with("why.self", &[("amount", &amount)]),
            };
            let rule = right.and_then(|right| self.rule(&right.rule));
            let mut cite = rule
                .map(|rule| given_clauses(rule.layer))
                .unwrap_or_default();
            cite.extend(self.order_of(&payer.programme));
            lines.push(Told::new(0, mark, text, &cite));
            left = left
                .zip(payer.fen)
                .map(|(left, fen)| left.saturating_sub(fen));
        }
        Account {
            heading: self.say_with(
                "why.payment",
                &[("payment", &heading), ("cost", &yuan(cost, self.lang))],
            ),
            lines,
        }
    }
}
