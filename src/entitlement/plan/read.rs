//! Conditions as they read on the day, and what they come to.

use crate::condition::Truth;
use crate::rulebook::Grade;

/// A condition as it reads on the day: definitions and readings are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Read {
    All(Vec<Read>),
    Any(Vec<Read>),
    Not(Box<Read>),
    Leaf(usize),
    /// A definition or reading, among the words of the plan.
    Word(usize),
    /// A word that means nothing on the day.
    Open,
}

/// The words of a plan, and what each came to.
#[derive(Clone, Copy)]
pub(crate) struct Meanings<'w> {
    pub(crate) words: &'w [(Grade, Read)],
    /// Nothing, where answers other than those to what is open may differ from them.
    pub(crate) known: &'w [(Truth, Grade)],
}

impl<'w> Meanings<'w> {
    /// What a word came to, if that is settled; else what it reads.
    fn get(self, word: usize) -> Result<Truth, &'w Read> {
        match self.known.get(word) {
            Some((truth, _)) if *truth != Truth::Unknown => Ok(*truth),
            _ => match self.words.get(word) {
                Some((_, read)) => Err(read),
                None => Ok(Truth::Unknown),
            },
        }
    }
}

impl Read {
    /// The truth of the condition, by the answers to its questions.
    pub(crate) fn truth(&self, words: Meanings<'_>, answer: &impl Fn(usize) -> Truth) -> Truth {
        match self {
            Self::All(parts) => Truth::all(parts, |part| part.truth(words, answer)),
            Self::Any(parts) => Truth::any(parts, |part| part.truth(words, answer)),
            Self::Not(part) => !part.truth(words, answer),
            Self::Leaf(question) => answer(*question),
            Self::Word(word) => match words.get(*word) {
                Ok(truth) => truth,
                Err(inner) => inner.truth(words, answer),
            },
            Self::Open => Truth::Unknown,
        }
    }

    /// The truth of the condition, and the worst grade of what makes it so: of parts any
    /// one of which is enough, the best counts. Words come weighed.
    pub(crate) fn weigh(
        &self,
        weights: &[(Truth, Grade)],
        answer: &impl Fn(usize) -> (Truth, Grade),
    ) -> (Truth, Grade) {
        let of_word = |word: usize| {
            let known = weights.get(word).copied();
            known.unwrap_or((Truth::Unknown, Grade::A))
        };
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let all = matches!(self, Self::All(_));
                let enough = if all { Truth::False } else { Truth::True };
                let (mut truth, mut worst, mut best) = (!enough, Grade::A, Grade::C);
                for part in parts {
                    let (of_part, grade) = match part {
                        Self::Leaf(question) => answer(*question),
                        Self::Word(word) => of_word(*word),
                        other => other.weigh(weights, answer),
                    };
                    truth = if all {
                        truth.and(of_part)
                    } else {
                        truth.or(of_part)
                    };
                    worst = worst.max(grade);
                    if of_part == enough {
                        best = best.min(grade);
                    }
                }
                (truth, if truth == enough { best } else { worst })
            }
            Self::Not(part) => {
                let (truth, grade) = part.weigh(weights, answer);
                (!truth, grade)
            }
            Self::Leaf(question) => answer(*question),
            Self::Word(word) => of_word(*word),
            Self::Open => (Truth::Unknown, Grade::A),
        }
    }

    /// Adds the questions that are open and whose answer the condition waits for, each
    /// once; gives its truth.
    pub(crate) fn open(
        &self,
        words: Meanings<'_>,
        answer: &impl Fn(usize) -> Truth,
        into: &mut Vec<usize>,
    ) -> Truth {
        let before = into.len();
        let truth = match self {
            Self::All(parts) => parts.iter().fold(Truth::True, |all, part| {
                all.and(part.open(words, answer, into))
            }),
            Self::Any(parts) => parts.iter().fold(Truth::False, |any, part| {
                any.or(part.open(words, answer, into))
            }),
            Self::Not(part) => !part.open(words, answer, into),
            Self::Word(word) => match words.get(*word) {
                Ok(truth) => truth,
                Err(inner) => inner.open(words, answer, into),
            },
            Self::Leaf(question) => {
                let truth = answer(*question);
                if truth == Truth::Unknown && !into.contains(question) {
                    into.push(*question);
                }
                truth
            }
            Self::Open => Truth::Unknown,
        };
        // Nothing within what is settled is waited for.
        if truth != Truth::Unknown {
            into.truncate(before);
        }
        truth
    }
}
