//! A case as rules ask it: facts, levels, and what follows from them.

use jiff::civil::Date;

use super::definition::Programme;
use super::program::{Node, Place, Question, Rights, Test};
use crate::case::{Answer, Assessment, Case, CategoryRange, Prepared, diagnosed};
use crate::condition::{Condition, Truth};
use crate::determination::{AssessmentResult, Found};
use crate::instrument::Instrument;
use crate::rulebook::{Derived, Fact, Grade, Vocabulary};
use crate::sorted::with_partners;
use crate::text::Text;

/// A fact that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'c> {
    Flag(bool),
    Number(i64),
    Text(&'c str),
    List(&'c [String]),
    /// The person has none.
    None,
}

impl From<Value<'_>> for Found {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Flag(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::Text(text) => Self::Text(text.into()),
            Value::List(list) => Self::List(list.to_vec()),
            Value::None => Self::Text(Text::fixed(NONE)),
        }
    }
}

/// The latest assessment by an instrument that rights may read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latest<'c> {
    pub(crate) form: &'c Assessment,
    pub(crate) result: &'c AssessmentResult,
    /// Full months from its date to the day of decision.
    pub(crate) months: i64,
}

/// What is known of a fact of the vocabulary.
struct Known<'c> {
    fact: &'c Fact,
    value: Option<Value<'c>>,
    /// As results show it.
    found: Option<Found>,
}

/// What is known of each fact, in the order of their ids: rules ask by slot.
struct Facts<'c>(Vec<Known<'c>>);

impl<'c> Facts<'c> {
    fn at(&self, slot: usize) -> Option<Value<'c>> {
        self.0.get(slot)?.value
    }

    fn set(&mut self, slot: usize, value: Value<'c>) {
        if let Some(known) = self.0.get_mut(slot) {
            known.value = Some(value);
        }
    }

    fn named(&self, id: &str) -> Option<Value<'c>> {
        let slot = self.0.binary_search_by_key(&id, |known| &known.fact.id);
        self.at(slot.ok()?)
    }
}

/// A case as rules ask it.
pub(crate) struct Person<'c> {
    pub(crate) as_of: Date,
    facts: Facts<'c>,
    latest: Vec<Latest<'c>>,
    receives: Option<&'c [String]>,
    confirmed: &'c [String],
    /// Facts that the case states against what an answer gives.
    pub(crate) contradicted: Vec<&'c str>,
}

impl<'c> Person<'c> {
    pub(crate) fn of(
        case: &'c Case,
        forms: &[(Prepared<'_>, &'c Assessment)],
        results: &'c [AssessmentResult],
        rights: &'c Rights,
    ) -> Self {
        let latest = latest(case.as_of, forms, results);
        let known = rights.facts.iter().map(|fact| Known {
            fact,
            value: None,
            found: None,
        });
        let mut facts = Facts(known.collect());
        let known = facts.0.iter_mut().map(|known| (&known.fact.id, known));
        for (_, answer, known) in with_partners(case.facts.iter().flatten(), known) {
            if let Some(known) = known {
                known.value = Some(value(known.fact, answer));
            }
        }
        let mut contradicted = Vec::new();
        for slot in 0..facts.0.len() {
            let Some(fact) = facts.0.get(slot).map(|known| known.fact) else {
                continue;
            };
            if let Some(derived) = &fact.derived
                && let Some(value) = derive(derived, &facts, case.as_of)
            {
                facts.set(slot, value);
            }
            let given = fact.given_by.as_ref().and_then(|given| {
                let Condition::Diagnosis(ask) = &given.when else {
                    return None;
                };
                let latest = latest
                    .iter()
                    .find(|latest| latest.result.instrument == given.instrument)?;
                latest.diagnosed(&ask.code, &ask.within)
            });
            if let Some(given) = given {
                match facts.at(slot) {
                    None => facts.set(slot, Value::Flag(given)),
                    Some(stated) if stated == Value::Flag(given) => {}
                    Some(_) => contradicted.push(fact.id.as_str()),
                }
            }
        }
        for known in &mut facts.0 {
            known.found = known.value.map(Found::from);
        }
        let programmes = |id: &str| match case.facts.as_ref()?.get(id)? {
            Answer::List(list) => Some(list.as_slice()),
            _ => None,
        };
        Self {
            as_of: case.as_of,
            receives: programmes(RECEIVES),
            confirmed: programmes(CONFIRMED).unwrap_or_default(),
            facts,
            latest,
            contradicted,
        }
    }

    pub(crate) fn fact(&self, id: &str) -> Option<Value<'c>> {
        self.facts.named(id)
    }

    /// Whether the case lists the programme as received; unknown if it lists none.
    pub(crate) fn receives(&self, programme: &str) -> Option<bool> {
        self.receives
            .map(|list| list.iter().any(|id| id == programme))
    }

    pub(crate) fn latest(&self, instrument: &str) -> Option<Latest<'c>> {
        self.latest
            .iter()
            .find(|latest| latest.result.instrument == instrument)
            .copied()
    }

    /// Answers one question.
    pub(crate) fn ask(&self, question: &Question, rights: &Rights) -> Truth {
        match question {
            Question::Fact {
                slot,
                test,
                assumed,
                ..
            } => match self.facts.at(*slot) {
                None if *assumed => Truth::True,
                None => Truth::Unknown,
                Some(value) => holds(test, value).into(),
            },
            Question::Level {
                instrument,
                at_least,
                at_most,
                within_months,
                under_months,
                open,
            } => {
                let found = self.latest(instrument).filter(|latest| {
                    within_months.is_none_or(|months| latest.is_within(months, self.as_of))
                        && under_months.is_none_or(|months| latest.months < i64::from(months))
                });
                let Some(latest) = found else {
                    return if *open { Truth::Unknown } else { Truth::False };
                };
                let range = at_least.unwrap_or(0)..=at_most.unwrap_or(u8::MAX);
                match &latest.result.level {
                    Some(level) => range.contains(&level.code).into(),
                    // A level that is not determined opens nothing, even where every
                    // possible one would.
                    None => {
                        let possible = &latest.result.possible_levels;
                        if possible.iter().any(|code| range.contains(code)) {
                            Truth::Unknown
                        } else {
                            Truth::False
                        }
                    }
                }
            }
            Question::Diagnosis {
                instrument,
                code,
                within,
            } => self
                .latest(instrument)
                .and_then(|latest| latest.diagnosed(code, within))
                .map_or(Truth::Unknown, Truth::from),
            Question::Local { programme, .. } => {
                let id = rights.programme_id(*programme);
                if self.confirmed.iter().any(|confirmed| *confirmed == id) {
                    Truth::True
                } else {
                    Truth::Unknown
                }
            }
            Question::Receives { programme, open } => {
                match self.receives(&rights.programme_id(*programme)) {
                    Some(received) => received.into(),
                    None if *open => Truth::Unknown,
                    None => Truth::False,
                }
            }
        }
    }

    /// What was found where a question asks.
    pub(crate) fn found(&self, question: &Question, rights: &Rights) -> Option<Found> {
        match question {
            Question::Fact { slot, .. } => self.facts.0.get(*slot)?.found.clone(),
            Question::Level { instrument, .. } => {
                let level = self.latest(instrument)?.result.level.as_ref()?;
                Some(Found::Number(i64::from(level.code)))
            }
            Question::Diagnosis {
                instrument, code, ..
            } => match self.latest(instrument)?.form.answers.get(code)? {
                Answer::List(list) => Some(Found::List(list.clone())),
                _ => None,
            },
            Question::Local { .. } => match self.ask(question, rights) {
                Truth::True => Some(Found::Flag(true)),
                _ => None,
            },
            Question::Receives { programme, .. } => self
                .receives(&rights.programme_id(*programme))
                .map(Found::Flag),
        }
    }

    /// The grade of what a question rests on.
    pub(crate) fn grade(&self, question: &Question) -> Grade {
        match question {
            Question::Level { instrument, .. } | Question::Diagnosis { instrument, .. } => self
                .latest(instrument)
                .map_or(Grade::A, |latest| latest.result.confidence),
            _ => Grade::A,
        }
    }
}

/// The fact that lists the programmes received now.
const RECEIVES: &str = "receives";
/// The fact that lists the programmes whose locally set conditions are met.
const CONFIRMED: &str = "other_local_conditions_met";

/// How a case states that there is none.
pub(crate) const NONE: &str = "none";

/// The latest assessment by each instrument, without those that no right reads.
fn latest<'c>(
    as_of: Date,
    forms: &[(Prepared<'_>, &'c Assessment)],
    results: &'c [AssessmentResult],
) -> Vec<Latest<'c>> {
    let mut out: Vec<Latest<'c>> = Vec::new();
    for ((prepared, form), result) in forms.iter().zip(results) {
        if prepared.instrument.ended_by(form.date) {
            continue;
        }
        let one = Latest {
            form,
            result,
            months: months_since(form.date, as_of),
        };
        let id = prepared.instrument.id();
        match out.iter_mut().find(|known| known.result.instrument == id) {
            Some(known) if known.form.date < form.date => *known = one,
            Some(_) => {}
            None => out.push(one),
        }
    }
    out
}

impl Latest<'_> {
    fn diagnosed(&self, code: &str, within: &[String]) -> Option<bool> {
        let ranges: Vec<CategoryRange> = within
            .iter()
            .filter_map(|range| CategoryRange::parse(range))
            .collect();
        match self.form.answers.get(code)? {
            Answer::List(list) => Some(diagnosed(list, &ranges)),
            _ => None,
        }
    }

    /// Whether it is at most so many months old: on the day on which they are full
    /// it still is.
    fn is_within(&self, months: u16, as_of: Date) -> bool {
        let months = i64::from(months);
        self.months < months
            || self.months == months
                && as_of
                    .yesterday()
                    .is_ok_and(|day| months_since(self.form.date, day) < months)
    }
}

fn value<'c>(fact: &Fact, answer: &'c Answer) -> Value<'c> {
    match answer {
        Answer::Flag(flag) => Value::Flag(*flag),
        Answer::Number(number) => Value::Number(*number),
        Answer::Text(text) if fact.none.is_some() && text == NONE => Value::None,
        Answer::Text(text) => Value::Text(text),
        Answer::List(list) => Value::List(list),
    }
}

fn derive<'c>(derived: &Derived, facts: &Facts<'c>, as_of: Date) -> Option<Value<'c>> {
    match facts.named(derived.of())? {
        Value::Text(text) => {
            let since = crate::date::parse(text)?;
            let full = match derived {
                Derived::YearsSince(_) => years_since(since, as_of),
                Derived::MonthsSince(_) => months_since(since, as_of),
            };
            Some(Value::Number(full))
        }
        Value::None => Some(Value::None),
        _ => None,
    }
}

/// Full years from `since` to `day`; negative before it. Of 29 February, a year is
/// full on 1 March where there is no such day.
pub(crate) fn years_since(since: Date, day: Date) -> i64 {
    let years = i64::from(day.year()) - i64::from(since.year());
    let reached = (day.month(), day.day()) >= (since.month(), since.day());
    years - i64::from(!reached)
}

/// Full months from `since` to `day`; negative before it. A month is full on the
/// same day of the month, or on its last day.
pub(crate) fn months_since(since: Date, day: Date) -> i64 {
    let months = (i64::from(day.year()) - i64::from(since.year())) * 12 + i64::from(day.month())
        - i64::from(since.month());
    let reached = day.day() >= since.day() || day.day() == day.days_in_month();
    months - i64::from(!reached)
}

/// Whether a comparison holds of a value.
pub(crate) fn holds(test: &Test, value: Value<'_>) -> bool {
    match (test, value) {
        (Test::Flag(wanted), Value::Flag(flag)) => *wanted == flag,
        (Test::OneOf(keys), Value::Text(text)) => keys.iter().any(|key| key == text),
        (Test::OneOf(keys), Value::None) => keys.iter().any(|key| key == NONE),
        (Test::AnyOf(keys), Value::List(list)) => keys.iter().any(|key| list.contains(key)),
        (Test::Range(least, most), Value::Number(number)) => {
            least.is_none_or(|least| least <= number) && most.is_none_or(|most| number <= most)
        }
        (Test::Within(code), Value::Text(text)) => Place::of(code).above(Place::of(text)).is_some(),
        _ => false,
    }
}

/// Answers to the questions of a plan, each asked once, and readings chosen.
pub(crate) struct Evaluation<'e> {
    pub(crate) rights: &'e Rights,
    pub(crate) person: &'e Person<'e>,
    pub(crate) choices: &'e [usize],
    /// Each with the grade of what it rests on; none where the plan does not ask.
    answers: Vec<Option<(Truth, Grade)>>,
}

impl<'e> Evaluation<'e> {
    pub(crate) fn new(
        rights: &'e Rights,
        person: &'e Person<'e>,
        choices: &'e [usize],
        asked: &[usize],
    ) -> Self {
        let count = rights.questions.len();
        let mut evaluation = Self {
            rights,
            person,
            choices,
            answers: vec![None; count],
        };
        for question in asked {
            let answer = evaluation.ask(*question);
            if let Some(place) = evaluation.answers.get_mut(*question) {
                *place = Some(answer);
            }
        }
        evaluation
    }

    #[inline(never)]
    fn ask(&self, question: usize) -> (Truth, Grade) {
        let asked = self.rights.questions.get(question);
        asked.map_or((Truth::Unknown, Grade::A), |asked| {
            let truth = self.person.ask(asked, self.rights);
            (truth, self.person.grade(asked))
        })
    }

    #[inline]
    pub(crate) fn answer(&self, question: usize) -> Truth {
        self.graded(question).0
    }

    /// The answer to a question, and the grade of what it rests on.
    #[inline]
    pub(crate) fn graded(&self, question: usize) -> (Truth, Grade) {
        match self.answers.get(question) {
            Some(Some(known)) => *known,
            _ => self.ask(question),
        }
    }

    /// What was found where a question asks.
    pub(crate) fn found(&self, question: usize) -> Option<Found> {
        let asked = self.rights.questions.get(question)?;
        self.person.found(asked, self.rights)
    }

    pub(crate) fn truth(&self, node: &Node) -> Truth {
        truth(node, self.person.as_of, self.choices, &|question| {
            self.answer(question)
        })
    }
}

/// The truth of a condition, by the answers to its questions.
pub(crate) fn truth(
    node: &Node,
    as_of: Date,
    choices: &[usize],
    answer: &dyn Fn(usize) -> Truth,
) -> Truth {
    match node {
        Node::All(parts) => Truth::all(parts, |part| truth(part, as_of, choices, answer)),
        Node::Any(parts) => Truth::any(parts, |part| truth(part, as_of, choices, answer)),
        Node::Not(part) => !truth(part, as_of, choices, answer),
        Node::Leaf { question, .. } => answer(*question),
        Node::Defined { .. } | Node::Reading { .. } => match step(node, as_of, choices) {
            Some(inner) => truth(inner, as_of, choices, answer),
            None => Truth::Unknown,
        },
    }
}

/// What a definition or reading stands for on the day.
pub(crate) fn step<'n>(node: &'n Node, as_of: Date, choices: &[usize]) -> Option<&'n Node> {
    match node {
        Node::Defined { versions, .. } => versions
            .iter()
            .find(|version| version.life.holds(as_of, choices))
            .map(|version| &version.node),
        Node::Reading {
            reading,
            choices: nodes,
        } => nodes.get(choices.get(*reading).copied().unwrap_or(0)),
        _ => None,
    }
}

/// What a question asks, as results name it.
pub(crate) fn asked(question: &Question, programmes: &[Programme]) -> String {
    let id = |programme: usize| {
        let found = programmes.get(programme);
        found.map_or("", |programme| programme.id.as_str())
    };
    match question {
        Question::Fact { fact, .. } => format!("fact:{fact}"),
        Question::Level { instrument, .. } => format!("level:{instrument}"),
        Question::Diagnosis { instrument, .. } => format!("diagnosis:{instrument}"),
        Question::Local { programme, .. } => format!("local:{}", id(*programme)),
        Question::Receives { programme, .. } => format!("receives:{}", id(*programme)),
    }
}

/// What to ask for, where the answer to a question is not known.
pub(crate) fn missing(
    question: &Question,
    programmes: &[Programme],
    vocabulary: &Vocabulary,
) -> String {
    match question {
        Question::Fact { fact, .. } => {
            let source = vocabulary
                .facts
                .get(fact)
                .and_then(|fact| fact.derived.as_ref())
                .map_or(fact.as_str(), Derived::of);
            format!("fact:{source}")
        }
        Question::Level { instrument, .. } | Question::Diagnosis { instrument, .. } => {
            format!("assessment:{instrument}")
        }
        Question::Local { .. } => asked(question, programmes),
        Question::Receives { .. } => format!("fact:{RECEIVES}"),
    }
}

/// How a question compares, and with what.
pub(crate) fn wanted(question: &Question) -> (&'static str, Found) {
    let number = |number: u8| Found::Number(i64::from(number));
    match question {
        Question::Fact { test, .. } => match test {
            Test::Flag(flag) => ("is", Found::Flag(*flag)),
            Test::OneOf(keys) => match keys.as_slice() {
                [key] => ("is", Found::Text(key.into())),
                keys => ("one_of", Found::List(keys.to_vec())),
            },
            Test::AnyOf(keys) => ("any_of", Found::List(keys.clone())),
            Test::Range(Some(least), Some(most)) if least == most => ("is", Found::Number(*least)),
            Test::Range(Some(least), Some(most)) => {
                ("between", Found::Numbers(vec![*least, *most]))
            }
            Test::Range(Some(least), None) => ("at_least", Found::Number(*least)),
            Test::Range(None, most) => ("at_most", Found::Number(most.unwrap_or(i64::MAX))),
            Test::Within(code) => ("within", Found::Text(code.into())),
        },
        Question::Level {
            at_least, at_most, ..
        } => match (at_least, at_most) {
            (Some(least), Some(most)) => (
                "between",
                Found::Numbers(vec![i64::from(*least), i64::from(*most)]),
            ),
            (Some(least), None) => ("at_least", number(*least)),
            (None, most) => ("at_most", number(most.unwrap_or(u8::MAX))),
        },
        Question::Diagnosis { within, .. } => ("any_of", Found::List(within.clone())),
        Question::Local { .. } | Question::Receives { .. } => ("is", Found::Flag(true)),
    }
}

/// Instruments whose assessments a rule may read.
pub(crate) fn instrument_of<'i>(
    question: &Question,
    instruments: &'i [Instrument],
) -> Option<&'i Instrument> {
    let (Question::Level { instrument, .. } | Question::Diagnosis { instrument, .. }) = question
    else {
        return None;
    };
    instruments.iter().find(|known| known.id() == instrument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn full_years() {
        let born = date(1944, 2, 29);
        for (day, age) in [
            (date(2023, 2, 28), 78),
            (date(2023, 3, 1), 79),
            (date(2024, 2, 28), 79),
            (date(2024, 2, 29), 80),
            (date(1944, 2, 29), 0),
        ] {
            assert_eq!(years_since(born, day), age, "{day}");
        }
        assert_eq!(years_since(date(1966, 7, 1), date(2026, 6, 30)), 59);
        assert_eq!(years_since(date(1966, 7, 1), date(2026, 7, 1)), 60);
    }

    #[test]
    fn full_months() {
        for (since, day, months) in [
            (date(2025, 8, 31), date(2026, 2, 27), 5),
            (date(2025, 8, 31), date(2026, 2, 28), 6),
            (date(2025, 8, 29), date(2026, 2, 28), 6),
            (date(2025, 12, 15), date(2026, 6, 14), 5),
            (date(2025, 12, 15), date(2026, 6, 15), 6),
            (date(2026, 6, 15), date(2026, 6, 15), 0),
            (date(2026, 7, 1), date(2026, 6, 15), -1),
        ] {
            assert_eq!(months_since(since, day), months, "{since} to {day}");
        }
    }
}
