//! Layers against those above them: neither who is covered nor what is given may fall
//! below. In a list that is a breach; elsewhere it is said as a warning.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::definition::{BenefitRule, Force, Per, Source};
use super::person::truth;
use super::program::{Layer, Node, Rights, Who, chain};
use super::samples::{Sampler, Variable};
use crate::condition::Truth;
use crate::instrument::Instrument;
use crate::rulebook::Vocabulary;

/// What was proved of a place's text of a programme against one above it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LayerProof {
    /// Id of the programme.
    pub programme: String,
    /// Division code of the place.
    pub jurisdiction: String,
    /// Division code of the place above.
    pub above: String,
    /// The day on which the two were compared.
    pub day: Date,
    /// The result.
    pub verdict: Verdict,
    /// For whom the text falls below: what is true of such a person. Empty where it
    /// does not.
    pub person: BTreeMap<String, String>,
    /// In words, where it falls below.
    pub message: String,
}

/// The result of comparing two layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It covers everyone whom the one above covers, and gives no less.
    Holds,
    /// It only explores or encourages, and claims nothing.
    Discretion,
    /// Each place runs its own scheme: it is not measured by the one above.
    OwnScheme,
    /// The text is narrower. A person keeps what the one above gives: a warning.
    NarrowerText,
    /// A list falls below what stands above it: that may not be.
    Breach,
}

impl Verdict {
    /// The key, as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Discretion => "discretion",
            Self::OwnScheme => "own_scheme",
            Self::NarrowerText => "narrower_text",
            Self::Breach => "breach",
        }
    }
}

/// Compares every place's text of every programme with each one above it, on every day
/// on which something of them changed.
pub(crate) fn prove(
    rights: &Rights,
    vocabulary: &Vocabulary,
    instruments: &[Instrument],
) -> Vec<LayerProof> {
    let prover = Prover {
        rights,
        vocabulary,
        instruments,
        choices: rights.defaults(),
    };
    let mut places: Vec<&str> = rights
        .files
        .iter()
        .map(|file| file.jurisdiction.as_str())
        .collect();
    places.sort_unstable();
    places.dedup();
    let mut out = Vec::new();
    for place in &places {
        for above in chain(place).skip(1) {
            if !places.contains(&above.as_str()) {
                continue;
            }
            for programme in 0..rights.programmes.len() {
                prover.pair(programme, place, &above, &mut out);
            }
        }
    }
    out
}

struct Prover<'p> {
    rights: &'p Rights,
    vocabulary: &'p Vocabulary,
    instruments: &'p [Instrument],
    choices: Vec<usize>,
}

impl<'p> Prover<'p> {
    fn sampler(&self) -> Sampler<'p> {
        Sampler {
            rights: self.rights,
            vocabulary: self.vocabulary,
            instruments: self.instruments,
        }
    }

    fn layers(&self, programme: usize, place: &str, day: Option<Date>) -> Vec<&'p Layer> {
        self.rights
            .layers
            .iter()
            .filter(|layer| layer.programme == programme)
            .filter(|layer| {
                let file = self.rights.file(layer.file);
                file.is_some_and(|file| file.jurisdiction == place)
            })
            .filter(|layer| day.is_none_or(|day| layer.life.holds(day, &self.choices)))
            .collect()
    }

    fn is_list(&self, layer: &Layer) -> bool {
        let file = self.rights.file(layer.file);
        file.is_some_and(|file| file.source == Source::List)
    }

    fn gives(&self, layer: &Layer) -> bool {
        self.rights.force(layer) == Force::Right
    }

    /// Whether the place has a list on the day.
    fn has_list(&self, place: &str, day: Date) -> bool {
        self.rights.files.iter().any(|file| {
            file.source == Source::List && file.jurisdiction == place && file.in_force.holds(day)
        })
    }

    fn pair(&self, programme: usize, place: &str, above: &str, out: &mut Vec<LayerProof>) {
        let upper = self.layers(programme, above, None);
        if upper.is_empty() {
            return;
        }
        let mut days: Vec<Date> = Vec::new();
        for layer in self.layers(programme, place, None).into_iter().chain(upper) {
            days.push(layer.life.from);
            days.extend(layer.life.to);
        }
        let lists = self.rights.files.iter().filter(|file| {
            file.source == Source::List
                && (file.jurisdiction == place || file.jurisdiction == above)
        });
        days.extend(lists.map(|file| file.in_force.from));
        days.sort_unstable();
        days.dedup();
        let mut last: Option<(Verdict, BTreeMap<String, String>, String)> = None;
        for day in days {
            let found = self.on(programme, place, above, day);
            // A change of dates alone is not said again.
            if found == last {
                continue;
            }
            if let Some((verdict, person, message)) = &found {
                out.push(LayerProof {
                    programme: self.rights.programme_id(programme).into(),
                    jurisdiction: place.to_owned(),
                    above: above.to_owned(),
                    day,
                    verdict: *verdict,
                    person: person.clone(),
                    message: message.clone(),
                });
            }
            last = found;
        }
    }

    fn on(
        &self,
        programme: usize,
        place: &str,
        above: &str,
        day: Date,
    ) -> Option<(Verdict, BTreeMap<String, String>, String)> {
        let mut upper = self.layers(programme, above, Some(day));
        let all = self.layers(programme, place, Some(day));
        let listed: Vec<&Layer> = all
            .iter()
            .copied()
            .filter(|layer| self.is_list(layer))
            .collect();
        let list = self.has_list(place, day);
        if list && listed.is_empty() && upper.iter().any(|layer| self.is_list(layer)) {
            let message = format!("the list of {place} lacks an item of the list of {above}");
            return Some((Verdict::Breach, BTreeMap::new(), message));
        }
        let (lower, falls) = if listed.is_empty() {
            (all, Verdict::NarrowerText)
        } else {
            (listed, Verdict::Breach)
        };
        upper.retain(|layer| self.gives(layer));
        if lower.is_empty() || upper.is_empty() {
            return None;
        }
        let scheme = self
            .rights
            .programmes
            .get(programme)
            .is_some_and(|programme| programme.scheme);
        if scheme {
            return Some((Verdict::OwnScheme, BTreeMap::new(), String::new()));
        }
        let giving: Vec<&Layer> = lower
            .iter()
            .copied()
            .filter(|layer| self.gives(layer))
            .collect();
        if giving.is_empty() && falls == Verdict::NarrowerText {
            return Some((Verdict::Discretion, BTreeMap::new(), String::new()));
        }
        let upper_nodes = nodes(&upper);
        let lower_nodes = nodes(&giving);
        let mut search = Search::new(self, day, &upper_nodes, &lower_nodes);
        if let Some(person) = search.find() {
            let message = format!("{above} covers this person, the text of {place} does not");
            return Some((falls, person, message));
        }
        for upper in &upper {
            if let Some((person, message)) = self.less(&giving, upper, day) {
                return Some((falls, person, message));
            }
        }
        Some((Verdict::Holds, BTreeMap::new(), String::new()))
    }

    /// Whether, of a benefit of the same kind, the lower text gives somebody less than a
    /// stated amount above it, and whom. A text that states nothing takes nothing away.
    fn less(
        &self,
        lower: &[&Layer],
        upper: &Layer,
        day: Date,
    ) -> Option<(BTreeMap<String, String>, String)> {
        let benefit = |layer: &Layer| self.rights.definition(layer).map(|found| &found.benefit);
        let above = benefit(upper)?;
        let same: Vec<&Layer> = lower
            .iter()
            .copied()
            .filter(|layer| benefit(layer).is_some_and(|below| kind(below) == kind(above)))
            .collect();
        // Where nothing depends on the person, one look is enough.
        let fixed = |layer: &Layer| {
            let rule = benefit(layer).filter(|_| layer.benefits.rows.is_empty())?;
            worth(rule, &Row(None))
        };
        let least = same.iter().map(|layer| fixed(layer)).min().flatten();
        if same.is_empty()
            || least
                .zip(fixed(upper))
                .is_some_and(|(low, high)| high <= low)
        {
            return None;
        }
        let one = [upper];
        let mut nodes = self::nodes(&same);
        nodes.extend(self::nodes(&one));
        let rows = same
            .iter()
            .chain(&one)
            .flat_map(|layer| &layer.benefits.rows);
        nodes.extend(rows.flatten());
        let covers = |layer: &Layer, answer: &dyn Fn(usize) -> Truth| match &layer.who {
            Who::Condition(node) => truth(node, day, &self.choices, answer),
            Who::Parts(_) => Truth::Unknown,
        };
        let amount = |layer: &Layer, answer: &dyn Fn(usize) -> Truth| {
            Some(worth(benefit(layer)?, &self.row(layer, day, answer)?))
        };
        let mut search = Search::new(self, day, &nodes, &[]);
        search.find_by(&mut |answer| {
            let high = match (covers(upper, answer), amount(upper, answer)) {
                (Truth::False, _) | (_, Some(None)) => return Look::Away,
                (Truth::True, Some(Some(high))) => high,
                _ => return Look::Closer,
            };
            let mut low: Option<i64> = None;
            for layer in &same {
                match (covers(layer, answer), amount(layer, answer)) {
                    (Truth::False, _) => {}
                    // What gives as much, or says nothing, settles it.
                    (Truth::True, Some(None)) => return Look::Away,
                    (Truth::True, Some(Some(given))) if high <= given => return Look::Away,
                    (Truth::True, Some(Some(given))) => low = low.max(Some(given)),
                    _ => return Look::Closer,
                }
            }
            match low {
                Some(low) => Look::Found(format!(
                    "the text gives {low} where the one above gives {high}"
                )),
                None => Look::Away,
            }
        })
    }

    /// The row of a benefit that applies; none while that is open.
    fn row(&self, layer: &Layer, day: Date, answer: &dyn Fn(usize) -> Truth) -> Option<Row> {
        for (i, node) in layer.benefits.rows.iter().enumerate() {
            let holds = node
                .as_ref()
                .map_or(Truth::True, |node| truth(node, day, &self.choices, answer));
            match holds {
                Truth::True => return Some(Row(Some(i))),
                Truth::Unknown => return None,
                Truth::False => {}
            }
        }
        Some(Row(None))
    }
}

/// The position of the row that applies, or that none does.
struct Row(Option<usize>);

fn kind(rule: &BenefitRule) -> (u8, &str, Option<Per>) {
    match rule {
        BenefitRule::Cash(rule) => (0, rule.form.as_deref().unwrap_or(""), Some(rule.per)),
        BenefitRule::Service(rule) => (1, &rule.service, None),
        BenefitRule::Works(rule) => (2, &rule.works, None),
        BenefitRule::FeeWaiver(rule) => (3, &rule.of, rule.per),
        BenefitRule::Priority(rule) => (4, &rule.within, None),
        BenefitRule::CostShare(_) => (5, "", None),
    }
}

/// What a row of a benefit is worth among those of its kind; none if it is not stated.
fn worth(rule: &BenefitRule, row: &Row) -> Option<i64> {
    match rule {
        BenefitRule::Cash(rule) => match row.0 {
            Some(i) => rule.rows.get(i)?.fen.0,
            None => rule.fen.0,
        },
        BenefitRule::Service(rule) => {
            Some(i64::from(rule.times?) * i64::from(rule.per?.in_a_year()?))
        }
        BenefitRule::Works(rule) => rule.fen.0,
        BenefitRule::FeeWaiver(rule) => rule.per_mille?.0.map(i64::from).or(rule.fen),
        BenefitRule::Priority(rule) => match row.0 {
            Some(i) => Some(-i64::from(rule.rows.get(i)?.tier)),
            None => rule.tier.map(|tier| -i64::from(tier)),
        },
        BenefitRule::CostShare(rule) => rule.rows.get(row.0?)?.per_mille.0.map(i64::from),
    }
}

fn nodes<'l>(layers: &[&'l Layer]) -> Vec<&'l Node> {
    layers
        .iter()
        .filter_map(|layer| match &layer.who {
            Who::Condition(node) => Some(node),
            Who::Parts(_) => None,
        })
        .collect()
}

/// Looks at what is known so far of a person.
type Wrong<'w> = dyn FnMut(&dyn Fn(usize) -> Truth) -> Look + 'w;

/// What is to be done with a person of whom so much is known.
enum Look {
    /// Something is wrong.
    Found(String),
    /// Nothing can be, whatever else is true of the person.
    Away,
    /// More must be known.
    Closer,
}

/// A search through every complete person, cut short where the answer is clear.
struct Search<'s> {
    prover: &'s Prover<'s>,
    day: Date,
    upper: &'s [&'s Node],
    lower: &'s [&'s Node],
    variables: Vec<Variable>,
    answers: Vec<Truth>,
    chosen: Vec<usize>,
}

impl<'s> Search<'s> {
    fn new(
        prover: &'s Prover<'s>,
        day: Date,
        upper: &'s [&'s Node],
        lower: &'s [&'s Node],
    ) -> Self {
        let mut questions = Vec::new();
        for node in upper.iter().chain(lower) {
            prover.questions(node, day, &mut questions);
        }
        questions.sort_unstable();
        questions.dedup();
        Self {
            prover,
            day,
            upper,
            lower,
            variables: prover.sampler().variables(&questions),
            answers: vec![Truth::Unknown; prover.rights.questions.len()],
            chosen: Vec::new(),
        }
    }

    fn any(&self, nodes: &[&Node]) -> Truth {
        let answer = |question: usize| {
            let known = self.answers.get(question);
            known.copied().unwrap_or(Truth::Unknown)
        };
        nodes
            .iter()
            .map(|node| truth(node, self.day, &self.prover.choices, &answer))
            .fold(Truth::False, Truth::or)
    }

    /// A person whom the upper text covers and the lower one does not.
    fn find(&mut self) -> Option<BTreeMap<String, String>> {
        match (self.any(self.upper), self.any(self.lower)) {
            (Truth::False, _) | (_, Truth::True) => return None,
            (Truth::True, Truth::False) => return Some(self.person()),
            _ => {}
        }
        let depth = self.chosen.len();
        let count = self.variables.get(depth)?.values.len();
        for value in 0..count {
            self.choose(depth, value);
            if let Some(person) = self.find() {
                return Some(person);
            }
            self.undo(depth, value);
        }
        None
    }

    /// A person of whom `wrong` says something.
    fn find_by(&mut self, wrong: &mut Wrong<'_>) -> Option<(BTreeMap<String, String>, String)> {
        let answers = self.answers.clone();
        let answer = move |question: usize| {
            let known = answers.get(question);
            known.copied().unwrap_or(Truth::Unknown)
        };
        match wrong(&answer) {
            Look::Found(message) => return Some((self.person(), message)),
            Look::Away => return None,
            Look::Closer => {}
        }
        let depth = self.chosen.len();
        let count = self.variables.get(depth)?.values.len();
        for value in 0..count {
            self.choose(depth, value);
            if let Some(found) = self.find_by(wrong) {
                return Some(found);
            }
            self.undo(depth, value);
        }
        None
    }

    fn choose(&mut self, depth: usize, value: usize) {
        self.chosen.push(value);
        self.answer_all(depth, value, false);
    }

    fn undo(&mut self, depth: usize, value: usize) {
        self.chosen.pop();
        self.answer_all(depth, value, true);
    }

    fn answer_all(&mut self, depth: usize, value: usize, forget: bool) {
        let found = self
            .variables
            .get(depth)
            .and_then(|variable| variable.values.get(value));
        for (question, truth) in found.iter().flat_map(|possible| &possible.answers) {
            if let Some(place) = self.answers.get_mut(*question) {
                *place = if forget { Truth::Unknown } else { *truth };
            }
        }
    }

    fn person(&self) -> BTreeMap<String, String> {
        self.variables
            .iter()
            .zip(&self.chosen)
            .filter_map(|(variable, value)| {
                let possible = variable.values.get(*value)?;
                Some((variable.name.clone(), possible.said()))
            })
            .collect()
    }
}

impl Prover<'_> {
    fn questions(&self, node: &Node, day: Date, into: &mut Vec<usize>) {
        match node {
            Node::All(parts) | Node::Any(parts) => {
                for part in parts {
                    self.questions(part, day, into);
                }
            }
            Node::Not(part) => self.questions(part, day, into),
            Node::Leaf { question, .. } => into.push(*question),
            Node::Defined { .. } | Node::Reading { .. } => {
                if let Some(inner) = super::person::step(node, day, &self.choices) {
                    self.questions(inner, day, into);
                }
            }
        }
    }
}
