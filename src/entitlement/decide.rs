//! The status of each programme: layers asked, joined, and barred.

use std::sync::Arc;

use super::benefit::{self, Winner};
use super::definition::{Access, Force};
use super::person::Evaluation;
use super::plan::{Barring, Meanings, Plan, Planned, Read, Said, View, named};
use super::program::{Link, Way};
use crate::case::Case;
use crate::condition::Truth;
use crate::determination::{
    Because, Benefit, Entitlement, LayerStatus, Leaf, Question, RightAlternative, Status,
};
use crate::rulebook::Grade;
use crate::text::Text;

/// Where and for whom it is decided.
pub(crate) struct Decider<'d> {
    pub(crate) evaluation: Evaluation<'d>,
    pub(crate) plan: &'d Plan,
    pub(crate) place: Way,
    pub(crate) case: &'d Case,
    /// What each word of the plan comes to.
    weights: Vec<(Truth, Grade)>,
}

/// A layer and its own status.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'d> {
    pub(crate) view: &'d View,
    pub(crate) status: Status,
    /// The worst grade of what makes it so.
    support: Grade,
}

/// What a programme comes to.
pub(crate) struct Decided<'d> {
    pub(crate) planned: &'d Planned,
    pub(crate) status: Status,
    /// Nearest place first; the deciding one stands at `deciding`.
    pub(crate) standings: &'d [Standing<'d>],
    pub(crate) deciding: usize,
    /// The bar that applies.
    bar: Option<&'d Barring>,
    /// Bars that are open and matter.
    open: Vec<&'d Barring>,
    /// Where several layers entitle: those that give the best of a kind.
    pub(crate) winners: Vec<Winner<'d>>,
}

impl<'d> Decided<'d> {
    /// How many layers entitle: of one alone there is nothing to compare.
    fn entitling(&self) -> usize {
        let standings = self.standings.iter();
        standings
            .filter(|standing| standing.status == Status::Entitled)
            .count()
    }

    pub(crate) fn view(&self) -> Option<&'d View> {
        self.standings
            .get(self.deciding)
            .map(|standing| standing.view)
    }
}

/// The status of a layer by the truth of its condition.
fn status_of(view: &View, truth: Truth) -> Status {
    match (truth, view.force) {
        (Truth::True, Force::Right) => Status::Entitled,
        (Truth::True, Force::Discretion) => Status::Discretionary,
        (Truth::Unknown, _) => Status::Undetermined,
        (Truth::False, _) => Status::NotEntitled,
    }
}

/// The status of one layer by its own text, by the answers given.
fn own_status(view: &View, words: Meanings<'_>, answer: &impl Fn(usize) -> Truth) -> Status {
    status_of(
        view,
        Truth::all(&view.who, |part| part.truth(words, answer)),
    )
}

/// What layers and bars come to.
struct Outcome<'p> {
    /// Of the layers alone.
    joined: Status,
    status: Status,
    /// The bar that is met.
    bar: Option<&'p Barring>,
    /// Those that are open, where that matters.
    open: Vec<&'p Barring>,
}

/// Joins the statuses of the layers of a programme, and asks what bars it.
fn outcome<'p, 'v>(
    planned: &'p Planned,
    statuses: impl Iterator<Item = (&'v View, Status)>,
    truth: impl Fn(&Barring) -> Truth,
) -> Outcome<'p> {
    let joined = join(statuses).unwrap_or(Status::NotEntitled);
    let mut outcome = Outcome {
        joined,
        status: joined,
        bar: None,
        open: Vec::new(),
    };
    if joined == Status::NotEntitled {
        return outcome;
    }
    for bar in &planned.bars {
        match truth(bar) {
            Truth::True => {
                outcome.status = Status::Excluded;
                outcome.bar = Some(bar);
                outcome.open.clear();
                return outcome;
            }
            Truth::Unknown => outcome.open.push(bar),
            Truth::False => {}
        }
    }
    // What may yet be barred is open, be it a right or not.
    if !outcome.open.is_empty() {
        outcome.status = Status::Undetermined;
    }
    outcome
}

/// The join of layers: entitled, else undetermined, else discretionary, else not. What
/// may at best be discretionary leaves nothing open where something is that already.
fn join<'v>(statuses: impl Iterator<Item = (&'v View, Status)>) -> Option<Status> {
    let (mut least, mut may_be_discretionary) = (None, false);
    for (view, status) in statuses {
        if status == Status::Undetermined && view.force == Force::Discretion {
            may_be_discretionary = true;
        } else {
            least = Some(least.map_or(status, |least: Status| least.min(status)));
        }
    }
    match least {
        Some(Status::Entitled | Status::Discretionary) => least,
        _ if may_be_discretionary => Some(Status::Undetermined),
        _ => least,
    }
}

impl<'d> Decider<'d> {
    pub(crate) fn new(
        evaluation: Evaluation<'d>,
        plan: &'d Plan,
        place: Way,
        case: &'d Case,
    ) -> Self {
        let mut weights: Vec<(Truth, Grade)> = Vec::with_capacity(plan.words.len());
        for (own, word) in &plan.words {
            let (truth, grade) = word.weigh(&weights, &|question| evaluation.graded(question));
            weights.push((truth, grade.max(*own)));
        }
        Self {
            evaluation,
            plan,
            place,
            case,
            weights,
        }
    }

    /// The truth of a condition, and the grade of what makes it so.
    pub(crate) fn weigh(&self, read: &Read) -> (Truth, Grade) {
        read.weigh(&self.weights, &|question| self.evaluation.graded(question))
    }

    /// Links between programmes that hold in the place on the day.
    pub(crate) fn links(&self) -> impl Iterator<Item = &'d Link> + use<'d, '_> {
        let choices = self.evaluation.choices;
        self.evaluation.rights.links.iter().filter(move |link| {
            self.place.passes(link.place) && link.life.holds(self.case.as_of, choices)
        })
    }

    /// The words of the plan, where only what is open may be answered otherwise.
    fn words(&self) -> Meanings<'_> {
        Meanings {
            words: &self.plan.words,
            known: &self.weights,
        }
    }

    /// How a layer stands; under another reading, beside what is known.
    fn stand(&self, view: &'d View, known: &[Standing<'d>]) -> Standing<'d> {
        if let Some(alike) = view.like.and_then(|like| known.get(like)) {
            return Standing { view, ..*alike };
        }
        let (mut all, mut support) = (Truth::True, Grade::A);
        for part in &view.who {
            let (truth, grade) = self.weigh(part);
            all = all.and(truth);
            support = support.max(grade);
        }
        Standing {
            view,
            status: status_of(view, all),
            support,
        }
    }

    /// How every layer of the plan stands, programme by programme.
    pub(crate) fn standings(&self) -> Vec<Standing<'d>> {
        let views = self.plan.programmes.iter().flat_map(|one| &one.views);
        views.map(|view| self.stand(view, &[])).collect()
    }

    /// Decides every programme of the plan, by how all its layers stand.
    pub(crate) fn decide_all<'s>(&'s self, standings: &'s [Standing<'d>]) -> Vec<Decided<'s>> {
        let mut rest = standings;
        let decided = self.plan.programmes.iter().map(|planned| {
            let (own, others) = rest
                .split_at_checked(planned.views.len())
                .unwrap_or_default();
            rest = others;
            self.decide(planned, own)
        });
        decided.collect()
    }

    /// Decides one programme, by how its layers stand.
    fn decide<'s>(&'s self, planned: &'s Planned, standings: &'s [Standing<'d>]) -> Decided<'s> {
        let statuses = standings.iter();
        let statuses = statuses.map(|standing| (standing.view, standing.status));
        let outcome = outcome(planned, statuses, |bar| self.weigh(&bar.when).0);
        let joined = outcome.joined;
        let deciding = standings
            .iter()
            .position(|standing| standing.status == joined)
            .unwrap_or(0);
        let mut decided = Decided {
            planned,
            status: outcome.status,
            standings,
            deciding,
            bar: outcome.bar,
            open: outcome.open,
            winners: Vec::new(),
        };
        if joined == Status::Entitled && decided.entitling() > 1 {
            decided.winners = benefit::winners(self, &decided);
            if let Some(first) = decided.winners.first() {
                decided.deciding = first.standing;
            }
        }
        decided
    }

    /// The status that other answers to what is open would give.
    pub(super) fn status_with(
        &self,
        decided: &Decided<'_>,
        answer: &impl Fn(usize) -> Truth,
    ) -> Status {
        let statuses = decided.standings.iter().map(|standing| {
            let status = match standing.status {
                Status::Undetermined => own_status(standing.view, self.words(), answer),
                known => known,
            };
            (standing.view, status)
        });
        let truth = |bar: &Barring| bar.when.truth(self.words(), answer);
        outcome(decided.planned, statuses, truth).status
    }

    /// The programme written out, with the positions of what is to be asked for it.
    pub(crate) fn entitlement(
        &self,
        decided: &Decided<'d>,
        asks: &[usize],
        trace: bool,
    ) -> Option<Entitlement> {
        let rights = self.evaluation.rights;
        let standing = decided.standings.get(decided.deciding)?;
        let view = standing.view;
        let mut evidence = Evidence::new(view.grade.max(standing.support));
        if decided.status == Status::NotEntitled {
            // Every layer says no: the evidence of all of them counts.
            for standing in decided.standings {
                let grade = standing.view.own_grade.max(standing.support);
                evidence.grade = evidence.grade.max(grade);
            }
        }
        let barring = || decided.bar.iter().chain(&decided.open);
        for bar in barring() {
            evidence.add(&bar.said);
            evidence.grade = evidence.grade.max(bar.grade);
        }
        let because = if barring().next().is_some() {
            let leaves = barring().flat_map(|bar| &bar.said.leaves);
            self.because(&named(view.said.leaves.iter().chain(leaves)))
        } else {
            self.because(&view.because)
        };
        let (benefit, further_benefits) = benefit::resolve(self, decided);
        if benefit.is_some() {
            benefit::rests_on(self, view, &mut evidence);
        }
        Some(Entitlement {
            access: access(decided),
            alternatives: self.alternatives(decided, benefit.as_ref()),
            because,
            benefit,
            citations: evidence.citations(view),
            confidence: evidence.grade,
            excluded_by: decided.bar.map(|bar| bar.id.clone()),
            from_frame: view.from_frame.clone(),
            further_benefits,
            interpretations: {
                let mut named = Arc::clone(&view.interpretations);
                if !evidence.readings.is_empty() {
                    let choices = self.evaluation.choices;
                    let more = rights.named_choices(&evidence.readings, choices);
                    Arc::make_mut(&mut named).extend(more);
                }
                named
            },
            layer: view.jurisdiction.clone(),
            layers: trace.then(|| self.layers(decided)),
            missing: self.missing(asks),
            programme: decided.planned.id.clone(),
            rule: view.rule.clone(),
            status: decided.status,
        })
    }

    /// Leaves with what was found.
    fn because(&self, leaves: &[(usize, Arc<Leaf>)]) -> Vec<Because> {
        let evaluation = &self.evaluation;
        leaves
            .iter()
            .map(|(question, leaf)| Because {
                holds: evaluation.answer(*question).into(),
                leaf: Arc::clone(leaf),
                value: evaluation.found(*question),
            })
            .collect()
    }

    /// Questions that are open and could change the status.
    pub(super) fn open_questions(&self, decided: &Decided<'_>) -> Vec<usize> {
        let mut out = Vec::new();
        self.add_open(decided, &mut out);
        out
    }

    fn add_open(&self, decided: &Decided<'_>, out: &mut Vec<usize>) {
        if decided.status != Status::Undetermined {
            return;
        }
        let open = decided.standings.iter();
        let open = open.filter(|standing| standing.status == Status::Undetermined);
        let nodes = open.flat_map(|standing| &standing.view.who);
        for read in nodes.chain(decided.open.iter().map(|bar| &bar.when)) {
            let answer = |question| self.evaluation.answer(question);
            read.open(self.words(), &answer, out);
        }
    }

    /// The names of what is to be asked.
    fn missing(&self, asks: &[usize]) -> Vec<Text> {
        let known = &self.evaluation.rights.asks;
        let names = asks.iter().filter_map(|ask| known.get(*ask).cloned());
        let mut names: Vec<Text> = names.collect();
        // An assessment often settles most.
        names.sort_by_key(|name| !name.starts_with("assessment:"));
        names
    }

    /// Positions of what to ask for each programme where something open could change its
    /// status, each once.
    pub(crate) fn open_asks(&self, decided: &[Decided<'_>]) -> Vec<Vec<usize>> {
        let rights = self.evaluation.rights;
        let mut questions = Vec::with_capacity(rights.asks.len());
        let asks = decided.iter().map(|one| {
            questions.clear();
            self.add_open(one, &mut questions);
            let mut asks = Vec::with_capacity(questions.len());
            for ask in questions.iter().filter_map(|it| rights.missing.get(*it)) {
                if !asks.contains(ask) {
                    asks.push(*ask);
                }
            }
            asks
        });
        asks.collect()
    }

    /// Other readings that come to another status, or to the same with another benefit.
    fn alternatives(
        &self,
        decided: &Decided<'d>,
        benefit: Option<&Benefit>,
    ) -> Vec<RightAlternative> {
        let mut out = Vec::new();
        for other in &decided.planned.others {
            let known = decided.standings;
            let mut alike = other.gives_alike;
            let status = other.planned.as_ref().map(|planned| {
                let standings = planned.views.iter().enumerate().map(|(i, view)| {
                    let standing = self.stand(view, known);
                    alike &= known.get(i).map(|known| known.status) == Some(standing.status);
                    (view, standing.status)
                });
                outcome(planned, standings, |bar| self.weigh(&bar.when).0).status
            });
            let planned = other.planned.as_ref();
            let given = planned
                .filter(|_| !alike && status == Some(decided.status) && benefit.is_some())
                .and_then(|planned| {
                    let standings = planned.views.iter().map(|view| self.stand(view, known));
                    let standings: Vec<_> = standings.collect();
                    benefit::resolve(self, &self.decide(planned, &standings)).0
                })
                .filter(|given| benefit != Some(given));
            if status != Some(decided.status) || given.is_some() {
                out.push(RightAlternative {
                    benefit: given,
                    choice: other.choice.clone(),
                    interpretation: other.interpretation.clone(),
                    status,
                });
            }
        }
        out
    }

    /// The status of a layer by its own text, with one leaf changed.
    pub(crate) fn status_if(&self, rule: &str, leaf: &str, changed: Truth) -> Option<Status> {
        let mut views = self.plan.programmes.iter().flat_map(|one| &one.views);
        let view = views.find(|view| view.rule == rule)?;
        let (question, _) = view.because.iter().find(|(_, said)| said.id == leaf)?;
        // What is known of words may rest on the leaf.
        let words = Meanings {
            words: &self.plan.words,
            known: &[],
        };
        Some(own_status(view, words, &|asked| {
            if asked == *question {
                changed
            } else {
                self.evaluation.answer(asked)
            }
        }))
    }

    fn layers(&self, decided: &Decided<'d>) -> Vec<LayerStatus> {
        let written = decided.standings.iter().map(|standing| LayerStatus {
            because: self.because(&standing.view.because),
            rule: standing.view.rule.clone(),
            status: standing.status,
        });
        written.collect()
    }
}

/// How one comes to it: as the deciding layer says, else the nearest that gives it too
/// and says so. What one text gives without an application needs none.
fn access(decided: &Decided<'_>) -> Option<Access> {
    let deciding = decided.standings.get(decided.deciding)?;
    let same = || {
        let standings = decided.standings.iter();
        let same = standings.filter(|standing| standing.status == deciding.status);
        same.filter_map(|standing| standing.view.access)
    };
    if same().any(|access| access == Access::Automatic) {
        return Some(Access::Automatic);
    }
    deciding.view.access.or_else(|| same().next())
}

/// What a result rests on.
#[derive(Debug)]
pub(crate) struct Evidence<'d> {
    pub(crate) grade: Grade,
    /// Beside those of the view.
    citations: Vec<&'d Text>,
    pub(crate) readings: Vec<usize>,
}

impl<'d> Evidence<'d> {
    fn new(grade: Grade) -> Self {
        Self {
            grade,
            citations: Vec::new(),
            readings: Vec::new(),
        }
    }

    /// Adds what a further condition cites and rests on.
    pub(crate) fn add(&mut self, said: &'d Said) {
        self.citations.extend(&said.citations);
        self.readings.extend(&said.readings);
    }

    /// The citations of a view and those beside them, each once.
    fn citations(&self, view: &View) -> Arc<[Text]> {
        let mut more: Vec<&Text> = Vec::new();
        for citation in &self.citations {
            if !view.citations.contains(citation) && !more.contains(citation) {
                more.push(citation);
            }
        }
        if more.is_empty() {
            return Arc::clone(&view.citations);
        }
        view.citations.iter().chain(more).cloned().collect()
    }
}

/// What to ask first: for each thing that is missing, the undetermined programmes that
/// it matters to, and those that some answer to it would settle alone.
pub(crate) fn questions(
    decider: &Decider<'_>,
    decided: &[Decided<'_>],
    open: &[Vec<usize>],
) -> Vec<Question> {
    let rights = decider.evaluation.rights;
    let mut asks: Vec<usize> = open.iter().flatten().copied().collect();
    asks.sort_unstable();
    let each = asks.chunk_by(|one, next| one == next);
    let mut out: Vec<Question> = each
        .filter_map(|same| {
            Some(Question {
                ask: rights.asks.get(*same.first()?)?.clone(),
                concerns: Vec::with_capacity(same.len()),
                settles: Vec::new(),
            })
        })
        .collect();
    asks.dedup();
    for (decided, open) in decided.iter().zip(open) {
        for position in open {
            let question = asks.binary_search(position);
            let Some(question) = question.ok().and_then(|i| out.get_mut(i)) else {
                continue;
            };
            let programme = &decided.planned.id;
            question.concerns.push(programme.clone());
            let settled = [Truth::False, Truth::True].into_iter().any(|truth| {
                let status = decider.status_with(decided, &|question| {
                    let known = decider.evaluation.answer(question);
                    if known == Truth::Unknown && rights.missing.get(question) == Some(position) {
                        truth
                    } else {
                        known
                    }
                });
                status != Status::Undetermined
            });
            if settled {
                question.settles.push(programme.clone());
            }
        }
    }
    out.sort_by_key(|question| {
        (
            usize::MAX - question.settles.len(),
            usize::MAX - question.concerns.len(),
        )
    });
    out
}
